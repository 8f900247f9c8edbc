//! `gatec build`

use std::path::{Path, PathBuf};

use gated_engine::Bundle;
use gated_engine::bundle::SourceMap;

use crate::progress::Progress;
use crate::spec::{self, Written};
use crate::{CommandError, Outcome, Terminal, atomic};

/// Build the bundle that a replica runs.
///
/// The same sources give the same bytes on any machine. Beside OUT a source map is written, OUT.map. Nothing is written if
/// there are errors.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The spec, `-` for standard input; left out, `gate.kdl` or `gate.yaml` in this folder.
    file: Option<PathBuf>,
    /// The file to write.
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// Build for this profile.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    #[command(flatten)]
    written: Written,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let file = spec::named(arguments.file.as_deref())?;
    let input = spec::input(&file, &arguments.written, terminal)?;
    let progress = Progress::of(terminal, format!("building {}", spec::shown(&file)));
    let compiled = spec::compile(input, arguments.profile.as_deref())?;
    drop(progress);
    spec::show(&compiled.diagnostics, &compiled.sources, terminal);
    let Some(bytes) = compiled.bundle else {
        return Ok(Outcome::Findings);
    };
    let bundle = spec::load(bytes.clone(), &file)?;
    let map = source_map(&bundle, &compiled.source_map);
    let map_file = beside(&arguments.output);
    // First the map: a replica that sees the new bundle finds what belongs to it.
    atomic::write(&map_file, map.as_bytes())?;
    atomic::write(&arguments.output, &bytes)?;
    terminal.print(&told(&arguments.output, &bundle, bytes.len()));
    Ok(Outcome::Clean)
}

fn beside(output: &Path) -> PathBuf {
    let mut name = output.as_os_str().to_owned();
    name.push(".map");
    PathBuf::from(name)
}

/// The places routes were written at, under the digest of the bundle they belong to.
fn source_map(bundle: &Bundle, map: &SourceMap) -> String {
    let names = bundle
        .program()
        .routes
        .iter()
        .map(|route| route.name.as_str());
    let routes: serde_json::Map<String, serde_json::Value> = names
        .zip(&map.routes)
        .map(|(name, (file, line, column))| {
            let file = map.files.get(*file as usize).map_or("", String::as_str);
            (
                name.to_owned(),
                serde_json::json!({ "file": file, "line": line, "column": column }),
            )
        })
        .collect();
    let digest = bundle.digest().to_string();
    format!(
        "{:#}\n",
        serde_json::json!({ "digest": digest, "routes": routes })
    )
}

fn told(output: &Path, bundle: &Bundle, size: usize) -> String {
    format!(
        "{}  {}  sha256:{}\n{}\n",
        output.display(),
        spec::size(size as u64),
        bundle.digest(),
        spec::counts(bundle),
    )
}
