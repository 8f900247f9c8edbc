//! Findings as text for people and as JSON for programs.
//!
//! The one place that knows how a finding looks. [`human`] draws the source around each place;
//! [`json`] gives the same facts to programs.

mod excerpt;
mod human;
mod json;
mod summary;

pub use human::{WIDTH, human, human_within};
pub use json::json;
pub use summary::summary;
