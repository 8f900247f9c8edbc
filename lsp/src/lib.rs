//! What an editor shows of a spec. So far the findings in a text; the protocol comes with the server.
//!
//! Editors count lines and UTF-16 units from 0, the compiler counts bytes: this crate alone knows
//! how the one becomes the other.

use std::path::PathBuf;

use gatec_compiler::load::{Format, Input, Options};
use gatec_syntax::{Severity, SourceId, Span};

/// A place in an editor's text: line and UTF-16 unit, both from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 0.
    pub line: u32,
    /// UTF-16 units from the line's start.
    pub character: u32,
}

/// A finding as an editor shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// First position.
    pub start: Position,
    /// One past the last position.
    pub end: Position,
    /// How bad.
    pub severity: Severity,
    /// The stable code.
    pub code: &'static str,
    /// The sentence to show.
    pub message: String,
    /// The mend, where it is certain.
    pub fix: Option<Mend>,
}

/// A mend that an editor can apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// What it does, in the imperative.
    pub title: String,
    /// What to put in the place of what; they do not overlap.
    pub edits: Vec<(Position, Position, String)>,
}

/// The findings in a text that is not saved yet; `base` is the folder its relative paths begin at.
/// Findings in files that it includes are left to those files.
pub fn diagnostics(text: &str, format: Format, base: PathBuf) -> Vec<Shown> {
    let input = Input::Text {
        name: "buffer".to_owned(),
        text: text.to_owned(),
        format,
        base,
    };
    let checked = gatec_compiler::compile::check_text(input, &Options::default());
    let here = |span: &Span| span.source == SourceId(0);
    checked
        .diagnostics
        .into_iter()
        .filter(|found| here(&found.span))
        .map(|found| Shown {
            start: position(text, found.span.start),
            end: position(text, found.span.end),
            severity: found.severity,
            code: found.code,
            message: found.message,
            fix: found
                .fix
                .filter(|fix| fix.edits.iter().all(|edit| here(&edit.span)))
                .map(|fix| {
                    let edits = fix.edits.into_iter();
                    let edits = edits.map(|edit| {
                        (
                            position(text, edit.span.start),
                            position(text, edit.span.end),
                            edit.text,
                        )
                    });
                    Mend {
                        title: fix.title,
                        edits: edits.collect(),
                    }
                }),
        })
        .collect()
}

/// The position of a byte; of one past the text, its end.
fn position(text: &str, offset: u32) -> Position {
    let before = text.get(..offset as usize).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let units = before
        .get(line_start..)
        .unwrap_or("")
        .encode_utf16()
        .count();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Position {
        line: count(before.matches('\n').count()),
        character: count(units),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_stand_where_an_editor_counts() {
        let text = "gateway \"😀\"\nlistener \"web\" bind=\"127.0.0.1:8080\"\nroute \"😀\" publc=#true {\n    respond 200\n}\n";
        let shown = diagnostics(text, Format::Kdl, PathBuf::from("."));
        let typo = shown
            .iter()
            .find(|found| found.message.contains("publc"))
            .unwrap();
        assert_eq!(
            typo.start,
            Position {
                line: 2,
                character: 11
            }
        );
        assert_eq!(
            typo.end,
            Position {
                line: 2,
                character: 16
            }
        );
        assert_eq!(typo.severity, Severity::Error);
    }

    #[test]
    fn a_sound_text_has_no_findings() {
        let text = "gateway \"x\"\nlistener \"web\" bind=\"127.0.0.1:8080\"\nroute \"a\" public=#true {\n    match \"GET\" \"/a\"\n    respond 200\n}\n";
        assert_eq!(diagnostics(text, Format::Kdl, PathBuf::from(".")), []);
    }
}
