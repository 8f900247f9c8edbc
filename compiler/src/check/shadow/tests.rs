//! The analysis against an obvious one: in a small world every request can be tried.

use std::cmp::Ordering;

use gated_engine::matcher::{PathForm, PathPart, Pattern, precedence};
use gated_engine::program::{Match, MatchExtra, NamedCondition, ParameterKind, TextTest};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::expressions::Regexes;
use super::index::Index;
use super::probe::Probe;
use super::unit::{Unit, units};
use super::verdict::{Judge, Verdict};
use super::{Fate, fates};
use crate::lower::Patterns;

const HOSTS: [&str; 4] = ["other.y", "a.x", "b.x", "c.a.x"];
const METHODS: [(&str, u16); 3] = [("GET", 1), ("POST", 4), ("PURGE", 0)];
const SEGMENTS: [&str; 7] = ["a", "b", "7", "8", "-7", "a1", "~~"];
const VALUES: [&[&str]; 7] = [
    &[],
    &["1"],
    &["2"],
    &["1", "2"],
    &["z1"],
    &["z"],
    &["z1", "2"],
];

struct Request {
    host: &'static str,
    method: u16,
    path: Vec<&'static str>,
    values: &'static [&'static str],
}

fn paths() -> Vec<Vec<&'static str>> {
    let mut paths = vec![vec![""]];
    paths.extend(TRIED.map(|path| path[1..].split('/').collect()));
    for first in SEGMENTS {
        paths.push(vec![first]);
        paths.push(vec![first, ""]);
        for second in SEGMENTS {
            paths.push(vec![first, second]);
            paths.push(vec![first, second, ""]);
            paths.push(vec![first, second, "b"]);
        }
    }
    paths
}

const EXPRESSIONS: [&str; 5] = ["/a/.*", "/[a-z]+", "/(a|7)", ".*", "/a/.*|/7/.*"];

/// What the analysis tries of these expressions, where it is a path that is not in the world yet.
const TRIED: [&str; 12] = [
    "/x", "/aa", "/xx", "/aaa", "/xxx", "/a/x", "/a/xx", "/a/-", "/a/~", "/a/__", "/7/__", "/7/~",
];

