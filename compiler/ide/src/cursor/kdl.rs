//! The mark in a KDL tree.

use gatec_compiler::load::Format;
use gatec_compiler::shape::Grammar;
use gatec_compiler::shape::grammar::{Field, MapType, ObjectType, Type, TypeId};
use gatec_syntax::SourceId;
use gatec_syntax::kdl::{self, Argument, KdlNode, Scalar};

use super::{MARK, Quote, Slot, before_mark, is_open};

/// Finds what is typed at a cursor, with its line before and after it.
pub(super) fn slot(text: &str, offset: usize, before: &str, after: &str) -> Option<Slot> {
    // A quote that is still open would take the rest of the text with it.
    let close = match is_open(before) && is_open(&format!("{before}{after}")) {
        true => "\"",
        false => "",
    };
    let (head, tail) = (text.get(..offset)?, text.get(offset..)?);
    // Two strings that meet are no KDL: the one behind is pushed away.
    let gap = match tail.starts_with(['"', '#']) && !is_open(before) {
        true => " ",
        false => "",
    };
    let marked = format!("{head}{MARK}{close}{gap}{tail}");
    let (tree, _) = kdl::parse(SourceId(0), &marked);
    let grammar = Grammar::get();
    let search = Search {
        grammar,
        text: &marked,
        at: offset,
    };
    search.block(&tree.nodes, grammar.root(), Vec::new())
}

struct Search<'t> {
    grammar: &'static Grammar,
    text: &'t str,
    at: usize,
}

