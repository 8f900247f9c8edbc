//! The line that closes a report.

use std::collections::BTreeSet;

use gatec_syntax::{Diagnostic, Severity};

/// `3 errors, 1 warning in 2 files`; empty where there is nothing to count.
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    counted(
        diagnostics
            .iter()
            .map(|found| (found.severity, found.span.source)),
    )
}

/// The same for findings of which only the severity and the file are known.
pub(crate) fn counted<File: Ord>(findings: impl Iterator<Item = (Severity, File)>) -> String {
    let (severities, files): (Vec<Severity>, BTreeSet<File>) = findings.unzip();
    let counted = [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Advice, "piece of advice", "pieces of advice"),
    ];
    let parts: Vec<String> = counted
        .iter()
        .filter_map(|(severity, one, many)| {
            match severities.iter().filter(|found| *found == severity).count() {
                0 => None,
                1 => Some(format!("1 {one}")),
                count => Some(format!("{count} {many}")),
            }
        })
        .collect();
    if parts.is_empty() {
        return String::new();
    }
    match files.len() {
        0 | 1 => parts.join(", "),
        count => format!("{} in {count} files", parts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use gatec_syntax::{SourceId, Span};

    use super::*;

    #[test]
    fn counts_by_severity_and_file() {
        let at = |source| Span::new(SourceId(source), 0, 1);
        assert_eq!(summary(&[]), "");
        assert_eq!(summary(&[Diagnostic::error("S101", at(0), "x")]), "1 error");
        let found = [
            Diagnostic::error("S101", at(0), "x"),
            Diagnostic::error("S101", at(1), "x"),
            Diagnostic::warning("U101", at(1), "x"),
            Diagnostic::advice("U102", at(1), "x"),
        ];
        assert_eq!(
            summary(&found),
            "2 errors, 1 warning, 1 piece of advice in 2 files"
        );
    }
}
