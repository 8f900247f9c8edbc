//! U107: a file or folder lies outside of the spec's folder.

use crate::lower::file::Refused;
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of U107.
pub(crate) const RULE: Rule = Rule {
    code: "U107",
    name: "outside-root",
    severity: Severity::Error,
    summary: "a file or folder lies outside of the spec's folder",
    explanation: r##"A spec may read what lies beside and below its first file, and nothing else: no absolute path, no `..` that leads out, no symbolic link that does. So a spec can be checked and
built by a machine that does not trust it, and gives the same bundle anywhere. A folder of `files` that is read by the replica itself (`live=#true`) may be absolute."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "site" public=#true {
    match prefix="/"
    files "./link-out"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "site" public=#true {
    match prefix="/"
    files "./site"
}
"##,
};

pub(in crate::check) fn finding(span: Span, path: &str, refused: &Refused) -> Diagnostic {
    let message = match refused {
        Refused::Absolute => {
            format!("`{path}` is an absolute path; expected one below the spec's folder")
        }
        Refused::Link => format!("`{path}` is a link that leads out of the spec's folder"),
        _ => format!("`{path}` leads out of the spec's folder"),
    };
    Diagnostic::error(RULE.code, span, message)
        .label("outside")
        .help("put it below the folder of the first file, or serve it from the replica's disk with `files … live=#true`")
}

/// A link within a folder.
pub(in crate::check) fn link(span: Span, folder: &str, link: &str) -> Diagnostic {
    let message = format!("`{link}` in the folder `{folder}` is a link that leads out of it");
    Diagnostic::error(RULE.code, span, message)
        .label("in this folder")
        .help("put the file itself there, or serve the folder from the replica's disk with `live=#true`")
}
