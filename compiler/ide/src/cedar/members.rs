//! What can stand behind `principal.`, `resource.` and `context.`, with types.

use gatec_compiler::policy::ClaimKind;
use gatec_compiler::policy::World;
use gatec_compiler::policy::schema::CONTEXT;

use super::scope::Scope;
use super::words::Word;

/// Something with attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// `principal`
    Principal,
    /// `resource`
    Resource,
    /// `context`
    Context,
    /// `context.headers`
    Headers,
    /// `context.query`
    Query,
}

/// An attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member<'w> {
    pub(crate) name: &'w str,
    /// None for a record.
    pub(crate) kind: Option<ClaimKind>,
    pub(crate) optional: bool,
    /// The identities or routes that have it.
    pub(crate) of: Vec<&'w str>,
}

/// What the last of some words has attributes of: `principal`, `context.headers`.
pub(crate) fn owner(words: &[Word<'_>]) -> Option<Owner> {
    match words {
        [.., context, dot, part] if context.text == "context" && dot.text == "." => {
            match part.text {
                "headers" => Some(Owner::Headers),
                "query" => Some(Owner::Query),
                _ => None,
            }
        }
        [.., dot, _] if dot.text == "." => None,
        [.., one] => match one.text {
            "principal" => Some(Owner::Principal),
            "resource" => Some(Owner::Resource),
            "context" => Some(Owner::Context),
            _ => None,
        },
        [] => None,
    }
}

/// The attributes there are, each once.
pub(crate) fn members<'w>(world: &'w World, scope: &Scope<'w>, owner: Owner) -> Vec<Member<'w>> {
    let mut found: Vec<Member<'w>> = Vec::new();
    match owner {
        Owner::Principal => {
            for identity in &scope.identities {
                let Some(principal) = world.principals.get(*identity) else {
                    continue;
                };
                for (name, (_, kind, optional)) in &principal.claims {
                    add(&mut found, name, *kind, *optional, identity);
                }
            }
        }
        Owner::Resource => {
            for route in &scope.routes {
                let Some(action) = world.actions.get(*route) else {
                    continue;
                };
                for (name, (kind, optional)) in &action.parameters {
                    add(&mut found, name, *kind, *optional, route);
                }
            }
        }
        Owner::Context => {
            for (name, kind) in CONTEXT {
                found.push(single(name, Some(kind), false));
            }
            found.push(single("headers", None, false));
            found.push(single("query", None, false));
        }
        Owner::Headers => found.extend(texts(&world.headers)),
        Owner::Query => found.extend(texts(&world.query)),
    }
    found
}

fn add<'w>(
    found: &mut Vec<Member<'w>>,
    name: &'w str,
    kind: ClaimKind,
    optional: bool,
    of: &'w str,
) {
    match found.iter_mut().find(|member| member.name == name) {
        Some(member) => {
            member.of.push(of);
            member.optional |= optional;
        }
        None => found.push(Member {
            name,
            kind: Some(kind),
            optional,
            of: vec![of],
        }),
    }
}

fn single(name: &str, kind: Option<ClaimKind>, optional: bool) -> Member<'_> {
    Member {
        name,
        kind,
        optional,
        of: Vec::new(),
    }
}

fn texts(names: &[String]) -> impl Iterator<Item = Member<'_>> {
    names
        .iter()
        .map(|name| single(name, Some(ClaimKind::Text), true))
}

/// A type as Cedar writes it.
pub(crate) fn type_words(kind: Option<ClaimKind>) -> &'static str {
    match kind {
        None => "a record",
        Some(ClaimKind::Text) => "String",
        Some(ClaimKind::Long) => "Long",
        Some(ClaimKind::Bool) => "Bool",
        Some(ClaimKind::Texts) => "Set<String>",
        Some(ClaimKind::Longs) => "Set<Long>",
        Some(ClaimKind::Datetime) => "datetime",
        Some(ClaimKind::Ip) => "ipaddr",
        Some(ClaimKind::Decimal) => "decimal",
    }
}

/// What can be called on a value of a type.
pub(crate) fn methods(kind: ClaimKind) -> &'static [&'static str] {
    match kind {
        ClaimKind::Texts | ClaimKind::Longs => {
            &["contains", "containsAll", "containsAny", "isEmpty"]
        }
        ClaimKind::Ip => &["isInRange", "isIpv4", "isIpv6", "isLoopback", "isMulticast"],
        ClaimKind::Datetime => &["durationSince", "offset", "toDate", "toTime"],
        ClaimKind::Decimal => &[
            "greaterThan",
            "greaterThanOrEqual",
            "lessThan",
            "lessThanOrEqual",
        ],
        ClaimKind::Text | ClaimKind::Long | ClaimKind::Bool => &[],
    }
}
