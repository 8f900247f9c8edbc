//! K118: a type in parentheses is malformed or in the wrong place

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K118.
pub const RULE_BAD_ANNOTATION: Rule = Rule {
    code: "K118",
    name: "bad-annotation",
    severity: Severity::Error,
    summary: "a type in parentheses is malformed or in the wrong place",
    explanation: r##"A word in parentheses right before a value says where the value comes from: `url=(env)"STORE_URL"` takes it from the environment. KDL calls it
the type of the value. In a property it stands behind the `=`, not before the key."##,
    wrong: r##"gateway (env"SHOP"

listener "web" bind="127.0.0.1:8080"
"##,
    right: r##"gateway (env)"SHOP"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// The type that starts at `span` is not `(word)`.
pub(in crate::kdl) fn bad_annotation(span: Span, expected: &str) -> Diagnostic {
    Diagnostic::error(
        RULE_BAD_ANNOTATION.code,
        span,
        format!("this type is malformed: expected {expected}"),
    )
    .label("expected a word in parentheses")
    .help("a type looks like `(env)\"NAME\"`")
}

/// The type at `span` stands before a key.
pub(in crate::kdl) fn annotated_key(span: Span) -> Diagnostic {
    Diagnostic::error(
        RULE_BAD_ANNOTATION.code,
        span,
        "found a type before a key, expected it before the value",
    )
    .label("goes after the `=`")
    .help("write `key=(env)\"NAME\"`")
}
