//! U103: two listeners want the same address.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity, Span};
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

/// The rule of U103.
pub(crate) const RULE: Rule = Rule {
    code: "U103",
    name: "listener-collision",
    severity: Severity::Error,
    summary: "two listeners want the same address",
    explanation: r##"An address and port can be opened once. `0.0.0.0:8080` and `:8080` stand for every address, and so collide with each `…:8080`. The management listener counts too: it opens
`127.0.0.1:9901` unless told otherwise."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

listener "admin" bind=":8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

listener "admin" bind=":8081"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

struct Bound {
    name: String,
    address: SocketAddr,
    span: Span,
}

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut by_port: HashMap<u16, Vec<Bound>> = HashMap::new();
    for bound in all(context)
        .into_iter()
        .filter(|bound| bound.address.port() != 0)
    {
        let others = by_port.entry(bound.address.port()).or_default();
        let other = others
            .iter()
            .find(|other| overlap(other.address.ip(), bound.address.ip()));
        if let Some(other) = other {
            let message = format!(
                "{} and {} both want port {} of {}",
                other.name,
                bound.name,
                bound.address.port(),
                shared(other.address.ip(), bound.address.ip())
            );
            found.push(
                Diagnostic::error(RULE.code, bound.span, message)
                    .label("taken already")
                    .related(other.span, format!("by {}", other.name)),
            );
        }
        others.push(bound);
    }
}

fn all(context: &Context<'_>) -> Vec<Bound> {
    let spec = context.spec;
    let mut bound: Vec<Bound> = Vec::new();
    let management = &spec.management;
    let given = context.places.written(&["management"]);
    let entry = || Bound {
        name: "the management listener".to_owned(),
        address: management.bind.socket(),
        span: context.value(&["management", "bind"]),
    };
    // Where it is not written, the finding stands at the listener that is.
    bound.extend((management.enabled && !given).then(entry));
    bound.extend(spec.listeners.iter().map(|(name, listener)| Bound {
        name: format!("listener `{name}`"),
        address: listener.bind.socket(),
        span: context.value(&["listeners", name, "bind"]),
    }));
    bound.extend((management.enabled && given).then(entry));
    bound
}

fn overlap(left: IpAddr, right: IpAddr) -> bool {
    left == right || covers(left, right) || covers(right, left)
}

/// `[::]` takes IPv4 as well.
fn covers(all: IpAddr, one: IpAddr) -> bool {
    match all {
        IpAddr::V6(ip) => ip.is_unspecified(),
        IpAddr::V4(ip) => ip.is_unspecified() && one.is_ipv4(),
    }
}

fn shared(left: IpAddr, right: IpAddr) -> String {
    let one = if covers(left, right) { right } else { left };
    match one.is_unspecified() {
        true => "every address".to_owned(),
        false => format!("`{one}`"),
    }
}
