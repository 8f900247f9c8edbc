//! A page for each family of findings.

use std::collections::BTreeMap;
use std::fmt::Write;

use gatec_syntax::Rule;

use super::cell;

/// What the first letter of a code stands for.
const FAMILIES: [(char, &str); 8] = [
    ('K', "Syntax of KDL and YAML"),
    ('S', "Keys, values and files"),
    ('R', "Routes"),
    ('P', "Policies"),
    ('T', "Templates"),
    ('U', "Upstreams and listeners"),
    ('M', "Limits and other state"),
    ('B', "Bundles"),
];

/// `reference/rules.md`, and `reference/rules/X.md` for each family.
pub fn pages(rules: &[&Rule]) -> BTreeMap<String, String> {
    let mut families: BTreeMap<char, Vec<&Rule>> = BTreeMap::new();
    for rule in rules {
        families
            .entry(rule.code.chars().next().unwrap_or('?'))
            .or_default()
            .push(rule);
    }
    for family in families.values_mut() {
        family.sort_by_key(|rule| rule.code);
    }
    let mut pages = BTreeMap::new();
    pages.insert("reference/rules.md".to_owned(), index(&families));
    for (letter, rules) in &families {
        pages.insert(
            format!("reference/rules/{letter}.md"),
            family(*letter, rules),
        );
    }
    pages
}

fn title(letter: char) -> &'static str {
    FAMILIES
        .iter()
        .find(|(known, _)| *known == letter)
        .map_or("Others", |(_, title)| title)
}

fn index(families: &BTreeMap<char, Vec<&Rule>>) -> String {
    let mut page = "# Findings\n\nWhat `gatec check` finds, by code. `gatec explain CODE` shows the same text.\n".to_owned();
    for (letter, rules) in families {
        let _ = write!(
            page,
            "\n## {letter}: {}\n\n| code | | severity |\n|---|---|---|\n",
            title(*letter)
        );
        for rule in rules {
            let _ = writeln!(
                page,
                "| [{code}](rules/{letter}.md#{anchor}) | {} | {} |",
                cell(rule.summary),
                rule.severity.as_str(),
                code = rule.code,
                anchor = anchor(rule)
            );
        }
    }
    page
}

fn anchor(rule: &Rule) -> String {
    format!("{}-{}", rule.code.to_lowercase(), rule.name)
}

fn family(letter: char, rules: &[&Rule]) -> String {
    let mut page = format!("# {letter}: {}\n", title(letter));
    for rule in rules {
        let _ = write!(
            page,
            "\n## {} {}\n\n**{}** ({})\n\n{}\n",
            rule.code,
            rule.name,
            rule.summary,
            rule.severity.as_str(),
            rule.explanation.trim()
        );
        for (heading, example) in [("Wrong", rule.wrong), ("Right", rule.right)] {
            if !example.is_empty() {
                let _ = write!(page, "\n{heading}:\n\n{}", fenced(example));
            }
        }
    }
    page
}

/// An example in a fence that is longer than any within it.
fn fenced(example: &str) -> String {
    let language = match gatec_compiler::load::Format::guess(example) {
        gatec_compiler::load::Format::Kdl => "kdl",
        gatec_compiler::load::Format::Yaml => "yaml",
    };
    let longest = example
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let end = if example.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{language}\n{example}{end}{fence}\n")
}
