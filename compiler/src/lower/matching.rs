//! From the `match` nodes of a spec to the patterns the matcher is built from.

use std::path::Path;

use gatec_schema::value::{Host, PathSegment, SegmentType};
use gatec_schema::{Map, Match, Spec, ValueMatch};
use gated_engine::matcher::{PathForm, PathPart, Pattern};
use gated_engine::program::{
    self, MatchExtra, NamedCondition, ParameterKind, TextTest, method_bit,
};
use gated_engine::request::normal_path;

use super::body_condition::body_conditions;
use super::regex_prefix;
use super::table::Table;

/// Every `match` of a spec in order of declaration, with the texts they point at.
#[derive(Debug, Default)]
pub struct Patterns {
    /// The patterns.
    pub patterns: Vec<Pattern>,
    /// Regular expressions.
    pub regexes: Vec<String>,
    /// JSON Schemas.
    pub schemas: Vec<String>,
}

#[derive(Default)]
pub(super) struct Tables {
    pub(super) regexes: Table,
    pub(super) schemas: Table,
}

impl Patterns {
    /// The patterns of a spec; schema files are read relative to `root`.
    pub fn of(spec: &Spec, root: &Path) -> Self {
        let mut tables = Tables::default();
        let mut patterns = Vec::with_capacity(spec.routes.len());
        let everything = Match::default();
        for (index, route) in spec.routes.values().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let matches = match route.matches.as_slice() {
                [] => std::slice::from_ref(&everything),
                matches => matches,
            };
            for (ordinal, matched) in matches.iter().enumerate() {
                let matched_program = program::Match {
                    route: index,
                    ordinal: u16::try_from(ordinal).unwrap_or(u16::MAX),
                    methods: methods(matched).0,
                    captures: captures(matched),
                    extra: extra(matched, &mut tables, root),
                };
                patterns.push(Pattern {
                    priority: route.priority,
                    hosts: matched.host.iter().map(Host::normal).collect(),
                    path: path(matched),
                    matched: matched_program,
                });
            }
        }
        Self {
            patterns,
            regexes: tables.regexes.into_texts(),
            schemas: tables.schemas.into_texts(),
        }
    }
}

fn methods(matched: &Match) -> (u16, Vec<String>) {
    let mut bits = 0;
    let mut others = Vec::new();
    for method in &matched.method {
        match method_bit(method.as_str()) {
            Some(bit) => bits |= bit,
            None => others.push(method.as_str().to_owned()),
        }
    }
    others.sort();
    others.dedup();
    (bits, others)
}

fn path(matched: &Match) -> PathForm {
    if let Some(path) = &matched.path {
        let mut segments = path.segments();
        return match segments.last() {
            Some(PathSegment::Rest { name }) => {
                let capture_rest = name.is_some();
                segments.pop();
                PathForm::Prefix {
                    parts: parts(&segments),
                    capture_rest,
                }
            }
            _ => PathForm::Whole(parts(&segments)),
        };
    }
    if let Some(regex) = &matched.path_regex {
        return PathForm::Regex {
            literal: regex_prefix::literal_segments(regex.as_str()),
        };
    }
    let segments = matched
        .prefix
        .as_ref()
        .map(|prefix| prefix.segments())
        .unwrap_or_default();
    PathForm::Prefix {
        parts: parts(&segments),
        capture_rest: false,
    }
}

fn parts(segments: &[PathSegment]) -> Vec<PathPart> {
    let part = |segment: &PathSegment| match segment {
        PathSegment::Literal(text) => Some(PathPart::Literal(normal_segment(text))),
        PathSegment::Parameter { kind, .. } => Some(PathPart::Parameter(kind_of(*kind))),
        PathSegment::Rest { .. } => None,
    };
    segments.iter().filter_map(part).collect()
}

/// A literal segment in normal form.
fn normal_segment(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte);
    if text.bytes().all(plain) {
        return text.to_owned();
    }
    let whole = format!("/{text}");
    match normal_path(&whole) {
        Ok(normal) => normal.trim_start_matches('/').to_owned(),
        Err(_) => text.to_owned(),
    }
}

