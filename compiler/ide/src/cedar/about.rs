//! What policies can speak of, as the spec that takes them in was last read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use gatec_compiler::Compiled;
use gatec_compiler::policy::names::ROLE;
use gatec_compiler::policy::text::PolicyText;
use gatec_compiler::policy::{Rulebook, World};
use gatec_schema::Spec;
use gatec_syntax::Document;

use super::words::words;

/// What is known of the spec around a text; nothing for one that no spec names.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    compiled: Option<&'a Compiled>,
}

impl<'a> About<'a> {
    /// What a spec says.
    pub fn new(compiled: Option<&'a Compiled>) -> Self {
        Self { compiled }
    }

    /// The identities and routes.
    pub(crate) fn world(&self) -> &'a World {
        static EMPTY: OnceLock<World> = OnceLock::new();
        match self.compiled {
            Some(compiled) => &compiled.rulebook.world,
            None => EMPTY.get_or_init(World::default),
        }
    }

    pub(crate) fn rulebook(&self) -> Option<&'a Rulebook> {
        self.compiled.map(|compiled| &compiled.rulebook)
    }

    pub(crate) fn spec(&self) -> Option<&'a Spec> {
        self.compiled.map(|compiled| &compiled.spec)
    }

    pub(crate) fn document(&self) -> Option<&'a Document> {
        self.compiled.map(|compiled| &compiled.document)
    }

    /// The tags of routes, each with its routes.
    pub(crate) fn tags(&self) -> BTreeMap<&'a str, Vec<&'a str>> {
        let mut tags: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (route, action) in &self.world().actions {
            for tag in &action.tags {
                tags.entry(tag).or_default().push(route);
            }
        }
        tags
    }

    /// The roles that entities and policies name.
    pub(crate) fn roles(&self) -> BTreeSet<String> {
        let Some(rulebook) = self.rulebook() else {
            return BTreeSet::new();
        };
        let mut roles = BTreeSet::new();
        for (uid, parents) in rulebook.hierarchy.entities() {
            let all = std::iter::once(uid).chain(parents);
            let named = all.filter(|(kind, _)| kind == ROLE);
            roles.extend(named.map(|(_, id)| id.clone()));
        }
        for PolicyText { text, .. } in &rulebook.texts {
            roles.extend(roles_in(text));
        }
        for link in self
            .spec()
            .iter()
            .flat_map(|spec| spec.policies.links.values())
        {
            roles.extend(link.principal.iter().flat_map(|text| roles_in(text)));
        }
        roles
    }
}

/// The roles that a text names.
pub(crate) fn roles_in(text: &str) -> Vec<String> {
    let words = words(text);
    let named = words.windows(3).filter_map(|three| match three {
        [kind, colons, id] if kind.text == ROLE && colons.text == "::" => id.string(),
        _ => None,
    });
    named.map(str::to_owned).collect()
}
