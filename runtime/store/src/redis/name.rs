//! How keys are called in Redis: `gate:<gateway>:<space>:{<place>}<name>`. What stands in braces decides the
//! slot of a cluster, so keys of one place lie together.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::{Key, Space};

/// The longest place or name that is written out.
const LONGEST: usize = 128;
/// Slots of a cluster.
pub const SLOTS: u16 = 16384;

/// How the keys of one gateway are called.
#[derive(Debug, Clone)]
pub struct Names {
    prefix: Vec<u8>,
}

/// What a key is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name in Redis.
    pub key: Vec<u8>,
    /// The key's own bytes where its name in Redis has a digest in it; otherwise empty.
    pub whole: Vec<u8>,
}

impl Names {
    /// The keys of a gateway.
    #[must_use]
    pub fn of(gateway: &str) -> Self {
        let mut prefix = b"gate:".to_vec();
        escape(gateway.as_bytes(), &mut prefix);
        prefix.push(b':');
        Self { prefix }
    }

    /// What a key is called.
    #[must_use]
    pub fn name(&self, key: &Key) -> Named {
        let mut out = self.space(&key.space);
        let place = short(&key.place);
        if place.is_empty() {
            // Nothing in the braces would mean that there are none.
            out.push(b'%');
        }
        escape(&place, &mut out);
        out.push(b'}');
        let name = short(&key.name);
        out.extend_from_slice(&name);
        let digested = place.len() != key.place.len() || name.len() != key.name.len();
        Named {
            key: out,
            whole: if digested {
                key.to_bytes().to_vec()
            } else {
                Vec::new()
            },
        }
    }

    /// What all keys of a space begin with, up to the brace.
    #[must_use]
    pub fn space(&self, space: &Space) -> Vec<u8> {
        let mut out = self.prefix.clone();
        escape(space.as_bytes(), &mut out);
        out.extend_from_slice(b":{");
        out
    }

    /// The pattern that finds the keys of a space.
    #[must_use]
    pub fn pattern(&self, space: &Space) -> Vec<u8> {
        let mut out = Vec::new();
        for byte in self.space(space) {
            if b"*?[]\\^".contains(&byte) {
                out.push(b'\\');
            }
            out.push(byte);
        }
        out.push(b'*');
        out
    }

    /// A key of the store's own: what `kind` says, in the slot of `tag`, if any.
    #[must_use]
    pub fn own(&self, kind: &str, tag: &str) -> Vec<u8> {
        let mut out = self.prefix.clone();
        out.extend_from_slice(kind.as_bytes());
        if !tag.is_empty() {
            out.extend_from_slice(format!(":{{{tag}}}").as_bytes());
        }
        out
    }

    /// The key of a space that is called so; `None` if it is none. Of what is too long it has the digest.
    #[must_use]
    pub fn read(&self, space: &Space, called: &[u8]) -> Option<Key> {
        let rest = called.strip_prefix(self.space(space).as_slice())?;
        let end = rest.iter().position(|byte| *byte == b'}')?;
        let (place, name) = rest.split_at_checked(end)?;
        Some(Key {
            space: space.clone(),
            place: unescape(place).into(),
            name: Bytes::copy_from_slice(name.get(1..)?),
        })
    }
}

/// Whether a name that was read has a digest in it.
#[must_use]
pub fn is_digest(part: &[u8]) -> bool {
    part.len() == 65 && part.first() == Some(&b'#')
}

/// What is long, or looks like a digest, as its digest: nobody can name another's record by its digest.
fn short(part: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if part.len() <= LONGEST && !is_digest(part) {
        return part.into();
    }
    let mut text = b"#".to_vec();
    for byte in Sha256::digest(part) {
        text.extend(format!("{byte:02x}").bytes());
    }
    text.into()
}

/// Bytes that mean something in a key's name.
const SPECIAL: &[u8] = b"%{}:";

fn escape(part: &[u8], out: &mut Vec<u8>) {
    for byte in part {
        if SPECIAL.contains(byte) {
            out.extend(format!("%{byte:02X}").bytes());
        } else {
            out.push(*byte);
        }
    }
}

fn unescape(part: &[u8]) -> Vec<u8> {
    if part == b"%" {
        return Vec::new();
    }
    percent_encoding::percent_decode(part).collect()
}

/// The slot of a key: CRC-16 (XMODEM) of what stands in its first braces, or of all of it.
#[must_use]
pub fn slot(key: &[u8]) -> u16 {
    let tag = || {
        let open = key.iter().position(|byte| *byte == b'{')?;
        let inner = key.get(open + 1..)?;
        let close = inner.iter().position(|byte| *byte == b'}')?;
        inner.get(..close).filter(|tag| !tag.is_empty())
    };
    let mut crc = 0_u16;
    for byte in tag().unwrap_or(key) {
        crc ^= u16::from(*byte) << 8;
        for _ in 0..8 {
            let carry = crc & 0x8000 != 0;
            crc <<= 1;
            if carry {
                crc ^= 0x1021;
            }
        }
    }
    crc % SLOTS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_can_be_read_by_people() {
        let names = Names::of("shop");
        let space = Space::new("limit", "per-user", Some("4fd1"));
        let called = names.name(&Key::alone(&space, "ann".into())).key;
        assert_eq!(called, b"gate:shop:limit/per-user@4fd1:{ann}ann");
        assert_eq!(names.own("epoch", ""), b"gate:shop:epoch");
        assert_eq!(names.own("epoch", "7"), b"gate:shop:epoch:{7}");
    }

    #[test]
    fn slots_are_those_of_the_specification() {
        assert_eq!(slot(b"123456789"), 0x31c3 % SLOTS);
        assert_eq!(slot(b"foo{bar}{zap}"), slot(b"bar"));
        assert_eq!(slot(b"foo{}{bar}"), 8363);
    }

    #[test]
    fn what_is_long_is_a_digest_that_nobody_can_write_out() {
        let names = Names::of("shop");
        let space = Space::new("session", "web", None);
        let long = names.name(&Key::alone(&space, "x".repeat(129).into()));
        assert!(long.key.len() < 200 && !long.whole.is_empty());
        let read = names.read(&space, &long.key).unwrap();
        assert!(is_digest(&read.name) && is_digest(&read.place));
        assert_ne!(names.name(&read).key, long.key);
    }

    proptest! {
        #[test]
        fn a_key_is_read_back_from_what_it_is_called(
            space in "[a-z/@:{}%*]{0,9}",
            place in proptest::collection::vec(prop_oneof![Just(b'}'), Just(b'{'), Just(b'%'), any::<u8>()], 0..9),
            name in proptest::collection::vec(prop_oneof![Just(b'}'), Just(b':'), any::<u8>()], 0..9),
        ) {
            let names = Names::of("a:b");
            let space = Space::from_bytes(space.into());
            let key = Key { space: space.clone(), place: place.into(), name: name.into() };
            let named = names.name(&key);
            prop_assert!(named.whole.is_empty());
            prop_assert_eq!(names.read(&space, &named.key), Some(key));
        }
    }
}
