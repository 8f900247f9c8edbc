//! The compiled matcher takes what the obvious one takes.

#[path = "../../../runtime/engine/tests/matching_support/mod.rs"]
mod matching_support;

/// Draws patterns and requests from the data and holds the compiled matcher to the naive one: route,
/// captures, precedence, explanations.
///
/// # Panics
/// Where they differ.
pub fn matching(data: &[u8]) {
    matching_support::drawn::holds(data);
}
