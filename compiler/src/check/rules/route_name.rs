//! R113: a route has a name that cannot be told apart.

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of R113.
pub(crate) const RULE: Rule = Rule {
    code: "R113",
    name: "route-name",
    severity: Severity::Error,
    summary: "a route has a name that cannot be told apart",
    explanation: r##"Logs, metrics, `gatec why` and tests name a route by its name. `-` stands there for a request that no route took, `none` does so in `expect route="none"`, and an empty name or one with control characters
cannot be read at all."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "none" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "nothing" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for name in context.spec.routes.keys() {
        let Some(why) = mistake(name) else { continue };
        let message = format!("a route cannot be named `{}`: {why}", name.escape_debug());
        let span = context.key(&["routes", name]);
        found.push(
            Diagnostic::error(RULE.code, span, message)
                .label("not a name for a route")
                .help("name it after what it does, such as `get-order`"),
        );
    }
}

fn mistake(name: &str) -> Option<&'static str> {
    match name {
        "" => Some("the name is empty"),
        "-" => Some("logs and metrics write `-` where no route took a request"),
        "none" => Some("`expect route=\"none\"` means that no route takes the request"),
        _ if name.chars().all(char::is_whitespace) => Some("the name is blank"),
        _ if name.chars().any(char::is_control) => Some("the name holds a control character"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_and_unreadable_names() {
        for name in ["", "-", "none", " ", "a\nb", "\u{7f}"] {
            assert!(mistake(name).is_some(), "{name:?}");
        }
        for name in ["None", "no", "--", "get order", "größe"] {
            assert_eq!(mistake(name), None, "{name:?}");
        }
    }
}
