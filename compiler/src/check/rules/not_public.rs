//! R101: a route does not say who may use it.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of R101.
pub(crate) const RULE: Rule = Rule {
    code: "R101",
    name: "route-not-public",
    severity: Severity::Error,
    summary: "a route does not say who may use it",
    explanation: r##"A route needs an identity and a policy, or has to say that anybody may use it: `public=#true`. Forgetting must never open a route, so nothing is assumed. Identities and
policies are not part of this version yet; until they are, every route has to be public."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" {
    match "GET" "/hello"
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
    let closed = context.sound_routes().filter(|(_, route)| !route.public);
    found.extend(closed.map(|(name, _)| {
        // Where something says so, a profile perhaps, that is the place.
        let said = ["routes", name, "public"];
        let span = match context.places.written(&said) {
            true => context.key(&said).to(context.value(&said)),
            false => context.key(&["routes", name]),
        };
        let message = format!("route `{name}` is not public, and has no identity and no policy");
        let finding = Diagnostic::error(RULE.code, span, message)
            .label("who may use it?")
            .help("write `public=#true` (YAML: `public: true`) if anybody may; identities and policies come in a later version");
        opened(context, name, finding)
    }));
}

/// Offers to open the route. Never certain: whether anybody may use it is for a person to say.
fn opened(context: &Context<'_>, name: &str, finding: Diagnostic) -> Diagnostic {
    match mend(context, name) {
        Some((span, text)) => finding.offer("let anybody use this route", span, text),
        None => finding,
    }
}

/// Where to write that a route is public, and how; nothing where its text is not laid out as usual.
fn mend(context: &Context<'_>, name: &str) -> Option<(Span, String)> {
    let said = ["routes", name, "public"];
    if context.places.written(&said) {
        let span = context.value(&said);
        return match context.sources.slice(span) {
            "#false" => Some((span, "#true".to_owned())),
            "false" => Some((span, "true".to_owned())),
            _ => None,
        };
    }
    let (key, value) = (
        context.key(&["routes", name]),
        context.value(&["routes", name]),
    );
    let text = context.sources.get(key.source)?.text();
    let behind = text.get(key.end as usize..)?;
    if !behind.trim_start().starts_with(':') {
        let at = Span {
            start: key.end,
            ..key
        };
        return Some((at, " public=#true".to_owned()));
    }
    // YAML: the value right behind the colon, as a block or in braces.
    let between = text.get(key.end as usize..value.start as usize)?;
    if value.source != key.source || between.trim() != ":" {
        return None;
    }
    if let Some(inner) = text.get(value.range())?.strip_prefix('{') {
        let start = value.start + 1;
        let comma = if inner.trim_start().starts_with('}') {
            ""
        } else {
            ", "
        };
        let at = Span {
            start,
            end: start,
            ..value
        };
        return Some((at, format!("public: true{comma}")));
    }
    let indent = between.rsplit_once('\n').map(|(_, indent)| indent)?;
    let at = Span {
        end: value.start,
        ..value
    };
    Some((at, format!("public: true\n{indent}")))
}
