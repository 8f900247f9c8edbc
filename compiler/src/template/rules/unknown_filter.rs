//! T103: a template uses a filter that does not exist.

use std::ops::Range;

use gatec_syntax::{Rule, Severity};

use crate::check::closest;
use crate::template::Finding;
use crate::template::filter::FILTERS;

/// The rule of T103.
pub(crate) const RULE: Rule = Rule {
    code: "T103",
    name: "unknown-filter",
    severity: Severity::Error,
    summary: "a template uses a filter that does not exist",
    explanation: r##"The filters are `upper`, `lower`, `trim`, `default("text")`, `json`, `urlencode`, `base64`, `truncate(20)`, `date("%Y-%m-%d")`, `int`, `replace("old", "new")`, `length` and
`raw`. A filter that is not known would change nothing, and nobody would notice."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ path.name | uper }}"#
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ path.name | upper }}"#
}
"##,
};

/// A filter that is none of those known.
pub(in crate::template) fn finding(range: Range<usize>, name: &str) -> Finding {
    let known = FILTERS.iter().map(|known| known.name);
    let finding = Finding::error(RULE.code, range, format!("`{name}` is not a filter"));
    match closest(name, known) {
        Some(near) => finding
            .label(format!("did you mean `{near}`?"))
            .replacement(near),
        None => {
            let forms: Vec<_> = FILTERS
                .iter()
                .map(|known| format!("`{}`", known.form))
                .collect();
            finding
                .label("unknown")
                .help(format!("the filters are {}", forms.join(", ")))
        }
    }
}
