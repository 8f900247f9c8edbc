//! The id that a request has in every log and on every hop.

use std::cell::RefCell;

use bytes::{Bytes, BytesMut};
use http::header::Entry;
use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::fmt::Hyphenated;

/// Longest id that is taken from a client.
const LONGEST: usize = 128;

/// Settles a request's id: the client's, if it sent one of 1 to 128 visible ASCII characters, or else
/// a new one, which is put in the headers.
pub(crate) fn settle(headers: &mut HeaderMap, name: &HeaderName) -> HeaderValue {
    match headers.try_entry(name) {
        Ok(Entry::Occupied(mut sent)) => {
            let id = if is_good(sent.get()) {
                sent.get().clone()
            } else {
                make()
            };
            sent.insert(id.clone());
            id
        }
        Ok(Entry::Vacant(none)) => {
            let id = make();
            // Fails only where there are more headers than a map can hold.
            let _ = none.try_insert(id.clone());
            id
        }
        Err(_) => make(),
    }
}

fn is_good(sent: &HeaderValue) -> bool {
    (1..=LONGEST).contains(&sent.len()) && sent.as_bytes().iter().all(u8::is_ascii_graphic)
}

/// Ids made at once: they share a piece of memory, so that none needs one of its own.
const BATCH: usize = 32;

thread_local! {
    static MADE: RefCell<Bytes> = const { RefCell::new(Bytes::new()) };
}

/// A random UUID (version 4, RFC 9562). It names a request; it is no secret.
pub(crate) fn make() -> HeaderValue {
    let id = MADE.with_borrow_mut(|made| {
        if made.is_empty() {
            *made = batch();
        }
        made.split_to(Hyphenated::LENGTH)
    });
    HeaderValue::from_maybe_shared(id).unwrap_or_else(|_| HeaderValue::from_static("-"))
}

fn batch() -> Bytes {
    let mut batch = BytesMut::with_capacity(BATCH * Hyphenated::LENGTH);
    let mut text = [0; Hyphenated::LENGTH];
    for _ in 0..BATCH {
        let id = uuid::Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid();
        batch.extend_from_slice(id.hyphenated().encode_lower(&mut text).as_bytes());
    }
    batch.freeze()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue};

    const NAME: HeaderName = HeaderName::from_static("x-request-id");

    fn settle(sent: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for sent in sent {
            headers.append(NAME, HeaderValue::from_str(sent).unwrap());
        }
        let id = super::settle(&mut headers, &NAME);
        assert_eq!(headers.get_all(NAME).iter().collect::<Vec<_>>(), [&id]);
        id.to_str().unwrap().to_owned()
    }

    #[test]
    fn a_good_id_is_kept_and_a_bad_one_replaced() {
        assert_eq!(settle(&["abc-1"]), "abc-1");
        assert_eq!(settle(&["abc", "def"]), "abc");
        for bad in ["", "a b", "\u{e9}", &"a".repeat(129)] {
            assert_eq!(settle(&[bad]).len(), 36);
        }
    }

    #[test]
    fn a_new_id_is_a_random_uuid() {
        let id = settle(&[]);
        assert_eq!(id.as_bytes()[14], b'4', "{id}");
        assert!(b"89ab".contains(&id.as_bytes()[19]), "{id}");
        assert_eq!(id.matches('-').count(), 4, "{id}");
        assert_ne!(id, settle(&[]));
    }
}
