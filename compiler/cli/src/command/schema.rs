//! `gatec schema`

use crate::arguments::Report;
use crate::{CommandError, Outcome, Terminal};

/// Print the JSON Schema of a spec.
///
/// The schema is the grammar of KDL and YAML alike; editors that know JSON Schema can check YAML specs with it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The form of the output; the schema is JSON either way.
    #[arg(long, value_enum, default_value_t = Report::Json, hide = true)]
    format: Report,
}

pub(crate) fn run(
    _arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let schema = serde_json::to_string_pretty(&gatec_schema::json_schema())
        .map_err(|error| CommandError::new(format!("cannot write the schema: {error}")))?;
    terminal.print(&schema);
    terminal.print("\n");
    Ok(Outcome::Clean)
}
