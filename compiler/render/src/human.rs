//! Findings drawn for people: the source around each place, what is wrong beside it, what to do
//! below it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use gatec_syntax::{Diagnostic, Severity, SourceId, Sources, Span};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan};

use crate::excerpt::{Excerpt, harmless};
use crate::summary::summary;

/// The width of a report that goes to no terminal, in columns.
pub const WIDTH: usize = 100;

/// How many findings are drawn; more are only counted.
const DRAWN: usize = 100;

/// Findings as text, with a closing line that counts them; empty where there is none. Of very many
/// the first hundred are drawn, errors before all others. Without `color` the text holds no escape
/// sequences.
pub fn human(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
    human_within(diagnostics, sources, color, WIDTH)
}

/// As [`human`], in so many columns.
pub fn human_within(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    color: bool,
    width: usize,
) -> String {
    let handler = handler(color, width.clamp(40, 160));
    let drawn = drawn(diagnostics);
    let texts = Texts::of(&drawn, sources);
    let mut text = String::new();
    for diagnostic in &drawn {
        // Writing to a string fails only if the drawing library gives up on a finding: then its
        // sentence still has to reach the reader.
        if handler
            .render_report(&mut text, &Finding::of(diagnostic, &texts))
            .is_err()
        {
            text.push_str(&one_line(diagnostic, sources));
        }
        text.push('\n');
    }
    let more = diagnostics.len() - drawn.len();
    if more > 0 {
        text.push_str(&format!("and {more} more that are not shown here\n\n"));
    }
    if !diagnostics.is_empty() {
        text.push_str(&summary(diagnostics));
        text.push('\n');
    }
    text
}

/// The findings to draw, in the order given.
fn drawn(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut ranked: Vec<(usize, &Diagnostic)> = diagnostics.iter().enumerate().collect();
    ranked.sort_by_key(|(place, found)| (std::cmp::Reverse(found.severity), *place));
    ranked.truncate(DRAWN);
    ranked.sort_by_key(|(place, _)| *place);
    ranked.into_iter().map(|(_, found)| found).collect()
}

fn handler(color: bool, width: usize) -> GraphicalReportHandler {
    let theme = match color {
        true => GraphicalTheme::unicode(),
        false => GraphicalTheme::unicode_nocolor(),
    };
    GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_links(false)
        .with_show_related_as_nested(true)
        .without_syntax_highlighting()
}

fn one_line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let Diagnostic {
        code,
        message,
        span,
        ..
    } = diagnostic;
    format!("{code}: {message} ({})\n", sources.place(*span))
}

/// The texts findings point into, each made harmless once.
struct Texts<'s> {
    sources: &'s Sources,
    harmless: HashMap<SourceId, Cow<'s, str>>,
}

impl<'s> Texts<'s> {
    fn of(diagnostics: &[&Diagnostic], sources: &'s Sources) -> Self {
        let mut texts = HashMap::new();
        for diagnostic in diagnostics {
            let related = diagnostic.related.iter().map(|related| related.span.source);
            for id in related.chain([diagnostic.span.source]) {
                if let Some(source) = sources.get(id) {
                    texts.entry(id).or_insert_with(|| harmless(source.text()));
                }
            }
        }
        Self {
            sources,
            harmless: texts,
        }
    }

    fn excerpt(&self, id: SourceId) -> Option<Excerpt<'_>> {
        Some(Excerpt::of(self.sources.get(id)?, self.harmless.get(&id)?))
    }
}

/// A finding as the drawing library takes it. What belongs to it in another file is a finding of
/// its own, drawn below.
struct Finding<'s> {
    code: Option<&'static str>,
    severity: Severity,
    message: String,
    help: Option<String>,
    excerpt: Option<Excerpt<'s>>,
    labels: Vec<LabeledSpan>,
    elsewhere: Vec<Finding<'s>>,
}

impl<'s> Finding<'s> {
    fn of(diagnostic: &Diagnostic, texts: &'s Texts<'_>) -> Self {
        let mut finding = Self::at(diagnostic.span, &diagnostic.label, texts);
        finding.code = (!diagnostic.code.is_empty()).then_some(diagnostic.code);
        finding.severity = diagnostic.severity;
        finding.message = clean(&diagnostic.message);
        finding.help = help(diagnostic);
        for related in &diagnostic.related {
            if related.span.source == diagnostic.span.source {
                finding.mark(related.span, &related.label, false);
            } else {
                let mut other = Self::at(related.span, "", texts);
                other.message = clean(&related.label);
                finding.elsewhere.push(other);
            }
        }
        finding
    }

    fn at(span: Span, label: &str, texts: &'s Texts<'_>) -> Self {
        let mut finding = Self {
            code: None,
            severity: Severity::Advice,
            message: String::new(),
            help: None,
            excerpt: texts.excerpt(span.source),
            labels: Vec::new(),
            elsewhere: Vec::new(),
        };
        finding.mark(span, label, true);
        finding
    }

    fn mark(&mut self, span: Span, label: &str, primary: bool) {
        let Some(excerpt) = &mut self.excerpt else {
            return;
        };
        let (start, length) = excerpt.mark(span);
        let label = (!label.is_empty()).then(|| clean(label));
        let place = (start, length);
        self.labels.push(match primary {
            true => LabeledSpan::new_primary_with_span(label, place),
            false => LabeledSpan::new_with_span(label, place),
        });
    }
}

/// The help and the title of the mend, a line each. What is only offered is for an editor, where there is
/// help to read.
fn help(diagnostic: &Diagnostic) -> Option<String> {
    let fix = diagnostic.fix.as_ref();
    let fix = fix.filter(|fix| fix.certain || diagnostic.help.is_none());
    let fix = fix.map(|fix| fix.title.as_str());
    let lines: Vec<&str> = diagnostic.help.as_deref().into_iter().chain(fix).collect();
    (!lines.is_empty()).then(|| clean(&lines.join("\n")))
}

/// Text that quotes a user's words, without what could steer a terminal.
fn clean(text: &str) -> String {
    harmless(text).into_owned()
}

impl fmt::Debug for Finding<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl fmt::Display for Finding<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Finding<'_> {}

impl miette::Diagnostic for Finding<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code
            .map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Advice => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.map(|code| {
            Box::new(format!("for more: gatec explain {code}")) as Box<dyn fmt::Display>
        })
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.excerpt
            .as_ref()
            .map(|excerpt| excerpt as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        let elsewhere = self
            .elsewhere
            .iter()
            .map(|finding| finding as &dyn miette::Diagnostic);
        (!self.elsewhere.is_empty()).then(|| Box::new(elsewhere) as Box<dyn Iterator<Item = _>>)
    }
}
