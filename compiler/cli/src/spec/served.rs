//! A bundle that commands ask: read from a file, or compiled from a spec on the way.

use std::fs;
use std::path::Path;

use bytes::Bytes;
use gatec_compiler::{Compiled, Places};
use gatec_schema::Spec;
use gatec_syntax::{Sources, Span};
use gated_engine::Bundle;

use super::{Form, Written, compile, draft, errors, input, is_stdin, show, shown, unreadable};
use crate::arguments::Report;
use crate::{CommandError, Terminal};

/// A bundle that is ready to be asked, and the spec it was made from where there is one.
pub(crate) struct Served {
    pub(crate) bundle: Bundle,
    pub(crate) size: u64,
    pub(crate) spec: Option<Spec>,
    pub(crate) compiled: Option<Compiled>,
}

/// Takes a bundle as it is, and compiles a spec. Nothing if the spec has errors: they were shown.
pub(crate) fn served(
    file: &Path,
    written: &Written,
    profile: Option<&str>,
    report: Report,
    terminal: &mut Terminal<'_>,
) -> Result<Option<Served>, CommandError> {
    if is_bundle(file) {
        return read_bundle(file, profile).map(Some);
    }
    let compiled = compile(input(file, written, terminal)?, profile)?;
    ready(file, compiled, report, terminal)
}

/// Like [`served`], for commands that only ask: a spec whose errors are about whole routes (a dead
/// one, say) can be asked too. Its errors are shown all the same.
pub(crate) fn asked(
    file: &Path,
    written: &Written,
    profile: Option<&str>,
    report: Report,
    terminal: &mut Terminal<'_>,
) -> Result<Option<Served>, CommandError> {
    if is_bundle(file) {
        return read_bundle(file, profile).map(Some);
    }
    let compiled = draft(input(file, written, terminal)?, profile)?;
    ready(file, compiled, report, terminal)
}

fn ready(
    file: &Path,
    compiled: Compiled,
    report: Report,
    terminal: &mut Terminal<'_>,
) -> Result<Option<Served>, CommandError> {
    let errors = errors(&compiled.diagnostics);
    if !errors.is_empty() {
        show(&errors, &compiled.sources, terminal);
    }
    let Some(bytes) = compiled.bundle.clone() else {
        // Whoever asked for JSON reads standard output, and finds there why there is nothing else.
        if report == Report::Json {
            let found = gatec_render::json(&compiled.diagnostics, &compiled.sources);
            terminal.print(&format!("{found:#}\n"));
        }
        return Ok(None);
    };
    let bundle = load(bytes.clone(), file)?;
    Ok(Some(Served {
        bundle,
        size: bytes.len() as u64,
        spec: Some(compiled.spec.clone()),
        compiled: Some(compiled),
    }))
}

/// A file that has no spec's extension is taken for a bundle.
fn is_bundle(file: &Path) -> bool {
    !is_stdin(file) && Form::of(file).is_none() && file.is_file()
}

fn read_bundle(file: &Path, profile: Option<&str>) -> Result<Served, CommandError> {
    if profile.is_some() {
        return Err(CommandError::new(format!(
            "`{}` is a bundle: its profile was chosen when it was built",
            file.display()
        )));
    }
    let bytes = fs::read(file).map_err(|error| unreadable(file, &error))?;
    let size = bytes.len() as u64;
    Ok(Served {
        bundle: load(bytes.into(), file)?,
        size,
        spec: None,
        compiled: None,
    })
}

/// Takes the bytes of a bundle.
pub(crate) fn load(bytes: Bytes, file: &Path) -> Result<Bundle, CommandError> {
    Bundle::load(bytes).map_err(|error| {
        CommandError::new(format!("`{}` cannot be used: {error}", shown(file)))
            .hint("expected a `.kdl` or `.yaml` spec, or a bundle made by `gatec build`")
    })
}

impl Served {
    /// Where parts of the spec stand.
    pub(crate) fn located(&self) -> Located<'_> {
        Located(
            self.compiled
                .as_ref()
                .map(|compiled| (Places::new(&compiled.document), &compiled.sources)),
        )
    }
}

/// Where parts of a spec stand; of a bundle alone that is not known.
pub(crate) struct Located<'s>(Option<(Places<'s>, &'s Sources)>);

impl Located<'_> {
    /// File, line and column; empty where that is not known.
    pub(crate) fn place_of(&self, path: &[&str]) -> String {
        let place = self
            .0
            .as_ref()
            .map(|(places, sources)| sources.place(places.key(path)));
        place.unwrap_or_default()
    }

    /// The same for a span.
    pub(crate) fn place_of_span(&self, span: Span) -> String {
        let place = self.0.as_ref().map(|(_, sources)| sources.place(span));
        place.unwrap_or_default()
    }
}

/// How much of what a bundle holds, for people.
pub(crate) fn counts(bundle: &Bundle) -> String {
    let counts = bundle
        .manifest()
        .counts
        .iter()
        .filter(|(_, count)| **count > 0);
    let words = counts.map(|(name, count)| match (count, name.as_str()) {
        (1, "matches") => "1 match".to_owned(),
        (1, name) => format!("1 {}", name.trim_end_matches('s')),
        (count, name) => format!("{count} {name}"),
    });
    words.collect::<Vec<_>>().join(", ").replace('-', " ")
}
