//! What came of a test's request against what was expected.

use std::collections::BTreeMap;

use gatec_schema::Expect;
use gated_engine::Bundle;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use crate::simulate::{Answer, Taken};

/// The name by which an expectation says that no route takes the request.
const NO_ROUTE: &str = "none";

/// What differs, a paragraph each; empty where everything is as expected.
pub(super) fn differences(expect: &Expect, answer: &Answer, bundle: &Bundle) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(route(expect, answer, bundle));
    match &answer.taken {
        Taken::Sent {
            status,
            headers,
            body,
        } => {
            found.extend(self::status(expect, *status));
            found.extend(self::headers(expect, headers));
            found.extend(bodies(expect, body));
            let elsewhere = upstream_wanted(expect);
            found.extend(elsewhere.map(|wanted| {
                format!("expected {wanted}, but it was answered here with {status}")
            }));
        }
        Taken::PassedOn {
            upstream,
            path_and_query,
        } => {
            found.extend(passed_on(
                expect,
                upstream_name(bundle, *upstream),
                path_and_query,
            ));
            found.extend(not_offline(expect, "it is passed on to an upstream"));
        }
        Taken::Disk => {
            found.extend(
                upstream_wanted(expect)
                    .map(|wanted| format!("expected {wanted}, but it is answered from files")),
            );
            found.extend(not_offline(
                expect,
                "it is answered from the replica's own disk",
            ));
        }
    }
    found
}

fn upstream_name(bundle: &Bundle, index: usize) -> &str {
    bundle
        .program()
        .upstreams
        .get(index)
        .map_or("", |upstream| upstream.name.as_str())
}

fn route(expect: &Expect, answer: &Answer, bundle: &Bundle) -> Option<String> {
    let wanted = expect.route.as_deref()?;
    let got = answer
        .route
        .and_then(|index| bundle.program().routes.get(index))
        .map(|route| route.name.as_str());
    let got_name = got.unwrap_or(NO_ROUTE);
    (wanted != got_name).then(|| match (wanted, got) {
        (NO_ROUTE, Some(got)) => format!("route: expected that none takes it, got `{got}`"),
        (_, None) => format!("route: expected `{wanted}`, but no route takes it"),
        (_, Some(got)) => format!("route: expected `{wanted}`, got `{got}`"),
    })
}

fn status(expect: &Expect, got: StatusCode) -> Option<String> {
    let wanted = expect.status?.get();
    (wanted != got.as_u16()).then(|| format!("status: expected {wanted}, got {}", got.as_u16()))
}

fn headers(expect: &Expect, got: &HeaderMap) -> Vec<String> {
    expect
        .headers
        .iter()
        .filter_map(|(name, wanted)| header(name, wanted, got))
        .collect()
}

/// One of the values is enough, as when a client looks for it.
fn header(name: &str, wanted: &str, got: &HeaderMap) -> Option<String> {
    let values: Vec<String> = got
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect();
    match values.as_slice() {
        [] => Some(format!("header `{name}`: expected `{wanted}`, got none")),
        values if values.iter().any(|value| value == wanted) => None,
        values => Some(format!(
            "header `{name}`: expected `{wanted}`, got `{}`",
            values.join("`, `")
        )),
    }
}

fn bodies(expect: &Expect, got: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let text = String::from_utf8_lossy(got);
    if let Some(wanted) = &expect.body
        && wanted.as_bytes() != got
    {
        found.push(format!(
            "body: expected (-) and got (+)\n{}",
            diff(wanted, &text)
        ));
    }
    if let Some(part) = &expect.body_contains
        && !text.contains(part.as_str())
    {
        found.push(format!(
            "body: expected `{part}` somewhere in it, got\n{}",
            marked(' ', &text)
        ));
    }
    if let Some(wanted) = &expect.json {
        found.extend(json(wanted.as_str(), got, &text));
    }
    found
}

