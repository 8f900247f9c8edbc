//! M301: a session is named that does not exist.

use crate::check::rules::unknown_upstream::mend;
use crate::check::{Context, closest, listed};
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of M301.
pub(crate) const RULE: Rule = Rule {
    code: "M301",
    name: "unknown-session",
    severity: Severity::Error,
    summary: "a session is named that does not exist",
    explanation: r##"A route, or an identity, names the session that it works with, and that has to be declared: which cookie, which keys, and what is remembered."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

session "web" {
    key (secret)"session-key"
    field "cart" type="counter"
}

route "cart" public=#true {
    match "POST" "/cart"
    session "wob" {
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
    for (name, route) in &spec.routes {
        if let Some(uses) = &route.session {
            one(
                context,
                found,
                &["routes", name, "session", "name"],
                &uses.name,
            );
        }
    }
    for (name, identity) in &spec.identities {
        if let Some(session) = &identity.session {
            one(context, found, &["identities", name, "session"], session);
        }
    }
}

fn one(context: &Context<'_>, found: &mut Vec<Diagnostic>, path: &[&str], wanted: &str) {
    let declared = context.spec.sessions.contains_key(wanted)
        || context.declared("sessions", wanted)
        || context.open_lines.hold(wanted, context.sources);
    if !declared {
        found.push(finding(context, context.value(path), wanted));
    }
}

fn finding(context: &Context<'_>, span: Span, wanted: &str) -> Diagnostic {
    let known = || context.spec.sessions.keys().map(String::as_str);
    let message = format!("there is no session `{wanted}`");
    let diagnostic = Diagnostic::error(RULE.code, span, message);
    match closest(wanted, known()) {
        Some(near) => {
            let diagnostic = diagnostic
                .label(format!("did you mean `{near}`?"))
                .help(format!("the sessions are {}", listed(known())));
            mend(context, diagnostic, wanted, near)
        }
        None if known().next().is_none() => diagnostic.label("unknown session").help(format!(
            "declare it: `session \"{wanted}\" {{ key (secret)\"session-key\"; field \"user\" }}`"
        )),
        None => diagnostic
            .label("unknown session")
            .help(format!("the sessions are {}", listed(known()))),
    }
}
