//! `gatec policy schema`

use std::path::PathBuf;

use gatec_compiler::policy::schema;

use crate::spec::{self, Written};
use crate::{CommandError, Outcome, Terminal};

/// Print the Cedar schema of a spec: the types of principals, the actions, what is known of each request.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The spec, `-` for one on standard input; left out, `gate.kdl` or `gate.yaml` in this folder.
    file: Option<PathBuf>,
    /// Look under this profile.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The form of the schema.
    #[arg(long, value_enum, default_value_t = Form::Cedar, value_name = "FORMAT")]
    format: Form,
    #[command(flatten)]
    written: Written,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// As Cedar's own schemas are written.
    Cedar,
    /// As JSON, which other tools for Cedar take too.
    Json,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let file = spec::named(arguments.file.as_deref())?;
    let input = spec::input(&file, &arguments.written, terminal)?;
    let compiled = spec::compile(input, arguments.profile.as_deref())?;
    let rulebook = &compiled.rulebook;
    let json = schema::json(&rulebook.world, &rulebook.hierarchy, |_| true);
    let text = match arguments.format {
        Form::Json => format!("{json:#}\n"),
        Form::Cedar => schema::shown(json).map_err(|why| {
            CommandError::new(format!("there is no schema: {why}"))
                .hint("`gatec check` says which names collide")
        })?,
    };
    terminal.print(&text);
    Ok(Outcome::Clean)
}
