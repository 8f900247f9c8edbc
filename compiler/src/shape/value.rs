//! A document as plain JSON, for the validator and the typed spec.

use gatec_syntax::{Document, Node, Number, Object, Value as Tree};
use serde_json::{Map, Value};

use super::grammar::{Grammar, Type, TypeId};

/// Makes JSON of an object. Values from outside that could not be resolved become `null`; their paths
/// are added to `unresolved`.
pub fn to_json(object: &Object, unresolved: &mut Vec<Vec<String>>) -> Value {
    Writer {
        path: Vec::new(),
        unresolved,
    }
    .object(object)
}

struct Writer<'d, 'u> {
    path: Vec<Step<'d>>,
    unresolved: &'u mut Vec<Vec<String>>,
}

#[derive(Clone, Copy)]
enum Step<'d> {
    Key(&'d str),
    Index(usize),
}

impl<'d> Writer<'d, '_> {
    fn object(&mut self, object: &'d Object) -> Value {
        let mut json = Map::with_capacity(object.entries.len());
        for entry in &object.entries {
            self.path.push(Step::Key(&entry.key));
            json.insert(entry.key.clone(), self.node(&entry.node));
            self.path.pop();
        }
        Value::Object(json)
    }

    fn array(&mut self, items: &'d [Node]) -> Value {
        let mut json = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            self.path.push(Step::Index(index));
            json.push(self.node(item));
            self.path.pop();
        }
        Value::Array(json)
    }

    fn node(&mut self, node: &'d Node) -> Value {
        match &node.value {
            Tree::Null => Value::Null,
            Tree::Bool(value) => Value::Bool(*value),
            Tree::Number(number) => self::number(*number),
            Tree::String(text) => Value::String(text.clone()),
            Tree::Array(items) => self.array(items),
            Tree::Object(object) => self.object(object),
            Tree::Reference(_) => {
                let step = |step: &Step<'_>| match step {
                    Step::Key(key) => (*key).to_owned(),
                    Step::Index(index) => index.to_string(),
                };
                self.unresolved.push(self.path.iter().map(step).collect());
                Value::Null
            }
        }
    }
}

/// A whole number stays whole even when it was written with a fraction of zero, as JSON Schema has it.
fn number(number: Number) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number {
        Number::Integer(whole) => Value::from(whole),
        Number::Float(float) if float.fract() == 0.0 && float.abs() < EXACT => {
            #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
            let whole = float as i64;
            Value::from(whole)
        }
        // What JSON cannot hold is no number anywhere in a spec.
        Number::Float(float) => {
            serde_json::Number::from_f64(float).map_or(Value::from("infinite"), Value::Number)
        }
    }
}

/// Takes out keys that say `null` where that says the same as leaving them out.
pub fn strip_nulls(grammar: &Grammar, document: &mut Document) {
    strip_object(grammar, grammar.root(), &mut document.root);
}

fn strip_object(grammar: &Grammar, id: TypeId, object: &mut Object) {
    object.entries.retain_mut(|entry| {
        let Some((kind, field)) = grammar.below(id, &entry.key) else {
            return true;
        };
        if entry.node.value == Tree::Null && field.is_some_and(|field| field.nullable) {
            return false;
        }
        strip(grammar, kind, &mut entry.node);
        true
    });
}

fn strip(grammar: &Grammar, id: TypeId, node: &mut Node) {
    match (&mut node.value, grammar.kind(id)) {
        (Tree::Object(object), Type::Object(_) | Type::Map(_)) => strip_object(grammar, id, object),
        (Tree::Array(items), Type::List(list)) => {
            items
                .iter_mut()
                .for_each(|item| strip(grammar, list.item, item));
        }
        _ => {}
    }
}
