//! Whether two pieces of JSON mean the same: the order of keys does not count, nor does how a number
//! is written, nor what a condition leaves out.

use std::collections::HashSet;

use serde_json::{Map, Number, Value};
use serde_json_path::JsonPath;

/// Two values to compare, and what does not count.
pub(super) struct Comparison<'v> {
    expected: &'v Value,
    actual: &'v Value,
    /// Addresses of the values that are left out, on both sides. They stay valid as both trees are
    /// borrowed for as long as the comparison lives.
    ignored: HashSet<usize>,
    ignore_extra: bool,
}

/// Where two values differ first.
pub(super) struct Difference<'v> {
    /// The way to the place from the inside out.
    steps: Vec<String>,
    /// What was expected there; `None`: nothing.
    pub(super) expected: Option<&'v Value>,
    /// What is there; `None`: nothing.
    pub(super) actual: Option<&'v Value>,
}

impl<'v> Comparison<'v> {
    pub(super) fn new<'p>(
        expected: &'v Value,
        actual: &'v Value,
        ignore: impl Iterator<Item = &'p JsonPath>,
        ignore_extra: bool,
    ) -> Self {
        let mut ignored = HashSet::new();
        for path in ignore {
            let left_out = path
                .query(expected)
                .all()
                .into_iter()
                .chain(path.query(actual).all());
            ignored.extend(left_out.map(address));
        }
        Self {
            expected,
            actual,
            ignored,
            ignore_extra,
        }
    }

    /// Where the values differ; `None` where they mean the same.
    pub(super) fn difference(&self) -> Option<Difference<'v>> {
        if !self.counts(self.expected) || !self.counts(self.actual) {
            return None;
        }
        self.values(self.expected, self.actual)
    }

    fn values(&self, expected: &'v Value, actual: &'v Value) -> Option<Difference<'v>> {
        let same = match (expected, actual) {
            (Value::Object(expected), Value::Object(actual)) => {
                return self.objects(expected, actual);
            }
            (Value::Array(expected), Value::Array(actual)) => {
                return self.arrays(expected, actual);
            }
            (Value::Number(expected), Value::Number(actual)) => same_number(expected, actual),
            (expected, actual) => expected == actual,
        };
        (!same).then(|| Difference::at(Some(expected), Some(actual)))
    }

    fn objects(
        &self,
        expected: &'v Map<String, Value>,
        actual: &'v Map<String, Value>,
    ) -> Option<Difference<'v>> {
        for (key, value) in expected.iter().filter(|(_, value)| self.counts(value)) {
            let found = actual.get(key).filter(|value| self.counts(value));
            let difference = match found {
                Some(found) => self.values(value, found),
                None => Some(Difference::at(Some(value), None)),
            };
            if let Some(difference) = difference {
                return Some(difference.under(key.clone()));
            }
        }
        if self.ignore_extra {
            return None;
        }
        let known = |key: &str| expected.get(key).is_some_and(|value| self.counts(value));
        let mut further = actual
            .iter()
            .filter(|(key, value)| self.counts(value) && !known(key));
        let (key, value) = further.next()?;
        Some(Difference::at(None, Some(value)).under(key.clone()))
    }

    fn arrays(&self, expected: &'v [Value], actual: &'v [Value]) -> Option<Difference<'v>> {
        let mut left = expected.iter().filter(|value| self.counts(value));
        let mut right = actual
            .iter()
            .enumerate()
            .filter(|(_, value)| self.counts(value));
        loop {
            let (difference, index) = match (left.next(), right.next()) {
                (None, None) => return None,
                (Some(left), Some((index, right))) => (self.values(left, right), index),
                (None, Some((index, right))) => (Some(Difference::at(None, Some(right))), index),
                (Some(left), None) => (Some(Difference::at(Some(left), None)), actual.len()),
            };
            if let Some(difference) = difference {
                return Some(difference.under(index.to_string()));
            }
        }
    }

    fn counts(&self, value: &Value) -> bool {
        !self.ignored.contains(&address(value))
    }
}

