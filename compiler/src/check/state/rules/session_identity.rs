//! M309: nobody can be known by this session.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of M309.
pub(crate) const RULE: Rule = Rule {
    code: "M309",
    name: "session-identity",
    severity: Severity::Error,
    summary: "nobody can be known by this session",
    explanation: r##"An identity of the kind `session` takes the session's `subject` for the id of who asks, so there has to be one. A route has one session: it cannot know people by one, and remember something in another."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

session "web" {
    key (secret)"session-key"
    field "user"
}

identity "people" {
    session "web"
}

policies {
    cedar "permit (principal is People, action, resource);"
}

route "login" public=#true {
    match "POST" "/login"
    session "web" renew=#true {
        set "user" "{{ body.user }}"
    }
    respond 204
}

route "me" {
    match "GET" "/me"
    identity "people"
    respond 200 "{{ principal }}"
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

session "web" {
    key (secret)"session-key"
    field "user"
    subject "user"
}

identity "people" {
    session "web"
}

policies {
    cedar "permit (principal is People, action, resource);"
}

route "login" public=#true {
    match "POST" "/login"
    session "web" renew=#true {
        set "user" "{{ body.user }}"
    }
    respond 204
}

route "me" {
    match "GET" "/me"
    identity "people"
    respond 200 "{{ principal }}"
}
"####,
};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let spec = context.spec;
    let by = |identity: &str| spec.identities.get(identity)?.session.as_deref();
    for (name, identity) in &spec.identities {
        let Some(session) = &identity.session else {
            continue;
        };
        let lacks = spec
            .sessions
            .get(session)
            .is_some_and(|session| session.subject.is_none());
        if lacks {
            let span = context.value(&["identities", name, "session"]);
            let message = format!("the session `{session}` does not say whose it is");
            found.push(
                Diagnostic::error(RULE.code, span, message)
                    .label("nobody is known by it")
                    .help("name the field in the session: `subject \"user\"`"),
            );
        }
    }
    for (name, route) in &spec.routes {
        let named = route.session.as_ref().map(|uses| uses.name.as_str());
        let mut own = named;
        for (index, identity) in route.identity.iter().enumerate() {
            let Some(session) = by(identity) else {
                continue;
            };
            if *own.get_or_insert(session) != session {
                let index = index.to_string();
                let span = context.value(&["routes", name, "identity", &index]);
                let other = own.unwrap_or_default();
                let message = format!("the route `{name}` would be in two sessions");
                found.push(
                    Diagnostic::error(RULE.code, span, message)
                        .label(format!("in `{session}`, and not in `{other}`"))
                        .help("a route has one session; make two routes of it"),
                );
            }
        }
    }
}
