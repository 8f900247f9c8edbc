//! M302: a session is used nowhere.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of M302.
pub(crate) const RULE: Rule = Rule {
    code: "M302",
    name: "unused-session",
    severity: Severity::Warning,
    summary: "a session is used nowhere",
    explanation: r##"No route and no identity names this session: nothing is ever remembered in it."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

session "web" {
    key (secret)"session-key"
    field "cart" type="counter"
}

route "cart" public=#true {
    match "POST" "/cart"
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
    // A route of wrong shape may have been meant to name it.
    let broken = |name: &String| context.is_broken(name);
    if context.lost_text() || spec.routes.keys().any(broken) {
        return;
    }
    let routes = spec
        .routes
        .values()
        .filter_map(|route| route.session.as_ref());
    let identities = spec.identities.values();
    let named: Vec<&str> = routes
        .map(|uses| uses.name.as_str())
        .chain(identities.filter_map(|identity| identity.session.as_deref()))
        .collect();
    // Where M301 asks whether this one was meant, one finding is enough.
    if named.iter().any(|name| !spec.sessions.contains_key(*name)) {
        return;
    }
    for name in spec.sessions.keys() {
        if !named.contains(&name.as_str()) {
            let message = format!("the session `{name}` is used nowhere");
            found.push(
                Diagnostic::warning(RULE.code, context.key(&["sessions", name]), message)
                    .label("not used")
                    .help(format!(
                        "write `session \"{name}\"` in the routes that it is for, or take it out"
                    )),
            );
        }
    }
}
