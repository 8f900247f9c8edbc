//! `--watch`: checks again whenever something changes.

use std::path::PathBuf;

use super::{Arguments, Named, one};
use crate::spec::is_stdin;
use crate::watch::Watch;
use crate::{CommandError, Outcome, Terminal};

/// Goes on until it is interrupted, or nobody reads its output any more.
pub(super) fn run(
    files: &[PathBuf],
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    if files.iter().any(|file| is_stdin(file)) {
        return Err(
            CommandError::new("standard input cannot be watched").hint("name the file of the spec")
        );
    }
    let mut watch = Watch::new();
    loop {
        watch.begin();
        let outcome = once(files, arguments, &mut watch, terminal)?;
        terminal.say(&format!("watching {}; Ctrl-C ends\n", watch.told()));
        if !terminal.flush() {
            return Ok(outcome);
        }
        let changed = watch.wait();
        terminal.clear();
        terminal.print(&format!("--- {} changed ---\n", changed.display()));
    }
}

/// Checks each spec. One that cannot be read now may be there again soon.
fn once(
    files: &[PathBuf],
    arguments: &Arguments,
    watch: &mut Watch,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let cache = arguments.cache();
    let mut specs: Vec<Named> = Vec::new();
    for file in files {
        watch.follow(file);
        match one(file, arguments, cache.as_ref(), terminal) {
            Ok(checked) => specs.push(checked),
            Err(error) => error.show(terminal),
        }
    }
    for Named { checked, .. } in &specs {
        checked.watched.iter().for_each(|path| watch.follow(path));
        for folder in &checked.folders {
            watch.follow_folder(&folder.path, !folder.live);
        }
    }
    arguments.tell(&specs, terminal)?;
    Ok(arguments.outcome(&specs))
}
