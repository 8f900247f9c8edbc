//! U141: some servers of an upstream are asked over TLS and some in the clear.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U141.
pub(crate) const RULE: Rule = Rule {
    code: "U141",
    name: "mixed-schemes",
    severity: Severity::Warning,
    summary: "some servers of an upstream are asked over TLS and some in the clear",
    explanation: r##"The servers of an upstream take turns. Where one is `https://` and another `http://`, part of the same requests goes over the network in the clear. That may be meant
while servers move to TLS; as a lasting state it is not."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "https://10.0.0.11:9443"
    server "http://10.0.0.12:9000"
}

route "orders" public=#true {
    match prefix="/orders"
    proxy "orders"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "https://10.0.0.11:9443"
    server "https://10.0.0.12:9443"
}

route "orders" public=#true {
    match prefix="/orders"
    proxy "orders"
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, upstream) in &context.spec.upstreams {
        let asked = || {
            let servers = upstream.servers.iter().enumerate();
            servers.filter(|(_, server)| server.weight > 0)
        };
        let secure = asked().find(|(_, server)| server.url.is_secure());
        let clear = asked().find(|(_, server)| !server.url.is_secure());
        // With `tls`, U140 tells of it.
        let (Some(secure), Some(clear), None) = (secure, clear, &upstream.tls) else {
            continue;
        };
        let place = |index: usize| {
            context.value(&["upstreams", name, "servers", &index.to_string(), "url"])
        };
        let message = format!(
            "the upstream `{name}` asks `{}` in the clear and `{}` over TLS",
            clear.1.url, secure.1.url
        );
        found.push(
            Diagnostic::warning(RULE.code, place(clear.0), message)
                .label("in the clear")
                .related(place(secure.0), "over TLS"),
        );
    }
}
