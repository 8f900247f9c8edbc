//! `gatec init`

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::{CommandError, Outcome, Terminal};

const KDL: &str = include_str!("init/gate.kdl");
const YAML: &str = include_str!("init/gate.yaml");

/// Begin a spec: write a small gate.kdl that can be checked, tested and served.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The folder to write into; made if it is not there.
    #[arg(default_value = ".", value_name = "FOLDER")]
    folder: PathBuf,
    /// Write gate.yaml instead.
    #[arg(long)]
    yaml: bool,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let (name, text) = match arguments.yaml {
        true => ("gate.yaml", YAML),
        false => ("gate.kdl", KDL),
    };
    let folder = &arguments.folder;
    fs::create_dir_all(folder).map_err(|error| match folder.exists() {
        true => CommandError::new(format!(
            "`{}` is a file, expected a folder",
            folder.display()
        )),
        false => CommandError::file("make the folder", folder, &error),
    })?;
    refuse_other(folder)?;
    let file = match folder.as_os_str() == "." {
        true => PathBuf::from(name),
        false => folder.join(name),
    };
    write_new(&file, text)?;
    let shown = file.display();
    terminal.print(&format!(
        "wrote {shown}\n\n  gatec check {shown}\n  gatec test {shown}\n  gated run {shown}\n"
    ));
    Ok(Outcome::Clean)
}

/// A second spec beside the first would leave it open which one is meant.
fn refuse_other(folder: &Path) -> Result<(), CommandError> {
    for name in crate::spec::DEFAULT_FILES {
        let file = folder.join(name);
        if file.symlink_metadata().is_ok() {
            let shown = if folder.as_os_str() == "." {
                PathBuf::from(name)
            } else {
                file
            };
            return Err(already(&shown));
        }
    }
    Ok(())
}

fn already(file: &Path) -> CommandError {
    CommandError::new(format!(
        "`{}` is there already; nothing was written",
        file.display()
    ))
    .hint("name another folder: `gatec init FOLDER`")
}

fn write_new(file: &Path, text: &str) -> Result<(), CommandError> {
    let created = fs::File::create_new(file).and_then(|mut created| {
        use std::io::Write;
        created.write_all(text.as_bytes())
    });
    created.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => already(file),
        _ => CommandError::file("write", file, &error),
    })
}
