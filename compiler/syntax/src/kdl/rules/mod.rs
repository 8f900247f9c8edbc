//! What can be wrong with a KDL text: one file per code, with the code's explanation, its examples and
//! the wording of its finding. The test below holds every example to its word.

use crate::rule::Rule;

mod after_block;
mod bad_annotation;
mod bad_escape;
mod bad_number;
mod bare_keyword;
mod disallowed_code_point;
mod expected_node_name;
mod missing_space;
mod missing_value;
mod multi_line_indentation;
mod multi_line_opening;
mod stray_brace;
mod text_too_large;
mod too_deep;
mod unclosed_block;
mod unexpected_token;
mod unknown_keyword;
mod unterminated_comment;
mod unterminated_string;
mod v1_raw_string;

pub use after_block::RULE_AFTER_BLOCK;
pub use bad_annotation::RULE_BAD_ANNOTATION;
pub use bad_escape::RULE_BAD_ESCAPE;
pub use bad_number::RULE_BAD_NUMBER;
pub use bare_keyword::RULE_BARE_KEYWORD;
pub use disallowed_code_point::RULE_DISALLOWED_CODE_POINT;
pub use expected_node_name::RULE_EXPECTED_NODE_NAME;
pub use missing_space::RULE_MISSING_SPACE;
pub use missing_value::RULE_MISSING_VALUE;
pub use multi_line_indentation::RULE_MULTI_LINE_INDENTATION;
pub use multi_line_opening::RULE_MULTI_LINE_OPENING;
pub use stray_brace::RULE_STRAY_BRACE;
pub use text_too_large::RULE_TEXT_TOO_LARGE;
pub use too_deep::RULE_TOO_DEEP;
pub use unclosed_block::RULE_UNCLOSED_BLOCK;
pub use unexpected_token::RULE_UNEXPECTED_TOKEN;
pub use unknown_keyword::RULE_UNKNOWN_KEYWORD;
pub use unterminated_comment::RULE_UNTERMINATED_COMMENT;
pub use unterminated_string::RULE_UNTERMINATED_STRING;
pub use v1_raw_string::RULE_V1_RAW_STRING;

pub(super) use after_block::after_block;
pub(super) use bad_annotation::{annotated_key, bad_annotation};
pub(super) use bad_escape::bad_escape;
pub(super) use bad_number::bad_number;
pub(super) use bare_keyword::{bare_keyword, keyword_as_name};
pub(super) use disallowed_code_point::disallowed_code_point;
pub(super) use expected_node_name::expected_node_name;
pub(super) use missing_space::missing_space;
pub(super) use missing_value::missing_value;
pub(super) use multi_line_indentation::{closing_quotes, multi_line_indentation};
pub(super) use multi_line_opening::multi_line_opening;
pub(super) use stray_brace::stray_brace;
pub(super) use text_too_large::text_too_large;
pub(super) use too_deep::too_deep;
pub(super) use unclosed_block::unclosed_block;
pub(super) use unexpected_token::{bare_text, unexpected_token};
pub(super) use unknown_keyword::unknown_keyword;
pub(super) use unterminated_comment::unterminated_comment;
pub(super) use unterminated_string::{lone_quote, unterminated_string};
pub(super) use v1_raw_string::v1_raw_string;

/// Every rule of KDL's syntax, in the order of the codes.
pub const RULES: &[&Rule] = &[
    &RULE_UNTERMINATED_STRING,
    &RULE_UNTERMINATED_COMMENT,
    &RULE_UNEXPECTED_TOKEN,
    &RULE_EXPECTED_NODE_NAME,
    &RULE_UNCLOSED_BLOCK,
    &RULE_STRAY_BRACE,
    &RULE_BAD_ESCAPE,
    &RULE_BAD_NUMBER,
    &RULE_MULTI_LINE_INDENTATION,
    &RULE_TOO_DEEP,
    &RULE_DISALLOWED_CODE_POINT,
    &RULE_MISSING_SPACE,
    &RULE_BARE_KEYWORD,
    &RULE_V1_RAW_STRING,
    &RULE_AFTER_BLOCK,
    &RULE_TEXT_TOO_LARGE,
    &RULE_MISSING_VALUE,
    &RULE_BAD_ANNOTATION,
    &RULE_UNKNOWN_KEYWORD,
    &RULE_MULTI_LINE_OPENING,
];

#[cfg(test)]
mod tests;
