//! An object while it is filled.

use gatec_syntax::{Entry, Node, Value};

/// The entries of an object, with the place of each field's first one, so that the thousandth
/// `route` is put beside the first without a search.
#[derive(Default)]
pub(super) struct Slots {
    pub(super) entries: Vec<Entry>,
    /// A part was left out, and that was reported.
    pub(super) lost: bool,
    places: Vec<Option<usize>>,
}

impl Slots {
    /// Whether the field is there already.
    pub(super) fn has(&self, field: usize) -> bool {
        self.place(field).is_some()
    }

    fn place(&self, field: usize) -> Option<usize> {
        self.places.get(field).copied().flatten()
    }

    /// Adds an entry for a field, even a second one: a later check reports it.
    pub(super) fn push(&mut self, field: usize, entry: Entry) {
        if !self.has(field) {
            if self.places.len() <= field {
                self.places.resize(field + 1, None);
            }
            if let Some(place) = self.places.get_mut(field) {
                *place = Some(self.entries.len());
            }
        }
        self.entries.push(entry);
    }

    /// The value of a field that several nodes fill; made at the first.
    pub(super) fn container(
        &mut self,
        field: usize,
        make: impl FnOnce() -> Entry,
    ) -> Option<&mut Value> {
        if !self.has(field) {
            self.push(field, make());
        }
        let place = self.place(field)?;
        self.entries
            .get_mut(place)
            .map(|entry| &mut entry.node.value)
    }

    /// Adds an item to the list of a field that is there.
    pub(super) fn append(&mut self, field: usize, item: Node) {
        let list = self
            .place(field)
            .and_then(|place| self.entries.get_mut(place));
        if let Some(Value::Array(items)) = list.map(|entry| &mut entry.node.value) {
            items.push(item);
        }
    }
}
