//! U126: a folder of live files is not there where the spec is checked.

use std::io::ErrorKind;

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U126.
pub(crate) const RULE: Rule = Rule {
    code: "U126",
    name: "no-live-folder",
    severity: Severity::Warning,
    summary: "a folder of live files is not there where the spec is checked",
    explanation: r##"`files … live=#true` reads from the replica's own disk at each request, from a folder relative to the spec or the bundle, or an absolute one such as `/srv/www`. The folder is not needed to
build a bundle, and a machine that only builds need not have it; but where it is missing on the replica, every request is answered 404 or 500. So this is a warning, in case the name is misspelt."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "site" public=#true {
    match prefix="/"
    files "/no/such/folder" live=#true
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "site" public=#true {
    match prefix="/"
    files "./site" live=#true
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, route) in context.sound_routes() {
        let Some(files) = route.files.as_ref().filter(|files| files.live) else {
            continue;
        };
        let path = files.root.as_str();
        let message = match std::fs::metadata(context.root.join(path)) {
            Ok(metadata) if metadata.is_dir() => continue,
            Ok(_) => format!("`{path}` is a file here; expected a folder"),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                format!("there is no folder `{path}` here")
            }
            // Whether it is there is not for this machine to see.
            Err(_) => continue,
        };
        let span = context.value(&["routes", name, "files", "root"]);
        found.push(
            Diagnostic::warning(RULE.code, span, message)
                .label("not on this machine")
                .help(
                    "each replica needs it; where only a replica has it, this may be passed over",
                ),
        );
    }
}