impl<'v> Difference<'v> {
    fn at(expected: Option<&'v Value>, actual: Option<&'v Value>) -> Self {
        Self {
            steps: Vec::new(),
            expected,
            actual,
        }
    }

    fn under(mut self, step: String) -> Self {
        self.steps.push(step);
        self
    }

    /// The place as a JSON Pointer (RFC 6901); empty for the whole.
    pub(super) fn pointer(&self) -> String {
        let steps = self.steps.iter().rev();
        steps
            .map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1")))
            .collect()
    }
}

fn address(value: &Value) -> usize {
    std::ptr::from_ref(value).addr()
}

/// `1`, `1.0` and `1e0` are the same number.
fn same_number(left: &Number, right: &Number) -> bool {
    let whole = |number: &Number| {
        number
            .as_i64()
            .map(i128::from)
            .or_else(|| number.as_u64().map(i128::from))
    };
    match (whole(left), whole(right)) {
        (Some(left), Some(right)) => left == right,
        _ => left.as_f64() == right.as_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(expected: &str, actual: &str, ignore: &[&str], extra: bool) -> Option<String> {
        let expected: Value = serde_json::from_str(expected).unwrap();
        let actual: Value = serde_json::from_str(actual).unwrap();
        let paths: Vec<_> = ignore
            .iter()
            .map(|path| JsonPath::parse(path).unwrap())
            .collect();
        let comparison = Comparison::new(&expected, &actual, paths.iter(), extra);
        comparison
            .difference()
            .map(|difference| difference.pointer())
    }

    #[test]
    fn the_same() {
        for (left, right) in [
            (
                r#"{"a":1,"b":[true,null]}"#,
                r#"{ "b":[true,null], "a":1.0 }"#,
            ),
            ("[1, 1e2, -0.5]", "[1.0, 100, -5e-1]"),
            ("18446744073709551615", "18446744073709551615"),
            (r#""é""#, r#""\u00e9""#),
        ] {
            assert_eq!(difference(left, right, &[], false), None, "{left} {right}");
        }
    }

    #[test]
    fn not_the_same() {
        for (left, right, at) in [
            (r#"{"a":1}"#, r#"{"a":2}"#, "/a"),
            (
                r#"{"a":{"b/c":[1,2]}}"#,
                r#"{"a":{"b/c":[1,3]}}"#,
                "/a/b~1c/1",
            ),
            ("[1,2]", "[2,1]", "/0"),
            ("[1]", "[1,2]", "/1"),
            ("[1,2]", "[1]", "/1"),
            (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, "/b"),
            (r#"{"a":1,"b":2}"#, r#"{"a":1}"#, "/b"),
            ("1", r#""1""#, ""),
            ("18446744073709551615", "18446744073709551614", ""),
        ] {
            assert_eq!(
                difference(left, right, &[], false).as_deref(),
                Some(at),
                "{left} {right}"
            );
        }
    }

    #[test]
    fn what_is_left_out() {
        let ids = &["$.items[*].id", "$.at"];
        let left = r#"{"at":1,"items":[{"id":1,"n":"x"},{"id":2,"n":"y"}]}"#;
        let right = r#"{"items":[{"n":"x"},{"id":"z","n":"y"}]}"#;
        assert_eq!(difference(left, right, ids, false), None);
        assert_eq!(
            difference(left, right, &["$.at"], false).as_deref(),
            Some("/items/0/id")
        );
        assert_eq!(difference("[1,2]", "[9,2]", &["$[0]"], false), None);
        assert_eq!(difference("1", "2", &["$"], false), None);
        assert_eq!(
            difference(r#"{"a":{}}"#, r#"{"a":{"x":1},"b":2}"#, &[], true),
            None
        );
        assert_eq!(difference("[1]", "[1,2]", &[], true).as_deref(), Some("/1"));
    }
}
