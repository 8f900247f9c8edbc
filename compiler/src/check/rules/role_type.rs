//! P106: a claim cannot hold roles.

use gatec_schema::ClaimType;
use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of P106.
pub(crate) const RULE: Rule = Rule {
    code: "P106",
    name: "role-type",
    severity: Severity::Error,
    summary: r##"a claim cannot hold roles"##,
    explanation: r##"With `role=#true` the values of a claim become roles: who has the value `admin` is `in Role::"admin"` in policies. Roles have names, so the claim must be a `string` or a `set<string>`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "level" type="long" role=#true
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
    right: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "level" type="set<string>" role=#true
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
    for (name, identity) in &context.spec.identities {
        for (claim, declared) in &identity.claims {
            let named = matches!(declared.kind, ClaimType::String | ClaimType::Strings);
            if !declared.role || named {
                continue;
            }
            let path = ["identities", name, "claims", claim, "type"];
            found.push(
                Diagnostic::error(
                    RULE.code,
                    context.value(&path),
                    format!("the claim `{claim}` cannot hold roles"),
                )
                .label("roles have names")
                .help("its type must be `set<string>` or `string`; or leave `role` out"),
            );
        }
    }
}
