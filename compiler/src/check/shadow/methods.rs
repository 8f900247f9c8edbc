//! Sets of methods: the nine well-known ones, some others by name, or all others.

use gated_engine::program::Match;

/// The well-known methods in the order of their bits.
const KNOWN: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
];
const ALL: u16 = (1 << 9) - 1;

/// A set of methods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Methods {
    known: u16,
    /// Others by name; `None`: all others, which no list of names uses up.
    others: Option<Vec<String>>,
}

impl Methods {
    pub(super) fn of(matched: &Match) -> Self {
        let others = matched
            .extra
            .as_ref()
            .map(|extra| extra.other_methods.clone())
            .unwrap_or_default();
        match matched.methods == 0 && others.is_empty() {
            true => Self {
                known: ALL,
                others: None,
            },
            false => Self {
                known: matched.methods,
                others: Some(others),
            },
        }
    }

    fn some(self) -> Option<Self> {
        let none = self.known == 0 && self.others.as_ref().is_some_and(Vec::is_empty);
        (!none).then_some(self)
    }

    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        let others = match (&self.others, &other.others) {
            (None, None) => None,
            (None, Some(_)) => Some(Vec::new()),
            (Some(own), None) => Some(own.clone()),
            (Some(own), Some(other)) => Some(
                own.iter()
                    .filter(|name| other.contains(name))
                    .cloned()
                    .collect(),
            ),
        };
        Self {
            known: self.known & other.known,
            others,
        }
        .some()
    }

    pub(super) fn without(&self, other: &Self) -> Option<Self> {
        let others = match (&self.others, &other.others) {
            (_, None) => Some(Vec::new()),
            (None, Some(_)) => None,
            (Some(own), Some(other)) => Some(
                own.iter()
                    .filter(|name| !other.contains(name))
                    .cloned()
                    .collect(),
            ),
        };
        Self {
            known: self.known & !other.known,
            others,
        }
        .some()
    }

    /// A method of the set.
    pub(super) fn sample(&self) -> &str {
        let known = KNOWN
            .iter()
            .enumerate()
            .find(|(bit, _)| self.known & (1 << bit) != 0);
        match (known, &self.others) {
            (Some((_, name)), _) => name,
            (None, Some(others)) => others.first().map_or("GET", String::as_str),
            (None, None) => "PURGE",
        }
    }
}
