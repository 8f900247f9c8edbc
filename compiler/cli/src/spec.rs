//! Specs and bundles as a command's arguments name them.

mod served;
mod stdin;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use gatec_compiler::Compiled;
use gatec_compiler::load::{Format, Input, Options};
use gatec_syntax::{Diagnostic, Document, Severity, Sources};

use crate::{CommandError, Terminal};

pub(crate) use served::{Located, Served, asked, counts, load, served};
pub(crate) use stdin::Written;

/// What a spec is called where none is named, in the order of looking.
pub(crate) const DEFAULT_FILES: [&str; 3] = ["gate.kdl", "gate.yaml", "gate.yml"];

/// The forms a spec can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// KDL 2.
    Kdl,
    /// YAML 1.2.
    Yaml,
}

impl Form {
    pub(crate) fn other(self) -> Self {
        match self {
            Form::Kdl => Form::Yaml,
            Form::Yaml => Form::Kdl,
        }
    }

    /// The form of a file by its name.
    pub(crate) fn of(file: &Path) -> Option<Self> {
        match file.extension()?.to_str()? {
            "kdl" => Some(Form::Kdl),
            "yaml" | "yml" => Some(Form::Yaml),
            _ => None,
        }
    }

    fn format(self) -> Format {
        match self {
            Form::Kdl => Format::Kdl,
            Form::Yaml => Format::Yaml,
        }
    }
}

/// Whether a name stands for standard input.
pub(crate) fn is_stdin(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// A file's name in messages.
pub(crate) fn shown(file: &Path) -> String {
    match is_stdin(file) {
        true => "standard input".to_owned(),
        false => file.display().to_string(),
    }
}

/// The file that was named, or the one in this folder.
pub(crate) fn named(file: Option<&Path>) -> Result<PathBuf, CommandError> {
    match file {
        Some(file) => Ok(file.to_owned()),
        None => default_file(),
    }
}

/// The spec of this folder.
pub(crate) fn default_file() -> Result<PathBuf, CommandError> {
    let there: Vec<&str> = DEFAULT_FILES
        .into_iter()
        .filter(|name| Path::new(name).is_file())
        .collect();
    match there.as_slice() {
        [one] => Ok(PathBuf::from(one)),
        [] => Err(
            CommandError::new("there is no `gate.kdl` or `gate.yaml` in this folder")
                .hint("name the spec, or begin one with `gatec init`"),
        ),
        several => Err(CommandError::new(format!(
            "this folder has `{}`; which one is meant?",
            several.join("` and `")
        ))
        .hint("name the spec")),
    }
}

/// What a command compiles.
pub(crate) fn input(
    file: &Path,
    written: &Written,
    terminal: &mut Terminal<'_>,
) -> Result<Input, CommandError> {
    if is_stdin(file) {
        let name = written.name();
        let text = utf8(&name, terminal.read()?)?;
        let format = written.form(&text).format();
        let base = written.base();
        return Ok(Input::Text {
            name,
            text,
            format,
            base,
        });
    }
    form_of(file)?;
    readable(file)?;
    Ok(Input::File(file.to_owned()))
}

fn form_of(file: &Path) -> Result<Form, CommandError> {
    if file.is_dir() {
        return Err(folder_instead(file));
    }
    Form::of(file).ok_or_else(|| {
        CommandError::new(format!(
            "`{}` is neither a `.kdl` nor a `.yaml` file",
            file.display()
        ))
        .hint("to read it all the same, pass it on standard input: `-` with `--stdin-format`")
    })
}

fn folder_instead(folder: &Path) -> CommandError {
    let error = CommandError::new(format!(
        "`{}` is a folder, expected a spec",
        folder.display()
    ));
    let inside = DEFAULT_FILES
        .iter()
        .map(|name| folder.join(name))
        .find(|file| file.is_file());
    match inside {
        Some(file) => error.hint(format!("did you mean `{}`?", file.display())),
        None => error,
    }
}

/// Opens the file, so that a missing one is said in the words of a command and not as a finding.
fn readable(file: &Path) -> Result<(), CommandError> {
    fs::File::open(file)
        .map(drop)
        .map_err(|error| unreadable(file, &error))
}

fn unreadable(file: &Path, error: &io::Error) -> CommandError {
    let wrong = CommandError::file("read", file, error);
    if error.kind() != io::ErrorKind::NotFound {
        return wrong;
    }
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let likeness = |other: &str| strsim::jaro_winkler(other, &name);
    let others = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = others
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|other| Form::of(Path::new(other)).is_some());
    let best = names.max_by(|one, two| {
        likeness(one)
            .total_cmp(&likeness(two))
            .then_with(|| two.cmp(one))
    });
    match best.filter(|best| likeness(best) > 0.8) {
        Some(best) => wrong.hint(format!(
            "did you mean `{}`?",
            file.with_file_name(best).display()
        )),
        None => wrong,
    }
}

/// The bytes of a file or of standard input, with the name to show.
pub(crate) fn bytes(
    file: &Path,
    terminal: &mut Terminal<'_>,
) -> Result<(String, Vec<u8>), CommandError> {
    if is_stdin(file) {
        return Ok(("<stdin>".to_owned(), terminal.read()?));
    }
    if file.is_dir() {
        return Err(folder_instead(file));
    }
    let bytes = fs::read(file).map_err(|error| unreadable(file, &error))?;
    Ok((file.display().to_string(), bytes))
}

