//! Patterns and requests drawn from bytes, with so few words that requests often hit, and what must
//! hold of them. A property test brings random bytes, a fuzzer its own.

use gated_engine::matcher::{self, Routing, precedence};
use gated_engine::program::{BodySubject, TextTest};
use gated_engine::request::Request;

use super::naive::{self, Verdict};
use super::{Draft, Sent, Table, equals, on, regex, sent};

const SEGMENTS: [&str; 8] = [
    "a",
    "b",
    "c",
    "7",
    "x1",
    "2024-02-29",
    "123e4567-e89b-12d3-a456-426614174000",
    "%2F",
];
const PARTS: [&str; 16] = [
    "a",
    "b",
    "a",
    "b",
    "7",
    "c",
    "{p}",
    "{p}",
    "{p:int}",
    "{p:alpha}",
    "{p:alnum}",
    "{p:date}",
    "{p:uuid}",
    "%2F",
    "2024-02-29",
    "x1",
];
const HOSTS: [&str; 8] = [
    "x.y",
    "a.x.y",
    "b.a.x.y",
    "*.y",
    "*.x.y",
    "*.a.x.y",
    "y",
    "*.b.a.x.y",
];
/// Of ASCII alone: those compile fast.
const REGEXES: [(&[&str], &str); 6] = [
    (&["a"], "/a/(b|c)"),
    (&["a"], "/a(/[!-~]*)?"),
    (&["a", "b"], "/a/b/(?<x>[!-.0-~]+)(?<y>/c)?"),
    (&[], "/[ab]/[!-~]*"),
    (&[], "/(?<x>[a-c7])"),
    (&[], "[!-~]*"),
];
const METHODS: [&str; 4] = ["GET", "POST", "HEAD", "PURGE"];
const VALUES: [&str; 3] = ["1", "12", "2"];

/// Bytes, taken one after another; zeros when they are used up.
struct Draw<'d> {
    bytes: &'d [u8],
    /// Whether regular expressions are drawn: compiling them takes most of the time.
    regexes: bool,
}

