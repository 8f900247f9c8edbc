//! R101: a route does not say who may use it.

use crate::check::Context;
use gatec_schema::Route;
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of R101.
pub(crate) const RULE: Rule = Rule {
    code: "R101",
    name: "route-not-public",
    severity: Severity::Error,
    summary: "a route does not say who may use it",
    explanation: r##"A route needs an identity, which says who may be asking, and a policy that permits what they ask; or it has to say that anybody may use it: `public=#true`.
Forgetting must never open a route, so nothing is assumed. Where a route is public no policy is asked, so it cannot have an identity as well."##,
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
    let unsaid = |(_, route): &(_, &Route)| !route.public && route.identity.is_empty();
    let closed = context.sound_routes().filter(unsaid);
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
            .help("write `public=#true` (YAML: `public: true`) if anybody may; or name an `identity`, and permit it in a policy");
        opened(context, name, finding)
    }));
    found.extend(
        context
            .sound_routes()
            .filter_map(|(name, route)| both(context, name, route)),
    );
}

/// A route that says both.
fn both(context: &Context<'_>, name: &str, route: &Route) -> Option<Diagnostic> {
    let said = ["routes", name, "public"];
    (route.public && !route.identity.is_empty()).then(|| {
        let message =
            format!("route `{name}` is public, and has an identity that nobody would be asked for");
        Diagnostic::error(
            RULE.code,
            context.key(&said).to(context.value(&said)),
            message,
        )
        .label("anybody may use it")
        .related(
            context.value(&["routes", name, "identity"]),
            "this would count for nothing",
        )
        .help("take one of them out")
    })
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
