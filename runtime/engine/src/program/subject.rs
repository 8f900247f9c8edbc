//! What conditions on the body look at.

#![expect(
    missing_docs,
    reason = "the derive makes a type of its own for named fields, without documentation"
)]

use rkyv::{Archive, Deserialize, Serialize};

/// What of the body is looked at.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub enum BodySubject {
    /// The text.
    Text,
    /// What a JSON path selects; one selected value that fits is enough. Strings are compared by
    /// their text, other values by their JSON.
    JsonPath(String),
    /// The body equals this JSON (canonical text).
    Json {
        /// The JSON to equal.
        value: String,
        /// JSON paths of parts that do not count, on both sides.
        ignore: Vec<String>,
        /// Whether further keys are allowed in the body.
        ignore_extra: bool,
    },
    /// The body is valid: index into the program's schemas.
    Schema(u32),
    /// A field of a form.
    Form(String),
}
