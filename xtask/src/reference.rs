//! The reference pages: of every key from the schema, and of every finding from its rule.

pub mod keys;
pub mod rules;

/// Text in a cell of a table: on one line, its bars escaped.
fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}
