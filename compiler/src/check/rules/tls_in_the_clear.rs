//! U140: servers are asked in the clear although the upstream says how to secure them.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U140.
pub(crate) const RULE: Rule = Rule {
    code: "U140",
    name: "tls-in-the-clear",
    severity: Severity::Error,
    summary: "servers are asked in the clear although the upstream says how to secure them",
    explanation: r##"`tls` in an upstream holds for its `https://` servers. A server whose URL begins with `http://` is asked in the clear, whatever `tls` says: whoever wrote it surely meant otherwise."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://10.0.0.11:9000"
    tls name="orders.internal"
}

route "orders" public=#true {
    match prefix="/orders"
    proxy "orders"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "https://10.0.0.11:9443"
    tls name="orders.internal"
}

route "orders" public=#true {
    match prefix="/orders"
    proxy "orders"
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, upstream) in &context.spec.upstreams {
        if upstream.tls.is_none() {
            continue;
        }
        for (index, server) in upstream.servers.iter().enumerate() {
            if server.url.is_secure() {
                continue;
            }
            let url = server.url.as_str();
            let message = format!("`{url}` is asked in the clear, although the upstream has `tls`");
            let place = ["upstreams", name, "servers", &index.to_string(), "url"];
            found.push(
                Diagnostic::error(RULE.code, context.value(&place), message)
                    .label("no TLS here")
                    .related(context.key(&["upstreams", name, "tls"]), "`tls` is for `https://` servers")
                    .help("write `https://`, with the port at which the server speaks TLS, or take `tls` out"),
            );
        }
    }
}
