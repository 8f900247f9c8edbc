//! What can be wrong with policies: one file per code, with its explanation, its examples and the wording
//! of its finding.

use gatec_syntax::Rule;

pub(super) mod broken_link;
pub(super) mod broken_never;
pub(super) mod cedar_call;
pub(super) mod cedar_name;
pub(super) mod cedar_syntax;
pub(super) mod cedar_type;
pub(super) mod constant_condition;
pub(super) mod covered_permit;
pub(super) mod duplicate_policy;
pub(super) mod entities_file;
pub(super) mod never_applies;
pub(super) mod never_names;
pub(super) mod no_permit;
pub(super) mod not_expressible;
pub(super) mod open_to_all;
pub(super) mod shut_identity;
pub(super) mod suspicious_text;
pub(super) mod test_principal;
pub(super) mod undecided_never;
pub(super) mod unguarded_attribute;
pub(super) mod unknown_action;
pub(super) mod unknown_attribute;
pub(super) mod unknown_type;
pub(super) mod unused_policy;

/// Every rule of policies, in the order of the codes.
pub const RULES: &[&Rule] = &[
    &cedar_syntax::RULE,
    &unknown_type::RULE,
    &unknown_action::RULE,
    &cedar_type::RULE,
    &unknown_attribute::RULE,
    &unguarded_attribute::RULE,
    &cedar_call::RULE,
    &suspicious_text::RULE,
    &never_applies::RULE,
    &not_expressible::RULE,
    &duplicate_policy::RULE,
    &broken_link::RULE,
    &entities_file::RULE,
    &cedar_name::RULE,
    &no_permit::RULE,
    &open_to_all::RULE,
    &unused_policy::RULE,
    &shut_identity::RULE,
    &covered_permit::RULE,
    &constant_condition::RULE,
    &broken_never::RULE,
    &undecided_never::RULE,
    &never_names::RULE,
    &test_principal::RULE,
];
