//! U123: a URL holds what has to be percent-encoded.

use gatec_syntax::{Diagnostic, Rule, Severity};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::header_value::outside_expressions;
use crate::check::Context;
use crate::check::walk::headers;
use crate::lower::templates::header_place;
use crate::template::Place;

/// The rule of U123.
pub(crate) const RULE: Rule = Rule {
    code: "U123",
    name: "unencoded-url",
    severity: Severity::Error,
    summary: "a URL holds what has to be percent-encoded",
    explanation: r##"The target of a redirect, a `location` header and the path asked for at an upstream are URLs. Letters beyond ASCII, blanks, quotes and the like are percent-encoded there (RFC 3986, section 2.1), and a host is
written in its ASCII form (`xn--…`). Values of `{{ }}` are encoded by themselves."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    redirect "/größe/{{ query.page }}"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    redirect "/gr%C3%B6%C3%9Fe/{{ query.page }}"
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, route) in &context.spec.routes {
        if let Some(redirect) = &route.redirect {
            let path = ["routes", name, "redirect", "to"];
            found.extend(finding(context, &path, redirect.to.as_str()));
        }
        if let Some(path) = route.proxy.as_ref().and_then(|proxy| proxy.path.as_ref()) {
            let at = ["routes", name, "proxy", "path"];
            found.extend(finding(context, &at, path.as_str()));
        }
    }
    for list in headers(context.spec) {
        for (name, value) in list.headers {
            if header_place(name) == Place::Url {
                found.extend(finding(context, &list.of(name), value.as_str()));
            }
        }
    }
}

fn finding(context: &Context<'_>, path: &[&str], text: &str) -> Option<Diagnostic> {
    let plain = outside_expressions(text);
    let bad = plain.chars().find(|character| is_bad(*character))?;
    let span = context.value(path);
    let message = format!("`{}` cannot stand in a URL as it is", bad.escape_debug());
    let diagnostic = Diagnostic::error(RULE.code, span, message).label("not a URL");
    if host(&plain).chars().any(is_bad) {
        return Some(
            diagnostic.help("write a host in its ASCII form, such as `xn--bcher-kva.example`"),
        );
    }
    let encoded = encoded(text);
    let diagnostic = diagnostic.help(format!("write it percent-encoded: `{encoded}`"));
    let written = context.sources.slice(span);
    Some(match written.matches(text).count() {
        1 => diagnostic.fix(
            format!("write `{encoded}`"),
            span,
            written.replace(text, &encoded),
        ),
        _ => diagnostic,
    })
}

/// What is neither reserved nor unreserved nor a `%` (RFC 3986, section 2).
fn is_bad(character: char) -> bool {
    !character.is_ascii_alphanumeric() && !"-._~:/?#[]@!$&'()*+,;=%".contains(character)
}

fn host(text: &str) -> &str {
    let behind = text.split_once("//").map_or("", |(_, behind)| behind);
    behind.split(['/', '?', '#']).next().unwrap_or("")
}

/// The text with all that cannot stand in a URL encoded, expressions left as they are.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (before, behind) = rest.split_once("{{").unwrap_or((rest, ""));
        for character in before.chars() {
            match is_bad(character) {
                true => out.extend(utf8_percent_encode(
                    character.encode_utf8(&mut [0; 4]),
                    NON_ALPHANUMERIC,
                )),
                false => out.push(character),
            }
        }
        if rest.len() == before.len() {
            break;
        }
        let (expression, after) = behind.split_once("}}").unwrap_or((behind, ""));
        out.push_str("{{");
        out.push_str(expression);
        out.push_str("}}");
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_it_is_encoded() {
        for (text, expected) in [
            (
                "/a b/{{ query.x | default(\"é\") }}?q=é#{{ path }}",
                "/a%20b/{{ query.x | default(\"é\") }}?q=%C3%A9#{{ path }}",
            ),
            ("/a%20b?c=[1]&d='e'", "/a%20b?c=[1]&d='e'"),
            ("{{ url }}\n", "{{ url }}%0A"),
        ] {
            assert_eq!(encoded(text), expected);
        }
        assert_eq!(host("https://b.example/é?//x"), "b.example");
        assert_eq!(host("/a"), "");
    }
}
