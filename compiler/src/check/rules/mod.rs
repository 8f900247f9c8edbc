//! One file per code: its explanation, its examples, its check and the wording of its findings.

use gatec_syntax::Rule;

pub(super) mod any_audience;
pub(super) mod bad_schema;
pub(super) mod body_condition;
pub(super) mod body_not_json;
pub(super) mod body_twice;
pub(super) mod certificate_expiry;
pub(super) mod certificate_never_used;
pub(super) mod certificates;
pub(super) mod compress_in_vain;
pub(super) mod contradiction;
pub(super) mod duplicate_header;
pub(super) mod empty_expect;
pub(super) mod everybody_trusted;
pub(super) mod files;
pub(super) mod folder_too_large;
pub(super) mod foreign_path;
pub(super) mod foreign_variable;
pub(super) mod header_value;
pub(super) mod hop_by_hop;
pub(super) mod identity_files;
pub(super) mod identity_method;
pub(super) mod identity_twice;
pub(super) mod impossible_action;
pub(super) mod json_paths;
pub(super) mod key_mismatch;
pub(super) mod key_places;
pub(super) mod keys_in_the_clear;
pub(super) mod large_regex;
pub(super) mod listener_collision;
pub(super) mod media_type;
pub(super) mod message_key;
pub(super) mod method_typo;
pub(super) mod missing_file;
pub(super) mod missing_index;
pub(super) mod mixed_schemes;
pub(super) mod no_action;
pub(super) mod no_certificate_file;
pub(super) mod no_claims;
pub(super) mod no_client_authorities;
pub(super) mod no_client_certificate;
pub(super) mod no_identity_file;
pub(super) mod no_listener;
pub(super) mod no_live_folder;
pub(super) mod no_routes;
pub(super) mod no_weight;
pub(super) mod nobody_trusted;
pub(super) mod not_decided;
pub(super) mod not_public;
pub(super) mod outside_root;
pub(super) mod parameter_names;
pub(super) mod redirect_to_itself;
pub(super) mod request_id_header;
pub(super) mod role_type;
pub(super) mod route_name;
pub(super) mod several_actions;
pub(super) mod several_paths;
pub(super) mod shadowed;
pub(super) mod signature_without_time;
pub(super) mod signed_component;
pub(super) mod strip_prefix;
pub(super) mod test_target;
pub(super) mod test_url;
pub(super) mod tie;
pub(super) mod tls_in_the_clear;
pub(super) mod token_algorithm;
pub(super) mod token_keys;
pub(super) mod unencoded_url;
pub(super) mod unknown_identity;
pub(super) mod unknown_upstream;
pub(super) mod unreachable_path;
pub(super) mod unusable_certificate;
pub(super) mod unusable_identity_file;
pub(super) mod unused_identity;
pub(super) mod unused_request;
pub(super) mod unused_upstream;
pub(super) mod unverified_upstream;

/// Every rule of the checks, in the order of the codes.
pub const RULES: &[&Rule] = &[
    &not_public::RULE,
    &no_action::RULE,
    &several_actions::RULE,
    &several_paths::RULE,
    &shadowed::RULE,
    &tie::RULE,
    &not_decided::RULE,
    &parameter_names::RULE,
    &contradiction::RULE,
    &no_routes::RULE,
    &unreachable_path::RULE,
    &method_typo::RULE,
    &route_name::RULE,
    &foreign_path::RULE,
    &unused_request::RULE,
    &unknown_upstream::RULE,
    &unused_upstream::RULE,
    &listener_collision::RULE,
    &no_listener::RULE,
    &no_weight::RULE,
    &missing_file::RULE,
    &outside_root::RULE,
    &folder_too_large::RULE,
    &body_twice::RULE,
    &media_type::RULE,
    &missing_index::RULE,
    &bad_schema::RULE,
    &body_not_json::RULE,
    &test_target::RULE,
    &test_url::RULE,
    &body_condition::RULE,
    &header_value::RULE,
    &hop_by_hop::RULE,
    &duplicate_header::RULE,
    &large_regex::RULE,
    &strip_prefix::RULE,
    &impossible_action::RULE,
    &unencoded_url::RULE,
    &request_id_header::RULE,
    &empty_expect::RULE,
    &no_live_folder::RULE,
    &foreign_variable::RULE,
    &no_certificate_file::RULE,
    &unusable_certificate::RULE,
    &key_mismatch::RULE,
    &certificate_expiry::RULE,
    &certificate_never_used::RULE,
    &no_client_authorities::RULE,
    &redirect_to_itself::RULE,
    &nobody_trusted::RULE,
    &everybody_trusted::RULE,
    &tls_in_the_clear::RULE,
    &mixed_schemes::RULE,
    &unverified_upstream::RULE,
    &compress_in_vain::RULE,
    &identity_method::RULE,
    &token_keys::RULE,
    &token_algorithm::RULE,
    &key_places::RULE,
    &message_key::RULE,
    &role_type::RULE,
    &no_claims::RULE,
    &no_client_certificate::RULE,
    &any_audience::RULE,
    &signature_without_time::RULE,
    &keys_in_the_clear::RULE,
    &unused_identity::RULE,
    &no_identity_file::RULE,
    &unusable_identity_file::RULE,
    &unknown_identity::RULE,
    &identity_twice::RULE,
    &signed_component::RULE,
];
