//! The set-ups for editors in `lsp/editors`: their own tests, run with Node.js, npm and Neovim.
//!
//! What they need is in lock files, so that the same comes everywhere; nothing that npm installs may
//! run a script of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::setup::{self, Need};
use crate::shell;

/// The folders with a `package.json`.
const FOLDERS: [&str; 2] = ["lsp/editors/vscode", "lsp/editors/yaml"];

const NEEDS: [Need; 3] = [
    Need {
        program: "node",
        package: "nodejs",
        why: "tests of the set-ups for editors",
    },
    Need {
        program: "npm",
        package: "npm",
        why: "what those tests are made with",
    },
    Need {
        program: "nvim",
        package: "neovim",
        why: "an editor, for its plugin",
    },
];

/// Makes sure of Node.js and npm, in the same way as of the other programs.
///
/// # Errors
/// Names what is missing, and how to get it.
pub fn prepare(say: &mut dyn FnMut(&str)) -> Result<(), String> {
    setup::all_there(&NEEDS, say)
}

/// Installs what each folder's lock file says and runs its tests; they ask the `gatec` beside this
/// program, which must be built.
///
/// # Errors
/// Says which command failed.
pub fn test() -> Result<(), String> {
    for folder in FOLDERS {
        install(folder)?;
        npm(folder, &["test"])?;
    }
    neovim()
}

/// Neovim's plugin: alone, and with the server.
fn neovim() -> Result<(), String> {
    let plugin = crate::root().join("lsp/editors/neovim");
    let path = format!("set runtimepath+={}", plugin.display());
    for file in ["plugin.lua", "server.lua"] {
        let tests = format!("luafile {}", plugin.join("test").join(file).display());
        let mut command = Command::new(shell::find("nvim").unwrap_or_else(|| "nvim".into()));
        command
            .args(["--headless", "--clean", "--cmd", &path, "-c", &tests])
            .stdin(Stdio::null());
        if let Some(gatec) = gatec() {
            command.env("GATEC", gatec);
        }
        shell::told(
            &format!("the tests of Neovim's plugin ({file})"),
            command.status(),
        )?;
    }
    Ok(())
}

/// The command beside this program, where it was built.
fn gatec() -> Option<PathBuf> {
    let xtask = std::env::current_exe().ok()?;
    let gatec = xtask.with_file_name(format!("gatec{}", std::env::consts::EXE_SUFFIX));
    gatec.is_file().then_some(gatec)
}

/// Packs the extension of VS Code; gives the file.
///
/// # Errors
/// Says which command failed.
pub fn package() -> Result<String, String> {
    let [folder, _] = FOLDERS;
    install(folder)?;
    npm(folder, &["run", "package"])?;
    Ok(format!("{folder}/out/gatec.vsix"))
}

fn install(folder: &str) -> Result<(), String> {
    match is_installed(&crate::root().join(folder)) {
        true => Ok(()),
        false => npm(
            folder,
            &["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        ),
    }
}

/// npm leaves a note of what it installed; a lock file that is newer than it says something else.
fn is_installed(folder: &Path) -> bool {
    let changed = |file: &str| {
        folder
            .join(file)
            .metadata()
            .and_then(|file| file.modified())
    };
    match (
        changed("node_modules/.package-lock.json"),
        changed("package-lock.json"),
    ) {
        (Ok(installed), Ok(locked)) => installed >= locked,
        _ => false,
    }
}

fn npm(folder: &str, arguments: &[&str]) -> Result<(), String> {
    let program = shell::find("npm").unwrap_or_else(|| "npm".into());
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(crate::root().join(folder))
        .stdin(Stdio::null());
    if let Some(gatec) = gatec() {
        command.env("GATEC", gatec);
    }
    shell::told(
        &format!("npm {} (in {folder})", arguments.join(" ")),
        command.status(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_has_a_lock_file_without_a_host() {
        for folder in FOLDERS {
            let file = crate::root().join(folder).join("package-lock.json");
            let lock = std::fs::read_to_string(&file).unwrap();
            assert!(!lock.contains("\"resolved\""), "{}", file.display());
        }
    }

    #[test]
    fn what_is_installed_must_be_as_new_as_the_lock_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        assert!(!is_installed(path));
        std::fs::create_dir(path.join("node_modules")).unwrap();
        std::fs::write(path.join("package-lock.json"), "{}").unwrap();
        assert!(!is_installed(path));
        std::fs::write(path.join("node_modules/.package-lock.json"), "{}").unwrap();
        assert!(is_installed(path));
    }
}
