//! `gatec explain`

use std::fmt::Write;

use gatec_syntax::Rule;

use crate::arguments::Report;
use crate::{CommandError, Outcome, Terminal};

/// Explain the code of a finding: what it means, why it is a mistake, and how to mend it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The code, such as `S101`, or its name.
    #[arg(required_unless_present = "list")]
    code: Option<String>,
    /// List every code instead.
    #[arg(long, conflicts_with = "code")]
    list: bool,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = Report::Human, value_name = "FORMAT")]
    format: Report,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let rules: Vec<&Rule> = gatec_compiler::rules::all();
    let chosen = match &arguments.code {
        Some(code) => vec![find(&rules, code)?],
        None => rules,
    };
    let text = match (arguments.format, arguments.list) {
        (Report::Json, _) => json(&chosen),
        (Report::Human, true) => list(&chosen, terminal),
        (Report::Human, false) => chosen.iter().map(|rule| page(rule, terminal)).collect(),
    };
    terminal.print(&text);
    Ok(Outcome::Clean)
}

fn find<'r>(rules: &[&'r Rule], code: &str) -> Result<&'r Rule, CommandError> {
    let same = |rule: &&&Rule| {
        rule.code.eq_ignore_ascii_case(code) || rule.name.eq_ignore_ascii_case(code)
    };
    if let Some(rule) = rules.iter().find(same) {
        return Ok(rule);
    }
    let error = CommandError::new(format!("there is no code `{code}`"));
    Err(match nearest(rules, code) {
        Some(rule) => error.hint(format!("did you mean `{}` ({})?", rule.code, rule.name)),
        None => error.hint("`gatec explain --list` lists every code"),
    })
}

fn nearest<'r>(rules: &[&'r Rule], code: &str) -> Option<&'r Rule> {
    let (upper, lower) = (code.to_uppercase(), code.to_lowercase());
    let likeness = |rule: &Rule| {
        // Two codes of one length differ in few letters anyway: the letters must be the same ones.
        let by_code = strsim::damerau_levenshtein(rule.code, &upper) <= 1;
        let by_name = strsim::jaro_winkler(rule.name, &lower);
        if by_code { 0.95 } else { by_name }
    };
    let scored = rules.iter().map(|rule| (likeness(rule), *rule));
    let best = scored.max_by(|one, two| one.0.total_cmp(&two.0))?;
    (best.0 > 0.8).then_some(best.1)
}

fn json(rules: &[&Rule]) -> String {
    let values: Vec<_> = rules
        .iter()
        .map(|rule| {
            serde_json::json!({
                "code": rule.code, "name": rule.name, "severity": rule.severity.as_str(),
                "summary": rule.summary, "explanation": rule.explanation,
                "wrong": rule.wrong, "right": rule.right,
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(values))
}

fn list(rules: &[&Rule], terminal: &Terminal<'_>) -> String {
    let mut text = String::new();
    for rule in rules {
        let code = terminal.paint("1", rule.code);
        let _ = writeln!(
            text,
            "{code}  {:<8} {}",
            rule.severity.as_str(),
            rule.summary
        );
    }
    text
}

fn page(rule: &Rule, terminal: &Terminal<'_>) -> String {
    let title = terminal.paint("1", &format!("{}: {}", rule.code, rule.summary));
    let explanation = reflow(rule.explanation, terminal.width().min(100));
    let mut page = format!(
        "{title}\n({}, {})\n\n{explanation}",
        rule.name,
        rule.severity.as_str()
    );
    for (heading, style, example) in [
        ("Wrong:", "1;31", rule.wrong),
        ("Right:", "1;32", rule.right),
    ] {
        if !example.is_empty() {
            let _ = write!(
                page,
                "\n{}\n\n{}",
                terminal.paint(style, heading),
                indent(example)
            );
        }
    }
    page
}

fn indent(text: &str) -> String {
    text.lines()
        .map(|line| match line {
            "" => "\n".to_owned(),
            _ => format!("    {line}\n"),
        })
        .collect()
}

/// Paragraphs of prose broken anew to a width; lists, indented lines and fenced code stay as they are.
fn reflow(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut line = String::new();
    let mut fenced = false;
    for raw in text.trim().lines() {
        let fence = raw.trim_start().starts_with("```");
        let verbatim =
            fenced || fence || raw.is_empty() || raw.starts_with([' ', '-', '*', '|', '#']);
        fenced ^= fence;
        if verbatim {
            flush(&mut out, &mut line);
            out.push_str(raw);
            out.push('\n');
            continue;
        }
        for word in raw.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                flush(&mut out, &mut line);
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    flush(&mut out, &mut line);
    out
}

fn flush(out: &mut String, line: &mut String) {
    if !line.is_empty() {
        out.push_str(line);
        out.push('\n');
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_broken_anew_and_code_is_not() {
        let text = "one two three four five\nsix.\n\n- a b c d e f g h i j k\n\n```kdl\nroute   \"x\"\n```\nend";
        assert_eq!(
            reflow(text, 12),
            "one two\nthree four\nfive six.\n\n- a b c d e f g h i j k\n\n```kdl\nroute   \"x\"\n```\nend\n"
        );
    }
}
