//! Findings as a JUnit report, which nearly every CI system shows as tests.

use std::collections::HashMap;
use std::fmt::Write;

use crate::Report;
use crate::report::Found;

/// One XML document: a suite for each file, in it a case for each finding. A file without findings is
/// one case that passes; a finding that does not make the run fail is a case that passes and tells it.
pub fn junit(report: &Report<'_>) -> String {
    let findings = report.findings();
    let mut by_file: HashMap<String, Vec<&Found<'_>>> = HashMap::new();
    for found in &findings {
        let file = found.view.name(found.diagnostic.span).unwrap_or_default();
        by_file.entry(file).or_default().push(found);
    }
    let mut files = report.files();
    if by_file.contains_key("") {
        files.push(String::new());
    }
    let suites: Vec<Suite> = files
        .into_iter()
        .map(|file| {
            let found = by_file.remove(&file).unwrap_or_default();
            suite(&file, &found, report)
        })
        .collect();
    let tests: usize = suites.iter().map(|suite| suite.tests).sum();
    let failures: usize = suites.iter().map(|suite| suite.failures).sum();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        xml,
        "<testsuites name=\"gatec check\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
    );
    xml.extend(suites.into_iter().map(|suite| suite.xml));
    xml.push_str("</testsuites>\n");
    xml
}

struct Suite {
    tests: usize,
    failures: usize,
    xml: String,
}

fn suite(file: &str, findings: &[&Found<'_>], report: &Report<'_>) -> Suite {
    let is_failure = |found: &&&Found<'_>| report.is_failure(found.diagnostic.severity);
    let failures = findings.iter().filter(is_failure).count();
    let tests = findings.len().max(1);
    let name = escaped(file);
    let mut xml = format!(
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n"
    );
    if findings.is_empty() {
        let _ = writeln!(
            xml,
            "    <testcase name=\"{name}\" classname=\"gatec check\" file=\"{name}\"/>"
        );
    }
    for found in findings {
        case(found, report, &mut xml);
    }
    xml.push_str("  </testsuite>\n");
    Suite {
        tests,
        failures,
        xml,
    }
}

fn case(found: &Found<'_>, report: &Report<'_>, xml: &mut String) {
    let diagnostic = found.diagnostic;
    let told = escaped(&found.view.told(diagnostic.span));
    let kind = escaped(&found.kind());
    let place = found.view.place(diagnostic.span);
    let (file, line) = place.map_or((String::new(), 1), |place| (place.file, place.start.line));
    let _ = writeln!(
        xml,
        "    <testcase name=\"{kind} {told}\" classname=\"gatec check\" file=\"{}\" line=\"{line}\">",
        escaped(&file)
    );
    let body = escaped(&format!(
        "{}{} {}",
        found.at(": "),
        found.kind(),
        found.advice()
    ));
    let _ = match report.is_failure(diagnostic.severity) {
        true => writeln!(
            xml,
            "      <failure type=\"{}\" message=\"{}\">{body}</failure>",
            escaped(diagnostic.code),
            escaped(&diagnostic.message)
        ),
        false => writeln!(xml, "      <system-out>{body}</system-out>"),
    };
    xml.push_str("    </testcase>\n");
}

/// Text for an attribute or between tags. What XML 1.0 allows nowhere is replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' => escaped.push_str("&#9;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}
