//! U120: a regular expression is too large.

use crate::check::Context;
use crate::check::walk::matches;
use gatec_syntax::{Diagnostic, Rule, Severity};
use gated_engine::matcher::check_pattern;
use std::collections::HashSet;

/// The rule of U120.
pub(crate) const RULE: Rule = Rule {
    code: "U120",
    name: "regex-too-large",
    severity: Severity::Error,
    summary: "a regular expression is too large",
    explanation: r##"A regular expression is compiled to a machine whose size is bounded, so that every request costs little. Counted repetitions of large classes, such as `\w{1000}`, make it grow beyond that. Shorten the
counts."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match path-regex=#"/[\p{L}\d]{1,900}/(\w{900}){20}"#
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match path-regex=#"/[a-z0-9]{1,90}"#
    respond 200
}
"##,
};

struct Sizes<'a> {
    sound: HashSet<&'a str>,
}

impl<'a> Sizes<'a> {
    fn fits(&mut self, regex: &'a str) -> bool {
        if self.sound.contains(regex) {
            return true;
        }
        let fits = check_pattern(regex).is_ok();
        if fits {
            self.sound.insert(regex);
        }
        fits
    }
}

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut sizes = Sizes {
        sound: HashSet::new(),
    };
    for (route, ordinal, matched) in matches(context.spec) {
        let at = ["routes", route, "match", &ordinal];
        if let Some(regex) = &matched.path_regex
            && !sizes.fits(regex.as_str())
        {
            found.push(finding(context, &[at.as_slice(), &["path-regex"]].concat()));
        }
        let lists = [
            ("headers", &matched.headers),
            ("query", &matched.query),
            ("cookies", &matched.cookies),
        ];
        for (list, conditions) in lists {
            for (name, value) in conditions {
                if value
                    .regex
                    .as_ref()
                    .is_some_and(|regex| !sizes.fits(regex.as_str()))
                {
                    found.push(finding(
                        context,
                        &[at.as_slice(), &[list, name, "regex"]].concat(),
                    ));
                }
            }
        }
        for (index, value) in matched.body.iter().enumerate() {
            if value
                .regex
                .as_ref()
                .is_some_and(|regex| !sizes.fits(regex.as_str()))
            {
                let index = index.to_string();
                found.push(finding(
                    context,
                    &[at.as_slice(), &["body", &index, "regex"]].concat(),
                ));
            }
        }
    }
}

fn finding(context: &Context<'_>, path: &[&str]) -> Diagnostic {
    Diagnostic::error(
        RULE.code,
        context.value(path),
        "this regular expression is too large when compiled",
    )
    .label("too large")
    .help("make its counted repetitions shorter")
}
