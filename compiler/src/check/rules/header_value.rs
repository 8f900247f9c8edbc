//! U117: a header or cookie holds what cannot be sent.

use crate::check::Context;
use crate::check::walk::headers;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U117.
pub(crate) const RULE: Rule = Rule {
    code: "U117",
    name: "bad-header-value",
    severity: Severity::Error,
    summary: "a header or cookie holds what cannot be sent",
    explanation: r##"The value of a header is one line without control characters (RFC 9110, section 5.5). The value of a cookie, its path and its domain hold no blanks, quotes, commas, semicolons and
backslashes besides (RFC 6265, section 4.1.1)."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 {
        header "x-note" "two\nlines"
    }
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 {
        header "x-note" "one line"
    }
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for list in headers(context.spec) {
        for (name, value) in list.headers {
            if let Some(bad) = outside_expressions(value.as_str())
                .chars()
                .find(|c| c.is_control() && *c != '\t')
            {
                let message = format!(
                    "the header `{name}` holds `{}`; expected one line of text",
                    bad.escape_default()
                );
                found.push(
                    Diagnostic::error(RULE.code, context.value(&list.of(name)), message)
                        .label("cannot be sent"),
                );
            }
        }
    }
    cookies(context, found);
}

fn cookies(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (route, given) in &context.spec.routes {
        for (name, cookie) in &given.response.cookies {
            let value = outside_expressions(cookie.value.as_str());
            let parts = [
                ("value", value.as_str(), " \",;\\"),
                ("path", cookie.path.as_str(), ";"),
                ("domain", cookie.domain.as_deref().unwrap_or(""), " ;,"),
            ];
            for (part, text, forbidden) in parts {
                let bad = text
                    .chars()
                    .find(|c| c.is_control() || !c.is_ascii() || forbidden.contains(*c));
                let Some(bad) = bad else { continue };
                let span = context.value(&["routes", route, "response", "cookies", name, part]);
                let message = format!(
                    "the {part} of the cookie `{name}` holds `{}`, which a cookie cannot",
                    bad.escape_default()
                );
                found.push(
                    Diagnostic::error(RULE.code, span, message)
                        .label("cannot be sent")
                        .help("percent-encode it, or encode the whole in base64"),
                );
            }
        }
    }
}

/// The text of a template without its expressions.
pub(in crate::check) fn outside_expressions(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        plain.push_str(before);
        rest = behind.split_once("}}").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}
