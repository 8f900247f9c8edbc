//! U137: the PROXY protocol is spoken, and nobody may speak it.

use gatec_schema::ProxyProtocolMode;
use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of U137.
pub(crate) const RULE: Rule = Rule {
    code: "U137",
    name: "nobody-trusted",
    severity: Severity::Error,
    summary: "`proxy-protocol` does not say whose headers are taken",
    explanation: r##"A PROXY header says who the client is, and is believed: in logs, limits, and what upstreams are told. Anybody who can connect could send one and claim to be somebody else. So `from` must name the proxies
whose word is taken, by their addresses or networks."##,
    wrong: r##"listener "web" bind="0.0.0.0:8080" {
    proxy-protocol "require"
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
    right: r##"listener "web" bind="0.0.0.0:8080" {
    proxy-protocol "require" {
        from "10.0.0.0/8"
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
        // One that is written and no network is told of where it stands.
        let written = context
            .places
            .written(&["listeners", name, "proxy-protocol", "from"]);
        if given.mode != ProxyProtocolMode::Off && given.from.is_empty() && !written {
            let span = context.key(&["listeners", name, "proxy-protocol"]);
            let message = format!("listener `{name}` takes PROXY headers, but does not say whose");
            found.push(
                Diagnostic::error(RULE.code, span, message)
                    .label("from nobody")
                    .help("name the proxies in front: `from \"10.0.0.0/8\"`"),
            );
        }
    }
}
