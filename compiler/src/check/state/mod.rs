//! Everything that can be wrong with state that outlives a request: limits, and where they are counted.

mod rules;
mod templates;

pub use rules::RULES;

use gatec_syntax::Diagnostic;

use super::Context;

/// Runs every check of state.
pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    rules::check(context, found);
    templates::check(context, found);
}
