//! Why one of two matches that both take a request comes first.
//!
//! Follows the engine's order of precedence and names the first thing in which the two differ. The
//! engine has decided already; this only finds the words.

use std::fmt::Write;

use gatec_schema::value::PathSegment;
use gatec_schema::{Match, Route};

/// What decided between two matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decided {
    /// One word: `priority`, `host`, `path`, `method`, `headers`, `query`, `cookies`, `body`, `order`.
    pub(super) by: &'static str,
    /// A sentence.
    pub(super) because: String,
}

/// The first thing in which the winner differs from a route that takes the request as well.
pub(super) fn decided(winner: (&Route, &Match), other: (&Route, &Match), host: &str) -> Decided {
    let ((winner_route, winner), (other_route, other)) = (winner, other);
    let priority = (winner_route.priority != other_route.priority).then(|| {
        (
            "priority",
            format!(
                "priority {} is tried before {}",
                winner_route.priority, other_route.priority
            ),
        )
    });
    let found = priority
        .or_else(|| by_host(winner, other, host))
        .or_else(|| by_path(winner, other))
        .or_else(|| by_method(winner, other))
        .or_else(|| {
            by_count(
                "headers",
                winner.headers.len(),
                other.headers.len(),
                "header",
            )
        })
        .or_else(|| {
            by_count(
                "query",
                winner.query.len(),
                other.query.len(),
                "query parameter",
            )
        })
        .or_else(|| {
            by_count(
                "cookies",
                winner.cookies.len(),
                other.cookies.len(),
                "cookie",
            )
        })
        .or_else(|| {
            by_count(
                "body",
                winner.body.len(),
                other.body.len(),
                "body condition",
            )
        });
    let (by, because) = found.unwrap_or_else(|| {
        (
            "order",
            "both are equally specific, and it is declared first".to_owned(),
        )
    });
    Decided { by, because }
}

type Reason = Option<(&'static str, String)>;

fn by_host(winner: &Match, other: &Match, host: &str) -> Reason {
    let (ours, theirs) = (fitting_host(winner, host), fitting_host(other, host));
    let because = match (ours, theirs) {
        _ if ours == theirs => return None,
        (Some(ours), None) => format!("its host `{ours}` is more specific than any host"),
        (Some(ours), Some(theirs)) => format!("its host `{ours}` is more specific than `{theirs}`"),
        // The winner takes any host and the other does not: something above must have decided.
        (None, _) => return None,
    };
    Some(("host", because))
}

/// The most specific host of a match that takes this host.
fn fitting_host<'m>(matched: &'m Match, host: &str) -> Option<&'m str> {
    let hosts = matched.host.iter().map(|host| host.as_str());
    hosts
        .filter(|pattern| takes_host(pattern, host))
        .max_by_key(|pattern| (!pattern.starts_with('*'), pattern.len()))
}

pub(super) fn takes_host(pattern: &str, host: &str) -> bool {
    let pattern = pattern.to_lowercase();
    match pattern.strip_prefix('*') {
        Some(suffix) => host.len() > suffix.len() && host.ends_with(suffix),
        None => pattern == host,
    }
}

fn by_path(winner: &Match, other: &Match) -> Reason {
    let (ours, theirs) = (path_shape(winner), path_shape(other));
    (ours != theirs).then(|| {
        let because = format!(
            "its {} is more specific than {}",
            path_words(winner),
            path_words(other)
        );
        ("path", because)
    })
}

/// A path without the names of its parameters: two of the same shape take the same paths.
fn path_shape(matched: &Match) -> String {
    let mut shape = String::new();
    if let Some(pattern) = &matched.path_regex {
        let _ = write!(shape, "regex {}", pattern.as_str());
        return shape;
    }
    let exact = matched.path.as_ref().map(|path| path.segments());
    let rest = exact.is_none();
    let segments = exact.or_else(|| matched.prefix.as_ref().map(|prefix| prefix.segments()));
    for segment in segments.unwrap_or_default() {
        let _ = match segment {
            PathSegment::Literal(text) => write!(shape, "/={text}"),
            PathSegment::Parameter { kind, .. } => write!(shape, "/{kind:?}"),
            PathSegment::Rest { .. } => write!(shape, "/…"),
        };
    }
    if rest {
        shape.push_str("/…");
    }
    shape
}

