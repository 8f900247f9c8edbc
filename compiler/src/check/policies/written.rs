//! Texts that are no policies, links that make none, and a file of entities that cannot be read.

use std::collections::HashMap;
use std::sync::Arc;

use gatec_syntax::{Diagnostic, Sources, Span};

use super::rules::{broken_link, cedar_syntax, duplicate_policy, entities_file};
use crate::check::{Context, closest, listed};
use crate::policy::link::Broken;
use crate::policy::read::place;
use crate::policy::{Policies, PolicyText, Unread};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let rulebook = context.rulebook;
    found.extend(
        rulebook
            .policies
            .unread
            .iter()
            .map(|unread| syntax(context, unread)),
    );
    duplicates(context, found);
    links(context, found);
    if let Some(((why, _), span)) = &rulebook.entities_mistake {
        found.push(entities_file::finding(*span, why));
    }
}

/// What is wrong with a text of policies that no spec names: what cannot be read in it, and no more.
pub fn alone(name: &str, text: Arc<str>) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    let source = sources.add(name, Arc::clone(&text));
    let span = Span::new(source, 0, text.len());
    let texts = [PolicyText::file(text, span)];
    let policies = Policies::read(&texts, |_| name.to_owned());
    let found = policies.unread.iter();
    let found = found.map(|unread| told(&texts, unread)).collect();
    (sources, found)
}

fn syntax(context: &Context<'_>, unread: &Unread) -> Diagnostic {
    told(&context.rulebook.texts, unread)
}

fn told(texts: &[PolicyText], unread: &Unread) -> Diagnostic {
    let span = place(texts, unread.text, unread.range.clone());
    cedar_syntax::finding(span, &unread.message, unread.help.as_deref())
}

fn duplicates(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let rulebook = context.rulebook;
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (number, policy) in rulebook.policies.list.iter().enumerate() {
        let Some((id, range)) = &policy.piece.id else {
            continue;
        };
        match seen
            .get(id.as_str())
            .and_then(|first| rulebook.policies.list.get(*first))
        {
            Some(first) => found.push(duplicate_policy::finding(
                place(&rulebook.texts, policy.text, range.clone()),
                first.span(&rulebook.texts),
                id,
            )),
            None => {
                seen.insert(id, number);
            }
        }
    }
}

fn links(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let templates: Vec<&str> = context
        .rulebook
        .policies
        .list
        .iter()
        .filter(|policy| policy.is_template())
        .map(|policy| policy.name.as_str())
        .collect();
    for (name, why) in &context.rulebook.broken_links {
        let at = |key: &str| context.value(&["policies", "links", name, key]);
        let template = context.spec.policies.links.get(name);
        let wanted = template
            .map(|link| link.template.as_str())
            .unwrap_or_default();
        let unread = !context.rulebook.policies.unread.is_empty();
        let finding = match why {
            // It may be among what could not be read.
            Broken::NoTemplate if unread => continue,
            Broken::NoTemplate => {
                let help = match closest(wanted, templates.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if templates.is_empty() => {
                        "a template is a policy with `?principal` or `?resource` in it, and `@id(\"NAME\")` before it"
                            .to_owned()
                    }
                    None => format!("the templates are {}", listed(templates.iter().copied())),
                };
                broken_link::finding(
                    at("template"),
                    format!("there is no template `{wanted}`"),
                    help,
                )
            }
            Broken::NotATemplate => broken_link::finding(
                at("template"),
                format!("`{wanted}` is a policy as it stands, and no template"),
                "a template has `?principal` or `?resource` in it".to_owned(),
            ),
            Broken::Missing(slot) => broken_link::finding(
                context.key(&["policies", "links", name]),
                format!(
                    "the template `{wanted}` has `?{slot}`, and this link gives nothing for it"
                ),
                format!("write `{slot}=#\"Role::\"NAME\"\"#` or the like"),
            ),
            Broken::Needless(slot) => broken_link::finding(
                at(slot),
                format!("the template `{wanted}` has no `?{slot}`"),
                format!("leave `{slot}` out"),
            ),
            Broken::NoEntity(slot, text) => broken_link::finding(
                at(slot),
                format!("`{text}` is no entity"),
                "an entity is its type and its id: `Role::\"admin\"`".to_owned(),
            ),
        };
        found.push(finding);
    }
}
