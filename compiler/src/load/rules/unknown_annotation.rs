//! S208: an annotation that means nothing

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

use crate::shape::names::{listed, nearest};

/// The rule of S208.
pub const RULE: Rule = Rule {
    code: "S208",
    name: "unknown-annotation",
    severity: Severity::Error,
    summary: r##"an annotation that means nothing"##,
    explanation: r##"A value from outside is marked by one of three words: `env` (a variable, read when the spec is compiled),
`file` (the text of a file) and `secret` (a name that the replica resolves). KDL writes `(env)"NAME"`, YAML
`!env NAME`. The mark stands before a value, not before a node or a name."##,
    wrong: r##"listener "web" bind=(envv)"GATEC_EXAMPLE_BIND:-127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind=(env)"GATEC_EXAMPLE_BIND:-127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// The words that are known.
pub(crate) const KNOWN: [&str; 3] = ["env", "file", "secret"];

/// An unknown word; `mark` is what stands before it in the text (`!` in YAML).
pub(crate) fn word(span: Span, word: &str, mark: &str) -> Diagnostic {
    let found = Diagnostic::error(RULE.code, span, format!("unknown annotation `{word}`"));
    let known = format!("the annotations are {}", listed(KNOWN, "and"));
    match nearest(word, KNOWN) {
        Some(near) if near.certain => found
            .label(format!("did you mean `{}`?", near.name))
            .help(known)
            .fix(
                format!("write `{mark}{}`", near.name),
                span,
                format!("{mark}{}", near.name),
            ),
        Some(near) => found
            .label(format!("did you mean `{}`?", near.name))
            .help(known),
        None => found.label("not known").help(known),
    }
}

/// An annotation before a node.
pub(crate) fn before_node(span: Span, word: &str) -> Diagnostic {
    misplaced(span, word, "a node")
}

/// An annotation on the name of a node.
pub(crate) fn on_name(span: Span, word: &str) -> Diagnostic {
    misplaced(span, word, "a name")
}

fn misplaced(span: Span, word: &str, what: &str) -> Diagnostic {
    let message = format!("`({word})` stands before {what}; expected it before a value");
    Diagnostic::error(RULE.code, span, message)
        .label("not before a value")
        .fix(format!("take `({word})` out"), span, "")
}
