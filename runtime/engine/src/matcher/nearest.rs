//! The routes that came nearest to taking a request, and what kept a route from it.
//!
//! How near a route is: every condition that does not fit costs, and so does every segment of the path,
//! by how many letters differ. This is a guess at what was meant, and has no say in matching.

use super::NearMiss;
use super::compiled::Compiled;
use super::conditions::Subject;
use super::differences::{differences, host_fits};
use super::outline::{End, Outline, Part, each, segments};
use crate::program::{ArchivedMatch, ArchivedProgram};
use crate::request::Request;

/// What is wrong with one part of a route, in quarters of a condition.
const CONDITION: u32 = 4;
const SEGMENT: u32 = 8;
/// How many letters of a segment are compared.
const LETTERS: usize = 24;
/// How many segments are compared: more than a pattern has.
const SEGMENTS: usize = 80;

/// The routes that came nearest to taking a request, nearest first; ties in the order of declaration.
/// Walks every route: not for the hot path.
pub fn nearest(
    program: &ArchivedProgram,
    compiled: &Compiled,
    request: &Request<'_>,
    body: Option<&[u8]>,
    limit: usize,
) -> Vec<NearMiss> {
    let subject = Subject::new(program, compiled, request, body);
    let asked: Vec<&str> = segments(&request.path).take(SEGMENTS).collect();
    let mut best = Best {
        limit,
        found: Vec::new(),
    };
    each(program, &mut |outline| {
        let cost = cost(&subject, &asked, &outline, best.bound());
        if cost > 0 {
            best.offer(cost, outline);
        }
    });
    let found = best.found.iter();
    found
        .map(|(_, outline)| near_miss(&subject, outline))
        .collect()
}

/// What keeps a route from taking a request: one entry for each of its matches, without differences
/// where the match fits (then another route comes first, if this one does not take the request).
pub fn explain(
    program: &ArchivedProgram,
    compiled: &Compiled,
    request: &Request<'_>,
    body: Option<&[u8]>,
    route: u32,
) -> Vec<NearMiss> {
    let subject = Subject::new(program, compiled, request, body);
    let asked: Vec<&str> = segments(&request.path).take(SEGMENTS).collect();
    let mut best = Best {
        limit: usize::MAX,
        found: Vec::new(),
    };
    each(program, &mut |outline| {
        if outline.matched.route == route {
            best.offer(cost(&subject, &asked, &outline, u32::MAX), outline);
        }
    });
    let mut found: Vec<_> = best
        .found
        .iter()
        .map(|(_, outline)| near_miss(&subject, outline))
        .collect();
    found.sort_by_key(|miss| miss.ordinal);
    found
}

/// Every match that fits a request, as route and ordinal in the order of declaration: the one that
/// takes it, and those that come after it. Walks every route: not for the hot path.
pub fn fitting(
    program: &ArchivedProgram,
    compiled: &Compiled,
    request: &Request<'_>,
    body: Option<&[u8]>,
) -> Vec<(u32, u16)> {
    let subject = Subject::new(program, compiled, request, body);
    let asked: Vec<&str> = segments(&request.path).take(SEGMENTS).collect();
    let mut found = Vec::new();
    each(program, &mut |outline| {
        if cost(&subject, &asked, &outline, 1) == 0 {
            found.push(order(outline.matched));
        }
    });
    found.sort_unstable();
    found.dedup();
    found
}

fn near_miss(subject: &Subject<'_>, outline: &Outline<'_>) -> NearMiss {
    NearMiss {
        route: outline.matched.route.to_native(),
        ordinal: outline.matched.ordinal.to_native(),
        differences: differences(subject, outline),
    }
}

/// The nearest so far, each match once (by its nearest host).
struct Best<'b> {
    limit: usize,
    found: Vec<(u32, Outline<'b>)>,
}

impl<'b> Best<'b> {
    /// The cost from which on nothing is taken any more.
    fn bound(&self) -> u32 {
        let last = self.found.last().filter(|_| self.found.len() >= self.limit);
        last.map_or(u32::MAX, |(cost, _)| cost.saturating_add(1))
    }

