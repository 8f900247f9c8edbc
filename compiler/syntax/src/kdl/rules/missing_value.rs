//! K117: a value is missing

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K117.
pub const RULE_MISSING_VALUE: Rule = Rule {
    code: "K117",
    name: "missing-value",
    severity: Severity::Error,
    summary: "a value is missing",
    explanation: r##"After `key=`, after a type such as `(env)`, and after `/-` something must follow: a value in the first two cases, a node, a value, a property or
a block in the third."##,
    wrong: r##"gateway "shop"

listener "web" bind=
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// Nothing fitting follows `after`, which is at `span`.
pub(in crate::kdl) fn missing_value(span: Span, after: &str, expected: &str) -> Diagnostic {
    Diagnostic::error(
        RULE_MISSING_VALUE.code,
        span,
        format!("nothing follows `{after}`: expected {expected}"),
    )
    .label(format!("expected {expected} after this"))
}
