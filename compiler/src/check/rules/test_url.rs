//! U115: a test asks for something that is not a URL.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U115.
pub(crate) const RULE: Rule = Rule {
    code: "U115",
    name: "bad-test-url",
    severity: Severity::Error,
    summary: "a test asks for something that is not a URL",
    explanation: r##"A test asks for a path with its query (`/orders?page=2`), or for a whole URL where the host matters (`http://shop.example/orders`)."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}

test "hello is served" {
    request "GET" "hello"
    expect 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}

test "hello is served" {
    request "GET" "/hello"
    expect 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, test) in &context.spec.tests {
        let url = test.request.url.as_str();
        if let Some(why) = mistake(url) {
            let span = context.value(&["tests", name, "request", "url"]);
            let message = format!("`{url}` is not what a request can ask for: {why}");
            found.push(Diagnostic::error(RULE.code, span, message).label("not a path or URL"));
        }
    }
}

fn mistake(url: &str) -> Option<String> {
    if !url.starts_with('/') && !url.starts_with("http://") && !url.starts_with("https://") {
        return Some("it begins with `/`, or with `http://` and a host".to_owned());
    }
    match url.parse::<http::Uri>() {
        Ok(uri) if uri.path().starts_with('/') => None,
        Ok(_) => Some("it has no path".to_owned()),
        Err(error) => Some(error.to_string()),
    }
}
