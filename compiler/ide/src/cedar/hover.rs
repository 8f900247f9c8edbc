//! What is told about the word under the cursor in Cedar; Markdown.

use std::fmt::Write;

use gatec_compiler::policy::Rulebook;
use gatec_compiler::policy::names::ROLE;
use gatec_compiler::policy::text::{Piece, pieces};
use gatec_syntax::Node;

use super::about::About;
use super::members::{Owner, members, owner, type_words};
use super::names::within;
use super::scope::scope;
use super::words::{Word, policies, words};
use crate::hover::Hover;
use crate::names::{
    CLAIMS, HEADERS, IDENTITIES, Key, PARAMETERS, POLICY_IDS, QUERY, ROLES, ROUTES, TAGS, names_at,
};
use crate::{Bytes, route, touches};

/// The most lines of a list.
const MOST: usize = 20;

/// What there is to tell about an offset of a Cedar text.
pub fn hover(about: &About<'_>, text: &str, offset: usize) -> Option<Hover> {
    let found = within(about, text);
    let here = names_at(&found, offset);
    let named: Vec<String> = here
        .iter()
        .filter_map(|name| of_name(about, text, &name.key))
        .collect();
    if let (Some(first), false) = (here.first(), named.is_empty()) {
        return Some(Hover {
            text: named.join("\n\n"),
            at: first.at.clone(),
        });
    }
    let words = words(text);
    let policy = policies(&words).find(|policy| {
        let (first, last) = (policy.first(), policy.last());
        first
            .zip(last)
            .is_some_and(|(first, last)| touches(&(first.at.start..last.at.end), offset))
    })?;
    let at = policy.iter().position(|word| touches(&word.at, offset))?;
    of_context(about, policy, at).or_else(|| of_head(about, text, policy, at))
}

fn of_name(about: &About<'_>, text: &str, key: &Key) -> Option<String> {
    let name = key.name.as_str();
    let world = about.world();
    match key.section.as_str() {
        ROUTES => of_route(about, name),
        TAGS => {
            let tags = about.tags();
            let routes = tags.get(name)?;
            Some(format!("the tag `{name}` of {}", listed(routes)))
        }
        IDENTITIES => {
            let principal = world.principals.get(name)?;
            let mut told = format!("**{}**: the identity `{name}`", principal.kind);
            for (claim, (_, kind, optional)) in &principal.claims {
                let may = if *optional { ", may be missing" } else { "" };
                let _ = write!(told, "\n- `{claim}`: {}{may}", type_words(Some(*kind)));
            }
            Some(told)
        }
        CLAIMS => {
            let (_, kind, optional) = world.principals.get(&key.scope)?.claims.get(name)?;
            let may = if *optional { "; it may be missing" } else { "" };
            let kind = type_words(Some(*kind));
            Some(format!(
                "`{name}`: {kind}, a claim of the identity `{}`{may}",
                key.scope
            ))
        }
        PARAMETERS => {
            let (kind, optional) = world.actions.get(&key.scope)?.parameters.get(name)?;
            let may = if *optional { "; it may be missing" } else { "" };
            let kind = type_words(Some(*kind));
            Some(format!(
                "`{name}`: {kind}, in the path of the route `{}`{may}",
                key.scope
            ))
        }
        HEADERS => Some(format!("the header `{name}`: String; it may be missing")),
        QUERY => Some(format!(
            "the query parameter `{name}`: String; it may be missing"
        )),
        ROLES => Some(of_role(about, name)),
        POLICY_IDS => {
            let rulebook = about.rulebook()?;
            let mut pieces = pieces(text).into_iter();
            let piece = pieces.find(|piece| piece.id.as_ref().is_some_and(|(id, _)| id == name))?;
            Some(applies(rulebook, text, &piece))
        }
        _ => None,
    }
}

/// A route: what it takes, who may ask, its tags.
fn of_route(about: &About<'_>, name: &str) -> Option<String> {
    let action = about.world().actions.get(name)?;
    let mut told = format!("**route** `{name}`");
    let routes = about
        .document()?
        .root
        .get("routes")
        .and_then(Node::as_object);
    if let Some(object) = routes.and_then(|routes| routes.get(name)?.as_object()) {
        let _ = write!(told, "\n\nTakes {}.", route::takes(object));
    }
    if !action.identities.is_empty() {
        let _ = write!(told, "\n\nFor {}.", listed(&action.identities));
    }
    if !action.tags.is_empty() {
        let _ = write!(told, "\n\nTagged {}.", listed(&action.tags));
    }
    Some(told)
}

