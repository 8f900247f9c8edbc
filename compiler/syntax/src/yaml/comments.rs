//! Comments find their entries.
//!
//! Comments and entries are both in the order of the text, so one walk over the tree deals every
//! comment out: to the entry on its line, to the entry below it, or to the end of the text.

use crate::document::{Comments, Document, Entry, Node, Object, Value};

/// A comment and its place.
#[derive(Debug, Clone)]
pub(super) struct Comment {
    /// The text without its mark.
    pub(super) text: String,
    /// First byte.
    pub(super) start: usize,
    /// First byte of its line.
    pub(super) line: usize,
    /// Whether nothing else stands before it on its line.
    pub(super) own_line: bool,
}

impl Comment {
    /// A comment from the words after its `#`.
    pub(super) fn new(text: &str, words: &str, start: usize) -> Self {
        let before = text.get(..start).unwrap_or("");
        let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let lead = before
            .get(line..)
            .unwrap_or("")
            .trim_start_matches('\u{feff}');
        Self {
            text: words
                .strip_prefix(' ')
                .unwrap_or(words)
                .trim_end()
                .to_owned(),
            start,
            line,
            own_line: lead.bytes().all(|byte| matches!(byte, b' ' | b'\t')),
        }
    }
}

/// Deals comments out to the entries of a document.
pub(super) fn attach(document: &mut Document, mut comments: Vec<Comment>) {
    if comments.is_empty() {
        return;
    }
    comments.sort_by_key(|comment| comment.start);
    let mut deal = Deal {
        comments: comments.into_iter().peekable(),
        passed: None,
    };
    deal.object(&mut document.root);
    document.trailing_comments = deal.comments.map(|comment| comment.text).collect();
}

struct Deal {
    comments: std::iter::Peekable<std::vec::IntoIter<Comment>>,
    /// The start of the last key met. Copies made by aliases lie before it and are passed over.
    passed: Option<u32>,
}

impl Deal {
    fn object(&mut self, object: &mut Object) {
        for entry in &mut object.entries {
            if self
                .passed
                .is_none_or(|passed| entry.key_span.start > passed)
            {
                self.passed = Some(entry.key_span.start);
                self.entry(entry);
            }
        }
    }

    fn entry(&mut self, entry: &mut Entry) {
        let key = entry.key_span.start as usize;
        let mut comments = Comments::default();
        while let Some(comment) = self.comments.next_if(|comment| comment.start < key) {
            comments.leading.push(comment.text);
        }
        let beside = |comment: &Comment| !comment.own_line && comment.line <= key;
        comments.trailing = self.comments.next_if(beside).map(|comment| comment.text);
        self.node(&mut entry.node);
        self.inside(entry, &mut comments);
        if comments != Comments::default() {
            entry.comments = Some(Box::new(comments));
        }
    }

    fn node(&mut self, node: &mut Node) {
        match &mut node.value {
            Value::Object(object) => self.object(object),
            Value::Array(items) => items.iter_mut().for_each(|item| self.node(item)),
            _ => {}
        }
    }

    /// Comments among the items of a list have no entry of their own: they go to the list's.
    fn inside(&mut self, entry: &Entry, comments: &mut Comments) {
        let end = entry.node.span.end as usize;
        let belongs = |comment: &Comment| comment.start < end || comment.line <= end;
        while let Some(comment) = self.comments.next_if(belongs) {
            if comment.start >= end && comments.trailing.is_none() {
                comments.trailing = Some(comment.text);
            } else {
                comments.leading.push(comment.text);
            }
        }
    }
}