/// Bytes as text.
pub(crate) fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, CommandError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        CommandError::new(format!(
            "cannot read `{name}`: it is not UTF-8 text (at byte {at})"
        ))
    })
}

/// A spec as text.
pub(crate) struct Text {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) form: Form,
}

/// The text of a file of policies, by its name or that of standard input; none of any other file.
pub(crate) fn policies(
    file: &Path,
    written: &Written,
    terminal: &mut Terminal<'_>,
) -> Result<Option<(String, String)>, CommandError> {
    let is_cedar = |file: &Path| file.extension().is_some_and(|ending| ending == "cedar");
    let (name, bytes) = match is_stdin(file) {
        true if is_cedar(Path::new(&written.name())) => (written.name(), terminal.read()?),
        false if is_cedar(file) && !file.is_dir() => bytes(file, terminal)?,
        _ => return Ok(None),
    };
    Ok(Some((name.clone(), utf8(&name, bytes)?)))
}

/// The text of a spec.
pub(crate) fn text(
    file: &Path,
    written: &Written,
    terminal: &mut Terminal<'_>,
) -> Result<Text, CommandError> {
    let named = if is_stdin(file) {
        None
    } else {
        Some(form_of(file)?)
    };
    let (name, bytes) = match named {
        Some(_) => bytes(file, terminal)?,
        None => (written.name(), terminal.read()?),
    };
    let text = utf8(&name, bytes)?;
    let form = named.unwrap_or_else(|| written.form(&text));
    Ok(Text { name, text, form })
}

/// The form of what is compiled.
pub(crate) fn form(input: &Input) -> Form {
    match input {
        Input::Text {
            format: Format::Yaml,
            ..
        } => Form::Yaml,
        Input::Text {
            format: Format::Kdl,
            ..
        } => Form::Kdl,
        Input::File(file) => Form::of(file).unwrap_or(Form::Kdl),
    }
}

/// Writes a document in a form.
pub(crate) fn written(document: &Document, form: Form) -> String {
    match form {
        Form::Kdl => gatec_compiler::convert::to_kdl(document),
        Form::Yaml => gatec_compiler::convert::to_yaml(document),
    }
}

/// What besides the spec decides the outcome.
pub(crate) fn options(profile: Option<&str>) -> Options {
    Options {
        profile: profile.map(str::to_owned),
        ..Options::default()
    }
}

/// Checks a spec: under one profile, or without and under each.
pub(crate) fn check(input: Input, options: &Options) -> Result<Compiled, CommandError> {
    match options.profile.as_deref() {
        Some(name) => known(gatec_compiler::compile(input, options), Some(name)),
        None => Ok(gatec_compiler::check(input, options)),
    }
}

/// Compiles a spec.
pub(crate) fn compile(input: Input, profile: Option<&str>) -> Result<Compiled, CommandError> {
    known(gatec_compiler::compile(input, &options(profile)), profile)
}

/// Compiles a spec to ask it, also where whole routes are at fault.
fn draft(input: Input, profile: Option<&str>) -> Result<Compiled, CommandError> {
    known(gatec_compiler::draft(input, &options(profile)), profile)
}

/// A profile that is named on the command line and is not there is a mistake of that line; except
/// that in a text which is broken it may well be.
fn known(compiled: Compiled, profile: Option<&str>) -> Result<Compiled, CommandError> {
    let wrong = profile.filter(|name| !compiled.profiles.iter().any(|known| known == name));
    let broken = |found: &Diagnostic| {
        found.severity == Severity::Error && (found.code.is_empty() || found.code.starts_with('K'))
    };
    match wrong {
        Some(name) if !compiled.diagnostics.iter().any(broken) => {
            Err(unknown_profile(name, &compiled))
        }
        _ => Ok(compiled),
    }
}

fn unknown_profile(name: &str, compiled: &Compiled) -> CommandError {
    let file = compiled.sources.get(compiled.document.span.source);
    let file = file.map(|source| format!("`{}`", source.name()));
    let error = CommandError::new(format!(
        "there is no profile `{name}` in {}",
        file.as_deref().unwrap_or("the spec")
    ));
    let mut names = compiled.profiles.clone();
    names.sort_unstable();
    match names.is_empty() {
        true => error.hint(format!(
            "it has none; a spec writes one as `profile {name:?} {{ … }}`"
        )),
        false => error.hint(format!(
            "the profiles are {}",
            gatec_compiler::check::listed(names.iter().map(String::as_str))
        )),
    }
}

/// The findings that keep a bundle from being made.
pub(crate) fn errors(findings: &[Diagnostic]) -> Vec<Diagnostic> {
    findings
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .cloned()
        .collect()
}

/// Shows findings on standard error.
pub(crate) fn show(findings: &[Diagnostic], sources: &Sources, terminal: &mut Terminal<'_>) {
    let text =
        gatec_render::human_within(findings, sources, terminal.errors_color(), terminal.width());
    terminal.say(&text);
}

/// A number of bytes for people.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{}.{} KiB", bytes / 1024, bytes % 1024 * 10 / 1024),
        _ => format!(
            "{}.{} MiB",
            bytes / 1_048_576,
            bytes % 1_048_576 * 10 / 1_048_576
        ),
    }
}
