//! R115: what is changed in a request that is sent nowhere.

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of R115.
pub(crate) const RULE: Rule = Rule {
    code: "R115",
    name: "unused-request-block",
    severity: Severity::Warning,
    summary: "a route changes a request that it sends nowhere",
    explanation: r##"A `request` block changes the headers of a request before it is passed on to an upstream. A route with `respond`, `redirect` or `files` answers by itself: nothing is sent on, so the block has no
effect. What the client gets is changed with `response`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    request {
        set "x-a" "1"
    }
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    response {
        set "x-a" "1"
    }
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, route) in context.sound_routes() {
        let action = [
            ("respond", route.respond.is_some()),
            ("redirect", route.redirect.is_some()),
            ("files", route.files.is_some()),
        ];
        let action = action.into_iter().find(|(_, there)| *there);
        let request = &route.request;
        let says = !(request.set.is_empty() && request.add.is_empty() && request.remove.is_empty());
        let (Some((action, _)), true, None) = (action, says, &route.proxy) else {
            continue;
        };
        let message =
            format!("`request` has no effect in route `{name}`, which answers by `{action}`");
        let finding = Diagnostic::warning(
            RULE.code,
            context.key(&["routes", name, "request"]),
            message,
        )
        .label("only proxied requests are sent on")
        .help("what the client gets is changed with `response`");
        found.push(finding);
    }
}
