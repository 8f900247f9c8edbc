//! U113: a body is sent as JSON but is none.

use crate::check::Context;
use crate::check::walk::bodies;
use crate::lower::content_type;
use crate::template::is_template;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U113.
pub(crate) const RULE: Rule = Rule {
    code: "U113",
    name: "body-not-json",
    severity: Severity::Warning,
    summary: "a body is sent as JSON but is none",
    explanation: r##"The content type says JSON, but the text is not JSON. Clients will fail when they read it. Where the text is meant, give it another content type."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 {
        header "content-type" "application/json"
        body "hello"
    }
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 {
        header "content-type" "application/json"
        body #""hello""#
    }
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for body in bodies(context.spec) {
        let Some(text) = body.body.map(|text| text.as_str()) else {
            continue;
        };
        let Some(written) = content_type::written(body.headers) else {
            continue;
        };
        let templated = body.template && is_template(text);
        if templated || body.file.is_some() || !content_type::is_json(written) {
            continue;
        }
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
            let message = format!("the body is sent as `{written}`, but is not JSON: {error}");
            found.push(
                Diagnostic::warning(RULE.code, context.value(&body.part("body")), message)
                    .label("not JSON"),
            );
        }
    }
}
