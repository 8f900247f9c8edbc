//! What has a name in a spec: where each is declared, and where it is used.
//!
//! The schema says which keys take a name of the root's maps (`x-reference`), so this is no list of
//! keys. A path parameter is a name of its route alone: declared in a path, used in templates.

use std::collections::HashSet;

use gatec_compiler::shape::Grammar;
use gatec_compiler::shape::grammar::{Type, TypeId};
use gatec_syntax::Value;

use crate::template::{self, Kind};
use crate::{Bytes, Place, View};

mod policies;

/// Which name: two places with equal keys mean the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The root's map it stands in, such as `upstreams`; [`PARAMETERS`] for a path parameter.
    pub section: String,
    /// The route that a path parameter belongs to, or the identity of a claim; empty for all else.
    pub scope: String,
    /// The name.
    pub name: String,
}

/// The section of path parameters.
pub const PARAMETERS: &str = "path parameters";
/// The section of routes.
pub const ROUTES: &str = "routes";
/// The section of identities.
pub const IDENTITIES: &str = "identities";
/// The section of tags: declared wherever a route has them.
pub const TAGS: &str = "tags";
/// The section of claims; each is a name of its identity.
pub const CLAIMS: &str = "claims";
/// The section of roles, which nothing declares.
pub const ROLES: &str = "roles";
/// The section of the headers that policies see.
pub const HEADERS: &str = "policy headers";
/// The section of the query parameters that policies see.
pub const QUERY: &str = "policy query parameters";
/// The section of the ids of policies and templates.
pub const POLICY_IDS: &str = "policies";

/// What a place does with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// It is declared here.
    Declaration,
    /// A profile changes what was declared.
    Overlay,
    /// It is used here.
    Use,
}

/// A name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Which.
    pub key: Key,
    /// Where it was written, quotes included where it has any.
    pub at: Bytes,
    /// What for.
    pub role: Role,
    /// How it is written there.
    pub form: Form,
}

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// As a key or value of a spec.
    Spec,
    /// As a value of a spec that may be a route or a tag.
    Either,
    /// In Cedar, in quotes: `Action::"get-order"`.
    Id,
    /// In Cedar, as a type: `OrderStaff`, `Route::GetOrder`.
    Type,
    /// In Cedar, behind a dot, which stands at this byte from the name.
    Attribute {
        /// How many bytes before the name the dot stands.
        dot: usize,
    },
    /// In Cedar, behind `has`.
    Has,
}

/// Every name in a text, in the order written.
pub fn names(view: &View) -> Vec<Name> {
    let mut gathered = Gathered {
        view,
        found: Vec::new(),
    };
    view.walk(&mut |place| gathered.place(place));
    let mut found = gathered.found;
    found.sort_by(|one, two| {
        (one.at.start, one.at.end, &one.key).cmp(&(two.at.start, two.at.end, &two.key))
    });
    // What a YAML alias repeats was written once.
    found.dedup_by(|one, two| one.at == two.at && one.key == two.key);
    found
}

/// Every name that a cursor stands at: one place may mean several, as `principal.sub` in a policy for two
/// identities.
pub fn names_at(names: &[Name], offset: usize) -> Vec<&Name> {
    let Some(first) = name_at(names, offset) else {
        return Vec::new();
    };
    names.iter().filter(|name| name.at == first.at).collect()
}

