//! The parts of one node: its name, types, values, properties and the places of its blocks.

use std::borrow::Cow;

use crate::source::Span;

use super::chars::{is_reserved, looks_like_number};
use super::event::{Argument, Event, Property};
use super::lexer::Kind;
use super::parser::{Open, Parser, Sink, Stage};
use super::tree::{Annotation, Scalar};
use super::{number, rules};

impl<'a, S: Sink<'a>> Parser<'a, S> {
    /// Type and name of a node; false if there is no name at the position.
    pub(super) fn name(&mut self) -> bool {
        let annotation = self.annotation();
        if annotation.is_some() {
            self.node_space();
        }
        let name_span = self.here();
        let Some(name) = self.string() else {
            return false;
        };
        self.emit(Event::Node {
            name,
            name_span,
            annotation,
        });
        true
    }

    /// Takes a string or a bare word that is a name; `None`, and nothing taken, for anything else.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        match &mut self.token.kind {
            Kind::String(text) => {
                let text = std::mem::take(text);
                self.take();
                Some(text)
            }
            Kind::Word(word) if !looks_like_number(word) => {
                let (word, span) = (*word, self.here());
                if is_reserved(word) {
                    self.lexer.report(|| rules::keyword_as_name(span, word));
                }
                self.take();
                Some(Cow::Borrowed(word))
            }
            _ => None,
        }
    }

    /// `(type)`, if one starts at the position.
    fn annotation(&mut self) -> Option<Annotation<'a>> {
        if self.token.kind != Kind::ParenOpen {
            return None;
        }
        let open = self.here();
        self.take();
        self.node_space();
        let name_span = self.here();
        let name = self.string();
        self.node_space();
        if name.is_none() || self.token.kind != Kind::ParenClose {
            let expected = if name.is_none() {
                "a word"
            } else {
                "`)` after the word"
            };
            self.lexer.report(|| rules::bad_annotation(open, expected));
        }
        let mut end = name_span;
        if self.token.kind == Kind::ParenClose {
            end = self.here();
            self.take();
        }
        name.map(|name| Annotation {
            name,
            name_span,
            span: open.to(end),
        })
    }

    /// What follows the name of a node, or its latest block, up to its end or its next block.
    pub(super) fn entries(&mut self, mut open: Open) {
        let mut spaced = self.node_space() || open.nameless;
        loop {
            match self.token.kind {
                Kind::Newline
                | Kind::LineComment
                | Kind::Semicolon
                | Kind::BraceClose
                | Kind::End => return self.end_node(&open),
                Kind::BraceOpen => {
                    if open.stage == Stage::Block {
                        self.late(&mut open, "{");
                    }
                    let Some(next) = self.open_block(open, None) else {
                        return;
                    };
                    open = next;
                    spaced = self.node_space();
                }
                Kind::Slashdash => {
                    if !spaced && open.stage != Stage::Block {
                        self.missing_space();
                    }
                    let Some((next, space)) = self.slashdashed(open) else {
                        return;
                    };
                    open = next;
                    spaced = space;
                }
                Kind::Word(_) | Kind::Keyword(_) | Kind::String(_) | Kind::ParenOpen => {
                    if open.stage != Stage::Entries {
                        let words = self.words();
                        self.late(&mut open, words);
                    } else if !spaced {
                        self.missing_space();
                    }
                    spaced = self.entry(None);
                }
                _ => {
                    let (span, words) = (self.here(), self.words());
                    self.lexer.report(|| {
                        rules::unexpected_token(span, words, "a value, a property or a new line")
                    });
                    self.recover();
                }
            }
        }
    }

    /// Reports two words that touch, unless the second is a mistake already: a quote too many both
    /// touches and stays open.
    fn missing_space(&mut self) {
        if self.lexer.errors.just_found_at(self.token.start) {
            return;
        }
        let (span, words) = (self.here(), self.words());
        self.lexer.report(|| rules::missing_space(span, words));
    }

    /// Reports what comes after a block, once for each node.
    fn late(&mut self, open: &mut Open, words: &str) {
        if !std::mem::replace(&mut open.late_reported, true) {
            let (span, block) = (self.here(), open.block_end);
            self.lexer.report(|| rules::after_block(span, words, block));
        }
    }

    /// The `/-` at the position and what it takes out: the node, and whether space came after it.
    /// `None` if that is a block, which is now open.
    fn slashdashed(&mut self, mut open: Open) -> Option<(Open, bool)> {
        let (start, span) = (self.token.start, self.here());
        self.take();
        self.skip_line_space();
        match self.token.kind {
            Kind::BraceOpen => {
                let open = self.open_block(open, Some(start))?;
                Some((open, self.node_space()))
            }
            Kind::Word(_) | Kind::Keyword(_) | Kind::String(_) | Kind::ParenOpen => {
                if open.stage != Stage::Entries {
                    let words = self.words();
                    self.late(&mut open, words);
                }
                let spaced = self.entry(Some(start));
                Some((open, spaced))
            }
            _ => {
                self.lexer
                    .report(|| rules::missing_value(span, "/-", "a value, a property or a block"));
                self.release();
                Some((open, true))
            }
        }
    }

    /// Space, newlines and comments after a `/-` within a node. Its comments are held back, to come
    /// after the [`Event::Skip`] they belong in.
    fn skip_line_space(&mut self) {
        self.holding = true;
        loop {
            match self.token.kind {
                Kind::Newline => {
                    self.take();
                }
                Kind::LineComment => {
                    let comment = Event::Comment(self.here());
                    self.take();
                    self.aside(comment);
                }
                _ => {
                    if !self.node_space() {
                        return;
                    }
                }
            }
        }
    }

    /// A value or a property; with `skip` at its `/-`, it is taken out. Whether space came after it.
    fn entry(&mut self, skip: Option<usize>) -> bool {
        self.holding = true;
        if let Some(start) = skip {
            self.emit(Event::Skip { start });
        }
        let annotation = self.annotation();
        if annotation.is_some() {
            self.node_space();
        }
        let could_be_key = match self.token.kind {
            Kind::String(_) => true,
            Kind::Word(word) => !looks_like_number(word),
            _ => false,
        };
        let spaced = if could_be_key {
            self.key_or_string(annotation)
        } else {
            self.plain_value(annotation);
            false
        };
        if skip.is_some() {
            self.end_entry_skip();
        }
        self.release();
        spaced || self.node_space()
    }

    /// A number or keyword: certainly no key.
    fn plain_value(&mut self, annotation: Option<Annotation<'a>>) {
        match self.value() {
            Some((value, span)) => self.emit(Event::Argument(Argument {
                value,
                span,
                annotation,
            })),
            None => self.value_missing_after(annotation.as_ref()),
        }
    }

    /// A type without a value. (A malformed type has been reported already.)
    fn value_missing_after(&mut self, annotation: Option<&Annotation<'a>>) {
        if let Some(annotation) = annotation {
            let (span, words) = (annotation.span, self.lexer.slice_of(annotation.span));
            self.lexer
                .report(|| rules::missing_value(span, words, "a value"));
        }
    }

    /// A string: a key if `=` follows, a value otherwise. Whether space came after a value.
    fn key_or_string(&mut self, annotation: Option<Annotation<'a>>) -> bool {
        let span = self.here();
        let bare = match self.token.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        };
        let text = match self.take().kind {
            Kind::String(text) => text,
            _ => Cow::Borrowed(bare.unwrap_or("")),
        };
        let spaced = self.node_space();
        if self.token.kind == Kind::Equals {
            self.property(text, span, bare, annotation);
            return false;
        }
        let value = match bare {
            Some(word) if is_reserved(word) => self.bare_keyword(word, span),
            _ => Scalar::String(text),
        };
        self.emit(Event::Argument(Argument {
            value,
            span,
            annotation,
        }));
        spaced
    }

    fn property(
        &mut self,
        key: Cow<'a, str>,
        key_span: Span,
        bare: Option<&'a str>,
        annotation: Option<Annotation<'a>>,
    ) {
        if let Some(annotation) = &annotation {
            let span = annotation.span;
            self.lexer.report(|| rules::annotated_key(span));
        }
        if let Some(word) = bare.filter(|word| is_reserved(word)) {
            self.lexer.report(|| rules::keyword_as_name(key_span, word));
        }
        let equals = self.here();
        self.take();
        self.node_space();
        let annotation = self.annotation().or(annotation);
        self.node_space();
        match self.value() {
            Some((value, value_span)) => {
                self.emit(Event::Property(Property {
                    key,
                    key_span,
                    value,
                    value_span,
                    annotation,
                }));
            }
            None => {
                let span = key_span.to(equals);
                self.lexer
                    .report(|| rules::missing_value(span, &format!("{key}="), "a value"));
            }
        }
    }

    /// The value at the position, or `None` and nothing taken.
    fn value(&mut self) -> Option<(Scalar<'a>, Span)> {
        let span = self.here();
        let value = match &mut self.token.kind {
            Kind::String(text) => Scalar::String(std::mem::take(text)),
            Kind::Word(word) => {
                let word = *word;
                self.word(word, span)
            }
            Kind::Keyword(word) => {
                let word = *word;
                self.keyword(word, span)
            }
            _ => return None,
        };
        self.take();
        Some((value, span))
    }

    fn word(&mut self, word: &'a str, span: Span) -> Scalar<'a> {
        if is_reserved(word) {
            return self.bare_keyword(word, span);
        }
        if !looks_like_number(word) {
            return Scalar::String(Cow::Borrowed(word));
        }
        number::read(word).unwrap_or_else(|why| {
            self.lexer.report(|| rules::bad_number(span, word, why));
            Scalar::String(Cow::Borrowed(word))
        })
    }

    fn keyword(&mut self, word: &'a str, span: Span) -> Scalar<'a> {
        keyword_value(word.strip_prefix('#').unwrap_or(word)).unwrap_or_else(|| {
            self.lexer.report(|| rules::unknown_keyword(span, word));
            Scalar::String(Cow::Borrowed(word))
        })
    }

    /// A keyword without its `#` is reported and read as what it meant.
    fn bare_keyword(&mut self, word: &'a str, span: Span) -> Scalar<'a> {
        self.lexer.report(|| rules::bare_keyword(span, word));
        keyword_value(word).unwrap_or(Scalar::String(Cow::Borrowed(word)))
    }
}

pub(super) fn keyword_value(word: &str) -> Option<Scalar<'static>> {
    Some(match word {
        "true" => Scalar::Bool(true),
        "false" => Scalar::Bool(false),
        "null" => Scalar::Null,
        "inf" => Scalar::Float(f64::INFINITY),
        "-inf" => Scalar::Float(f64::NEG_INFINITY),
        "nan" => Scalar::Float(f64::NAN),
        _ => return None,
    })
}
