//! An object while it is filled.

use gatec_syntax::{Comments, Entry, Node, Value};

/// The entries of an object, with the place of each field's first one, so that the thousandth
/// `route` is put beside the first without a search.
#[derive(Default)]
pub(super) struct Slots {
    pub(super) entries: Vec<Entry>,
    /// A part was left out, and that was reported.
    pub(super) lost: bool,
    places: Vec<Option<usize>>,
    /// The fields that were given as nodes, which may stand several times.
    nodes: Vec<usize>,
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

    /// Notes that a field was given as a node; whether it was before.
    pub(super) fn is_node_again(&mut self, field: usize) -> bool {
        let again = self.nodes.contains(&field);
        if !again && !self.has(field) {
            self.nodes.push(field);
        }
        again
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

    /// Adds comments to those of a field that is there.
    pub(super) fn comment(&mut self, field: usize, comments: Option<Box<Comments>>) {
        let entry = self
            .place(field)
            .and_then(|place| self.entries.get_mut(place));
        if let (Some(entry), Some(comments)) = (entry, comments) {
            let own = entry.comments.get_or_insert_default();
            own.leading
                .extend(comments.leading.into_iter().chain(comments.trailing));
        }
    }
}
