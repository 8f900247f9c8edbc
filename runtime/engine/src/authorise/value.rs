//! The values of conditions.

use std::borrow::Cow;

use rkyv::string::ArchivedString;

use crate::principal::{ClaimValue, Ip};

/// A value. Validation has seen to it that only values of one type meet.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'v> {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Long(i64),
    /// Text, or the id of an entity.
    Text(Cow<'v, str>),
    /// Ten-thousandths.
    Decimal(i64),
    /// Milliseconds since 1970.
    Datetime(i64),
    /// Milliseconds.
    Duration(i64),
    /// An address or network.
    Ip(Ip),
    /// Several values.
    Set(Set<'v>),
}

/// Several values: those of a claim where they lie, or those written in a policy.
#[derive(Debug, Clone)]
pub enum Set<'v> {
    /// Texts, sorted.
    Texts(&'v [String]),
    /// Whole numbers, sorted.
    Longs(&'v [i64]),
    /// Texts of a policy, sorted.
    Names(&'v [ArchivedString]),
    /// Any others; may hold a value twice.
    Others(Vec<Value<'v>>),
}

impl<'v> From<&'v ClaimValue> for Value<'v> {
    fn from(claim: &'v ClaimValue) -> Self {
        match claim {
            ClaimValue::Text(text) => Self::Text(Cow::Borrowed(text)),
            ClaimValue::Long(number) => Self::Long(*number),
            ClaimValue::Bool(yes) => Self::Bool(*yes),
            ClaimValue::Texts(items) => Self::Set(Set::Texts(items)),
            ClaimValue::Longs(items) => Self::Set(Set::Longs(items)),
            ClaimValue::Datetime(millis) => Self::Datetime(*millis),
            ClaimValue::Ip(ip) => Self::Ip(*ip),
            ClaimValue::Decimal(parts) => Self::Decimal(*parts),
        }
    }
}

impl Value<'_> {
    /// The number that orders it, of those types that have an order.
    pub(super) fn rank(&self) -> Option<i64> {
        match self {
            Self::Long(number)
            | Self::Decimal(number)
            | Self::Datetime(number)
            | Self::Duration(number) => Some(*number),
            _ => None,
        }
    }
}

impl Set<'_> {
    /// Whether it holds no value.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Texts(items) => items.is_empty(),
            Self::Longs(items) => items.is_empty(),
            Self::Names(items) => items.is_empty(),
            Self::Others(items) => items.is_empty(),
        }
    }

    /// Whether it holds a value.
    pub fn contains(&self, value: &Value<'_>) -> bool {
        match (self, value) {
            (Self::Texts(items), Value::Text(text)) => items
                .binary_search_by(|item| item.as_str().cmp(text))
                .is_ok(),
            (Self::Longs(items), Value::Long(number)) => items.binary_search(number).is_ok(),
            (Self::Names(items), Value::Text(text)) => items
                .binary_search_by(|item| item.as_str().cmp(text))
                .is_ok(),
            (Self::Others(items), value) => items.iter().any(|item| item == value),
            _ => false,
        }
    }

    /// Whether this holds for all of its values.
    fn all(&self, test: impl Fn(&Value<'_>) -> bool) -> bool {
        match self {
            Self::Texts(items) => items.iter().all(|item| test(&Value::Text(item.into()))),
            Self::Longs(items) => items.iter().all(|item| test(&Value::Long(*item))),
            Self::Names(items) => items
                .iter()
                .all(|item| test(&Value::Text(item.as_str().into()))),
            Self::Others(items) => items.iter().all(test),
        }
    }

    /// Whether it holds every value of another.
    pub fn contains_all(&self, other: &Set<'_>) -> bool {
        other.all(|value| self.contains(value))
    }

    /// Whether it holds any value of another.
    pub fn contains_any(&self, other: &Set<'_>) -> bool {
        !other.all(|value| !self.contains(value))
    }
}

impl PartialEq for Set<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.contains_all(other) && other.contains_all(self)
    }
}
