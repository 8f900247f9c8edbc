//! How state is named: which thing of the spec it belongs to, and which client, user or item of that thing.

use bytes::Bytes;

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
