//! Findings as workflow commands, which GitHub Actions shows beside the changed lines.

use std::fmt::Write;

use gatec_syntax::Severity;

use crate::Report;
use crate::excerpt::harmless;
use crate::report::Found;

/// `::error file=…,line=…,endLine=…,col=…,endColumn=…,title=CODE::message` for each finding. Columns
/// are left out of a place of several lines, where GitHub heeds none. Advice is a `notice`.
pub fn github(report: &Report<'_>) -> String {
    let mut text = String::new();
    for found in report.findings() {
        command(&found, &mut text);
    }
    text
}

fn command(found: &Found<'_>, text: &mut String) {
    let diagnostic = found.diagnostic;
    text.push_str(match diagnostic.severity {
        Severity::Error => "::error ",
        Severity::Warning => "::warning ",
        Severity::Advice => "::notice ",
    });
    if let Some(place) = found.view.place(diagnostic.span) {
        let (start, end) = (place.start, place.end);
        let _ = write!(
            text,
            "file={},line={},endLine={},",
            property(&place.file),
            start.line,
            end.line
        );
        if start.line == end.line {
            let _ = write!(text, "col={},endColumn={},", start.column, end.column);
        }
    }
    let title = match diagnostic.code {
        "" => "gatec",
        code => code,
    };
    let _ = writeln!(text, "title={title}::{}", data(&found.advice()));
}

/// Text after the colons, as the runner takes it apart.
fn data(text: &str) -> String {
    harmless(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
