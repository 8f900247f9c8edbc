//! What can be wrong with a spec whose shape is right: references, conflicts, files, templates, and
//! routes that can never match.
//!
//! One file per code holds its explanation, its examples and the check. A check walks the typed spec
//! and names what it finds by its path; [`Places`](crate::Places) knows where that was written.

mod closest;
mod context;
pub mod policies;
mod rules;
pub mod shadow;
pub mod state;
mod templates;
mod walk;

pub use closest::{closest, listed};
pub use context::{Context, Parts};
pub use policies::RULES as POLICY_RULES;
pub use rules::RULES;
pub use state::RULES as STATE_RULES;

use gatec_syntax::Diagnostic;

/// A check: adds what it finds.
pub type Check = fn(&Context<'_>, &mut Vec<Diagnostic>);

/// Every check, in the order they run.
pub const CHECKS: &[Check] = &[
    rules::not_public::check,
    rules::no_action::check,
    rules::several_actions::check,
    rules::several_paths::check,
    rules::parameter_names::check,
    rules::contradiction::check,
    rules::no_routes::check,
    rules::unreachable_path::check,
    rules::unknown_upstream::check,
    rules::unused_upstream::check,
    rules::listener_collision::check,
    rules::no_listener::check,
    rules::no_weight::check,
    rules::tls_in_the_clear::check,
    rules::mixed_schemes::check,
    rules::unverified_upstream::check,
    rules::files::check,
    rules::body_twice::check,
    rules::media_type::check,
    rules::missing_index::check,
    rules::no_live_folder::check,
    rules::bad_schema::check,
    rules::body_not_json::check,
    rules::test_target::check,
    rules::test_url::check,
    rules::body_condition::check,
    rules::json_paths::check,
    rules::header_value::check,
    rules::hop_by_hop::check,
    rules::duplicate_header::check,
    rules::large_regex::check,
    rules::strip_prefix::check,
    rules::impossible_action::check,
    rules::method_typo::check,
    rules::route_name::check,
    rules::foreign_path::check,
    rules::unused_request::check,
    rules::unencoded_url::check,
    rules::request_id_header::check,
    rules::empty_expect::check,
    rules::certificates::check,
    rules::no_client_authorities::check,
    rules::redirect_to_itself::check,
    rules::foreign_variable::check,
    rules::nobody_trusted::check,
    rules::everybody_trusted::check,
    rules::compress_in_vain::check,
    rules::identity_method::check,
    rules::token_keys::check,
    rules::token_algorithm::check,
    rules::key_places::check,
    rules::message_key::check,
    rules::role_type::check,
    rules::no_claims::check,
    rules::no_client_certificate::check,
    rules::any_audience::check,
    rules::signature_without_time::check,
    rules::keys_in_the_clear::check,
    rules::unused_identity::check,
    rules::unknown_identity::check,
    rules::identity_twice::check,
    rules::signed_component::check,
    rules::identity_files::check,
    templates::check,
    policies::check,
    state::check,
    shadow::check,
];

/// Runs every check.
pub fn run(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for check in CHECKS {
        check(context, found);
    }
    rules::shadowed::say_once(context, found);
}

/// The finding for a bundle that is larger than a replica takes.
pub(crate) fn bundle_too_large(span: gatec_syntax::Span, why: &str) -> Diagnostic {
    Diagnostic::error(
        rules::folder_too_large::RULE.code,
        span,
        format!("the bundle is too large: {why}"),
    )
    .help("serve large folders from the replica's disk with `live=#true`")
}

#[cfg(test)]
mod tests;
