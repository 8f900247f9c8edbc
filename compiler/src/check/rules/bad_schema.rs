//! U112: a file is not a JSON Schema.

use crate::check::Context;
use crate::check::walk::matches;
use crate::lower::file::{self, Kind};
use gatec_syntax::{Diagnostic, Rule, Severity};
use std::collections::HashSet;

/// The rule of U112.
pub(crate) const RULE: Rule = Rule {
    code: "U112",
    name: "bad-json-schema",
    severity: Severity::Error,
    summary: "a file is not a JSON Schema",
    explanation: r##"`schema` names a file with a JSON Schema that the body of a request must be valid under. This file is not JSON, or not a schema that can be used: only references within the file itself
are followed."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "POST" "/hello" {
        body schema="hello.txt"
    }
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "POST" "/hello" {
        body schema="order.schema.json"
    }
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut sound = HashSet::new();
    for (route, ordinal, matched) in matches(context.spec) {
        for (index, condition) in matched.body.iter().enumerate() {
            let Some(path) = condition.schema.as_ref().map(|path| path.as_str()) else {
                continue;
            };
            if sound.contains(path) {
                continue;
            }
            match mistake(context, path) {
                None => {
                    sound.insert(path);
                }
                Some(why) => {
                    let at = [
                        "routes",
                        route,
                        "match",
                        &ordinal,
                        "body",
                        &index.to_string(),
                        "schema",
                    ];
                    let message = format!("`{path}` is not a JSON Schema that can be used: {why}");
                    found.push(
                        Diagnostic::error(RULE.code, context.value(&at), message)
                            .label("not a JSON Schema"),
                    );
                }
            }
        }
    }
}

fn mistake(context: &Context<'_>, path: &str) -> Option<String> {
    // A file that is not there is told by another check.
    let full = file::find(context.root, path, Kind::File).ok()?;
    let text = match std::fs::read_to_string(full) {
        Ok(text) => text,
        Err(error) => return Some(error.to_string()),
    };
    gated_engine::matcher::check_schema(&text).err()
}
