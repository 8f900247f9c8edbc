//! Files become one document.
//!
//! [`front`] reads the root file and what it includes, merges them, resolves values from outside,
//! merges the chosen profile over the rest, and hands the whole to [`shape`](crate::shape). Like every
//! step it never fails: what cannot be read is a finding.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatec_syntax::{Document, Object, SourceId, Sources, Span};

use crate::front::Front;
use crate::ignore::{self, Ignores};
use crate::policy::Rulebook;
use crate::shape::OpenLines;
use crate::shape::words::Context;
use crate::shape::{Findings, Grammar, keys, lost, validate, value};

pub mod cedar;
mod format;
mod glob;
mod include;
mod merge;
mod outside;
mod profile;
mod read;
pub mod rules;
mod within;

pub use cedar::PolicySources;
pub use format::Format;
pub use profile::Replaced;
pub use read::{MAX_FILE, MAX_FILES, MAX_TOTAL};

/// What to compile.
#[derive(Debug, Clone)]
pub enum Input {
    /// A file; its folder is the root folder.
    File(PathBuf),
    /// A text that is no file, or not yet: standard input, an editor's buffer.
    Text {
        /// The name shown in findings.
        name: String,
        /// The text.
        text: String,
        /// Its language.
        format: Format,
        /// The root folder.
        base: PathBuf,
    },
}

/// Looks up a variable of the environment.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What besides the files decides the outcome.
#[derive(Clone)]
pub struct Options {
    /// The profile that is merged over the rest.
    pub profile: Option<String>,
    /// Where `(env)` looks.
    pub environment: Environment,
    /// Texts that stand in the place of files: an editor's buffers that are not saved yet.
    pub texts: HashMap<PathBuf, Arc<str>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            profile: None,
            environment: Arc::new(|name| std::env::var(name).ok()),
            texts: HashMap::new(),
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Options")
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// Reads, merges, resolves and validates a spec.
pub fn front(input: Input, options: &Options) -> Front {
    let mut loader = Loader::new(&input, options);
    let (mut document, _) = loader.whole(input);
    let profiles = profile::names(&document);
    let chosen = options.profile.as_deref();
    outside::resolve(&mut loader, chosen, &mut document);
    let replaced = match chosen {
        Some(name) => profile::choose(&mut document, name, &profiles, &mut loader.found),
        None => Vec::new(),
    };
    value::strip_nulls(loader.grammar, &mut document);
    let policies = loader.policies(&document);
    let context = Context {
        grammar: loader.grammar,
        sources: &loader.sources,
        formats: &loader.formats,
    };
    let mut json = validate::validate(context, &mut document, &loader.broken, &mut loader.found);
    profile::remove(&mut document, &mut json);
    let spec = validate::typed(json, document.span, &mut loader.found);
    let mut watched = loader.watched;
    watched.sort();
    watched.dedup();
    let mut diagnostics = loader.found.finish();
    let open = OpenLines::of(&diagnostics, &loader.sources);
    diagnostics.retain(|one| !open.hide(one));
    let rulebook = Rulebook::of(&spec, policies, &loader.sources);
    Front {
        rulebook,
        sources: loader.sources,
        document,
        spec,
        root: loader.root,
        watched,
        diagnostics,
        profiles,
        replaced,
        ignores: loader.ignores,
    }
}

/// One file as it stands: its includes and values from outside not followed.
pub fn document(input: Input) -> (Sources, Document, Vec<gatec_syntax::Diagnostic>) {
    let options = Options::default();
    let mut loader = Loader::new(&input, &options);
    let document = match loader.root_text(input) {
        Some((source, _)) => loader.parse(source),
        None => Document::default(),
    };
    (loader.sources, document, loader.found.finish())
}

/// What is gathered while files are read.
struct Loader<'o> {
    options: &'o Options,
    grammar: &'static Grammar,
    sources: Sources,
    /// The language of each text.
    formats: Vec<Format>,
    /// The folder of each text, relative to the root folder.
    folders: Vec<PathBuf>,
    found: Findings,
    watched: Vec<PathBuf>,
    broken: HashSet<Span>,
    /// The root folder as given.
    root: PathBuf,
    /// The root folder with all links followed.
    real_root: Option<PathBuf>,
    /// Bytes read so far.
    bytes: u64,
    /// How many files were included.
    included: usize,
    /// Files read so far, by their real path.
    seen: HashSet<PathBuf>,
    /// Findings that comments say to leave.
    ignores: Ignores,
    /// The files whose includes are being followed, outermost first: real path and name.
    open: Vec<(PathBuf, String)>,
}

