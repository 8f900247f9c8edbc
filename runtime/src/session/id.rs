//! Ids of sessions: 256 random bits, Base64 for URLs in the cookie, and their SHA-256 in the store.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use gated_engine::request::cookies;
use http::HeaderMap;
use sha2::{Digest, Sha256};

/// What a client knows of its session. Whoever knows it has the session, so it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Id([u8; 32]);

impl std::fmt::Debug for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Id(..)")
    }
}

impl Id {
    /// A new one; `None`: the system gives no random bits.
    pub(crate) fn make() -> Option<Self> {
        let mut bits = [0; 32];
        SystemRandom::new().fill(&mut bits).ok()?;
        Some(Self(bits))
    }

    /// The one in a request's cookie. Of several that differ it is not known which is meant, so none counts.
    pub(crate) fn of(headers: &HeaderMap, cookie: &str) -> Option<Self> {
        let mut ids = cookies(headers).filter(|(name, _)| *name == cookie);
        let (_, first) = ids.next()?;
        match ids.all(|(_, other)| other == first) {
            true => Self::parse(first),
            false => None,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut bits = [0; 32];
        // 43 letters, and what more is not looked at.
        if text.len() != 43 {
            return None;
        }
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bits).ok()?;
        (length == bits.len()).then_some(Self(bits))
    }

    /// As it stands in the cookie.
    pub(crate) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// By what the store knows it: the SHA-256 in hexadecimal.
    pub(crate) fn digest(&self) -> Bytes {
        hex(&Sha256::digest(self.0))
    }
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> Bytes {
    use std::fmt::Write;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text.into()
}

/// Whether a text can be a digest of an id.
pub(super) fn is_digest(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use http::header::COOKIE;

    use super::*;

    #[test]
    fn ids_are_read_back_and_never_shown() {
        let id = Id::make().unwrap();
        assert_eq!(Id::parse(&id.text()), Some(id.clone()));
        assert_ne!(Id::make(), Some(id.clone()));
        assert_eq!(id.text().len(), 43);
        assert!(is_digest(std::str::from_utf8(&id.digest()).unwrap()));
        assert_eq!(format!("{id:?}"), "Id(..)");
        for wrong in ["", "a", &"A".repeat(42), &"A".repeat(44), &"=".repeat(43)] {
            assert_eq!(Id::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn of_two_cookies_that_differ_none_counts() {
        let (one, two) = (Id::make().unwrap(), Id::make().unwrap());
        let of = |line: String| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, line.parse().unwrap());
            Id::of(&headers, "sid")
        };
        assert_eq!(of(format!("a=b; sid={}", one.text())), Some(one.clone()));
        let both = |other: &Id| format!("sid={}; sid={}", one.text(), other.text());
        assert_eq!(of(both(&one)), Some(one.clone()));
        assert_eq!(of(both(&two)), None);
        assert_eq!(of("a=b".to_owned()), None);
    }
}
