//! The values of each fact that a condition can tell apart.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use gated_engine::principal::Ip;
use gated_engine::program::{ClaimKind, Fact, Term};

use super::value::{Val, Worker};
use crate::policy::fold::{Scene, kind_of};
use crate::policy::pool::{Pool, parts};

/// The most texts of which every subset is tried.
const MOST_OF_SET: usize = 6;

/// How many facts can all be different from each other among the candidates.
const MOST_APART: usize = 3;

/// What may be tried.
pub(super) struct Candidates {
    /// Values of each fact; `None`: it is not there.
    pub(super) values: BTreeMap<Fact, Vec<Option<Val>>>,
    /// Whether they stand for all values there are.
    pub(super) complete: bool,
}

/// What the terms of a condition are about.
#[derive(Default)]
struct Seen {
    facts: BTreeSet<Fact>,
    texts: BTreeSet<String>,
    roles: BTreeSet<String>,
    longs: BTreeSet<i64>,
    decimals: BTreeSet<i64>,
    moments: BTreeSet<i64>,
    ips: Vec<Ip>,
    patterns: Vec<Vec<String>>,
    /// It asks what the candidates may not stand for.
    intricate: bool,
}

/// The candidates for some conditions.
pub(super) fn candidates(
    pool: &Pool,
    scene: Scene<'_>,
    roots: &[u32],
    roles: &[u32],
) -> Candidates {
    let subject = scene.principal.subject;
    let mut seen = Seen::default();
    let mut open: Vec<u32> = roots.to_vec();
    let mut done: BTreeSet<u32> = BTreeSet::new();
    while let Some(number) = open.pop() {
        if done.insert(number) {
            let term = pool.term(number);
            seen.term(term, subject, roles);
            seen.intricate |= is_intricate(pool, term, scene);
            open.extend(parts(term));
        }
    }
    // Of more facts than this there may be too few values to tell them all apart.
    let mut complete = !seen.intricate && seen.facts.len() <= MOST_APART;
    let values = seen
        .facts
        .iter()
        .map(|fact| {
            let mut values = seen.values(fact, scene, &mut complete);
            if may_be_missing(fact, scene) {
                values.push(None);
            }
            (fact.clone(), values)
        })
        .collect();
    Candidates { values, complete }
}

/// Whether a comparison may come out in ways that the candidates do not show: of sets beyond "does it hold
/// this", and of facts whose values are not those of any text.
fn is_intricate(pool: &Pool, term: &Term, scene: Scene<'_>) -> bool {
    let is_constant = |number: u32| {
        matches!(
            pool.term(number),
            Term::Text(_)
                | Term::Long(_)
                | Term::Texts(_)
                | Term::Bool(_)
                | Term::Decimal(_)
                | Term::Datetime(_)
                | Term::Ip(_)
        )
    };
    let of_own_kind = |number: u32| {
        matches!(
            pool.term(number),
            Term::Fact(Fact::Method | Fact::Host | Fact::Parameter(..))
        )
    };
    let is_set = |number: u32| match pool.term(number) {
        Term::Fact(fact) => matches!(
            kind_of(fact, scene.principal),
            Some(ClaimKind::Texts | ClaimKind::Longs)
        ),
        other => matches!(other, Term::Texts(_) | Term::Set(_)),
    };
    match term {
        Term::IsEmpty(_) | Term::Set(_) => true,
        Term::Contains(set, item) => !is_constant(*item) && !is_constant(*set),
        Term::Equal(one, two) => {
            let both = !is_constant(*one) && !is_constant(*two);
            is_set(*one) || is_set(*two) || (both && (of_own_kind(*one) || of_own_kind(*two)))
        }
        _ => false,
    }
}

fn may_be_missing(fact: &Fact, scene: Scene<'_>) -> bool {
    match fact {
        Fact::Header(_) | Fact::Query(_) | Fact::Session(..) => true,
        Fact::Claim(number) => scene
            .principal
            .claims
            .values()
            .any(|(own, _, optional)| own == number && *optional),
        Fact::Parameter(name, _) => scene
            .action
            .parameters
            .get(name)
            .is_some_and(|(_, optional)| *optional),
        _ => false,
    }
}

