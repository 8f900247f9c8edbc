//! What the checks look at.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use gatec_schema::{Route, Spec};
use gatec_syntax::{Diagnostic, Document, Severity, Sources, Span};

use super::walk::{bodies, matches};
use crate::Places;
use crate::lower::file::{self, Kind};
use crate::lower::folder::{self, Budget, Listing};

/// What the checks look at.
pub struct Context<'a> {
    /// The typed spec.
    pub spec: &'a Spec,
    /// The tree it was made from.
    pub document: &'a Document,
    /// Where each part was written.
    pub places: &'a Places<'a>,
    /// The texts.
    pub sources: &'a Sources,
    /// The folder that relative paths begin at.
    pub root: &'a Path,
    /// Variables of the environment.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// How much all folders together may put into the bundle.
    pub budget: Budget,
    broken: HashSet<&'a str>,
    listings: RefCell<HashMap<String, Rc<Listing>>>,
}

/// What a [`Context`] is made from.
pub struct Parts<'a> {
    /// The typed spec.
    pub spec: &'a Spec,
    /// The tree it was made from.
    pub document: &'a Document,
    /// Where each part was written.
    pub places: &'a Places<'a>,
    /// The texts.
    pub sources: &'a Sources,
    /// The folder that relative paths begin at.
    pub root: &'a Path,
    /// Variables of the environment.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// What was found before.
    pub before: &'a [Diagnostic],
}

impl<'a> Context<'a> {
    /// Prepares the checks.
    pub fn new(parts: Parts<'a>) -> Self {
        Self {
            spec: parts.spec,
            document: parts.document,
            places: parts.places,
            sources: parts.sources,
            root: parts.root,
            environment: parts.environment,
            budget: Budget::default(),
            broken: broken(&parts),
            listings: RefCell::default(),
        }
    }

    /// Whether parts of a route were left out because their shape is wrong. Checks that would take
    /// what is missing for what was meant pass such a route over.
    pub fn is_broken(&self, route: &str) -> bool {
        self.broken.contains(route)
    }

    /// The routes whose shape is right.
    pub fn sound_routes(&self) -> impl Iterator<Item = (&'a str, &'a Route)> {
        self.spec
            .routes
            .iter()
            .map(|(name, route)| (name.as_str(), route))
            .filter(|(name, _)| !self.is_broken(name))
    }

    /// Whether something of this name was declared, be its shape right or wrong.
    pub fn declared(&self, section: &str, name: &str) -> bool {
        self.places.written(&[section, name])
    }

    /// The span of a value.
    pub fn value(&self, path: &[&str]) -> Span {
        self.places.value(path)
    }

    /// The span of a key.
    pub fn key(&self, path: &[&str]) -> Span {
        self.places.key(path)
    }

    /// The files and folders on the disk that the bundle is made from besides the texts.
    pub fn watched(&self) -> Vec<PathBuf> {
        let folders = self
            .spec
            .routes
            .values()
            .filter_map(|route| route.files.as_ref());
        let folders = folders
            .filter(|files| !files.live)
            .map(|files| files.root.as_str());
        let bodies = bodies(self.spec)
            .filter_map(|body| body.file)
            .map(|file| file.as_str());
        let schemas = matches(self.spec)
            .flat_map(|(_, _, matched)| &matched.body)
            .filter_map(|condition| condition.schema.as_ref())
            .map(|file| file.as_str());
        folders
            .chain(bodies)
            .chain(schemas)
            .map(|path| self.root.join(path))
            .collect()
    }

    /// The files of a folder; `None` where it cannot be used.
    pub fn listing(&self, folder: &str) -> Option<Rc<Listing>> {
        if let Some(listing) = self.listings.borrow().get(folder) {
            return Some(Rc::clone(listing));
        }
        let full = file::find(self.root, folder, Kind::Folder).ok()?;
        let listing = Rc::new(folder::list(&full, self.budget));
        self.listings
            .borrow_mut()
            .insert(folder.to_owned(), Rc::clone(&listing));
        Some(listing)
    }
}

/// The routes with an error inside them.
fn broken<'a>(parts: &Parts<'a>) -> HashSet<&'a str> {
    let errors: Vec<Span> = parts
        .before
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .map(|found| found.span)
        .collect();
    if errors.is_empty() {
        return HashSet::new();
    }
    let hit = |name: &str| {
        let whole = parts
            .places
            .key(&["routes", name])
            .to(parts.places.value(&["routes", name]));
        errors.iter().any(|error| {
            error.source == whole.source && error.start >= whole.start && error.start <= whole.end
        })
    };
    parts
        .spec
        .routes
        .keys()
        .map(String::as_str)
        .filter(|name| hit(name))
        .collect()
}
