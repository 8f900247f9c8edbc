//! What a program's texts become when it is loaded: regular expressions, JSON Schemas, JSON paths.
//!
//! Loading checks that all of them are sound. A regular expression is compiled where it is first
//! used, as a spec may have thousands; checking its syntax costs far less.

use std::collections::HashMap;
use std::sync::OnceLock;

use jsonschema::{PatternOptions, Validator};
use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::program::{ArchivedBodySubject, ArchivedMatchExtra, ArchivedProgram};

/// The most memory that a compiled regular expression may take, in bytes.
const REGEX_SIZE: usize = 10 << 20;
/// The most memory that its lazily built automaton may take, in bytes.
const DFA_SIZE: usize = 2 << 20;
/// The longest JSON path, in bytes, and how deeply brackets may be nested in it.
const JSON_PATH_SIZE: usize = 4096;
const JSON_PATH_DEPTH: usize = 16;

/// The compiled texts of one program. Made once for each loaded bundle.
pub struct Compiled {
    patterns: Vec<OnceLock<Option<Regex>>>,
    schemas: Vec<Validator>,
    json_paths: HashMap<String, JsonPath>,
    values: HashMap<String, Value>,
    /// What hosts the routes name.
    pub(super) hosts: HostKinds,
}

/// Which kinds of hosts there are beside any host.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct HostKinds {
    /// `shop.example`.
    pub(super) exact: bool,
    /// `*.example`.
    pub(super) wildcard: bool,
}

impl HostKinds {
    fn of(program: &ArchivedProgram) -> Self {
        let mut kinds = Self::default();
        for entry in program.matcher.hosts.iter() {
            match entry.host.starts_with("*.") {
                true => kinds.wildcard = true,
                false => kinds.exact |= !entry.host.is_empty(),
            }
        }
        kinds
    }
}

impl Compiled {
    /// Checks every regular expression, JSON Schema, JSON path and JSON value that the matcher will
    /// use.
    ///
    /// # Errors
    /// Says what is wrong with the first that is not sound.
    pub fn new(program: &ArchivedProgram) -> Result<Self, String> {
        for pattern in program.patterns.iter() {
            check_syntax(pattern)?;
        }
        let schemas = program.schemas.iter().map(|text| schema(text));
        let mut compiled = Self {
            patterns: program.patterns.iter().map(|_| OnceLock::new()).collect(),
            schemas: schemas.collect::<Result<_, _>>()?,
            json_paths: HashMap::new(),
            values: HashMap::new(),
            hosts: HostKinds::of(program),
        };
        for matched in program.matcher.matches.iter() {
            if let Some(extra) = matched.extra.as_ref() {
                compiled.read_bodies(extra)?;
            }
        }
        Ok(compiled)
    }

