//! Reading on after a mistake.
//!
//! The parser underneath stops at the first mistake of syntax. So the entry with the mistake is
//! replaced by as many blanks, which moves no offset, and the text is read again, a bounded number
//! of times.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Object, Value};
use crate::source::{SourceId, Span};

use super::build::{Built, build};
use super::comments;
use super::indent::{blank, entry, line_at, untab, words};
use super::mistake::{Mend, explain};
use super::rules;
use super::settle;

/// How often a text is read again.
const MAX_ROUNDS: usize = 20;

/// How many bytes all rounds together may read.
const MAX_WORK: usize = 4 * super::MAX_TEXT;

/// Reads a text with all its mistakes.
pub(super) fn read(source: SourceId, text: &str) -> (Document, Vec<Diagnostic>) {
    let mut working = Cow::Borrowed(text);
    let mut findings: Vec<Diagnostic> = Vec::new();
    let mut lines = BTreeSet::new();
    let mut lost_anchors = false;
    let rounds = MAX_ROUNDS.min(MAX_WORK / text.len().max(1));
    for round in 0.. {
        let built = build(source, &working);
        let Some(failure) = &built.failure else {
            return finish(source, text, built, findings, lost_anchors);
        };
        let mistake = explain(source, &working, failure);
        // Two mistakes on one line are most often one.
        if lines.insert(line_at(text, mistake.finding.span.start as usize).start) {
            findings.push(mistake.finding);
        }
        if round >= rounds {
            return finish(source, text, built, findings, true);
        }
        let mended = match mistake.mend {
            Mend::Untab => Some(untab(&working)).filter(|mended| *mended != *working),
            Mend::Blank(at) => Some(at).and_then(|at| without_entry(&working, at)),
        };
        let fallback = || without_entry(&working, failure.at);
        let Some(mended) = mended.or_else(fallback) else {
            return finish(source, text, built, findings, true);
        };
        lost_anchors |= working.contains('&');
        working = Cow::Owned(mended);
    }
    (Document::default(), findings)
}

/// The text without the entry at a place, or at the nearest line above that has words; `None` if
/// there is nothing left to take away.
fn without_entry(text: &str, at: usize) -> Option<String> {
    let mut line = line_at(text, at);
    while words(text, line.clone()).is_empty() {
        if line.start == 0 {
            return None;
        }
        line = line_at(text, line.start - 1);
    }
    Some(blank(text, entry(text, line.start)))
}

fn finish(
    source: SourceId,
    text: &str,
    built: Built,
    mut findings: Vec<Diagnostic>,
    lost_anchors: bool,
) -> (Document, Vec<Diagnostic>) {
    let follows =
        |finding: &Diagnostic| lost_anchors && finding.code == rules::unknown_alias::RULE.code;
    findings.extend(
        built
            .findings
            .into_iter()
            .filter(|finding| !follows(finding)),
    );
    let mut document = Document {
        span: Span::new(source, 0, text.len()),
        ..Document::default()
    };
    match built.root {
        None => {}
        Some(node) => match node.value {
            Value::Object(root) => document.root = root,
            Value::Null if node.span.is_empty() => {}
            other => {
                findings.push(not_a_map(text, node.span, &other));
                document.root = Object::default();
            }
        },
    }
    comments::attach(&mut document, built.comments);
    if !findings.is_empty() {
        settle::object(text, &mut document.root);
        findings
            .iter_mut()
            .for_each(|finding| settle::finding(text, finding));
    }
    findings.sort_by_key(|finding| finding.span.start);
    (document, findings)
}

fn not_a_map(text: &str, span: Span, value: &Value) -> Diagnostic {
    let message = format!(
        "the text must be a map of `key: value` entries, but it is {}",
        value.kind()
    );
    let finding = Diagnostic::error(rules::root_not_a_map::RULE.code, span, message);
    let written = text.get(span.range()).unwrap_or("");
    match written.split_once(':') {
        Some((key, rest)) if matches!(value, Value::String(_)) && !rest.starts_with('/') => finding
            .help(format!(
                "a blank must follow the colon: `{}: …`",
                super::quote::shorten(key)
            )),
        _ => finding.help("start with an entry such as `gateway: {name: shop}`"),
    }
}
