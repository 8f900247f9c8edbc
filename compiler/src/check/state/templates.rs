//! The templates in the keys of limits, each on every route that it holds on.

use gatec_syntax::Diagnostic;

use crate::check::Context;
use crate::lower::limits::uses;
use crate::lower::{captures, claims, numbers, session_fields};
use crate::template::{Place, Scope, Site, compile, is_template, locate};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let spec = context.spec;
    let begin = found.len();
    for (route_name, route) in &spec.routes {
        if context.has_broken_paths(route_name) {
            continue;
        }
        let parameters: Vec<Vec<String>> = route.matches.iter().map(captures).collect();
        let fields = session_fields(spec, route);
        let scope = Scope {
            site: Site::LimitKey,
            place: Place::Plain,
            parameters: &parameters,
            numbers: &numbers(&route.matches),
            claims: &claims(spec, route),
            session: fields.as_deref(),
            environment: context.environment,
        };
        for (name, _) in uses(spec, route) {
            let Some(limit) = spec.limits.get(name) else {
                continue;
            };
            for (index, part) in limit
                .by
                .iter()
                .enumerate()
                .filter(|(_, part)| is_template(part.as_str()))
            {
                let value = context.value(&["limits", name, "by", &index.to_string()]);
                for finding in compile(part.as_str(), &scope).1 {
                    let mut located = locate(&finding, part.as_str(), value, context.sources);
                    located.message = format!("{} (on the route `{route_name}`)", located.message);
                    let known = |before: &Diagnostic| {
                        before.span == located.span && before.code == located.code
                    };
                    if !found.iter().skip(begin).any(known) {
                        found.push(located);
                    }
                }
            }
        }
    }
}
