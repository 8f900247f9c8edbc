//! What can be written at a cursor in Cedar.
//!
//! Only the words before the cursor are looked at: whatever stands behind it may be as broken as it
//! likes, an open quote included.

use gatec_compiler::policy::names::{ACTION, ROLE};
use gatec_compiler::policy::text::{TokenKind, tokens};
use gatec_schema::value::METHODS;

use super::about::About;
use super::members::{Owner, members, methods, owner, type_words};
use super::scope::{Scope, scope};
use super::words::{Word, head, is_effect, is_plain, policies, words};
use crate::Bytes;
use crate::complete::{Item, Kind, escaped};

mod places;

/// What can be written at an offset of a Cedar text, the likeliest first.
pub fn complete(about: &About<'_>, text: &str, offset: usize) -> Vec<Item> {
    let offset = text.floor_char_boundary(offset.min(text.len()));
    let before = text.get(..offset).unwrap_or_default();
    let last = tokens(before).into_iter().next_back();
    let last_ends = last.as_ref().is_some_and(|token| token.range.end == offset);
    if last_ends && last.is_some_and(|token| token.kind == TokenKind::Comment) {
        return Vec::new();
    }
    let words = words(before);
    let ended = words.last().is_none_or(|word| word.text == ";");
    let policy = match ended {
        true => &[],
        false => policies(&words).last().unwrap_or_default(),
    };
    let (done, typed) = typed(policy, before);
    let asked = Asked {
        about,
        scope: scope(about.world(), done),
        words: done,
        replace: replaced(text, offset, typed),
        closed: text.get(offset..).is_some_and(closes),
    };
    let mut items = match typed {
        Some(word) if word.kind == TokenKind::String => asked.in_string(),
        _ => asked.in_code(),
    };
    items.sort_by(|one, two| (one.rank, &one.label).cmp(&(two.rank, &two.label)));
    items.dedup_by(|one, two| one.label == two.label && one.kind == two.kind);
    items
}

/// The words before the one that is being typed, and that one: a name that the text ends with, or a
/// string that does not end.
fn typed<'w, 't>(policy: &'w [Word<'t>], before: &str) -> (&'w [Word<'t>], Option<&'w Word<'t>>) {
    match policy.split_last() {
        Some((last, done)) if last.kind == TokenKind::String && is_open(last.text) => {
            (done, Some(last))
        }
        Some((last, done)) if last.kind == TokenKind::Word && last.at.end == before.len() => {
            (done, Some(last))
        }
        _ => (policy, None),
    }
}

/// Whether a string does not end.
fn is_open(string: &str) -> bool {
    let mut escaped = false;
    let mut quotes = 0;
    for c in string.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quotes += 1,
            _ => {}
        }
    }
    quotes < 2
}

/// The bytes of what is typed: from the beginning of the word, or behind the quote, to the end of the
/// word around the cursor.
fn replaced(text: &str, offset: usize, typed: Option<&Word<'_>>) -> Bytes {
    let start = match typed {
        Some(word) if word.kind == TokenKind::String => word.at.start + 1,
        Some(word) => word.at.start,
        None => offset,
    };
    let in_string = typed.is_some_and(|word| word.kind == TokenKind::String);
    let goes_on = |c: char| c.is_alphanumeric() || c == '_' || (in_string && c == '-');
    let rest = text.get(offset..).unwrap_or_default();
    let length: usize = rest
        .chars()
        .take_while(|c| goes_on(*c))
        .map(char::len_utf8)
        .sum();
    start..offset + length
}

/// Whether a quote that is open at the cursor ends in its line, behind the word.
fn closes(rest: &str) -> bool {
    let line = rest.lines().next().unwrap_or_default();
    let word = line.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
    word.starts_with('"')
}

struct Asked<'a, 't> {
    about: &'a About<'a>,
    scope: Scope<'a>,
    /// The words of the policy before the one being typed.
    words: &'a [Word<'t>],
    replace: Bytes,
    /// Whether the quote around the cursor has its end already.
    closed: bool,
}

