//! R109: a match can never be true.

use crate::check::Context;
use crate::check::walk::matches;
use gatec_schema::{Map, ValueMatch};
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of R109.
pub(crate) const RULE: Rule = Rule {
    code: "R109",
    name: "contradiction",
    severity: Severity::Error,
    summary: "a match can never be true",
    explanation: r##"All conditions of a `match` must hold at once. These cannot: a value that must be there and must not, that must be one text and contain another that is not in it. No request will
ever fit, so the `match` does nothing."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello" {
        header "x-version" equals="v2" contains="beta"
    }
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello" {
        header "x-version" equals="v2-beta"
    }
    respond 200
}
"##,
};

/// Why no value can be like this, if none can.
pub(in crate::check) fn reason(
    equals: Option<&str>,
    contains: Option<&str>,
    regex: Option<&str>,
    present: Option<bool>,
) -> Option<String> {
    if present == Some(false) && (equals.is_some() || contains.is_some() || regex.is_some()) {
        return Some("it must not be there, and yet have a value".to_owned());
    }
    let equals = equals?;
    if let Some(part) = contains.filter(|part| !equals.contains(*part)) {
        return Some(format!("`{equals}` does not contain `{part}`"));
    }
    let regex = regex?;
    let whole = regex::Regex::new(&format!("^(?:{regex})$")).ok()?;
    (!whole.is_match(equals)).then(|| format!("`{equals}` does not match `{regex}`"))
}

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (route, ordinal, matched) in matches(context.spec) {
        let lists: [(&str, &Map<ValueMatch>); 3] = [
            ("headers", &matched.headers),
            ("query", &matched.query),
            ("cookies", &matched.cookies),
        ];
        for (list, conditions) in lists {
            for (name, value) in conditions {
                let regex = value.regex.as_ref().map(|regex| regex.as_str());
                let why = reason(
                    value.equals.as_deref(),
                    value.contains.as_deref(),
                    regex,
                    value.present,
                );
                let path = ["routes", route, "match", &ordinal, list, name];
                found.extend(why.map(|why| finding(context, &path, name, &why)));
            }
        }
        for (index, value) in matched.body.iter().enumerate() {
            let regex = value.regex.as_ref().map(|regex| regex.as_str());
            let why = reason(
                value.equals.as_deref(),
                value.contains.as_deref(),
                regex,
                value.present,
            );
            let path = [
                "routes",
                route,
                "match",
                &ordinal,
                "body",
                &index.to_string(),
            ];
            found.extend(why.map(|why| finding(context, &path, "body", &why)));
        }
    }
}

fn finding(context: &Context<'_>, path: &[&str], name: &str, why: &str) -> Diagnostic {
    let message = format!("these conditions on `{name}` can never hold together: {why}");
    Diagnostic::error(RULE.code, context.key(path), message).label("never true")
}
