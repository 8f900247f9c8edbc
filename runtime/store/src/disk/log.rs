//! What is written to a file: entries, each behind its length and checksum. Whatever was cut off in the
//! middle is known by them.

use crate::record::{self, Record};

/// What every file begins with.
pub(super) const HEADER: &[u8] = b"gated state 1\n";

/// One change. Each says how something is now: what is read twice is the same as what is read once.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entry<'a> {
    /// The time of what follows.
    Tick(i64),
    /// When a bucket is full.
    Limit(&'a [u8], i64),
    /// A record.
    Record(&'a [u8], Record),
    /// A record that is gone.
    Gone(&'a [u8]),
    /// All keys that begin so are gone.
    Dropped(&'a [u8]),
}

pub(super) fn tick(at: i64, out: &mut Vec<u8>) {
    write(b'T', &[], &at.to_be_bytes(), out);
}

pub(super) fn limit(key: &[u8], full_at: i64, out: &mut Vec<u8>) {
    write(b'L', key, &full_at.to_be_bytes(), out);
}

pub(super) fn record(key: &[u8], record: &Record, out: &mut Vec<u8>) {
    let mut value = Vec::new();
    record::encode(record, &mut value);
    write(b'R', key, &value, out);
}

pub(super) fn gone(key: &[u8], out: &mut Vec<u8>) {
    write(b'G', key, &[], out);
}

pub(super) fn dropped(prefix: &[u8], out: &mut Vec<u8>) {
    write(b'D', prefix, &[], out);
}

/// Length and checksum of the rest, kind, length of the key, key, value.
fn write(kind: u8, key: &[u8], value: &[u8], out: &mut Vec<u8>) {
    let mut rest = Vec::with_capacity(5 + key.len() + value.len());
    rest.push(kind);
    rest.extend(length(key.len()));
    rest.extend_from_slice(key);
    rest.extend_from_slice(value);
    out.extend(length(rest.len()));
    out.extend(crc32fast::hash(&rest).to_be_bytes());
    out.extend(rest);
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

/// The first entry of some bytes, and the bytes behind it. `None`: no whole entry is there.
pub(super) fn read(bytes: &[u8]) -> Option<(Entry<'_>, &[u8])> {
    let (rest_length, bytes) = number(bytes)?;
    let (checksum, bytes) = number(bytes)?;
    let (rest, after) = bytes.split_at_checked(usize::try_from(rest_length).ok()?)?;
    if crc32fast::hash(rest) != checksum {
        return None;
    }
    let (kind, rest) = rest.split_first()?;
    let (key_length, rest) = number(rest)?;
    let (key, value) = rest.split_at_checked(usize::try_from(key_length).ok()?)?;
    let tick = || Some(i64::from_be_bytes(value.try_into().ok()?));
    let entry = match kind {
        b'T' => Entry::Tick(tick()?),
        b'L' => Entry::Limit(key, tick()?),
        b'R' => Entry::Record(key, record::decode(value)?),
        b'G' => Entry::Gone(key),
        b'D' => Entry::Dropped(key),
        _ => return None,
    };
    Some((entry, after))
}

fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_be_bytes(*number), rest))
}

/// All whole entries of some bytes, and how many bytes these are.
pub(super) fn read_all(bytes: &[u8]) -> (Vec<Entry<'_>>, usize) {
    let (mut entries, mut rest) = (Vec::new(), bytes);
    while let Some((entry, after)) = read(rest) {
        entries.push(entry);
        rest = after;
    }
    (entries, bytes.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written() -> (Vec<u8>, Vec<usize>) {
        let mut fields = crate::Fields::new();
        fields.insert("a".into(), "1".into());
        let kept = Record {
            fields,
            idle_at: Some(7),
            ends_at: None,
        };
        let (mut out, mut ends) = (Vec::new(), vec![0]);
        tick(5, &mut out);
        ends.push(out.len());
        limit(b"k", -1, &mut out);
        ends.push(out.len());
        record(b"", &kept, &mut out);
        ends.push(out.len());
        gone(b"x", &mut out);
        ends.push(out.len());
        dropped(b"y", &mut out);
        ends.push(out.len());
        (out, ends)
    }

    #[test]
    fn what_is_cut_off_anywhere_is_read_up_to_the_last_whole_entry() {
        let (out, ends) = written();
        for cut in 0..=out.len() {
            let (entries, length) = read_all(&out[..cut]);
            let whole = ends.iter().filter(|end| **end <= cut).count() - 1;
            assert_eq!((entries.len(), length), (whole, ends[whole]));
        }
        assert_eq!(
            read_all(&out).0[..2],
            [Entry::Tick(5), Entry::Limit(b"k", -1)]
        );
    }

    proptest! {
        #[test]
        fn what_was_changed_on_the_disk_is_not_taken(at in 0_usize..100, flip in 1_u8..) {
            let (mut out, ends) = written();
            let at = at % out.len();
            out[at] ^= flip;
            let (entries, _) = read_all(&out);
            prop_assert!(entries.len() < ends.iter().filter(|end| **end <= at).count());
        }

        #[test]
        fn no_bytes_are_too_odd_to_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..99)) {
            let (_, length) = read_all(&bytes);
            prop_assert!(length <= bytes.len());
        }
    }
}
