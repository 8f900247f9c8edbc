//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::reload::Source;
use crate::replica::{ManagementAddress, Options};

/// Serves a gateway or mock server, and swaps changes in while it runs.
#[derive(Debug, Parser)]
#[command(name = "gated", version = crate::LONG_VERSION, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves until it is told to stop (SIGTERM, Ctrl-C); SIGHUP reads the sources again. Closing the terminal it was started from stops it.
    Run(Run),
}

#[derive(Debug, clap::Args)]
struct Run {
    /// A spec (.kdl, .yaml), a bundle (.gateb), or a folder that receives bundles.
    path: PathBuf,
    /// The profile to merge over the spec.
    #[arg(long)]
    profile: Option<String>,
    /// The address for health, status and metrics, or `off`. [default: the spec's]
    #[arg(long, value_name = "ADDRESS")]
    management: Option<String>,
    /// Threads that serve; 0: one per processor. [default: the spec's]
    #[arg(long)]
    workers: Option<usize>,
    /// The least important messages logged. [default: the spec's]
    #[arg(long, value_parser = ["error", "warn", "info", "debug", "trace"])]
    log_level: Option<String>,
    /// The form of log lines. [default: the spec's]
    #[arg(long, value_parser = ["auto", "pretty", "json"])]
    log_format: Option<String>,
    /// A folder with a file for each secret.
    #[arg(long, value_name = "FOLDER", env = "GATED_SECRETS_DIR")]
    secrets_dir: Option<PathBuf>,
    /// Ask this name server for addresses of upstreams, instead of those of the system.
    #[arg(long, value_name = "ADDRESS")]
    name_server: Option<SocketAddr>,
    /// Development mode: unmatched requests are told the nearest routes.
    #[arg(long)]
    dev: bool,
}

impl Cli {
    /// What was asked for.
    ///
    /// # Errors
    /// What is wrong with it, in words for the user.
    pub fn options(self) -> Result<Options, String> {
        let Command::Run(run) = self.command;
        if let Some(folder) = run.secrets_dir.as_ref().filter(|folder| !folder.is_dir()) {
            return Err(format!(
                "there is no folder `{}`, which `--secrets-dir` (or `GATED_SECRETS_DIR`) names",
                folder.display()
            ));
        }
        Ok(Options {
            source: Source::of(&run.path, run.profile)?,
            management: management(run.management.as_deref())?,
            workers: run.workers,
            log_level: run.log_level,
            log_format: run.log_format,
            secrets_dir: run.secrets_dir,
            name_server: run.name_server,
            development: run.dev,
        })
    }
}

fn management(text: Option<&str>) -> Result<ManagementAddress, String> {
    match text {
        None => Ok(ManagementAddress::Spec),
        Some("off") => Ok(ManagementAddress::Off),
        Some(text) => text
            .parse::<SocketAddr>()
            .map(ManagementAddress::At)
            .map_err(|_| {
                format!(
                    "`{text}` is no address with a port, such as `127.0.0.1:9901`, and not `off`"
                )
            }),
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::Cli;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_is_wrong_is_told_in_words() {
        let error = |arguments: &[&str]| {
            Cli::try_parse_from([&["gated", "run"], arguments].concat())
                .unwrap()
                .options()
                .unwrap_err()
        };
        assert_eq!(
            error(&["none.kdl"]),
            "there is no file or folder `none.kdl`"
        );
        assert!(error(&[".", "--secrets-dir", "nodir"]).starts_with("there is no folder `nodir`"));
        assert_eq!(
            error(&[".", "--management", "here"]),
            "`here` is no address with a port, such as `127.0.0.1:9901`, and not `off`"
        );
    }
}
