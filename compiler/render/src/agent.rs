//! Findings for programs that mend what they read: short, without colours, each complete in itself.

use std::fmt::Write;

use gatec_syntax::Fix;

use crate::Report;
use crate::patch;
use crate::report::{Found, one_line};
use crate::summary::counted;

/// How many bytes of a line are shown on either side of a place.
const AROUND: usize = 120;

/// A block for each finding: its place, severity, code and message, the line it stands in, what to do,
/// and the mend as a unified diff, with a word where it is not certain; then one line that counts them.
pub fn agent(report: &Report<'_>) -> String {
    let findings = report.findings();
    let mut text = String::new();
    for found in &findings {
        block(found, &mut text);
        text.push('\n');
    }
    let _ = writeln!(text, "{}", closing(&findings));
    text
}

fn closing(findings: &[Found<'_>]) -> String {
    if findings.is_empty() {
        return "no findings".to_owned();
    }
    let counted = counted(findings.iter().map(|found| {
        let file = found.view.name(found.diagnostic.span);
        (found.diagnostic.severity, file)
    }));
    let fixes = findings
        .iter()
        .filter(|found| found.diagnostic.certain_fix().is_some())
        .count();
    match fixes {
        0 => counted,
        _ => format!("{counted}; `gatec check --fix` mends {fixes} of them"),
    }
}

fn block(found: &Found<'_>, text: &mut String) {
    let diagnostic = found.diagnostic;
    let message = one_line(&diagnostic.message);
    let _ = writeln!(text, "{}{} {message}", found.at(" "), found.kind());
    if let Some(at) = found.view.place(diagnostic.span) {
        let line = shown(found.view.line(diagnostic.span, AROUND));
        let _ = writeln!(text, "{} | {line}", at.start.line);
    }
    if !diagnostic.label.is_empty() {
        let _ = writeln!(text, "here: {}", one_line(&diagnostic.label));
    }
    for related in &diagnostic.related {
        let place = found.view.told(related.span);
        let _ = writeln!(text, "see {place}: {}", one_line(&related.label));
    }
    if let Some(help) = &diagnostic.help {
        let _ = writeln!(text, "help: {}", one_line(help));
    }
    if let Some(fix) = &diagnostic.fix {
        mend(fix, found, text);
    }
}

fn mend(fix: &Fix, found: &Found<'_>, text: &mut String) {
    let title = one_line(&fix.title);
    let word = if fix.certain {
        "fix"
    } else {
        "fix, if this is meant"
    };
    match patch::diff(fix, found.view) {
        Some(diff) => drop(write!(text, "{word}: {title}\n{diff}")),
        None => drop(writeln!(
            text,
            "{word}: {title} (too long to show; `gatec check --diff` does)"
        )),
    }
}

fn shown((line, [before, after]): (&str, [bool; 2])) -> String {
    let mark = |is_cut: bool| if is_cut { "…" } else { "" };
    format!("{}{}{}", mark(before), one_line(line), mark(after))
}