    fn offer(&mut self, cost: u32, outline: Outline<'b>) {
        let rank = (cost, order(outline.matched));
        let rank_of = |(cost, outline): &(u32, Outline<'b>)| (*cost, order(outline.matched));
        let same = |(_, other): &(u32, Outline<'b>)| order(other.matched) == rank.1;
        if let Some(place) = self.found.iter().position(same) {
            if self
                .found
                .get(place)
                .is_some_and(|(known, _)| *known <= cost)
            {
                return;
            }
            self.found.remove(place);
        }
        let place = self.found.partition_point(|known| rank_of(known) < rank);
        if place < self.limit {
            self.found.insert(place, (cost, outline));
            self.found.truncate(self.limit);
        }
    }
}

fn order(matched: &ArchivedMatch) -> (u32, u16) {
    (matched.route.to_native(), matched.ordinal.to_native())
}

/// How far a match is from taking the request; 0 where it fits. Stops counting at `bound`.
fn cost(subject: &Subject<'_>, asked: &[&str], outline: &Outline<'_>, bound: u32) -> u32 {
    let mut cost = 0;
    if !host_fits(outline.host, &subject.request.host) {
        cost += CONDITION;
    }
    if !subject.method(outline.matched) {
        cost += CONDITION;
    }
    if !subject.request.path.starts_with('/') {
        cost += SEGMENT;
    }
    cost += path_cost(asked, outline, bound.saturating_sub(cost));
    if cost < bound {
        cost += conditions_cost(subject, outline);
    }
    cost
}

fn path_cost(asked: &[&str], outline: &Outline<'_>, bound: u32) -> u32 {
    let mut cost = 0;
    for (part, segment) in outline.parts.iter().zip(asked) {
        cost += part_cost(*part, segment);
        if cost >= bound {
            return cost;
        }
    }
    let missing = outline.parts.len().saturating_sub(asked.len());
    let further = match outline.end {
        End::Nothing => asked.get(outline.parts.len()..).unwrap_or_default(),
        End::Rest | End::Regex => &[],
    };
    let further: u32 = further
        .iter()
        .map(|segment| if segment.is_empty() { 2 } else { SEGMENT })
        .sum();
    let missing = u32::try_from(missing)
        .unwrap_or(u32::MAX)
        .saturating_mul(SEGMENT);
    cost.saturating_add(missing).saturating_add(further)
}

fn part_cost(part: Part<'_>, segment: &str) -> u32 {
    match part {
        Part::Literal(literal) if literal == segment => 0,
        Part::Literal(literal) => CONDITION + 2 * distance(literal, segment),
        Part::Parameter(kind) if kind.takes(segment) => 0,
        Part::Parameter(_) => 5,
    }
}

/// How different two segments are, from 0 to 6.
fn distance(left: &str, right: &str) -> u32 {
    let (left, right) = (start(left), start(right));
    let longest = u32::try_from(left.len().max(right.len()).max(1)).unwrap_or(1);
    edits(left, right) * 6 / longest
}

/// The first letters of a segment. In normal form they are ASCII.
fn start(segment: &str) -> &[u8] {
    let bytes = segment.as_bytes();
    bytes.get(..LETTERS).unwrap_or(bytes)
}

/// The number of letters to change, add or remove (Levenshtein), without allocating: this is done for
/// every route.
fn edits(left: &[u8], right: &[u8]) -> u32 {
    let mut row: [u32; LETTERS + 1] = std::array::from_fn(|column| column as u32);
    for (line, letter) in (1_u32..).zip(left) {
        let mut diagonal = line - 1;
        let mut before = line;
        for (cell, other) in row.iter_mut().skip(1).zip(right) {
            let changed = diagonal + u32::from(letter != other);
            diagonal = *cell;
            before = changed.min(diagonal + 1).min(before + 1);
            *cell = before;
        }
        if let Some(first) = row.first_mut() {
            *first = line;
        }
    }
    row.get(right.len()).copied().unwrap_or_default()
}

/// What the conditions cost that do not hold, the path's regular expression among them.
fn conditions_cost(subject: &Subject<'_>, outline: &Outline<'_>) -> u32 {
    let Some(extra) = outline.matched.extra.as_ref() else {
        return 0;
    };
    let headers = extra
        .headers
        .iter()
        .filter(|condition| !subject.header(condition))
        .count();
    let query = extra
        .query
        .iter()
        .filter(|condition| !subject.query(condition))
        .count();
    let cookies = extra
        .cookies
        .iter()
        .filter(|condition| !subject.cookie(condition))
        .count();
    let body = match &subject.body {
        Some(body) => extra
            .body
            .iter()
            .filter(|one| !subject.holds(body, one))
            .count(),
        None => usize::from(!extra.body.is_empty()),
    };
    let path = if subject.path_fits(outline.matched) {
        0
    } else {
        SEGMENT
    };
    let failed = u32::try_from(headers + query + cookies + body).unwrap_or(u32::MAX);
    failed.saturating_mul(CONDITION).saturating_add(path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn edits_are_levenshtein(left in "[a-c]{0,24}", right in "[a-c]{0,24}") {
            let expected = strsim::levenshtein(&left, &right);
            prop_assert_eq!(edits(left.as_bytes(), right.as_bytes()) as usize, expected);
        }
    }

    #[test]
    fn distances() {
        assert_eq!(distance("", ""), 0);
        assert_eq!(distance("orders", "orders"), 0);
        assert_eq!(distance("order", "orders"), 1);
        assert_eq!(distance("", "orders"), 6);
        assert_eq!(distance(&"a".repeat(100), &"b".repeat(9000)), 6);
    }
}