/// A role: which claims give it, and what it is part of.
fn of_role(about: &About<'_>, name: &str) -> String {
    let mut told = format!("the role `{name}`");
    let identities = about.spec().into_iter().flat_map(|spec| &spec.identities);
    let given: Vec<String> = identities
        .flat_map(|(identity, of)| {
            let roles = of.claims.iter().filter(|(_, claim)| claim.role);
            roles.map(move |(claim, _)| format!("{claim} of {identity}"))
        })
        .collect();
    if !given.is_empty() {
        let _ = write!(told, ": a value of {}", listed(&given));
    }
    if let Some(rulebook) = about.rulebook() {
        let above = rulebook
            .hierarchy
            .above(&(ROLE.to_owned(), name.to_owned()));
        if !above.is_empty() {
            let above: Vec<String> = above
                .iter()
                .map(|(kind, id)| format!("{kind}::\"{id}\""))
                .collect();
            let _ = write!(told, "; part of {}", listed(&above));
        }
    }
    told
}

/// `context` and its attributes.
fn of_context(about: &About<'_>, policy: &[Word<'_>], at: usize) -> Option<Hover> {
    let word = policy.get(at)?;
    let [owned @ .., dot] = policy.get(..at)? else {
        return None;
    };
    let of = owner(owned).filter(|owner| dot.text == "." && *owner == Owner::Context)?;
    let scope = scope(about.world(), policy);
    let found = members(about.world(), &scope, of);
    let member = found.iter().find(|member| member.name == word.text)?;
    let what = match member.name {
        "client" => "the address of who is asking",
        "host" => "the host asked for",
        "method" => "the request's method, in upper case",
        "path" => "the request's path",
        "secure" => "whether the request came over TLS",
        "time" => "when the request came",
        "headers" => "the headers that `policies` names",
        _ => "the query parameters that `policies` names",
    };
    Some(Hover {
        text: format!("`{}`: {}, {what}", member.name, type_words(member.kind)),
        at: word.at.clone(),
    })
}

/// The head of a policy: to which routes and identities it applies.
fn of_head(about: &About<'_>, text: &str, policy: &[Word<'_>], at: usize) -> Option<Hover> {
    let word = policy.get(at)?;
    let rulebook = about.rulebook()?;
    let start = policy.first()?.at.start;
    let piece = pieces(text)
        .into_iter()
        .find(|piece| piece.range.start == start)?;
    if !touches(&piece.head, word.at.start) {
        return None;
    }
    Some(Hover {
        text: applies(rulebook, text, &piece),
        at: piece.head.clone(),
    })
}

/// To which routes and identities a policy applies.
fn applies(rulebook: &Rulebook, text: &str, piece: &Piece) -> String {
    let own = |number: usize| {
        let policy = rulebook.policies.list.get(number)?;
        let known = rulebook.texts.get(policy.text)?;
        (*known.text == *text && policy.piece.range == piece.range).then_some(())
    };
    let live: Vec<usize> = (0..rulebook.live.len())
        .filter(|number| {
            let live = rulebook.live.get(*number);
            live.is_some_and(|live| own(live.policy).is_some())
        })
        .collect();
    let mut lines: Vec<String> = Vec::new();
    for (route, arms) in &rulebook.slices.routes {
        let has = |list: &[gatec_compiler::policy::slice::Left]| {
            list.iter().any(|left| live.contains(&left.policy))
        };
        let of: Vec<&str> = arms
            .iter()
            .filter(|(_, slice)| has(&slice.permits) || has(&slice.forbids))
            .map(|(identity, _)| identity.as_str())
            .collect();
        if !of.is_empty() {
            lines.push(format!("- `{route}` for {}", listed(&of)));
        }
    }
    if lines.is_empty() {
        return match live.is_empty() {
            true => "Not put to any request: it is a template without links, or not read yet."
                .to_owned(),
            false => "Applies to no route.".to_owned(),
        };
    }
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    if more > 0 {
        lines.push(format!("- and {more} more"));
    }
    format!("Applies to\n{}", lines.join("\n"))
}

fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let shown: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    shown.join(", ")
}

/// What a policy text is about at an offset, in the bytes of its source.
pub fn hover_in(about: &About<'_>, text: &super::CedarText, offset: usize) -> Option<Hover> {
    let found = hover(about, text.text(), text.offset(offset)?)?;
    let at: Bytes = text.range(&found.at)?;
    Some(Hover { at, ..found })
}
