//! U116: a condition on the body contradicts itself.

use crate::check::Context;
use crate::check::walk::matches;
use gatec_schema::BodyMatch;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U116.
pub(crate) const RULE: Rule = Rule {
    code: "U116",
    name: "bad-body-condition",
    severity: Severity::Error,
    summary: "a condition on the body contradicts itself",
    explanation: r##"A `body` condition looks at one thing: what a `json-path` selects, the whole as `json`, its validity under a `schema`, a field of a `form`, or (none of these) the text. `ignore` and
`ignore-extra` belong to `json`; `equals`, `contains`, `regex` and `present` to the others but `json` and `schema`, which say all there is to say. Write one `body` for each condition: all must hold."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "POST" "/hello" {
        body json-path="$.user" form="user" equals="ann"
    }
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "POST" "/hello" {
        body json-path="$.user" equals="ann"
    }
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (route, ordinal, matched) in matches(context.spec) {
        for (index, condition) in matched.body.iter().enumerate() {
            let Some((part, message)) = mistake(condition) else {
                continue;
            };
            let index = index.to_string();
            let span = context.key(&["routes", route, "match", &ordinal, "body", &index, part]);
            found.push(
                Diagnostic::error(RULE.code, span, message)
                    .label("does not go together")
                    .help("write one `body` for each condition; all must hold"),
            );
        }
    }
}

/// What does not go together, and where.
fn mistake(condition: &BodyMatch) -> Option<(&'static str, String)> {
    let subjects = [
        ("json-path", condition.json_path.is_some()),
        ("json", condition.json.is_some()),
        ("schema", condition.schema.is_some()),
        ("form", condition.form.is_some()),
    ];
    let given: Vec<&str> = subjects
        .iter()
        .filter(|(_, there)| *there)
        .map(|(name, _)| *name)
        .collect();
    if let [first, second, ..] = given.as_slice() {
        let second = subjects
            .iter()
            .find(|(name, _)| name == second)
            .map_or("form", |(name, _)| name);
        return Some((
            second,
            format!("this condition looks at both `{first}` and `{second}`"),
        ));
    }
    let json = condition.json.is_some();
    if !condition.ignore.is_empty() && !json {
        return Some((
            "ignore",
            "`ignore` belongs to `json`, which is not written".to_owned(),
        ));
    }
    if condition.ignore_extra && !json {
        return Some((
            "ignore-extra",
            "`ignore-extra` belongs to `json`, which is not written".to_owned(),
        ));
    }
    let whole = given
        .first()
        .filter(|subject| ["json", "schema"].contains(*subject))?;
    let tests = [
        ("equals", condition.equals.is_some()),
        ("contains", condition.contains.is_some()),
        ("regex", condition.regex.is_some()),
        ("present", condition.present.is_some()),
    ];
    let (test, _) = tests.iter().find(|(_, there)| *there)?;
    Some((
        test,
        format!("`{test}` has no meaning beside `{whole}`, which says all there is to say"),
    ))
}
