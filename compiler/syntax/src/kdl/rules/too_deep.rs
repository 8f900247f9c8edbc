//! K110: blocks are nested too deep

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// Its argument 128 times over, at compile time.
macro_rules! x128 {
    ($text:literal) => {
        concat!(x128!(@ $text), x128!(@ $text), x128!(@ $text), x128!(@ $text))
    };
    (@ $text:literal) => {
        concat!(x128!(% $text), x128!(% $text), x128!(% $text), x128!(% $text))
    };
    (% $text:literal) => {
        concat!($text, $text, $text, $text, $text, $text, $text, $text)
    };
}

/// The rule of K110.
pub const RULE_TOO_DEEP: Rule = Rule {
    code: "K110",
    name: "too-deep",
    severity: Severity::Error,
    summary: "blocks are nested too deep",
    explanation: r##"At most 128 blocks may be open at once. No spec needs nearly as many; such a text is a mistake of the program that wrote it, or an
attack. What stands deeper is not read."##,
    wrong: concat!(
        "gateway \"shop\"\n\nlistener \"web\" bind=\"127.0.0.1:8080\"\n\n",
        x128!("a{"),
        "a{}",
        x128!("}"),
        "\n"
    ),
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// The `{` at `span` opens a block that is too deep.
pub(in crate::kdl) fn too_deep(span: Span, depth: usize) -> Diagnostic {
    Diagnostic::error(
        RULE_TOO_DEEP.code,
        span,
        format!("blocks are nested deeper than {depth}"),
    )
    .label("not read")
    .help("a spec needs a handful of levels; look for a `}` that is missing above")
}
