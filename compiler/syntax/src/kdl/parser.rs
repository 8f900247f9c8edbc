//! Tokens to events: the grammar of KDL as a loop with an explicit stack of open nodes.
//!
//! A mistake is reported where it is found, and reading goes on at the next place whose meaning is
//! sure: the next value where it can, the end of the node (newline, `;`, a brace) otherwise.

use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};

use super::entries::keyword_value;
use super::event::Event;
use super::lexer::{Kind, Lexer, Token};
use super::{MAX_DEPTH, MAX_TEXT, rules};

/// The bounds of one reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest text, in bytes.
    pub text: usize,
    /// The most blocks open at once.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            text: MAX_TEXT,
            depth: MAX_DEPTH,
        }
    }
}

/// Something that events are handed to.
pub trait Sink<'a> {
    /// Takes the next event.
    fn event(&mut self, event: Event<'a>);
}

impl<'a> Sink<'a> for Vec<Event<'a>> {
    fn event(&mut self, event: Event<'a>) {
        self.push(event);
    }
}

/// Reads a text and hands each event to a sink; `sink` makes one. Returns the sink and the findings in
/// the order of the text.
///
/// A text in which a `{` has no `}` is read a second time, into a new sink: only now is it known that
/// the braces are wrong, and indentation may say better where blocks end. The second reading is taken
/// unless it finds more wrong with the braces than the first.
pub fn events<'a, S: Sink<'a>>(
    source: SourceId,
    text: &'a str,
    limits: Limits,
    mut sink: impl FnMut() -> S,
) -> (S, Vec<Diagnostic>) {
    if text.len() > limits.text {
        let found = rules::text_too_large(Span::new(source, 0, 0), text.len(), limits.text);
        return (sink(), vec![found]);
    }
    let mut read = Parser::new(source, text, limits, sink(), false).document();
    if read.unclosed {
        let again = Parser::new(source, text, limits, sink(), true).document();
        if again.brace_errors <= read.brace_errors {
            read = again;
        }
    }
    (read.sink, read.lexer.errors.finish())
}

/// How far a node has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Values and properties may follow.
    Entries,
    /// A block was taken out by a slashdash: more blocks may follow, but no values.
    SkippedBlock,
    /// The block has been read: only slashdashed blocks may follow.
    Block,
}

/// A node that has begun and not ended.
#[derive(Debug)]
pub(super) struct Open {
    /// Whether a [`Event::Skip`] was made for the whole node.
    pub(super) skipped: bool,
    /// Whether the node has no name and makes no events of its own.
    pub(super) nameless: bool,
    pub(super) stage: Stage,
    /// Mistakes found before this node.
    pub(super) errors: usize,
    /// The `{` of the block that is open.
    pub(super) brace: Span,
    /// Whether a [`Event::Skip`] was made for the block that is open.
    pub(super) block_skipped: bool,
    /// Whether the block that is open is the node's own, rather than one too many.
    pub(super) block_counts: bool,
    /// Where the latest block ended.
    pub(super) block_end: Span,
    /// White space before the line the node began on.
    pub(super) indent: usize,
    /// Whether a value after the block was reported already.
    pub(super) late_reported: bool,
}

pub(super) struct Parser<'a, S> {
    pub(super) lexer: Lexer<'a>,
    /// The token at the position.
    pub(super) token: Token<'a>,
    pub(super) sink: S,
    /// Comments and continuations read while it is open whether a string is a value or a key.
    pub(super) held: Vec<Event<'a>>,
    pub(super) holding: bool,
    /// The byte after the latest word or brace.
    pub(super) last_end: usize,
    pub(super) stack: Vec<Open>,
    pub(super) limits: Limits,
    /// White space before the line, and whether nothing but that has been read of it.
    pub(super) indent: usize,
    pub(super) line_is_blank: bool,
    by_indent: bool,
    /// Whether a block was left open.
    pub(super) unclosed: bool,
    /// Braces without their counterpart.
    pub(super) brace_errors: usize,
}

