//! What can be wrong with a template: one file per code, with its explanation, its examples and the
//! wording of its findings.

pub(super) mod after_backslash;
pub(super) mod arguments;
pub(super) mod json_path;
pub(super) mod malformed;
pub(super) mod missing_env;
pub(super) mod never_json;
pub(super) mod no_body;
pub(super) mod path_parameter;
pub(super) mod secret_shown;
pub(super) mod too_large;
pub(super) mod unknown_claim;
pub(super) mod unknown_filter;
pub(super) mod unknown_name;
pub(super) mod unknown_session_field;

use gatec_syntax::Rule;

/// The code of a path parameter that is missing.
pub(crate) const PATH_PARAMETER: &str = path_parameter::RULE.code;

/// Every rule of templates, in the order of the codes.
pub const RULES: &[&Rule] = &[
    &malformed::RULE,
    &unknown_name::RULE,
    &unknown_filter::RULE,
    &path_parameter::RULE,
    &json_path::RULE,
    &missing_env::RULE,
    &arguments::RULE,
    &secret_shown::RULE,
    &no_body::RULE,
    &too_large::RULE,
    &never_json::RULE,
    &after_backslash::RULE,
    &unknown_claim::RULE,
    &unknown_session_field::RULE,
];
