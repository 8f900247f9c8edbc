//! What is known of a request besides its path and method: values that are there, values that are
//! not, and whether such a request exists at all.

use gated_engine::program::{BodyCondition, BodySubject, MatchExtra, NamedCondition, TextTest};

use super::expressions::Regexes;

/// Where a named value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Part {
    Header,
    Query,
    Cookie,
}

/// A condition of a match.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Condition<'p> {
    Named(Part, &'p NamedCondition),
    Body(&'p BodyCondition),
}

/// A condition that holds, or one that does not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fact<'p> {
    pub(super) condition: Condition<'p>,
    pub(super) holds: bool,
}

/// Whether there is a request of which all facts are true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Possible {
    Yes,
    No,
    /// It hangs on a regular expression.
    Unknown,
}

/// The conditions of a match.
pub(super) fn conditions(extra: Option<&MatchExtra>) -> Vec<Condition<'_>> {
    let Some(extra) = extra else {
        return Vec::new();
    };
    let mut all = named(Part::Header, &extra.headers);
    all.extend(named(Part::Query, &extra.query));
    all.extend(named(Part::Cookie, &extra.cookies));
    all.extend(extra.body.iter().map(Condition::Body));
    all
}

fn named(part: Part, list: &[NamedCondition]) -> Vec<Condition<'_>> {
    list.iter()
        .map(|condition| Condition::Named(part, condition))
        .collect()
}

/// An equality that a match asks for: matches that ask for different ones need not be compared.
pub(super) type Key = (u8, String, String);

impl Condition<'_> {
    /// The equality this condition asks for, if it does.
    pub(super) fn key(&self) -> Option<Key> {
        let equal = |tests: &[TextTest]| {
            tests.iter().find_map(|test| match test {
                TextTest::Equals(text) => Some(text.clone()),
                _ => None,
            })
        };
        match self {
            Condition::Named(part, condition) => {
                equal(&condition.tests).map(|value| (*part as u8, condition.name.clone(), value))
            }
            Condition::Body(condition) => match &condition.subject {
                BodySubject::Json { value, .. } => Some((3, "json".to_owned(), value.clone())),
                subject => equal(&condition.tests).map(|value| (4, format!("{subject:?}"), value)),
            },
        }
    }

    fn is_absent(&self) -> bool {
        let tests = match self {
            Condition::Named(_, condition) => &condition.tests,
            Condition::Body(condition) => &condition.tests,
        };
        tests.contains(&TextTest::Absent)
    }
}

