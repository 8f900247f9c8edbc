//! M308: the settings of sessions contradict each other.

use crate::check::Context;
use crate::lower::sessions::kind;
use gatec_schema::{Session, SessionFieldType};
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of M308.
pub(crate) const RULE: Rule = Rule {
    code: "M308",
    name: "session-settings",
    severity: Severity::Error,
    summary: "the settings of sessions contradict each other",
    explanation: r##"Two sessions cannot be in one cookie of the same path. A field that several sessions have is of one type, as policies know it as `context.session.NAME` whatever the route. The `subject` is a `string`; an `origin` is a scheme and a host; and no session ends at once."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

session "web" {
    key (secret)"session-key"
    field "cart" type="counter"
}

session "admin" {
    key (secret)"session-key"
    field "user"
}

route "cart" public=#true {
    match "POST" "/cart"
    session "web" {
        add "cart" 1
    }
    respond 204
}

route "admin" public=#true {
    match "POST" "/admin"
    session "admin" {
        set "user" "ann"
    }
    respond 204
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

session "web" {
    key (secret)"session-key"
    field "cart" type="counter"
}

session "admin" cookie="__Host-admin" {
    key (secret)"session-key"
    field "user"
}

route "cart" public=#true {
    match "POST" "/cart"
    session "web" {
        add "cart" 1
    }
    respond 204
}

route "admin" public=#true {
    match "POST" "/admin"
    session "admin" {
        set "user" "ann"
    }
    respond 204
}
"####,
};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let sessions = &context.spec.sessions;
    for (index, (name, session)) in sessions.iter().enumerate() {
        for (other, before) in sessions.iter().take(index) {
            found.extend(same_cookie(context, (name, session), (other, before)));
            found.extend(other_types(context, (name, session), (other, before)));
        }
        found.extend(alone(context, name, session));
    }
}

fn same_cookie(
    context: &Context<'_>,
    (name, session): (&String, &Session),
    (other, before): (&String, &Session),
) -> Option<Diagnostic> {
    if session.cookie != before.cookie {
        return None;
    }
    let cookie = &session.cookie;
    let message = format!("the sessions `{other}` and `{name}` are in one cookie, `{cookie}`");
    let span = match context.places.written(&["sessions", name, "cookie"]) {
        true => context.value(&["sessions", name, "cookie"]),
        false => context.key(&["sessions", name]),
    };
    let diagnostic = Diagnostic::error(RULE.code, span, message)
        .label("each would displace the other")
        .help("give each a `cookie` of its own");
    Some(diagnostic.related(context.key(&["sessions", other]), "the other"))
}

fn other_types(
    context: &Context<'_>,
    (name, session): (&String, &Session),
    (other, before): (&String, &Session),
) -> Vec<Diagnostic> {
    let fields = session.fields.iter().filter(|(field, own)| {
        let known = before.fields.get(*field);
        known.is_some_and(|known| kind(known.kind) != kind(own.kind))
    });
    let told = fields.map(|(field, _)| {
        let message = format!(
            "the field `{field}` is of one type here, and of another in the session `{other}`"
        );
        let span = context.key(&["sessions", name, "fields", field]);
        Diagnostic::error(RULE.code, span, message)
            .label("of another type")
            .help("give it another name, or the same type")
            .related(
                context.key(&["sessions", other, "fields", field]),
                "the other",
            )
    });
    told.collect()
}

fn alone(context: &Context<'_>, name: &str, session: &Session) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut wrong = |path: &[&str], message: String, help: &str| {
        let span = context.value(path);
        found.push(
            Diagnostic::error(RULE.code, span, message)
                .label("cannot be")
                .help(help),
        );
    };
    let subject = session.subject.as_deref();
    let of_subject = subject.and_then(|field| session.fields.get(field));
    if of_subject.is_some_and(|field| field.kind != SessionFieldType::String) {
        let message = format!("the subject of the session `{name}` is no text");
        let help = "declare the field with `type=\"string\"`";
        wrong(&["sessions", name, "subject"], message, help);
    }
    for (key, time) in [("idle", session.idle), ("absolute", session.absolute)] {
        if time.as_millis() == 0 {
            let message = format!("the session `{name}` ends at once");
            wrong(
                &["sessions", name, key],
                message,
                "write a time, such as `30m`",
            );
        }
    }
    for (index, origin) in session.origins.iter().enumerate() {
        if !is_origin(origin) {
            let message = format!("`{origin}` is no origin");
            let path = ["sessions", name, "origins", &index.to_string()];
            let help = "an origin is a scheme and a host, with a port if it is not the usual one: `https://app.example.com`";
            wrong(&path, message, help);
        }
    }
    for (field, declared) in &session.fields {
        let text = declared.kind == SessionFieldType::String;
        if declared
            .size
            .is_some_and(|size| !text || !(1..=65_536).contains(&size.bytes()))
        {
            let message = format!("the field `{field}` cannot have this `size`");
            let path = ["sessions", name, "fields", field, "size"];
            let help = "a `string` holds 1 byte to 64 KiB; other types have a size of their own";
            wrong(&path, message, help);
        }
    }
    found
}

fn is_origin(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let letters = |letter: char| !letter.is_ascii_graphic() || "/?#@*,;".contains(letter);
    rest.is_some_and(|host| !host.is_empty() && !host.contains(letters))
}
