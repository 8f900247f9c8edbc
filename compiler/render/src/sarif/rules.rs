//! The rules of a SARIF run: what each code means.

use gatec_syntax::Rule;
use serde_json::{Value, json};

use super::level;
use crate::report::Found;

/// The rules that findings broke, in the order of `rules`.
pub(super) fn broken(findings: &[Found<'_>], rules: &[&'static Rule]) -> Vec<&'static Rule> {
    let is_broken = |rule: &&&Rule| {
        findings
            .iter()
            .any(|found| found.diagnostic.code == rule.code)
    };
    rules.iter().filter(is_broken).copied().collect()
}

pub(super) fn descriptor(rule: &Rule) -> Value {
    let explanation = rule.explanation.trim();
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": explanation },
        "help": { "text": help(rule, false), "markdown": help(rule, true) },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

/// The explanation with its examples.
fn help(rule: &Rule, markdown: bool) -> String {
    let mut help = rule.explanation.trim().to_owned();
    for (title, example) in [("Wrong", rule.wrong), ("Right", rule.right)] {
        let example = example.trim_end();
        if example.is_empty() {
            continue;
        }
        help.push_str(&match markdown {
            true => format!("\n\n**{title}**\n\n```kdl\n{example}\n```"),
            false => format!("\n\n{title}:\n\n{example}"),
        });
    }
    help
}