/// The path of a match in words.
pub(super) fn path_words(matched: &Match) -> String {
    match (&matched.path, &matched.prefix, &matched.path_regex) {
        (Some(path), ..) => format!("path `{path}`"),
        (_, Some(prefix), _) => format!("prefix `{prefix}`"),
        (.., Some(regex)) => format!("path regex `{regex}`"),
        _ => "any path".to_owned(),
    }
}

fn by_method(winner: &Match, other: &Match) -> Reason {
    let named = !winner.method.is_empty() && other.method.is_empty();
    named.then(|| {
        (
            "method",
            "it names the method, the other takes any".to_owned(),
        )
    })
}

fn by_count(by: &'static str, ours: usize, theirs: usize, one: &str) -> Reason {
    let plural = |count: usize| {
        if count == 1 {
            format!("1 {one}")
        } else {
            format!("{count} {one}s")
        }
    };
    (ours > theirs).then(|| {
        (
            by,
            format!("it asks for {}, the other for {theirs}", plural(ours)),
        )
    })
}

/// A match in words: what it asks for.
pub(crate) fn match_words(matched: &Match) -> String {
    let mut words = match matched.method.as_slice() {
        [] => "any method".to_owned(),
        methods => methods
            .iter()
            .map(|method| method.as_str())
            .collect::<Vec<_>>()
            .join(" or "),
    };
    let _ = write!(words, ", {}", path_words(matched));
    if !matched.host.is_empty() {
        let hosts: Vec<String> = matched
            .host
            .iter()
            .map(|host| format!("`{host}`"))
            .collect();
        let _ = write!(words, ", host {}", hosts.join(" or "));
    }
    for (what, names) in [
        ("header", matched.headers.keys()),
        ("query", matched.query.keys()),
        ("cookie", matched.cookies.keys()),
    ] {
        for name in names {
            let _ = write!(words, ", {what} `{name}`");
        }
    }
    match matched.body.len() {
        0 => {}
        1 => words.push_str(", 1 body condition"),
        count => {
            let _ = write!(words, ", {count} body conditions");
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(json: serde_json::Value) -> (Route, Match) {
        (Route::default(), serde_json::from_value(json).unwrap())
    }

    fn words(winner: serde_json::Value, other: serde_json::Value) -> String {
        let (winner, other) = (matched(winner), matched(other));
        let decided = decided(
            (&winner.0, &winner.1),
            (&other.0, &other.1),
            "a.shop.example",
        );
        format!("{}: {}", decided.by, decided.because)
    }

    #[test]
    fn the_first_difference_decides() {
        use serde_json::json;
        assert_eq!(
            words(
                json!({"path": "/a/b", "host": []}),
                json!({"path": "/a/{x}"})
            ),
            "path: its path `/a/b` is more specific than path `/a/{x}`"
        );
        assert_eq!(
            words(
                json!({"path": "/a/{x}", "host": ["a.shop.example"]}),
                json!({"path": "/a/b", "host": ["*.shop.example"]})
            ),
            "host: its host `a.shop.example` is more specific than `*.shop.example`"
        );
        assert_eq!(
            words(
                json!({"path": "/{a}", "method": ["GET"]}),
                json!({"path": "/{b}"})
            ),
            "method: it names the method, the other takes any"
        );
        assert_eq!(
            words(
                json!({"path": "/{a}", "headers": {"x": {}, "y": {}}}),
                json!({"path": "/{b}", "headers": {"x": {}}})
            ),
            "headers: it asks for 2 headers, the other for 1"
        );
        assert_eq!(
            words(json!({"prefix": "/a"}), json!({"prefix": "/a/"})),
            "order: both are equally specific, and it is declared first"
        );
    }
}
