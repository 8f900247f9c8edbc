//! U127: a variable of another program stands where a template is meant.

use gatec_syntax::{Diagnostic, Rule, Severity};

use super::header_value::outside_expressions;
use crate::check::Context;
use crate::check::walk::headers;

/// The rule of U127.
pub(crate) const RULE: Rule = Rule {
    code: "U127",
    name: "foreign-variable",
    severity: Severity::Warning,
    summary: "a variable of another program stands where a template is meant",
    explanation: r##"`$host`, `$1` and `${NAME}` mean nothing here: they are sent as they stand. Parts of the request are written `{{ host }}`, `{{ url }}`, `{{ query.page }}`, parts of the path `{{ path.name }}`, where the path
names them, and variables of the environment `{{ env.NAME }}`. Bodies are not looked at, since a `$` is common there."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    redirect "https://$host/there"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    redirect "https://{{ host }}/there"
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, route) in &context.spec.routes {
        if let Some(redirect) = &route.redirect {
            let at = ["routes", name, "redirect", "to"];
            found.extend(finding(context, &at, redirect.to.as_str(), true));
        }
        if let Some(proxy) = &route.proxy {
            for (part, text) in [("path", &proxy.path), ("host", &proxy.host)] {
                let at = ["routes", name, "proxy", part];
                let text = text.as_ref().map(|text| text.as_str());
                found.extend(text.and_then(|text| finding(context, &at, text, true)));
            }
        }
    }
    for list in headers(context.spec) {
        for (name, value) in list.headers {
            let is_url = name.eq_ignore_ascii_case("location");
            found.extend(finding(context, &list.of(name), value.as_str(), is_url));
        }
    }
}

/// In a header `$1` may be a price; in a URL it is not.
fn finding(context: &Context<'_>, at: &[&str], text: &str, numbered: bool) -> Option<Diagnostic> {
    let plain = outside_expressions(text);
    let (variable, ours) = first_variable(&plain, numbered)?;
    let span = context.value(at);
    let found = Diagnostic::warning(
        RULE.code,
        span,
        format!("`{variable}` is sent as it stands: variables of other programs mean nothing here"),
    )
    .label("not a variable here");
    let Some(ours) = ours else {
        return Some(found.help(
            "name a part of the path, as in `/{name}` or `(?<name>…)`, and write `{{ path.name }}`",
        ));
    };
    let written = context.sources.slice(span);
    Some(match written.matches(variable).count() {
        1 => found.offer(
            format!("write `{ours}`"),
            span,
            written.replacen(variable, &ours, 1),
        ),
        _ => found.help(format!("write `{ours}`")),
    })
}

/// The first variable, with what it is here; nothing for a part of a regular expression.
fn first_variable(text: &str, numbered: bool) -> Option<(&str, Option<String>)> {
    text.match_indices('$').find_map(|(at, _)| {
        let rest = text.get(at + 1..)?;
        let (name, length) = match rest.strip_prefix('{') {
            Some(inner) => {
                let (name, _) = inner.split_once('}')?;
                (name, name.len() + 3)
            }
            None => {
                let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
                (rest.get(..end)?, end + 1)
            }
        };
        let variable = text.get(at..at + length)?;
        let braced = rest.starts_with('{');
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let is_number = name.len() == 1 && name.starts_with(|c: char| c.is_ascii_digit());
        match (is_name, is_number) {
            (true, _) => match known(name) {
                Some(ours) => Some((variable, Some(ours))),
                None if braced => Some((variable, Some(format!("{{{{ env.{name} }}}}")))),
                None => None,
            },
            (_, true) if numbered || braced => Some((variable, None)),
            _ => None,
        }
    })
}

/// The variables of nginx that a template has too.
fn known(name: &str) -> Option<String> {
    let ours = match name {
        "host" | "http_host" | "server_name" => "host".to_owned(),
        "request_uri" => "url".to_owned(),
        "uri" | "document_uri" => "path".to_owned(),
        "request_method" => "method".to_owned(),
        "request_id" => "request-id".to_owned(),
        _ => {
            let part = |prefix: &str, of: &str, dash: bool| {
                let name = name.strip_prefix(prefix).filter(|name| !name.is_empty())?;
                Some(match dash {
                    true => format!("{of}.{}", name.replace('_', "-")),
                    false => format!("{of}.{name}"),
                })
            };
            part("arg_", "query", false)
                .or_else(|| part("cookie_", "cookie", false))
                .or_else(|| part("http_", "header", true))?
        }
    };
    Some(format!("{{{{ {ours} }}}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, numbered: bool) -> String {
        match first_variable(text, numbered) {
            None => String::new(),
            Some((variable, ours)) => format!("{variable} {}", ours.unwrap_or_default()),
        }
    }

    #[test]
    fn only_what_is_a_variable_elsewhere_is_told() {
        for (text, expected) in [
            ("https://$host/x", "$host {{ host }}"),
            ("https://b.example$request_uri", "$request_uri {{ url }}"),
            ("/n?x=$arg_x", "$arg_x {{ query.x }}"),
            (
                "/n?x=$http_user_agent",
                "$http_user_agent {{ header.user-agent }}",
            ),
            ("/new/$1", "$1 "),
            ("/${TARGET}", "${TARGET} {{ env.TARGET }}"),
            ("/$metadata", ""),
            ("/a$", ""),
            ("/${a-b}", ""),
            ("/$10", ""),
        ] {
            assert_eq!(shown(text, true), expected, "{text}");
        }
        assert_eq!(shown("costs $5", false), "");
    }
}
