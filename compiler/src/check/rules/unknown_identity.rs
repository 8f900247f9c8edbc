//! P116: a route names an identity that does not exist.

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

use crate::check::{Context, closest, listed};

/// The rule of P116.
pub(crate) const RULE: Rule = Rule {
    code: "P116",
    name: "unknown-identity",
    severity: Severity::Error,
    summary: r##"a route names an identity that does not exist"##,
    explanation: r##"`identity` names who may be asking, and an identity of that name has to be declared with the way in which it is proved."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
}

policies {
    cedar "permit (principal is Staff, action, resource);"
}

route "orders" {
    match "GET" "/orders"
    identity "staff"
    respond 200
}

route "more" {
    match "GET" "/more"
    identity "staf"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
}

policies {
    cedar "permit (principal is Staff, action, resource);"
}

route "orders" {
    match "GET" "/orders"
    identity "staff"
    respond 200
}

route "more" {
    match "GET" "/more"
    identity "staff"
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, route) in &context.spec.routes {
        for (index, wanted) in route.identity.iter().enumerate() {
            let declared = context.spec.identities.contains_key(wanted)
                || context.declared("identities", wanted)
                || context.open_lines.hold(wanted, context.sources);
            if !declared {
                let index = index.to_string();
                let span = context.value(&["routes", name, "identity", &index]);
                found.push(finding(context, span, wanted));
            }
        }
    }
}

fn finding(context: &Context<'_>, span: Span, wanted: &str) -> Diagnostic {
    let known = || context.spec.identities.keys().map(String::as_str);
    let message = format!("there is no identity `{wanted}`");
    let diagnostic = Diagnostic::error(RULE.code, span, message);
    match (closest(wanted, known()), known().next().is_none()) {
        (Some(near), _) => {
            let diagnostic = diagnostic
                .label(format!("did you mean `{near}`?"))
                .help(format!("the identities are {}", listed(known())));
            super::unknown_upstream::mend(context, diagnostic, wanted, near)
        }
        (None, true) => diagnostic.label("unknown identity").help(format!(
            "declare it: `identity \"{wanted}\" {{ basic \"users\"; }}`"
        )),
        (None, false) => diagnostic
            .label("unknown identity")
            .help(format!("the identities are {}", listed(known()))),
    }
}

/// The identities that are offered in the place of others, each of which is used but for a slip.
pub(in crate::check) fn offered<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a str> {
    let spec = context.spec;
    let named = spec.routes.values().flat_map(|route| &route.identity);
    named
        .filter(|wanted| !spec.identities.contains_key(*wanted))
        .filter_map(|wanted| closest(wanted, spec.identities.keys().map(String::as_str)))
}
