//! What the checks look at.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use gatec_schema::{Route, Spec};
use gatec_syntax::{Diagnostic, Document, Entry, Severity, SourceId, Sources, Span};

use super::walk::{bodies, matches};
use crate::Places;
use crate::lower::file::{self, Kind};
use crate::lower::folder::{self, Budget, Listing};
use crate::policy::Rulebook;
use crate::shape::OpenLines;

/// What the checks look at.
pub struct Context<'a> {
    /// The typed spec.
    pub spec: &'a Spec,
    /// The tree it was made from.
    pub document: &'a Document,
    /// Where each part was written.
    pub places: &'a Places<'a>,
    /// The policies.
    pub rulebook: &'a Rulebook,
    /// The texts.
    pub sources: &'a Sources,
    /// The folder that relative paths begin at.
    pub root: &'a Path,
    /// Variables of the environment.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// How much all folders together may put into the bundle.
    pub budget: Budget,
    /// The lines in which a quote is missing.
    pub open_lines: OpenLines,
    doubt: Doubt<'a>,
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
    /// The policies.
    pub rulebook: &'a Rulebook,
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
            rulebook: parts.rulebook,
            sources: parts.sources,
            root: parts.root,
            environment: parts.environment,
            budget: Budget::default(),
            open_lines: OpenLines::of(parts.before, parts.sources),
            doubt: Doubt::of(&parts),
            listings: RefCell::default(),
        }
    }

    /// Whether parts of a route were left out because their shape is wrong. Checks that would take
    /// what is missing for what was meant pass such a route over.
    pub fn is_broken(&self, route: &str) -> bool {
        self.doubt.routes.contains(route)
    }

    /// Whether the paths of a route may be among what is wrong with it.
    pub fn has_broken_paths(&self, route: &str) -> bool {
        self.doubt.paths.contains(route)
    }

    /// Whether an error found before stands in a span.
    pub fn has_error_in(&self, span: Span) -> bool {
        let inside =
            |at: &&Span| at.source == span.source && (span.start..=span.end).contains(&at.start);
        self.doubt.errors.iter().any(|at| inside(&at))
    }

    /// Whether text was lost that may have held whole sections: nothing can be said to be missing.
    pub fn lost_text(&self) -> bool {
        self.doubt.text
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
        let tls = self.spec.listeners.values().flat_map(|one| &one.tls);
        let certificates = tls.flat_map(|tls| {
            let pairs = tls.certificates.iter();
            pairs
                .flat_map(|pair| [pair.file.as_str(), pair.key.as_str()])
                .chain(tls.client_certificate.ca.as_ref().map(|ca| ca.as_str()))
        });
        let upstreams = self.spec.upstreams.values().flat_map(|one| &one.tls);
        let of_upstreams = upstreams.flat_map(|tls| {
            let pair = tls.certificate.iter();
            pair.flat_map(|pair| [pair.file.as_str(), pair.key.as_str()])
                .chain(tls.ca.as_ref().map(|ca| ca.as_str()))
        });
        let identities = self.spec.identities.values();
        let of_identities = identities.flat_map(super::rules::identity_files::paths);
        folders
            .chain(bodies)
            .chain(schemas)
            .chain(certificates)
            .chain(of_upstreams)
            .chain(of_identities)
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

/// What the errors found before leave in doubt.
struct Doubt<'a> {
    /// Where the errors stand.
    errors: Vec<Span>,
    /// The routes with an error inside them.
    routes: HashSet<&'a str>,
    /// Those of them whose paths may be what is wrong.
    paths: HashSet<&'a str>,
    /// Whether text was lost that may have held whole sections.
    text: bool,
}

impl<'a> Doubt<'a> {
    fn of(parts: &Parts<'a>) -> Self {
        let errors: Vec<&Diagnostic> = parts
            .before
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .collect();
        let mut doubt = Self {
            errors: errors.iter().map(|error| error.span).collect(),
            routes: HashSet::new(),
            paths: HashSet::new(),
            text: errors
                .iter()
                .any(|error| is_syntax(error) || UNREAD.contains(&error.code)),
        };
        if errors.is_empty() {
            return doubt;
        }
        let starts = starts(parts.document);
        for name in parts.spec.routes.keys() {
            let inside = inside(parts, &starts, name, &errors);
            if !inside.is_empty() {
                doubt.routes.insert(name);
            }
            if inside.iter().any(|error| !is_elsewhere(parts, name, error)) {
                doubt.paths.insert(name);
            }
        }
        doubt
    }
}

/// The errors of loading after which whole files may be missing.
const UNREAD: [&str; 6] = ["S201", "S202", "S203", "S204", "S205", "S206"];

fn is_syntax(error: &Diagnostic) -> bool {
    error.code.starts_with('K')
}

/// Where the sections and the routes begin, in order.
fn starts(document: &Document) -> Vec<(SourceId, usize)> {
    let root = &document.root;
    let routes = root.get("routes").and_then(|node| node.as_object());
    let entries = root
        .entries
        .iter()
        .chain(routes.iter().flat_map(|routes| &routes.entries));
    let mut starts: Vec<_> = entries
        .map(|entry| (entry.key_span.source, entry.key_span.start as usize))
        .collect();
    starts.sort_unstable();
    starts
}

/// The errors inside a route. Reading on after a mistake of syntax drops what it stands in, so such a
/// one counts up to where the next route or section begins.
fn inside<'e>(
    parts: &Parts<'_>,
    starts: &[(SourceId, usize)],
    name: &str,
    errors: &[&'e Diagnostic],
) -> Vec<&'e Diagnostic> {
    let path = ["routes", name];
    let whole = parts.places.key(&path).to(parts.places.value(&path));
    let start = (whole.source, whole.start as usize);
    let next = starts.get(starts.partition_point(|other| *other <= start));
    let next = next.filter(|(source, _)| *source == whole.source);
    let end = next.map_or(usize::MAX, |(_, at)| *at);
    let hit = |error: &&&Diagnostic| {
        let span = error.span;
        span.source == whole.source
            && span.start >= whole.start
            && (span.start <= whole.end || (is_syntax(error) && (span.start as usize) < end))
    };
    errors.iter().filter(hit).copied().collect()
}

/// Whether an error is known to stand in another part of the route than its matches.
fn is_elsewhere(parts: &Parts<'_>, name: &str, error: &Diagnostic) -> bool {
    let node = parts.places.node(&["routes", name]);
    let within = |entry: &Entry| {
        let whole = entry.key_span.to(entry.node.span);
        entry.key != "match"
            && whole.source == error.span.source
            && (whole.start..=whole.end).contains(&error.span.start)
    };
    let entries = node.and_then(|node| node.as_object());
    !is_syntax(error) && entries.is_some_and(|object| object.entries.iter().any(within))
}
