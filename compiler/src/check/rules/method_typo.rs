//! R112: a method is one letter away from a known one.

use gatec_schema::value::METHODS;
use gatec_syntax::{Diagnostic, Rule, Severity};

use super::unknown_upstream::mend;
use crate::check::Context;
use crate::check::walk::matches;

/// The rule of R112.
pub(crate) const RULE: Rule = Rule {
    code: "R112",
    name: "method-typo",
    severity: Severity::Warning,
    summary: "a method is one letter away from a known one",
    explanation: r##"Any word in upper case is a method, since there are more than HTTP itself names (`PURGE`, `PROPFIND`). One that is a single slip away from `GET`, `POST` and the like is nearly always that slip, and a
route for it would never match a request."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GTE" "/hello"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, ordinal, matched) in matches(context.spec) {
        for (number, method) in matched.method.iter().enumerate() {
            let Some(near) = meant(method.as_str()) else {
                continue;
            };
            let number = number.to_string();
            let path = ["routes", name, "match", &ordinal, "method", &number];
            let message = format!("`{method}` is no method that HTTP names");
            let span = context.value(&path);
            let diagnostic = Diagnostic::warning(RULE.code, span, message)
                .label(format!("did you mean `{near}`?"));
            found.push(mend(context, diagnostic, method.as_str(), near));
        }
    }
}

/// The method that was meant, where one slip of the keyboard makes the other.
fn meant(method: &str) -> Option<&'static str> {
    METHODS
        .iter()
        .find(|known| strsim::osa_distance(method, known) == 1)
        .copied()
        .filter(|_| !METHODS.contains(&method))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_slips_are_told() {
        for (method, near) in [
            ("GTE", Some("GET")),
            ("GE", Some("GET")),
            ("POSTT", Some("POST")),
            ("DELTE", Some("DELETE")),
            ("OPTION", Some("OPTIONS")),
            ("GET", None),
            ("PURGE", None),
            ("PROPFIND", None),
            ("LINK", None),
            ("QUERY", None),
            ("COPY", None),
        ] {
            assert_eq!(meant(method), near, "{method}");
        }
    }
}
