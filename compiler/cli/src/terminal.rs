//! Where a command reads from and writes to.

use std::io::{self, BufWriter, IsTerminal, Read, Write};

use crate::arguments::Color;
use crate::error::{CommandError, reason};

/// Standard input, output and error of a command, and how they look.
pub struct Terminal<'a> {
    input: Box<dyn Read + 'a>,
    output: Stream<'a>,
    errors: Stream<'a>,
}

struct Stream<'a> {
    writer: Box<dyn Write + 'a>,
    terminal: bool,
    color: bool,
    failed: Option<io::Error>,
}

impl Terminal<'static> {
    /// The process's own.
    pub fn of_process() -> Self {
        let output = Stream::to(BufWriter::new(io::stdout()), io::stdout().is_terminal());
        let errors = Stream::to(io::stderr(), io::stderr().is_terminal());
        Self {
            input: Box::new(io::stdin()),
            output,
            errors,
        }
    }
}

impl<'a> Terminal<'a> {
    /// Any reader and writers, none of them a terminal.
    pub fn plain(input: impl Read + 'a, output: impl Write + 'a, errors: impl Write + 'a) -> Self {
        Self {
            input: Box::new(input),
            output: Stream::to(output, false),
            errors: Stream::to(errors, false),
        }
    }

    pub(crate) fn choose_color(&mut self, color: Color) {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        for stream in [&mut self.output, &mut self.errors] {
            stream.color = match color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => stream.terminal && !refused && !dumb,
            };
        }
    }

    /// Writes to standard output. A reader that went away is no error: it has what it wanted.
    pub(crate) fn print(&mut self, text: &str) {
        self.output.write(text.as_bytes());
    }

    /// Writes to standard error.
    pub(crate) fn say(&mut self, text: &str) {
        // What was printed before stands before it, also where both go to one terminal.
        if !text.is_empty() {
            self.output.flush();
        }
        self.errors.write(text.as_bytes());
    }

    /// Makes sure that all output went out.
    pub(crate) fn finish(&mut self) -> Result<(), CommandError> {
        self.output.flush();
        self.errors.flush();
        match self.output.failed.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CommandError::new(
                format!("cannot write the output: {}", reason(&error)),
            )),
            _ => Ok(()),
        }
    }

    /// Sends out what was printed so far; whether anybody still reads it.
    pub(crate) fn flush(&mut self) -> bool {
        self.output.flush();
        self.errors.flush();
        self.output.failed.is_none()
    }

    /// Begins on an empty screen, where there is one.
    pub(crate) fn clear(&mut self) {
        if self.output.terminal {
            self.print("\u{1b}[2J\u{1b}[H");
        }
    }

    /// Everything on standard input.
    pub(crate) fn read(&mut self) -> Result<Vec<u8>, CommandError> {
        let mut bytes = Vec::new();
        // A text larger than any that is read is cut off just past that bound, and then refused.
        let most = gatec_syntax::kdl::MAX_TEXT as u64 + 1;
        match self.input.by_ref().take(most).read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(error) => Err(CommandError::new(format!(
                "cannot read standard input: {}",
                reason(&error)
            ))),
        }
    }

    /// Whether standard output shows colours.
    pub(crate) fn color(&self) -> bool {
        self.output.color
    }

    /// Whether standard error shows colours.
    pub(crate) fn errors_color(&self) -> bool {
        self.errors.color
    }

    /// Whether somebody watches standard error.
    pub(crate) fn errors_watched(&self) -> bool {
        self.errors.terminal
    }

    /// Columns to draw in.
    pub(crate) fn width(&self) -> usize {
        let size =
            (self.output.terminal || self.errors.terminal).then(terminal_size::terminal_size);
        size.flatten()
            .map_or(gatec_render::WIDTH, |(width, _)| usize::from(width.0))
    }

    /// Text in a style (ANSI numbers) for standard output, where it shows colours.
    pub(crate) fn paint(&self, style: &str, text: &str) -> String {
        paint(self.output.color, style, text)
    }

    /// The same for standard error.
    pub(crate) fn errors_paint(&self, style: &str, text: &str) -> String {
        paint(self.errors.color, style, text)
    }
}

fn paint(color: bool, style: &str, text: &str) -> String {
    match color {
        true => format!("\u{1b}[{style}m{text}\u{1b}[0m"),
        false => text.to_owned(),
    }
}

impl<'a> Stream<'a> {
    fn to(writer: impl Write + 'a, terminal: bool) -> Self {
        Self {
            writer: Box::new(writer),
            terminal,
            color: false,
            failed: None,
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.failed = self.writer.write_all(bytes).err();
        }
    }

    fn flush(&mut self) {
        if self.failed.is_none() {
            self.failed = self.writer.flush().err();
        }
    }
}
