//! YAML 1.2 read to a [`Document`], written from one, and laid out anew.
//!
//! `granit-parser` turns text into events with byte spans; everything above that is here: the tree,
//! aliases and merge keys within bounds, tags as references, comments, and recovery, so that a
//! mistake costs the entry it stands in and nothing else.

mod alias;
mod build;
mod comments;
mod events;
mod format;
mod indent;
mod layout;
mod merge;
mod mistake;
mod quote;
mod recover;
pub mod rules;
mod same;
mod scalar;
mod settle;
mod tag;
mod tokens;
mod write;

pub use format::format;
pub use rules::RULES;
pub use same::same;
pub use write::write;

use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::source::{SourceId, Span};

/// The longest text that is read, in bytes.
pub const MAX_TEXT: usize = 64 * 1024 * 1024;

/// How deep lists and maps may lie inside each other, aliases followed.
pub const MAX_DEPTH: usize = 128;

/// How many nodes all aliases of a text together may add.
pub const MAX_ALIAS_NODES: usize = 100_000;

/// How many nodes a text may have, aliases not counted.
pub const MAX_NODES: usize = 4_000_000;

/// Reads a text.
///
/// Always gives a tree: of what could be read, with one finding for every mistake. Scalars follow
/// the core schema of YAML 1.2, so `yes`, `no`, `on` and `off` are strings.
pub fn parse(source: SourceId, text: &str) -> (Document, Vec<Diagnostic>) {
    if text.len() > MAX_TEXT {
        let span = Span::new(source, 0, text.len());
        let start = Span::new(source, 0, 0);
        let found = format!(
            "this text has {} bytes; at most {MAX_TEXT} are read",
            text.len()
        );
        let finding = Diagnostic::error(rules::over_limit::RULE.code, start, found)
            .help("split it into several files and name them under `include`");
        return (
            Document {
                span,
                ..Document::default()
            },
            vec![finding],
        );
    }
    recover::read(source, text)
}
