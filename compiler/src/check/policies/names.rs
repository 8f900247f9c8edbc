//! Names that would be the same in Cedar.

use std::collections::HashMap;

use gatec_syntax::Diagnostic;

use super::rules::cedar_name;
use crate::check::Context;
use crate::policy::names::{is_taken, resource_type, type_name};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let spec = context.spec;
    let mut types: HashMap<String, &str> = HashMap::new();
    for name in spec.identities.keys() {
        let kind = type_name(name);
        let span = context.key(&["identities", name]);
        if is_taken(&kind) {
            found.push(cedar_name::taken(span, name, &kind));
        } else if let Some(other) = types.insert(kind.clone(), name) {
            found.push(cedar_name::same(span, "identity", name, other, &kind));
        }
    }
    let mut resources: HashMap<String, &str> = HashMap::new();
    for name in context.rulebook.world.actions.keys() {
        let kind = resource_type(name);
        if let Some(other) = resources.insert(kind.clone(), name) {
            let span = context.key(&["routes", name]);
            found.push(cedar_name::same(span, "route", name, other, &kind));
        }
    }
    for (name, route) in &spec.routes {
        for (number, tag) in route.tags.iter().enumerate() {
            if spec.routes.contains_key(tag) {
                let span = context.value(&["routes", name, "tags", &number.to_string()]);
                found.push(cedar_name::tag(span, tag));
            }
        }
    }
}
