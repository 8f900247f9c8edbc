//! What a run of checks found, as every form for programs takes it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use gatec_syntax::{Diagnostic, LineColumn, Severity, Sources, Span};

use crate::excerpt::harmless;
use crate::paths;

/// One spec that was checked.
#[derive(Debug, Clone, Copy)]
pub struct Checked<'c> {
    /// What was found, in the order to show.
    pub diagnostics: &'c [Diagnostic],
    /// The texts that were read.
    pub sources: &'c Sources,
}

/// What was checked in one run: one or several specs. A finding in a file that several of them
/// include is told once.
#[derive(Debug)]
pub struct Report<'r> {
    specs: Vec<Checked<'r>>,
    folder: PathBuf,
    fails: Option<Severity>,
}

impl<'r> Report<'r> {
    /// A report in which files are named relative to `folder`, an absolute path, and findings of
    /// severity `fails` or worse make the run fail; where that is `None`, nothing does.
    pub fn new(
        specs: impl IntoIterator<Item = Checked<'r>>,
        folder: impl Into<PathBuf>,
        fails: Option<Severity>,
    ) -> Self {
        Self {
            specs: specs.into_iter().collect(),
            folder: folder.into(),
            fails,
        }
    }

    /// Whether a finding makes the run fail.
    pub(crate) fn is_failure(&self, severity: Severity) -> bool {
        self.fails.is_some_and(|worst| severity >= worst)
    }

    /// Every finding once.
    pub(crate) fn findings(&self) -> Vec<Found<'_>> {
        let mut known = HashSet::new();
        let mut findings = Vec::new();
        for spec in &self.specs {
            let view = View::within(spec.sources, &self.folder);
            for diagnostic in spec.diagnostics {
                let span = diagnostic.span;
                let key = (
                    view.name(span).unwrap_or_default(),
                    (span.start, span.end),
                    (diagnostic.code, diagnostic.message.as_str()),
                );
                if known.insert(key) {
                    findings.push(Found { diagnostic, view });
                }
            }
        }
        findings
    }

    /// The names of all texts that were read, each once.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut known = HashSet::new();
        let names = self.specs.iter().flat_map(|spec| {
            spec.sources
                .iter()
                .map(|(_, source)| paths::relative(source.name(), &self.folder))
        });
        names.filter(|name| known.insert(name.clone())).collect()
    }
}

/// The texts findings point into, and how they are named.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'v> {
    sources: &'v Sources,
    /// Names are relative to it; without one they stay as they are.
    folder: Option<&'v Path>,
}

/// A span as people and programs count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) start: LineColumn,
    /// Exclusive.
    pub(crate) end: LineColumn,
}

impl<'v> View<'v> {
    /// Texts under the names they have.
    pub(crate) fn as_written(sources: &'v Sources) -> Self {
        Self {
            sources,
            folder: None,
        }
    }

    fn within(sources: &'v Sources, folder: &'v Path) -> Self {
        Self {
            sources,
            folder: Some(folder),
        }
    }

    /// The name of the text a span points into.
    pub(crate) fn name(self, span: Span) -> Option<String> {
        let name = self.sources.get(span.source)?.name();
        Some(match self.folder {
            Some(folder) => paths::relative(name, folder),
            None => name.to_owned(),
        })
    }

    pub(crate) fn place(self, span: Span) -> Option<Place> {
        let source = self.sources.get(span.source)?;
        Some(Place {
            file: self.name(span)?,
            start: source.line_column(span.start),
            end: source.line_column(span.end.max(span.start)),
        })
    }

    /// The text a span points into.
    pub(crate) fn text(self, span: Span) -> &'v str {
        self.sources
            .get(span.source)
            .map_or("", |source| source.text())
    }

    /// The line a span begins in without its end, of a long one the part around the span; and whether
    /// it was cut before and after. Costs what it gives, however long the line is.
    pub(crate) fn line(self, span: Span, around: usize) -> (&'v str, [bool; 2]) {
        let text = self.text(span);
        let at = text.floor_char_boundary(span.start as usize);
        let from = text.floor_char_boundary(at.saturating_sub(around));
        let to = text.ceil_char_boundary(at.saturating_add(around).min(text.len()));
        let before = text.get(from..at).and_then(|before| before.rfind('\n'));
        let after = text.get(at..to).and_then(|after| after.find('\n'));
        let start = before.map_or(from, |feed| from + feed + 1);
        let end = after.map_or(to, |feed| at + feed);
        let line = text.get(start..end).unwrap_or("");
        let is_cut = [
            before.is_none() && from > 0,
            after.is_none() && to < text.len(),
        ];
        (line.strip_suffix('\r').unwrap_or(line), is_cut)
    }

    /// `file:line:column`; empty where the place is not known.
    pub(crate) fn told(self, span: Span) -> String {
        self.place(span).map_or_else(String::new, |place| {
            let LineColumn { line, column } = place.start;
            format!("{}:{line}:{column}", one_line(&place.file))
        })
    }
}

/// A finding, and the texts it points into.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'r> {
    pub(crate) diagnostic: &'r Diagnostic,
    pub(crate) view: View<'r>,
}

impl Found<'_> {
    /// `file:line:column` and what stands after it; without a known place, nothing.
    pub(crate) fn at(&self, after: &str) -> String {
        match self.view.told(self.diagnostic.span) {
            place if place.is_empty() => place,
            place => format!("{place}{after}"),
        }
    }

    /// `error[S101]`; without a code, `error`.
    pub(crate) fn kind(&self) -> String {
        let severity = self.diagnostic.severity.as_str();
        match self.diagnostic.code {
            "" => severity.to_owned(),
            code => format!("{severity}[{code}]"),
        }
    }

    /// The message, and below it the help.
    pub(crate) fn advice(&self) -> String {
        match &self.diagnostic.help {
            Some(help) => format!("{}\n{help}", self.diagnostic.message),
            None => self.diagnostic.message.clone(),
        }
    }
}

/// Text that quotes a user's words on one line, without what could steer a terminal.
pub fn one_line(text: &str) -> String {
    harmless(text).replace(['\n', '\r'], " ")
}
