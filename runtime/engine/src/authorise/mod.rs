//! Whether who asks may do what they ask: what is left of the policies, put to one request.
//!
//! The decision is Cedar's: one `forbid` that holds denies, and without a `permit` that holds nothing is
//! allowed. In one thing it is stricter: a `forbid` whose condition cannot be worked out (a sum that
//! overflows, a header given twice) denies, where Cedar passes it over.

mod evaluate;
mod facts;
mod like;
mod value;

pub use evaluate::{Problem, holds};
pub use facts::{Facts, Question, Unclear};
pub use like::matches;
pub use value::{Set, Value};

use crate::program::{ArchivedArm, ArchivedGuard, ArchivedPolicy, ArchivedTerm};

/// What was decided, and by which policy (index into the program's names of policies).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Allowed by this policy.
    Allowed(u32),
    /// Forbidden by this policy.
    Forbidden(u32),
    /// This policy, a `forbid`, could not be worked out.
    Unclear(u32, Problem),
    /// No policy permits it.
    NotPermitted,
}

impl Verdict {
    /// Whether the request may go on.
    pub fn is_allowed(self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

/// Decides about one request of a principal. Allocates only for values that are not in the request as
/// they are (percent-decoded text).
pub fn authorise(
    terms: &[ArchivedTerm],
    guard: &ArchivedGuard,
    identity: u32,
    facts: &dyn Facts,
) -> Verdict {
    match guard.arms.iter().find(|arm| arm.identity == identity) {
        Some(arm) => decide(terms, arm, facts),
        None => Verdict::NotPermitted,
    }
}

fn decide(terms: &[ArchivedTerm], arm: &ArchivedArm, facts: &dyn Facts) -> Verdict {
    let holds = |policy: &ArchivedPolicy| holds(terms, policy.condition.to_native(), facts);
    for policy in arm.forbids.iter() {
        match holds(policy) {
            Ok(false) => {}
            Ok(true) => return Verdict::Forbidden(policy.name.to_native()),
            Err(problem) => return Verdict::Unclear(policy.name.to_native(), problem),
        }
    }
    let permitted = arm.permits.iter().find(|policy| holds(policy) == Ok(true));
    permitted.map_or(Verdict::NotPermitted, |policy| {
        Verdict::Allowed(policy.name.to_native())
    })
}
