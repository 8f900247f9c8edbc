//! Wrong parts are taken out, so that everything else can be checked further.

use std::collections::HashMap;

use gatec_syntax::{Node, Object, Value};

use super::grammar::Grammar;

/// Parts of a document to take out. All are gathered first and taken out in one walk, since taking
/// ten thousand entries out one by one would move the rest ten thousand times.
#[derive(Debug, Default)]
pub struct Cut {
    whole: bool,
    below: HashMap<String, Cut>,
}

/// Which of the marked parts are taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parts {
    All,
    Items,
}

impl Cut {
    /// Marks the smallest part around a path that can be missing: an optional key, a named entry, or
    /// an item. A key that must be there takes the object it is in along.
    pub fn mark(&mut self, grammar: &Grammar, path: &[String]) {
        let length = removable(grammar, path);
        let mut cut = self;
        for step in path.iter().take(length) {
            cut = cut.below.entry(step.clone()).or_default();
        }
        cut.whole = true;
    }

    /// Takes the marked parts out.
    pub fn apply(&self, root: &mut Object) {
        if self.whole {
            root.entries.clear();
        }
        self.object(root, Parts::All);
    }

    /// Takes only the marked items of lists out, so that the items that stay have the numbers they
    /// have after [`Cut::apply`], and every name is still there to be found.
    pub fn apply_to_items(&self, root: &mut Object) {
        self.object(root, Parts::Items);
    }

    fn object(&self, object: &mut Object, parts: Parts) {
        object.entries.retain_mut(|entry| {
            let cut = self.below.get(&entry.key);
            cut.is_none_or(|cut| cut.keeps(&mut entry.node, parts) || parts == Parts::Items)
        });
    }

    fn keeps(&self, node: &mut Node, parts: Parts) -> bool {
        if self.whole {
            return false;
        }
        match &mut node.value {
            Value::Object(object) => self.object(object, parts),
            Value::Array(items) => {
                let mut index = 0_usize;
                items.retain_mut(|item| {
                    let cut = self.below.get(&index.to_string());
                    index += 1;
                    cut.is_none_or(|cut| cut.keeps(item, parts))
                });
            }
            _ => {}
        }
        true
    }
}

/// How many steps of a path lead to the smallest part that can be missing.
fn removable(grammar: &Grammar, path: &[String]) -> usize {
    let mut reached = Some(grammar.root());
    let mut length = 0;
    for (index, step) in path.iter().enumerate() {
        let below = reached.and_then(|id| grammar.below(id, step));
        let required = below
            .and_then(|(_, field)| field)
            .is_some_and(|field| field.required);
        if !required {
            length = index + 1;
        }
        reached = below.map(|(id, _)| id);
    }
    length
}
