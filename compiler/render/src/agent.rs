//! Findings for programs that mend what they read: short, without colours, each complete in itself.

use std::fmt::Write;

use gatec_syntax::Fix;

use crate::Report;
use crate::patch;
use crate::report::{Found, one_line};
use crate::summary::counted;

/// How many characters of a line are shown.
const SHOWN: usize = 160;

/// A block for each finding: its place, severity, code and message, the line it stands in, what to do,
/// and the certain mend as a unified diff; then one line that counts them.
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
        .filter(|found| found.diagnostic.fix.is_some())
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
        let (line, column) = (at.start.line, at.start.column as usize);
        let _ = writeln!(
            text,
            "{line} | {}",
            cut(found.view.line(diagnostic.span), column)
        );
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
    match patch::diff(fix, found.view) {
        Some(diff) => drop(write!(text, "fix: {title}\n{diff}")),
        None => drop(writeln!(
            text,
            "fix: {title} (too long to show; `gatec check --diff` does)"
        )),
    }
}

/// The part of a line around a column (from 1).
fn cut(line: &str, column: usize) -> String {
    let line = one_line(line);
    if line.chars().nth(SHOWN).is_none() {
        return line;
    }
    let from = column.saturating_sub(SHOWN / 2);
    let mut part: String = line.chars().skip(from).take(SHOWN).collect();
    if from > 0 {
        part.insert(0, '…');
    }
    if line.chars().nth(from + SHOWN).is_some() {
        part.push('…');
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("{}X{}", "ä".repeat(300), "b".repeat(300));
        let part = cut(&line, 301);
        assert!(part.starts_with("…ä") && part.contains('X') && part.ends_with("b…"));
        assert_eq!(part.chars().count(), SHOWN + 2);
        assert_eq!(cut("short", 3), "short");
    }
}
