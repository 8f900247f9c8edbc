//! Conditional requests (RFC 9110, section 13): whether the client has it already, and whether it
//! still is what the client thinks it is.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, Method, header};

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Validators<'v> {
    /// The entity tag as it is sent: with quotes, and with `W/` if it is weak.
    pub etag: Option<&'v str>,
    /// When it was last changed. Absent for files of a bundle: they have an entity tag, and a time
    /// would make two equal builds differ.
    pub last_modified: Option<SystemTime>,
}

/// What a request's conditions come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Answer as usual.
    Proceed,
    /// 304: the client has it.
    NotModified,
    /// 412: it is not what the client thinks.
    Failed,
}

/// Evaluates all conditions but `If-Range`, in the order of section 13.2.2.
pub fn evaluate(method: &Method, headers: &HeaderMap, validators: Validators<'_>) -> Outcome {
    if precondition_fails(headers, validators) {
        return Outcome::Failed;
    }
    let reads = matches!(*method, Method::GET | Method::HEAD);
    match matches_any(headers, header::IF_NONE_MATCH, validators.etag, weak) {
        Some(true) if reads => Outcome::NotModified,
        Some(true) => Outcome::Failed,
        None if reads && unchanged_since(headers, header::IF_MODIFIED_SINCE, validators) => {
            Outcome::NotModified
        }
        _ => Outcome::Proceed,
    }
}

fn precondition_fails(headers: &HeaderMap, validators: Validators<'_>) -> bool {
    match matches_any(headers, header::IF_MATCH, validators.etag, strong) {
        Some(matches) => !matches,
        None => {
            date(headers, header::IF_UNMODIFIED_SINCE).is_some()
                && validators.last_modified.is_some()
                && !unchanged_since(headers, header::IF_UNMODIFIED_SINCE, validators)
        }
    }
}

/// Whether a range may be sent: there is no `If-Range`, or what it names is what there is (section
/// 13.1.5). A weak tag never is, and neither is a date that is not exactly the file's.
pub fn range_applies(headers: &HeaderMap, validators: Validators<'_>) -> bool {
    let Some(condition) = headers.get(header::IF_RANGE) else {
        return true;
    };
    let Ok(condition) = condition.to_str().map(str::trim) else {
        return false;
    };
    if condition.ends_with('"') {
        return validators.etag.is_some_and(|etag| strong(condition, etag));
    }
    let named = httpdate::parse_http_date(condition).ok();
    named.is_some() && named == validators.last_modified.map(whole_seconds)
}

/// Whether a header of tags names this one; `None` where there is no such header. `*` names any.
fn matches_any(
    headers: &HeaderMap,
    name: HeaderName,
    etag: Option<&str>,
    equal: fn(&str, &str) -> bool,
) -> Option<bool> {
    headers.contains_key(&name).then(|| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|line| std::str::from_utf8(line.as_bytes()).ok())
            .any(|line| {
                line.trim() == "*"
                    || etag.is_some_and(|etag| tags(line).any(|tag| equal(tag, etag)))
            })
    })
}

/// The entity tags of a list. A comma may stand within a tag, so the list is not split at commas; what
/// follows something that is no tag is not looked at.
fn tags(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let inside = opaque(rest).strip_prefix('"')?;
        let (_, after) = inside.split_once('"')?;
        let (tag, next) = rest.split_at_checked(rest.len() - after.len())?;
        rest = next;
        Some(tag)
    })
}

fn strong(left: &str, right: &str) -> bool {
    left == right && !left.starts_with("W/")
}

