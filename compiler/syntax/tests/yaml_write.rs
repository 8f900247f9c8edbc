//! Writing a document and reading it again gives the same document.

use gatec_syntax::{
    Comments, Document, Entry, Node, Number, Object, Reference, SourceId, Span, Value, yaml,
};
use proptest::prelude::*;

fn node(value: Value) -> Node {
    Node {
        value,
        span: Span::default(),
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z]{0,6}",
        2 => "[ -~]{0,12}",
        2 => "[a-z:#\\-? \\n\\t'\"{}\\[\\],&*!|>%@`0-9]{0,12}",
        1 => "([a-z# ]{0,4}\\n){0,4}",
        1 => "\\PC{0,6}",
        1 => any::<String>().prop_map(|text| text.chars().take(12).collect()),
        1 => "[0-9.:+_xobeE-]{1,8}",
        1 => prop::sample::select(vec![
            "yes", "No", "on", "y", "~", "null", "true", "<<", "=", "---", "...", "1:30", "0x1f",
            ".inf", "- a", "a: b", "# x", "\u{feff}", "\u{85}", "\u{2028}", "\r", "\n", "",
        ]).prop_map(str::to_owned),
        1 => "[a-z]{600,1300}",
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    let reference = ("[a-z][a-z0-9]{0,5}|[ -~]{1,5}", text()).prop_map(|(kind, target)| {
        let (kind_span, target_span) = (Span::default(), Span::default());
        Value::Reference(Reference {
            kind,
            kind_span,
            target,
            target_span,
        })
    });
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|whole| Value::Number(Number::Integer(whole))),
        any::<f64>().prop_map(|float| Value::Number(Number::Float(float))),
        any::<i16>().prop_map(|n| Value::Number(Number::Float(f64::from(n) * 1e15))),
        text().prop_map(Value::String),
        text().prop_map(Value::String),
        reference,
    ]
}

fn comments() -> impl Strategy<Value = Option<Box<Comments>>> {
    let some = (
        prop::collection::vec(text(), 0..2),
        prop::option::of(text()),
    )
        .prop_map(|(leading, trailing)| Some(Box::new(Comments { leading, trailing })));
    prop_oneof![3 => Just(None), 1 => some]
}

fn object(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Object> {
    prop::collection::vec((text(), values, comments()), 0..4).prop_map(|entries| Object {
        entries: entries
            .into_iter()
            .map(|(key, value, comments)| Entry {
                key,
                key_span: Span::default(),
                node: node(value),
                comments,
            })
            .collect(),
    })
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| Value::Array(items.into_iter().map(node).collect())),
            object(inner).prop_map(Value::Object),
        ]
    })
}

fn document() -> impl Strategy<Value = Document> {
    (object(value()), prop::collection::vec(text(), 0..2)).prop_map(|(root, trailing_comments)| {
        Document {
            root,
            span: Span::default(),
            trailing_comments,
        }
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_the_same(document in document()) {
        let text = yaml::write(&document);
        let (read, findings) = yaml::parse(SourceId::default(), &text);
        prop_assert_eq!(findings, vec![], "{}", text);
        prop_assert!(yaml::same(&document, &read), "{}\n{:#?}", text, read);
    }

    #[test]
    fn what_is_written_again_is_the_same_text(document in document()) {
        let text = yaml::write(&document);
        let (read, _) = yaml::parse(SourceId::default(), &text);
        prop_assert!(yaml::same(&read, &yaml::parse(SourceId::default(), &yaml::write(&read)).0));
    }

    #[test]
    fn what_is_written_formats(document in document()) {
        let text = yaml::write(&document);
        let formatted = yaml::format(&text).unwrap();
        let (read, _) = yaml::parse(SourceId::default(), &formatted);
        prop_assert!(yaml::same(&document, &read), "{}\n---\n{}", text, formatted);
        prop_assert_eq!(yaml::format(&formatted).unwrap(), formatted);
    }
}

fn check(text: &str) -> String {
    let (document, findings) = yaml::parse(SourceId::default(), text);
    assert_eq!(findings, []);
    yaml::write(&document)
}

#[test]
fn canonical_form() {
    let text = "\
# shop
gateway: { name: 'shop' } # the name
listeners: {web: {bind: '0.0.0.0:8080'}}
store: !env \"REDIS URL\"
limits: [ {rate: 100/min, burst: 20}, [1, [2.50, 1e3]], 'yes', 007, ~ ]
empty: [{}, [], '']
respond:
  # what is said
  body: \"{\\n  \\\"a\\\": 1\\n}\\n\"
  exact: \"a\\n\\n\"
  note: \"two\\nlines\"
  odd: \" lead\\nx\"
404: not found
# end
";
    insta::assert_snapshot!(check(text), @r#"
        # shop
        gateway:  # the name
          name: shop
        listeners:
          web:
            bind: "0.0.0.0:8080"
        store: !env REDIS URL
        limits:
          - rate: 100/min
            burst: 20
          - - 1
            - - 2.5
              - 1000.0
          - "yes"
          - 7
          - null
        empty:
          - {}
          - []
          - ""
        respond:
          # what is said
          body: |
            {
              "a": 1
            }
          exact: |+
            a

          note: |-
            two
            lines
          odd: " lead\nx"
        "404": not found
        # end
        "#);
}

#[test]
fn comments_stay() {
    let text = "\
# a
a: 1  # one
b:  # two
  # c
  c: |  # three
    x
    y
  list:
    # in
    - k: 1  # k
      l: 2
    - - m: 3
# end
";
    assert_eq!(check(text), text);
}
