//! Sets of path segments.
//!
//! Every segment that is not a literal of the spec belongs to one of seven kinds, and each type of
//! parameter takes whole kinds. Each kind holds more segments than any spec has literals, so a set of
//! kinds is never used up by literals: a literal that stands where a pattern has a parameter can be
//! left out of the account. What remains is finite and exact.

use gated_engine::matcher::PathPart;
use gated_engine::program::ParameterKind;

/// A set of kinds, a bit each.
pub(super) type Kinds = u8;

const UUID: Kinds = 1;
const DATE: Kinds = 2;
const NEGATIVE: Kinds = 4;
const NUMBER: Kinds = 8;
const LETTERS: Kinds = 16;
const MIXED: Kinds = 32;
const OTHER: Kinds = 64;
/// Every segment that is not empty.
pub(super) const ANY: Kinds = 127;

/// A segment of each kind.
const SAMPLES: [(Kinds, &str); 7] = [
    (LETTERS, "anything"),
    (NUMBER, "7"),
    (MIXED, "a1"),
    (OTHER, "some-thing"),
    (NEGATIVE, "-7"),
    (UUID, "00000000-0000-4000-8000-000000000000"),
    (DATE, "2024-01-31"),
];

/// A set of segments at one position of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Segments {
    /// This one. Empty: the slash at the end of a path.
    Literal(String),
    /// All of these kinds.
    Kinds(Kinds),
}

impl Segments {
    pub(super) fn of(part: &PathPart) -> Self {
        match part {
            PathPart::Literal(text) => Segments::Literal(text.clone()),
            PathPart::Parameter(kind) => Segments::Kinds(kinds_of(*kind)),
        }
    }

    /// What both hold.
    pub(super) fn and(&self, other: &Segments) -> Option<Segments> {
        match (self, other) {
            (Segments::Literal(text), _) => other.holds(text).then(|| self.clone()),
            (Segments::Kinds(_), Segments::Literal(_)) => None,
            (Segments::Kinds(left), Segments::Kinds(right)) => Some(left & right)
                .filter(|kinds| *kinds != 0)
                .map(Segments::Kinds),
        }
    }

    /// What this holds and the other does not.
    pub(super) fn without(&self, other: &Segments) -> Option<Segments> {
        match (self, other) {
            (Segments::Literal(text), _) => (!other.holds(text)).then(|| self.clone()),
            (Segments::Kinds(_), Segments::Literal(_)) => Some(self.clone()),
            (Segments::Kinds(left), Segments::Kinds(right)) => Some(left & !right)
                .filter(|kinds| *kinds != 0)
                .map(Segments::Kinds),
        }
    }

    fn holds(&self, segment: &str) -> bool {
        match self {
            Segments::Literal(text) => text == segment,
            Segments::Kinds(kinds) => kinds & kind_of(segment) != 0,
        }
    }

    /// Segments of this set, for a request to be made of.
    pub(super) fn samples(&self) -> Vec<&str> {
        match self {
            Segments::Literal(text) => vec![text],
            Segments::Kinds(kinds) => SAMPLES
                .iter()
                .filter(|(kind, _)| kinds & kind != 0)
                .map(|(_, sample)| *sample)
                .collect(),
        }
    }
}

/// The kinds that a type of parameter takes.
pub(super) fn kinds_of(kind: ParameterKind) -> Kinds {
    match kind {
        ParameterKind::Uuid => UUID,
        ParameterKind::Date => DATE,
        ParameterKind::Int => NEGATIVE | NUMBER,
        ParameterKind::Alpha => LETTERS,
        ParameterKind::Alnum => NUMBER | LETTERS | MIXED,
        ParameterKind::Any => ANY,
    }
}

/// The kind of a segment; none for the empty one.
pub(super) fn kind_of(segment: &str) -> Kinds {
    let is = |kind: ParameterKind| kind.takes(segment);
    match () {
        () if segment.is_empty() => 0,
        () if is(ParameterKind::Uuid) => UUID,
        () if is(ParameterKind::Date) => DATE,
        () if is(ParameterKind::Int) && is(ParameterKind::Alnum) => NUMBER,
        () if is(ParameterKind::Int) => NEGATIVE,
        () if is(ParameterKind::Alpha) => LETTERS,
        () if is(ParameterKind::Alnum) => MIXED,
        () => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_types_agree_with_the_engine() {
        let types = [
            ParameterKind::Uuid,
            ParameterKind::Date,
            ParameterKind::Int,
            ParameterKind::Alpha,
            ParameterKind::Alnum,
            ParameterKind::Any,
        ];
        let more = [
            "",
            "007",
            "+1",
            "18446744073709551615",
            "18446744073709551616",
            "%C3%A9",
            "2024-02-30",
        ];
        for segment in SAMPLES.iter().map(|(_, sample)| *sample).chain(more) {
            for kind in types {
                assert_eq!(
                    kinds_of(kind) & kind_of(segment) != 0,
                    kind.takes(segment),
                    "{segment} {kind:?}"
                );
            }
        }
        for (kind, sample) in SAMPLES {
            assert_eq!(kind_of(sample), kind);
        }
    }
}
