//! `gatec policy check`

use std::fmt::Write;
use std::path::PathBuf;

use gatec_compiler::policy::Rulebook;
use gatec_compiler::policy::slice::Slice;
use gatec_compiler::{Compiled, Places};
use gatec_schema::Spec;
use gatec_syntax::{Diagnostic, Severity};
use serde_json::json;

use crate::arguments::Report;
use crate::spec::{self, Written};
use crate::{CommandError, Outcome, Terminal};

/// Check policies and identities alone, and tell for each route who may use it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The spec, `-` for one on standard input; left out, `gate.kdl` or `gate.yaml` in this folder.
    file: Option<PathBuf>,
    /// Look under this profile.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Report::Human, value_name = "FORMAT")]
    format: Report,
    #[command(flatten)]
    written: Written,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let file = spec::named(arguments.file.as_deref())?;
    let input = spec::input(&file, &arguments.written, terminal)?;
    let compiled = spec::compile(input, arguments.profile.as_deref())?;
    // A spec that cannot be read says nothing about its policies.
    let counts = |found: &&Diagnostic| {
        found.code.starts_with('P')
            || (found.severity == Severity::Error && found.code.starts_with(['K', 'S', 'R']))
    };
    let found: Vec<Diagnostic> = compiled
        .diagnostics
        .iter()
        .filter(counts)
        .cloned()
        .collect();
    let routes = routes(&compiled.spec, &compiled.rulebook);
    match arguments.format {
        Report::Json => {
            let findings = gatec_render::json(&found, &compiled.sources);
            let routes: Vec<_> = routes.iter().map(Told::json).collect();
            let rules = rules(&compiled, &found);
            let rules: Vec<_> = rules
                .iter()
                .map(|(name, state)| json!({ "name": name, "state": state }))
                .collect();
            let all = json!({ "findings": findings, "routes": routes, "never": rules });
            terminal.print(&format!("{all:#}\n"));
        }
        Report::Human => {
            if !found.is_empty() {
                spec::show(&found, &compiled.sources, terminal);
            }
            let text = human(&routes, &rules(&compiled, &found), terminal);
            terminal.print(&text);
        }
    }
    Ok(
        match found.iter().any(|one| one.severity == Severity::Error) {
            true => Outcome::Findings,
            false => Outcome::Clean,
        },
    )
}

/// What the policies come to for one identity on one route.
struct Told<'a> {
    route: &'a str,
    /// `-`: anybody.
    identity: &'a str,
    state: &'static str,
    permits: Vec<String>,
    forbids: Vec<String>,
}

impl Told<'_> {
    fn json(&self) -> serde_json::Value {
        json!({
            "route": self.route, "identity": self.identity, "state": self.state,
            "permits": self.permits, "forbids": self.forbids,
        })
    }
}

fn routes<'a>(spec: &'a Spec, rulebook: &'a Rulebook) -> Vec<Told<'a>> {
    let mut told = Vec::new();
    for (name, route) in &spec.routes {
        if route.public {
            told.push(Told {
                route: name,
                identity: "-",
                state: "public",
                permits: Vec::new(),
                forbids: Vec::new(),
            });
        }
        for (identity, slice) in rulebook.slices.routes.get(name).into_iter().flatten() {
            let names = |list: &[gatec_compiler::policy::slice::Left]| {
                let live = list
                    .iter()
                    .filter_map(|left| rulebook.live.get(left.policy));
                live.map(|live| live.name.clone()).collect()
            };
            told.push(Told {
                route: name,
                identity,
                state: state(rulebook, slice),
                permits: names(&slice.permits),
                forbids: names(&slice.forbids),
            });
        }
    }
    told
}

fn state(rulebook: &Rulebook, slice: &Slice) -> &'static str {
    let pool = &rulebook.slices.pool;
    let always = |list: &[gatec_compiler::policy::slice::Left]| {
        list.iter()
            .any(|left| pool.decided(left.condition) == Some(true))
    };
    match (always(&slice.forbids), always(&slice.permits)) {
        (true, _) => "never",
        (_, _) if slice.permits.is_empty() => "never",
        (false, true) if slice.forbids.is_empty() => "always",
        _ => "under conditions",
    }
}

/// The stated rules with what became of each: their findings stand at their names.
fn rules<'a>(compiled: &'a Compiled, found: &[Diagnostic]) -> Vec<(&'a str, &'static str)> {
    let places = Places::new(&compiled.document);
    let undone = found.iter().any(|one| {
        one.severity == Severity::Error && !matches!(one.code, "P221" | "P222" | "P227" | "P229")
    });
    let nevers = compiled.rulebook.nevers.iter();
    nevers
        .map(|never| {
            let span = places.key(&["never", &never.name]);
            let has = |code: &str| found.iter().any(|one| one.code == code && one.span == span);
            let state = match (has("P227"), has("P228")) {
                (true, _) => "broken",
                (_, true) => "not decided",
                _ if undone => "not looked at, because of other errors",
                _ => "proved",
            };
            (never.name.as_str(), state)
        })
        .collect()
}

fn human(routes: &[Told<'_>], rules: &[(&str, &str)], terminal: &Terminal<'_>) -> String {
    let wide = |pick: fn(&Told<'_>) -> usize| routes.iter().map(pick).max().unwrap_or(0);
    let (route, identity) = (wide(|one| one.route.len()), wide(|one| one.identity.len()));
    let mut text = String::new();
    for one in routes {
        let style = match one.state {
            "never" => "31",
            "public" | "always" => "33",
            _ => "32",
        };
        let by: Vec<String> = one
            .permits
            .iter()
            .map(|name| format!("permit {name}"))
            .chain(one.forbids.iter().map(|name| format!("forbid {name}")))
            .collect();
        let state = terminal.paint(style, &format!("{:<16}", one.state));
        let line = format!(
            "{:route$}  {:identity$}  {state}  {}",
            one.route,
            one.identity,
            by.join(", ")
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    for (name, state) in rules {
        let _ = writeln!(text, "never {name:?}: {state}");
    }
    text
}
