//! A KDL text as a tree of nodes, each part with its exact place.
//!
//! Text without escapes is borrowed from the source. Nothing is interpreted here: what a node means is
//! the schema's business.

use std::borrow::Cow;

use crate::diagnostic::Diagnostic;
use crate::document::Comments;
use crate::source::{SourceId, Span};

use super::build::Builder;
use super::event::{Argument, Property};
use super::parser::{Limits, events};

/// A whole text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tree<'a> {
    /// The top-level nodes.
    pub nodes: Vec<KdlNode<'a>>,
    /// Lines of comment after the last node, without their marks.
    pub trailing_comments: Vec<String>,
    /// The span of the whole text.
    pub span: Span,
}

/// A node: a name, values, properties, and perhaps a block of nodes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KdlNode<'a> {
    /// The name, after escapes.
    pub name: Cow<'a, str>,
    /// Where the name was written.
    pub name_span: Span,
    /// `(type)` before the name.
    pub annotation: Option<Annotation<'a>>,
    /// The positional values in the order written.
    pub arguments: Vec<Argument<'a>>,
    /// The properties in the order written. A key given twice stands here twice.
    pub properties: Vec<Property<'a>>,
    /// The block, if there is one.
    pub children: Option<Children<'a>>,
    /// From the first word (or type) to the last word or brace.
    pub span: Span,
    /// Comments that belong to this node; each string is one line.
    pub comments: Option<Box<Comments>>,
    /// Whether a mistake was found in the node, so that a part of it may be missing here.
    pub broken: bool,
}

/// The block of a node.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Children<'a> {
    /// The nodes in the block.
    pub nodes: Vec<KdlNode<'a>>,
    /// From `{` to `}`.
    pub span: Span,
    /// Lines of comment after the last node of the block, without their marks.
    pub trailing_comments: Vec<String>,
}

/// `(type)` before a name or value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation<'a> {
    /// The word in the parentheses.
    pub name: Cow<'a, str>,
    /// Where the word was written.
    pub name_span: Span,
    /// The parentheses and what is in them.
    pub span: Span,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar<'a> {
    /// `#null`
    Null,
    /// `#true` or `#false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction or an exponent, `#inf`, `#-inf` or `#nan`.
    Float(f64),
    /// A number that neither an `i64` nor a finite `f64` holds, as it was written.
    BigNumber(Cow<'a, str>),
    /// A string, after escapes.
    String(Cow<'a, str>),
}

/// Reads a text into a tree, with every mistake that was found, in the order of the text.
pub fn parse(source: SourceId, text: &str) -> (Tree<'_>, Vec<Diagnostic>) {
    parse_within(source, text, Limits::default())
}

/// [`parse`] within other limits.
pub fn parse_within(source: SourceId, text: &str, limits: Limits) -> (Tree<'_>, Vec<Diagnostic>) {
    let (builder, found) = events(source, text, limits, || Builder::new(text));
    (builder.finish(source), found)
}
