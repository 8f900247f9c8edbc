//! `gatec test`

mod compare;

use std::path::PathBuf;
use std::time::Instant;

use gatec_schema::{Map, Test};
use gated_engine::Bundle;

use crate::arguments::Report;
use crate::progress::Progress;
use crate::simulate::{Asker, Call, Fixed, answer};
use crate::spec::{self, Located, Served, Written};
use crate::{CommandError, Outcome, Terminal};

/// Run the tests of a spec, offline, through the same engine that serves.
///
/// Time stands still at 2024-01-01T00:00:00Z and chance is fixed, so a test gives the same answer every time.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The spec or bundle, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder.
    file: Option<PathBuf>,
    /// Run only tests whose name holds this.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Test under this profile.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Report::Human, value_name = "FORMAT")]
    format: Report,
    #[command(flatten)]
    written: Written,
}

/// What came of a test.
struct Ran<'t> {
    name: &'t str,
    place: String,
    /// What differed from what was expected, a paragraph each; empty: passed.
    differences: Vec<String>,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let file = spec::named(arguments.file.as_deref())?;
    let served = spec::served(
        &file,
        &arguments.written,
        arguments.profile.as_deref(),
        arguments.format,
        terminal,
    )?;
    let Some(served) = served else {
        return Ok(Outcome::Findings);
    };
    let tests = read_tests(&served.bundle)?;
    let chosen: Vec<(&str, &Test)> = tests
        .iter()
        .map(|(name, test)| (name.as_str(), test))
        .filter(|(name, _)| {
            arguments
                .filter
                .as_ref()
                .is_none_or(|part| name.contains(part.as_str()))
        })
        .collect();
    if let (Some(part), true) = (&arguments.filter, chosen.is_empty()) {
        return Err(nothing_chosen(part, &tests));
    }
    let at = served.located();
    let begun = Instant::now();
    let progress = Progress::of(terminal, format!("testing {}", spec::shown(&file)));
    let ran: Vec<Ran<'_>> = chosen
        .iter()
        .map(|(name, test)| run_one(&served, &at, name, test))
        .collect();
    drop(progress);
    match arguments.format {
        Report::Human => terminal_report(&ran, tests.len(), begun, terminal),
        Report::Json => terminal.print(&json(&ran)),
    }
    Ok(match ran.iter().all(|one| one.differences.is_empty()) {
        true => Outcome::Clean,
        false => Outcome::Findings,
    })
}

/// A filter that fits no test is a slip, and no test that passes.
fn nothing_chosen(part: &str, tests: &Map<Test>) -> CommandError {
    const MOST: usize = 5;
    let error = CommandError::new(format!("no test has `{part}` in its name"));
    let likeness = |name: &str| strsim::jaro_winkler(&name.to_lowercase(), &part.to_lowercase());
    let mut names: Vec<&str> = tests.keys().map(String::as_str).collect();
    names.sort_by(|one, two| likeness(two).total_cmp(&likeness(one)));
    names.truncate(MOST);
    match names.is_empty() {
        true => error.hint("there are no tests; a spec writes one as `test \"name\" { … }`"),
        false => error.hint(format!(
            "the nearest are {}",
            gatec_compiler::check::listed(names)
        )),
    }
}

fn read_tests(bundle: &Bundle) -> Result<Map<Test>, CommandError> {
    match bundle.tests() {
        [] => Ok(Map::default()),
        bytes => serde_json::from_slice(bytes).map_err(|error| {
            CommandError::new(format!("cannot read the tests of the bundle: {error}"))
        }),
    }
}

/// What differs from what the test of this name expects, a paragraph each.
///
/// # Errors
/// When there is no such test, in a sentence.
pub(crate) fn differences(bundle: &Bundle, name: &str) -> Result<Vec<String>, String> {
    let tests = read_tests(bundle).map_err(|error| error.to_string())?;
    let test = tests
        .get(name)
        .ok_or_else(|| format!("there is no test `{name}`"))?;
    Ok(differing(bundle, test))
}

fn differing(bundle: &Bundle, test: &Test) -> Vec<String> {
    let request = &test.request;
    let headers = request.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_str()));
    let body = request.body.as_ref().map(|body| body.clone().into_bytes());
    match Call::new(request.method.as_str(), &request.url, headers, body) {
        // Each test begins in a world of its own: counters and chance do not depend on other tests.
        Ok(call) => {
            let mut asker = Asker {
                principal: request.principal.clone(),
                session: request.session.clone(),
                ..Asker::default()
            };
            if let Some(client) = &request.client {
                asker.client = client.get();
            }
            let environment = Fixed::at(request.at.as_ref().map(|at| at.get()));
            match answer(bundle, &call, &asker, &environment) {
                Ok(answer) => {
                    let mut found = compare::differences(&test.expect, &answer, bundle);
                    if !found.is_empty() && request.principal.is_none() && answer.asks_who() {
                        found.push(
                            "the route asks who it is: a test says so with `as \"IDENTITY\" sub=\"…\"` in its request"
                                .to_owned(),
                        );
                    }
                    found
                }
                Err(wrong) => vec![wrong],
            }
        }
        Err(wrong) => vec![format!("the request cannot be made: {wrong}")],
    }
}

fn run_one<'t>(served: &Served, at: &Located<'_>, name: &'t str, test: &Test) -> Ran<'t> {
    Ran {
        name,
        place: at.place_of(&["tests", name]),
        differences: differing(&served.bundle, test),
    }
}

fn terminal_report(ran: &[Ran<'_>], all: usize, begun: Instant, terminal: &mut Terminal<'_>) {
    for one in ran {
        let text = told(one, terminal);
        terminal.print(&text);
    }
    let failed = ran.iter().filter(|one| !one.differences.is_empty()).count();
    let mut summary = format!("{} passed, {failed} failed", ran.len() - failed);
    if ran.len() < all {
        summary.push_str(&format!(", {} not chosen", all - ran.len()));
    }
    let style = if failed > 0 { "1;31" } else { "1;32" };
    let summary = terminal.paint(style, &summary);
    terminal.print(&format!(
        "{}{summary}\n",
        if ran.is_empty() { "" } else { "\n" }
    ));
    if terminal.errors_watched() {
        terminal.say(&format!("in {} ms\n", begun.elapsed().as_millis()));
    }
}

fn told(one: &Ran<'_>, terminal: &Terminal<'_>) -> String {
    if one.differences.is_empty() {
        return format!("{} {}\n", terminal.paint("32", "pass"), one.name);
    }
    let place = if one.place.is_empty() {
        String::new()
    } else {
        format!(" ({})", one.place)
    };
    let mut text = format!("{} {}{place}\n", terminal.paint("31", "FAIL"), one.name);
    for line in one
        .differences
        .iter()
        .flat_map(|difference| difference.lines())
    {
        let painted = match line.trim_start().chars().next() {
            Some('+') => terminal.paint("32", line),
            Some('-') => terminal.paint("31", line),
            _ => line.to_owned(),
        };
        text.push_str(format!("     {painted}").trim_end());
        text.push('\n');
    }
    text
}

fn json(ran: &[Ran<'_>]) -> String {
    let tests: Vec<_> = ran
        .iter()
        .map(|one| {
            serde_json::json!({
                "name": one.name, "passed": one.differences.is_empty(),
                "place": one.place, "differences": one.differences,
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(tests))
}
