//! A small language for patterns and requests, so that the tests of matching read like a table.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code, of which each test file uses its own part"
)]

pub mod drawn;
pub mod naive;

use gated_engine::matcher::{self, Compiled, PathForm, PathPart, Pattern, Routing};
use gated_engine::program::{
    Action, ArchivedProgram, Body, BodyCondition, BodySubject, Match, MatchExtra, NamedCondition,
    ParameterKind, Program, Respond, Route, TextTest, method_bit,
};
use gated_engine::request::{Refusal, Request};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, Version};

/// A pattern being written down.
#[derive(Debug, Clone)]
pub struct Draft {
    pub pattern: Pattern,
    pub regexes: Vec<String>,
    pub schemas: Vec<String>,
}

/// A pattern of any method: `/orders/{id:int}`, `/files/{rest...}`, `/v2/**` for a prefix.
pub fn on(path: &str) -> Draft {
    let (path, captures) = path_form(path);
    let matched = Match {
        route: 0,
        ordinal: 0,
        methods: 0,
        captures,
        extra: None,
    };
    let pattern = Pattern {
        priority: 0,
        hosts: Vec::new(),
        path,
        matched,
    };
    Draft {
        pattern,
        regexes: Vec::new(),
        schemas: Vec::new(),
    }
}

/// A pattern of one method or several (`GET|HEAD`).
pub fn to(methods: &str, path: &str) -> Draft {
    methods.split('|').fold(on(path), Draft::method)
}

/// A pattern with a regular expression, below these literal segments.
pub fn regex(literal: &[&str], pattern: &str) -> Draft {
    let mut draft = on("/");
    let names = naive::whole(pattern);
    draft.pattern.matched.captures = names.capture_names().flatten().map(str::to_owned).collect();
    draft.pattern.path = PathForm::Regex {
        literal: literal.iter().map(|part| (*part).to_owned()).collect(),
    };
    let index = draft.regex(pattern);
    draft.extra().path_regex = Some(index);
    draft
}

fn path_form(path: &str) -> (PathForm, Vec<String>) {
    let mut parts = Vec::new();
    let mut captures = Vec::new();
    for segment in path.split('/').skip(1) {
        let inside = segment
            .strip_prefix('{')
            .and_then(|inside| inside.strip_suffix('}'));
        match inside {
            None if segment == "**" => {
                return (
                    PathForm::Prefix {
                        parts,
                        capture_rest: false,
                    },
                    captures,
                );
            }
            None => parts.push(PathPart::Literal(segment.to_owned())),
            Some(name) if name.ends_with("...") => {
                captures.push(name.trim_end_matches("...").to_owned());
                return (
                    PathForm::Prefix {
                        parts,
                        capture_rest: true,
                    },
                    captures,
                );
            }
            Some(name) => {
                let (name, kind) = name.split_once(':').unwrap_or((name, ""));
                captures.push(name.to_owned());
                parts.push(PathPart::Parameter(kind_named(kind)));
            }
        }
    }
    (PathForm::Whole(parts), captures)
}

fn kind_named(name: &str) -> ParameterKind {
    match name {
        "uuid" => ParameterKind::Uuid,
        "date" => ParameterKind::Date,
        "int" => ParameterKind::Int,
        "alpha" => ParameterKind::Alpha,
        "alnum" => ParameterKind::Alnum,
        "" => ParameterKind::Any,
        other => panic!("no type `{other}`"),
    }
}

pub fn equals(text: &str) -> Vec<TextTest> {
    vec![TextTest::Equals(text.to_owned())]
}

pub fn contains(text: &str) -> Vec<TextTest> {
    vec![TextTest::Contains(text.to_owned())]
}

fn condition(name: &str, tests: Vec<TextTest>) -> NamedCondition {
    NamedCondition {
        name: name.to_owned(),
        tests,
    }
}

impl Draft {
    fn extra(&mut self) -> &mut MatchExtra {
        self.pattern.matched.extra.get_or_insert_default()
    }

    fn method(mut self, method: &str) -> Self {
        match method_bit(method) {
            Some(bit) => self.pattern.matched.methods |= bit,
            None => self.extra().other_methods.push(method.to_owned()),
        }
        self
    }

    /// The index of a regular expression of this draft.
    pub fn regex(&mut self, pattern: &str) -> u32 {
        self.regexes.push(pattern.to_owned());
        self.regexes.len() as u32 - 1
    }

    pub fn host(mut self, host: &str) -> Self {
        self.pattern.hosts.push(host.to_owned());
        self
    }

    pub fn priority(mut self, priority: i32) -> Self {
        self.pattern.priority = priority;
        self
    }

    pub fn header(mut self, name: &str, tests: Vec<TextTest>) -> Self {
        self.extra().headers.push(condition(name, tests));
        self
    }

    pub fn query(mut self, name: &str, tests: Vec<TextTest>) -> Self {
        self.extra().query.push(condition(name, tests));
        self
    }

    pub fn cookie(mut self, name: &str, tests: Vec<TextTest>) -> Self {
        self.extra().cookies.push(condition(name, tests));
        self
    }

    pub fn body(mut self, subject: BodySubject, tests: Vec<TextTest>) -> Self {
        self.extra().body.push(BodyCondition { subject, tests });
        self
    }

    pub fn json_path(self, path: &str, tests: Vec<TextTest>) -> Self {
        self.body(BodySubject::JsonPath(path.to_owned()), tests)
    }

    pub fn schema(mut self, schema: &str) -> Self {
        self.schemas.push(schema.to_owned());
        let index = self.schemas.len() as u32 - 1;
        self.body(BodySubject::Schema(index), Vec::new())
    }
}

