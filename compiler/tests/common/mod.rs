//! What the tests of the front half share.

#![allow(dead_code, reason = "not every test file needs all of it")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatec_compiler::Front;
use gatec_compiler::load::{Format, Input, Options, front};
use gatec_syntax::{Diagnostic, Sources};

/// Options with a small environment of their own.
pub(crate) fn options() -> Options {
    let environment = |name: &str| match name {
        "PORT" => Some("8080".to_owned()),
        "WORD" | "SHOP" => Some("word".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    };
    Options {
        environment: Arc::new(environment),
        ..Options::default()
    }
}

/// Reads a text that lies in no particular folder.
pub(crate) fn compile(text: &str, format: Format) -> Front {
    front(text_in(Path::new("."), text, format), &options())
}

/// A text as the root file of a folder.
pub(crate) fn text_in(base: &Path, text: &str, format: Format) -> Input {
    let name = match format {
        Format::Kdl => "gate.kdl",
        Format::Yaml => "gate.yaml",
    };
    Input::Text {
        name: name.to_owned(),
        text: text.to_owned(),
        format,
        base: PathBuf::from(base),
    }
}

/// Findings as lines to read: code, place, message, and what is offered beside it.
pub(crate) fn shown(sources: &Sources, findings: &[Diagnostic]) -> String {
    let mut lines = String::new();
    for finding in findings {
        let place = sources.place(finding.span);
        let words = sources.slice(finding.span).lines().next().unwrap_or("");
        lines.push_str(&format!(
            "{} {place} `{words}`: {}\n",
            finding.code, finding.message
        ));
        if !finding.label.is_empty() {
            lines.push_str(&format!("    label: {}\n", finding.label));
        }
        for related in &finding.related {
            lines.push_str(&format!(
                "    {} {}\n",
                sources.place(related.span),
                related.label
            ));
        }
        if let Some(help) = &finding.help {
            lines.push_str(&format!("    help: {help}\n"));
        }
        if let Some(fix) = &finding.fix {
            let word = if fix.certain { "fix" } else { "offer" };
            lines.push_str(&format!("    {word}: {}\n", fix.title));
        }
    }
    lines
}
