//! Conditions worked out with what is known so far.

use std::collections::{BTreeMap, BTreeSet};

use gated_engine::authorise::matches;
use gated_engine::principal::Ip;
use gated_engine::program::{Fact, IpQuestion, Term};

use crate::policy::pool::Pool;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Val {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Long(i64),
    /// Text.
    Text(String),
    /// Ten-thousandths.
    Decimal(i64),
    /// Milliseconds since 1970.
    Datetime(i64),
    /// Milliseconds.
    Duration(i64),
    /// An address or network.
    Ip(Ip),
    /// Several values.
    Set(BTreeSet<Val>),
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// A fact it needs is not settled yet.
    Open,
    /// It cannot be worked out.
    Fails,
}

type Worked = Result<Val, Lack>;

/// What is settled of a request: each fact with its value, or that there is none.
pub(super) type Settled = BTreeMap<Fact, Option<Val>>;

/// Works terms out.
#[derive(Clone, Copy)]
pub(super) struct Worker<'a> {
    pub(super) pool: &'a Pool,
    pub(super) settled: &'a Settled,
    /// What comparisons are taken to come to, whatever is settled.
    pub(super) guessed: &'a BTreeMap<u32, Result<bool, Lack>>,
    /// The claims that give roles.
    pub(super) roles: &'a [u32],
    /// The claim that is the id.
    pub(super) subject: Option<u32>,
}

const DAY: i64 = 86_400_000;

