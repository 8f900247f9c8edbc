//! The whole way, from an input to a bundle: what `gatec`, `gated` and the language server call.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use gatec_schema::Spec;
use gatec_syntax::{Diagnostic, Document, Severity, SourceId, Sources, Span};
use gated_engine::Bundle;
use gated_engine::bundle::SourceMap;

use crate::check::{self, Context, Parts};
use crate::ignore::{self, Ignores};
use crate::load::{Input, Options, Replaced, front};
use crate::lower::{self, Inputs};
use crate::policy::Rulebook;
use crate::served::{self, ServedFolder};
use crate::{Front, Places, emit};

/// How many findings are told; more would not be read.
pub const MAX_DIAGNOSTICS: usize = 1_000;

/// The stack of the thread that makes a bundle, in bytes: as much as a program's first thread has.
const STACK: usize = 8 << 20;

/// What became of an input.
#[derive(Debug)]
pub struct Compiled {
    /// Every text that was read.
    pub sources: Sources,
    /// The findings, in the order of the texts, at most [`MAX_DIAGNOSTICS`].
    pub diagnostics: Vec<Diagnostic>,
    /// The typed spec, without what is wrong in shape.
    pub spec: Spec,
    /// The tree it was made from.
    pub document: Document,
    /// The bundle; none where there are errors, or none was asked for.
    pub bundle: Option<Bytes>,
    /// Where each route was written; empty where there is no bundle.
    pub source_map: SourceMap,
    /// Files and folders whose change changes the outcome.
    pub watched: Vec<PathBuf>,
    /// The folders that files are served from, under any profile that was looked at.
    pub folders: Vec<ServedFolder>,
    /// The policies.
    pub rulebook: Rulebook,
    /// The folder of the root file.
    pub root: PathBuf,
    /// The profiles there are.
    pub profiles: Vec<String>,
    /// What the chosen profile replaced.
    pub replaced: Vec<Replaced>,
    ignores: Ignores,
    /// Whether the spec was looked at under each of its profiles.
    whole: bool,
}

impl Compiled {
    /// Whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|found| found.severity == Severity::Error)
    }
}

/// Checks a spec under the chosen profile, and makes its bundle if nothing is wrong.
pub fn compile(input: Input, options: &Options) -> Compiled {
    let front = front(input, options);
    let Look {
        found,
        watched,
        bundle,
    } = look(&front, options, true);
    let mut compiled = Compiled::of(front, found, watched);
    if bundle.is_some() {
        compiled.bundle = bundle;
        compiled.map();
    }
    compiled.finish()
}

/// What is wrong with a route as a whole and leaves no doubt about what the spec would do: who may use
/// it, and that no request reaches it.
const OF_WHOLE_ROUTES: [&str; 4] = ["R101", "R105", "P221", "P222"];

/// Like [`compile`], but makes the bundle also where whole routes are at fault, so that `gatec why` can
/// show what shadows them. Such a bundle is for asking, not for serving.
pub fn draft(input: Input, options: &Options) -> Compiled {
    let front = front(input, options);
    let (found, watched) = findings(&front, options);
    let askable = !has_errors(&front.diagnostics)
        && found
            .iter()
            .all(|one| one.severity != Severity::Error || OF_WHOLE_ROUTES.contains(&one.code));
    let mut compiled = Compiled::of(front, found, watched);
    if askable {
        compiled.build(options);
    }
    compiled.finish()
}

/// Checks a spec as it stands and under each of its profiles (or under the chosen one alone): finds
/// everything that keeps a bundle from being made, and so makes each to see whether a replica would
/// load it. The bundles are not kept.
pub fn check(input: Input, options: &Options) -> Compiled {
    check_with(input, options, true)
}

/// Like [`check`], but makes no bundles: for an editor, which asks at each key.
pub fn check_text(input: Input, options: &Options) -> Compiled {
    check_with(input, options, false)
}

