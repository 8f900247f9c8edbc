//! Records, and the steps that change them.
//!
//! A step is one decision and one change: of its cases the first whose guards all hold is done, and the
//! fields asked for are told as they are afterwards. A login, a scenario's transition, a counter and an
//! idempotency key are each one step, so two replicas can never both win.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;

use crate::Key;

mod apply;
mod codec;

#[cfg(feature = "redis")]
pub(crate) use apply::ticks;
pub use apply::{After, apply};
pub(crate) use codec::{decode, encode};

/// The fields of a record.
pub type Fields = BTreeMap<Bytes, Bytes>;

/// A record as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Its fields, at least one.
    pub fields: Fields,
    /// The tick at which it ends unless a step says otherwise before.
    pub idle_at: Option<i64>,
    /// The tick at which it ends whatever happens.
    pub ends_at: Option<i64>,
}

impl Record {
    /// The tick at which it ends.
    #[must_use]
    pub fn over_at(&self) -> Option<i64> {
        match (self.idle_at, self.ends_at) {
            (Some(idle), Some(ends)) => Some(idle.min(ends)),
            (one, other) => one.or(other),
        }
    }

    /// Whether it has ended.
    #[must_use]
    pub fn is_over(&self, now: i64) -> bool {
        self.over_at().is_some_and(|over| over <= now)
    }

    /// Bytes of all names and values.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let sizes = self
            .fields
            .iter()
            .map(|(name, value)| name.len() + value.len());
        sizes.sum()
    }
}

/// One atomic look at and change of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which record.
    pub key: Key,
    /// What may be done, in order.
    pub cases: Vec<Case>,
    /// Which fields are told.
    pub reads: Reads,
    /// How large the record may become: a case that would go beyond it is not done.
    pub bounds: Bounds,
}

/// Which fields are told after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reads {
    /// None.
    Nothing,
    /// All of them.
    All,
    /// These, as far as there are.
    These(Vec<Bytes>),
}

/// What is done if all guards hold. No guard holds always; no change only looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// What must hold.
    pub guards: Vec<Guard>,
    /// What is done, in order.
    pub changes: Vec<Change>,
    /// How long the record lives from now on; left out, as long as before (a new one: for ever).
    pub life: Option<Life>,
}

/// What must hold of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guard {
    /// There is such a record.
    Exists,
    /// There is none.
    Absent,
    /// The record has the field.
    Has(Bytes),
    /// It has no such field, or there is no record.
    Lacks(Bytes),
    /// The field has this value.
    Is(Bytes, Bytes),
    /// The field does not have this value, or is not there.
    IsNot(Bytes, Bytes),
}

/// A change to a record. A record without fields is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Sets a field.
    Set(Bytes, Bytes),
    /// Takes a field out.
    Remove(Bytes),
    /// Adds to a field that holds a whole number in decimal (left out or no number: 0) and keeps it within
    /// -(2^53 - 1) to 2^53 - 1, what every store can count exactly.
    Add(Bytes, i64),
    /// Takes the whole record away. Changes after it make a new one.
    Clear,
}

/// How long a record lives. Both bounds hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// From this step on.
    pub idle: Option<Duration>,
    /// From its making on, whatever happens. It is counted from the first step that says it; a later step
    /// can only shorten it.
    pub absolute: Option<Duration>,
}

/// How large a record may become. A step that makes a record no larger is not held to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Fields.
    pub fields: usize,
    /// Bytes of all names and values together.
    pub bytes: usize,
}

impl Default for Bounds {
    /// 64 fields, 16 KiB.
    fn default() -> Self {
        Self {
            fields: 64,
            bytes: 16 * 1024,
        }
    }
}

/// What a step did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// The case that was done; `None`: no case's guards held.
    pub case: Option<usize>,
    /// A case's guards held, but it would have made the record too large: nothing was done.
    pub too_large: bool,
    /// The fields asked for, after the step.
    pub fields: Fields,
}
