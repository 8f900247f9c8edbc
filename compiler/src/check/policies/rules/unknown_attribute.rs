//! P205: a policy asks for something that is not known

use crate::check::{closest, listed};
use crate::policy::World;
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P205.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P205",
    name: "unknown-attribute",
    severity: Severity::Error,
    summary: r##"a policy asks for something that is not known"##,
    explanation: r##"A principal has the claims that its identity declares, what is asked for has the parameters of its route's path, and the context has `method`, `host`, `path`,
`client`, `time`, `secure`, and the headers and query parameters that `policies` names. Anything else would make the policy fail at each request."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "sub"
    claim "roles" type="set<string>" role=#true
    claim "level" type="long" optional=#true
}

policies {
    cedar #"""
        permit (principal is Staff, action == Action::"get-order", resource)
        when { resource.customer == principal.sub };
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
        permit (principal is Staff, action == Action::"get-order", resource)
        when { resource.id == principal.sub };
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(
    span: Span,
    message: &str,
    names: &[String],
    help: Option<&str>,
    world: &World,
) -> Diagnostic {
    let (attribute, of) = match names {
        [attribute, of, ..] => (attribute.as_str(), of.as_str()),
        [attribute] => (attribute.as_str(), ""),
        [] => ("", ""),
    };
    let told = told(attribute, of, world);
    let message = told.as_ref().map_or(message, |(message, _)| message);
    let diagnostic = Diagnostic::error(RULE.code, span, message);
    let near = help.and_then(|help| help.split('`').nth(1));
    let near = near.and_then(|near| closest(attribute, [near]));
    let diagnostic = match near {
        Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
        None => diagnostic.label("not known"),
    };
    match told {
        Some((_, help)) => diagnostic.help(help),
        None => diagnostic.help(
            "headers and query parameters are named in `policies { headers \"x-tenant\"; query \"page\" }`; \
             `gatec policy schema` shows what is known",
        ),
    }
}

/// The message and the mend in the spec's own terms.
fn told(attribute: &str, of: &str, world: &World) -> Option<(String, String)> {
    if let Some((identity, principal)) = world.principals.iter().find(|(_, one)| one.kind == of) {
        let claims = listed(principal.claims.keys().map(String::as_str));
        let known = match claims.is_empty() {
            true => "it declares no claims".to_owned(),
            false => format!("its claims are {claims}"),
        };
        return Some((
            format!("identity `{identity}` declares no claim `{attribute}`"),
            format!("{known}; declare it there: `claim \"{attribute}\" type=\"string\"`"),
        ));
    }
    let (route, action) = world.actions.iter().find(|(_, one)| one.resource == of)?;
    let parameters = listed(action.parameters.keys().map(String::as_str));
    Some((
        format!("the path of route `{route}` has no parameter `{attribute}`"),
        match parameters.is_empty() {
            true => "its path has no parameters; a parameter is written `{name}`".to_owned(),
            false => format!("its parameters are {parameters}"),
        },
    ))
}