impl Search<'_> {
    fn block(&self, nodes: &[KdlNode<'_>], object: TypeId, path: Vec<String>) -> Option<Slot> {
        let kind = self.grammar.object(object)?;
        let node = nodes.iter().find(|node| self.has_mark(node))?;
        if node.name.contains(MARK) {
            let others = nodes.iter().filter(|other| !std::ptr::eq(*other, node));
            return Some(Slot::Key {
                object,
                given: others.map(|other| other.name.to_string()).collect(),
                path,
            });
        }
        let field = kind.fields.get(kind.node_position(&node.name)?)?;
        self.node(node, field, path)
    }

    fn has_mark(&self, node: &KdlNode<'_>) -> bool {
        let annotation = node.annotation.as_ref();
        let start = annotation.map_or(node.name_span.start, |one| one.span.start) as usize;
        let end = node.span.end.max(node.name_span.end) as usize;
        (start..end).contains(&self.at)
    }

    fn node(
        &self,
        node: &KdlNode<'_>,
        field: &'static Field,
        mut path: Vec<String>,
    ) -> Option<Slot> {
        path.push(field.key.clone());
        let named = field.node.is_some();
        match self.grammar.kind(field.kind) {
            Type::Map(map) if named => {
                let (first, rest) = node.arguments.split_first()?;
                if text(first).is_some_and(|text| text.contains(MARK)) {
                    return Some(Slot::Name { path });
                }
                path.push(text(first).unwrap_or_default().to_owned());
                self.content(node, rest, map.value, None, path)
            }
            Type::List(list) if named => {
                self.content(node, &node.arguments, list.item, Some(field), path)
            }
            _ => self.content(node, &node.arguments, field.kind, Some(field), path),
        }
    }

    fn content(
        &self,
        node: &KdlNode<'_>,
        arguments: &[Argument<'_>],
        kind: TypeId,
        field: Option<&'static Field>,
        path: Vec<String>,
    ) -> Option<Slot> {
        if self.annotated(node) {
            return Some(Slot::Annotation);
        }
        match self.grammar.kind(kind) {
            Type::Object(object) => self.object(node, arguments, kind, object, path),
            Type::Map(map) => self.free(node, map, path),
            Type::List(list) => self.scalar(arguments, list.item, field, path),
            Type::Scalar(_) => self.scalar(arguments, kind, field, path),
        }
    }

    fn annotated(&self, node: &KdlNode<'_>) -> bool {
        let of_arguments = node.arguments.iter().map(|one| &one.annotation);
        let of_properties = node.properties.iter().map(|one| &one.annotation);
        of_arguments
            .chain(of_properties)
            .flatten()
            .any(|annotation| annotation.name.contains(MARK))
    }

    fn object(
        &self,
        node: &KdlNode<'_>,
        arguments: &[Argument<'_>],
        kind: TypeId,
        object: &'static ObjectType,
        path: Vec<String>,
    ) -> Option<Slot> {
        let given = || self.given(node, arguments, object);
        for (number, argument) in arguments.iter().enumerate() {
            let Some(before) = text(argument).and_then(before_mark) else {
                continue;
            };
            return Some(Slot::Entry {
                object: kind,
                fields: candidates(object, number, arguments.len()),
                given: given(),
                quote: self.quote(argument.span.start),
                path,
                before,
            });
        }
        for property in &node.properties {
            if let Some(before) = before_mark(&property.key) {
                return Some(Slot::Entry {
                    object: kind,
                    fields: Vec::new(),
                    given: given(),
                    quote: Quote::Bare,
                    path,
                    before,
                });
            }
            if let Scalar::String(value) = &property.value
                && let Some(before) = before_mark(value)
            {
                let field = object.key(&property.key)?;
                return Some(self.value(
                    field.kind,
                    Some(field),
                    path,
                    &property.key,
                    before,
                    property.value_span.start,
                ));
            }
        }
        let children = node.children.as_ref()?;
        match self.block(&children.nodes, kind, path)? {
            Slot::Key {
                object: block,
                given: mut there,
                path,
            } if block == kind => {
                there.extend(given());
                Some(Slot::Key {
                    object: block,
                    given: there,
                    path,
                })
            }
            other => Some(other),
        }
    }

    /// The keys that a node's line gives already: as properties, or by their position.
    fn given(
        &self,
        node: &KdlNode<'_>,
        arguments: &[Argument<'_>],
        object: &'static ObjectType,
    ) -> Vec<String> {
        let unmarked = |text: &&str| !text.contains(MARK);
        let texts: Vec<Option<&str>> = arguments
            .iter()
            .map(text)
            .filter(|text| text.is_none_or(|text| unmarked(&text)))
            .collect();
        let row = self.grammar.signature(object, &texts).unwrap_or(&[]);
        let filled = row
            .iter()
            .filter_map(|argument| object.fields.get(argument.field));
        let filled = filled
            .filter(|_| !texts.is_empty())
            .map(|field| field.key.clone());
        let written = node
            .properties
            .iter()
            .map(|property| property.key.to_string());
        filled
            .chain(written.filter(|key| !key.contains(MARK)))
            .collect()
    }

    fn value(
        &self,
        kind: TypeId,
        field: Option<&'static Field>,
        mut path: Vec<String>,
        key: &str,
        before: String,
        start: u32,
    ) -> Slot {
        let kind = match self.grammar.kind(kind) {
            Type::List(list) => list.item,
            _ => kind,
        };
        path.push(key.to_owned());
        Slot::Value {
            kind,
            field,
            path,
            before,
            quote: self.quote(start),
        }
    }

    /// A map whose names are properties or nodes.
    fn free(&self, node: &KdlNode<'_>, map: &'static MapType, path: Vec<String>) -> Option<Slot> {
        for property in &node.properties {
            if property.key.contains(MARK) {
                return Some(Slot::Name { path });
            }
            if let Scalar::String(value) = &property.value
                && let Some(before) = before_mark(value)
            {
                let start = property.value_span.start;
                return Some(self.value(map.value, None, path, &property.key, before, start));
            }
        }
        let nodes = &node.children.as_ref()?.nodes;
        let node = nodes.iter().find(|node| self.has_mark(node))?;
        if node.name.contains(MARK) {
            return Some(Slot::Name { path });
        }
        let mut path = path;
        path.push(node.name.to_string());
        self.content(node, &node.arguments, map.value, None, path)
    }

    fn scalar(
        &self,
        arguments: &[Argument<'_>],
        kind: TypeId,
        field: Option<&'static Field>,
        path: Vec<String>,
    ) -> Option<Slot> {
        let found = arguments.iter().find_map(|argument| {
            let before = text(argument).and_then(before_mark)?;
            Some((before, self.quote(argument.span.start)))
        });
        found.map(|(before, quote)| Slot::Value {
            kind,
            field,
            path,
            before,
            quote,
        })
    }

    fn quote(&self, start: u32) -> Quote {
        let written = self.text.get(start as usize..).unwrap_or("");
        Quote::of(written, Format::Kdl)
    }
}

fn text<'a>(argument: &'a Argument<'_>) -> Option<&'a str> {
    match &argument.value {
        Scalar::String(text) => Some(text),
        _ => None,
    }
}

/// What an argument may fill, by its number: of every form that has room for it, those first that have
/// as many arguments as there are.
fn candidates(object: &'static ObjectType, number: usize, count: usize) -> Vec<&'static Field> {
    let mut rows: Vec<_> = object.arguments.iter().collect();
    rows.sort_by_key(|row| row.len().abs_diff(count));
    let mut fields: Vec<&'static Field> = Vec::new();
    for row in rows {
        let argument = row
            .get(number)
            .or_else(|| row.last().filter(|last| last.rest));
        let field = argument.and_then(|argument| object.fields.get(argument.field));
        if let Some(field) = field
            && !fields.iter().any(|known| std::ptr::eq(*known, field))
        {
            fields.push(field);
        }
    }
    fields
}
