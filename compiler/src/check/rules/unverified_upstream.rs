//! U142: the servers of an upstream need not prove who they are.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U142.
pub(crate) const RULE: Rule = Rule {
    code: "U142",
    name: "unverified-upstream",
    severity: Severity::Warning,
    summary: "the servers of an upstream need not prove who they are",
    explanation: r##"With `verify #false`, any certificate is taken: an expired one, another name's, one that whoever stands in between has just made. The connection is encrypted, but nobody knows
towards whom. A certificate of an authority of your own needs no `verify #false`: name the authority by `ca`, and by `name` the name that the certificate holds. A self-signed certificate may stand
in `ca` itself."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "https://10.0.0.11:9443"
    tls verify=#false
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
        if upstream.tls.as_ref().is_none_or(|tls| tls.verify) {
            continue;
        }
        let message = format!(
            "certificates of the servers of `{name}` are not verified: whoever stands in between can read and change everything"
        );
        let span = context.value(&["upstreams", name, "tls", "verify"]);
        found.push(
            Diagnostic::warning(RULE.code, span, message)
                .label("anybody is trusted")
                .help("name the authority that vouches for them by `ca`, and the name in their certificate by `name`"),
        );
    }
}
