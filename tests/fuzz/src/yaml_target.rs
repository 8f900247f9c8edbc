//! YAML: never a panic, spans inside the text, and layouts that lose nothing.

use gatec_syntax::yaml::{format, parse, same, write};
use gatec_syntax::{Node, Object, Severity, SourceId, Span, Value};

/// What must hold for any bytes read as YAML.
pub fn yaml(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (document, found) = parse(SourceId(0), text);
    check_object(&document.root, text);
    for found in &found {
        check_span(found.span, text);
        found
            .related
            .iter()
            .for_each(|related| check_span(related.span, text));
        for edit in found.fix.iter().flat_map(|fix| &fix.edits) {
            check_span(edit.span, text);
        }
    }
    // What was read of a broken text can be written too, and is a text without mistakes.
    let written = write(&document);
    let (again, mistakes) = parse(SourceId(0), &written);
    assert!(
        mistakes.is_empty(),
        "{text:?} became {written:?}: {mistakes:?}"
    );
    assert!(same(&document, &again), "{text:?} became {written:?}");
    if found.iter().all(|found| found.severity != Severity::Error) {
        let once = format(text).expect("a text without mistakes");
        let (laid_out, mistakes) = parse(SourceId(0), &once);
        assert!(
            mistakes.is_empty(),
            "{text:?} became {once:?}: {mistakes:?}"
        );
        assert!(same(&document, &laid_out), "{text:?} became {once:?}");
        assert_eq!(
            format(&once).as_deref(),
            Ok(once.as_str()),
            "{text:?} is not stable"
        );
    }
}

fn check_span(span: Span, text: &str) {
    assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
}

fn check_object(object: &Object, text: &str) {
    for entry in &object.entries {
        check_span(entry.key_span, text);
        check_node(&entry.node, text);
    }
}

fn check_node(node: &Node, text: &str) {
    check_span(node.span, text);
    match &node.value {
        Value::Object(object) => check_object(object, text),
        Value::Array(items) => items.iter().for_each(|item| check_node(item, text)),
        Value::Reference(reference) => {
            check_span(reference.kind_span, text);
            check_span(reference.target_span, text);
        }
        _ => {}
    }
}
