//! Texts that are kept once and pointed at by number.

use std::collections::HashMap;

/// A list of texts without repetition.
#[derive(Debug, Default)]
pub(super) struct Table {
    texts: Vec<String>,
    index: HashMap<String, u32>,
}

impl Table {
    /// The number of a text.
    pub(super) fn add(&mut self, text: &str) -> u32 {
        if let Some(index) = self.index.get(text) {
            return *index;
        }
        let index = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.to_owned());
        self.index.insert(text.to_owned(), index);
        index
    }

    pub(super) fn into_texts(self) -> Vec<String> {
        self.texts
    }
}
