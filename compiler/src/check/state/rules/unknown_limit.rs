//! M101: a route names a limit that does not exist.

use crate::check::rules::unknown_upstream::mend;
use crate::check::{Context, closest, listed};
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of M101.
pub(crate) const RULE: Rule = Rule {
    code: "M101",
    name: "unknown-limit",
    severity: Severity::Error,
    summary: "a route names a limit that does not exist",
    explanation: r##"A route comes under the limits that it names, and each of them has to be declared: how much, in how long, and for whom. A name that leads nowhere would limit nobody."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

limit "per-client" rate="100/min" by="address"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-clients"
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

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, route) in &context.spec.routes {
        for (index, one) in route.limits.iter().enumerate() {
            let wanted = one.name.as_str();
            let declared = context.spec.limits.contains_key(wanted)
                || context.declared("limits", wanted)
                || context.open_lines.hold(wanted, context.sources);
            if !declared {
                let index = index.to_string();
                let span = context.value(&["routes", name, "limits", &index, "name"]);
                found.push(finding(context, span, wanted));
            }
        }
    }
}

fn finding(context: &Context<'_>, span: Span, wanted: &str) -> Diagnostic {
    let known = || context.spec.limits.keys().map(String::as_str);
    let message = format!("there is no limit `{wanted}`");
    let diagnostic = Diagnostic::error(RULE.code, span, message);
    match (closest(wanted, known()), known().next().is_none()) {
        (Some(near), _) => {
            let diagnostic = diagnostic
                .label(format!("did you mean `{near}`?"))
                .help(format!("the limits are {}", listed(known())));
            mend(context, diagnostic, wanted, near)
        }
        (None, true) => diagnostic.label("unknown limit").help(format!(
            "declare it: `limit \"{wanted}\" rate=\"100/min\" by=\"address\"`"
        )),
        (None, false) => diagnostic
            .label("unknown limit")
            .help(format!("the limits are {}", listed(known()))),
    }
}

/// The limits that are offered in the place of others, each of which is used but for a slip.
pub(super) fn offered<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a str> {
    let spec = context.spec;
    let named = spec.routes.values().flat_map(|route| &route.limits);
    named
        .map(|one| one.name.as_str())
        .filter(|wanted| !spec.limits.contains_key(*wanted))
        .filter_map(|wanted| closest(wanted, spec.limits.keys().map(String::as_str)))
}