/// All names that have to change together with some: those that stand at one place with one of them.
pub fn together<'n>(
    keys: impl IntoIterator<Item = &'n Key>,
    all: &[&'n [Name]],
) -> HashSet<&'n Key> {
    let mut found: HashSet<&Key> = keys.into_iter().collect();
    loop {
        let before = found.len();
        for names in all {
            for same in names.chunk_by(|one, two| one.at == two.at) {
                if same.len() > 1 && same.iter().any(|name| found.contains(&name.key)) {
                    found.extend(same.iter().map(|name| &name.key));
                }
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// The name that a cursor stands at.
pub fn name_at(names: &[Name], offset: usize) -> Option<&Name> {
    let at = names.iter().filter(|name| crate::touches(&name.at, offset));
    // Where two meet, the one that begins here.
    at.max_by_key(|name| name.at.start)
}

/// The maps at the root: what a spec names.
pub(crate) fn is_section(key: &str) -> bool {
    let grammar = Grammar::get();
    let found = grammar.below(grammar.root(), key);
    found.is_some_and(|(kind, _)| matches!(grammar.kind(kind), Type::Map(_))) && key != "profiles"
}

struct Gathered<'v> {
    view: &'v View,
    found: Vec<Name>,
}

impl<'v> Gathered<'v> {
    fn place(&mut self, place: &Place<'v>) {
        self.entry(place);
        self.reference(place);
        policies::place(self, place);
        if let Some(route) = route(place) {
            self.captures(place, route);
            self.uses(place, route);
        }
    }

    fn add(&mut self, section: &str, scope: &str, name: &str, at: Bytes, role: Role) {
        let key = Key {
            section: section.to_owned(),
            scope: scope.to_owned(),
            name: name.to_owned(),
        };
        let form = Form::Spec;
        self.found.push(Name {
            key,
            at,
            role,
            form,
        });
    }

    /// An entry of a map at the root, or of one that a profile lays over it.
    fn entry(&mut self, place: &Place<'v>) {
        let Some((name, span)) = place.key else {
            return;
        };
        let (depth, role) = match place.key_at(0) {
            Some("profiles") => (2, Role::Overlay),
            _ => (0, Role::Declaration),
        };
        if place.key_at(0) == Some("profiles") && place.path.len() == 2 {
            return self.add("profiles", "", name, span.range(), Role::Declaration);
        }
        if let Some(section) = place.key_at(depth)
            && place.path.len() == depth + 2
            && is_section(section)
        {
            self.add(section, "", name, span.range(), role);
        }
    }

    /// A value that is a name of one of the root's maps.
    fn reference(&mut self, place: &Place<'v>) {
        let section = place.field.and_then(|field| field.reference.as_deref());
        if let (Some(section), Value::String(name)) = (section, &place.node.value) {
            self.add(section, "", name, place.node.span.range(), Role::Use);
        }
    }

    /// The names that a path captures.
    fn captures(&mut self, place: &Place<'v>, route: &str) {
        let Some(key) = place.path.last().and(place.key) else {
            return;
        };
        if !matches!(key.0, "path" | "prefix" | "path-regex") || !in_match(place) {
            return;
        }
        let range = place.node.span.range();
        let text = self.view.slice(&range);
        let groups = match key.0 {
            "path-regex" => regex_groups(text),
            _ => path_parameters(text),
        };
        for group in groups {
            let name = text.get(group.clone()).unwrap_or("").to_owned();
            let at = range.start + group.start..range.start + group.end;
            self.add(PARAMETERS, route, &name, at, Role::Declaration);
        }
    }

    /// `path.NAME` in a template.
    fn uses(&mut self, place: &Place<'v>, route: &str) {
        let is_text = matches!(place.node.value, Value::String(_));
        if !is_text || !is_template(place.kind) {
            return;
        }
        let range = place.node.span.range();
        for word in template::words(self.view.slice(&range), range.start) {
            if word.kind == Kind::Member && word.of == Some("path") {
                self.add(PARAMETERS, route, word.text, word.at, Role::Use);
            } else if word.kind == Kind::Member && word.of == Some("claim") {
                policies::claim_of_route(self, route, word.text, &word.at);
            }
        }
    }
}

/// Whether a value may hold expressions.
pub(crate) fn is_template(kind: TypeId) -> bool {
    let format = Grammar::get().scalar(kind).and_then(|scalar| scalar.format);
    format.is_some_and(|format| format.name == "template")
}

/// The route that a place belongs to, profiles included.
pub(crate) fn route<'v>(place: &Place<'v>) -> Option<&'v str> {
    match (place.key_at(0), place.key_at(2)) {
        (Some("routes"), _) => place.key_at(1),
        (Some("profiles"), Some("routes")) => place.key_at(3),
        _ => None,
    }
}

fn in_match(place: &Place<'_>) -> bool {
    place.keys().flatten().any(|key| key == "match")
}

/// The names in `/a/{name}/{other:int}/{rest...}`, as bytes of the text.
pub(crate) fn path_parameters(text: &str) -> Vec<Bytes> {
    let mut found = Vec::new();
    for (open, _) in text.match_indices('{') {
        let inside = text.get(open + 1..).unwrap_or("");
        let end = inside.find(['}', ':', '.', '/', '{']).unwrap_or(0);
        let name = inside.get(..end).unwrap_or("");
        let closed = inside.find('}').is_some();
        if closed
            && !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        {
            found.push(open + 1..open + 1 + end);
        }
    }
    found
}

