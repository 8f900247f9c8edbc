//! The names in Cedar that a spec declares: routes and tags, identities, claims, path parameters, headers
//! and query parameters; and the ids of policies, which links name.

use gatec_compiler::policy::World;
use gatec_compiler::policy::names::{ACTION, ROLE, ROUTE, resource_type, type_name};

use super::about::About;
use super::members::{Owner, members, owner};
use super::scope::scope;
use super::text::CedarText;
use super::words::{Word, policies, words};
use crate::Bytes;
use crate::names::{
    CLAIMS, Form, HEADERS, IDENTITIES, Key, Name, PARAMETERS, POLICY_IDS, QUERY, ROLES, ROUTES,
    Role, TAGS,
};

/// Every name in a Cedar text, at its place in the source.
pub fn names(about: &About<'_>, text: &CedarText) -> Vec<Name> {
    let mut found = within(about, text.text());
    found.retain_mut(|name| match text.range(&name.at) {
        Some(at) => {
            name.at = at;
            true
        }
        None => false,
    });
    found
}

/// Every name in a Cedar text, in its own bytes.
pub(crate) fn within(about: &About<'_>, text: &str) -> Vec<Name> {
    let words = words(text);
    let mut gathered = Gathered {
        about,
        found: Vec::new(),
    };
    for policy in policies(&words) {
        for at in 0..policy.len() {
            gathered.word(policy, at);
        }
    }
    gathered.found
}

struct Gathered<'a> {
    about: &'a About<'a>,
    found: Vec<Name>,
}

impl Gathered<'_> {
    fn add(&mut self, section: &str, scope: &str, name: &str, at: &Bytes, form: Form) {
        let role = match section {
            POLICY_IDS => Role::Declaration,
            _ => Role::Use,
        };
        let key = Key {
            section: section.to_owned(),
            scope: scope.to_owned(),
            name: name.to_owned(),
        };
        self.found.push(Name {
            key,
            at: at.clone(),
            role,
            form,
        });
    }

    fn word(&mut self, policy: &[Word<'_>], at: usize) {
        let (Some(word), Some(before)) = (policy.get(at), policy.get(..at)) else {
            return;
        };
        match (before, word.string()) {
            ([.., kind, colons], Some(id)) if colons.text == "::" => {
                return self.entity(kind.text, id, word);
            }
            ([.., mark, key, open], Some(id))
                if mark.text == "@" && key.text == "id" && open.text == "(" =>
            {
                return self.add(POLICY_IDS, "", id, &word.at, Form::Id);
            }
            ([.., owned, open], Some(name)) if open.text == "[" && owned.is_name() => {
                let before = before.get(..at.saturating_sub(1)).unwrap_or_default();
                return self.attribute(policy, before, name, word, Form::Id);
            }
            ([owned @ .., has], Some(name)) if has.text == "has" => {
                return self.attribute(policy, owned, name, word, Form::Has);
            }
            _ => {}
        }
        if !word.is_name() {
            return;
        }
        match before {
            [.., space, colons] if space.text == ROUTE && colons.text == "::" => {
                self.resource(word);
            }
            [owned @ .., dot] if dot.text == "." => {
                let form = Form::Attribute {
                    dot: word.at.start - dot.at.start,
                };
                self.attribute(policy, owned, word.text, word, form);
            }
            [owned @ .., has] if has.text == "has" => {
                self.attribute(policy, owned, word.text, word, Form::Has);
            }
            _ => {
                let next = policy.get(at + 1).map_or("", |next| next.text);
                let last = before.last().map_or("", |last| last.text);
                if (next == "::" || last == "is") && !matches!(word.text, ACTION | ROLE | ROUTE) {
                    self.identity(word);
                }
            }
        }
    }

    fn entity(&mut self, kind: &str, id: &str, word: &Word<'_>) {
        match kind {
            // Which of the two it is, the declarations tell.
            ACTION => {
                let tags = self.about.tags();
                if tags.contains_key(id) {
                    self.add(TAGS, "", id, &word.at, Form::Id);
                } else {
                    self.add(ROUTES, "", id, &word.at, Form::Id);
                }
            }
            ROLE => self.add(ROLES, "", id, &word.at, Form::Id),
            _ => {}
        }
    }

    fn identity(&mut self, word: &Word<'_>) {
        let name = self.about.world().identity_of(word.text);
        let name = name.unwrap_or(word.text).to_owned();
        self.add(IDENTITIES, "", &name, &word.at, Form::Type);
    }

    fn resource(&mut self, word: &Word<'_>) {
        let kind = format!("{ROUTE}::{}", word.text);
        let world = self.about.world();
        let mut routes = world.actions.iter();
        let route = routes.find(|(_, action)| action.resource == kind);
        if let Some((route, _)) = route {
            self.add(ROUTES, "", route, &word.at, Form::Type);
        }
    }

    /// An attribute of what some words end with.
    fn attribute(
        &mut self,
        policy: &[Word<'_>],
        owned: &[Word<'_>],
        name: &str,
        word: &Word<'_>,
        form: Form,
    ) {
        let Some(owner) = owner(owned) else {
            return;
        };
        let section = match owner {
            Owner::Principal => CLAIMS,
            Owner::Resource => PARAMETERS,
            Owner::Headers => HEADERS,
            Owner::Query => QUERY,
            Owner::Context => return,
        };
        let world: &World = self.about.world();
        if matches!(owner, Owner::Headers | Owner::Query) {
            return self.add(section, "", name, &word.at, form);
        }
        let before = policy.partition_point(|one| one.at.start < word.at.start);
        let scope = scope(world, policy.get(..before).unwrap_or_default());
        let found = members(world, &scope, owner);
        let of = found.into_iter().find(|member| member.name == name);
        for of in of.iter().flat_map(|member| &member.of) {
            self.add(section, of, name, &word.at, form);
        }
    }
}

/// What stands in Cedar for a new name.
pub(crate) fn written(section: &str, form: Form, new: &str) -> String {
    match form {
        Form::Type if section == ROUTES => {
            resource_type(new).trim_start_matches("Route::").to_owned()
        }
        Form::Type => type_name(new),
        Form::Attribute { .. } if super::words::is_plain(new) => format!(".{new}"),
        Form::Attribute { .. } => format!("[{}]", quoted(new)),
        Form::Has if super::words::is_plain(new) => new.to_owned(),
        _ => quoted(new),
    }
}

fn quoted(text: &str) -> String {
    gatec_compiler::policy::schema::quoted(text)
}
