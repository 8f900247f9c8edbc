//! `cargo xtask`: the project's own chores.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to its terminal"
)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{codegen, editor, editors, peers, policies, recheck, setup, shell, soak};

/// The project's own chores.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Write what is generated and checked in: JSON Schema, reference pages, shell completions.
    Codegen {
        /// Write nothing: fail if a file is stale.
        #[arg(long)]
        check: bool,
    },
    /// Run every test; installs or names what they need.
    Test {
        /// Run only tests whose name holds this.
        filter: Option<String>,
    },
    /// Run the benchmarks.
    #[command(args_conflicts_with_subcommands = true)]
    Bench {
        #[command(subcommand)]
        kind: Option<Kind>,
        /// Run only benchmarks whose name holds this.
        filter: Option<String>,
    },
    /// Run a replica for a long time at half its load, with a change every second, and fail if
    /// anything fails or grows.
    Soak(soak::Options),
    /// Run the tests of the set-ups for editors alone.
    Editors {
        /// Pack the extension of VS Code as well.
        #[arg(long)]
        package: bool,
    },
    /// Make sure of what the tests need, and nothing else.
    Setup,
}

#[derive(Debug, Subcommand)]
enum Kind {
    /// Measure `gated` beside nginx and HAProxy.
    Peers(peers::Options),
    /// Measure what identities and policies cost.
    Policies(policies::Options),
    /// Measure how long an editor waits for the language server.
    Editor(editor::Options),
    /// Measure a first and a second `gatec check` of an unchanged tree.
    Recheck(recheck::Options),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().chore {
        Chore::Codegen { check: true } => fresh(),
        Chore::Codegen { check: false } => write(),
        Chore::Test { filter } => test(filter.as_deref()),
        Chore::Bench {
            kind: Some(Kind::Peers(options)),
            ..
        } => beside(&options),
        Chore::Bench {
            kind: Some(Kind::Policies(options)),
            ..
        } => guarded(&options),
        Chore::Bench {
            kind: Some(Kind::Editor(options)),
            ..
        } => in_editor(&options),
        Chore::Bench {
            kind: Some(Kind::Recheck(options)),
            ..
        } => twice(&options),
        Chore::Bench { filter, .. } => bench(filter.as_deref()),
        Chore::Soak(options) => soaked(&options),
        Chore::Editors { package } => editors(package),
        Chore::Setup => ready(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

struct Failure {
    message: String,
    code: u8,
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self { message, code: 1 }
    }
}

fn write() -> Result<(), Failure> {
    for path in codegen::write(&xtask::root())? {
        println!("wrote {path}");
    }
    Ok(())
}

fn fresh() -> Result<(), Failure> {
    let stale = codegen::stale(&xtask::root());
    match stale.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "stale: {}\nrun `cargo xtask codegen` and commit what it writes",
            stale.join(", ")
        )
        .into()),
    }
}

/// Exit code 2 says that the tests could not run, not that one failed.
fn ready() -> Result<(), Failure> {
    let say = &mut |line: &str| println!("{line}");
    setup::prepare(say)
        .and_then(|()| editors::prepare(say))
        .map_err(|message| Failure { message, code: 2 })
}

fn test(filter: Option<&str>) -> Result<(), Failure> {
    ready()?;
    fresh()?;
    // End-to-end tests run the binaries beside them.
    shell::cargo(&["build", "--bin", "gated", "--bin", "gatec"])?;
    let mut arguments = vec!["test", "--workspace", "--no-fail-fast"];
    arguments.extend(filter);
    let passed = shell::cargo(&arguments);
    // One failure hides no other.
    let others = match filter {
        Some(_) => Ok(()),
        None => editors::test(),
    };
    passed.and(others)?;
    Ok(())
}

fn editors(package: bool) -> Result<(), Failure> {
    editors::prepare(&mut |line| println!("{line}"))
        .map_err(|message| Failure { message, code: 2 })?;
    shell::cargo(&["build", "--bin", "gatec"])?;
    editors::test()?;
    if package {
        println!("packed {}", editors::package()?);
    }
    Ok(())
}

fn bench(filter: Option<&str>) -> Result<(), Failure> {
    let mut arguments = vec!["bench", "--workspace", "--benches"];
    if let Some(filter) = filter {
        arguments.extend(["--", filter]);
    }
    shell::cargo(&arguments)?;
    println!("\nthe figures go into docs/performance.md, with the machine they were taken on");
    Ok(())
}

fn soaked(options: &soak::Options) -> Result<(), Failure> {
    println!("{}", soak::run(options, &mut |line| println!("{line}"))?);
    Ok(())
}

fn in_editor(options: &editor::Options) -> Result<(), Failure> {
    println!("{}", editor::run(options, &mut |line| println!("{line}"))?);
    Ok(())
}

fn twice(options: &recheck::Options) -> Result<(), Failure> {
    println!("{}", recheck::run(options, &mut |line| println!("{line}"))?);
    Ok(())
}

fn beside(options: &peers::Options) -> Result<(), Failure> {
    println!("{}", peers::run(options, &mut |line| println!("{line}"))?);
    Ok(())
}

fn guarded(options: &policies::Options) -> Result<(), Failure> {
    println!(
        "{}",
        policies::run(options, &mut |line| println!("{line}"))?
    );
    Ok(())
}
