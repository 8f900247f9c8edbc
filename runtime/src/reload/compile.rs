//! Compiles a spec in place: the only module that knows the compiler.

use std::io::IsTerminal;
use std::path::Path;

use gatec_compiler::compile::{Compiled, compile as compile_spec};
use gatec_compiler::load::{Input, Options};

use super::source::{Material, Rejection, digest};

/// Reads and compiles a spec.
pub(super) fn compile(path: &Path, profile: Option<&str>) -> Result<Material, Box<Rejection>> {
    let options = Options {
        profile: profile.map(str::to_owned),
        ..Options::default()
    };
    let compiled = compile_spec(Input::File(path.to_owned()), &options);
    let Some(bytes) = compiled.bundle.clone() else {
        let unknown = profile.and_then(|profile| unknown_profile(profile, &compiled));
        let mut rejection = rejection(path, compiled);
        if let Some(reason) = unknown {
            rejection.reason = reason;
        }
        return Err(Box::new(rejection));
    };
    let warnings = (!compiled.diagnostics.is_empty()).then(|| for_people(&compiled));
    Ok(Material {
        bytes,
        root: compiled.root,
        watched: compiled.watched,
        source_map: Some(super::Map::Compiled(compiled.source_map)),
        warnings,
    })
}

/// A profile that was asked for and is not there is no mistake of the spec's.
fn unknown_profile(profile: &str, compiled: &Compiled) -> Option<String> {
    if compiled.profiles.iter().any(|known| known == profile) {
        return None;
    }
    let broken = |found: &gatec_syntax::Diagnostic| found.code.starts_with('K');
    if compiled.diagnostics.iter().any(broken) {
        return None;
    }
    let mut known: Vec<&str> = compiled.profiles.iter().map(String::as_str).collect();
    known.sort_unstable();
    Some(match known.is_empty() {
        true => format!("there is no profile `{profile}`: the spec has none"),
        false => format!(
            "there is no profile `{profile}`; the profiles are {}",
            gatec_compiler::check::listed(known)
        ),
    })
}

fn rejection(path: &Path, compiled: Compiled) -> Rejection {
    let diagnostics = gatec_render::json(&compiled.diagnostics, &compiled.sources);
    let errors = compiled
        .diagnostics
        .iter()
        .filter(|found| found.severity == gatec_syntax::Severity::Error)
        .count();
    let (mistakes, them) = if errors == 1 {
        ("mistake", "it")
    } else {
        ("mistakes", "them")
    };
    Rejection {
        digest: digest(
            &[
                path.to_string_lossy().as_bytes(),
                diagnostics.to_string().as_bytes(),
            ]
            .concat(),
        ),
        reason: format!(
            "`{}` has {errors} {mistakes}; `gatec check` shows {them}",
            path.display()
        ),
        for_people: Some(for_people(&compiled)),
        diagnostics,
        watched: compiled.watched,
        empty: false,
    }
}

fn for_people(compiled: &Compiled) -> String {
    let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    gatec_render::human(&compiled.diagnostics, &compiled.sources, color)
}