#[test]
fn the_small_world_has_what_is_tried() {
    let patterns = EXPRESSIONS.map(str::to_owned);
    let regexes = Regexes::new(&patterns);
    let known: Vec<String> = paths()
        .iter()
        .map(|path| format!("/{}", path.join("/")))
        .collect();
    let tried = (0..5).flat_map(|regex| regexes.samples(regex));
    let missing: Vec<&String> = tried
        .filter(|path| path.starts_with('/') && !known.contains(path))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn world() -> Vec<Request> {
    let mut world = Vec::new();
    for path in paths() {
        for host in HOSTS {
            for (_, method) in METHODS {
                let request = |values| Request {
                    host,
                    method,
                    path: path.clone(),
                    values,
                };
                world.extend(VALUES.map(request));
            }
        }
    }
    world
}

fn takes_host(pattern: &Pattern, host: &str) -> bool {
    let takes = |wanted: &String| match wanted.strip_prefix('*') {
        Some(suffix) => host.ends_with(suffix),
        None => wanted == host,
    };
    pattern.hosts.is_empty() || pattern.hosts.iter().any(takes)
}

fn takes_path(pattern: &Pattern, path: &[&str], regexes: &[regex::Regex]) -> bool {
    let part = |(part, segment): (&PathPart, &&str)| match part {
        PathPart::Literal(text) => text == segment,
        PathPart::Parameter(kind) => kind.takes(segment),
    };
    match &pattern.path {
        PathForm::Whole(parts) if parts.is_empty() => path == [""],
        PathForm::Whole(parts) => parts.len() == path.len() && parts.iter().zip(path).all(part),
        PathForm::Prefix { parts, .. } => {
            parts.len() <= path.len() && parts.iter().zip(path).all(part)
        }
        PathForm::Regex { .. } => {
            let index = pattern.matched.extra.as_ref().unwrap().path_regex.unwrap();
            regexes[index as usize].is_match(&format!("/{}", path.join("/")))
        }
    }
}

fn takes_values(tests: &[TextTest], values: &[&str]) -> bool {
    let passes = |value: &&str| {
        tests.iter().all(|test| match test {
            TextTest::Equals(text) => text == value,
            TextTest::Contains(text) => value.contains(text.as_str()),
            TextTest::Present => true,
            _ => false,
        })
    };
    match tests {
        [TextTest::Absent] => values.is_empty(),
        _ => values.iter().any(passes),
    }
}

fn takes(pattern: &Pattern, request: &Request, regexes: &[regex::Regex]) -> bool {
    let methods = pattern.matched.methods;
    let extra = pattern.matched.extra.as_deref();
    let conditions = extra
        .map(|extra| extra.headers.as_slice())
        .unwrap_or_default();
    takes_host(pattern, request.host)
        && takes_path(pattern, &request.path, regexes)
        && (methods == 0 || methods & request.method != 0)
        && conditions
            .iter()
            .all(|condition| takes_values(&condition.tests, request.values))
}

/// The routes that some request of the world reaches.
fn reached(patterns: &Patterns) -> Vec<bool> {
    let compile = |text: &String| regex::Regex::new(&format!("^(?:{text})$")).unwrap();
    let regexes: Vec<_> = patterns.regexes.iter().map(compile).collect();
    let mut split: Vec<Pattern> = Vec::new();
    for pattern in &patterns.patterns {
        match pattern.hosts.is_empty() {
            true => split.push(pattern.clone()),
            false => split.extend(pattern.hosts.iter().map(|host| Pattern {
                hosts: vec![host.clone()],
                ..pattern.clone()
            })),
        }
    }
    // A stable sort: order of declaration decides what is left.
    split.sort_by(precedence);
    let mut reached = vec![false; patterns.patterns.len()];
    for request in world() {
        if let Some(first) = split
            .iter()
            .find(|pattern| takes(pattern, &request, &regexes))
        {
            reached[first.matched.route as usize] = true;
        }
    }
    reached
}

fn verdicts(patterns: &Patterns) -> Vec<(bool, bool)> {
    let regexes = Regexes::new(&patterns.regexes);
    let units = units(&patterns.patterns, |_| false);
    let index = Index::new(&units);
    let probe = Probe::new(patterns);
    let judge = Judge::new(&units, &index, &regexes, &probe);
    let fates = fates(&judge);
    (0..patterns.patterns.len())
        .map(|route| {
            let own: Vec<&Fate> = fates
                .values()
                .filter(|fate| fate.route as usize == route)
                .collect();
            let unsure = own.iter().flat_map(|fate| &fate.verdicts);
            let unsure = unsure
                .clone()
                .any(|(_, verdict)| matches!(verdict, Verdict::Unknown(_)));
            (own.iter().all(|fate| fate.dead().is_some()), unsure)
        })
        .collect()
}

fn part() -> impl Strategy<Value = PathPart> {
    prop_oneof![
        3 => prop_oneof![Just("a"), Just("7")].prop_map(|text| PathPart::Literal(text.to_owned())),
        2 => Just(PathPart::Parameter(ParameterKind::Any)),
        1 => prop_oneof![
            Just(ParameterKind::Int), Just(ParameterKind::Alpha), Just(ParameterKind::Alnum)
        ].prop_map(PathPart::Parameter),
    ]
}

fn path() -> impl Strategy<Value = PathForm> {
    let parts = || prop::collection::vec(part(), 0..=2);
    prop_oneof![
        4 => (parts(), prop::bool::weighted(0.2)).prop_map(|(mut parts, slash)| {
            if slash && !parts.is_empty() {
                parts.push(PathPart::Literal(String::new()));
            }
            PathForm::Whole(parts)
        }),
        2 => parts().prop_map(|parts| PathForm::Prefix { parts, capture_rest: false }),
    ]
}

fn tests() -> impl Strategy<Value = Option<TextTest>> {
    prop_oneof![
        6 => Just(None),
        1 => Just(Some(TextTest::Equals("1".to_owned()))),
        1 => Just(Some(TextTest::Equals("2".to_owned()))),
        1 => Just(Some(TextTest::Contains("1".to_owned()))),
        1 => Just(Some(TextTest::Present)),
        1 => Just(Some(TextTest::Absent)),
    ]
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let host = prop_oneof![Just("a.x"), Just("*.x"), Just("*.a.x")];
    let hosts = prop_oneof![
        4 => Just(Vec::new()),
        1 => prop::collection::vec(host.prop_map(str::to_owned), 1..=2),
    ];
    let methods = prop_oneof![2 => Just(0_u16), 2 => Just(1), 1 => Just(4), 1 => Just(5)];
    let priority = prop_oneof![5 => Just(0), 1 => Just(1)];
    (hosts, path(), methods, tests(), priority).prop_map(
        |(mut hosts, path, methods, test, priority)| {
            hosts.dedup();
            let condition = |test| NamedCondition {
                name: "x-v".to_owned(),
                tests: vec![test],
            };
            let extra = test.map(|test| {
                Box::new(MatchExtra {
                    headers: vec![condition(test)],
                    ..MatchExtra::default()
                })
            });
            Pattern {
                priority,
                hosts,
                path,
                matched: Match {
                    route: 0,
                    ordinal: 0,
                    methods,
                    captures: Vec::new(),
                    extra,
                },
            }
        },
    )
}

fn spec() -> impl Strategy<Value = Patterns> {
    prop::collection::vec(pattern(), 2..9).prop_map(numbered)
}

fn numbered(mut patterns: Vec<Pattern>) -> Patterns {
    for (route, pattern) in patterns.iter_mut().enumerate() {
        pattern.matched.route = u32::try_from(route).unwrap();
    }
    Patterns {
        patterns,
        regexes: Vec::new(),
        schemas: Vec::new(),
    }
}

/// The same with some paths as regular expressions.
fn spec_with_regexes() -> impl Strategy<Value = Patterns> {
    let regexes = EXPRESSIONS;
    (
        spec(),
        prop::collection::vec(prop::option::weighted(0.3, 0..regexes.len()), 9),
    )
        .prop_map(move |(mut patterns, chosen)| {
            patterns.regexes = regexes.map(str::to_owned).to_vec();
            for (pattern, chosen) in patterns.patterns.iter_mut().zip(chosen) {
                if let Some(regex) = chosen {
                    let literal = if regex == 0 {
                        vec!["a".to_owned()]
                    } else {
                        Vec::new()
                    };
                    pattern.path = PathForm::Regex { literal };
                    let extra = pattern.matched.extra.get_or_insert_default();
                    extra.path_regex = Some(u32::try_from(regex).unwrap());
                }
            }
            patterns
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_route_is_dead_if_and_only_if_no_request_reaches_it(patterns in spec()) {
        let reached = reached(&patterns);
        for (route, (dead, unsure)) in verdicts(&patterns).into_iter().enumerate() {
            prop_assert!(!unsure, "route {route}");
            prop_assert_eq!(dead, !reached[route], "route {} of {:#?}", route, patterns.patterns);
        }
    }

    #[test]
    fn with_regular_expressions_no_living_route_is_called_dead(patterns in spec_with_regexes()) {
        let reached = reached(&patterns);
        for (route, (dead, _)) in verdicts(&patterns).into_iter().enumerate() {
            prop_assert!(!(dead && reached[route]), "route {} of {:#?}", route, patterns.patterns);
        }
    }
}

/// The routes with a regular expression that are seen to live, and the ties that are sure.
fn told(patterns: &Patterns) -> (Vec<u32>, Vec<(u32, u32)>) {
    let regexes = Regexes::new(&patterns.regexes);
    let units = units(&patterns.patterns, |_| false);
    let index = Index::new(&units);
    let probe = Probe::new(patterns);
    let judge = Judge::new(&units, &index, &regexes, &probe);
    let alive = units.iter().filter(|unit| {
        let regex = unit.regex();
        regex.is_some_and(|regex| judge.has_free_sample(unit, regex))
    });
    let ties = super::tie::ties(&units, &regexes, &judge.takers);
    let route = |unit: u32| units[unit as usize].route();
    let sure = ties.into_iter().filter(|tie| tie.sure);
    (
        alive.map(Unit::route).collect(),
        sure.map(|tie| (route(tie.first), route(tie.second)))
            .collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// The regular expressions here have every path in the small world that tells them apart, so what
    /// is claimed for sure must be seen there.
    #[test]
    fn what_is_sure_of_regular_expressions_is_seen(patterns in spec_with_regexes()) {
        let compile = |text: &String| regex::Regex::new(&format!("^(?:{text})$")).unwrap();
        let regexes: Vec<_> = patterns.regexes.iter().map(compile).collect();
        let reached = reached(&patterns);
        let (alive, ties) = told(&patterns);
        for route in alive {
            prop_assert!(reached[route as usize], "route {} of {:#?}", route, patterns.patterns);
        }
        for (first, second) in ties {
            let both = [first, second].map(|route| &patterns.patterns[route as usize]);
            let seen = world().iter().any(|request| {
                both.iter().all(|pattern| takes(pattern, request, &regexes))
            });
            let regex = both.iter().all(|pattern| matches!(pattern.path, PathForm::Regex { .. }));
            prop_assert!(seen || !regex, "{} and {} of {:#?}", first, second, patterns.patterns);
        }
    }
}

#[test]
fn precedence_is_a_total_order_of_units() {
    // The oracle sorts by it, so it has to be one.
    let paths = [
        vec![],
        vec![PathPart::Literal("a".to_owned())],
        vec![PathPart::Parameter(ParameterKind::Any)],
    ];
    let patterns: Vec<Pattern> = paths
        .into_iter()
        .map(|parts| Pattern {
            priority: 0,
            hosts: Vec::new(),
            path: PathForm::Whole(parts),
            matched: Match {
                route: 0,
                ordinal: 0,
                methods: 0,
                captures: Vec::new(),
                extra: None,
            },
        })
        .collect();
    for left in &patterns {
        for right in &patterns {
            assert_eq!(precedence(left, right), precedence(right, left).reverse());
            assert_eq!(precedence(left, right) == Ordering::Equal, left == right);
        }
    }
}

#[test]
fn the_small_world_has_dead_routes_of_both_kinds() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut by_one, mut by_several) = (0, 0);
    for _ in 0..2_000 {
        let patterns = spec().new_tree(&mut runner).unwrap().current();
        let regexes = Regexes::new(&patterns.regexes);
        let units = units(&patterns.patterns, |_| false);
        let index = Index::new(&units);
        let probe = Probe::new(&patterns);
        let judge = Judge::new(&units, &index, &regexes, &probe);
        for fate in fates(&judge).into_values() {
            for (_, verdict) in fate.verdicts {
                match verdict {
                    Verdict::Dead(by) if by.len() == 1 => by_one += 1,
                    Verdict::Dead(_) => by_several += 1,
                    _ => {}
                }
            }
        }
    }
    assert!(
        by_one > 100 && by_several > 5,
        "{by_one} by one, {by_several} by several"
    );
}
