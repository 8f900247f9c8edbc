//! Text becomes a [`Document`]: one tree of values with the exact place each key and value was
//! written, whether the text was KDL or YAML.
//!
//! Reading never fails. Each front end returns whatever tree it could make together with every
//! [`Diagnostic`] it found, so that one mistake hides nothing outside its own node.

pub mod diagnostic;
pub mod document;
pub mod kdl;
pub mod rule;
pub mod source;
pub mod yaml;

pub use diagnostic::{Diagnostic, Edit, Fix, Related, Severity};
pub use document::{Comments, Document, Entry, Node, Number, Object, Reference, Value};
pub use rule::Rule;
pub use source::{LineColumn, Source, SourceId, Sources, Span};
