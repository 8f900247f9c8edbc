//! What can be wrong with the shape of a spec: one file per code, with its explanation, its examples
//! and the wording of its finding.

use gatec_syntax::{Diagnostic, Rule, Span};

pub mod address;
pub mod cookie_name;
pub mod duplicate_key;
pub mod duration;
pub mod error_status;
pub mod extra_argument;
pub mod file_path;
pub mod header_name;
pub mod header_value;
pub mod host;
pub mod json_path;
pub mod json_text;
pub mod media_range;
pub mod method;
pub mod missing_key;
pub mod moment;
pub mod network;
pub mod out_of_range;
pub mod path_pattern;
pub mod rate;
pub mod regex;
pub mod server_name;
pub mod server_url;
pub mod size;
pub mod status;
pub mod unknown_key;
pub mod unknown_value;
pub mod wrong_type;

/// Every rule of shape, in the order of the codes.
pub const RULES: &[&Rule] = &[
    &unknown_key::RULE,
    &duplicate_key::RULE,
    &wrong_type::RULE,
    &missing_key::RULE,
    &unknown_value::RULE,
    &extra_argument::RULE,
    &out_of_range::RULE,
    &duration::RULE,
    &size::RULE,
    &address::RULE,
    &server_url::RULE,
    &host::RULE,
    &method::RULE,
    &header_name::RULE,
    &header_value::RULE,
    &status::RULE,
    &path_pattern::RULE,
    &regex::RULE,
    &json_path::RULE,
    &json_text::RULE,
    &cookie_name::RULE,
    &error_status::RULE,
    &file_path::RULE,
    &server_name::RULE,
    &network::RULE,
    &media_range::RULE,
    &moment::RULE,
    &rate::RULE,
];

/// The rule for text that is not of a format; each format of the schema has one, by name.
pub(crate) fn of_format(format: &str) -> &'static Rule {
    match format {
        "duration" => &duration::RULE,
        "size" => &size::RULE,
        "address" => &address::RULE,
        "network" | "ip-address" => &network::RULE,
        "server-name" => &server_name::RULE,
        "server-url" | "key-source" | "store-url" => &server_url::RULE,
        "timestamp" => &moment::RULE,
        "rate" => &rate::RULE,
        "host" => &host::RULE,
        "method" => &method::RULE,
        "header-name" => &header_name::RULE,
        "media-range" => &media_range::RULE,
        "header-value" => &header_value::RULE,
        "path-pattern" | "path-prefix" => &path_pattern::RULE,
        "linear-regex" => &regex::RULE,
        "json-path" => &json_path::RULE,
        "json-text" => &json_text::RULE,
        "cookie-name" => &cookie_name::RULE,
        "error-status" => &error_status::RULE,
        "file-path" | "disk-path" => &file_path::RULE,
        _ => &wrong_type::RULE,
    }
}

/// Text that is not of its format, with the format's own sentence.
pub(crate) fn wrong_format(span: Span, format: &str, sentence: String) -> Diagnostic {
    let rule = of_format(format);
    let name = rule.name.replace('-', " ");
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    Diagnostic::error(rule.code, span, sentence).label(format!("not {article} {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_its_rule() {
        for format in gatec_schema::FORMATS {
            // Any text is one of these as far as its shape goes.
            let plain = matches!(format.name, "template" | "cedar" | "secret-name");
            assert_eq!(
                of_format(format.name).code == wrong_type::RULE.code,
                plain,
                "{}",
                format.name
            );
        }
    }

    #[test]
    fn codes_are_in_order() {
        assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
    }
}
