//! Findings as they lie in an entry.

use std::collections::HashMap;

use gatec_syntax::{Diagnostic, Edit, Fix, Related, Severity, SourceId, Span};
use serde::{Deserialize, Serialize};

/// A place: the number of the text, first byte, one past the last byte.
type Place = (u32, u32, u32);

/// A fix: its title, its edits, whether it is certain.
type Mend = (String, Vec<(Place, String)>, bool);

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    code: String,
    severity: Grade,
    message: String,
    place: Place,
    label: String,
    related: Vec<(Place, String)>,
    help: Option<String>,
    fix: Option<Mend>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Grade {
    Advice,
    Warning,
    Error,
}

impl Kept {
    pub(super) fn of(found: &Diagnostic) -> Self {
        let edits = |fix: &Fix| {
            let edits = fix.edits.iter();
            let edits = edits.map(|edit| (place(edit.span), edit.text.clone()));
            (fix.title.clone(), edits.collect(), fix.certain)
        };
        let related = found.related.iter();
        Self {
            code: found.code.to_owned(),
            severity: match found.severity {
                Severity::Advice => Grade::Advice,
                Severity::Warning => Grade::Warning,
                Severity::Error => Grade::Error,
            },
            message: found.message.clone(),
            place: place(found.span),
            label: found.label.clone(),
            related: related
                .map(|one| (place(one.span), one.label.clone()))
                .collect(),
            help: found.help.clone(),
            fix: found.fix.as_ref().map(edits),
        }
    }

    /// Whether a place of it lies in a text.
    pub(super) fn points_into(&self, text: u32) -> bool {
        let edits = self.fix.iter().flat_map(|(_, edits, _)| edits);
        let mut others = self.related.iter().chain(edits);
        self.place.0 == text || others.any(|(place, _)| place.0 == text)
    }

    /// The finding, if its code is known.
    fn taken(&self, codes: &HashMap<&'static str, &'static str>) -> Option<Diagnostic> {
        let code = codes.get(self.code.as_str())?;
        let severity = match self.severity {
            Grade::Advice => Severity::Advice,
            Grade::Warning => Severity::Warning,
            Grade::Error => Severity::Error,
        };
        let related = self.related.iter().map(|(place, label)| Related {
            span: span(*place),
            label: label.clone(),
        });
        let fix = self.fix.as_ref().map(|(title, edits, certain)| Fix {
            title: title.clone(),
            edits: edits
                .iter()
                .map(|(place, text)| Edit {
                    span: span(*place),
                    text: text.clone(),
                })
                .collect(),
            certain: *certain,
        });
        Some(Diagnostic {
            code,
            severity,
            message: self.message.clone(),
            span: span(self.place),
            label: self.label.clone(),
            related: related.collect(),
            help: self.help.clone(),
            fix,
        })
    }
}

/// The findings of an entry; `None` where a code is not known.
pub(super) fn taken(kept: &[Kept]) -> Option<Vec<Diagnostic>> {
    let rules = gatec_compiler::rules::all();
    let mut codes: HashMap<_, _> = rules.iter().map(|rule| (rule.code, rule.code)).collect();
    codes.insert("", "");
    kept.iter().map(|one| one.taken(&codes)).collect()
}

fn place(span: Span) -> Place {
    (span.source.0, span.start, span.end)
}

fn span((source, start, end): Place) -> Span {
    Span {
        source: SourceId(source),
        start,
        end,
    }
}
