//! U106: a file or folder cannot be read.

use crate::lower::file::{Kind, Refused};
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of U106.
pub(crate) const RULE: Rule = Rule {
    code: "U106",
    name: "missing-file",
    severity: Severity::Error,
    summary: "a file or folder cannot be read",
    explanation: r##"The spec names a file (for a body or a JSON Schema) or a folder (for `files`) that is not there, or cannot be read. Paths are relative to the file they are written in. Their
contents go into the bundle, so they are needed when the spec is compiled."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "site" public=#true {
    match prefix="/"
    files "./no-such-folder"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "site" public=#true {
    match prefix="/"
    files "./site"
}
"##,
};

pub(in crate::check) fn finding(
    span: Span,
    path: &str,
    kind: Kind,
    refused: &Refused,
) -> Diagnostic {
    let what = match kind {
        Kind::File => "file",
        Kind::Folder => "folder",
    };
    let message = match refused {
        Refused::Kind if kind == Kind::Folder => format!("`{path}` is a file; expected a folder"),
        Refused::Kind => format!("`{path}` is a folder; expected a file"),
        Refused::Unreadable(why) => format!("the {what} `{path}` cannot be read: {why}"),
        _ => format!("there is no {what} `{path}`"),
    };
    Diagnostic::error(RULE.code, span, message)
        .label(format!("no such {what}"))
        .help("paths are relative to the file they are written in")
}

/// A file within a folder.
pub(in crate::check) fn unreadable(span: Span, folder: &str, file: &str, why: &str) -> Diagnostic {
    let message = format!("`{file}` in the folder `{folder}` cannot be read: {why}");
    Diagnostic::error(RULE.code, span, message).label("in this folder")
}
