//! `--fix` and `--diff`: the certain fixes, applied until there is none left.
//!
//! All is done in memory, on texts that stand in the place of files. Files are written at the end, all
//! or none.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use gatec_compiler::Compiled;
use gatec_compiler::load::{Input, Options};
use gatec_render::one_line;
use gatec_syntax::{Edit, SourceId};

use super::put::{self, Change};
use super::round::together;
use super::{Arguments, Named};
use crate::checked::Checked;
use crate::diff::unified;
use crate::progress::Progress;
use crate::{CommandError, Outcome, Terminal, spec};

/// How often a spec is checked and mended at most.
const ROUNDS: usize = 20;

/// How many fixes are told one by one.
const TOLD: usize = 100;

pub(super) fn run(
    files: &[PathBuf],
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let mut desk = Desk::default();
    let mut specs = Vec::new();
    for file in files {
        let input = spec::input(file, &arguments.written, terminal)?;
        let name = arguments.written.shown(file);
        let progress = Progress::of(terminal, format!("mending {name}"));
        let compiled = desk.mend(input, arguments.profile.as_deref())?;
        drop(progress);
        specs.push(Named {
            name,
            checked: Checked::from(compiled),
        });
    }
    if arguments.diff {
        return Ok(show(&desk, terminal));
    }
    put::all(&desk.changes, terminal)?;
    terminal.say(&desk.told("mended"));
    match desk.standard_input {
        None => arguments.tell(&specs, terminal)?,
        Some(text) => {
            terminal.print(&text);
            let report = arguments.report(&specs, terminal)?;
            terminal.say(&report);
            arguments.tell_more(&specs, terminal);
        }
    }
    Ok(arguments.outcome(&specs))
}

fn show(desk: &Desk, terminal: &mut Terminal<'_>) -> Outcome {
    for change in desk.changes.iter().filter(|change| change.is_one()) {
        let name = change.name.as_str();
        let diff = unified((name, &change.before), (name, &change.after), 3, terminal);
        terminal.print(&diff);
    }
    terminal.say(&desk.told("would mend"));
    match desk.changes.iter().any(Change::is_one) {
        true => Outcome::Findings,
        false => Outcome::Clean,
    }
}

/// What was mended so far, in all specs: they may include the same files.
#[derive(Default)]
struct Desk {
    changes: Vec<Change>,
    /// What each fix does, and where.
    applied: Vec<String>,
    /// Why fixes were left, for each spec.
    left: Vec<String>,
    /// The text from standard input, mended or not.
    standard_input: Option<String>,
}

impl Desk {
    /// Checks and mends a spec until no fix is left; gives what the last check found.
    fn mend(&mut self, input: Input, profile: Option<&str>) -> Result<Compiled, CommandError> {
        let mut input = input;
        let mut options = spec::options(profile);
        let mut known: HashSet<Vec<Arc<str>>> = HashSet::new();
        let mut compiled = self.check(&input, &mut options)?;
        for _ in 0..ROUNDS {
            let is_text = matches!(input, Input::Text { .. });
            // What a text from standard input includes is another's.
            let may = |source: SourceId| !is_text || source == SourceId(0);
            let chosen = together(&compiled.diagnostics, &compiled.sources, may);
            if chosen.is_empty() {
                break;
            }
            let mut edits: BTreeMap<SourceId, Vec<&Edit>> = BTreeMap::new();
            for edit in chosen.iter().flat_map(|(_, fix)| &fix.edits) {
                edits.entry(edit.span.source).or_default().push(edit);
            }
            let lines = chosen.iter().map(|(found, fix)| {
                let place = compiled.sources.place(found.span);
                one_line(&format!("{place} {}: {}", found.code, fix.title))
            });
            self.applied.extend(lines);
            for (source, edits) in edits {
                self.change(source, &edits, &compiled, &mut input)?;
            }
            compiled = self.check(&input, &mut options)?;
            let texts = self.changes.iter().map(|change| Arc::clone(&change.after));
            if !known.insert(texts.collect()) {
                // Two fixes undo each other.
                break;
            }
        }
        self.leave(&compiled);
        if let Input::Text { text, .. } = input {
            self.standard_input = Some(text);
        }
        Ok(compiled)
    }