impl<'o> Loader<'o> {
    fn new(input: &Input, options: &'o Options) -> Self {
        let root = match input {
            Input::File(path) => path.parent().map(Path::to_owned).unwrap_or_default(),
            Input::Text { base, .. } => base.clone(),
        };
        let root = if root.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            root
        };
        Self {
            options,
            grammar: Grammar::get(),
            sources: Sources::new(),
            formats: Vec::new(),
            folders: Vec::new(),
            found: Findings::default(),
            watched: Vec::new(),
            broken: HashSet::new(),
            real_root: std::fs::canonicalize(&root).ok(),
            root,
            bytes: 0,
            included: 0,
            seen: HashSet::new(),
            ignores: Ignores::default(),
            open: Vec::new(),
        }
    }

    /// The root file with all it includes, merged.
    fn whole(&mut self, input: Input) -> (Document, SourceId) {
        match self.root_text(input) {
            Some((source, real)) => {
                let name = self
                    .sources
                    .get(source)
                    .map(|source| source.name().to_owned());
                let mut document = self.parse(source);
                self.open.push((real, name.unwrap_or_default()));
                let own = std::mem::take(&mut document.root);
                document.root = self.with_includes(own);
                self.open.pop();
                (document, source)
            }
            None => (Document::default(), SourceId(0)),
        }
    }

    /// Reads the root text; a file that cannot be read still has a number, so that the finding has a
    /// place.
    fn root_text(&mut self, input: Input) -> Option<(SourceId, PathBuf)> {
        match input {
            Input::Text {
                name, text, format, ..
            } => {
                let source = self.add(name, text.into(), format, PathBuf::new());
                Some((source, PathBuf::new()))
            }
            Input::File(path) => {
                let name = path.display().to_string();
                self.watched.push(path.clone());
                match self.read(&path, read::Kind::Root) {
                    Ok(text) => {
                        let format = Format::of_path(&path).unwrap_or_else(|| Format::guess(&text));
                        let source = self.add(name, text, format, PathBuf::new());
                        let real = std::fs::canonicalize(&path).unwrap_or(path);
                        self.seen.insert(real.clone());
                        Some((source, real))
                    }
                    Err(failure) => {
                        let source = self.add(name.clone(), "".into(), Format::Kdl, PathBuf::new());
                        let start = Span::new(source, 0, 0);
                        self.found.push(failure.finding(start, &name));
                        None
                    }
                }
            }
        }
    }

    fn add(&mut self, name: String, text: Arc<str>, format: Format, folder: PathBuf) -> SourceId {
        self.formats.push(format);
        self.folders.push(folder);
        self.sources.add(name, text)
    }

    fn format(&self, source: SourceId) -> Format {
        self.formats
            .get(source.0 as usize)
            .copied()
            .unwrap_or(Format::Kdl)
    }

    fn folder(&self, source: SourceId) -> PathBuf {
        self.folders
            .get(source.0 as usize)
            .cloned()
            .unwrap_or_default()
    }

    /// A text as a document with known keys only.
    fn parse(&mut self, source: SourceId) -> Document {
        let text = self
            .sources
            .get(source)
            .map(gatec_syntax::Source::shared)
            .unwrap_or_default();
        let mut document = match self.format(source) {
            Format::Kdl => {
                let (tree, found) = gatec_syntax::kdl::parse(source, &text);
                self.found.extend(found);
                let mapped = crate::shape::from_kdl(self.grammar, tree);
                self.found.absorb(mapped.found);
                self.broken.extend(mapped.broken);
                mapped.document
            }
            Format::Yaml => {
                let (document, found) = gatec_syntax::yaml::parse(source, &text);
                self.broken.extend(lost::values(&document, &found));
                self.found.extend(found);
                document
            }
        };
        let ignores = ignore::read(source, &text, self.format(source), &document);
        self.ignores.list.extend(ignores.list);
        self.ignores.found.extend(ignores.found);
        keys::clean(self.grammar, &mut document, &mut self.found);
        document
    }

    /// An object with what it includes merged in.
    fn with_includes(&mut self, mut own: Object) -> Object {
        let included = self.includes(&mut own);
        merge::merge(self.grammar, own, included, &mut self.found)
    }
}
