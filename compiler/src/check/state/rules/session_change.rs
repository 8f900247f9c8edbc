//! M305: what a route does with its session cannot be done.

use crate::check::Context;
use crate::template::is_template;
use gatec_schema::{SessionFieldType, SessionUse};
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of M305.
pub(crate) const RULE: Rule = Rule {
    code: "M305",
    name: "session-change",
    severity: Severity::Error,
    summary: "what a route does with its session cannot be done",
    explanation: r##"Only a `counter` can be added to: the store itself adds, so that of two requests at once none is lost. A field is changed once by a route, a plain text that is set has to be of the field's type, and a session that ends is not changed as well."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

session "web" {
    key (secret)"session-key"
    field "cart" type="long"
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
    for (name, route) in &context.spec.routes {
        if let Some(uses) = &route.session {
            let route = Route {
                context,
                name,
                uses,
            };
            route.ends(found);
            route.twice(found);
            route.types(found);
        }
    }
}

struct Route<'c, 'a> {
    context: &'c Context<'a>,
    name: &'c str,
    uses: &'c SessionUse,
}

impl Route<'_, '_> {
    fn key(&self, part: &str, field: &str) -> Span {
        let path = ["routes", self.name, "session", part, field];
        self.context.key(&path)
    }

    fn ends(&self, found: &mut Vec<Diagnostic>) {
        let uses = self.uses;
        let changes =
            uses.renew || !uses.set.is_empty() || !uses.add.is_empty() || !uses.remove.is_empty();
        if uses.end && changes {
            let path = ["routes", self.name, "session", "end"];
            let message = "the session ends here, and would be changed as well";
            found.push(
                Diagnostic::error(RULE.code, self.context.value(&path), message)
                    .label("nothing is left to change")
                    .help("take out `end`, or the changes and `renew`"),
            );
        }
    }

    fn twice(&self, found: &mut Vec<Diagnostic>) {
        for (field, _) in &self.uses.add {
            if self.uses.set.contains_key(field) {
                found.push(self.again("add", field));
            }
        }
        for field in &self.uses.remove {
            if self.uses.set.contains_key(field) {
                found.push(self.again("set", field));
            } else if self.uses.add.contains_key(field) {
                found.push(self.again("add", field));
            }
        }
    }

    fn again(&self, part: &str, field: &str) -> Diagnostic {
        let message = format!("the field `{field}` is changed in several ways at once");
        Diagnostic::error(RULE.code, self.key(part, field), message)
            .label("changed once more")
            .help("a route changes a field once: `set`, `add` or `remove`")
    }

    fn types(&self, found: &mut Vec<Diagnostic>) {
        let Some(session) = self.context.spec.sessions.get(&self.uses.name) else {
            return;
        };
        let kind = |field: &str| session.fields.get(field).map(|field| field.kind);
        for field in self.uses.add.keys() {
            if kind(field).is_some_and(|kind| kind != SessionFieldType::Counter) {
                let message = format!("the field `{field}` is no counter");
                found.push(
                    Diagnostic::error(RULE.code, self.key("add", field), message)
                        .label("cannot be added to")
                        .help(format!(
                            "declare it as `field \"{field}\" type=\"counter\"`"
                        )),
                );
            }
        }
        for (field, text) in &self.uses.set {
            let text = text.as_str();
            let fits = match kind(field) {
                Some(SessionFieldType::Bool) => matches!(text, "true" | "false"),
                Some(SessionFieldType::Long | SessionFieldType::Counter) => {
                    text.parse::<i64>().is_ok()
                }
                _ => true,
            };
            if !fits && !is_template(text) {
                let path = ["routes", self.name, "session", "set", field];
                let message = format!("`{text}` is not what the field `{field}` holds");
                found.push(
                    Diagnostic::error(RULE.code, self.context.value(&path), message)
                        .label("of another type")
                        .help("write a whole number, `true` or `false`, as the field's type says"),
                );
            }
        }
    }
}
