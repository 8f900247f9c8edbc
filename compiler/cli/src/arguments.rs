//! The command line.

use std::ffi::OsString;
use std::path::Path;

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::command::{
    build, cert, check, completions, convert, explain, fmt, import, init, inspect, key, lsp,
    policy, schema, test, token, why,
};
use crate::spec::Form;
use crate::{CommandError, Outcome, Terminal};

/// Checks, tests, explains and builds the specs of API gateways and mock servers.
#[derive(Debug, Parser)]
#[command(
    name = "gatec",
    version = env!("GATEC_VERSION"),
    styles = STYLES,
    after_help = "Exit codes: 0 clean, 1 findings, 2 could not run.",
    disable_help_subcommand = true
)]
pub(crate) struct Arguments {
    /// When to use colours. NO_COLOR is heeded.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Report {
    /// For people.
    Human,
    /// For programs.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::Arguments),
    Check(check::Arguments),
    Fmt(fmt::Arguments),
    Convert(convert::Arguments),
    Build(build::Arguments),
    Inspect(inspect::Arguments),
    Explain(explain::Arguments),
    Why(why::Arguments),
    Test(test::Arguments),
    Lsp(lsp::Arguments),
    Policy(policy::Arguments),
    Schema(schema::Arguments),
    Import(import::Arguments),
    Cert(cert::Arguments),
    Key(key::Arguments),
    Token(token::Arguments),
    Completions(completions::Arguments),
}

impl Command {
    pub(crate) fn run(&self, terminal: &mut Terminal<'_>) -> Result<Outcome, CommandError> {
        match self {
            Command::Init(arguments) => init::run(arguments, terminal),
            Command::Check(arguments) => check::run(arguments, terminal),
            Command::Fmt(arguments) => fmt::run(arguments, terminal),
            Command::Convert(arguments) => convert::run(arguments, terminal),
            Command::Build(arguments) => build::run(arguments, terminal),
            Command::Inspect(arguments) => inspect::run(arguments, terminal),
            Command::Explain(arguments) => explain::run(arguments, terminal),
            Command::Why(arguments) => why::run(arguments, terminal),
            Command::Test(arguments) => test::run(arguments, terminal),
            Command::Lsp(arguments) => lsp::run(arguments, terminal),
            Command::Policy(arguments) => policy::run(arguments, terminal),
            Command::Schema(arguments) => schema::run(arguments, terminal),
            Command::Import(arguments) => import::run(arguments, terminal),
            Command::Cert(arguments) => cert::run(arguments, terminal),
            Command::Key(arguments) => key::run(arguments, terminal),
            Command::Token(arguments) => token::run(arguments, terminal),
            Command::Completions(arguments) => completions::run(arguments, terminal),
        }
    }
}

/// The command line as data: for completions and reference pages.
pub fn command() -> clap::Command {
    Arguments::command()
}

pub(crate) fn parse(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Arguments, clap::Error> {
    Arguments::try_parse_from(arguments)
}

/// For a spec that stands where a command takes none: how that command is told which one is meant.
fn misplaced_file(error: &clap::Error) -> Option<String> {
    let text = |kind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.as_str()),
        _ => None,
    };
    let word = text(ContextKind::InvalidArg)?;
    let usage = error.render().to_string();
    let takes_file = usage.contains("gatec why");
    // Where the spec stands first, what is one too many is not the spec.
    let file = std::iter::once(word.to_owned())
        .chain(
            std::env::args_os()
                .skip(2)
                .map(|word| word.to_string_lossy().into_owned()),
        )
        .find(|word| Form::of(Path::new(word)).is_some())
        .unwrap_or_else(|| "FILE".to_owned());
    (error.kind() == ErrorKind::UnknownArgument && takes_file && !word.starts_with('-'))
        .then(|| format!("hint: the spec is given with `-f`: gatec why METHOD URL -f {file}\n"))
}

/// Answers a call for help or the version, or says what is wrong with the arguments.
pub(crate) fn answer(error: &clap::Error, terminal: &mut Terminal<'_>) -> u8 {
    terminal.choose_color(Color::Auto);
    let drawn = |color: bool| match color {
        true => error.render().ansi().to_string(),
        false => error.render().to_string(),
    };
    if error.use_stderr() {
        let text = drawn(terminal.errors_color());
        terminal.say(&text);
        if let Some(hint) = misplaced_file(error) {
            terminal.say(&hint);
        }
    } else {
        let text = drawn(terminal.color());
        terminal.print(&text);
    }
    match terminal.finish() {
        Ok(()) => u8::try_from(error.exit_code()).unwrap_or(crate::COULD_NOT_RUN),
        Err(_) => crate::COULD_NOT_RUN,
    }
}
