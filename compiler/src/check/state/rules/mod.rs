//! One file per code of what can be wrong with state: limits and stores.

use gatec_syntax::{Diagnostic, Rule};

use crate::check::Context;

mod cost_above_burst;
mod limit_key;
mod limit_twice;
mod no_on_loss;
mod no_replicas;
mod nobody_known;
mod session_change;
mod session_cookie;
mod session_identity;
mod session_on_loss;
mod session_settings;
mod store_settings;
mod unknown_field;
mod unknown_limit;
mod unknown_session;
mod unused_limit;
mod unused_session;
mod weak_session;

/// Every rule.
pub const RULES: &[&Rule] = &[
    &unknown_limit::RULE,
    &unused_limit::RULE,
    &no_on_loss::RULE,
    &no_replicas::RULE,
    &nobody_known::RULE,
    &cost_above_burst::RULE,
    &limit_twice::RULE,
    &limit_key::RULE,
    &store_settings::RULE,
    &unknown_session::RULE,
    &unused_session::RULE,
    &session_on_loss::RULE,
    &unknown_field::RULE,
    &session_change::RULE,
    &session_cookie::RULE,
    &weak_session::RULE,
    &session_settings::RULE,
    &session_identity::RULE,
];

/// Runs every check.
pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    unknown_limit::check(context, found);
    unused_limit::check(context, found);
    no_on_loss::check(context, found);
    no_replicas::check(context, found);
    nobody_known::check(context, found);
    cost_above_burst::check(context, found);
    limit_twice::check(context, found);
    limit_key::check(context, found);
    store_settings::check(context, found);
    unknown_session::check(context, found);
    unused_session::check(context, found);
    session_on_loss::check(context, found);
    unknown_field::check(context, found);
    session_change::check(context, found);
    session_cookie::check(context, found);
    weak_session::check(context, found);
    session_settings::check(context, found);
    session_identity::check(context, found);
}
