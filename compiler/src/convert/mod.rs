//! One language to the other, by way of the document.
//!
//! Conversion works on a file as it stands: values from outside and includes stay what they are, and
//! comments stay with their entries.

use gatec_syntax::{Document, yaml};

mod kdl;

pub use kdl::to_kdl;

/// A document as YAML.
pub fn to_yaml(document: &Document) -> String {
    yaml::write(document)
}
