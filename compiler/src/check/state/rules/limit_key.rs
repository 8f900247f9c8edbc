//! M108: what a limit counts by is not known, or never the same twice.

use crate::check::rules::unknown_upstream::mend;
use crate::check::{Context, closest};
use crate::template::{Place, Scope, Site, compile, is_template};
use gatec_syntax::{Diagnostic, Rule, Severity, Span};
use gated_engine::program::{Segment, ValueSource};

/// The rule of M108.
pub(crate) const RULE: Rule = Rule {
    code: "M108",
    name: "limit-key",
    severity: Severity::Error,
    summary: "what a limit counts by is not known, or never the same twice",
    explanation: r##"`by` says whose requests are counted together: `everybody`, `principal`, `address`, `route`, or a template with a value of the request in it, such as `{{ header.x-tenant }}`. Plain text would be the same for all, and what changes with each request (a time, a random value) or needs the body would limit nobody."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

limit "per-client" rate="100/min" by="ip"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client"
    respond 200
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

limit "per-client" rate="100/min" by="address"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client"
    respond 200
}
"####,
};

/// The words that are no templates.
const WORDS: [&str; 4] = ["everybody", "principal", "address", "route"];

/// What people coming from elsewhere write for them.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("ip", "address"),
    ("client", "address"),
    ("client-ip", "address"),
    ("remote-address", "address"),
    ("remote_addr", "address"),
    ("user", "principal"),
    ("sub", "principal"),
    ("global", "everybody"),
    ("all", "everybody"),
    ("service", "route"),
    ("endpoint", "route"),
];

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, limit) in &context.spec.limits {
        for (index, part) in limit.by.iter().enumerate() {
            let span = || context.value(&["limits", name, "by", &index.to_string()]);
            let text = part.as_str();
            if WORDS.contains(&text) {
                continue;
            }
            if !is_template(text) {
                found.push(unknown(context, span(), text));
                continue;
            }
            if let Some(source) = unsteady(text, context.environment) {
                let message = format!("the limit `{name}` counts by {source}");
                found.push(
                    Diagnostic::error(RULE.code, span(), message)
                        .label("limits nobody")
                        .help("count by what stays the same for a client: `address`, `principal`, `{{ header.x-tenant }}`, `{{ path.id }}`"),
                );
            }
        }
    }
}

fn unknown(context: &Context<'_>, span: Span, text: &str) -> Diagnostic {
    let message = format!("`{text}` is nothing to count by");
    let diagnostic = Diagnostic::error(RULE.code, span, message);
    let meant = OTHER_WORDS
        .iter()
        .find(|(other, _)| *other == text)
        .map(|(_, word)| *word)
        .or_else(|| closest(text, WORDS));
    let known = "the words are `everybody`, `principal`, `address` and `route`; a value of the request is a template: `{{ header.x-tenant }}`";
    match meant {
        Some(word) => mend(
            context,
            diagnostic
                .label(format!("did you mean `{word}`?"))
                .help(known),
            text,
            word,
        ),
        None => diagnostic.label("not known").help(known),
    }
}

/// What of a template is not the same for two requests of a client, or not known in time.
fn unsteady(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Option<&'static str> {
    let scope = Scope {
        site: Site::LimitKey,
        place: Place::Plain,
        parameters: &[],
        numbers: &[],
        claims: &[],
        session: None,
        environment,
    };
    let (template, _) = compile(text, &scope);
    let mut values = template
        .segments
        .iter()
        .filter_map(|segment| match segment {
            Segment::Value(value) => Some(&value.source),
            Segment::Text(_) => None,
        });
    values.find_map(|source| match source {
        ValueSource::Body | ValueSource::BodyJson(_) | ValueSource::BodyForm(_) => {
            Some("the body, which is not read yet when limits are asked")
        }
        ValueSource::Now => Some("the time, which is another for each request"),
        ValueSource::Random(..)
        | ValueSource::Uuid
        | ValueSource::Fake(_)
        | ValueSource::Counter(_) => Some("a value that is another for each request"),
        ValueSource::RequestId => Some("the request id, which is another for each request"),
        _ => None,
    })
}