fn check_with(input: Input, options: &Options, bundles: bool) -> Compiled {
    let look = |front: &Front, options: &Options| {
        if bundles {
            let look = look(front, options, false);
            (look.found, look.watched)
        } else {
            findings(front, options)
        }
    };
    let base = front(input.clone(), options);
    let (found, watched) = look(&base, options);
    let mut compiled = Compiled::of(base, found, watched);
    if options.profile.is_none() {
        for profile in compiled.profiles.clone() {
            let options = Options {
                profile: Some(profile.clone()),
                ..options.clone()
            };
            let front = front(input.clone(), &options);
            let (found, watched) = look(&front, &options);
            let folders = served::folders(&front.spec, &front.root);
            compiled.folders.extend(folders);
            let all = front.diagnostics.into_iter().chain(found);
            compiled.take_in(&profile, all, &front.sources);
            compiled.watched.extend(watched);
        }
        compiled.whole = true;
    }
    compiled.finish()
}

/// What looking at a spec brings.
struct Look {
    found: Vec<Diagnostic>,
    /// What the checks looked at on the disk.
    watched: Vec<PathBuf>,
    /// The bundle, where nothing is wrong.
    bundle: Option<Bytes>,
}

/// Checks a spec, and makes its bundle at the same time: with thousands of routes either takes as long
/// as the other, and mostly nothing is wrong.
fn look(front: &Front, options: &Options, encode: bool) -> Look {
    if has_errors(&front.diagnostics) {
        let (found, watched) = findings(front, options);
        return Look {
            found,
            watched,
            bundle: None,
        };
    }
    let parts = Made {
        spec: &front.spec,
        document: &front.document,
        root: &front.root,
        rulebook: &front.rulebook,
    };
    let make = || made(parts, options, encode);
    let ((mut found, watched), made) = std::thread::scope(|scope| {
        let making = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, make);
        let found = findings(front, options);
        let made = match making.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(made)) => made,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // There is no thread to be had.
            Err(_) => make(),
        };
        (found, made)
    });
    let bundle = match made {
        _ if has_errors(&found) => None,
        Ok(bundle) => Some(bundle),
        Err(refused) => {
            found.push(*refused);
            None
        }
    };
    Look {
        found,
        watched,
        bundle,
    }
}

/// What the checks find, and what they looked at on the disk.
fn findings(front: &Front, options: &Options) -> (Vec<Diagnostic>, Vec<PathBuf>) {
    let places = Places::new(&front.document);
    let environment = |name: &str| (options.environment)(name);
    let context = Context::new(Parts {
        spec: &front.spec,
        document: &front.document,
        places: &places,
        rulebook: &front.rulebook,
        sources: &front.sources,
        root: &front.root,
        environment: &environment,
        before: &front.diagnostics,
    });
    let mut found = Vec::new();
    check::run(&context, &mut found);
    found.retain(|one| !context.open_lines.hide(one));
    (found, context.watched())
}

/// What a bundle is made from.
#[derive(Clone, Copy)]
struct Made<'a> {
    spec: &'a Spec,
    document: &'a Document,
    root: &'a Path,
    rulebook: &'a Rulebook,
}

/// The bundle of a spec without errors, one that a replica would load; any other is a mistake made
/// here, and told as such.
fn made(parts: Made<'_>, options: &Options, encode: bool) -> Result<Bytes, Box<Diagnostic>> {
    let Made {
        spec,
        document,
        root,
        rulebook,
    } = parts;
    let places = Places::new(document);
    let environment = |name: &str| (options.environment)(name);
    let lowered = lower::lower(Inputs {
        spec,
        root,
        rulebook,
        places: &places,
        environment: &environment,
        encode,
    });
    let start = places.value(&[]);
    let bundle = emit::emit(lowered, spec, options.profile.as_deref())
        .map_err(|error| Box::new(check::bundle_too_large(start, &error.to_string())))?;
    match Bundle::load(bundle.clone()) {
        Ok(_) => Ok(bundle),
        Err(error) => Err(Box::new(emit::refused::finding(start, &error.to_string()))),
    }
}

