//! Everything that can be wrong with policies: each text by itself, against what the spec declares, and in
//! what they come to for each route.

mod cedar;
mod coverage;
mod names;
mod nevers;
mod rules;
mod written;

pub use rules::RULES;
pub use written::alone;

use gatec_syntax::Diagnostic;

use super::Context;

/// Runs every check of policies.
pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    rules::test_principal::check(context, found);
    if context.rulebook.is_empty() && context.spec.policies == Default::default() {
        return;
    }
    let before = found.len();
    written::check(context, found);
    names::check(context, found);
    let sound = found.len() == before;
    let valid = cedar::check(context, found);
    if sound && valid {
        coverage::check(context, found);
        nevers::check(context, found);
    }
}