    fn read_bodies(&mut self, extra: &ArchivedMatchExtra) -> Result<(), String> {
        for condition in extra.body.iter() {
            match &condition.subject {
                ArchivedBodySubject::JsonPath(path) => self.read_path(path)?,
                ArchivedBodySubject::Json { value, ignore, .. } => {
                    self.read_value(value)?;
                    ignore.iter().try_for_each(|path| self.read_path(path))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn read_path(&mut self, path: &str) -> Result<(), String> {
        if !self.json_paths.contains_key(path) {
            self.json_paths.insert(path.to_owned(), json_path(path)?);
        }
        Ok(())
    }

    fn read_value(&mut self, text: &str) -> Result<(), String> {
        if !self.values.contains_key(text) {
            let value = serde_json::from_str(text)
                .map_err(|error| format!("a body condition's JSON is broken: {error}"))?;
            self.values.insert(text.to_owned(), value);
        }
        Ok(())
    }

    /// A regular expression, for whole values; `None` where it is too large to be compiled.
    pub(crate) fn regex(&self, program: &ArchivedProgram, index: u32) -> Option<&Regex> {
        let pattern = self.patterns.get(index as usize)?;
        let compile = || anchored(program.patterns.get(index as usize)?).ok();
        pattern.get_or_init(compile).as_ref()
    }

    pub(crate) fn schema(&self, index: u32) -> Option<&Validator> {
        self.schemas.get(index as usize)
    }

    pub(crate) fn json_path(&self, path: &str) -> Option<&JsonPath> {
        self.json_paths.get(path)
    }

    pub(crate) fn value(&self, text: &str) -> Option<&Value> {
        self.values.get(text)
    }
}

/// Checks a regular expression as the matcher will use it: syntax, and size once compiled.
///
/// # Errors
/// Says what is wrong with it.
pub fn check_pattern(pattern: &str) -> Result<(), String> {
    check_syntax(pattern)?;
    match regex_syntax::parse(pattern) {
        // Compiling costs far more than reading, and most are far below the bound.
        Ok(hir) if weight(&hir) < REGEX_SIZE / 8 => Ok(()),
        _ => anchored(pattern).map(drop),
    }
}

/// More than the memory that the automaton of an expression takes, in bytes.
fn weight(hir: &Hir) -> usize {
    let all = |parts: &[Hir]| {
        parts
            .iter()
            .map(weight)
            .fold(0_usize, usize::saturating_add)
    };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 128,
        HirKind::Literal(literal) => literal.0.len().saturating_mul(128),
        HirKind::Class(Class::Unicode(class)) => (class.ranges().len() + 1).saturating_mul(512),
        HirKind::Class(Class::Bytes(class)) => (class.ranges().len() + 1).saturating_mul(128),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1) as usize + 1;
            weight(&repetition.sub)
                .saturating_add(128)
                .saturating_mul(times)
        }
        HirKind::Capture(capture) => weight(&capture.sub).saturating_add(256),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            all(parts).saturating_add(parts.len().saturating_mul(128))
        }
    }
}

/// Checks a JSON Schema, given as JSON text. Only references within the schema are followed.
///
/// # Errors
/// Says what is wrong with it.
pub fn check_schema(text: &str) -> Result<(), String> {
    schema(text).map(drop)
}

/// Checks a JSON path (RFC 9535).
///
/// # Errors
/// Says what is wrong with it.
pub fn check_json_path(path: &str) -> Result<(), String> {
    json_path(path).map(drop)
}

/// The pattern by itself must be sound: `a)|(b` would only be once it stands in a group.
fn check_syntax(pattern: &str) -> Result<(), String> {
    match regex_syntax::parse(pattern) {
        Ok(_) => Ok(()),
        Err(regex_syntax::Error::Parse(error)) => Err(broken(pattern, error.kind())),
        Err(regex_syntax::Error::Translate(error)) => Err(broken(pattern, error.kind())),
        Err(error) => Err(broken(pattern, &error)),
    }
}

fn broken(pattern: &str, why: &dyn std::fmt::Display) -> String {
    format!("the regular expression `{pattern}` is broken: {why}")
}

/// Compiles a pattern that must match the whole value.
fn anchored(pattern: &str) -> Result<Regex, String> {
    let build = |anchored: &str| {
        RegexBuilder::new(anchored)
            .size_limit(REGEX_SIZE)
            .dfa_size_limit(DFA_SIZE)
            .build()
    };
    match build(&format!(r"\A(?:{pattern})\z")) {
        // A comment at the end (`(?x)a # why`) swallows what follows on its line.
        Err(regex::Error::Syntax(_)) => build(&format!("\\A(?:{pattern}\n)\\z")),
        built => built,
    }
    .map_err(|error| match error {
        regex::Error::CompiledTooBig(limit) => {
            format!("the regular expression `{pattern}` needs more than {limit} bytes of memory")
        }
        error => broken(pattern, &error),
    })
}

