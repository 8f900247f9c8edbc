//! Findings as text for people and as data for programs.
//!
//! The one place that knows how a finding looks. [`human`] draws the source around each place;
//! every other form is a small file of its own that makes one text of a whole [`Report`].

mod agent;
mod concise;
mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
mod human;
mod json;
mod json_lines;
mod junit;
mod patch;
mod paths;
mod report;
mod sarif;
mod summary;

pub use agent::agent;
pub use concise::concise;
pub use github::github;
pub use gitlab::gitlab;
pub use human::{WIDTH, human, human_within};
pub use json::{json, json_report};
pub use json_lines::json_lines;
pub use junit::junit;
pub use patch::apply;
pub use report::{Checked, Report, one_line};
pub use sarif::{Tool, sarif};
pub use summary::summary;
