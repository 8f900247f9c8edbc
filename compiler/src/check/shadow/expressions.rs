//! The regular expressions of a program: each is read, sampled and compiled once at most.
//!
//! Beside the expression itself stand the literals that every text it matches begins with, ends with
//! and holds. They tell most pairs apart by comparing bytes, long before an automaton is built.

use std::cell::OnceCell;

use regex::Regex;
use regex_syntax::hir::{Hir, HirKind};

use super::sample;

/// How many samples are made of one expression.
const SAMPLES: usize = 8;

/// The regular expressions of a program.
pub(super) struct Regexes<'p> {
    patterns: &'p [String],
    forms: Vec<Form>,
}

#[derive(Default)]
struct Form {
    read: OnceCell<Read>,
    compiled: OnceCell<Option<Regex>>,
}

/// What is read off an expression.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    /// What every text it matches begins with.
    pub(super) prefix: String,
    /// What every text it matches ends with.
    pub(super) suffix: String,
    /// What every text it matches holds.
    pub(super) literals: Vec<String>,
    /// A few texts it matches.
    pub(super) samples: Vec<String>,
    /// Whether the samples surely match: without look-around they do.
    pub(super) certain: bool,
}

impl<'p> Regexes<'p> {
    pub(super) fn new(patterns: &'p [String]) -> Self {
        Self {
            patterns,
            forms: patterns.iter().map(|_| Form::default()).collect(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.patterns.len()
    }

    fn text(&self, index: u32) -> &'p str {
        self.patterns.get(index as usize).map_or("", String::as_str)
    }

    /// What is read off an expression; nothing for one that there is not.
    pub(super) fn read(&self, index: u32) -> Option<&Read> {
        let form = self.forms.get(index as usize)?;
        Some(form.read.get_or_init(|| Read::of(self.text(index))))
    }

    /// A few texts that an expression may match.
    pub(super) fn samples(&self, index: u32) -> &[String] {
        self.read(index).map_or(&[], |read| &read.samples)
    }

    /// Whether an expression has been compiled already.
    pub(super) fn is_compiled(&self, index: u32) -> bool {
        self.forms
            .get(index as usize)
            .is_some_and(|form| form.compiled.get().is_some())
    }

    /// Whether a text may match, going by its beginning and its end.
    pub(super) fn may_match(&self, index: u32, text: &str) -> bool {
        self.read(index)
            .is_some_and(|read| text.starts_with(&read.prefix) && text.ends_with(&read.suffix))
    }

    /// Whether the whole of a text matches.
    pub(super) fn matches(&self, index: u32, text: &str) -> bool {
        let Some(form) = self.forms.get(index as usize) else {
            return false;
        };
        let make = || Regex::new(&format!(r"\A(?:{})\z", self.text(index))).ok();
        self.may_match(index, text)
            && form
                .compiled
                .get_or_init(make)
                .as_ref()
                .is_some_and(|regex| regex.is_match(text))
    }

    /// Whether the literals show that no text matches both.
    pub(super) fn disjoint(&self, left: u32, right: u32) -> bool {
        let (Some(left), Some(right)) = (self.read(left), self.read(right)) else {
            return false;
        };
        let (one, two) = (&left.prefix, &right.prefix);
        let (last, other) = (&left.suffix, &right.suffix);
        !(one.starts_with(two.as_str()) || two.starts_with(one.as_str()))
            || !(last.ends_with(other.as_str()) || other.ends_with(last.as_str()))
    }
}

impl Read {
    fn of(pattern: &str) -> Self {
        let Ok(hir) = regex_syntax::parse(pattern) else {
            return Self::default();
        };
        let mut parts = Vec::new();
        flatten(&hir, &mut parts);
        Self {
            prefix: joined(parts.iter().copied()),
            suffix: reversed(joined(parts.iter().rev().copied().map(Part::reversed))),
            literals: literals(&parts),
            samples: sample::texts(&hir, SAMPLES),
            certain: hir.properties().look_set().is_empty(),
        }
    }
}

/// A part of a sequence.
#[derive(Clone, Copy)]
enum Part<'h> {
    Literal(&'h str, bool),
    /// Takes no character.
    Nothing,
    Other,
}

impl Part<'_> {
    /// The same, to be read from its end.
    fn reversed(self) -> Self {
        match self {
            Part::Literal(text, back) => Part::Literal(text, !back),
            other => other,
        }
    }
}

/// The parts that stand one after the other, through groups.
fn flatten<'h>(hir: &'h Hir, parts: &mut Vec<Part<'h>>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => parts.push(Part::Nothing),
        HirKind::Literal(literal) => parts.push(match std::str::from_utf8(&literal.0) {
            Ok(text) => Part::Literal(text, false),
            Err(_) => Part::Other,
        }),
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        HirKind::Concat(all) => all.iter().for_each(|part| flatten(part, parts)),
        _ => parts.push(Part::Other),
    }
}

/// The literals up to the first part that is none.
fn joined<'h>(parts: impl Iterator<Item = Part<'h>>) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Literal(literal, false) => text.push_str(literal),
            Part::Literal(literal, true) => text.extend(literal.chars().rev()),
            Part::Nothing => {}
            Part::Other => break,
        }
    }
    text
}

fn reversed(text: String) -> String {
    text.chars().rev().collect()
}

fn literals(parts: &[Part<'_>]) -> Vec<String> {
    let mut found = vec![String::new()];
    for part in parts {
        match (part, found.last_mut()) {
            (Part::Literal(text, _), Some(last)) => last.push_str(text),
            (Part::Other, _) => found.push(String::new()),
            _ => {}
        }
    }
    found.retain(|text| !text.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_read_off() {
        let read = |pattern: &str| {
            let read = Read::of(pattern);
            (read.prefix, read.suffix, read.literals.join(" "))
        };
        let three = |prefix: &str, suffix: &str, all: &str| {
            (prefix.to_owned(), suffix.to_owned(), all.to_owned())
        };
        assert_eq!(
            read("^/v[0-9]+/(?<x>ab)c.*dé$"),
            three("/v", "dé", "/v /abc dé")
        );
        assert_eq!(read("/a/b"), three("/a/b", "/a/b", "/a/b"));
        assert_eq!(read("(?i)/a"), three("/", "", "/"));
        assert_eq!(read("/a(b|cd)?"), three("/a", "", "/a"));
        assert_eq!(read("("), three("", "", ""));
    }

    #[test]
    fn literals_tell_apart() {
        let patterns = ["/a/[a-z]+/x", "/a/[a-z]+/y", "/a/.*", "/b.*", ".*x"].map(str::to_owned);
        let regexes = Regexes::new(&patterns);
        assert!(regexes.disjoint(0, 1) && regexes.disjoint(2, 3));
        assert!(!regexes.disjoint(0, 2) && !regexes.disjoint(3, 4) && !regexes.disjoint(0, 4));
    }
}
