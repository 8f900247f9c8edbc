//! One language to the other and back: the same document.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    reason = "a test may fail"
)]

mod common;

use std::path::Path;

use common::text_in;
use gatec_compiler::convert::{to_kdl, to_yaml};
use gatec_compiler::load::{Format, document, front};
use gatec_compiler::shape::Grammar;
use gatec_compiler::shape::grammar::{Type, TypeId};
use gatec_syntax::{Document, Node, Object, Value};
use proptest::prelude::*;

fn read(text: &str, format: Format) -> Document {
    let (_, document, found) = document(text_in(Path::new("."), text, format));
    assert_eq!(found, [], "{text}");
    document
}

/// Fields in the order of the schema, since their order means nothing; names keep theirs.
fn sorted(document: &Document) -> Document {
    fn node(id: TypeId, value: &mut Node) {
        match (&mut value.value, Grammar::get().kind(id)) {
            (Value::Object(object), _) => fields(id, object),
            (Value::Array(items), Type::List(list)) => {
                items.iter_mut().for_each(|item| node(list.item, item));
            }
            _ => {}
        }
    }
    fn fields(id: TypeId, object: &mut Object) {
        let grammar = Grammar::get();
        if let Type::Object(kind) = grammar.kind(id) {
            object
                .entries
                .sort_by_key(|entry| kind.position(&entry.key));
        }
        for entry in &mut object.entries {
            let (kind, _) = grammar.below(id, &entry.key).unwrap();
            node(kind, &mut entry.node);
        }
    }
    let mut document = document.clone();
    fields(Grammar::get().root(), &mut document.root);
    document
}

fn assert_same(one: &Document, other: &Document, text: &str) {
    assert!(
        gatec_syntax::yaml::same(&sorted(one), &sorted(other)),
        "{text}\n{one:#?}\n{other:#?}"
    );
}

const SPEC: &str = r##"// What this is.
include "more/*.kdl"

gateway (env)"NAME:-shop"

// Where requests come in.
listener "web" bind="0.0.0.0:8080" {
    protocols "http1" "http2"
    limits body-size="1MiB" header-timeout="5s"
}

upstream "orders" {
    server "http://10.0.0.11:9000" weight=2 // the big one
    server "http://10.0.0.12:9000"
}

// Orders.
route "get-order" public=#true priority=5 {
    // Only reading.
    match "GET" "/orders/{id}" {
        header "accept" "application/json"
        cookie "sid" present=#true
    }
    match prefix="/o" {
        method "GET" "POST"
    }
    request {
        set "authorization" (secret)"token"
        remove "cookie" "x-a"
    }
    proxy "orders" path="/v1/orders/{{ path.id }}"
}

