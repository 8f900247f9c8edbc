//! The obvious matcher: walks all patterns, checks each condition, and takes the one that comes first
//! in the order that the documentation gives. Shares no code with the compiled one.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use gated_engine::matcher::{PathForm, PathPart, Pattern};
use gated_engine::program::{
    BodySubject, Match, MatchExtra, NamedCondition, ParameterKind, TextTest,
};
use gated_engine::request::Request;
use http::Method;
use regex::Regex;

/// What the naive matcher says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The number of the pattern, and what its path captured.
    Found(u32, Vec<Option<String>>),
    NeedsBody,
    NotFound,
}

/// A pattern under one of its hosts.
pub struct Way {
    pub pattern: Pattern,
    number: usize,
}

pub fn route(
    patterns: &[Pattern],
    regexes: &[String],
    request: &Request<'_>,
    body: Option<&[u8]>,
) -> Verdict {
    let mut fitting = fitting(patterns, regexes, request);
    fitting.sort_by_key(|way| rank(&way.pattern, way.number));
    for way in fitting {
        let matched = &way.pattern.matched;
        let conditions = matched
            .extra
            .as_deref()
            .map_or(&[][..], |extra| &extra.body);
        if conditions.is_empty() {
            return found(&way.pattern, regexes, request);
        }
        let Some(body) = body else {
            return Verdict::NeedsBody;
        };
        let text = std::str::from_utf8(body).unwrap();
        let holds = conditions.iter().all(|condition| {
            assert_eq!(
                condition.subject,
                BodySubject::Text,
                "the naive matcher knows texts only"
            );
            tests(&condition.tests, &[text.to_owned()], regexes)
        });
        if holds {
            return found(&way.pattern, regexes, request);
        }
    }
    Verdict::NotFound
}

/// Every pattern that fits in all but its body, once for each of its hosts that fits.
pub fn fitting(patterns: &[Pattern], regexes: &[String], request: &Request<'_>) -> Vec<Way> {
    let mut ways = Vec::new();
    for (number, pattern) in patterns.iter().enumerate() {
        let hosts = match pattern.hosts.as_slice() {
            [] => vec![String::new()],
            hosts => hosts.to_vec(),
        };
        for host in hosts {
            let fits = host_fits(&host, &request.host)
                && path_fits(pattern, regexes, &request.path)
                && conditions_fit(&pattern.matched, regexes, request);
            if fits {
                let hosts = if host.is_empty() {
                    Vec::new()
                } else {
                    vec![host]
                };
                ways.push(Way {
                    pattern: Pattern {
                        hosts,
                        ..pattern.clone()
                    },
                    number,
                });
            }
        }
    }
    ways
}

/// The order of the documentation, as one tuple.
fn rank(pattern: &Pattern, number: usize) -> impl Ord + use<> {
    let host = match pattern.hosts.first().map(String::as_str) {
        None | Some("") => (2, Reverse(0)),
        Some(host) if host.starts_with("*.") => (1, Reverse(host.len())),
        Some(_) => (0, Reverse(0)),
    };
    let part = |part: &PathPart| match part {
        PathPart::Literal(_) => 1,
        PathPart::Parameter(ParameterKind::Uuid) => 2,
        PathPart::Parameter(ParameterKind::Date) => 3,
        PathPart::Parameter(ParameterKind::Int) => 4,
        PathPart::Parameter(ParameterKind::Alpha) => 5,
        PathPart::Parameter(ParameterKind::Alnum) => 6,
        PathPart::Parameter(ParameterKind::Any) => 7,
    };
    let path: Vec<u8> = match &pattern.path {
        PathForm::Whole(parts) => parts.iter().map(part).chain([0]).collect(),
        PathForm::Prefix { parts, .. } => parts.iter().map(part).chain([9]).collect(),
        PathForm::Regex { literal } => literal.iter().map(|_| 1).chain([8]).collect(),
    };
    let none = MatchExtra::default();
    let extra = pattern.matched.extra.as_deref().unwrap_or(&none);
    let method = pattern.matched.methods != 0 || !extra.other_methods.is_empty();
    let counts = [&extra.headers, &extra.query, &extra.cookies].map(|list| Reverse(list.len()));
    let counts = (Reverse(method), counts, Reverse(extra.body.len()));
    (Reverse(pattern.priority), host, path, counts, number)
}

pub fn host_fits(host: &str, asked: &str) -> bool {
    host.is_empty()
        || match host.strip_prefix('*') {
            Some(suffix) => asked.len() > suffix.len() && asked.ends_with(suffix),
            None => host == asked,
        }
}

