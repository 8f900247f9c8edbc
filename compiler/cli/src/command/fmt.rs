//! `gatec fmt`

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use gatec_compiler::check::policies::alone;
use gatec_compiler::policy::layout::layout;
use gatec_syntax::{Diagnostic, Sources};

use crate::diff::unified;
use crate::spec::{self, Form, Written};
use crate::{CommandError, Outcome, Terminal, atomic};

/// Lay out specs and policies in one way; comments are kept.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The specs and `.cedar` files, `-` to go from standard input to standard output; left out, `gate.kdl` or `gate.yaml` in this folder.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write nothing: show what would change, and exit 1 if anything would.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    written: Written,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let files = match arguments.files.as_slice() {
        [] => vec![spec::default_file()?],
        files => files.to_vec(),
    };
    let mut texts = Vec::new();
    let mut outcome = Outcome::Clean;
    for file in &files {
        match one(file, arguments, terminal)? {
            Some(text) => texts.push(text),
            None => outcome = Outcome::Findings,
        }
    }
    if arguments.check {
        let changed = texts.iter().filter(|text| text.is_changed());
        for text in changed {
            outcome = Outcome::Findings;
            let after = format!("{} (formatted)", text.name);
            let (before, after) = ((&*text.name, &*text.before), (&*after, &*text.after));
            let diff = unified(before, after, 2, terminal);
            terminal.print(&diff);
        }
        return Ok(outcome);
    }
    let to_write = || {
        texts
            .iter()
            .any(|text| !text.is_stdin() && text.is_changed())
    };
    if outcome == Outcome::Findings {
        if to_write() {
            terminal.say("nothing was written: mend what is told above first\n");
        }
        return Ok(outcome);
    }
    put(&texts)?;
    for text in texts.iter().filter(|text| text.is_stdin()) {
        terminal.print(&text.after);
    }
    Ok(outcome)
}

/// A text as it is and as it is laid out.
struct Text<'f> {
    file: &'f Path,
    name: String,
    before: String,
    after: String,
}

impl Text<'_> {
    fn is_changed(&self) -> bool {
        self.before != self.after
    }

    fn is_stdin(&self) -> bool {
        spec::is_stdin(self.file)
    }
}

/// A text with its layout; nothing for one that cannot be read, of which it is told why.
fn one<'f>(
    file: &'f Path,
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Option<Text<'f>>, CommandError> {
    if let Some((name, before)) = spec::policies(file, &arguments.written, terminal)? {
        return Ok(policies(file, name, before, terminal));
    }
    let text = spec::text(file, &arguments.written, terminal)?;
    match format(&text.text, text.form) {
        Ok(after) => Ok(Some(Text {
            file,
            name: arguments.written.shown(file),
            before: text.text,
            after,
        })),
        Err(findings) => {
            let mut sources = Sources::new();
            sources.add(text.name, text.text.as_str());
            spec::show(&findings, &sources, terminal);
            Ok(None)
        }
    }
}

/// A text of policies with its layout.
fn policies<'f>(
    file: &'f Path,
    name: String,
    before: String,
    terminal: &mut Terminal<'_>,
) -> Option<Text<'f>> {
    match layout(&before) {
        Ok(after) => Some(Text {
            file,
            name,
            before,
            after,
        }),
        Err(why) => {
            let (sources, findings) = alone(&name, before.into());
            match findings.is_empty() {
                true => terminal.say(&format!("`{name}` was left as it is: {why}\n")),
                false => spec::show(&findings, &sources, terminal),
            }
            None
        }
    }
}

/// Writes what has changed: all of it lies beside the files before the first is replaced, so that what can
/// fail has failed by then.
fn put(texts: &[Text<'_>]) -> Result<(), CommandError> {
    let mut known = HashSet::new();
    let files = texts
        .iter()
        .filter(|text| !text.is_stdin() && text.is_changed());
    let files = files.filter(|text| known.insert(text.file));
    let staged = files.map(|text| Ok((text, atomic::stage(text.file, text.after.as_bytes())?)));
    let staged: Vec<_> = staged.collect::<Result<_, CommandError>>()?;
    let mut written: Vec<String> = Vec::new();
    for (text, staged) in staged {
        if let Err(error) = staged.put() {
            return Err(match written.is_empty() {
                true => error,
                false => error.hint(format!("written before that: {}", written.join(", "))),
            });
        }
        written.push(format!("`{}`", text.name));
    }
    Ok(())
}

fn format(text: &str, form: Form) -> Result<String, Vec<Diagnostic>> {
    match form {
        Form::Kdl => gatec_syntax::kdl::format(text),
        Form::Yaml => gatec_syntax::yaml::format(text),
    }
}
