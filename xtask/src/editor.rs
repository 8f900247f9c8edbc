//! How long an editor waits for the language server, measured as an editor does: messages in, messages
//! out, over the pipes of a process of its own.

mod client;
mod spec;

use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::json;

use client::Client;

/// Measure how long an editor waits: findings, completion, hover; and texts made to be slow.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// How often each is measured.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(10..=10_000))]
    pub times: u32,
    /// The `gatec` to measure, instead of building one.
    #[arg(long, value_name = "FILE")]
    pub gatec: Option<PathBuf>,
}

/// Measures, and gives the table.
///
/// # Errors
/// When there is no program to measure, or it does not answer.
pub fn run(options: &Options, say: &mut dyn FnMut(&str)) -> Result<String, String> {
    let gatec = match &options.gatec {
        Some(gatec) => gatec.clone(),
        None => crate::peers::build::release()?.join("gatec"),
    };
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let lines = spec::write(folder.path())?;
    say(&format!("a spec of {lines} lines in {} files", spec::FILES));
    let mut client = Client::start(&gatec, folder.path())?;
    let mut table =
        String::from("| what | least | median | 95th percentile | most |\n|---|---|---|---|---|\n");
    let file = folder.path().join(spec::file(5));
    let text = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
    client.open(&file, &text)?;
    let keys = keystrokes(&mut client, &text, options.times)?;
    row(
        &mut table,
        "a keystroke, to the findings of that text",
        keys,
    );
    for (what, method) in [
        ("completion", "textDocument/completion"),
        ("hover", "textDocument/hover"),
    ] {
        let taken = requests(&mut client, method, &text, options.times)?;
        row(&mut table, &format!("{what}, after a keystroke"), taken);
    }
    let peak = client.peak()?;
    client.end()?;
    let _ = writeln!(table, "\npeak memory of the server: {peak:.1} MiB\n");
    table.push_str(&adversaries(&gatec, say)?);
    Ok(table)
}

fn row(table: &mut String, what: &str, mut taken: Vec<Duration>) {
    taken.sort();
    let at = |share: f64| {
        let last = taken.len().saturating_sub(1) as f64;
        let taken = taken.get((last * share).round() as usize);
        taken.map_or(0.0, Duration::as_secs_f64) * 1e3
    };
    let _ = writeln!(
        table,
        "| {what} | {:.1} ms | {:.1} ms | {:.1} ms | {:.1} ms |",
        at(0.0),
        at(0.5),
        at(0.95),
        at(1.0)
    );
}

/// The line and the column of a byte; the texts here are plain letters.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or("");
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count(), at - start)
}

/// A letter too many, then gone again: the findings come and go, so each time is seen to its end.
fn keystrokes(client: &mut Client, text: &str, times: u32) -> Result<Vec<Duration>, String> {
    let at = text.find("public").ok_or("the spec has no route")?;
    let (line, column) = place(text, at);
    let there = |column: usize| json!({ "line": line, "character": column });
    let mut taken = Vec::new();
    for number in 0..times {
        let (end, new) = match number % 2 {
            0 => (column, "x"),
            _ => (column + 1, ""),
        };
        let change =
            json!([{ "range": { "start": there(column), "end": there(end) }, "text": new }]);
        let begun = Instant::now();
        client.change(change)?;
        client.until_findings(number % 2 == 0)?;
        taken.push(begun.elapsed());
    }
    Ok(taken)
}

/// Each request comes right behind a change of the text, as it does while one types.
fn requests(
    client: &mut Client,
    method: &str,
    text: &str,
    times: u32,
) -> Result<Vec<Duration>, String> {
    let at = text.find("proxy \"").ok_or("the spec passes nothing on")? + "proxy \"".len();
    let (line, column) = place(text, at);
    let end = json!({ "line": text.matches('\n').count() + 1, "character": 0 });
    let mut taken = Vec::new();
    for _ in 0..times {
        client.change(json!([{ "range": { "start": end, "end": end }, "text": " " }]))?;
        let begun = Instant::now();
        let answer = client.request(method, json!({ "line": line, "character": column }))?;
        taken.push(begun.elapsed());
        if answer.is_null() {
            return Err(format!("{method} has no answer"));
        }
    }
    Ok(taken)
}

/// Texts of a megabyte that are as hard as they can be, each in a server of its own.
fn adversaries(gatec: &std::path::Path, say: &mut dyn FnMut(&str)) -> Result<String, String> {
    let mut table = String::from(
        "| a text of 1 MB | first findings | completion | hover | colours | peak memory |\n|---|---|---|---|---|---|\n",
    );
    for (what, ending, text) in spec::adversaries() {
        say(&format!("{what} ({} bytes)", text.len()));
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let file = folder.path().join(format!("gate.{ending}"));
        let mut client = Client::start(gatec, folder.path())?;
        let begun = Instant::now();
        client.open(&file, &text)?;
        client.until_told()?;
        let mut figures = vec![begun.elapsed()];
        let middle = json!({ "line": text.matches('\n').count() / 2, "character": 1 });
        for method in [
            "textDocument/completion",
            "textDocument/hover",
            "textDocument/semanticTokens/full",
        ] {
            let begun = Instant::now();
            client.request(method, middle.clone())?;
            figures.push(begun.elapsed());
        }
        let peak = client.peak()?;
        client.end()?;
        let figures: Vec<String> = figures
            .iter()
            .map(|one| format!("{} ms", one.as_millis()))
            .collect();
        let _ = writeln!(
            table,
            "| {what} | {} | {peak:.0} MiB |",
            figures.join(" | ")
        );
    }
    Ok(table)
}
