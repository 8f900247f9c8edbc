//! U109: a body is given twice.

use crate::check::Context;
use crate::check::walk::bodies;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U109.
pub(crate) const RULE: Rule = Rule {
    code: "U109",
    name: "body-twice",
    severity: Severity::Error,
    summary: "a body is given twice",
    explanation: r##"A body is written in place (`body`) or lies in a file (`body-file`); it cannot be both."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 body="hello" body-file="hello.json"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 body-file="hello.json"
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for body in bodies(context.spec) {
        if body.body.is_some() && body.file.is_some() {
            found.push(
                Diagnostic::error(
                    RULE.code,
                    context.value(&body.part("body-file")),
                    "the body is given twice",
                )
                .label("a second body")
                .related(context.value(&body.part("body")), "the first one")
                .help("keep `body` or `body-file`"),
            );
        }
    }
}
