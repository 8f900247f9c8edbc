//! P230: a test asks as somebody who cannot be

use std::collections::BTreeSet;

use crate::check::{Context, closest, listed};
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of P230.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P230",
    name: "test-principal",
    severity: Severity::Error,
    summary: r##"a test asks as somebody who cannot be"##,
    explanation: r##"`as` names an identity of the spec and gives claims that it declares, as if credentials had proved them. `sub` can always be given: it is the id of who asks."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "roles" type="set<string>" role=#true
}

policies {
    cedar "permit (principal is Staff, action, resource);"
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}

test "ann" {
    request "GET" "/orders/7" { as "staff" sub="ann" role="lead" }
    expect 200
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "roles" type="set<string>" role=#true
}

policies {
    cedar "permit (principal is Staff, action, resource);"
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}

test "ann" {
    request "GET" "/orders/7" { as "staff" sub="ann" roles="lead" }
    expect 200
}
"####,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, test) in &context.spec.tests {
        let Some(given) = &test.request.principal else {
            continue;
        };
        let at = ["tests", name, "request", "as"];
        let Some(identity) = context.spec.identities.get(&given.identity) else {
            let names: Vec<&str> = context.spec.identities.keys().map(String::as_str).collect();
            let message = format!("there is no identity `{}`", given.identity);
            let span = context.value(&[&at[..], &["identity"]].concat());
            found.push(finding(span, message, &given.identity, &names));
            continue;
        };
        let subject = identity
            .jwt
            .as_ref()
            .map_or("sub", |jwt| jwt.subject.as_str());
        let known: BTreeSet<&str> = identity
            .claims
            .keys()
            .map(String::as_str)
            .chain([subject])
            .collect();
        for claim in given
            .claims
            .keys()
            .filter(|claim| !known.contains(claim.as_str()))
        {
            let names: Vec<&str> = known.iter().copied().collect();
            let message = format!("identity `{}` declares no claim `{claim}`", given.identity);
            let span = context.key(&[&at[..], &["claims", claim]].concat());
            found.push(finding(span, message, claim, &names));
        }
    }
}

fn finding(span: gatec_syntax::Span, message: String, word: &str, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(RULE.code, span, message);
    match closest(word, known.iter().copied()) {
        Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
        None => diagnostic.label("not declared"),
    }
    .help(format!("there are {}", listed(known.iter().copied())))
}
