//! `gatec lsp`

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatec_compiler::compile;
use gatec_compiler::load::{Input, Options};
use gatec_lsp::{Ended, Host, TestReport};
use gatec_syntax::Severity;
use gated_engine::Bundle;

use super::test;
use crate::cache;
use crate::{CommandError, Outcome, Terminal};

/// Serve an editor: the language server, over standard input and output.
///
/// Editors start it themselves; how each is told to is in docs/editors.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Many editors give it; there is no other way.
    #[arg(long, hide = true)]
    stdio: bool,
}

pub(crate) fn run(
    _arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    if std::io::stdin().is_terminal() {
        terminal
            .say("this is for editors, which speak the Language Server Protocol; Ctrl-D ends it\n");
    }
    let version = env!("GATEC_VERSION").to_owned();
    let host = Host {
        pages: pages(&version),
        version,
        run_test: Arc::new(run_test),
    };
    match gatec_lsp::stdio(host) {
        Ok(Ended::Orderly) => Ok(Outcome::Clean),
        // As the protocol wants it: exit code 1.
        Ok(Ended::Abruptly) => Ok(Outcome::Findings),
        Err(error) => Err(CommandError::new(format!(
            "the language server ended: {error}"
        ))),
    }
}

/// Where the pages are that findings link to; those of another version may say something else.
fn pages(version: &str) -> Option<PathBuf> {
    let version: String = version
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let folder = cache::folder(&|name| std::env::var_os(name).filter(|value| !value.is_empty()))?;
    // Editors are given addresses, which no relative path has.
    let folder = std::path::absolute(folder.join(format!("explain-{version}")));
    folder.ok()
}

/// Runs one test against the texts that an editor has.
fn run_test(root: &Path, name: &str, options: &Options) -> TestReport {
    let failed = |text: String| TestReport {
        passed: false,
        text,
    };
    let compiled = compile(Input::File(root.to_owned()), options);
    let Some(bytes) = compiled.bundle else {
        let errors = compiled.diagnostics.iter();
        let mut errors = errors.filter(|found| found.severity == Severity::Error);
        let first = errors.next().map_or_else(String::new, |found| {
            let place = compiled.sources.place(found.span);
            let place = place.rsplit('/').next().unwrap_or_default();
            format!("{place}: {}", found.message)
        });
        return failed(format!(
            "`{name}` was not run, the spec has errors. {first}"
        ));
    };
    let bundle = match Bundle::load(bytes) {
        Ok(bundle) => bundle,
        Err(error) => return failed(format!("`{name}` was not run: {error}")),
    };
    match test::differences(&bundle, name) {
        Err(error) => failed(error),
        Ok(differences) if differences.is_empty() => TestReport {
            passed: true,
            text: format!("pass: {name}"),
        },
        Ok(differences) => failed(format!("FAIL: {name}\n{}", differences.join("\n"))),
    }
}
