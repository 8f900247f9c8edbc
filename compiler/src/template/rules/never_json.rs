//! T111: a template for a JSON body can never make JSON.

use gatec_syntax::{Rule, Severity};

use crate::template::Finding;
use crate::template::probe::Probe;

/// The rule of T111.
pub(crate) const RULE: Rule = Rule {
    code: "T111",
    name: "template-never-json",
    severity: Severity::Warning,
    summary: "a template for a JSON body can never make JSON",
    explanation: r##"The body is sent as JSON, but whatever its values are, the text around them is not JSON. An expression inside quotes becomes a part of that string. One outside of
quotes becomes a whole JSON value: a number, a truth value or a part of a JSON body as it is, anything else a string with quotes of its own, and what is missing `null`. So it cannot stand beside
other text of the same value. Where broken JSON is meant, say so with `| raw` or another content type."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 {
        header "content-type" "application/json"
        body #"{"greeting": Hello {{ path.name }}}"#
    }
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 {
        header "content-type" "application/json"
        body #"{"greeting": "Hello {{ path.name }}"}"#
    }
}
"##,
};

/// The finding, if no values make JSON of it.
pub(in crate::template) fn check(probe: &Probe, text: &str) -> Option<Finding> {
    let (at, what) = probe.not_json()?;
    let message = format!("whatever its values are, this body is never JSON: {what}");
    let at = text.floor_char_boundary(at);
    let wide = text.get(at..).and_then(|rest| rest.chars().next());
    let range = at..at + wide.map_or(0, char::len_utf8);
    let mut finding = Finding::error(RULE.code, range, message)
        .label("not JSON")
        .help("a value inside quotes is a part of that string, one outside of quotes a whole JSON value");
    finding.severity = Severity::Warning;
    Some(finding)
}
