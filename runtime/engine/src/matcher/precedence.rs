//! Which of two patterns is looked at first.
//!
//! Lexicographic, never a sum: the first difference decides. The order of paths is the order in which
//! the search walks the trie, so what this file says and what the search does must agree; a property
//! test holds them to it.

use std::cmp::{Ordering, Reverse};

use super::{PathForm, PathPart, Pattern};
use crate::program;

/// How two patterns stand to each other, the more specific first: priority, host, path, method, number
/// of headers, number of query conditions, number of cookies, number of body conditions. `Equal`
/// means that only the order of declaration decides.
///
/// A pattern with several hosts stands under each of them; here its most specific one counts. To
/// compare such patterns exactly, split them by host first.
pub fn precedence(left: &Pattern, right: &Pattern) -> Ordering {
    right
        .priority
        .cmp(&left.priority)
        .then_with(|| first_host(left).cmp(&first_host(right)))
        .then_with(|| path(&left.path).cmp(path(&right.path)))
        .then_with(|| conditions(&left.matched).cmp(&conditions(&right.matched)))
}

/// Exact hosts first, then wildcards with more labels, then any host.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum HostRank<'p> {
    Exact(&'p str),
    Wildcard(Reverse<usize>, &'p str),
    Any,
}

fn first_host(pattern: &Pattern) -> HostRank<'_> {
    let ranks = pattern.hosts.iter().map(|host| host_rank(host));
    ranks.min().unwrap_or(HostRank::Any)
}

fn host_rank(host: &str) -> HostRank<'_> {
    match host.strip_prefix("*.") {
        _ if host.is_empty() => HostRank::Any,
        Some(suffix) => HostRank::Wildcard(Reverse(suffix.split('.').count()), suffix),
        None => HostRank::Exact(host),
    }
}

/// One step of a path, in the order in which the branches of a node are tried.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Step<'p> {
    End,
    Literal(&'p str),
    Parameter(program::ParameterKind),
    Regex,
    Rest,
}

fn path(form: &PathForm) -> impl Iterator<Item = Step<'_>> {
    let (parts, literals, last): (_, &[String], _) = match form {
        PathForm::Whole(parts) => (parts.as_slice(), &[], Step::End),
        PathForm::Prefix { parts, .. } => (prefix(parts), &[], Step::Rest),
        PathForm::Regex { literal } => (&[] as &[_], literal, Step::Regex),
    };
    let parts = parts.iter().map(|part| match part {
        PathPart::Literal(literal) => Step::Literal(literal),
        PathPart::Parameter(kind) => Step::Parameter(*kind),
    });
    let literals = literals.iter().map(|literal| Step::Literal(literal));
    let root = matches!(form, PathForm::Whole(parts) if parts.is_empty());
    let root = root.then_some(Step::Literal(""));
    root.into_iter().chain(parts).chain(literals).chain([last])
}

/// The parts of a prefix that count: a slash at its end says nothing.
pub(super) fn prefix(parts: &[PathPart]) -> &[PathPart] {
    match parts {
        [before @ .., PathPart::Literal(last)] if last.is_empty() => before,
        parts => parts,
    }
}

/// The rank of what a match asks for beyond the path; the lesser comes first.
pub(super) fn conditions(matched: &program::Match) -> impl Ord + use<> {
    let count = |of: fn(&program::MatchExtra) -> usize| matched.extra.as_deref().map_or(0, of);
    let method = matched.methods != 0 || count(|extra| extra.other_methods.len()) > 0;
    Reverse((
        method,
        count(|extra| extra.headers.len()),
        count(|extra| extra.query.len()),
        count(|extra| extra.cookies.len()),
        count(|extra| extra.body.len()),
    ))
}
