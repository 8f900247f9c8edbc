//! P202: a policy speaks of a type that there is not

use crate::check::policies::cedar::types;
use crate::check::{closest, listed};
use crate::policy::World;
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P202.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P202",
    name: "unknown-cedar-type",
    severity: Severity::Error,
    summary: r##"a policy speaks of a type that there is not"##,
    explanation: r##"The types of principals are the identities of the spec: identity `order-staff` is the type `OrderStaff`. Roles are of the type `Role`, actions of the type
`Action`, and what is asked for on route `get-order` of the type `Route::GetOrder`. Other types are those of the file of entities. `gatec policy schema` shows
them all."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "sub"
    claim "roles" type="set<string>" role=#true
    claim "level" type="long" optional=#true
}

policies {
    cedar #"""
        permit (principal is Stuff, action == Action::"get-order", resource);
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "sub"
    claim "roles" type="set<string>" role=#true
    claim "level" type="long" optional=#true
}

policies {
    cedar #"""
        permit (principal is Staff, action == Action::"get-order", resource);
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(span: Span, name: &str, world: &World) -> Diagnostic {
    let types = types(world);
    let known = || types.iter().map(String::as_str);
    let diagnostic = Diagnostic::error(RULE.code, span, format!("there is no type `{name}`"));
    match closest(name, known()) {
        Some(near) => diagnostic
            .label(format!("did you mean `{near}`?"))
            .help(format!("the types are {}", listed(known()))),
        None => diagnostic
            .label("unknown type")
            .help(format!("the types are {}", listed(known()))),
    }
}