impl Worker<'_> {
    /// A fact by the name under which it is settled.
    pub(super) fn canonical(subject: Option<u32>, fact: &Fact) -> Fact {
        match fact {
            Fact::Claim(number) if Some(*number) == subject => Fact::Principal,
            other => other.clone(),
        }
    }

    fn fact(self, fact: &Fact) -> Result<Option<Val>, Lack> {
        let settled = self.settled.get(&Self::canonical(self.subject, fact));
        settled.cloned().ok_or(Lack::Open)
    }

    /// Whether a condition holds, as far as that is known.
    pub(super) fn holds(self, term: u32) -> Result<bool, Lack> {
        if let Some(guess) = self.guessed.get(&term) {
            return *guess;
        }
        match self.value(term)? {
            Val::Bool(yes) => Ok(yes),
            _ => Err(Lack::Fails),
        }
    }

    fn value(self, number: u32) -> Worked {
        Ok(match self.pool.term(number) {
            Term::Bool(yes) => Val::Bool(*yes),
            Term::Long(number) => Val::Long(*number),
            Term::Text(text) => Val::Text(text.clone()),
            Term::Decimal(parts) => Val::Decimal(*parts),
            Term::Datetime(millis) => Val::Datetime(*millis),
            Term::Duration(millis) => Val::Duration(*millis),
            Term::Ip(text) => Val::Ip(Ip::parse(text).ok_or(Lack::Fails)?),
            Term::Texts(items) => Val::Set(items.iter().cloned().map(Val::Text).collect()),
            Term::Set(items) => {
                let items = items.iter().map(|item| self.value(*item));
                Val::Set(items.collect::<Result<_, _>>()?)
            }
            Term::Fact(fact) => self.fact(fact)?.ok_or(Lack::Fails)?,
            Term::Has(fact) => Val::Bool(self.fact(fact)?.is_some()),
            Term::Member(roles, ids) => Val::Bool(self.member(roles, ids)?),
            Term::Not(one) => Val::Bool(!self.holds(*one)?),
            Term::And(one, two) => Val::Bool(self.both(*one, *two, false)?),
            Term::Or(one, two) => Val::Bool(self.both(*one, *two, true)?),
            Term::If(test, yes, no) => match self.holds(*test)? {
                true => self.value(*yes)?,
                false => self.value(*no)?,
            },
            Term::Equal(one, two) => Val::Bool(self.value(*one)? == self.value(*two)?),
            Term::Less(one, two) => Val::Bool(self.rank(*one)? < self.rank(*two)?),
            Term::LessOrEqual(one, two) => Val::Bool(self.rank(*one)? <= self.rank(*two)?),
            Term::Add(one, two) => self.sum(*one, *two, i64::checked_add)?,
            Term::Subtract(one, two) => self.sum(*one, *two, i64::checked_sub)?,
            Term::Multiply(one, two) => self.sum(*one, *two, i64::checked_mul)?,
            Term::Negate(one) => Val::Long(self.rank(*one)?.checked_neg().ok_or(Lack::Fails)?),
            Term::Contains(set, item) => Val::Bool(self.set(*set)?.contains(&self.value(*item)?)),
            Term::ContainsAll(set, other) => {
                Val::Bool(self.set(*set)?.is_superset(&self.set(*other)?))
            }
            Term::ContainsAny(set, other) => {
                Val::Bool(!self.set(*set)?.is_disjoint(&self.set(*other)?))
            }
            Term::IsEmpty(set) => Val::Bool(self.set(*set)?.is_empty()),
            Term::Like(text, parts) => match self.value(*text)? {
                Val::Text(text) => Val::Bool(matches(&text, parts)),
                _ => return Err(Lack::Fails),
            },
            Term::IsInRange(inner, outer) => {
                Val::Bool(self.ip(*inner)?.is_within(self.ip(*outer)?))
            }
            Term::IpIs(ip, question) => {
                let ip = self.ip(*ip)?;
                Val::Bool(match question {
                    IpQuestion::V4 => ip.address.is_ipv4(),
                    IpQuestion::V6 => ip.address.is_ipv6(),
                    IpQuestion::Loopback => ip.is_loopback(),
                    IpQuestion::Multicast => ip.is_multicast(),
                })
            }
            Term::Offset(moment, by) => {
                let (moment, by) = (self.rank(*moment)?, self.rank(*by)?);
                Val::Datetime(moment.checked_add(by).ok_or(Lack::Fails)?)
            }
            Term::DurationSince(later, earlier) => {
                let (later, earlier) = (self.rank(*later)?, self.rank(*earlier)?);
                Val::Duration(later.checked_sub(earlier).ok_or(Lack::Fails)?)
            }
            Term::ToDate(moment) => {
                let days = self.rank(*moment)?.div_euclid(DAY);
                Val::Datetime(days.checked_mul(DAY).ok_or(Lack::Fails)?)
            }
            Term::ToTime(moment) => Val::Duration(self.rank(*moment)?.rem_euclid(DAY)),
            Term::ToUnits(duration, unit) => Val::Long(
                self.rank(*duration)?
                    .checked_div(*unit)
                    .ok_or(Lack::Fails)?,
            ),
        })
    }

    /// `&&` and `||`: with `decisive` on either side it is decided, unless the first fails.
    fn both(self, one: u32, two: u32, decisive: bool) -> Result<bool, Lack> {
        match (self.holds(one), self.holds(two)) {
            (Err(Lack::Fails), _) => Err(Lack::Fails),
            (Ok(first), _) if first == decisive => Ok(decisive),
            (Ok(_), second) => second,
            // Whatever the first comes to, the second decides; it may only be that the first fails.
            (Err(Lack::Open), Ok(second)) if second == decisive && !self.pool.can_fail(one) => {
                Ok(decisive)
            }
            (Err(Lack::Open), _) => Err(Lack::Open),
        }
    }

    fn member(self, roles: &[String], ids: &[String]) -> Result<bool, Lack> {
        let mut open = false;
        if !ids.is_empty() {
            match self.fact(&Fact::Principal) {
                Ok(Some(Val::Text(id))) if ids.contains(&id) => return Ok(true),
                Ok(_) => {}
                Err(_) => open = true,
            }
        }
        if !roles.is_empty() {
            for claim in self.roles {
                match self.fact(&Fact::Claim(*claim)) {
                    Ok(Some(Val::Text(role))) if roles.contains(&role) => return Ok(true),
                    Ok(Some(Val::Set(items))) => {
                        let has = |role: &String| items.contains(&Val::Text(role.clone()));
                        if roles.iter().any(has) {
                            return Ok(true);
                        }
                    }
                    Ok(_) => {}
                    Err(_) => open = true,
                }
            }
        }
        if open { Err(Lack::Open) } else { Ok(false) }
    }

    fn set(self, number: u32) -> Result<BTreeSet<Val>, Lack> {
        match self.value(number)? {
            Val::Set(items) => Ok(items),
            _ => Err(Lack::Fails),
        }
    }

    fn ip(self, number: u32) -> Result<Ip, Lack> {
        match self.value(number)? {
            Val::Ip(ip) => Ok(ip),
            _ => Err(Lack::Fails),
        }
    }

    fn rank(self, number: u32) -> Result<i64, Lack> {
        match self.value(number)? {
            Val::Long(number)
            | Val::Decimal(number)
            | Val::Datetime(number)
            | Val::Duration(number) => Ok(number),
            _ => Err(Lack::Fails),
        }
    }

    fn sum(self, one: u32, two: u32, of: fn(i64, i64) -> Option<i64>) -> Worked {
        of(self.rank(one)?, self.rank(two)?)
            .map(Val::Long)
            .ok_or(Lack::Fails)
    }
}
