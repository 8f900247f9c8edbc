//! M304: a route changes what its session does not remember.

use crate::check::rules::unknown_upstream::mend;
use crate::check::{Context, closest, listed};
use gatec_schema::Session;
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of M304.
pub(crate) const RULE: Rule = Rule {
    code: "M304",
    name: "unknown-field",
    severity: Severity::Error,
    summary: "a route changes what its session does not remember",
    explanation: r##"What a session can remember is declared: `field "cart" type="counter"`. A route sets, adds to or takes out only such fields, and `subject` is one of them."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

session "web" {
    key (secret)"session-key"
    field "cart" type="counter"
}

route "cart" public=#true {
    match "POST" "/cart"
    session "web" {
        add "card" 1
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
        let Some(uses) = &route.session else {
            continue;
        };
        let Some(session) = spec.sessions.get(&uses.name) else {
            continue;
        };
        let path = |part, key| context.key(&["routes", name, "session", part, key]);
        let set = uses.set.keys().map(|field| (field, path("set", field)));
        let add = uses.add.keys().map(|field| (field, path("add", field)));
        let remove = uses.remove.iter().enumerate().map(|(index, field)| {
            let index = index.to_string();
            let place = ["routes", name, "session", "remove", &index];
            (field, context.value(&place))
        });
        for (field, span) in set.chain(add).chain(remove) {
            found.extend(one(context, session, &uses.name, field, span));
        }
    }
    for (name, session) in &spec.sessions {
        if let Some(subject) = &session.subject {
            let span = context.value(&["sessions", name, "subject"]);
            found.extend(one(context, session, name, subject, span));
        }
    }
}

fn one(
    context: &Context<'_>,
    session: &Session,
    name: &str,
    wanted: &str,
    span: Span,
) -> Option<Diagnostic> {
    if session.fields.contains_key(wanted) {
        return None;
    }
    let known = || session.fields.keys().map(String::as_str);
    let message = format!("the session `{name}` has no field `{wanted}`");
    let diagnostic = Diagnostic::error(RULE.code, span, message);
    Some(match closest(wanted, known()) {
        Some(near) => {
            let diagnostic = diagnostic
                .label(format!("did you mean `{near}`?"))
                .help(format!("the fields are {}", listed(known())));
            mend(context, diagnostic, wanted, near)
        }
        None => diagnostic
            .label("no such field")
            .help(format!("declare it in the session: `field \"{wanted}\"`")),
    })
}
