//! Our reader beside the `kdl` crate: what "the same" means, and where the two are known to differ.

#![allow(dead_code, reason = "each test uses its part")]

use gatec_syntax::Span;
use gatec_syntax::kdl::{KdlNode, Scalar, Tree};
use kdl::{KdlDocument, KdlNode as OracleNode, KdlValue};

/// Says what differs between the two readings of a text, if anything does.
pub(crate) fn difference(tree: &Tree<'_>, oracle: &KdlDocument) -> Option<String> {
    nodes_differ(&tree.nodes, oracle.nodes())
}

fn nodes_differ(ours: &[KdlNode<'_>], theirs: &[OracleNode]) -> Option<String> {
    if ours.len() != theirs.len() {
        return Some(format!(
            "{} nodes, the oracle has {}",
            ours.len(),
            theirs.len()
        ));
    }
    ours.iter().zip(theirs).find_map(|(ours, theirs)| {
        node_differs(ours, theirs).map(|what| format!("in `{}`: {what}", ours.name))
    })
}

fn node_differs(ours: &KdlNode<'_>, theirs: &OracleNode) -> Option<String> {
    if ours.name != theirs.name().value() {
        return Some(format!("the oracle calls it `{}`", theirs.name().value()));
    }
    let annotation = ours
        .annotation
        .as_ref()
        .map(|annotation| annotation.name.as_ref());
    if annotation != theirs.ty().map(|ty| ty.value()) {
        return Some(format!(
            "type {annotation:?}, the oracle has {:?}",
            theirs.ty()
        ));
    }
    let entries = theirs.entries();
    let values: Vec<_> = entries
        .iter()
        .filter(|entry| entry.name().is_none())
        .collect();
    if values.len() != ours.arguments.len() {
        return Some(format!(
            "{} values, the oracle has {}",
            ours.arguments.len(),
            values.len()
        ));
    }
    for (ours, theirs) in ours.arguments.iter().zip(values) {
        let annotation = ours
            .annotation
            .as_ref()
            .map(|annotation| annotation.name.as_ref());
        if !same_value(&ours.value, theirs.value())
            || annotation != theirs.ty().map(|ty| ty.value())
        {
            return Some(format!("{ours:?}, the oracle has {theirs:?}"));
        }
    }
    // Duplicates are kept by both, in order, so "the last wins" holds for both alike.
    let properties: Vec<_> = entries
        .iter()
        .filter(|entry| entry.name().is_some())
        .collect();
    if properties.len() != ours.properties.len() {
        return Some(format!(
            "{} properties, the oracle has {}",
            ours.properties.len(),
            properties.len()
        ));
    }
    for (ours, theirs) in ours.properties.iter().zip(properties) {
        let annotation = ours
            .annotation
            .as_ref()
            .map(|annotation| annotation.name.as_ref());
        if theirs.name().map(|name| name.value()) != Some(ours.key.as_ref())
            || !same_value(&ours.value, theirs.value())
            || annotation != theirs.ty().map(|ty| ty.value())
        {
            return Some(format!("{ours:?}, the oracle has {theirs:?}"));
        }
    }
    match (&ours.children, theirs.children()) {
        (None, None) => None,
        (Some(ours), Some(theirs)) => nodes_differ(&ours.nodes, theirs.nodes()),
        (ours, theirs) => Some(format!(
            "block {}, the oracle {}",
            ours.is_some(),
            theirs.is_some()
        )),
    }
}

fn same_value(ours: &Scalar<'_>, theirs: &KdlValue) -> bool {
    match (ours, theirs) {
        (Scalar::Null, KdlValue::Null) => true,
        (Scalar::Bool(ours), KdlValue::Bool(theirs)) => ours == theirs,
        (Scalar::Integer(ours), KdlValue::Integer(theirs)) => i128::from(*ours) == *theirs,
        (Scalar::Float(ours), KdlValue::Float(theirs)) => {
            ours == theirs || (ours.is_nan() && theirs.is_nan())
        }
        (Scalar::BigNumber(_), KdlValue::Integer(theirs)) => i64::try_from(*theirs).is_err(),
        (Scalar::BigNumber(_), KdlValue::Float(theirs)) => theirs.is_infinite(),
        (Scalar::String(ours), KdlValue::String(theirs)) => ours == theirs,
        _ => false,
    }
}

/// Why the `kdl` crate, 6.7.1, may read this text otherwise than the specification asks, if it may.
pub(crate) fn known_deviation(text: &str) -> Option<&'static str> {
    if text.contains("/-") && text.contains(';') {
        return Some("it refuses a `;` after a node that a slashdash takes out");
    }
    if text.matches("/-").count() > 1 && text.contains('{') {
        return Some("it refuses some blocks that are taken out behind others");
    }
    if text.contains("/-") && text.contains('\\') {
        return Some("it refuses some lines that go on in a text that takes something out");
    }
    let lower = text.to_ascii_lowercase();
    if text.contains('\u{7f}') {
        return Some("it lets U+007F through");
    }
    if text
        .trim_start_matches('\u{feff}')
        .chars()
        .any(is_disallowed)
    {
        return Some("it lets disallowed code points through in comments");
    }
    if ["0X", "0O", "0B"]
        .iter()
        .any(|prefix| text.contains(prefix))
    {
        return Some("it takes `0X`, `0O` and `0B` for prefixes");
    }
    if text.contains("#\"\"\"") && text.lines().any(|line| line.trim() == "\"") {
        return Some("it refuses a raw string of several lines with a line that is one quote");
    }
    if lower
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|run| run.len() > 36 || beyond_128_bits(run))
    {
        return Some("it refuses numbers that do not fit 128 bits, and fractions as long");
    }
    None
}

