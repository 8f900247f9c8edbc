//! U118: a header that belongs to the connection is set by hand.

use crate::check::Context;
use crate::check::walk::headers;
use gatec_syntax::{Diagnostic, Rule, Severity};
use gated_engine::headers::is_framing;

/// The rule of U118.
pub(crate) const RULE: Rule = Rule {
    code: "U118",
    name: "hop-by-hop-header",
    severity: Severity::Error,
    summary: "a header that belongs to the connection is set by hand",
    explanation: r##"`connection`, `content-length`, `transfer-encoding` and their like describe the one connection they are sent on, not the message (RFC 9110, section 7.6.1). The gateway sets them itself, to
match what it sends; set by hand they would break the framing or let requests be smuggled. The host of a proxied request is set with `proxy "name" host="…"`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 {
        header "connection" "close"
    }
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 {
        header "cache-control" "no-store"
    }
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for list in headers(context.spec) {
        for name in list.headers.keys() {
            let lower = name.to_ascii_lowercase();
            let host = list.request && lower == "host";
            if !host && !is_framing(&lower) {
                continue;
            }
            let span = context.key(&list.of(name));
            let message = format!(
                "the header `{name}` cannot be set: the gateway sets it to match what it sends"
            );
            let diagnostic =
                Diagnostic::error(RULE.code, span, message).label("belongs to the connection");
            found.push(match host {
                true => diagnostic.help("set the host with `proxy \"name\" host=\"…\"`"),
                false => diagnostic,
            });
        }
    }
}