fn weak(left: &str, right: &str) -> bool {
    opaque(left) == opaque(right)
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// Whether a date is given and the file has not changed after it.
fn unchanged_since(headers: &HeaderMap, name: HeaderName, validators: Validators<'_>) -> bool {
    match (date(headers, name), validators.last_modified) {
        (Some(since), Some(changed)) => whole_seconds(changed) <= since,
        _ => false,
    }
}

fn date(headers: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    let text = headers.get(name)?.to_str().ok()?;
    httpdate::parse_http_date(text.trim()).ok()
}

/// A time without its fraction, as an HTTP date can say it.
fn whole_seconds(time: SystemTime) -> SystemTime {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    SystemTime::UNIX_EPOCH + Duration::from_secs(since.map_or(0, |since| since.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const DAY_BEFORE: &str = "Sat, 05 Nov 1994 08:49:37 GMT";
    const DAY_AFTER: &str = "Mon, 07 Nov 1994 08:49:37 GMT";

    fn validators() -> Validators<'static> {
        let whole = httpdate::parse_http_date(DAY).unwrap();
        Validators {
            etag: Some("\"v1\""),
            last_modified: Some(whole + Duration::from_millis(500)),
        }
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn conditions() {
        use Outcome::{Failed, NotModified, Proceed};
        let table: &[(&[(&'static str, &str)], Outcome)] = &[
            (&[], Proceed),
            (&[("if-none-match", "\"v1\"")], NotModified),
            (&[("if-none-match", "W/\"v1\"")], NotModified),
            (&[("if-none-match", "\"v0\", \"v1\"")], NotModified),
            (&[("if-none-match", "\"v0\"")], Proceed),
            (&[("if-none-match", "*")], NotModified),
            (&[("if-none-match", "\"a,b\",\"v1\"")], NotModified),
            (&[("if-none-match", "\"x,\"v1\"")], Proceed),
            (&[("if-none-match", "v1")], Proceed),
            (
                &[("if-none-match", "\"v0\""), ("if-none-match", "\"v1\"")],
                NotModified,
            ),
            (&[("if-match", "\"v1\"")], Proceed),
            (&[("if-match", "W/\"v1\"")], Failed),
            (&[("if-match", "\"v0\"")], Failed),
            (&[("if-match", "*")], Proceed),
            (
                &[("if-match", "\"v0\""), ("if-none-match", "\"v1\"")],
                Failed,
            ),
            (&[("if-modified-since", DAY)], NotModified),
            (&[("if-modified-since", DAY_AFTER)], NotModified),
            (&[("if-modified-since", DAY_BEFORE)], Proceed),
            (&[("if-modified-since", "yesterday")], Proceed),
            (
                &[("if-none-match", "\"v0\""), ("if-modified-since", DAY)],
                Proceed,
            ),
            (&[("if-unmodified-since", DAY)], Proceed),
            (&[("if-unmodified-since", DAY_BEFORE)], Failed),
            (&[("if-unmodified-since", "soon")], Proceed),
            (
                &[("if-match", "\"v1\""), ("if-unmodified-since", DAY_BEFORE)],
                Proceed,
            ),
        ];
        for (lines, expected) in table {
            let outcome = evaluate(&Method::GET, &headers(lines), validators());
            assert_eq!(outcome, *expected, "{lines:?}");
        }
    }

    #[test]
    fn writing_what_is_there_already_fails() {
        let headers = headers(&[("if-none-match", "*")]);
        let outcome = evaluate(&Method::PUT, &headers, validators());
        assert_eq!(outcome, Outcome::Failed);
    }

    #[test]
    fn without_a_time_the_conditions_on_time_do_not_count() {
        let etag_only = Validators {
            etag: Some("\"v1\""),
            last_modified: None,
        };
        for name in ["if-modified-since", "if-unmodified-since"] {
            let headers = headers(&[(name, DAY_BEFORE)]);
            assert_eq!(
                evaluate(&Method::GET, &headers, etag_only),
                Outcome::Proceed
            );
        }
    }

    #[test]
    fn a_range_of_another_state_is_not_sent() {
        let table: &[(&[(&'static str, &str)], bool)] = &[
            (&[], true),
            (&[("if-range", "\"v1\"")], true),
            (&[("if-range", "W/\"v1\"")], false),
            (&[("if-range", "\"v0\"")], false),
            (&[("if-range", DAY)], true),
            (&[("if-range", DAY_BEFORE)], false),
            (&[("if-range", DAY_AFTER)], false),
            (&[("if-range", "")], false),
        ];
        for (lines, expected) in table {
            let applies = range_applies(&headers(lines), validators());
            assert_eq!(applies, *expected, "{lines:?}");
        }
    }
}