impl Draw<'_> {
    fn byte(&mut self) -> usize {
        match self.bytes.split_first() {
            Some((byte, rest)) => {
                self.bytes = rest;
                usize::from(*byte)
            }
            None => 0,
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.byte() % bound
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// True once in so many.
    fn rarely(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }
}

fn path(draw: &mut Draw<'_>) -> Draft {
    if draw.regexes && draw.rarely(4) {
        let (literal, pattern) = draw.one_of(&REGEXES);
        return regex(literal, pattern);
    }
    let mut path = String::new();
    for number in 0..draw.below(4) {
        path.push('/');
        path.push_str(&draw.one_of(&PARTS).replace("{p", &format!("{{p{number}")));
    }
    match draw.below(6) {
        0 => path.push_str("/**"),
        1 => path.push_str("/{rest...}"),
        2 => path.push('/'),
        _ if path.is_empty() => path.push('/'),
        _ => {}
    }
    on(&path)
}

fn pattern(draw: &mut Draw<'_>) -> Draft {
    let mut draft = path(draw);
    if draw.rarely(6) {
        draft = draft.priority(draw.below(3) as i32 - 1);
    }
    while draft.pattern.hosts.len() < 3 && draw.rarely(4) {
        draft = draft.host(draw.one_of(&HOSTS));
    }
    if draw.rarely(3) {
        draft = draft.method(draw.one_of(&METHODS));
    }
    for _ in 0..draw.below(8).saturating_sub(5) {
        let tests = tests(draw, &mut draft);
        let name = draw.one_of(&["u", "v"]);
        draft = match draw.below(4) {
            0 => draft.header(name, tests),
            1 => draft.query(name, tests),
            2 => draft.cookie(name, tests),
            _ => draft.body(BodySubject::Text, equals(draw.one_of(&VALUES))),
        };
    }
    draft
}

fn tests(draw: &mut Draw<'_>, draft: &mut Draft) -> Vec<TextTest> {
    let value = draw.one_of(&VALUES).to_owned();
    match draw.below(6) {
        0 => vec![TextTest::Present],
        1 => vec![TextTest::Absent],
        2 => vec![TextTest::Contains(value)],
        3 if draw.regexes => vec![TextTest::Matches(draft.regex("[12]"))],
        4 => vec![TextTest::Equals(value), TextTest::Present],
        _ => vec![TextTest::Equals(value)],
    }
}

fn request(draw: &mut Draw<'_>) -> Sent {
    let mut line = format!("{} ", draw.one_of(&METHODS));
    for _ in 0..draw.below(5) {
        line.push('/');
        line.push_str(draw.one_of(&SEGMENTS));
    }
    if line.ends_with(' ') || draw.rarely(6) {
        line.push('/');
    }
    if draw.rarely(8) {
        line.push_str(draw.one_of(&["/./b", "//b", "/x/../b", "/%61", "/%2e%2e", "/;x"]));
    }
    let mut query = Vec::new();
    let mut cookies = Vec::new();
    let mut headers = Vec::new();
    for _ in 0..draw.below(4) {
        let (name, value) = (draw.one_of(&["u", "v"]), draw.one_of(&VALUES));
        match draw.below(3) {
            0 => headers.push((name, value)),
            1 => query.push(format!("{name}={value}")),
            _ => cookies.push(format!("{name}={value}")),
        }
    }
    if !query.is_empty() {
        line.push_str(&format!("?{}", query.join("&")));
    }
    let mut request = sent(&line).host(draw.one_of(&HOSTS).trim_start_matches("*."));
    for (name, value) in headers {
        request = request.header(name, value);
    }
    if !cookies.is_empty() {
        request = request.header("cookie", &cookies.join("; "));
    }
    match draw.below(3) {
        0 => request,
        _ => request.body(draw.one_of(&VALUES)),
    }
}

/// What happened, for a test that looks at how often requests hit.
#[derive(Debug, Default, Clone, Copy)]
pub struct Seen {
    pub found: usize,
    pub needs_body: usize,
    pub not_found: usize,
}

/// Draws patterns and requests, and holds the compiled matcher to the naive one.
pub fn holds(data: &[u8]) -> Seen {
    let mut draw = Draw {
        bytes: data,
        regexes: false,
    };
    draw.regexes = draw.rarely(8);
    let count = 1 + draw.below(24);
    let table = Table::of((0..count).map(|_| pattern(&mut draw)).collect::<Vec<_>>());
    let mut seen = Seen::default();
    for _ in 0..1 + draw.below(8) {
        let request = request(&mut draw);
        let Ok(normal) = request.normal() else {
            continue;
        };
        let body = request.body.as_deref();
        same_route(&table, &normal, body, &mut seen);
        precedence_agrees(&table, &normal);
        let some = draw.below(count);
        explanations_agree(&table, &normal, body, some);
    }
    seen
}

fn same_route(table: &Table, request: &Request<'_>, body: Option<&[u8]>, seen: &mut Seen) {
    let expected = naive::route(&table.patterns, &table.regexes, request, body);
    let actual = match matcher::route(table.program(), table.compiled(), request, body) {
        Routing::Found(found) => {
            seen.found += 1;
            assert_eq!(found.captures.len(), found.matched.captures.len());
            let text = |(start, end): (u32, u32)| request.path.get(start as usize..end as usize);
            let captures = found
                .captures
                .iter()
                .map(|range| text(*range).map(str::to_owned));
            Verdict::Found(found.route, captures.collect())
        }
        Routing::NeedsBody => {
            seen.needs_body += 1;
            Verdict::NeedsBody
        }
        Routing::NotFound => {
            seen.not_found += 1;
            Verdict::NotFound
        }
    };
    assert_eq!(actual, expected, "{request:#?}\n{:#?}", table.patterns);
}

/// The order that the compiler reckons with is the order of the search: of all that fit but for the
/// body, the search takes the first (told to by a body that fits everything, if need be).
fn precedence_agrees(table: &Table, request: &Request<'_>) {
    let mut ways = naive::fitting(&table.patterns, &table.regexes, request);
    ways.sort_by(|left, right| precedence(&left.pattern, &right.pattern));
    let first = ways.first().map(|way| &way.pattern.matched);
    match (
        matcher::route(table.program(), table.compiled(), request, None),
        first,
    ) {
        (Routing::Found(found), Some(first)) => assert_eq!(found.route, first.route),
        (Routing::NeedsBody, Some(first)) => {
            assert!(!first.extra.as_deref().unwrap().body.is_empty());
        }
        (Routing::NotFound, None) => {}
        (actual, first) => panic!("{actual:?} but {first:?}"),
    }
}

/// A route has no differences exactly where it fits by itself (two of them are asked), and the nearest
/// are those that do not.
fn explanations_agree(table: &Table, request: &Request<'_>, body: Option<&[u8]>, first: usize) {
    let (program, compiled) = (table.program(), table.compiled());
    let near = matcher::nearest(program, compiled, request, body, 3);
    assert!(near.len() <= 3 && near.iter().all(|miss| !miss.differences.is_empty()));
    for pattern in table.patterns.iter().skip(first).take(2) {
        let route = pattern.matched.route;
        let alone = std::slice::from_ref(pattern);
        let verdict = naive::route(alone, &table.regexes, request, body);
        let fits = matches!(verdict, Verdict::Found(..));
        let explained = matcher::explain(program, compiled, request, body, route);
        assert_eq!(explained.len(), 1);
        let unlike = explained.iter().all(|miss| !miss.differences.is_empty());
        assert_eq!(fits, !unlike, "{explained:?}\n{request:#?}\n{pattern:#?}");
    }
}
