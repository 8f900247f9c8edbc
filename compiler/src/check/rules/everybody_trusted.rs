//! U138: the PROXY protocol is spoken, and everybody is believed.

use std::net::Ipv4Addr;

use gatec_schema::ProxyProtocolMode;
use gatec_schema::value::Network;
use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of U138.
pub(crate) const RULE: Rule = Rule {
    code: "U138",
    name: "everybody-trusted",
    severity: Severity::Warning,
    summary: "`proxy-protocol` takes headers from every address there is",
    explanation: r##"A PROXY header says who the client is, and is believed: in logs, limits, and what upstreams are told. A network of length 0 holds every address, so anybody who can connect can claim to be somebody else. Name the
networks in which the proxies stand, however large they are."##,
    wrong: r##"listener "web" bind="0.0.0.0:8080" {
    proxy-protocol "require" {
        from "0.0.0.0/0" "::/0"
    }
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
    right: r##"listener "web" bind="0.0.0.0:8080" {
    proxy-protocol "require" {
        from "10.0.0.0/8" "fd00::/8"
    }
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, listener) in &context.spec.listeners {
        let given = &listener.proxy_protocol;
        if given.mode == ProxyProtocolMode::Off {
            continue;
        }
        for (place, network) in given.from.iter().enumerate() {
            if !holds_everybody(network) {
                continue;
            }
            let place = place.to_string();
            let span = context.value(&["listeners", name, "proxy-protocol", "from", &place]);
            let message = format!("listener `{name}` believes the PROXY headers of everybody");
            found.push(
                Diagnostic::warning(RULE.code, span, message)
                    .label("every address there is")
                    .help("name the networks of the proxies in front: `from \"10.0.0.0/8\"`"),
            );
        }
    }
}

/// Whether a network holds all of IPv4, and all of IPv6 with it or not.
fn holds_everybody(network: &Network) -> bool {
    let (first, bits) = network.parts();
    let any = Ipv4Addr::UNSPECIFIED.to_ipv6_mapped().to_bits();
    let kept = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
    bits <= 96 && any & kept == first
}
