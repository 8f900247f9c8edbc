//! M306: no browser keeps the cookie of a session.

use crate::check::Context;
use gatec_schema::{SameSite, Session};
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of M306.
pub(crate) const RULE: Rule = Rule {
    code: "M306",
    name: "session-cookie",
    severity: Severity::Error,
    summary: "no browser keeps the cookie of a session",
    explanation: r##"A browser keeps a cookie whose name begins with `__Host-` only if it is for this host alone (no `domain`), for the whole of it (`path="/"`), and `secure`; with `__Secure-` it has to be `secure`, and so does a cookie with `same-site="none"`. A cookie that is not kept is a session that is always new."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

session "web" cookie="__Host-sid" domain="shop.example" {
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

session "web" cookie="__Secure-sid" domain="shop.example" {
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
    for (name, session) in &context.spec.sessions {
        for (key, why) in reasons(session) {
            let path = ["sessions", name, key];
            let cookie = &session.cookie;
            let message = format!("no browser keeps the cookie `{cookie}`: {why}");
            found.push(
                Diagnostic::error(RULE.code, context.value(&path), message)
                    .label("does not go with the cookie")
                    .help("leave it out, or give the cookie another name: `__Secure-sid` may be for a whole domain, `sid` for anything"),
            );
        }
        let odd = |text: &str| text.contains([';', ',', ' ']) || !text.is_ascii();
        let texts = [
            ("path", Some(&session.path)),
            ("domain", session.domain.as_ref()),
        ];
        for (key, text) in texts {
            if text.is_some_and(|text| odd(text) || (key == "path" && !text.starts_with('/'))) {
                let message = format!("no cookie can have such a {key}");
                found.push(
                    Diagnostic::error(RULE.code, context.value(&["sessions", name, key]), message)
                        .label("not possible")
                        .help("a path begins with `/`, a domain is a name such as `shop.example`; neither has blanks, commas or semicolons"),
                );
            }
        }
    }
}

fn reasons(session: &Session) -> Vec<(&'static str, &'static str)> {
    let mut reasons = Vec::new();
    let name = session.cookie.to_ascii_lowercase();
    let host = name.starts_with("__host-");
    if host && session.domain.is_some() {
        reasons.push(("domain", "with `__Host-` it is for this host alone"));
    }
    if host && session.path != "/" {
        reasons.push(("path", "with `__Host-` it is for every path"));
    }
    if (host || name.starts_with("__secure-")) && !session.secure {
        reasons.push(("secure", "its name says that it is sent over TLS only"));
    } else if session.same_site == SameSite::None && !session.secure {
        reasons.push(("secure", "with `same-site=\"none\"` it has to be `secure`"));
    }
    reasons
}
