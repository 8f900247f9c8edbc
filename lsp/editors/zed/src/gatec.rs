//! Tells Zed how the language server of gatec is started. Everything else is the server's.

use zed_extension_api::settings::{CommandSettings, LspSettings};
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Gatec;

impl zed::Extension for Gatec {
    fn new() -> Self {
        Self
    }

    /// The program of the settings, or else the one on the worktree's `PATH`. It is never downloaded.
    fn language_server_command(
        &mut self,
        id: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Command> {
        let binary = LspSettings::for_worktree(id.as_ref(), worktree)
            .ok()
            .and_then(|settings| settings.binary);
        let CommandSettings {
            path,
            arguments,
            env,
        } = binary.unwrap_or(CommandSettings {
            path: None,
            arguments: None,
            env: None,
        });
        let command = path.or_else(|| worktree.which("gatec")).ok_or(
            "`gatec` was not found: install it, or set `lsp.gatec.binary.path` in the settings",
        )?;
        Ok(Command {
            command,
            args: arguments.unwrap_or_else(|| vec!["lsp".to_owned()]),
            env: worktree
                .shell_env()
                .into_iter()
                .chain(env.unwrap_or_default())
                .collect(),
        })
    }

    fn language_server_initialization_options(
        &mut self,
        id: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<zed::serde_json::Value>> {
        let settings = LspSettings::for_worktree(id.as_ref(), worktree).ok();
        Ok(settings.and_then(|settings| settings.initialization_options))
    }
}

zed::register_extension!(Gatec);