fn kind_of(kind: SegmentType) -> ParameterKind {
    match kind {
        SegmentType::Any => ParameterKind::Any,
        SegmentType::Int => ParameterKind::Int,
        SegmentType::Uuid => ParameterKind::Uuid,
        SegmentType::Alpha => ParameterKind::Alpha,
        SegmentType::Alnum => ParameterKind::Alnum,
        SegmentType::Date => ParameterKind::Date,
    }
}

/// The names under which a `match` captures parts of the path, in the order they stand; empty where
/// a part has no name.
pub fn captures(matched: &Match) -> Vec<String> {
    if matched.path.is_none()
        && let Some(regex) = &matched.path_regex
    {
        return regex_prefix::group_names(regex.as_str());
    }
    let segments = match (&matched.path, &matched.prefix) {
        (Some(path), _) => path.segments(),
        (None, Some(prefix)) => prefix.segments(),
        (None, None) => Vec::new(),
    };
    let name = |segment: &PathSegment| match segment {
        PathSegment::Literal(_) | PathSegment::Rest { name: None } => None,
        other => Some(other.name().unwrap_or("").to_owned()),
    };
    segments.iter().filter_map(name).collect()
}

/// The names of the path parameters that are whole numbers in every `match` of a route.
pub fn numbers(matches: &[Match]) -> Vec<String> {
    let of = |matched: &Match| -> Vec<String> {
        let segments = match (&matched.path, &matched.prefix) {
            (Some(path), _) => path.segments(),
            (None, Some(prefix)) => prefix.segments(),
            (None, None) => Vec::new(),
        };
        let number = |segment| match segment {
            PathSegment::Parameter {
                name,
                kind: SegmentType::Int,
            } => name,
            _ => None,
        };
        segments.into_iter().filter_map(number).collect()
    };
    let mut lists = matches.iter().map(of);
    let mut common = lists.next().unwrap_or_default();
    for names in lists {
        common.retain(|name| names.contains(name));
    }
    common
}

fn extra(matched: &Match, tables: &mut Tables, root: &Path) -> Option<Box<MatchExtra>> {
    let extra = MatchExtra {
        other_methods: methods(matched).1,
        path_regex: match (&matched.path, &matched.path_regex) {
            (None, Some(regex)) => Some(tables.regexes.add(regex.as_str())),
            _ => None,
        },
        headers: named(&matched.headers, tables, str::to_ascii_lowercase),
        query: named(&matched.query, tables, str::to_owned),
        cookies: named(&matched.cookies, tables, str::to_owned),
        body: body_conditions(&matched.body, tables, root),
    };
    (extra != MatchExtra::default()).then(|| Box::new(extra))
}

fn named(
    conditions: &Map<ValueMatch>,
    tables: &mut Tables,
    form: fn(&str) -> String,
) -> Vec<NamedCondition> {
    let condition = |(name, value): (&String, &ValueMatch)| NamedCondition {
        name: form(name),
        tests: text_tests(
            value.equals.as_deref(),
            value.contains.as_deref(),
            value
                .regex
                .as_ref()
                .map(|regex| tables.regexes.add(regex.as_str())),
            value.present,
        ),
    };
    conditions.iter().map(condition).collect()
}

/// The tests that were written; none: it must be there.
pub(super) fn text_tests(
    equals: Option<&str>,
    contains: Option<&str>,
    regex: Option<u32>,
    present: Option<bool>,
) -> Vec<TextTest> {
    let mut tests = Vec::new();
    tests.extend((present == Some(false)).then_some(TextTest::Absent));
    tests.extend(equals.map(|text| TextTest::Equals(text.to_owned())));
    tests.extend(contains.map(|text| TextTest::Contains(text.to_owned())));
    tests.extend(regex.map(TextTest::Matches));
    if tests.is_empty() {
        tests.push(TextTest::Present);
    }
    tests
}