/// Reads a schema. Its patterns run in linear time, and nothing is fetched.
fn schema(text: &str) -> Result<Validator, String> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("a JSON Schema is no JSON: {error}"))?;
    jsonschema::options()
        .with_pattern_options(
            PatternOptions::regex()
                .size_limit(REGEX_SIZE)
                .dfa_size_limit(DFA_SIZE),
        )
        .offline()
        .build(&value)
        .map_err(|error| {
            format!(
                "a JSON Schema is broken at `{}`: {error}",
                error.instance_path()
            )
        })
}

fn json_path(path: &str) -> Result<JsonPath, String> {
    if path.len() > JSON_PATH_SIZE || nesting(path) > JSON_PATH_DEPTH {
        return Err(format!(
            "a JSON path may have {JSON_PATH_SIZE} bytes and {JSON_PATH_DEPTH} brackets within one another"
        ));
    }
    JsonPath::parse(path).map_err(|error| format!("the JSON path `{path}` is broken: {error}"))
}

fn nesting(path: &str) -> usize {
    let mut deepest = 0;
    let mut depth = 0_usize;
    for byte in path.bytes() {
        match byte {
            b'[' | b'(' | b'!' => depth += 1,
            b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regexes_match_whole_values() {
        let fits = |pattern: &str, value: &str| anchored(pattern).unwrap().is_match(value);
        assert!(fits("a|b", "a") && fits("a|b", "b"));
        assert!(!fits("a|b", "ab") && !fits("a|b", "xa"));
        assert!(!fits("a", "a\n"));
        assert!(fits("(?i)abc", "ABC"));
        assert!(fits("(?x) a b # both", "ab") && !fits("(?x) a b # both", "abc"));
    }

    #[test]
    fn broken_regexes_are_refused() {
        for pattern in [
            "a)|(b",
            "(",
            "[z-a]",
            r"\p{Nonsense}",
            "(?=a)",
            r"(a)\1",
            "a{9999999}",
            r"\",
        ] {
            assert!(check_pattern(pattern).is_err(), "{pattern}");
        }
        assert!(
            check_pattern(r"(\w{1000}){1000}")
                .unwrap_err()
                .contains("memory")
        );
        assert_eq!(check_pattern(r"/v\d+/[^/]+"), Ok(()));
    }

    #[test]
    fn what_weighs_little_compiles() {
        let light = |pattern: &str| weight(&regex_syntax::parse(pattern).unwrap()) < REGEX_SIZE / 8;
        for pattern in [
            "/v[0-9]+/.*",
            r"\w+",
            r"(\p{L}|x){2}",
            "[^/]{1,200}",
            &"/abc".repeat(2_000),
            &"(a|b)".repeat(500),
            &"(?i)straße".repeat(50),
        ] {
            assert!(light(pattern) && anchored(pattern).is_ok(), "{pattern}");
        }
        assert!(!light(r"(\w{1000}){1000}") && !light(r"\w{400}"));
    }

    #[test]
    fn json_paths() {
        for path in [
            "$.a[0]['b c']",
            "$..a",
            "$[?@.a == 'x' && length(@.b) > 1]",
            "$[?match(@.a, 'x.*')]",
        ] {
            assert_eq!(check_json_path(path), Ok(()), "{path}");
        }
        for path in ["", "a", "$.", "$[", "$[?nonsense(@)]"] {
            assert!(check_json_path(path).is_err(), "{path}");
        }
        let deep = format!("$[?{}@.a{}]", "(".repeat(5000), ")".repeat(5000));
        assert!(check_json_path(&deep).is_err());
    }

    #[test]
    fn schemas() {
        assert_eq!(
            check_schema(r##"{"type":"object","properties":{"a":{"$ref":"#"}}}"##),
            Ok(())
        );
        for text in [
            "nonsense",
            r#"{"type":"nonsense"}"#,
            r#"{"$ref":"https://elsewhere.example/schema.json"}"#,
            r#"{"pattern":"("}"#,
        ] {
            assert!(check_schema(text).is_err(), "{text}");
        }
    }
}