impl Seen {
    fn term(&mut self, term: &Term, subject: Option<u32>, roles: &[u32]) {
        match term {
            Term::Fact(fact) | Term::Has(fact) => {
                // Paths follow from parameters, which are tried by themselves.
                self.intricate |= *fact == Fact::Path;
                self.facts.insert(Worker::canonical(subject, fact));
            }
            Term::Member(of_roles, ids) => {
                if !of_roles.is_empty() {
                    self.facts
                        .extend(roles.iter().map(|claim| Fact::Claim(*claim)));
                }
                if !ids.is_empty() {
                    self.facts.insert(Fact::Principal);
                }
                self.roles.extend(of_roles.iter().cloned());
                self.texts.extend(ids.iter().cloned());
            }
            Term::Text(text) => {
                self.texts.insert(text.clone());
            }
            Term::Texts(items) => self.texts.extend(items.iter().cloned()),
            Term::Long(number) => {
                self.longs.insert(*number);
            }
            Term::Decimal(number) => {
                self.decimals.insert(*number);
            }
            Term::Datetime(number) => {
                self.moments.insert(*number);
            }
            Term::Ip(text) => {
                self.ips.extend(Ip::parse(text));
            }
            Term::Like(_, parts) => {
                self.patterns.push(parts.clone());
                self.intricate = true;
            }
            Term::Add(..)
            | Term::Subtract(..)
            | Term::Multiply(..)
            | Term::Negate(_)
            | Term::IsInRange(..)
            | Term::IpIs(..)
            | Term::Offset(..)
            | Term::DurationSince(..)
            | Term::ToDate(_)
            | Term::ToTime(_)
            | Term::ToUnits(..)
            | Term::Duration(_)
            | Term::ContainsAll(..)
            | Term::ContainsAny(..) => self.intricate = true,
            _ => {}
        }
    }

    fn values(&self, fact: &Fact, scene: Scene<'_>, complete: &mut bool) -> Vec<Option<Val>> {
        let kind = match fact {
            Fact::Method => return self.methods(scene),
            Fact::Host => return self.hosts(scene),
            fact => kind_of(fact, scene.principal).unwrap_or(ClaimKind::Text),
        };
        let values: Vec<Val> = match kind {
            ClaimKind::Text => {
                // A segment is never empty, but what a path goes on with may be.
                let not_empty = matches!(fact, Fact::Parameter(..));
                *complete &= !(not_empty && self.texts.contains(""));
                let texts = self.some_texts().into_iter();
                texts
                    .filter(|text| !(not_empty && text.is_empty()))
                    .map(Val::Text)
                    .collect()
            }
            ClaimKind::Bool => vec![Val::Bool(false), Val::Bool(true)],
            ClaimKind::Long => around(&self.longs, self.facts.len())
                .map(Val::Long)
                .collect(),
            ClaimKind::Decimal => around(&self.decimals, self.facts.len())
                .map(Val::Decimal)
                .collect(),
            ClaimKind::Datetime => self.some_moments(fact, complete),
            ClaimKind::Ip => self.some_ips(fact),
            ClaimKind::Texts => {
                let mut items: BTreeSet<String> = self.texts.clone();
                items.extend(self.roles.iter().cloned());
                items.insert("x1".to_owned());
                subsets(items.into_iter().map(Val::Text).collect(), complete)
            }
            ClaimKind::Longs => subsets(around(&self.longs, 1).map(Val::Long).collect(), complete),
        };
        values.into_iter().map(Some).collect()
    }

    fn methods(&self, scene: Scene<'_>) -> Vec<Option<Val>> {
        let mut methods: Vec<String> = scene.action.methods.clone();
        if methods.is_empty() {
            let is_method = |text: &&String| http::Method::from_bytes(text.as_bytes()).is_ok();
            methods = vec!["GET".to_owned(), "POST".to_owned(), "X".to_owned()];
            methods.extend(self.texts.iter().filter(is_method).cloned());
        }
        methods
            .into_iter()
            .map(|one| Some(Val::Text(one)))
            .collect()
    }

