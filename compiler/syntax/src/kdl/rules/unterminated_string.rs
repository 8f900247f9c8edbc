//! K101: a string has no closing quotes

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K101.
pub const RULE_UNTERMINATED_STRING: Rule = Rule {
    code: "K101",
    name: "unterminated-string",
    severity: Severity::Error,
    summary: "a string has no closing quotes",
    explanation: r##"Text that begins with one `"` ends with one on the same line. Text of several lines stands between `"""` at the end of a line and `"""` on a
line of its own:

```kdl
body """
    first line
    second line
    """
```

Where one quote of several in a line is missing, the last one is left over and told; look for the place before it too.
Nothing else is said of such a line. Reading goes on at its end, so what stands below is still checked."##,
    wrong: r##"gateway "shop

listener "web" bind="127.0.0.1:8080"
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// A string that starts at `span` and misses `quotes`.
pub(in crate::kdl) fn unterminated_string(span: Span, quotes: &str) -> Diagnostic {
    let what = if quotes.starts_with("\"\"\"") {
        "before the text ends"
    } else {
        "before the line ends"
    };
    Diagnostic::error(
        RULE_UNTERMINATED_STRING.code,
        span,
        format!("this string is not closed: expected `{quotes}` {what}"),
    )
    .label("starts here")
    .help("close the string; a string of several lines is put between `\"\"\"` and `\"\"\"`")
}

/// A string that starts at `span`, in a line whose quotes do not come in pairs.
pub(in crate::kdl) fn lone_quote(span: Span) -> Diagnostic {
    Diagnostic::error(
        RULE_UNTERMINATED_STRING.code,
        span,
        "a `\"` is missing in this line: this one is left over",
    )
    .label("no second `\"` belongs to this one")
    .help("each text stands between two `\"`: look from the left for the one that has only one")
}
