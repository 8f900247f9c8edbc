//! Policies held against what the spec declares, by Cedar's own validator in its strict mode.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use cedar_policy::{ValidationError, ValidationMode, ValidationWarning, Validator};
use gatec_syntax::{Diagnostic, Span};
use miette::Diagnostic as Told;

use super::rules::{
    cedar_call, cedar_type, never_applies, suspicious_text, unguarded_attribute, unknown_action,
    unknown_attribute, unknown_type,
};
use crate::check::Context;
use crate::policy::read::{place, range_of};
use crate::policy::rulebook::Rulebook;
use crate::policy::schema;
use crate::policy::text::{TokenKind, tokens};
use crate::policy::world::Action;
use crate::policy::{Policy, World};

/// Validates; whether nothing was wrong.
pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) -> bool {
    let rulebook = context.rulebook;
    if rulebook.policies.list.is_empty() && rulebook.policies.conditions.is_empty() {
        return rulebook.policies.unread.is_empty();
    }
    let chosen = chosen(rulebook);
    let json = schema::json(&rulebook.world, &rulebook.hierarchy, |route| {
        chosen.contains(route)
    });
    // Names that collide keep a schema from being made, and are told as such.
    let Ok(schema) = schema::schema(json) else {
        return false;
    };
    let result = Validator::new(schema).validate(&rulebook.policies.set(), ValidationMode::Strict);
    let mut seen: HashSet<(Span, &'static str)> = HashSet::new();
    let mut valid = true;
    for error in result.validation_errors() {
        if let Some(finding) = told_error(context, error)
            && seen.insert((finding.span, finding.code))
        {
            valid = false;
            found.push(finding);
        }
    }
    let broken: HashSet<Span> = seen.iter().map(|(span, _)| *span).collect();
    for warning in result.validation_warnings() {
        if let Some(finding) = told_warning(context, warning, &broken)
            && seen.insert((finding.span, finding.code))
        {
            valid &= finding.severity != gatec_syntax::Severity::Error;
            found.push(finding);
        }
    }
    valid
}

/// The actions that policies are put to: of those that are alike in all that policies can see, one, and
/// each that a policy names. With ten thousand routes the rest would say the same again.
fn chosen(rulebook: &Rulebook) -> HashSet<&str> {
    let mut named = HashSet::new();
    for text in &rulebook.texts {
        let words = tokens(&text.text);
        let strings = words.iter().filter(|token| token.kind == TokenKind::String);
        named.extend(strings.filter_map(|token| text.text.get(inner(&token.range))));
    }
    let kinds: HashSet<&str> = rulebook
        .texts
        .iter()
        .filter(|text| text.text.contains("Route"))
        .flat_map(|text| {
            let words = tokens(&text.text).into_iter();
            words
                .filter_map(|token| text.text.get(token.range))
                .collect::<Vec<_>>()
        })
        .collect();
    let mut alike: BTreeMap<_, &str> = BTreeMap::new();
    let mut chosen = HashSet::new();
    for (name, action) in &rulebook.world.actions {
        let Action {
            identities,
            tags,
            parameters,
            resource,
            ..
        } = action;
        let kind = resource.trim_start_matches("Route::");
        let first = *alike
            .entry((identities, tags, parameters))
            .or_insert(name.as_str());
        if first == name || named.contains(name.as_str()) || kinds.contains(kind) {
            chosen.insert(name.as_str());
        }
    }
    chosen
}

fn inner(range: &Range<usize>) -> Range<usize> {
    range.start + 1..range.end.saturating_sub(1).max(range.start + 1)
}

/// What Cedar says, where, and about which policy.
struct Said<'a> {
    policy: &'a Policy,
    span: Span,
    /// The words that stand there.
    written: &'a str,
    message: String,
    help: Option<String>,
}

fn said<'a>(
    context: &Context<'a>,
    id: &cedar_policy::PolicyId,
    told: &dyn Told,
) -> Option<Said<'a>> {
    let rulebook = context.rulebook;
    let policy = rulebook.policies.by_id(id.as_ref())?;
    let range = match range_of(told) {
        Some(range) => {
            let at =
                |offset: usize| (policy.piece.range.start + offset).saturating_sub(policy.shift);
            at(range.start)..at(range.end).min(policy.piece.range.end.max(at(range.start)))
        }
        None => policy.piece.head.clone(),
    };
    let message = told.to_string();
    let message = match message.strip_prefix("for policy `") {
        Some(rest) => rest
            .split_once("`, ")
            .map_or(rest, |(_, rest)| rest)
            .to_owned(),
        None => message,
    };
    Some(Said {
        policy,
        span: place(&rulebook.texts, policy.text, range.clone()),
        written: rulebook
            .texts
            .get(policy.text)?
            .text
            .get(range)
            .unwrap_or_default(),
        message: in_words(&message),
        help: told.help().map(|help| in_words(&plain(&help.to_string()))),
    })
}