    fn hosts(&self, scene: Scene<'_>) -> Vec<Option<Val>> {
        let hosts = match scene.action.hosts.as_slice() {
            [] => self.some_texts(),
            hosts => hosts.to_vec(),
        };
        hosts.into_iter().map(|one| Some(Val::Text(one))).collect()
    }

    /// Those that are written, and as many others as could be different from each other.
    fn some_texts(&self) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        let mut other = 0;
        while other < self.facts.len().clamp(1, 3) {
            let text = format!("x{}", other + 1);
            other += 1;
            if !self.texts.contains(&text) {
                texts.push(text);
            }
        }
        texts.extend(self.texts.iter().cloned());
        texts.extend(self.roles.difference(&self.texts).cloned());
        for parts in &self.patterns {
            texts.push(parts.concat());
            texts.push(parts.join("x"));
        }
        texts
    }

    fn some_moments(&self, fact: &Fact, complete: &mut bool) -> Vec<Val> {
        const DAY: i64 = 86_400_000;
        let moments: Vec<i64> = around(&self.moments, self.facts.len())
            .chain((0..24).map(|hour| 1_790_000_000_000 / DAY * DAY + hour * 3_600_000))
            .collect();
        match fact {
            // A day in a path has no time.
            Fact::Parameter(..) => {
                *complete = false;
                let days = moments
                    .into_iter()
                    .map(|moment| moment.div_euclid(DAY) * DAY);
                let days: BTreeSet<i64> = days.collect();
                days.into_iter().map(Val::Datetime).collect()
            }
            _ => moments.into_iter().map(Val::Datetime).collect(),
        }
    }

    fn some_ips(&self, fact: &Fact) -> Vec<Val> {
        let mut ips: Vec<Ip> = ["192.0.2.1", "2001:db8::1", "127.0.0.1"]
            .iter()
            .filter_map(|text| Ip::parse(text))
            .collect();
        for known in &self.ips {
            ips.push(Ip::from(known.address));
            ips.push(Ip::from(inside(*known)));
            if !matches!(fact, Fact::Client) {
                ips.push(*known);
            }
        }
        ips.into_iter().map(Val::Ip).collect()
    }
}

/// An address of a network that is not its first.
fn inside(network: Ip) -> IpAddr {
    match network.address {
        IpAddr::V4(address) if network.prefix < 32 => {
            IpAddr::from((address.to_bits() | 1).to_be_bytes())
        }
        IpAddr::V6(address) if network.prefix < 128 => {
            IpAddr::from((address.to_bits() | 1).to_be_bytes())
        }
        other => other,
    }
}

/// Numbers as they are written, and some on either side: as many as facts could have to be apart.
fn around(written: &BTreeSet<i64>, facts: usize) -> impl Iterator<Item = i64> {
    let reach = i64::try_from(facts.clamp(1, 3)).unwrap_or(1);
    let mut numbers: BTreeSet<i64> = BTreeSet::from([0]);
    for number in written {
        numbers.extend((-reach..=reach).filter_map(|by| number.checked_add(by)));
    }
    if written.is_empty() {
        numbers.extend(1..=reach);
    }
    numbers.into_iter()
}

/// Every set of some values; of many, those of one and all of them.
fn subsets(items: Vec<Val>, complete: &mut bool) -> Vec<Val> {
    if items.len() > MOST_OF_SET {
        *complete = false;
        let mut sets = vec![BTreeSet::new(), items.iter().cloned().collect()];
        sets.extend(items.into_iter().map(|item| BTreeSet::from([item])));
        return sets.into_iter().map(Val::Set).collect();
    }
    let mut sets: Vec<BTreeSet<Val>> = vec![BTreeSet::new()];
    for item in items {
        let with = sets.iter().cloned().map(|mut set| {
            set.insert(item.clone());
            set
        });
        let with: Vec<_> = with.collect();
        sets.extend(with);
    }
    sets.sort_by_key(BTreeSet::len);
    sets.into_iter().map(Val::Set).collect()
}