impl<'a> Asked<'a, '_> {
    fn item(&self, label: impl Into<String>, kind: Kind) -> Item {
        let label = label.into();
        Item {
            snippet: escaped(&label),
            label,
            kind,
            detail: String::new(),
            documentation: String::new(),
            replace: self.replace.clone(),
            rank: 5,
            more: false,
        }
    }

    /// A text within quotes, or with quotes of its own.
    fn quoted(&self, id: &str, kind: Kind, detail: &str, bare: bool) -> Item {
        let inside = escaped(&id.escape_debug().to_string());
        let snippet = match (bare, self.closed) {
            (true, _) => format!("\"{inside}\""),
            (false, true) => inside,
            (false, false) => format!("{inside}\""),
        };
        Item {
            snippet,
            detail: detail.to_owned(),
            rank: 0,
            ..self.item(id, kind)
        }
    }

    fn in_string(&self) -> Vec<Item> {
        match self.words {
            [.., kind, colons] if colons.text == "::" => self.ids(kind.text, false),
            [owned @ .., open] if open.text == "[" => self.attributes(owned, false),
            [owned @ .., has] if has.text == "has" => self.attributes(owned, false),
            [.., context, dot, method, one, two]
                if context.text == "context"
                    && dot.text == "."
                    && method.text == "method"
                    && matches!(one.text, "=" | "!")
                    && two.text == "=" =>
            {
                let methods = METHODS.iter();
                methods
                    .map(|method| self.quoted(method, Kind::Choice, "", false))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The ids of the entities of a type.
    fn ids(&self, kind: &str, bare: bool) -> Vec<Item> {
        match kind {
            ACTION => self.actions(bare),
            ROLE => {
                let roles = self.about.roles();
                let roles = roles.iter();
                roles
                    .map(|role| self.quoted(role, Kind::Name, "role", bare))
                    .collect()
            }
            _ => {
                let Some(rulebook) = self.about.rulebook() else {
                    return Vec::new();
                };
                let entities = rulebook.hierarchy.entities();
                let of_kind = entities.filter(|((own, _), _)| own == kind);
                of_kind
                    .map(|((_, id), _)| self.quoted(id, Kind::Name, kind, bare))
                    .collect()
            }
        }
    }

    fn actions(&self, bare: bool) -> Vec<Item> {
        let world = self.about.world();
        let routes = world.actions.iter().map(|(route, action)| {
            let by = action.identities.join(", ");
            let detail = match by.is_empty() {
                true => "route".to_owned(),
                false => format!("route for {by}"),
            };
            self.quoted(route, Kind::Name, &detail, bare)
        });
        let tags = self.about.tags().into_iter().map(|(tag, routes)| Item {
            rank: 1,
            ..self.quoted(
                tag,
                Kind::Name,
                &format!("tag of {}", routes.join(", ")),
                bare,
            )
        });
        routes.chain(tags).collect()
    }

    /// The attributes of what stands before a `.`, a `[` or `has`.
    fn attributes(&self, owned: &[Word<'_>], plain: bool) -> Vec<Item> {
        let Some(owner) = owner(owned) else {
            return Vec::new();
        };
        let members = members(self.about.world(), &self.scope, owner);
        let items = members.iter().filter_map(|member| {
            if plain && !is_plain(member.name) {
                return None;
            }
            let of = match owner {
                Owner::Principal => format!(" of {}", member.of.join(", ")),
                Owner::Resource => format!(" in the path of {}", member.of.join(", ")),
                _ => String::new(),
            };
            let may = if member.optional {
                ", may be missing"
            } else {
                ""
            };
            let detail = format!("{}{of}{may}", type_words(member.kind));
            Some(match plain {
                true => Item {
                    detail,
                    rank: 0,
                    ..self.item(member.name, Kind::Property)
                },
                false => self.quoted(member.name, Kind::Property, &detail, false),
            })
        });
        items.collect()
    }

    /// Behind a dot: attributes, or what can be called on one.
    fn behind_dot(&self, owned: &[Word<'_>]) -> Vec<Item> {
        if owner(owned).is_some() {
            let mut items = self.attributes(owned, true);
            items.extend(self.indexed(owned));
            return items;
        }
        let [above @ .., dot, last] = owned else {
            return Vec::new();
        };
        let of = owner(above).filter(|_| dot.text == ".");
        let known = of.and_then(|owner| {
            let members = members(self.about.world(), &self.scope, owner);
            let found = members.iter().find(|member| member.name == last.text)?;
            found.kind
        });
        let known = known.map_or(&[][..], methods);
        known
            .iter()
            .map(|name| Item {
                snippet: format!("{name}($1)"),
                ..self.item(*name, Kind::Filter)
            })
            .collect()
    }

    /// Attributes whose names need quotes: the dot before them goes.
    fn indexed(&self, owned: &[Word<'_>]) -> Vec<Item> {
        let Some(owner) = owner(owned) else {
            return Vec::new();
        };
        let Some(dot) = self.words.last() else {
            return Vec::new();
        };
        let members = members(self.about.world(), &self.scope, owner);
        let odd = members.iter().filter(|member| !is_plain(member.name));
        odd.map(|member| Item {
            snippet: escaped(&format!("[\"{}\"]", member.name)),
            detail: type_words(member.kind).to_owned(),
            replace: dot.at.start..self.replace.end,
            rank: 1,
            ..self.item(member.name, Kind::Property)
        })
        .collect()
    }

    fn keywords(&self, words: &[&str]) -> Vec<Item> {
        words
            .iter()
            .map(|word| Item {
                rank: 3,
                ..self.item(*word, Kind::Keyword)
            })
            .collect()
    }
}

/// How many brackets are open at the end of some words.
fn depth(words: &[Word<'_>]) -> usize {
    words.iter().fold(0, |depth: usize, word| match word.text {
        "(" | "{" | "[" => depth + 1,
        ")" | "}" | "]" => depth.saturating_sub(1),
        _ => depth,
    })
}

/// Whether the head of a policy is still open at the end of its words, and in which of its parts one is.
fn part_of_head(words: &[Word<'_>]) -> Option<usize> {
    let effect = words.iter().position(is_effect)?;
    let behind = words.get(effect + 1..)?;
    let open = behind.first().is_some_and(|word| word.text == "(");
    if !open || depth(behind) == 0 || behind.iter().any(|word| word.text == "{") {
        return None;
    }
    let mut depth = 0_usize;
    let commas = head(words).iter().filter(|word| {
        match word.text {
            "[" | "(" => depth += 1,
            "]" | ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && word.text == ","
    });
    Some(commas.count())
}

#[cfg(test)]
mod tests;
