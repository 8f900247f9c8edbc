//! Findings as a GitLab Code Quality report.

use gatec_syntax::Severity;
use serde_json::{Value, json};

use crate::Report;
use crate::fingerprint::fingerprints;
use crate::report::Found;

/// One JSON array, as `artifacts:reports:codequality` takes it. A finding keeps its fingerprint when
/// lines are added above it.
pub fn gitlab(report: &Report<'_>) -> String {
    let findings = report.findings();
    let issues = findings.iter().zip(fingerprints(&findings));
    let issues = issues.map(|(found, fingerprint)| issue(found, &fingerprint));
    format!("{:#}\n", Value::Array(issues.collect()))
}

fn issue(found: &Found<'_>, fingerprint: &str) -> Value {
    let diagnostic = found.diagnostic;
    let severity = match diagnostic.severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Advice => "info",
    };
    let place = found.view.place(diagnostic.span);
    let (path, begin, end) = place.map_or((String::new(), 1, 1), |place| {
        (place.file, place.start.line, place.end.line)
    });
    json!({
        "description": found.advice(),
        "check_name": diagnostic.code,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": { "path": path, "lines": { "begin": begin, "end": end } },
    })
}
