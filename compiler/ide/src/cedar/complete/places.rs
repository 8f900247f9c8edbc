//! The places where code stands: which of them a cursor is at, and what is offered there.

use super::{Asked, Item, Kind, depth, escaped, part_of_head};
use gatec_compiler::policy::names::{ACTION, ROLE, ROUTE};

impl Asked<'_, '_> {
    pub(super) fn in_code(&self) -> Vec<Item> {
        match self.words {
            [owned @ .., dot] if dot.text == "." => return self.behind_dot(owned),
            [.., kind, colons] if colons.text == "::" => return self.behind_colons(kind.text),
            [owned @ .., has] if has.text == "has" => return self.attributes(owned, true),
            [.., at] if at.text == "@" => {
                return vec![Item {
                    snippet: "id(\"$1\")".to_owned(),
                    ..self.item("id", Kind::Keyword)
                }];
            }
            [.., who, is] if is.text == "is" => return self.types(Some(who.text)),
            _ => {}
        }
        if let Some(part) = part_of_head(self.words) {
            return self.in_head(part);
        }
        let headed = self.words.iter().any(super::is_effect);
        // A condition of a spec has neither head nor braces, but words.
        let is_condition = !headed && self.words.first().is_some_and(|word| word.text != "@");
        match (headed, depth(self.words)) {
            (false, _) if !is_condition => self.beginnings(),
            (true, 0) => self.clauses(),
            _ => self.expressions(),
        }
    }

    fn beginnings(&self) -> Vec<Item> {
        let mut items = self.keywords(&["permit", "forbid"]);
        for effect in ["permit", "forbid"] {
            items.push(self.whole(effect));
        }
        items.push(Item {
            snippet: "@id(\"$1\")".to_owned(),
            ..self.item("@id", Kind::Keyword)
        });
        items
    }

    /// A whole policy.
    fn whole(&self, effect: &str) -> Item {
        let world = self.about.world();
        let kind = world.principals.values().next();
        let kind = kind.map_or("Type", |principal| principal.kind.as_str());
        let route = world.actions.keys().next().map_or("route", String::as_str);
        let route = escaped(&route.escape_debug().to_string());
        Item {
            snippet: format!(
                "{effect} (principal is ${{1:{kind}}}, action == {ACTION}::\"${{2:{route}}}\", resource)\nwhen {{ $0 }};"
            ),
            detail: "a policy".to_owned(),
            rank: 0,
            ..self.item(format!("{effect} …"), Kind::Node)
        }
    }

    fn clauses(&self) -> Vec<Item> {
        let clause = |word: &str| Item {
            snippet: format!("{word} {{ $1 }}"),
            rank: 0,
            ..self.item(word, Kind::Keyword)
        };
        vec![clause("when"), clause("unless")]
    }

    fn in_head(&self, part: usize) -> Vec<Item> {
        let last = self.words.last().map_or("", |word| word.text);
        let name = ["principal", "action", "resource"].get(part);
        let begins = matches!(last, "(" | ",") && super::depth(self.words) == 1;
        match (name, last) {
            (Some(name), _) if begins => vec![Item {
                rank: 0,
                ..self.item(*name, Kind::Source)
            }],
            (Some(&"principal"), "principal") => self.keywords(&["is", "in", "=="]),
            (Some(&"action"), "action") => self.keywords(&["==", "in"]),
            (Some(&"resource"), "resource") => self.keywords(&["is", "=="]),
            (Some(&"principal"), "in") => self.entities(ROLE),
            (Some(&"principal"), _) => self.types(Some("principal")),
            (Some(&"action"), _) => self.entities(ACTION),
            (Some(&"resource"), _) => self.types(Some("resource")),
            _ => Vec::new(),
        }
    }

    fn behind_colons(&self, kind: &str) -> Vec<Item> {
        match kind {
            ROUTE => self.resources(false),
            _ => self.ids(kind, true),
        }
    }

    /// `Action::"…"`, whole.
    fn entities(&self, kind: &str) -> Vec<Item> {
        let ids = self.ids(kind, true).into_iter();
        let whole = ids.map(|item| Item {
            label: format!("{kind}::\"{}\"", item.label),
            snippet: format!("{kind}::{}", item.snippet),
            ..item
        });
        whole.collect()
    }

    /// The types that can stand behind `is`.
    fn types(&self, who: Option<&str>) -> Vec<Item> {
        let mut items = Vec::new();
        if who != Some("resource") {
            let world = self.about.world();
            let of_scope = self
                .scope
                .identities
                .iter()
                .filter_map(|name| Some((name, world.principals.get(*name)?)));
            items.extend(of_scope.map(|(name, principal)| Item {
                detail: format!("identity {name}"),
                rank: 0,
                ..self.item(&*principal.kind, Kind::Type)
            }));
        }
        if who != Some("principal") {
            items.extend(self.resources(true));
        }
        items
    }

    fn resources(&self, whole: bool) -> Vec<Item> {
        let world = self.about.world();
        let of_scope = self
            .scope
            .routes
            .iter()
            .filter_map(|name| Some((name, world.actions.get(*name)?)));
        of_scope
            .map(|(name, action)| {
                let bare = action.resource.trim_start_matches("Route::");
                let label = if whole { &action.resource } else { bare };
                Item {
                    detail: format!("route {name}"),
                    rank: 0,
                    ..self.item(label, Kind::Type)
                }
            })
            .collect()
    }

    fn expressions(&self) -> Vec<Item> {
        let mut items = Vec::new();
        for name in ["principal", "resource", "context", "action"] {
            items.push(Item {
                rank: 1,
                ..self.item(name, Kind::Source)
            });
        }
        items.extend(self.keywords(&[
            "has", "like", "in", "is", "if", "then", "else", "true", "false",
        ]));
        for function in ["ip", "decimal", "datetime", "duration"] {
            items.push(Item {
                snippet: format!("{function}(\"$1\")"),
                rank: 4,
                ..self.item(function, Kind::Filter)
            });
        }
        items.extend([ROLE, ACTION].map(|kind| Item {
            snippet: format!("{kind}::"),
            more: true,
            rank: 4,
            ..self.item(kind, Kind::Type)
        }));
        items
    }
}