/// Patterns, ready to be matched. Pattern number N is route number N.
pub struct Table {
    pub patterns: Vec<Pattern>,
    pub regexes: Vec<String>,
    bytes: rkyv::util::AlignedVec,
    compiled: Compiled,
}

impl Table {
    pub fn of(drafts: impl IntoIterator<Item = Draft>) -> Self {
        let mut program = Program::default();
        let mut patterns = Vec::new();
        for (route, mut draft) in (0_u32..).zip(drafts) {
            draft.pattern.matched.route = route;
            renumber(&mut draft, &mut program);
            program.schemas.append(&mut draft.schemas);
            program.routes.push(empty_route(route));
            patterns.push(draft.pattern);
        }
        program.matcher = matcher::build(patterns.clone());
        let bytes = rkyv::to_bytes::<rkyv::rancor::Error>(&program).unwrap();
        let archived = rkyv::access::<ArchivedProgram, rkyv::rancor::Error>(&bytes).unwrap();
        let compiled = Compiled::new(archived).unwrap();
        Self {
            patterns,
            regexes: program.patterns,
            bytes,
            compiled,
        }
    }

    pub fn program(&self) -> &ArchivedProgram {
        rkyv::access::<ArchivedProgram, rkyv::rancor::Error>(&self.bytes).unwrap()
    }

    pub fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    /// The number of the pattern that takes a request, `body?` where the body must be looked at
    /// first, `none`, or the refusal.
    pub fn route(&self, request: &Sent) -> String {
        let normal = match request.normal() {
            Ok(normal) => normal,
            Err(refusal) => return format!("{refusal:?}"),
        };
        match matcher::route(
            self.program(),
            &self.compiled,
            &normal,
            request.body.as_deref(),
        ) {
            Routing::Found(found) => found.route.to_string(),
            Routing::NeedsBody => "body?".to_owned(),
            Routing::NotFound => "none".to_owned(),
        }
    }

    /// The captures of the pattern that takes a request, as `name=value` pairs.
    pub fn captures(&self, request: &Sent) -> String {
        let normal = request.normal().unwrap();
        let body = request.body.as_deref();
        match matcher::route(self.program(), &self.compiled, &normal, body) {
            Routing::Found(found) => {
                let names = found.matched.captures.iter();
                let pairs = names.map(|name| format!("{name}={:?}", found.capture(&normal, name)));
                pairs.collect::<Vec<_>>().join(" ")
            }
            other => format!("{other:?}"),
        }
    }

    /// The nearest routes, one line for each difference.
    pub fn nearest(&self, request: &Sent, limit: usize) -> String {
        let normal = request.normal().unwrap();
        let body = request.body.as_deref();
        let near = matcher::nearest(self.program(), &self.compiled, &normal, body, limit);
        let lines = near
            .iter()
            .map(|miss| format!("{}: {}", miss.route, miss.differences.join("; ")));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Turns a draft's own numbers of patterns and schemas into the program's, which holds each pattern
/// once.
fn renumber(draft: &mut Draft, program: &mut Program) {
    let patterns: Vec<u32> = draft
        .regexes
        .iter()
        .map(|pattern| {
            let known = program.patterns.iter().position(|known| known == pattern);
            let index = known.unwrap_or_else(|| {
                program.patterns.push(pattern.clone());
                program.patterns.len() - 1
            });
            index as u32
        })
        .collect();
    let schemas = program.schemas.len() as u32;
    let Some(extra) = draft.pattern.matched.extra.as_deref_mut() else {
        return;
    };
    if let Some(index) = &mut extra.path_regex {
        *index = patterns[*index as usize];
    }
    let named = [&mut extra.headers, &mut extra.query, &mut extra.cookies];
    let named = named
        .into_iter()
        .flatten()
        .map(|condition| &mut condition.tests);
    let bodies = extra.body.iter_mut().map(|condition| {
        if let BodySubject::Schema(index) = &mut condition.subject {
            *index += schemas;
        }
        &mut condition.tests
    });
    for test in named.chain(bodies).flatten() {
        if let TextTest::Matches(index) = test {
            *index = patterns[*index as usize];
        }
    }
}

pub fn empty_route(number: u32) -> Route {
    Route {
        name: format!("r{number}"),
        guard: None,
        limits: None,
        session: None,
        action: Action::Respond(Box::new(Respond {
            status: 204,
            headers: Vec::new(),
            body: Body::Empty,
            encoded: None,
        })),
        request: None,
        response: None,
        body_limit: None,
        timeout_ms: 0,
        compression: None,
    }
}

/// A request as a client sent it.
#[derive(Debug, Clone)]
pub struct Sent {
    pub method: Method,
    pub uri: Uri,
    pub version: Version,
    pub headers: HeaderMap,
    pub body: Option<Vec<u8>>,
}

/// A request over HTTP/1.1: `GET /path`, to the host `shop.example`.
pub fn sent(line: &str) -> Sent {
    let (method, target) = line.split_once(' ').unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("shop.example"));
    Sent {
        method: method.parse().unwrap(),
        uri: target
            .parse()
            .unwrap_or_else(|_| panic!("no target: {target}")),
        version: Version::HTTP_11,
        headers,
        body: None,
    }
}

impl Sent {
    pub fn host(mut self, host: &str) -> Self {
        self.headers
            .insert("host", HeaderValue::from_str(host).unwrap());
        self
    }

    pub fn no_host(mut self) -> Self {
        self.headers.remove("host");
        self
    }

    pub fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().unwrap();
        self.headers
            .append(name, HeaderValue::from_str(value).unwrap());
        self
    }

    pub fn body(mut self, body: &str) -> Self {
        self.body = Some(body.as_bytes().to_vec());
        self
    }

    pub fn normal(&self) -> Result<Request<'_>, Refusal> {
        Request::normalise(&self.method, &self.uri, self.version, &self.headers, "http")
    }
}