fn json(wanted: &str, got: &[u8], text: &str) -> Option<String> {
    let Ok(got) = serde_json::from_slice::<Value>(got) else {
        return Some(format!("json: expected JSON, got\n{}", marked(' ', text)));
    };
    let wanted: Value = match serde_json::from_str(wanted) {
        Ok(wanted) => wanted,
        Err(error) => return Some(format!("json: what is expected is not JSON: {error}")),
    };
    let (wanted, got) = (sorted(&wanted), sorted(&got));
    (!same(&wanted, &got)).then(|| {
        format!(
            "json: expected (-) and got (+)\n{}",
            diff(&format!("{wanted:#}"), &format!("{got:#}"))
        )
    })
}

/// The same value with the keys of objects in order: their order does not count.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let entries: BTreeMap<_, _> = object
                .iter()
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect();
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// Equality of JSON values; `1` and `1.0` are the same number.
fn same(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => one == two || one.as_f64() == two.as_f64(),
        (Value::Array(one), Value::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
        }
        (Value::Object(one), Value::Object(two)) => {
            one.len() == two.len()
                && one
                    .iter()
                    .all(|(key, value)| two.get(key).is_some_and(|other| same(value, other)))
        }
        _ => one == two,
    }
}

fn passed_on(expect: &Expect, upstream: &str, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(wanted) = &expect.upstream
        && wanted != upstream
    {
        found.push(format!("upstream: expected `{wanted}`, got `{upstream}`"));
    }
    if let Some(wanted) = &expect.upstream_path
        && !path_fits(wanted, path)
    {
        found.push(format!("upstream-path: expected `{wanted}`, got `{path}`"));
    }
    found
}

/// The query counts only where the expectation has one.
fn path_fits(wanted: &str, got: &str) -> bool {
    let path = got.split_once('?').map_or(got, |(path, _)| path);
    wanted == got || wanted == path
}

fn upstream_wanted(expect: &Expect) -> Option<String> {
    match (&expect.upstream, &expect.upstream_path) {
        (Some(upstream), _) => Some(format!("that it is passed on to `{upstream}`")),
        (None, Some(path)) => Some(format!("that it is passed on with the path `{path}`")),
        (None, None) => None,
    }
}

/// An expectation on an answer that is not made offline cannot hold; it is not passed over.
fn not_offline(expect: &Expect, why: &str) -> Option<String> {
    let wanted = [
        (expect.status.is_some(), "status"),
        (!expect.headers.is_empty(), "headers"),
        (expect.body.is_some(), "body"),
        (expect.body_contains.is_some(), "body-contains"),
        (expect.json.is_some(), "json"),
    ];
    let names: Vec<&str> = wanted
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, name)| *name)
        .collect();
    (!names.is_empty())
        .then(|| format!("{}: cannot be known offline, since {why}", names.join(", ")))
}

fn diff(wanted: &str, got: &str) -> String {
    let diff = TextDiff::from_lines(wanted, got);
    let lines = diff.iter_all_changes().map(|change| {
        let mark = match change.tag() {
            ChangeTag::Equal => ' ',
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        marked(mark, change.value())
    });
    let mut text: String = lines.collect();
    if wanted.trim_end_matches('\n') == got.trim_end_matches('\n') {
        text.push_str("  (they differ in the line feed at the end)\n");
    }
    text
}

fn marked(mark: char, text: &str) -> String {
    text.lines()
        .map(|line| format!("  {mark} {}\n", visible(line)))
        .collect()
}

fn visible(line: &str) -> String {
    line.chars()
        .map(|character| match character {
            '\t' => '\t',
            _ if character.is_control() => '\u{fffd}',
            _ => character,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_compared_as_json() {
        assert_eq!(
            json(r#"{"a":1,"b":[2]}"#, br#"{"b":[2.0],"a":1}"#, ""),
            None
        );
        let difference = json(r#"{"a":1}"#, br#"{"a":2}"#, "").unwrap();
        insta::assert_snapshot!(difference, @r#"
        json: expected (-) and got (+)
            {
          -   "a": 1
          +   "a": 2
            }
        "#);
        assert!(
            json("{}", b"<p>", "<p>")
                .unwrap()
                .starts_with("json: expected JSON, got")
        );
    }

    #[test]
    fn a_query_counts_where_it_is_asked_for() {
        assert!(path_fits("/a", "/a?x=1") && path_fits("/a?x=1", "/a?x=1"));
        assert!(!path_fits("/a?x=2", "/a?x=1"));
    }
}
