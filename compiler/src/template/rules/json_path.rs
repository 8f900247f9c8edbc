//! T105: a template has a JSON path that cannot be read.

use std::ops::Range;

use gatec_syntax::{Rule, Severity};

use crate::template::Finding;

/// The rule of T105.
pub(crate) const RULE: Rule = Rule {
    code: "T105",
    name: "bad-json-path",
    severity: Severity::Error,
    summary: "a template has a JSON path that cannot be read",
    explanation: r##"A part of a JSON body is named by a JSON path (RFC 9535). `body.user.id` is short for `$.user.id`; in full it stands in brackets or in `json(…)`. A path that cannot be
read would select nothing in any request."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "POST" "/hello"
    respond 200 body=#"Hello {{ json("$.user[") }}"#
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "POST" "/hello"
    respond 200 body=#"Hello {{ json("$.user[0]") }}"#
}
"##,
};

/// What is wrong with a JSON path, if anything.
pub(in crate::template) fn check(range: Range<usize>, path: &str) -> Option<Finding> {
    gated_engine::template::parse_json_path(path).err()?;
    let message = format!("`{path}` is not a JSON path that can be used");
    Some(Finding::error(RULE.code, range, message).label("not a JSON path (RFC 9535)"))
}
