//! S301: a comment silences a code that is not found there.

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::ignore::Ignore;

/// The rule of S301.
pub const RULE: Rule = Rule {
    code: "S301",
    name: "unused-ignore",
    severity: Severity::Warning,
    summary: "a `gatec: ignore` comment silences nothing",
    explanation: r##"`// gatec: ignore U102 the reason` silences a code for the node below it, or for its line when it stands
behind something. What it was written for is mended, or has moved: the comment would hide the next finding of
that code without anybody having looked at it. Take it out."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

// gatec: ignore U102 for the next release
upstream "orders" {
    server "http://127.0.0.1:9000"
}

route "orders" public=#true {
    match "GET" "/orders"
    proxy "orders"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://127.0.0.1:9000"
}

route "orders" public=#true {
    match "GET" "/orders"
    proxy "orders"
}
"##,
};

/// A comment that silences nothing.
pub(in crate::ignore) fn finding(ignore: &Ignore) -> Diagnostic {
    let message = format!("there is no {} here to ignore", ignore.code);
    Diagnostic::warning(RULE.code, ignore.at, message)
        .label("silences nothing")
        .help("take the comment out, or move it to what it is about: the line above a node, or behind it")
}
