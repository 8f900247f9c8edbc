//! `cargo xtask bench recheck`: how much sooner a second `gatec check` of an unchanged tree ends than the
//! first one.

use std::fmt::Write;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// How many files the routes lie in.
const FILES: usize = 100;

/// Measure a first and a second `gatec check` of a tree of files.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// How many routes the tree has.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    pub routes: u32,
    /// How often each is measured.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(3..=1_000))]
    pub times: u32,
    /// The `gatec` to measure, instead of building one.
    #[arg(long, value_name = "FILE")]
    pub gatec: Option<PathBuf>,
}

/// Measures, and gives the table.
///
/// # Errors
/// When there is no program to measure, or it does not find the tree clean.
pub fn run(options: &Options, say: &mut dyn FnMut(&str)) -> Result<String, String> {
    let gatec = match &options.gatec {
        Some(gatec) => gatec.clone(),
        None => crate::peers::build::release()?.join("gatec"),
    };
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (tree, cache) = (folder.path().join("tree"), folder.path().join("cache"));
    write(&tree, options.routes as usize).map_err(|error| error.to_string())?;
    say(&format!("{} routes in {FILES} files", options.routes));
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..options.times {
        let _ = fs::remove_dir_all(&cache);
        first.push(check(&gatec, &tree, &cache)?);
        second.push(check(&gatec, &tree, &cache)?);
    }
    first.sort();
    second.sort();
    let mut table = String::from("| what | least | median | most |\n|---|---|---|---|\n");
    for (what, taken) in [("first check", &first), ("second check", &second)] {
        let middle = taken.len() / 2;
        let at = |index: usize| milliseconds(taken.get(index).copied().unwrap_or_default());
        let _ = writeln!(
            table,
            "| {what} | {:.1} ms | {:.1} ms | {:.1} ms |",
            at(0),
            at(middle),
            at(taken.len() - 1)
        );
    }
    Ok(table)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// One run of the command, from its start to its end.
fn check(gatec: &Path, tree: &Path, cache: &Path) -> Result<Duration, String> {
    let begun = Instant::now();
    let status = Command::new(gatec)
        .args(["check", "gate.kdl"])
        .current_dir(tree)
        .env("GATEC_CACHE_DIR", cache)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| format!("`{}` did not start: {error}", gatec.display()))?;
    match status.success() {
        true => Ok(begun.elapsed()),
        false => Err("the tree is not clean".to_owned()),
    }
}

/// A gateway whose routes lie in many files, as if it were written an hour ago: what was written just
/// now is not trusted to stay.
fn write(tree: &Path, routes: usize) -> std::io::Result<()> {
    let parts = tree.join("routes");
    fs::create_dir_all(&parts)?;
    let mut root =
        String::from("include \"routes/*.kdl\"\n\nlistener \"web\" bind=\"127.0.0.1:8080\"\n");
    root.push_str("\nupstream \"orders\" {\n    server \"http://127.0.0.1:9000\"\n}\n");
    fs::write(tree.join("gate.kdl"), root)?;
    let mut texts = vec![String::new(); FILES];
    for number in 0..routes {
        let Some(text) = texts.get_mut(number % FILES) else {
            continue;
        };
        let action = match number % 2 {
            0 => format!("respond 200 \"thing {number}: {{{{ path.id }}}}\""),
            _ => "proxy \"orders\" path=\"/v1/{{ path.id }}\"".to_owned(),
        };
        let _ = writeln!(
            text,
            "route \"r{number}\" public=#true {{\n    match \"GET\" \"/team{}/things{number}/{{id}}\"\n    {action}\n}}\n",
            number / 50
        );
    }
    for (number, text) in texts.iter().enumerate() {
        fs::write(parts.join(format!("{number}.kdl")), text)?;
    }
    let hour_ago = SystemTime::now() - Duration::from_secs(3_600);
    for folder in [parts.as_path(), tree] {
        for entry in fs::read_dir(folder)? {
            File::open(entry?.path())?.set_modified(hour_ago)?;
        }
        File::open(folder)?.set_modified(hour_ago)?;
    }
    Ok(())
}