fn path_fits(pattern: &Pattern, regexes: &[String], path: &str) -> bool {
    if !path.starts_with('/') {
        return false;
    }
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let fits = |parts: &[PathPart]| {
        let part = |(part, segment): (&PathPart, &&str)| match part {
            PathPart::Literal(literal) => literal == segment,
            PathPart::Parameter(kind) => kind.takes(segment),
        };
        parts.len() <= segments.len() && parts.iter().zip(&segments).all(part)
    };
    match &pattern.path {
        PathForm::Whole(parts) => parts.len() == segments.len() && fits(parts),
        PathForm::Prefix { parts, .. } => fits(parts),
        PathForm::Regex { .. } => path_regex(pattern, regexes).is_match(path),
    }
}

fn path_regex(pattern: &Pattern, regexes: &[String]) -> Regex {
    let index = pattern
        .matched
        .extra
        .as_deref()
        .unwrap()
        .path_regex
        .unwrap();
    whole(&regexes[index as usize])
}

/// A regular expression for whole values, compiled once.
pub fn whole(pattern: &str) -> Regex {
    static KNOWN: LazyLock<Mutex<HashMap<String, Regex>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap();
    let compile = || Regex::new(&format!("^(?:{pattern})$")).unwrap();
    known
        .entry(pattern.to_owned())
        .or_insert_with(compile)
        .clone()
}

fn conditions_fit(matched: &Match, regexes: &[String], request: &Request<'_>) -> bool {
    let none = MatchExtra::default();
    let extra = matched.extra.as_deref().unwrap_or(&none);
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    let any = matched.methods == 0 && extra.other_methods.is_empty();
    let bit = known.iter().position(|method| method == request.method);
    let method = any
        || bit.is_some_and(|bit| matched.methods >> bit & 1 == 1)
        || extra
            .other_methods
            .iter()
            .any(|method| method == request.method.as_str());
    let headers = |name: &str| {
        let lines = request.headers.get_all(name).iter();
        lines
            .map(|line| line.to_str().unwrap().to_owned())
            .collect::<Vec<String>>()
    };
    let query = |name: &str| pairs(request.query.unwrap_or_default(), '&', name);
    let cookies = |name: &str| {
        let lines = headers("cookie").into_iter();
        lines
            .flat_map(|line: String| pairs(&line.replace("; ", ";"), ';', name))
            .collect()
    };
    let all = |conditions: &[NamedCondition], values: &dyn Fn(&str) -> Vec<String>| {
        let holds = |one: &NamedCondition| tests(&one.tests, &values(&one.name), regexes);
        conditions.iter().all(holds)
    };
    method
        && all(&extra.headers, &headers)
        && all(&extra.query, &query)
        && all(&extra.cookies, &cookies)
}

fn pairs(text: &str, between: char, name: &str) -> Vec<String> {
    let pairs = text.split(between).filter_map(|pair| pair.split_once('='));
    pairs
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
        .collect()
}

fn tests(tests: &[TextTest], values: &[String], regexes: &[String]) -> bool {
    if tests.contains(&TextTest::Absent) {
        return values.is_empty() && tests.iter().all(|test| *test == TextTest::Absent);
    }
    values.iter().any(|value| {
        tests.iter().all(|test| match test {
            TextTest::Present => true,
            TextTest::Absent => false,
            TextTest::Equals(text) => value == text,
            TextTest::Contains(text) => value.contains(text.as_str()),
            TextTest::Matches(index) => whole(&regexes[*index as usize]).is_match(value),
        })
    })
}

fn found(pattern: &Pattern, regexes: &[String], request: &Request<'_>) -> Verdict {
    let path: &str = &request.path;
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let of_parts = |parts: &[PathPart]| {
        let taken = parts.iter().zip(&segments);
        let parameters = taken.filter(|(part, _)| matches!(part, PathPart::Parameter(_)));
        parameters
            .map(|(_, segment)| Some((*segment).to_owned()))
            .collect::<Vec<_>>()
    };
    let captures = match &pattern.path {
        PathForm::Whole(parts) => of_parts(parts),
        PathForm::Prefix {
            parts,
            capture_rest,
        } => {
            let mut captures = of_parts(parts);
            if *capture_rest {
                captures.push(Some(segments[parts.len()..].join("/")));
            }
            captures
        }
        PathForm::Regex { .. } => {
            let regex = path_regex(pattern, regexes);
            let groups = regex.captures(path).unwrap();
            let names = regex.capture_names().flatten();
            names
                .map(|name| groups.name(name).map(|group| group.as_str().to_owned()))
                .collect()
        }
    };
    Verdict::Found(pattern.matched.route, captures)
}