fn has_errors(found: &[Diagnostic]) -> bool {
    found.iter().any(|found| found.severity == Severity::Error)
}

impl Compiled {
    fn of(front: Front, found: Vec<Diagnostic>, watched: Vec<PathBuf>) -> Self {
        let mut diagnostics = front.diagnostics;
        diagnostics.extend(found);
        let mut all_watched = front.watched;
        all_watched.extend(watched);
        Self {
            folders: served::folders(&front.spec, &front.root),
            sources: front.sources,
            diagnostics,
            spec: front.spec,
            document: front.document,
            bundle: None,
            source_map: SourceMap::default(),
            watched: all_watched,
            rulebook: front.rulebook,
            root: front.root,
            profiles: front.profiles,
            replaced: front.replaced,
            ignores: front.ignores,
            whole: false,
        }
    }

    fn build(&mut self, options: &Options) {
        let parts = Made {
            spec: &self.spec,
            document: &self.document,
            root: &self.root,
            rulebook: &self.rulebook,
        };
        match made(parts, options, false) {
            Ok(bundle) => self.bundle = Some(bundle),
            Err(refused) => self.diagnostics.push(*refused),
        }
        self.map();
    }

    fn map(&mut self) {
        let places = Places::new(&self.document);
        self.source_map = emit::source_map(
            &self.spec,
            &self.rulebook,
            &places,
            &self.sources,
            &self.root,
        );
    }

    /// Takes in what was found under a profile and not without it.
    fn take_in(
        &mut self,
        profile: &str,
        found: impl IntoIterator<Item = Diagnostic>,
        sources: &Sources,
    ) {
        let key = |found: &Diagnostic| (found.code, found.span, found.message.clone());
        let mut known: HashSet<_> = self.diagnostics.iter().map(key).collect();
        for mut diagnostic in found {
            diagnostic.span = self.moved(diagnostic.span, sources);
            for related in &mut diagnostic.related {
                related.span = self.moved(related.span, sources);
            }
            for edit in diagnostic.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
                edit.span = self.moved(edit.span, sources);
            }
            if known.insert(key(&diagnostic)) {
                diagnostic
                    .message
                    .push_str(&format!(" (under the profile `{profile}`)"));
                self.diagnostics.push(diagnostic);
            }
        }
    }

    /// The same place among this compilation's texts.
    fn moved(&mut self, span: Span, sources: &Sources) -> Span {
        let Some(source) = sources.get(span.source) else {
            return span;
        };
        let same = |own: &gatec_syntax::Source| own.name() == source.name();
        if self.sources.get(span.source).is_some_and(same) {
            return span;
        }
        let found = self
            .sources
            .iter()
            .find(|(_, own)| same(own))
            .map(|(id, _)| id);
        let source: SourceId = match found {
            Some(id) => id,
            None => self.sources.add(source.name().to_owned(), source.shared()),
        };
        Span { source, ..span }
    }

    fn finish(mut self) -> Self {
        ignore::apply(&self.ignores, &mut self.diagnostics, self.whole);
        self.diagnostics
            .sort_by_key(|found| (found.span.source, found.span.start, found.code));
        // Errors are never pushed out by warnings.
        if self.diagnostics.len() > MAX_DIAGNOSTICS {
            let mut severities: Vec<_> = self
                .diagnostics
                .iter()
                .map(|found| found.severity)
                .collect();
            severities.sort_unstable_by(|left, right| right.cmp(left));
            let least = severities
                .get(MAX_DIAGNOSTICS - 1)
                .copied()
                .unwrap_or(Severity::Error);
            self.diagnostics.retain(|found| found.severity >= least);
            self.diagnostics.truncate(MAX_DIAGNOSTICS);
        }
        self.watched.sort();
        self.watched.dedup();
        self.folders.sort();
        self.folders.dedup();
        self
    }
}
