//! B101: the bundle that was made cannot be loaded.

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of B101.
pub const RULE: Rule = Rule {
    code: "B101",
    name: "bundle-refused",
    severity: Severity::Error,
    summary: "the bundle that was made cannot be loaded",
    explanation: r##"Every bundle is loaded once, the way a replica does it, before it is given out. This one was refused: the compiler took something for right that the runtime does not. That is a mistake of
the compiler's, not of the spec's: please report it with the spec. No bundle is written, so that a replica never meets it."##,
    wrong: "",
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

/// A bundle that the runtime does not take, and why.
pub(crate) fn finding(span: Span, why: &str) -> Diagnostic {
    Diagnostic::error(
        RULE.code,
        span,
        format!("the bundle that was made cannot be loaded: {why}"),
    )
    .help("this is a mistake of the compiler's, not of the spec's: please report it with the spec")
}

#[cfg(test)]
mod tests {
    use gatec_syntax::{Severity, Sources};

    use super::*;

    #[test]
    fn says_whose_mistake_it_is() {
        let mut sources = Sources::default();
        let source = sources.add("gate.kdl", "");
        let span = Span {
            source,
            start: 0,
            end: 0,
        };
        let found = finding(span, "no section `program`");
        assert_eq!((found.code, found.severity), ("B101", Severity::Error));
        assert!(found.help.is_some_and(|help| help.contains("report it")));
    }
}
