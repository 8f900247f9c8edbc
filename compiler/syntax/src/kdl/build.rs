//! Events to a tree: a stack of the blocks that are open, and the rule which node a comment belongs to.
//!
//! A comment on a line of its own belongs to the node below it, one behind words belongs to the node
//! those words are part of. What a slashdash takes out is a comment too, its mark kept, so that a text
//! in another language still has it.

use crate::document::Comments;
use crate::source::{SourceId, Span};

use super::event::Event;
use super::parser::Sink;
use super::tree::{Children, KdlNode, Tree};

/// A block whose nodes are being read.
#[derive(Default)]
struct Block<'a> {
    /// Where its nodes start in the builder's list.
    first: usize,
    /// The node that has begun and not ended.
    node: Option<KdlNode<'a>>,
    /// The `{`.
    open: Span,
}

/// What was read last on the present line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Brace,
    Node,
}

pub(super) struct Builder<'a> {
    text: &'a str,
    /// The block that is being read, and those around it.
    block: Block<'a>,
    outer: Vec<Block<'a>>,
    /// The nodes that have ended, of all open blocks; a block takes its own off the end when it closes,
    /// so that each list is made once and in its right size.
    nodes: Vec<KdlNode<'a>>,
    /// Lines of comment that wait for their node.
    waiting: Vec<String>,
    last: Last,
    skips: usize,
    /// Where the outermost skip starts.
    skip_start: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            block: Block::default(),
            outer: Vec::new(),
            nodes: Vec::new(),
            waiting: Vec::new(),
            last: Last::Nothing,
            skips: 0,
            skip_start: 0,
        }
    }

    pub(super) fn finish(self, source: SourceId) -> Tree<'a> {
        Tree {
            nodes: self.nodes,
            trailing_comments: self.waiting,
            span: Span::new(source, 0, self.text.len()),
        }
    }

    fn close(&mut self, close: Span) {
        let Some(outer) = self.outer.pop() else {
            return;
        };
        let block = std::mem::replace(&mut self.block, outer);
        let nodes = self.nodes.split_off(block.first);
        if let Some(node) = &mut self.block.node {
            node.children = Some(Children {
                nodes,
                span: block.open.to(close),
                trailing_comments: std::mem::take(&mut self.waiting),
            });
        }
    }

    fn end_node(&mut self, end: usize, broken: bool) {
        if let Some(mut node) = self.block.node.take() {
            node.span = node.span.to(Span::new(node.span.source, end, end));
            node.broken = broken;
            self.nodes.push(node);
        }
    }

    fn comment(&mut self, span: Span) {
        let lines = comment_lines(self.text.get(span.range()).unwrap_or(""));
        let owner = match (&mut self.block.node, self.last) {
            (Some(node), _) => Some(node),
            (None, Last::Brace) => self.outer.last_mut().and_then(|block| block.node.as_mut()),
            (None, Last::Node) => self.nodes.last_mut(),
            (None, Last::Nothing) => None,
        };
        match owner {
            Some(node) => {
                let comments = node.comments.get_or_insert_default();
                let words = lines.into_iter().filter(|line| !line.is_empty());
                let all: Vec<String> = comments.trailing.take().into_iter().chain(words).collect();
                comments.trailing = Some(all.join(" "));
            }
            None => self.waiting.extend(lines),
        }
    }

    /// Keeps what a slashdash took out, up to `end`, as a comment.
    fn taken_out(&mut self, end: usize) {
        let text = self.text.get(self.skip_start..end).unwrap_or("");
        // What has no place is skipped too; it was reported.
        let Some(what) = text.strip_prefix("/-") else {
            return;
        };
        if what.trim_start().starts_with(VERSION) {
            return;
        }
        let lines = dedented(text);
        match &mut self.block.node {
            None => self.waiting.extend(lines),
            Some(node) => {
                let comments = node.comments.get_or_insert_default();
                comments.leading.extend(lines);
            }
        }
    }
}

/// The mark that tells which version of KDL a text is in; it looks like a node taken out.
const VERSION: &str = "kdl-version";

/// The lines of a text; those after the first without what they are all indented by.
fn dedented(text: &str) -> Vec<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let written = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let common = written.map(indent).min().unwrap_or(0);
    let cut = |(number, line): (usize, &str)| match number {
        0 => line.trim_end().to_owned(),
        _ => line.get(common..).unwrap_or(line).trim_end().to_owned(),
    };
    text.lines().enumerate().map(cut).collect()
}

impl<'a> Sink<'a> for Builder<'a> {
    fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Skip { start } => {
                if self.skips == 0 {
                    self.skip_start = start;
                }
                self.skips += 1;
            }
            Event::EndSkip { end } => {
                self.skips -= 1;
                self.last = Last::Nothing;
                if self.skips == 0 {
                    self.taken_out(end);
                }
            }
            _ if self.skips > 0 => {}
            Event::Comment(span) => self.comment(span),
            Event::Newline => self.last = Last::Nothing,
            Event::Continuation(_) => {}
            Event::Node {
                name,
                name_span,
                annotation,
            } => {
                let leading = std::mem::take(&mut self.waiting);
                let comments = (!leading.is_empty()).then(|| {
                    Box::new(Comments {
                        leading,
                        trailing: None,
                    })
                });
                let span = annotation
                    .as_ref()
                    .map_or(name_span, |annotation| annotation.span);
                let span = span.to(name_span);
                self.block.node = Some(KdlNode {
                    name,
                    name_span,
                    annotation,
                    span,
                    comments,
                    ..KdlNode::default()
                });
            }
            Event::Argument(argument) => {
                if let Some(node) = &mut self.block.node {
                    push(&mut node.arguments, argument);
                }
            }
            Event::Property(property) => {
                if let Some(node) = &mut self.block.node {
                    push(&mut node.properties, property);
                }
            }
            Event::Open(open) => {
                let block = Block {
                    open,
                    first: self.nodes.len(),
                    node: None,
                };
                self.outer.push(std::mem::replace(&mut self.block, block));
                self.last = Last::Brace;
            }
            Event::Close(span) => self.close(span),
            Event::EndNode { end, broken } => {
                self.end_node(end, broken);
                self.last = Last::Node;
            }
        }
    }
}

/// Adds to a list that mostly stays at one item; a list grows to four by itself, which would cost more
/// memory than all the rest of the tree.
fn push<T>(list: &mut Vec<T>, item: T) {
    if list.is_empty() {
        list.reserve_exact(1);
    }
    list.push(item);
}

/// A comment's words, line by line, without its marks and the space around them.
fn comment_lines(comment: &str) -> Vec<String> {
    if let Some(line) = comment.strip_prefix("//") {
        return vec![line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()];
    }
    let body = comment.strip_prefix("/*").unwrap_or(comment);
    let body = body.strip_suffix("*/").unwrap_or(body);
    let mut lines: Vec<String> = body
        .lines()
        .map(str::trim)
        .map(|line| {
            line.strip_prefix('*')
                .map_or(line, str::trim_start)
                .to_owned()
        })
        .collect();
    while lines.first().is_some_and(String::is_empty) {
        lines.remove(0);
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}
