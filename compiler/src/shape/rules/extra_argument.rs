//! S106: more positional arguments than a node takes

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

use crate::shape::grammar::{Argument, Grammar, ObjectType, ScalarKind};

/// The rule of S106.
pub const RULE: Rule = Rule {
    code: "S106",
    name: "extra-argument",
    severity: Severity::Error,
    summary: r##"more positional arguments than a node takes"##,
    explanation: r##"In KDL the values right after a node's name fill certain keys, by how many there are: `match "/x"` is a
path, `match "GET" "/x"` a method and a path. A further value has no key to fill. Write it as a property
(`host="shop.example"`, with `=` and not with `:`) or as a node in the block; several methods are `method "GET" "POST"`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello" "/hi"
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// An argument for which the node has no field.
pub(crate) fn argument(
    grammar: &Grammar,
    kind: &ObjectType,
    word: &str,
    text: &str,
    span: Span,
) -> Diagnostic {
    let names = |arguments: &[Argument]| {
        let keys = arguments
            .iter()
            .filter_map(|argument| kind.fields.get(argument.field));
        let keys: Vec<String> = keys.map(|field| format!("`{}`", field.key)).collect();
        keys.join(" and ")
    };
    let taken: Vec<String> = kind
        .arguments
        .iter()
        .map(|arguments| names(arguments))
        .collect();
    let found = Diagnostic::error(RULE.code, span, format!("`{word}` has one value too many"))
        .label("no key takes this");
    let flag = kind.key(text).and_then(|field| grammar.scalar(field.kind));
    if flag.is_some_and(|scalar| scalar.kind == Some(ScalarKind::Boolean)) {
        let meant = format!("{text}=#true");
        return found.fix(format!("write `{meant}`"), span, meant);
    }
    let is_bare = span.len() == text.len();
    if is_bare && grammar.has_node(text) {
        let meant = format!("; {text}");
        return found
            .help("a `;` or a new line stands between two nodes")
            .fix(format!("write `{meant}`"), span, meant);
    }
    if text.contains("://") && kind.node_position("server").is_some() {
        return found.help(format!(
            "write it in the block: `{word} {{ server {text:?}; }}`"
        ));
    }
    match taken.is_empty() {
        true => found.help(format!(
            "`{word}` takes no values, only properties and a block"
        )),
        false => found.help(format!("after `{word}` stands {}", taken.join(", or "))),
    }
}

/// `public: true`, written as in YAML: the whole of it, and how KDL has it.
pub(crate) fn colon(word: &str, span: Span, key: &str, meant: &str) -> Diagnostic {
    Diagnostic::error(
        RULE.code,
        span,
        format!("`{key}:` is a value of `{word}` in KDL; a property is written with `=`"),
    )
    .label("written as in YAML")
    .fix(format!("write `{meant}`"), span, meant)
}

/// A second value on a node that takes one.
pub(crate) fn value(word: &str, span: Span) -> Diagnostic {
    Diagnostic::error(RULE.code, span, format!("`{word}` has one value too many"))
        .label("no key takes this")
        .help("put text with spaces in quotes")
}
