//! U124: a header with a meaning of its own is to hold the request id.

use gatec_syntax::{Diagnostic, Rule, Severity};
use gated_engine::headers::may_hold_request_id;

use crate::check::Context;

/// The rule of U124.
pub(crate) const RULE: Rule = Rule {
    code: "U124",
    name: "request-id-header",
    severity: Severity::Error,
    summary: "a header with a meaning of its own is to hold the request id",
    explanation: r##"The gateway reads the request id from this header, makes it where it is missing, passes it on and sends it back. A header that frames the message, belongs to the connection, says where a request comes
from or carries the client's own data (`connection`, `content-length`, `host`, `cookie`, `x-forwarded-for`) cannot be used for that."##,
    wrong: r##"gateway "shop" request-id-header="cookie"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
    right: r##"gateway "shop" request-id-header="x-trace-id"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let name = context.spec.gateway.request_id_header.as_str();
    if may_hold_request_id(&name.to_ascii_lowercase()) {
        return;
    }
    let span = context.value(&["gateway", "request-id-header"]);
    let message = format!("`{name}` has a meaning of its own and cannot hold the request id");
    found.push(
        Diagnostic::error(RULE.code, span, message)
            .label("has a meaning of its own")
            .help("take a name of your own, or leave it out for `x-request-id`"),
    );
}
