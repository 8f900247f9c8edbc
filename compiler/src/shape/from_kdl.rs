//! A KDL tree becomes a document, by the grammar.
//!
//! There is one mapper for every node there is: positional arguments, properties and the nodes of
//! the block fill the same object, and the hints of the grammar say which argument is which field and
//! which nodes repeat. What the grammar does not name is a finding, so nothing is passed over.

use std::collections::HashSet;

use gatec_syntax::kdl::{Argument, KdlNode, Property, Scalar, Tree};
use gatec_syntax::{Comments, Document, Entry, Node, Object, Span, Value};

use super::findings::Findings;
use super::grammar::{Field, Grammar, MapType, ObjectType, ScalarKind, Type, TypeId};
use super::rules::{extra_argument, missing_key, unknown_key, wrong_type};
use super::slots::Slots;
use crate::load::rules::unknown_annotation;
pub(crate) use content::words;
use content::{Content, entry, give_to_first, keep_comments, value};

mod content;
mod habits;

/// What came of a tree.
pub struct Mapped {
    /// The tree as a document, references not resolved.
    pub document: Document,
    /// What does not fit the grammar.
    pub found: Findings,
    /// Objects of which a part may be missing because a mistake in it was reported already.
    pub broken: HashSet<Span>,
}

/// Maps a tree.
pub fn from_kdl(grammar: &Grammar, tree: Tree<'_>) -> Mapped {
    let mut mapper = Mapper {
        grammar,
        found: Findings::default(),
        broken: HashSet::new(),
    };
    let mut root = Slots::default();
    if let Some(kind) = grammar.object(grammar.root()) {
        for node in tree.nodes {
            mapper.child(kind, &mut root, "", node);
        }
    }
    let root = Object {
        entries: root.entries,
    };
    Mapped {
        document: Document {
            root,
            span: tree.span,
            trailing_comments: tree.trailing_comments,
        },
        found: mapper.found,
        broken: mapper.broken,
    }
}

struct Mapper<'g> {
    grammar: &'g Grammar,
    found: Findings,
    broken: HashSet<Span>,
}

impl<'g> Mapper<'g> {
    /// A node in the block of an object.
    fn child(
        &mut self,
        kind: &'g ObjectType,
        object: &mut Slots,
        owner: &str,
        mut node: KdlNode<'_>,
    ) {
        if let Some(annotation) = &node.annotation {
            self.found.push(unknown_annotation::before_node(
                annotation.span,
                &annotation.name,
            ));
        }
        if node.broken {
            self.broken.insert(node.span);
        }
        if let (Some(open), None) = (kind.open, kind.node_position(&node.name)) {
            let (key, key_span) = (node.name.to_string(), node.name_span);
            let comments = node.comments.take();
            let value = match kind
                .fields
                .get(open)
                .map(|field| self.grammar.kind(field.kind))
            {
                Some(Type::Map(map)) => self.content(map.value, false, Content::new(node)),
                _ => None,
            };
            if let Some(value) = value {
                open_entry(kind, object, open, entry(&key, key_span, value, comments));
            }
            return;
        }
        let Some(position) = self.node_position(kind, object, owner, &node) else {
            // `bind:x` is there to be read as `bind`, so nothing is missing.
            object.lost |= node.name.contains(':');
            return;
        };
        let Some(field) = kind.fields.get(position) else {
            return;
        };
        let comments = node.comments.take();
        let content = Content::new(node);
        match (self.grammar.kind(field.kind), field.node.is_some()) {
            (Type::Map(map), true) => {
                self.map_entry(map, field, position, object, content, comments)
            }
            (Type::List(list), true) => {
                self.list_item(list.item, field, position, object, content, comments);
            }
            (Type::List(_), false) if object.is_node_again(position) => {
                self.scalars(content)
                    .into_iter()
                    .for_each(|item| object.append(position, item));
                object.comment(position, comments);
            }
            _ => {
                let (name_span, span) = (content.name_span, content.span);
                match self.content(field.kind, field.nullable, content) {
                    Some(value) => {
                        object.push(position, entry(&field.key, name_span, value, comments))
                    }
                    None => self.lost(object, span),
                }
            }
        }
    }

    /// The field a node is for: by its name, or by the name that was surely meant.
    fn node_position(
        &mut self,
        kind: &ObjectType,
        object: &Slots,
        owner: &str,
        node: &KdlNode<'_>,
    ) -> Option<usize> {
        if let Some(position) = kind.node_position(&node.name) {
            return Some(position);
        }
        if self.found.is_full() {
            self.found.count();
            return None;
        }
        let found = unknown_key::node(
            self.grammar,
            kind,
            owner,
            &node.name,
            node.name_span,
            !node.arguments.is_empty(),
        );
        let meant = found.meant.filter(|position| {
            let repeated = kind
                .fields
                .get(*position)
                .is_some_and(|field| field.node.is_some());
            repeated || !object.has(*position)
        });
        self.found.push(found.finding(meant.is_some()));
        meant
    }