/// Whether this is a hexadecimal, octal or binary number of more than a signed 128-bit one holds.
fn beyond_128_bits(run: &str) -> bool {
    let number = [("0x", 16), ("0o", 8), ("0b", 2)]
        .into_iter()
        .find_map(|(prefix, radix)| Some((run.strip_prefix(prefix)?, radix)));
    number.is_some_and(|(digits, radix)| {
        let digits = digits.replace('_', "");
        digits.len() >= 32 && i128::from_str_radix(&digits, radix).is_err()
    })
}

/// Why the `kdl` crate may take a text that the specification refuses, if it may.
pub(crate) fn known_leniency(text: &str) -> Option<&'static str> {
    if text.contains("/-") {
        return Some("it wants no end after a node that a slashdash takes out");
    }
    if text.contains("#\"\"\"") {
        return Some("it takes a raw string on one line that starts with three quotes");
    }
    if text.contains("-inf") {
        return Some("it takes `-inf` for a string");
    }
    None
}

fn is_disallowed(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Panics if a span of the tree lies outside the text, cuts a character, or leaves its parent.
pub(crate) fn check_spans(tree: &Tree<'_>, text: &str) {
    check(tree.span, tree.span, text);
    tree.nodes
        .iter()
        .for_each(|node| check_node(node, tree.span, text));
}

fn check(span: Span, within: Span, text: &str) {
    assert!(
        text.get(span.range()).is_some(),
        "{span:?} is no part of {text:?}"
    );
    assert!(
        within.start <= span.start && span.end <= within.end,
        "{span:?} leaves {within:?} in {text:?}"
    );
}

fn check_node(node: &KdlNode<'_>, within: Span, text: &str) {
    check(node.span, within, text);
    check(node.name_span, node.span, text);
    for argument in &node.arguments {
        check(argument.span, node.span, text);
    }
    for property in &node.properties {
        check(property.key_span, node.span, text);
        check(property.value_span, node.span, text);
        assert!(property.key_span.end <= property.value_span.start);
    }
    if let Some(children) = &node.children {
        check(children.span, node.span, text);
        children
            .nodes
            .iter()
            .for_each(|node| check_node(node, children.span, text));
    }
}

/// The tree without spans and comments: what a text means.
pub(crate) fn meaning(tree: &Tree<'_>) -> String {
    let mut out = String::new();
    tree.nodes
        .iter()
        .for_each(|node| node_meaning(node, 0, &mut out));
    out
}

fn node_meaning(node: &KdlNode<'_>, depth: usize, out: &mut String) {
    let name = |annotation: &Option<gatec_syntax::kdl::Annotation<'_>>| {
        annotation
            .as_ref()
            .map(|annotation| annotation.name.to_string())
    };
    out.push_str(&format!(
        "{depth} {:?} {:?}",
        name(&node.annotation),
        node.name
    ));
    for argument in &node.arguments {
        out.push_str(&format!(
            " {:?}{:?}",
            name(&argument.annotation),
            argument.value
        ));
    }
    for property in &node.properties {
        out.push_str(&format!(
            " {:?}={:?}{:?}",
            property.key,
            name(&property.annotation),
            property.value
        ));
    }
    out.push_str(if node.children.is_some() {
        " {}\n"
    } else {
        "\n"
    });
    for child in node.children.iter().flat_map(|children| &children.nodes) {
        node_meaning(child, depth + 1, out);
    }
}
