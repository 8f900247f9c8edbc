//! Keys, nodes and properties.

use gatec_compiler::load::Format;
use gatec_compiler::shape::grammar::{Field, Type, TypeId};

use super::snippet::Writer;
use super::{Asked, Item, Kind};
use crate::hover;
use crate::names::CLAIMS;

impl Asked<'_> {
    /// The nodes of a block, or the keys of an object.
    pub(super) fn keys(&self, object: TypeId, given: &[String], path: &[String]) -> Vec<Item> {
        let Some(kind) = self.grammar.object(object) else {
            return Vec::new();
        };
        let name = |field: &Field| match self.format {
            Format::Kdl => field.kdl_name().to_owned(),
            Format::Yaml => field.key.clone(),
        };
        let again = |field: &Field| self.format == Format::Kdl && self.repeats(field);
        let fields = kind
            .fields
            .iter()
            .filter(|field| again(field) || !given.contains(&name(field)));
        // Of the four things that a route can do with a request only one is written.
        let acts = ["respond", "proxy", "files", "redirect"];
        let is_route =
            path.len() >= 2 && path.iter().rev().nth(1).is_some_and(|key| key == "routes");
        let acted = is_route && given.iter().any(|key| acts.contains(&key.as_str()));
        fields
            .filter(|field| !(acted && acts.contains(&field.key.as_str())))
            .map(|field| {
                let mut writer = Writer::new(self.format);
                writer.field(field);
                let rank = match (
                    field.required,
                    acts.contains(&field.key.as_str()) && is_route,
                ) {
                    (true, _) => 0,
                    (_, true) => 1,
                    _ => 3,
                };
                let holds = self.grammar.scalar(field.kind).is_none();
                Item {
                    snippet: match self.next {
                        // Only the name is mended.
                        Some('"' | ':' | '=') => name(field),
                        _ if self.layout.flow => format!("{}: $0", name(field)),
                        _ => self.laid_out(&writer.finish()),
                    },
                    detail: hover::type_words(field, self.format),
                    documentation: hover::field(field, self.format),
                    rank,
                    more: !holds,
                    ..self.item(name(field), if holds { Kind::Node } else { Kind::Property })
                }
            })
            .collect()
    }

    /// A snippet whose lines stand as deep as its first.
    fn laid_out(&self, snippet: &str) -> String {
        let deeper = format!("\n{}", " ".repeat(self.layout.behind));
        snippet.replace('\n', &deeper)
    }

    fn repeats(&self, field: &Field) -> bool {
        field.node.is_some()
            && matches!(self.grammar.kind(field.kind), Type::Map(_) | Type::List(_))
    }

    /// The properties that can still be written on a node's line.
    pub(super) fn properties(&self, object: TypeId, given: &[String]) -> Vec<Item> {
        let Some(kind) = self.grammar.object(object) else {
            return Vec::new();
        };
        let fields = kind
            .fields
            .iter()
            .filter(|field| self.grammar.is_inline(field) && !given.contains(&field.key));
        fields
            .map(|field| {
                let mut writer = Writer::new(self.format);
                writer.property(field);
                Item {
                    snippet: match self.next {
                        Some('=') => field.key.clone(),
                        _ => writer.finish(),
                    },
                    detail: hover::type_words(field, self.format),
                    documentation: hover::field(field, self.format),
                    rank: if field.required { 1 } else { 4 },
                    more: true,
                    ..self.item(field.key.clone(), Kind::Property)
                }
            })
            .collect()
    }

    /// The claims that a test can give who is asking.
    pub(super) fn given_claims(&self, given: &[String]) -> Vec<Item> {
        let claims = self.around.names(CLAIMS).into_iter();
        claims
            .filter(|claim| !given.contains(claim))
            .map(|claim| Item {
                snippet: match self.next {
                    Some('=') => super::escaped(&claim),
                    _ => format!("{}=", super::escaped(&claim)),
                },
                detail: "claim".to_owned(),
                rank: 1,
                ..self.item(claim, Kind::Property)
            })
            .collect()
    }

    /// Names for a new entry of a map: what a profile can lay something over, headers, statuses.
    pub(super) fn new_names(&self, path: &[String]) -> Vec<Item> {
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        let known: Vec<String> = match keys.as_slice() {
            ["profiles", _, section] => self.around.names(section),
            [.., "as", "claims"] => self.around.names(CLAIMS),
            ["error-pages"] => ["404", "4xx", "500", "502", "503", "504", "5xx"]
                .map(str::to_owned)
                .into(),
            _ => self.names_by_format(&keys),
        };
        known
            .into_iter()
            .map(|name| self.item(name, Kind::Name))
            .collect()
    }

    fn names_by_format(&self, path: &[&str]) -> Vec<String> {
        let Some((kind, _)) = self.grammar.at(path.iter().copied()) else {
            return Vec::new();
        };
        match self.grammar.kind(kind) {
            Type::Map(map) if map.names.is_some_and(|format| format.name == "header-name") => {
                super::values::HEADERS
                    .iter()
                    .map(|name| (*name).to_owned())
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}
