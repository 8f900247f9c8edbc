//! P117: a route names an identity twice.

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of P117.
pub(crate) const RULE: Rule = Rule {
    code: "P117",
    name: "identity-twice",
    severity: Severity::Error,
    summary: r##"a route names an identity twice"##,
    explanation: r##"Identities are tried in the order in which a route names them. The second time could bring nothing new, so another was probably meant."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
}

policies {
    cedar "permit (principal is Staff, action, resource);"
}

route "orders" {
    match "GET" "/orders"
    identity "staff" "staff"
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
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, route) in &context.spec.routes {
        for (index, identity) in route.identity.iter().enumerate() {
            let first = route.identity.iter().position(|one| one == identity);
            let Some(first) = first.filter(|first| *first < index) else {
                continue;
            };
            let at = |index: usize| {
                let index = index.to_string();
                context.value(&["routes", name, "identity", &index])
            };
            let message = format!("route `{name}` names the identity `{identity}` twice");
            found.push(
                Diagnostic::error(RULE.code, at(index), message)
                    .label("the second time")
                    .related(at(first), "the first time")
                    .help("take one of them out"),
            );
        }
    }
}