    /// `route "hello" { … }`: the first argument is the name, the rest the value.
    fn map_entry(
        &mut self,
        map: &MapType,
        field: &Field,
        position: usize,
        object: &mut Slots,
        mut content: Content<'_>,
        comments: Option<Box<Comments>>,
    ) {
        if content.arguments.is_empty() {
            self.found
                .push(missing_key::name(content.name_span, &content.word, map));
            return;
        }
        let first = content.arguments.remove(0);
        if let Some(annotation) = &first.annotation {
            self.found.push(unknown_annotation::on_name(
                annotation.span,
                &annotation.name,
            ));
        }
        let (name_span, span) = (content.name_span, content.span);
        let key = words(&first.value);
        content.word = format!("{} {key:?}", content.word);
        let Some(value) = self.content(map.value, false, content) else {
            return;
        };
        let container = object.container(position, || Entry {
            key: field.key.clone(),
            key_span: name_span,
            node: Node {
                value: Value::Object(Object::default()),
                span,
            },
            comments: None,
        });
        if let Some(Value::Object(entries)) = container {
            entries
                .entries
                .push(entry(&key, first.span, value, comments));
        }
    }

    /// `match "GET" "/x"`: each node is an item.
    fn list_item(
        &mut self,
        item: TypeId,
        field: &Field,
        position: usize,
        object: &mut Slots,
        content: Content<'_>,
        comments: Option<Box<Comments>>,
    ) {
        let (name_span, span) = (content.name_span, content.span);
        let mut items = match self.grammar.kind(item) {
            Type::Scalar(_) => self.scalars(content),
            _ => self.content(item, false, content).into_iter().collect(),
        };
        let over = comments.and_then(|comments| give_to_first(&mut items, comments));
        let container = object.container(position, || Entry {
            key: field.key.clone(),
            key_span: name_span,
            node: Node {
                value: Value::Array(Vec::new()),
                span,
            },
            comments: over,
        });
        if let Some(Value::Array(list)) = container {
            list.append(&mut items);
        }
    }

    /// A node's arguments, properties and block as one value of a type.
    fn content(&mut self, id: TypeId, nullable: bool, content: Content<'_>) -> Option<Node> {
        match self.grammar.kind(id) {
            Type::Object(_) | Type::Map(_) if nullable && content.is_null() => Some(Node {
                value: Value::Null,
                span: content.span,
            }),
            Type::Object(kind) => Some(self.object(kind, content)),
            Type::Map(map) => Some(self.names(map, content)),
            Type::List(_) => {
                let span = content.values_span();
                Some(Node {
                    value: Value::Array(self.scalars(content)),
                    span,
                })
            }
            Type::Scalar(scalar) => self.scalar(scalar.kind == Some(ScalarKind::Boolean), content),
        }
    }

    fn object(&mut self, kind: &'g ObjectType, content: Content<'_>) -> Node {
        let mut object = Slots::default();
        let Content {
            arguments,
            mut properties,
            children,
            word,
            span,
            ..
        } = content;
        let (arguments, colons) = habits::with_colons(self.grammar, kind, arguments);
        for colon in colons {
            self.found.push(colon.finding(&word));
            properties.push(colon.property);
        }
        self.arguments(kind, &mut object, &word, span, arguments);
        for property in properties {
            self.property(kind, &mut object, &word, property);
        }
        if let Some(children) = children {
            for node in children.nodes {
                self.child(kind, &mut object, &word, node);
            }
            keep_comments(&mut object.entries, children.trailing_comments);
        }
        if object.lost {
            self.broken.insert(span);
        }
        Node {
            value: Value::Object(Object {
                entries: object.entries,
            }),
            span,
        }
    }