/// The names in `(?P<name>…)` and `(?<name>…)`.
fn regex_groups(text: &str) -> Vec<Bytes> {
    let mut found = Vec::new();
    for (open, _) in text.match_indices("(?") {
        let inside = text.get(open + 2..).unwrap_or("");
        let skip = match inside {
            inside if inside.starts_with("P<") => 2,
            inside if inside.starts_with('<') => 1,
            _ => continue,
        };
        let name = inside.get(skip..).unwrap_or("");
        if let Some(end) = name.find('>').filter(|end| *end > 0) {
            let start = open + 2 + skip;
            found.push(start..start + end);
        }
    }
    found
}

/// The distinct names declared in a section, in the order given.
pub fn declared<'n>(names: impl IntoIterator<Item = &'n Name>, section: &str) -> Vec<&'n str> {
    let mut seen = HashSet::new();
    names
        .into_iter()
        .filter(|name| name.role != Role::Use && name.key.section == section)
        .map(|name| name.key.name.as_str())
        .filter(|name| seen.insert(*name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatec_compiler::load::Format;

    const KDL: &str = "upstream \"up\" {\n    server \"http://127.0.0.1:9000\"\n}\nroute \"a\" {\n    match \"GET\" \"/x/{id}/{rest...}\"\n    request {\n        set \"x\" \"{{ path.id }}\"\n    }\n    proxy \"up\" path=\"/{{ path.rest }}\"\n}\nprofile \"p\" {\n    upstream \"up\" {\n        server \"http://127.0.0.1:1\"\n    }\n}\n";

    fn shown(view: &View) -> Vec<(String, String, Role)> {
        names(view)
            .into_iter()
            .map(|name| (name.key.section, view.slice(&name.at).to_owned(), name.role))
            .collect()
    }

    #[test]
    fn declarations_and_uses_are_found() {
        let view = View::new(KDL.into(), Format::Kdl);
        let expected = [
            ("upstreams", "\"up\"", Role::Declaration),
            ("routes", "\"a\"", Role::Declaration),
            (PARAMETERS, "id", Role::Declaration),
            (PARAMETERS, "rest", Role::Declaration),
            (PARAMETERS, "id", Role::Use),
            ("upstreams", "\"up\"", Role::Use),
            (PARAMETERS, "rest", Role::Use),
            ("profiles", "\"p\"", Role::Declaration),
            ("upstreams", "\"up\"", Role::Overlay),
        ];
        let expected: Vec<_> = expected
            .map(|(section, text, role)| (section.to_owned(), text.to_owned(), role))
            .into();
        assert_eq!(shown(&view), expected);
    }

    #[test]
    fn yaml_names_are_the_same() {
        let yaml = "upstreams:\n  up:\n    servers:\n      - url: http://127.0.0.1:9000\nroutes:\n  a:\n    match:\n      - path: /x/{id}\n    proxy:\n      upstream: up\n      path: '/{{ path.id }}'\n";
        let view = View::new(yaml.into(), Format::Yaml);
        let roles: Vec<_> = shown(&view)
            .into_iter()
            .map(|(_, text, role)| (text, role))
            .collect();
        assert_eq!(
            roles,
            [
                ("up".to_owned(), Role::Declaration),
                ("a".to_owned(), Role::Declaration),
                ("id".to_owned(), Role::Declaration),
                ("up".to_owned(), Role::Use),
                ("id".to_owned(), Role::Use),
            ]
        );
    }

    #[test]
    fn what_an_alias_repeats_is_one_name() {
        let yaml = "routes:\n  a: {proxy: &p {upstream: up}}\n  b: {proxy: *p}\n";
        let view = View::new(yaml.into(), Format::Yaml);
        let uses = names(&view)
            .into_iter()
            .filter(|name| name.role == Role::Use);
        assert_eq!(uses.count(), 1);
    }

    #[test]
    fn regex_groups_are_captures() {
        let text = "^/(?P<a>x)/(?<b>y)/(?:z)$";
        let groups: Vec<_> = regex_groups(text).into_iter().map(|at| &text[at]).collect();
        assert_eq!(groups, ["a", "b"]);
    }
}
