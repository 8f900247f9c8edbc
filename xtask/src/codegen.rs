//! What is generated and checked in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use clap_complete::Shell;

use crate::reference;

/// The folder of generated files, below the root of the checkout.
pub const FOLDER: &str = "generated";

/// Every generated file: its path below [`FOLDER`], with `/`, and its text. The same sources give the
/// same text.
pub fn files() -> BTreeMap<String, String> {
    let schema = gatec_schema::json_schema();
    let mut files = reference::keys::pages(&schema);
    files.extend(reference::rules::pages(&gatec_compiler::rules::all()));
    files.insert("gate.schema.json".to_owned(), format!("{schema:#}\n"));
    files.extend(completions());
    files
}

fn completions() -> impl Iterator<Item = (String, String)> {
    let shells = [
        (Shell::Bash, "gatec.bash"),
        (Shell::Elvish, "gatec.elv"),
        (Shell::Fish, "gatec.fish"),
        (Shell::PowerShell, "gatec.ps1"),
        (Shell::Zsh, "_gatec"),
    ];
    shells.into_iter().map(|(shell, name)| {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut gatec::command(), "gatec", &mut text);
        (
            format!("completions/{name}"),
            String::from_utf8_lossy(&text).into_owned(),
        )
    })
}

/// Writes every file that differs and takes away what is no longer generated; gives their paths.
///
/// # Errors
/// Names the file that could not be written.
pub fn write(root: &Path) -> Result<Vec<String>, String> {
    let files = files();
    let stale = differing(root, &files);
    for path in &stale {
        let target = root.join(path);
        let name = path.strip_prefix(&format!("{FOLDER}/")).unwrap_or(path);
        let done = match files.get(name) {
            Some(text) => put(&target, text),
            None => fs::remove_file(&target),
        };
        done.map_err(|error| format!("cannot write `{path}`: {error}"))?;
    }
    Ok(stale)
}

fn put(target: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(target, text)
}

/// Paths below the root that [`write`] would change.
pub fn stale(root: &Path) -> Vec<String> {
    differing(root, &files())
}

fn differing(root: &Path, files: &BTreeMap<String, String>) -> Vec<String> {
    let folder = root.join(FOLDER);
    let mut names: BTreeSet<String> = files.keys().cloned().collect();
    there(&folder, "", &mut names);
    names
        .into_iter()
        .filter(|name| fs::read_to_string(folder.join(name)).ok().as_ref() != files.get(name))
        .map(|name| format!("{FOLDER}/{name}"))
        .collect()
}

/// The files of a folder and below; a folder that is not there has none.
fn there(folder: &Path, prefix: &str, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => there(&entry.path(), &format!("{name}/"), names),
            false => drop(names.insert(name)),
        }
    }
}
