//! Python programs that the tests run, in an environment of their own, so that nothing else on the
//! machine is changed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell;

/// What is installed.
const REQUIREMENTS: &str = "xtask/requirements.txt";

/// The folder of the environment; the tests look for programs in its `bin`.
fn environment() -> PathBuf {
    crate::root().join("target/tools/python")
}

/// Makes sure that everything in the list is installed, in the versions it says.
///
/// # Errors
/// Says what failed, and what may be missing.
pub(super) fn prepare(say: &mut dyn FnMut(&str)) -> Result<(), String> {
    let requirements = crate::root().join(REQUIREMENTS);
    let wanted = fs::read_to_string(&requirements)
        .map_err(|error| format!("cannot read `{REQUIREMENTS}`: {error}"))?;
    let folder = environment();
    let installed = folder.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    say("installing Python programs into target/tools/python");
    make(&folder)?;
    let python = folder.join("bin/python");
    let arguments = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
        &requirements.to_string_lossy(),
    ];
    shell::run(&python.to_string_lossy(), &arguments)?;
    fs::write(&installed, wanted).map_err(|error| format!("cannot note what is installed: {error}"))
}

fn make(folder: &Path) -> Result<(), String> {
    let folder = folder.to_string_lossy();
    shell::run("python3", &["-m", "venv", "--clear", &folder]).map_err(|error| {
        format!("{error}\non Debian and Ubuntu: sudo apt-get install --no-install-recommends python3-venv")
    })
}
