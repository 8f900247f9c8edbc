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
    explanation: r##"After `key=` and after `(env)` a value must follow. `/-` takes out what follows it, so a node, a value, a property or a block must."##,
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
