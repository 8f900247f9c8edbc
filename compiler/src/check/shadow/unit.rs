//! What is compared: one `match` under one of its hosts.

use std::borrow::Cow;

use gated_engine::matcher::{PathForm, Pattern, precedence};

use super::facts::{Condition, conditions};
use super::methods::Methods;
use super::path::Paths;

/// One `match` under one host.
pub(super) struct Unit<'p> {
    /// The pattern with this host alone.
    pub(super) pattern: Cow<'p, Pattern>,
    /// Index of the pattern in order of declaration.
    pub(super) index: usize,
    /// Empty: any host.
    pub(super) host: &'p str,
    /// None for a regular expression.
    pub(super) paths: Option<Paths>,
    pub(super) methods: Methods,
    pub(super) conditions: Vec<Condition<'p>>,
    /// Its place in the order in which patterns are tried.
    pub(super) rank: usize,
}

impl Unit<'_> {
    pub(super) fn route(&self) -> u32 {
        self.pattern.matched.route
    }

    /// The number of its regular expression, where it has one.
    pub(super) fn regex(&self) -> Option<u32> {
        let extra = self.pattern.matched.extra.as_ref()?;
        match self.pattern.path {
            PathForm::Regex { .. } => extra.path_regex,
            _ => None,
        }
    }
}

/// Splits patterns by host and ranks them. `skip` says which are left out.
pub(super) fn units<'p>(patterns: &'p [Pattern], skip: impl Fn(&Pattern) -> bool) -> Vec<Unit<'p>> {
    let mut units = Vec::with_capacity(patterns.len());
    for (index, pattern) in patterns
        .iter()
        .enumerate()
        .filter(|(_, pattern)| !skip(pattern))
    {
        let unit = |host: &'p str, alone| Unit {
            index,
            host,
            paths: Paths::of(&pattern.path),
            methods: Methods::of(&pattern.matched),
            conditions: conditions(pattern.matched.extra.as_deref()),
            rank: 0,
            pattern: alone,
        };
        match pattern.hosts.as_slice() {
            [] => units.push(unit("", Cow::Borrowed(pattern))),
            [host] => units.push(unit(host, Cow::Borrowed(pattern))),
            hosts => units.extend(hosts.iter().map(|host| {
                let alone = Pattern {
                    hosts: vec![host.clone()],
                    ..pattern.clone()
                };
                unit(host, Cow::Owned(alone))
            })),
        }
    }
    rank(&mut units);
    units
}

fn rank(units: &mut [Unit<'_>]) {
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by(|left, right| match (units.get(*left), units.get(*right)) {
        (Some(left), Some(right)) => {
            precedence(&left.pattern, &right.pattern).then(left.index.cmp(&right.index))
        }
        _ => std::cmp::Ordering::Equal,
    });
    for (rank, index) in order.into_iter().enumerate() {
        if let Some(unit) = units.get_mut(index) {
            unit.rank = rank;
        }
    }
}