impl<'a, S: Sink<'a>> Parser<'a, S> {
    fn new(source: SourceId, text: &'a str, limits: Limits, sink: S, by_indent: bool) -> Self {
        let mut lexer = Lexer::new(source, text);
        let token = lexer.next();
        let mut parser = Self {
            lexer,
            token,
            sink,
            held: Vec::new(),
            holding: false,
            last_end: 0,
            stack: Vec::new(),
            limits,
            indent: 0,
            line_is_blank: true,
            by_indent,
            unclosed: false,
            brace_errors: 0,
        };
        parser.note_indent();
        parser
    }

    /// Steps over the token at the position and returns it.
    pub(super) fn take(&mut self) -> Token<'a> {
        match self.token.kind {
            Kind::Newline => (self.indent, self.line_is_blank) = (0, true),
            Kind::Space | Kind::LineComment | Kind::BlockComment | Kind::End => {}
            _ => (self.last_end, self.line_is_blank) = (self.token.end, false),
        }
        let next = self.lexer.next();
        let taken = std::mem::replace(&mut self.token, next);
        if taken.kind == Kind::Newline {
            self.note_indent();
        }
        taken
    }

    fn note_indent(&mut self) {
        if self.token.kind == Kind::Space {
            self.indent = self.token.end - self.token.start;
        }
    }

    pub(super) fn emit(&mut self, event: Event<'a>) {
        self.sink.event(event);
    }

    /// Emits a comment or continuation, or holds it back.
    pub(super) fn aside(&mut self, event: Event<'a>) {
        if self.holding {
            self.held.push(event);
        } else {
            self.emit(event);
        }
    }

    pub(super) fn release(&mut self) {
        self.holding = false;
        if self.held.is_empty() {
            return;
        }
        for event in std::mem::take(&mut self.held) {
            self.emit(event);
        }
    }

    /// Ends the skip of a value or property: what was held back and lies within goes before its end.
    pub(super) fn end_entry_skip(&mut self) {
        let end = self.last_end;
        let (inside, after) = std::mem::take(&mut self.held)
            .into_iter()
            .partition(|event| match event {
                Event::Comment(span) => (span.start as usize) < end,
                Event::Continuation(start) => *start < end,
                _ => false,
            });
        self.held = inside;
        self.release();
        self.held = after;
        self.emit(Event::EndSkip { end });
    }

    pub(super) fn here(&self) -> Span {
        self.lexer.span(self.token.start, self.token.end)
    }

    /// The words of the token at the position, cut short for a message.
    pub(super) fn words(&self) -> &'a str {
        let words = self.lexer.slice(self.token.start, self.token.end);
        let cut = words
            .char_indices()
            .find(|(at, c)| *at >= 40 || matches!(c, '\n' | '\r'));
        cut.map_or(words, |(at, _)| words.get(..at).unwrap_or(words))
    }

    fn document(mut self) -> Self {
        loop {
            self.line_space();
            if self.by_indent {
                self.close_by_indent();
            }
            match self.token.kind {
                Kind::End if self.stack.is_empty() => return self,
                Kind::End => self.close_missing(),
                Kind::BraceClose => self.close(),
                Kind::Slashdash => self.slashdashed_node(),
                Kind::Semicolon => self.stray_semicolon(),
                _ => self.node(false),
            }
        }
    }

    /// Space, newlines and comments between nodes.
    pub(super) fn line_space(&mut self) {
        loop {
            match self.token.kind {
                Kind::Space => {
                    self.take();
                }
                Kind::Newline => {
                    self.take();
                    self.emit(Event::Newline);
                }
                Kind::LineComment | Kind::BlockComment => {
                    let comment = Event::Comment(self.here());
                    self.take();
                    self.emit(comment);
                }
                Kind::Backslash => {
                    self.backslash();
                }
                _ => return,
            }
        }
    }

    /// Space within a node, lines joined by a backslash included. Whether there was any.
    pub(super) fn node_space(&mut self) -> bool {
        let mut any = false;
        loop {
            match self.token.kind {
                Kind::Space => {
                    self.take();
                }
                Kind::BlockComment => {
                    let comment = Event::Comment(self.here());
                    self.take();
                    self.aside(comment);
                }
                Kind::Backslash => {
                    self.aside(Event::Continuation(self.token.start));
                    if self.backslash() && self.token.kind == Kind::Newline {
                        self.take();
                    }
                }
                _ => return any,
            }
            any = true;
        }
    }

    /// A backslash and the space and comments after it, up to its newline; false if there is none.
    fn backslash(&mut self) -> bool {
        let span = self.here();
        let end = self.last_end;
        self.take();
        // A backslash is no word: what a slashdash takes out ends before it.
        self.last_end = end;
        loop {
            match self.token.kind {
                Kind::Space => {
                    self.take();
                }
                Kind::BlockComment | Kind::LineComment => {
                    let comment = Event::Comment(self.here());
                    self.take();
                    self.aside(comment);
                }
                Kind::Newline | Kind::End => return true,
                _ => {
                    self.lexer.report(|| {
                        rules::unexpected_token(
                            span,
                            "\\",
                            "a name or a value, or a new line after it",
                        )
                    });
                    return false;
                }
            }
        }
    }

    /// A `;` without a node before it. KDL has no empty nodes.
    fn stray_semicolon(&mut self) {
        let span = self.here();
        self.lexer.report(|| rules::expected_node_name(span, ";"));
        self.take();
    }

    fn slashdashed_node(&mut self) {
        let (start, span) = (self.token.start, self.here());
        self.take();
        self.emit(Event::Skip { start });
        self.line_space();
        match self.token.kind {
            Kind::End | Kind::BraceClose | Kind::Semicolon | Kind::Slashdash => {
                self.lexer
                    .report(|| rules::missing_value(span, "/-", "a node"));
                let end = self.last_end;
                self.emit(Event::EndSkip { end });
                if self.token.kind == Kind::Semicolon {
                    self.take();
                }
            }
            _ => self.node(true),
        }
    }

    /// A node that starts at the position; if `skipped`, a slashdash came before it.
    fn node(&mut self, skipped: bool) {
        let open = Open {
            skipped,
            nameless: false,
            stage: Stage::Entries,
            errors: self.lexer.errors.total(),
            brace: Span::default(),
            block_skipped: false,
            block_counts: false,
            block_end: Span::default(),
            indent: self.indent,
            late_reported: false,
        };
        let named = self.name();
        if named {
            self.entries(open);
        } else {
            self.nameless_node(open);
        }
    }

    /// What stands where a node should is read for its mistakes and its blocks, and left out.
    fn nameless_node(&mut self, mut open: Open) {
        let (span, words) = (self.here(), self.words());
        let known = |word: &str| keyword_value(word.trim_start_matches('#')).is_some();
        let unknown = matches!(self.token.kind, Kind::Keyword(word) if !known(word));
        self.lexer.report(|| match unknown {
            true => rules::unknown_keyword(span, words),
            false => rules::expected_node_name(span, words),
        });
        open.nameless = true;
        let start = self.token.start;
        self.emit(Event::Skip { start });
        self.recover();
        self.entries(open);
    }

    /// Passes over the rest of a node, up to its end or a block, without a word about it.
    pub(super) fn recover(&mut self) {
        self.lexer.quiet = true;
        while !matches!(
            self.token.kind,
            Kind::Newline
                | Kind::Semicolon
                | Kind::BraceOpen
                | Kind::BraceClose
                | Kind::LineComment
                | Kind::End
        ) {
            if matches!(self.token.kind, Kind::BlockComment) {
                let comment = Event::Comment(self.here());
                self.aside(comment);
            }
            self.take();
        }
        self.lexer.quiet = false;
    }

    /// Ends a node: its terminator is at the position.
    pub(super) fn end_node(&mut self, open: &Open) {
        if self.token.kind == Kind::Semicolon {
            // The semicolon is no part of the node, nor of what a slashdash took out.
            let end = self.last_end;
            self.take();
            self.last_end = end;
        }
        let end = self.last_end;
        let broken = self.lexer.errors.total() > open.errors;
        if open.nameless {
            self.emit(Event::EndSkip { end });
        } else {
            self.emit(Event::EndNode { end, broken });
        }
        if open.skipped {
            self.emit(Event::EndSkip { end });
        }
    }
}
