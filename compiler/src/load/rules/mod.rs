//! What can be wrong when files become one document: one file per code, with its explanation, its
//! examples and the wording of its finding.

use gatec_syntax::Rule;

pub mod duplicate_name;
pub mod include_cycle;
pub mod leaves_root;
pub mod missing_variable;
pub mod nothing_included;
pub mod secret_not_allowed;
pub mod too_much;
pub mod unknown_annotation;
pub mod unknown_profile;
pub mod unreadable;

/// Every rule of loading, in the order of the codes.
pub const RULES: &[&Rule] = &[
    &unreadable::RULE,
    &nothing_included::RULE,
    &include_cycle::RULE,
    &too_much::RULE,
    &duplicate_name::RULE,
    &unknown_profile::RULE,
    &missing_variable::RULE,
    &unknown_annotation::RULE,
    &secret_not_allowed::RULE,
    &leaves_root::RULE,
];
