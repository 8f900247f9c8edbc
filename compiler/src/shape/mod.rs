//! The shape of a spec: a tree of any form becomes one that the schema allows.
//!
//! The grammar is read from the JSON Schema ([`grammar`]); KDL nodes are mapped by it ([`from_kdl()`]);
//! keys are looked at once for both languages ([`keys`]); the rest is the business of the schema's own
//! validator ([`validate`]), whose errors are put in a reader's words at the place they belong.

pub mod findings;
pub mod from_kdl;
pub mod grammar;
pub mod keys;
pub mod lost;
pub mod names;
pub mod open_lines;
pub mod prune;
pub mod rules;
pub mod schema;
mod slots;
pub mod validate;
pub mod value;
pub mod words;

pub use findings::Findings;
pub use from_kdl::from_kdl;
pub use grammar::Grammar;
pub use open_lines::OpenLines;
