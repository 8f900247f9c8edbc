//! A program becomes the bytes of a bundle, and a source map beside it.
//!
//! A bundle depends on what a spec means and on nothing else: not on where it lies, how it is laid
//! out, or whether it was written in KDL or YAML. So the places of routes are not in it; they are
//! told apart, as a [`SourceMap`], to be kept in a file of their own beside the bundle.

pub mod refused;

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use gatec_schema::Spec;
use gatec_syntax::{SourceId, Sources, Span};
use gated_engine::bundle::{BundleError, Contents, Manifest, SourceMap, encode};
use gated_engine::program::{Action, FilesRoot, Program};

use crate::Places;
use crate::lower::Lowered;
use crate::policy::Rulebook;

/// The version of this compiler, as a bundle's manifest has it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The oldest runtime that can run what this compiler emits.
const MIN_RUNTIME: &str = "0.1.0";

/// Writes a bundle. The same program, tests and profile give the same bytes.
///
/// # Errors
/// The bundle would be larger than a replica takes.
pub fn emit(lowered: Lowered, spec: &Spec, profile: Option<&str>) -> Result<Bytes, BundleError> {
    let manifest = Manifest {
        name: spec.gateway.name.clone(),
        profile: profile.unwrap_or("").to_owned(),
        compiler: VERSION.to_owned(),
        min_runtime: MIN_RUNTIME.to_owned(),
        required_features: Vec::new(),
        counts: counts(&lowered.program, spec),
        ..Manifest::default()
    };
    let contents = Contents {
        manifest,
        program: lowered.program,
        bodies: lowered.bodies,
        tests: serde_json::to_vec(&spec.tests).unwrap_or_default(),
        source_map: SourceMap::default(),
    };
    encode(&contents).map(Bytes::from)
}

fn counts(program: &Program, spec: &Spec) -> BTreeMap<String, u64> {
    let files: usize = program
        .folders
        .iter()
        .map(|folder| folder.files.len())
        .sum();
    let live = program
        .routes
        .iter()
        .filter(|route| is_live(&route.action))
        .count();
    let counts = [
        ("error-pages", program.error_pages.len()),
        ("files", files),
        ("folders", program.folders.len()),
        ("identities", program.identities.len()),
        ("listeners", program.listeners.len()),
        ("live-folders", live),
        ("matches", program.matcher.matches.len()),
        ("policies", program.policies.len()),
        ("patterns", program.patterns.len()),
        ("routes", program.routes.len()),
        ("schemas", program.schemas.len()),
        ("secrets", program.secrets.len()),
        ("tests", spec.tests.len()),
        ("upstreams", program.upstreams.len()),
    ];
    counts
        .into_iter()
        .map(|(name, count)| (name.to_owned(), count as u64))
        .collect()
}

fn is_live(action: &Action) -> bool {
    matches!(action, Action::Files(files) if matches!(files.root, FilesRoot::Disk(_)))
}

/// Where each route and each policy was written. File names are relative to the root file's folder.
pub fn source_map(
    spec: &Spec,
    rulebook: &Rulebook,
    places: &Places<'_>,
    sources: &Sources,
    root: &Path,
) -> SourceMap {
    let mut files = Vec::new();
    let mut numbers: BTreeMap<SourceId, u32> = BTreeMap::new();
    let mut place = |span: Span| {
        let Some(source) = sources.get(span.source) else {
            return (0, 0, 0);
        };
        let file = *numbers.entry(span.source).or_insert_with(|| {
            files.push(relative(source.name(), root));
            u32::try_from(files.len() - 1).unwrap_or(u32::MAX)
        });
        let at = source.line_column(span.start);
        (file, at.line, at.column)
    };
    let routes = spec.routes.keys();
    let routes = routes
        .map(|name| place(places.key(&["routes", name])))
        .collect();
    let policies = (0..rulebook.live.len())
        .map(|live| place(rulebook.span(live)))
        .collect();
    SourceMap {
        files,
        routes,
        policies,
    }
}

fn relative(name: &str, root: &Path) -> String {
    let path = Path::new(name);
    let path = path.strip_prefix(root).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}
