//! What the parser says about a text, in the order of the text.
//!
//! Events are flat: a block opens and closes, what a slashdash takes out starts and ends. That lets a
//! tree be built, or a text be laid out again, without a second parser.

use std::borrow::Cow;

use crate::source::Span;

use super::tree::{Annotation, Scalar};

/// One thing in a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<'a> {
    /// A `//` or `/* */` comment, with its marks and without the newline after it.
    Comment(Span),
    /// The end of a line between nodes.
    Newline,
    /// A backslash, at this byte, that carries a node on to the next line.
    Continuation(usize),
    /// A node begins.
    Node {
        /// Its name, after escapes.
        name: Cow<'a, str>,
        /// Where the name was written.
        name_span: Span,
        /// `(type)` before the name.
        annotation: Option<Annotation<'a>>,
    },
    /// A value of the node that is open.
    Argument(Argument<'a>),
    /// A `key=value` of the node that is open.
    Property(Property<'a>),
    /// `{`
    Open(Span),
    /// `}`, or an empty span where it is missing.
    Close(Span),
    /// The node that is open ends.
    EndNode {
        /// The byte after its last word or brace.
        end: usize,
        /// Whether a mistake was found in it.
        broken: bool,
    },
    /// What follows, up to the matching [`Event::EndSkip`], is taken out by a slashdash or could not be
    /// given a place. Skips nest.
    Skip {
        /// The byte where it starts, the `/-` included.
        start: usize,
    },
    /// The end of the latest open [`Event::Skip`].
    EndSkip {
        /// The byte after its last word or brace.
        end: usize,
    },
}

/// A positional value of a node.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument<'a> {
    /// The value.
    pub value: Scalar<'a>,
    /// Where the value was written, without its annotation.
    pub span: Span,
    /// `(type)` before the value.
    pub annotation: Option<Annotation<'a>>,
}

/// A `key=value` of a node.
#[derive(Debug, Clone, PartialEq)]
pub struct Property<'a> {
    /// The key, after escapes.
    pub key: Cow<'a, str>,
    /// Where the key was written.
    pub key_span: Span,
    /// The value.
    pub value: Scalar<'a>,
    /// Where the value was written, without its annotation.
    pub value_span: Span,
    /// `(type)` before the value.
    pub annotation: Option<Annotation<'a>>,
}
