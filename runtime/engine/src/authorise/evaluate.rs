//! Works a condition out, part by part.

use super::facts::{Facts, Unclear};
use super::like;
use super::value::{Set, Value};
use crate::principal::Ip;
use crate::program::{ArchivedIpQuestion, ArchivedTerm};

/// Why a condition could not be worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A sum or product beyond 64 bits.
    #[error("a number went beyond 64 bits")]
    Overflow,
    /// A header or query parameter that is there several times.
    #[error("a header or query parameter that it looks at is there more than once")]
    Unclear,
    /// What it asks about is not there, or of another type. Validation rules that out.
    #[error("it asks for what is not there")]
    Missing,
}

impl From<Unclear> for Problem {
    fn from(_: Unclear) -> Self {
        Self::Unclear
    }
}

type Worked<'v> = Result<Value<'v>, Problem>;

/// Whether a condition holds.
///
/// # Errors
/// [`Problem`]
pub fn holds(terms: &[ArchivedTerm], condition: u32, facts: &dyn Facts) -> Result<bool, Problem> {
    Evaluator { terms, facts }.bool(condition)
}

#[derive(Clone, Copy)]
struct Evaluator<'v> {
    terms: &'v [ArchivedTerm],
    facts: &'v dyn Facts,
}

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

impl<'v> Evaluator<'v> {
    /// An expression refers to smaller numbers only (checked when the bundle is loaded), so this ends.
    fn value(self, number: u32) -> Worked<'v> {
        use ArchivedTerm as Part;
        let part = self.terms.get(number as usize).ok_or(Problem::Missing)?;
        Ok(match part {
            Part::Long(number) => Value::Long(number.to_native()),
            Part::Text(text) => Value::Text(text.as_str().into()),
            Part::Decimal(parts) => Value::Decimal(parts.to_native()),
            Part::Datetime(millis) => Value::Datetime(millis.to_native()),
            Part::Duration(millis) => Value::Duration(millis.to_native()),
            Part::Ip(text) => Value::Ip(Ip::parse(text).ok_or(Problem::Missing)?),
            Part::Texts(items) => Value::Set(Set::Names(items)),
            Part::Set(items) => {
                let items = items.iter().map(|item| self.value(item.to_native()));
                Value::Set(Set::Others(items.collect::<Result<_, _>>()?))
            }
            Part::Fact(fact) => self.facts.fact(fact)?.ok_or(Problem::Missing)?,
            Part::If(test, yes, no) => {
                let branch = if self.bool(test.to_native())? {
                    yes
                } else {
                    no
                };
                self.value(branch.to_native())?
            }
            Part::Add(one, two) => self.sum(one.to_native(), two.to_native(), i64::checked_add)?,
            Part::Subtract(one, two) => {
                self.sum(one.to_native(), two.to_native(), i64::checked_sub)?
            }
            Part::Multiply(one, two) => {
                self.sum(one.to_native(), two.to_native(), i64::checked_mul)?
            }
            Part::Negate(one) => Value::Long(
                self.rank(one.to_native())?
                    .checked_neg()
                    .ok_or(Problem::Overflow)?,
            ),
            Part::Offset(moment, duration) => {
                let (moment, duration) = self.ranks(moment.to_native(), duration.to_native())?;
                Value::Datetime(moment.checked_add(duration).ok_or(Problem::Overflow)?)
            }
            Part::DurationSince(later, earlier) => {
                let (later, earlier) = self.ranks(later.to_native(), earlier.to_native())?;
                Value::Duration(later.checked_sub(earlier).ok_or(Problem::Overflow)?)
            }
            Part::ToDate(moment) => {
                let days = self.rank(moment.to_native())?.div_euclid(DAY);
                Value::Datetime(days.checked_mul(DAY).ok_or(Problem::Overflow)?)
            }
            Part::ToTime(moment) => Value::Duration(self.rank(moment.to_native())?.rem_euclid(DAY)),
            Part::ToUnits(duration, unit) => {
                let millis = self.rank(duration.to_native())?;
                Value::Long(
                    millis
                        .checked_div(unit.to_native())
                        .ok_or(Problem::Overflow)?,
                )
            }
            _ => Value::Bool(self.test(part)?),
        })
    }

    fn bool(self, number: u32) -> Result<bool, Problem> {
        match self.value(number)? {
            Value::Bool(yes) => Ok(yes),
            _ => Err(Problem::Missing),
        }
    }

    /// The parts that are true or false.
    fn test(self, part: &'v ArchivedTerm) -> Result<bool, Problem> {
        use ArchivedTerm as Part;
        Ok(match part {
            Part::Bool(yes) => *yes,
            Part::Has(fact) => self.facts.fact(fact)?.is_some(),
            Part::Member(roles, ids) => {
                let id = self.facts.principal();
                roles.iter().any(|role| self.facts.has_role(role))
                    || ids.binary_search_by(|known| known.as_str().cmp(id)).is_ok()
            }
            Part::Not(one) => !self.bool(one.to_native())?,
            Part::And(one, two) => self.bool(one.to_native())? && self.bool(two.to_native())?,
            Part::Or(one, two) => self.bool(one.to_native())? || self.bool(two.to_native())?,
            Part::Equal(one, two) => self.value(one.to_native())? == self.value(two.to_native())?,
            Part::Less(one, two) => {
                let (one, two) = self.ranks(one.to_native(), two.to_native())?;
                one < two
            }
            Part::LessOrEqual(one, two) => {
                let (one, two) = self.ranks(one.to_native(), two.to_native())?;
                one <= two
            }
            Part::Contains(set, item) => {
                let set = self.set(set.to_native())?;
                set.contains(&self.value(item.to_native())?)
            }
            Part::ContainsAll(set, other) => {
                let set = self.set(set.to_native())?;
                set.contains_all(&self.set(other.to_native())?)
            }
            Part::ContainsAny(set, other) => {
                let set = self.set(set.to_native())?;
                set.contains_any(&self.set(other.to_native())?)
            }
            Part::IsEmpty(set) => self.set(set.to_native())?.is_empty(),
            Part::Like(text, parts) => match self.value(text.to_native())? {
                Value::Text(text) => like::matches(&text, parts),
                _ => return Err(Problem::Missing),
            },
            Part::IsInRange(inner, outer) => {
                let (inner, outer) = (self.ip(inner.to_native())?, self.ip(outer.to_native())?);
                inner.is_within(outer)
            }
            Part::IpIs(ip, question) => {
                let ip = self.ip(ip.to_native())?;
                match question {
                    ArchivedIpQuestion::V4 => ip.address.is_ipv4(),
                    ArchivedIpQuestion::V6 => ip.address.is_ipv6(),
                    ArchivedIpQuestion::Loopback => ip.is_loopback(),
                    ArchivedIpQuestion::Multicast => ip.is_multicast(),
                }
            }
            _ => return Err(Problem::Missing),
        })
    }

    fn set(self, number: u32) -> Result<Set<'v>, Problem> {
        match self.value(number)? {
            Value::Set(set) => Ok(set),
            _ => Err(Problem::Missing),
        }
    }

    fn ip(self, number: u32) -> Result<Ip, Problem> {
        match self.value(number)? {
            Value::Ip(ip) => Ok(ip),
            _ => Err(Problem::Missing),
        }
    }

    fn rank(self, number: u32) -> Result<i64, Problem> {
        self.value(number)?.rank().ok_or(Problem::Missing)
    }

    fn ranks(self, one: u32, two: u32) -> Result<(i64, i64), Problem> {
        Ok((self.rank(one)?, self.rank(two)?))
    }

    fn sum(self, one: u32, two: u32, of: fn(i64, i64) -> Option<i64>) -> Worked<'v> {
        let (one, two) = self.ranks(one, two)?;
        of(one, two).map(Value::Long).ok_or(Problem::Overflow)
    }
}
