//! M307: a session is less safe than it could be.

use crate::check::Context;
use gatec_schema::SameSite;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of M307.
pub(crate) const RULE: Rule = Rule {
    code: "M307",
    name: "weak-session",
    severity: Severity::Warning,
    summary: "a session is less safe than it could be",
    explanation: r##"`secure=#false` sends the id in the clear, where whoever listens takes it (on `localhost` browsers send `secure` cookies over plain HTTP too, and behind a proxy that ends TLS they are sent as well). `same-site="none"` has other sites' requests carry the session, and `csrf=#false` then takes them for the user's. An `idle` time that is not shorter than the `absolute` one has no effect."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

session "web" cookie="sid" secure=#false {
    key (secret)"session-key"
    field "cart" type="counter"
}

route "cart" public=#true {
    match "POST" "/cart"
    session "web" {
        add "cart" 1
    }
    respond 204
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

session "web" {
    key (secret)"session-key"
    field "cart" type="counter"
}

route "cart" public=#true {
    match "POST" "/cart"
    session "web" {
        add "cart" 1
    }
    respond 204
}
"####,
};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let spec = context.spec;
    let mut weak = |path: &[&str], message: String, help: &str| {
        found.push(
            Diagnostic::warning(RULE.code, context.value(path), message)
                .label("less safe")
                .help(help),
        );
    };
    for (name, session) in &spec.sessions {
        if !session.secure && session.same_site != SameSite::None {
            let message = format!("the id of the session `{name}` is sent in the clear");
            let help = "leave out `secure=#false`: `localhost` works without, and so does a proxy that ends TLS";
            weak(&["sessions", name, "secure"], message, help);
        }
        if session.idle.as_millis() > session.absolute.as_millis() {
            let message = format!("the session `{name}` ends before it can be idle");
            let help = "make `idle` shorter than `absolute`";
            weak(&["sessions", name, "idle"], message, help);
        }
    }
    for (name, route) in &spec.routes {
        let Some(uses) = route.session.as_ref().filter(|uses| !uses.csrf) else {
            continue;
        };
        let open = spec
            .sessions
            .get(&uses.name)
            .is_some_and(|session| session.same_site == SameSite::None);
        if open {
            let message = format!("any site can send requests to `{name}` with this session");
            let help =
                "leave out `csrf=#false`, and list the pages that may in the session's `origins`";
            weak(&["routes", name, "session", "csrf"], message, help);
        }
    }
}
