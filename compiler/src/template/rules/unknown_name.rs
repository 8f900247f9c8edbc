//! T102: a template uses a name that does not exist.

use std::ops::Range;

use gatec_syntax::{Rule, Severity};

use crate::check::closest;
use crate::template::Finding;
use crate::template::names::SOURCES;

/// The rule of T102.
pub(crate) const RULE: Rule = Rule {
    code: "T102",
    name: "unknown-template-name",
    severity: Severity::Error,
    summary: "a template uses a name that does not exist",
    explanation: r##"The names are `path`, `query`, `header`, `cookie`, `body`, `form`, `json`, `method`, `url`, `host`, `request-id`, `env`, `now`, `uuid`, `random`, `counter`, `fake` and
`secret`, and on error pages `error.status` and `error.reason`. Any other would be empty in every answer."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ pth.name }}"#
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ path.name }}"#
}
"##,
};

/// A first word that is none of the names.
pub(in crate::template) fn source(range: Range<usize>, word: &str) -> Finding {
    let known = SOURCES.iter().map(|known| known.name);
    let finding = Finding::error(
        RULE.code,
        range,
        format!("`{word}` is not a name that a template knows"),
    );
    let elsewhere = match word {
        "params" | "param" => Some("path"),
        "args" | "arg" => Some("query"),
        _ => None,
    };
    match elsewhere.or_else(|| closest(word, known.clone())) {
        Some(near) => finding
            .label(format!("did you mean `{near}`?"))
            .replacement(near),
        None if matches!(word, "request" | "req") => finding
            .label("unknown")
            .help("the parts of a request are named alone: `query.page`, `header.accept`, `path.id`, `method`, `body`"),
        None => finding
            .label("unknown")
            .help(format!("the names are {}", listed(known))),
    }
}

/// A first word that the route's path captures.
pub(in crate::template) fn captured(range: Range<usize>, word: &str) -> Finding {
    let message = format!("`{word}` is not a name that a template knows");
    Finding::error(RULE.code, range, message)
        .label(format!("did you mean `path.{word}`?"))
        .help("what the path captures is named after `path.`")
        .replacement(format!("path.{word}"))
}

/// A member that its word does not have.
pub(in crate::template) fn member<'k>(
    range: Range<usize>,
    of: &str,
    name: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Finding {
    let finding = Finding::error(RULE.code, range, format!("`{of}` has no `{name}`"));
    match closest(name, known.clone()) {
        Some(near) => finding
            .label(format!("did you mean `{of}.{near}`?"))
            .replacement(format!("{of}.{near}")),
        None => finding.help(format!("`{of}` has {}", listed(known))),
    }
}

/// A member of a word that has none.
pub(in crate::template) fn member_of_plain(range: Range<usize>, word: &str) -> Finding {
    Finding::error(
        RULE.code,
        range,
        format!("`{word}` has no parts: it is used alone"),
    )
    .label("has no parts")
}

/// `error` outside of an error page.
pub(in crate::template) fn error_elsewhere(range: Range<usize>, name: &str) -> Finding {
    Finding::error(
        RULE.code,
        range,
        format!("`error.{name}` is known on error pages only"),
    )
    .label("no error here")
}

fn listed<'k>(names: impl Iterator<Item = &'k str>) -> String {
    names
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
