//! How state is named: which thing of the spec it belongs to, and which client, user or item of that thing.

use bytes::Bytes;
use smallvec::SmallVec;

/// A key as bytes, mostly without an allocation.
pub(crate) type KeyBytes = SmallVec<[u8; 128]>;

/// What all records of one thing have in common: `limit/per-user`, `session/web`, `scenario/order@4fd1`.
/// A shape of the thing stands behind `@` where another shape could not read what this one wrote.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Space(Bytes);

impl Space {
    /// The space of a thing: its kind (`limit`), its name, and the shape of what is kept, if that matters.
    #[must_use]
    pub fn new(kind: &str, name: &str, shape: Option<&str>) -> Self {
        let mut text = format!("{kind}/{name}");
        if let Some(shape) = shape {
            text.push('@');
            text.push_str(shape);
        }
        Self(text.into())
    }

    /// The space that [`as_bytes`](Self::as_bytes) told.
    #[must_use]
    pub fn from_bytes(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// The bytes of the name.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// One record or one count.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Which thing it belongs to.
    pub space: Space,
    /// What decides where it lies: keys that one operation touches together have the same. In Redis this is
    /// the hash tag.
    pub place: Bytes,
    /// The rest of its name: a user, an address, an item.
    pub name: Bytes,
}

impl Key {
    /// A key that lies by its own name.
    #[must_use]
    pub fn alone(space: &Space, name: Bytes) -> Self {
        Self {
            space: space.clone(),
            place: name.clone(),
            name,
        }
    }
}

/// Keys as bytes: lengths first, so that nothing in a name is mistaken for an end, and a name that is its own
/// place is written once. Keys of one space begin alike.
impl Key {
    /// The key as bytes.
    pub(crate) fn to_bytes(&self) -> KeyBytes {
        let mut out = self.space.prefix();
        if self.place == self.name {
            out.push(0);
        } else {
            write_length(self.place.len().saturating_add(1), &mut out);
            out.extend_from_slice(&self.place);
        }
        out.extend_from_slice(&self.name);
        out
    }

    /// Reads a key back. `None`: these bytes are no key.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = read_length(bytes)?;
        let (space, rest) = rest.split_at_checked(length)?;
        let (marked, rest) = read_length(rest)?;
        let (place, name) = match marked.checked_sub(1) {
            Some(length) => rest.split_at_checked(length)?,
            None => (rest, rest),
        };
        Some(Self {
            space: Space(Bytes::copy_from_slice(space)),
            place: Bytes::copy_from_slice(place),
            name: Bytes::copy_from_slice(name),
        })
    }
}

impl Space {
    /// What the bytes of every key of the space begin with.
    pub(crate) fn prefix(&self) -> KeyBytes {
        let mut out = KeyBytes::new();
        write_length(self.0.len(), &mut out);
        out.extend_from_slice(&self.0);
        out
    }
}

/// A length in groups of seven bits, the lowest first; the top bit says that more follow (LEB128).
fn write_length(mut length: usize, out: &mut KeyBytes) {
    loop {
        let low = u8::try_from(length & 0x7f).unwrap_or(0);
        length >>= 7;
        if length == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

fn read_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut length = 0_usize;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        length |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((length, bytes.get(at + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..4),
            proptest::collection::vec(any::<u8>(), 120..140),
        ]
    }

    proptest! {
        #[test]
        fn a_key_is_read_back_as_it_was_written(space in bytes(), place in bytes(), name in bytes(), alone: bool) {
            let space = Space::from_bytes(space.into());
            let name = Bytes::from(name);
            let place = if alone { name.clone() } else { place.into() };
            let key = Key { space, place, name };
            prop_assert_eq!(Key::from_bytes(&key.to_bytes()), Some(key));
        }

        #[test]
        fn no_bytes_are_too_odd_to_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Some(key) = Key::from_bytes(&bytes) {
                prop_assert_eq!(Key::from_bytes(&key.to_bytes()), Some(key));
            }
        }
    }
}
