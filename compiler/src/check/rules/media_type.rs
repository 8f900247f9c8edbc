//! U110: a content type is malformed.

use crate::check::Context;
use crate::check::walk::headers;
use crate::template::is_template;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U110.
pub(crate) const RULE: Rule = Rule {
    code: "U110",
    name: "bad-media-type",
    severity: Severity::Error,
    summary: "a content type is malformed",
    explanation: r##"A content type is a type and a subtype with `/` between them, and parameters behind `;`: `text/html; charset=utf-8` (RFC 9110, section 8.3). Clients guess when they meet another, and
guess differently."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 {
        header "content-type" "json"
        body "[]"
    }
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 {
        header "content-type" "application/json"
        body "[]"
    }
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for list in headers(context.spec) {
        for (name, value) in list.headers {
            let text = value.as_str();
            if !name.eq_ignore_ascii_case("content-type")
                || is_template(text)
                || is_media_type(text)
            {
                continue;
            }
            let message =
                format!("`{text}` is not a content type; expected for example `application/json`");
            let diagnostic = Diagnostic::error(RULE.code, context.value(&list.of(name)), message);
            found.push(match mime_guess::from_ext(text).first_raw() {
                Some(guess) => diagnostic.label(format!("did you mean `{guess}`?")),
                None => diagnostic.label("not a content type"),
            });
        }
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn is_media_type(text: &str) -> bool {
    let mut parts = text.split(';');
    let essence = parts.next().unwrap_or("").trim();
    let sound = essence
        .split_once('/')
        .is_some_and(|(kind, sub)| is_token(kind) && is_token(sub));
    sound && parts.all(|part| part.trim().is_empty() || is_parameter(part.trim()))
}

fn is_parameter(text: &str) -> bool {
    let Some((name, value)) = text.split_once('=') else {
        return false;
    };
    let quoted = value.len() >= 2 && value.starts_with('"') && value.ends_with('"');
    is_token(name) && (is_token(value) || quoted)
}
