//! The one place where names of metrics and labels are spelled.

pub(crate) const REQUESTS: &str = "gated_requests_total";
pub(crate) const DURATION: &str = "gated_request_duration_seconds";
pub(crate) const IN_FLIGHT: &str = "gated_requests_in_flight";
pub(crate) const CONNECTIONS: &str = "gated_connections_open";
pub(crate) const CONNECTIONS_TOTAL: &str = "gated_connections_total";
pub(crate) const MALFORMED: &str = "gated_malformed_requests_total";
pub(crate) const BYTES_IN: &str = "gated_request_bytes_total";
pub(crate) const BYTES_OUT: &str = "gated_response_bytes_total";
pub(crate) const UPSTREAM_REQUESTS: &str = "gated_upstream_requests_total";
pub(crate) const UPSTREAM_ERRORS: &str = "gated_upstream_errors_total";
pub(crate) const UPSTREAM_CONNECTIONS: &str = "gated_upstream_connections_total";
pub(crate) const AUTHENTICATIONS: &str = "gated_authentications_total";
pub(crate) const DECISIONS: &str = "gated_decisions_total";
pub(crate) const KEY_FETCHES: &str = "gated_key_fetches_total";
pub(crate) const KEYS_AGE: &str = "gated_keys_age_seconds";
pub(crate) const STORE_UP: &str = "gated_store_up";
pub(crate) const STORE_CALLS: &str = "gated_store_calls_total";
pub(crate) const STORE_FAILURES: &str = "gated_store_failures_total";
pub(crate) const STORE_LOSSES: &str = "gated_store_losses_total";
pub(crate) const STORE_EVICTED: &str = "gated_store_evicted_total";
pub(crate) const LIMIT_DECISIONS: &str = "gated_limit_decisions_total";
pub(crate) const LIMIT_OVER: &str = "gated_limit_over_admitted_total";
pub(crate) const LIMIT_OVER_WORST: &str = "gated_limit_over_admitted_worst";
pub(crate) const SESSION_EVENTS: &str = "gated_session_events_total";
pub(crate) const HANDSHAKES: &str = "gated_tls_handshakes_total";
pub(crate) const CERTIFICATE_EXPIRY: &str = "gated_certificate_expiry_timestamp_seconds";
pub(crate) const RELOADS: &str = "gated_reloads_total";
pub(crate) const BUILD: &str = "gated_build_info";
pub(crate) const BUNDLE: &str = "gated_bundle_info";
pub(crate) const BUNDLE_SINCE: &str = "gated_bundle_since_seconds";
pub(crate) const UPTIME: &str = "gated_uptime_seconds";

/// Label of requests that no route took.
pub(crate) const UNMATCHED: &str = "-";

/// Label of routes beyond those that get series of their own.
pub(crate) const OTHER: &str = "other";

/// Labels of [`DECISIONS`] in the order of the counters.
pub(crate) const DECIDED: [&str; 4] = ["allowed", "forbidden", "not-permitted", "failed"];

/// Labels of [`REQUESTS`] in the order of the counters.
pub(crate) const CLASSES: [&str; 6] = ["1xx", "2xx", "3xx", "4xx", "5xx", "none"];