    /// Positional arguments fill the fields their number stands for.
    fn arguments(
        &mut self,
        kind: &ObjectType,
        object: &mut Slots,
        word: &str,
        span: Span,
        mut arguments: Vec<Argument<'_>>,
    ) {
        if arguments.is_empty() {
            return;
        }
        let quotes = arguments.iter();
        let quotes = quotes.filter_map(|one| habits::single_quote(&one.value, one.span));
        self.found.extend(quotes.map(wrong_type::single_quote));
        let fallback = || {
            kind.arguments
                .iter()
                .filter(|s| s.len() <= arguments.len())
                .max_by_key(|s| s.len())
        };
        let texts: Vec<Option<&str>> = arguments
            .iter()
            .map(|argument| match (&argument.value, &argument.annotation) {
                (Scalar::String(text), None) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        let signature = self
            .grammar
            .signature(kind, &texts)
            .or_else(|| fallback().map(Vec::as_slice));
        let signature = signature
            .or_else(|| kind.arguments.first().map(Vec::as_slice))
            .unwrap_or(&[]);
        if habits::are_swapped(self.grammar, kind, signature, &arguments) {
            self.found.push(wrong_type::swapped(word, &arguments));
            arguments.reverse();
        }
        let rest = signature.last().filter(|last| last.rest);
        for (index, argument) in arguments.into_iter().enumerate() {
            let Some(target) = signature.get(index).or(rest) else {
                self.found.push(extra_argument::argument(
                    self.grammar,
                    kind,
                    word,
                    &words(&argument.value),
                    argument.span,
                ));
                self.broken.insert(span);
                return;
            };
            let Some(field) = kind.fields.get(target.field) else {
                continue;
            };
            let value = value(argument.value, argument.span, argument.annotation);
            if rest.is_some() && index >= signature.len() {
                object.append(target.field, value);
            } else {
                let key_span = value.span;
                let value = self.listed(field, value);
                object.push(target.field, entry(&field.key, key_span, value, None));
            }
        }
    }

    fn property(
        &mut self,
        kind: &ObjectType,
        object: &mut Slots,
        word: &str,
        property: Property<'_>,
    ) {
        let known = kind.position(&property.key).filter(|position| {
            kind.fields
                .get(*position)
                .is_some_and(|field| self.grammar.is_inline(field))
        });
        if let (Some(open), None) = (kind.open, known) {
            let given = value(property.value, property.value_span, property.annotation);
            let given = entry(&property.key, property.key_span, given, None);
            open_entry(kind, object, open, given);
            return;
        }
        let position = known.or_else(|| {
            if self.found.is_full() {
                self.found.count();
                return None;
            }
            let found =
                unknown_key::property(self.grammar, kind, word, &property.key, property.key_span);
            let meant = found.meant.filter(|position| !object.has(*position));
            self.found.push(found.finding(meant.is_some()));
            meant
        });
        let Some((position, field)) = position.and_then(|at| Some((at, kind.fields.get(at)?)))
        else {
            return;
        };
        let quote = habits::single_quote(&property.value, property.value_span);
        self.found.extend(quote.map(wrong_type::single_quote));
        let value = value(property.value, property.value_span, property.annotation);
        let value = self.listed(field, value);
        object.push(position, entry(&field.key, property.key_span, value, None));
    }

    /// One value where a list is expected is a list of one.
    fn listed(&self, field: &Field, value: Node) -> Node {
        match self.grammar.kind(field.kind) {
            Type::List(_) if value.value != Value::Null => Node {
                span: value.span,
                value: Value::Array(vec![value]),
            },
            _ => value,
        }
    }

    /// A map whose names are nodes of their own.
    fn names(&mut self, map: &MapType, content: Content<'_>) -> Node {
        let span = content.span;
        let word = content.word.clone();
        for argument in &content.arguments {
            self.found.push(extra_argument::value(&word, argument.span));
        }
        let mut object = Object::default();
        for property in content.properties {
            let value = value(property.value, property.value_span, property.annotation);
            object
                .entries
                .push(entry(&property.key, property.key_span, value, None));
        }
        for mut node in content
            .children
            .into_iter()
            .flat_map(|children| children.nodes)
        {
            let (key, key_span, comments) =
                (node.name.to_string(), node.name_span, node.comments.take());
            if let Some(value) = self.content(map.value, false, Content::new(node)) {
                object.entries.push(entry(&key, key_span, value, comments));
            }
        }
        Node {
            value: Value::Object(object),
            span,
        }
    }

    /// Every argument as a value, for a list.
    fn scalars(&mut self, content: Content<'_>) -> Vec<Node> {
        self.only_arguments(&content);
        let values = content.arguments.into_iter();
        values
            .map(|argument| value(argument.value, argument.span, argument.annotation))
            .collect()
    }

    /// The one argument as a value; a boolean needs none.
    fn scalar(&mut self, is_boolean: bool, content: Content<'_>) -> Option<Node> {
        self.only_arguments(&content);
        let mut arguments = content.arguments.into_iter();
        let first = arguments.next();
        if let Some(extra) = arguments.next() {
            self.found
                .push(extra_argument::value(&content.word, extra.span));
        }
        match first {
            Some(argument) => Some(value(argument.value, argument.span, argument.annotation)),
            None if is_boolean => Some(Node {
                value: Value::Bool(true),
                span: content.name_span,
            }),
            None => {
                self.found
                    .push(missing_key::value(content.name_span, &content.word));
                None
            }
        }
    }

    /// Reports properties and a block on a node that takes plain values.
    fn only_arguments(&mut self, content: &Content<'_>) {
        for property in &content.properties {
            self.found.push(unknown_key::takes_values(
                &content.word,
                &property.key,
                property.key_span,
            ));
        }
        if let Some(node) = content
            .children
            .as_ref()
            .and_then(|children| children.nodes.first())
        {
            self.found.push(unknown_key::takes_values(
                &content.word,
                &node.name,
                node.name_span,
            ));
        }
    }

    /// A part of the object is missing, and that was reported.
    fn lost(&mut self, object: &mut Slots, span: Span) {
        object.lost = true;
        self.broken.insert(span);
    }
}

/// Puts what an object has no key for into the map that takes all such.
fn open_entry(kind: &ObjectType, object: &mut Slots, open: usize, given: Entry) {
    let key = kind.fields.get(open).map(|field| field.key.clone());
    let container = object.container(open, || Entry {
        key: key.unwrap_or_default(),
        key_span: given.key_span,
        node: Node {
            value: Value::Object(Object::default()),
            span: given.node.span,
        },
        comments: None,
    });
    if let Some(Value::Object(entries)) = container {
        entries.entries.push(given);
    }
}
