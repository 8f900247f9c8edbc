//! U133: a certificate has expired, or will within 14 days.

use std::time::{Duration, SystemTime};

use gatec_syntax::{Diagnostic, Rule, Severity, Span};
use gated_certificate::Facts;

/// The rule of U133.
pub(crate) const RULE: Rule = Rule {
    code: "U133",
    name: "certificate-expiry",
    severity: Severity::Warning,
    summary: "a certificate has expired, or will within 14 days",
    explanation: r##"Clients refuse a certificate that has expired, or is not good yet. This finding depends on the day; the bundle does not, since certificates are no part of it. A running replica warns of the same in its log
once a day, and tells the end of each certificate as the metric `gated_certificate_expiry_timestamp_seconds`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8443" {
    tls {
        certificate "certs/old.pem" key="certs/old.key"
    }
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8443" {
    tls {
        certificate "certs/web.pem" key="certs/web.key"
    }
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

/// Certificates that end sooner are told of.
const SOON: Duration = Duration::from_secs(14 * 24 * 3600);

pub(in crate::check) fn finding(
    span: Span,
    file: &str,
    facts: &Facts,
    now: SystemTime,
) -> Option<Diagnostic> {
    let (until, from) = (day(facts.not_after), day(facts.not_before));
    let (message, label) = if facts.not_after < now {
        let message = format!("the certificate in `{file}` expired on {until}");
        (message, "expired")
    } else if facts.not_after < now + SOON {
        let message = format!("the certificate in `{file}` expires on {until}");
        (message, "expires soon")
    } else if facts.not_before > now {
        let message = format!("the certificate in `{file}` is good from {from} on");
        (message, "not good yet")
    } else {
        return None;
    };
    Some(
        Diagnostic::warning(RULE.code, span, message)
            .label(label)
            .help("a replica takes a new certificate from the same files without a restart"),
    )
}

fn day(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time).map_or_else(
        |_| "an unknown day".to_owned(),
        |time| time.strftime("%Y-%m-%d").to_string(),
    )
}