impl Regexes<'_> {
    fn pass(&self, tests: &[TextTest], value: &str) -> bool {
        tests.iter().all(|test| match test {
            TextTest::Present => true,
            TextTest::Absent => false,
            TextTest::Equals(text) => value == text,
            TextTest::Contains(text) => value.contains(text.as_str()),
            TextTest::Matches(index) => self.matches(*index, value),
        })
    }

    /// Whether there is a request of which all facts are true.
    pub(super) fn possible(&self, facts: &[Fact<'_>]) -> Possible {
        let mut outcome = Possible::Yes;
        for (index, fact) in facts.iter().enumerate() {
            let seen = facts
                .iter()
                .take(index)
                .any(|before| same_subject(&before.condition, &fact.condition));
            if seen {
                continue;
            }
            let about: Vec<&Fact<'_>> = facts
                .iter()
                .filter(|other| same_subject(&other.condition, &fact.condition))
                .collect();
            match self.possible_about(&about) {
                Possible::No => return Possible::No,
                Possible::Unknown => outcome = Possible::Unknown,
                Possible::Yes => {}
            }
        }
        outcome
    }

    fn possible_about(&self, about: &[&Fact<'_>]) -> Possible {
        let absent = |fact: &&&Fact<'_>| fact.condition.is_absent();
        let must_be_absent = about.iter().filter(absent).any(|fact| fact.holds);
        let must_be_there = about.iter().filter(absent).any(|fact| !fact.holds);
        let wanted: Vec<&[TextTest]> = tests(about, true);
        if must_be_absent {
            return match must_be_there || !wanted.is_empty() {
                true => Possible::No,
                false => Possible::Yes,
            };
        }
        if let Some(Fact {
            condition: Condition::Body(_),
            ..
        }) = about.first()
        {
            return bodies(about);
        }
        let unwanted: Vec<&[TextTest]> = tests(about, false);
        let present: &[TextTest] = &[TextTest::Present];
        let presence = must_be_there.then_some(present);
        let mut outcome = Possible::Yes;
        for tests in wanted.into_iter().chain(presence) {
            match self.value(tests, &unwanted).1 {
                Possible::No => return Possible::No,
                Possible::Unknown => outcome = Possible::Unknown,
                Possible::Yes => {}
            }
        }
        outcome
    }

    /// A value that passes `tests` and none of `unwanted`.
    pub(super) fn value(
        &self,
        tests: &[TextTest],
        unwanted: &[&[TextTest]],
    ) -> (Option<String>, Possible) {
        let implied = |other: &&[TextTest]| {
            other
                .iter()
                .all(|test| *test == TextTest::Present || tests.contains(test))
        };
        if unwanted.iter().any(implied) {
            return (None, Possible::No);
        }
        let Candidates { values, exact } = self.candidates(tests, unwanted);
        let fitting: Vec<&String> = values
            .iter()
            .filter(|value| self.pass(tests, value))
            .collect();
        let free = fitting
            .iter()
            .find(|value| !unwanted.iter().any(|tests| self.pass(tests, value)));
        if let Some(value) = free {
            return (Some((*value).clone()), Possible::Yes);
        }
        let by_regex = |tests: &&[TextTest]| {
            tests
                .iter()
                .any(|test| matches!(test, TextTest::Matches(_)))
        };
        let generic = fitting.first().is_some_and(|value| {
            unwanted
                .iter()
                .any(|tests| !by_regex(tests) && self.pass(tests, value))
        });
        match exact || (generic && !by_regex(&tests)) {
            true => (None, Possible::No),
            false => (None, Possible::Unknown),
        }
    }

    fn candidates(&self, tests: &[TextTest], unwanted: &[&[TextTest]]) -> Candidates {
        let equal = tests.iter().find_map(|test| match test {
            TextTest::Equals(text) => Some(text.clone()),
            _ => None,
        });
        if let Some(value) = equal {
            return Candidates {
                values: vec![value],
                exact: true,
            };
        }
        let mut values = Vec::new();
        let filler = filler(unwanted);
        let mut generic = filler.to_string();
        for test in tests {
            match test {
                TextTest::Contains(text) => {
                    generic.push_str(text);
                    generic.push(filler);
                }
                TextTest::Matches(index) => values.extend_from_slice(self.samples(*index)),
                _ => {}
            }
        }
        values.insert(0, generic.clone());
        values.push(generic.trim_matches(filler).to_owned());
        values.push(format!("{generic}7zq"));
        Candidates {
            values,
            exact: false,
        }
    }
}

struct Candidates {
    /// The first one is as general as can be.
    values: Vec<String>,
    /// There is no other value.
    exact: bool,
}

/// A character that no text of the tests holds.
fn filler(tests: &[&[TextTest]]) -> char {
    let used = |c: char| {
        tests.iter().copied().flatten().any(|test| match test {
            TextTest::Equals(text) | TextTest::Contains(text) => text.contains(c),
            _ => false,
        })
    };
    "zqjxkvwy7593~^_ZQJXKVWY"
        .chars()
        .find(|c| !used(*c))
        .unwrap_or('~')
}

fn tests<'p>(about: &[&Fact<'p>], holds: bool) -> Vec<&'p [TextTest]> {
    about
        .iter()
        .filter(|fact| fact.holds == holds && !fact.condition.is_absent())
        .map(|fact| match fact.condition {
            Condition::Named(_, condition) => condition.tests.as_slice(),
            Condition::Body(condition) => condition.tests.as_slice(),
        })
        .collect()
}

fn same_subject(left: &Condition<'_>, right: &Condition<'_>) -> bool {
    match (left, right) {
        (Condition::Named(part, left), Condition::Named(other, right)) => {
            part == other && left.name == right.name
        }
        (Condition::Body(left), Condition::Body(right)) => left.subject == right.subject,
        _ => false,
    }
}

/// Bodies: only what follows from a condition being written twice.
fn bodies(about: &[&Fact<'_>]) -> Possible {
    let wanted = tests(about, true);
    let unwanted = tests(about, false);
    let implied = |tests: &[TextTest], by: &[TextTest]| {
        tests
            .iter()
            .all(|test| by.contains(test) || (*test == TextTest::Present && !by.is_empty()))
    };
    let contradicted = unwanted
        .iter()
        .any(|tests| wanted.iter().any(|by| implied(tests, by)));
    match contradicted {
        true => Possible::No,
        false => Possible::Yes,
    }
}