    /// Checks a spec with the texts as they are by now.
    fn check(&self, input: &Input, options: &mut Options) -> Result<Compiled, CommandError> {
        let names: Vec<PathBuf> = options.texts.keys().cloned().collect();
        options.texts = self.texts(&names);
        let mut compiled = spec::check(input.clone(), options)?;
        for _ in 0..ROUNDS {
            let texts = self.texts(&compiled.watched);
            if texts == options.texts {
                break;
            }
            // A mended file is read for the first time in this spec.
            options.texts = texts;
            compiled = spec::check(input.clone(), options)?;
        }
        Ok(compiled)
    }

    /// The mended texts among some files, by the names the compiler has for them.
    fn texts(&self, names: &[PathBuf]) -> HashMap<PathBuf, Arc<str>> {
        let text = |name: &PathBuf| {
            let real = fs::canonicalize(name).ok()?;
            let is_it = |change: &&Change| change.file.as_ref() == Some(&real);
            let change = self.changes.iter().find(is_it)?;
            Some((name.clone(), Arc::clone(&change.after)))
        };
        match self.changes.is_empty() {
            true => HashMap::new(),
            false => names.iter().filter_map(text).collect(),
        }
    }

    /// Applies edits to one text.
    fn change(
        &mut self,
        source: SourceId,
        edits: &[&Edit],
        compiled: &Compiled,
        input: &mut Input,
    ) -> Result<(), CommandError> {
        let Some(source_text) = compiled.sources.get(source) else {
            return Ok(());
        };
        let name = source_text.name();
        let Some(after) = gatec_render::apply(source_text.text(), edits.iter().copied()) else {
            return Err(CommandError::new(format!(
                "the fixes for `{name}` do not fit together"
            )));
        };
        let file = match input {
            Input::Text { text, .. } if source == SourceId(0) => {
                after.clone_into(text);
                None
            }
            _ => Some(plain_file(name)?),
        };
        let after: Arc<str> = after.into();
        match self.changes.iter_mut().find(|change| change.file == file) {
            Some(change) => change.after = after,
            None => self.changes.push(Change {
                name: name.to_owned(),
                file,
                before: source_text.shared(),
                after,
            }),
        }
        Ok(())
    }

    /// Notes what fixes the last check still has.
    fn leave(&mut self, compiled: &Compiled) {
        let fixable = compiled
            .diagnostics
            .iter()
            .filter(|found| found.certain_fix().is_some());
        self.left.extend(fixable.map(|found| {
            let place = compiled.sources.place(found.span);
            one_line(&format!("{place} {}: {}", found.code, found.message))
        }));
    }

    /// What was done, a line each, and what was not.
    fn told(&self, done: &str) -> String {
        let mut lines = String::new();
        for line in self.applied.iter().take(TOLD) {
            lines.push_str(&format!("{done} {line}\n"));
        }
        match self.applied.len().saturating_sub(TOLD) {
            0 => {}
            more => lines.push_str(&format!("{done} {more} more\n")),
        }
        for line in self.left.iter().take(TOLD) {
            lines.push_str(&format!("a fix is left: {line}\n"));
        }
        lines
    }
}

/// The plain file of a name, all links followed.
fn plain_file(name: &str) -> Result<PathBuf, CommandError> {
    let file = fs::canonicalize(name)
        .map_err(|error| CommandError::file("write", name.as_ref(), &error))?;
    match file.is_file() {
        true => Ok(file),
        false => Err(CommandError::new(format!(
            "cannot mend `{name}`: it is no plain file"
        ))),
    }
}