route "hello" public=#true {
    match "/hello"
    respond 200 {
        header "content-type" "application/json"
        body #"""
            {
              "greeting": "Hello"
            }
            """#
    }
}

error-page 404 "not here"

profile "prod" {
    log level="warn"
}

test "an order" {
    request "GET" "/orders/7"
    expect 200 upstream="orders"
}
// The end.
"##;

#[test]
fn a_spec_goes_to_yaml_and_back() {
    let kdl = read(SPEC, Format::Kdl);
    let yaml_text = to_yaml(&kdl);
    let yaml = read(&yaml_text, Format::Yaml);
    assert_same(&kdl, &yaml, &yaml_text);
    let kdl_text = to_kdl(&yaml);
    let again = read(&kdl_text, Format::Kdl);
    assert_same(&kdl, &again, &kdl_text);
    for comment in [
        "What this is.",
        "Where requests",
        "the big one",
        "Orders.",
        "Only reading.",
        "The end.",
    ] {
        assert!(
            yaml_text.contains(comment),
            "{comment} is lost in\n{yaml_text}"
        );
        assert!(
            kdl_text.contains(comment),
            "{comment} is lost in\n{kdl_text}"
        );
    }
    insta::assert_snapshot!("to_yaml", yaml_text);
    insta::assert_snapshot!("to_kdl", kdl_text);
}

/// Any value of a type of the grammar, as YAML would hold it.
fn any(id: TypeId, depth: usize) -> BoxedStrategy<Node> {
    let grammar = Grammar::get();
    let plain = |value: Value| Node {
        value,
        span: gatec_syntax::Span::default(),
    };
    match grammar.kind(id) {
        Type::Scalar(_) => prop_oneof![
            "[ -~]{0,12}".prop_map(Value::String),
            "[a-zé\n\"\\\\#{}:=]{0,8}".prop_map(Value::String),
            Just(Value::String("x".repeat(70))),
            any_number().prop_map(Value::Number),
            proptest::bool::ANY.prop_map(Value::Bool),
            "[A-Z]{1,4}".prop_map(|name| Value::Reference(gatec_syntax::Reference {
                kind: "env".to_owned(),
                kind_span: gatec_syntax::Span::default(),
                target: name,
                target_span: gatec_syntax::Span::default(),
            })),
        ]
        .prop_map(plain)
        .boxed(),
        Type::List(list) => {
            let least = usize::from(!matches!(grammar.kind(list.item), Type::Scalar(_)));
            proptest::collection::vec(any(list.item, depth), least..3)
                .prop_map(move |items| plain(Value::Array(items)))
                .boxed()
        }
        Type::Map(map) => {
            let names =
                proptest::collection::btree_map("[a-z0-9 /-]{0,6}", any(map.value, depth), 1..3);
            names
                .prop_map(move |names| plain(Value::Object(object(names.into_iter().collect()))))
                .boxed()
        }
        Type::Object(kind) => {
            let mut fields: BoxedStrategy<Vec<(String, Node)>> = Just(Vec::new()).boxed();
            for field in &kind.fields {
                if depth == 0 && !grammar.is_inline(field) {
                    continue;
                }
                let value = any(field.kind, depth.saturating_sub(1));
                // A list of nodes of their own has no form without any.
                let nodes = field.node.is_some();
                let value = value.prop_filter("no nodes", move |value| {
                    !nodes || !matches!(&value.value, Value::Array(items) if items.is_empty())
                });
                let (key, maybe) = (field.key.clone(), proptest::option::weighted(0.3, value));
                fields = (fields, maybe)
                    .prop_map(move |(mut fields, value)| {
                        fields.extend(value.map(|value| (key.clone(), value)));
                        fields
                    })
                    .boxed();
            }
            fields
                .prop_map(move |fields| plain(Value::Object(object(fields))))
                .boxed()
        }
    }
}

fn any_number() -> impl Strategy<Value = gatec_syntax::Number> {
    prop_oneof![
        proptest::num::i64::ANY.prop_map(gatec_syntax::Number::Integer),
        (-1.0e9..1.0e9_f64).prop_map(|float| gatec_syntax::Number::Float(float + 0.5)),
    ]
}

fn object(fields: Vec<(String, Node)>) -> Object {
    let entry = |(key, node)| gatec_syntax::Entry {
        key,
        key_span: gatec_syntax::Span::default(),
        node,
        comments: None,
    };
    Object {
        entries: fields.into_iter().map(entry).collect(),
    }
}

fn any_document() -> impl Strategy<Value = Document> {
    any(Grammar::get().root(), 3).prop_map(|node| match node.value {
        Value::Object(root) => Document {
            root,
            ..Document::default()
        },
        _ => Document::default(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_document_goes_to_kdl_and_yaml_and_back(document in any_document()) {
        let kdl = to_kdl(&document);
        let from_kdl = read(&kdl, Format::Kdl);
        prop_assert!(gatec_syntax::yaml::same(&sorted(&document), &sorted(&from_kdl)), "{}\n{:#?}\n{:#?}", kdl, document, from_kdl);
        let yaml = to_yaml(&from_kdl);
        let from_yaml = read(&yaml, Format::Yaml);
        prop_assert!(gatec_syntax::yaml::same(&from_kdl, &from_yaml), "{}", yaml);
    }

    /// No text, however broken, makes the front half panic or forget its bounds.
    #[test]
    fn broken_specs_never_panic(cuts in proptest::collection::vec((0..SPEC.len(), 0..40_usize, ".{0,6}"), 1..6), as_yaml: bool) {
        let mut text = if as_yaml { to_yaml(&read(SPEC, Format::Kdl)) } else { SPEC.to_owned() };
        for (at, length, with) in cuts {
            let start = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let end = (start + length).min(text.len());
            let end = (start..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(start);
            text.replace_range(start..end, &with);
        }
        let format = if as_yaml { Format::Yaml } else { Format::Kdl };
        let front = front(text_in(Path::new("."), &text, format), &common::options());
        for finding in &front.diagnostics {
            let source = front.sources.get(finding.span.source).unwrap();
            prop_assert!(source.text().get(finding.span.range()).is_some(), "{:?}", finding);
        }
    }
}
