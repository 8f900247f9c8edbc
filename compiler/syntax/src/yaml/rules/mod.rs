//! The codes of this front end, one file each.

pub mod bad_escape;
pub mod bad_indentation;
pub mod bad_merge;
pub mod bad_tag;
pub mod key_not_text;
pub mod missing_colon;
pub mod needs_quotes;
pub mod over_limit;
pub mod root_not_a_map;
pub mod several_documents;
pub mod tab_indentation;
pub mod unclosed_bracket;
pub mod unclosed_quote;
pub mod unknown_alias;
pub mod yaml_syntax;

use crate::rule::Rule;

/// Every rule of this front end, by code.
pub const RULES: &[&Rule] = &[
    &yaml_syntax::RULE,
    &tab_indentation::RULE,
    &bad_indentation::RULE,
    &unclosed_quote::RULE,
    &unclosed_bracket::RULE,
    &missing_colon::RULE,
    &bad_escape::RULE,
    &needs_quotes::RULE,
    &unknown_alias::RULE,
    &over_limit::RULE,
    &key_not_text::RULE,
    &several_documents::RULE,
    &root_not_a_map::RULE,
    &bad_merge::RULE,
    &bad_tag::RULE,
];