/// Without the id that the policy has here alone.
fn plain(message: &str) -> String {
    match message.strip_prefix("for policy `") {
        Some(rest) => rest
            .split_once("`, ")
            .map_or(rest, |(_, rest)| rest)
            .to_owned(),
        None => message.to_owned(),
    }
}

/// What Cedar calls its own types, in words.
fn in_words(message: &str) -> String {
    message
        .replace("__cedar::internal::AnyEntity", "an entity")
        .replace("__cedar::internal::OpenRecord{}", "a record")
        .replace("__cedar::internal::OpenRecord", "a record")
        .replace("__cedar::", "")
}

fn told_error(context: &Context<'_>, error: &ValidationError) -> Option<Diagnostic> {
    let said = said(context, error.policy_id(), error)?;
    let Said {
        span,
        message,
        help,
        ..
    } = &said;
    let world = &context.rulebook.world;
    Some(match error {
        ValidationError::UnrecognizedEntityType(_) => {
            let (at, name) = type_in(&said);
            unknown_type::finding(at, &name, world)
        }
        ValidationError::UnrecognizedActionId(_) => {
            let (at, name) = action_in(&said);
            unknown_action::finding(at, &name, context)
        }
        ValidationError::UnsafeAttributeAccess(_) => {
            let names = quoted(message);
            unknown_attribute::finding(*span, message, &names, help.as_deref(), world)
        }
        ValidationError::UnsafeOptionalAttributeAccess(_) => {
            unguarded_attribute::finding(*span, message, said.written)
        }
        ValidationError::UndefinedFunction(_)
        | ValidationError::WrongNumberArguments(_)
        | ValidationError::FunctionArgumentValidation(_)
        | ValidationError::NonLitExtConstructor(_) => {
            cedar_call::finding(*span, message, help.as_deref())
        }
        _ => cedar_type::finding(*span, message, said.written, help.as_deref()),
    })
}

fn told_warning(
    context: &Context<'_>,
    warning: &ValidationWarning,
    broken: &HashSet<Span>,
) -> Option<Diagnostic> {
    let said = said(context, warning.policy_id(), warning)?;
    Some(match warning {
        ValidationWarning::ImpossiblePolicy(_) | ValidationWarning::InvalidActionApplication(_) => {
            if said.policy.shift > 0 {
                return None;
            }
            let whole = place(
                &context.rulebook.texts,
                said.policy.text,
                said.policy.piece.range.clone(),
            );
            let inside = |span: &Span| {
                span.source == whole.source && (whole.start..whole.end).contains(&span.start)
            };
            if broken.iter().any(inside) {
                return None;
            }
            let head = said.policy.span(&context.rulebook.texts);
            never_applies::finding(head, reason(context, &said))
        }
        _ => suspicious_text::finding(said.span, &said.message),
    })
}

/// Why no request can meet a policy, as far as its scope says.
fn reason(context: &Context<'_>, said: &Said<'_>) -> Option<String> {
    use cedar_policy::pst::ActionConstraint;
    let world = &context.rulebook.world;
    let named: Vec<String> = match &said.policy.tree.action {
        ActionConstraint::Eq(uid) => vec![uid.eid.to_string()],
        _ => Vec::new(),
    };
    let action = named
        .first()
        .and_then(|name| Some((name, world.actions.get(name)?)));
    action.map(|(name, action)| match action.identities.is_empty() {
        true => format!("route `{name}` has no identity"),
        false => format!(
            "route `{name}` is for {}",
            crate::check::listed(
                action
                    .identities
                    .iter()
                    .filter_map(|name| world.principals.get(name))
                    .map(|principal| principal.kind.as_str())
            )
        ),
    })
}

/// The type that is not known, out of what Cedar points at: an entity, or a scope.
fn type_in(said: &Said<'_>) -> (Span, String) {
    let name = quoted(&said.message).into_iter().next().unwrap_or_default();
    (within(said, &name), name)
}

/// The action that is not known.
fn action_in(said: &Said<'_>) -> (Span, String) {
    let shown = said
        .message
        .split_once('`')
        .map(|(_, rest)| rest)
        .unwrap_or_default();
    let id = shown.split('"').nth(1).unwrap_or(shown).to_owned();
    (within(said, &format!("\"{id}\"")), id)
}

/// Where a word stands within what Cedar points at, or else in the whole policy.
fn within(said: &Said<'_>, word: &str) -> Span {
    match said.written.find(word).filter(|_| !word.is_empty()) {
        Some(at) => {
            let start = said.span.start as usize + at;
            Span::new(said.span.source, start, start + word.len())
        }
        None => said.span,
    }
}

/// What stands in backticks.
fn quoted(message: &str) -> Vec<String> {
    message
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// The kinds of principals and resources there are.
pub(in crate::check) fn types(world: &World) -> Vec<String> {
    let principals = world.principals.values().map(|one| one.kind.clone());
    let resources = world.actions.values().map(|one| one.resource.clone());
    std::iter::once("Role".to_owned())
        .chain(principals)
        .chain(resources)
        .collect()
}
