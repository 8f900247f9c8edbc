//! Findings on a line each, for logs and for programs that read lines.

use std::fmt::Write;

use crate::Report;
use crate::report::one_line;
use crate::summary::counted;

/// `file:line:column: severity[CODE] message` for each finding, and a line that counts them; empty
/// where there is none. The form is what the problem matcher in `docs/` reads.
pub fn concise(report: &Report<'_>) -> String {
    let findings = report.findings();
    let mut text = String::new();
    for found in &findings {
        let message = one_line(&found.diagnostic.message);
        let _ = writeln!(text, "{}{} {message}", found.at(": "), found.kind());
    }
    if !findings.is_empty() {
        let counted = counted(findings.iter().map(|found| {
            let file = found.view.name(found.diagnostic.span);
            (found.diagnostic.severity, file)
        }));
        let _ = writeln!(text, "{counted}");
    }
    text
}
