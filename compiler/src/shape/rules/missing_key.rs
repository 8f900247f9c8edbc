//! S104: a key that must be there is missing

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

use crate::shape::grammar::MapType;

/// The rule of S104.
pub const RULE: Rule = Rule {
    code: "S104",
    name: "missing-key",
    severity: Severity::Error,
    summary: r##"a key that must be there is missing"##,
    explanation: r##"Some keys have no sensible default: the address of a listener, the URL of a server, the upstream of a
`proxy`. The label points at the thing that lacks the key, and the help shows how to write it."##,
    wrong: r##"listener "web"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// `owner` lacks a key; `sample` shows how to write it.
pub(crate) fn key(span: Span, owner: &str, key: &str, expected: &str, sample: &str) -> Diagnostic {
    let owner = if owner.is_empty() {
        "the spec".to_owned()
    } else {
        format!("`{owner}`")
    };
    Diagnostic::error(
        RULE.code,
        span,
        format!("{owner} has no `{key}`; expected {expected}"),
    )
    .label(format!("`{key}` is missing"))
    .help(format!("write for example `{sample}`"))
}

/// A KDL node that needs a name as its first argument.
pub(crate) fn name(span: Span, word: &str, map: &MapType) -> Diagnostic {
    let example = map
        .names
        .and_then(|format| format.examples.first())
        .copied()
        .unwrap_or("name");
    Diagnostic::error(
        RULE.code,
        span,
        format!("`{word}` has no name; expected one as its first argument"),
    )
    .label("a name is missing")
    .help(format!("write for example `{word} {example:?}`"))
}

/// A KDL node that needs a value.
pub(crate) fn value(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(RULE.code, span, format!("`{word}` has no value"))
        .label("a value is missing")
        .help(match name_and_value(word) {
            Some(two) => format!("name and value are two: `{two}`"),
            None => format!("write a value after it: `{word} …`"),
        })
}

/// `header "x-a: b"` as it is written here.
fn name_and_value(word: &str) -> Option<String> {
    let (node, name) = word.split_once(" \"")?;
    let (name, value) = name.strip_suffix('"')?.split_once(':')?;
    let sound = !name.is_empty() && !value.trim().is_empty();
    sound.then(|| format!("{node} \"{name}\" \"{}\"", value.trim()))
}
