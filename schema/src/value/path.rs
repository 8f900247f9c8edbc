//! Path patterns: `/orders/{id:int}/items/{rest...}`.

use super::text_value;

text_value! {
    /// A pattern for the whole path.
    PathPattern, PATH_PATTERN = "path-pattern", "a path, such as `/orders/{id}`",
    ["/orders/{id}", "/orders/{id:int}", "/assets/{rest...}"],
    |text| parse_path(text).map(|_| ())
}

text_value! {
    /// A pattern for the first segments of the path.
    PathPrefix, PATH_PREFIX = "path-prefix", "a path prefix, such as `/api`", ["/", "/api", "/tenants/{tenant}"],
    |text| check_prefix(text)
}

/// One segment of a path pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathSegment {
    /// Exactly this text, as written.
    Literal(String),
    /// Any one segment of this type that is not empty, captured where it has a name.
    Parameter {
        /// The name; `None` for `*`.
        name: Option<String>,
        /// What the segment must look like.
        kind: SegmentType,
    },
    /// All that remains, even nothing; captured where it has a name.
    Rest {
        /// The name; `None` for `**`.
        name: Option<String>,
    },
}

/// What a parameter's segment must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SegmentType {
    /// Anything that is not empty.
    Any,
    /// Digits, after an optional `-`; fits in 64 bits.
    Int,
    /// A UUID in its usual form (RFC 9562), either case.
    Uuid,
    /// ASCII letters.
    Alpha,
    /// ASCII letters and digits.
    Alnum,
    /// `YYYY-MM-DD`.
    Date,
}

impl SegmentType {
    /// The types by the name a spec uses.
    pub const NAMED: &[(&str, SegmentType)] = &[
        ("int", SegmentType::Int),
        ("uuid", SegmentType::Uuid),
        ("alpha", SegmentType::Alpha),
        ("alnum", SegmentType::Alnum),
        ("date", SegmentType::Date),
    ];
}

/// The most segments a pattern may have.
const MAX_SEGMENTS: usize = 64;

/// Reads a path pattern. `/` is no segments; a slash at the end is an empty last literal.
///
/// # Errors
/// Says what is wrong, in the user's terms.
pub fn parse_path(text: &str) -> Result<Vec<PathSegment>, String> {
    let Some(rest) = text.strip_prefix('/') else {
        return Err(no_slash(text));
    };
    if text.len() > 8192 {
        return Err("a path is at most 8192 bytes long".to_owned());
    }
    if let Some(mark) = text.chars().find(|c| matches!(c, '?' | '#')) {
        return Err(format!(
            "a path holds no `{mark}`; conditions on the query are written with `query`"
        ));
    }
    if let Some(bad) = text
        .chars()
        .find(|c| c.is_control() || *c == '\\' || *c == ' ')
    {
        return Err(format!(
            "a path holds no `{}`; write it percent-encoded",
            bad.escape_default()
        ));
    }
    if rest.is_empty() {
        return Ok(Vec::new());
    }
    let written: Vec<&str> = rest.split('/').collect();
    if written.len() > MAX_SEGMENTS {
        return Err(format!("a path has at most {MAX_SEGMENTS} segments"));
    }
    let mut segments = Vec::with_capacity(written.len());
    for (index, segment) in written.iter().enumerate() {
        let last = index + 1 == written.len();
        segments.push(parse_segment(text, segment, last)?);
    }
    check_names(&segments)?;
    Ok(segments)
}

/// A location of nginx or a pattern over file names is told as such.
fn no_slash(text: &str) -> String {
    let regex = text
        .trim_start_matches(['~', '*', ' '])
        .trim_start_matches('^');
    match text.chars().next() {
        Some('~' | '^') => format!(
            "`{text}` does not begin with `/`; a regular expression is written with `path-regex`, and takes the whole path: `{}.*`",
            regex.trim_end_matches('$')
        ),
        Some('*') if text.len() > 1 => format!(
            "`{text}` does not begin with `/`; a pattern over names is written with `path-regex`, such as `/.*{}`",
            regex.trim_end_matches('$').replace('.', r"\.")
        ),
        _ => format!("`{text}` does not begin with `/`"),
    }
}

fn parse_segment(text: &str, segment: &str, last: bool) -> Result<PathSegment, String> {
    match segment {
        "" if !last => Err(format!("`{text}` has an empty segment (`//`)")),
        "." | ".." => Err(format!(
            "`{text}` has a `{segment}` segment, which no request can reach"
        )),
        "*" => Ok(PathSegment::Parameter {
            name: None,
            kind: SegmentType::Any,
        }),
        "**" if last => Ok(PathSegment::Rest { name: None }),
        "**" => Err("`**` takes all that remains, so it stands at the end".to_owned()),
        _ => match segment
            .strip_prefix('{')
            .and_then(|inner| inner.strip_suffix('}'))
        {
            Some(inner) => parse_parameter(segment, inner, last),
            None if segment.contains(['{', '}']) => Err(format!(
                "`{segment}`: a parameter is a whole segment, such as `{{id}}`; for a part of one use `path-regex`"
            )),
            None => check_percent(segment).map(|()| PathSegment::Literal(segment.to_owned())),
        },
    }
}

fn parse_parameter(segment: &str, inner: &str, last: bool) -> Result<PathSegment, String> {
    if let Some(name) = inner
        .strip_suffix("...")
        .or_else(|| inner.strip_prefix('*'))
    {
        check_name(segment, name)?;
        return match last {
            true => Ok(PathSegment::Rest {
                name: Some(name.to_owned()),
            }),
            false => Err(format!(
                "`{segment}` takes all that remains, so it stands at the end"
            )),
        };
    }
    let (name, kind) = match inner.split_once(':') {
        None => (inner, SegmentType::Any),
        Some((name, kind)) => match SegmentType::NAMED.iter().find(|(known, _)| *known == kind) {
            Some((_, kind)) => (name, *kind),
            None => {
                return Err(format!(
                    "`{kind}` in `{segment}` is not a type of parameter; the types are `int`, `uuid`, `alpha`, `alnum` and `date`; a regular expression is written with `path-regex`"
                ));
            }
        },
    };
    check_name(segment, name)?;
    Ok(PathSegment::Parameter {
        name: Some(name.to_owned()),
        kind,
    })
}

fn check_name(segment: &str, name: &str) -> Result<(), String> {
    let starts = name
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let sound = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    match starts && sound {
        true => Ok(()),
        false => Err(format!(
            "`{segment}`: a parameter's name begins with a letter and holds letters, digits, `_` and `-`"
        )),
    }
}

fn check_percent(segment: &str) -> Result<(), String> {
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let hex = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_hexdigit());
            if !(hex(bytes.next()) && hex(bytes.next())) {
                return Err(format!(
                    "`{segment}`: `%` is followed by two hexadecimal digits; a plain percent sign is `%25`"
                ));
            }
        }
    }
    Ok(())
}

fn check_names(segments: &[PathSegment]) -> Result<(), String> {
    let names = segments.iter().filter_map(PathSegment::name);
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if seen.contains(&name) {
            return Err(format!("the parameter `{name}` stands twice in one path"));
        }
        seen.push(name);
    }
    Ok(())
}

fn check_prefix(text: &str) -> Result<(), String> {
    match parse_path(text)?.last() {
        Some(PathSegment::Rest { .. }) => {
            Err("a prefix takes all that remains anyway; leave the last segment out".to_owned())
        }
        _ => Ok(()),
    }
}

impl PathSegment {
    /// The name under which the segment is captured.
    pub fn name(&self) -> Option<&str> {
        match self {
            PathSegment::Literal(_) => None,
            PathSegment::Parameter { name, .. } | PathSegment::Rest { name } => name.as_deref(),
        }
    }
}

impl PathPattern {
    /// The segments; empty for `/`.
    pub fn segments(&self) -> Vec<PathSegment> {
        parse_path(&self.0).unwrap_or_default()
    }
}

impl PathPrefix {
    /// The segments, without the empty one that a slash at the end makes; empty for `/`.
    pub fn segments(&self) -> Vec<PathSegment> {
        let mut segments = parse_path(&self.0).unwrap_or_default();
        if segments.last() == Some(&PathSegment::Literal(String::new())) {
            segments.pop();
        }
        segments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_told_apart() {
        let segments = parse_path("/a/{id:int}/*/{rest...}").unwrap();
        assert_eq!(
            segments,
            [
                PathSegment::Literal("a".into()),
                PathSegment::Parameter {
                    name: Some("id".into()),
                    kind: SegmentType::Int
                },
                PathSegment::Parameter {
                    name: None,
                    kind: SegmentType::Any
                },
                PathSegment::Rest {
                    name: Some("rest".into())
                },
            ]
        );
        assert_eq!(parse_path("/").unwrap(), []);
        assert_eq!(parse_path("/a/").unwrap().len(), 2);
    }

    #[test]
    fn what_no_request_can_reach_is_refused() {
        for wrong in [
            "a",
            "/a//b",
            "/a/../b",
            "/x{id}",
            "/{id}/{id}",
            "/{rest...}/x",
            "/{9}",
            "/{id:float}",
            "/a?b",
            "/%zz",
            "/a b",
        ] {
            assert!(parse_path(wrong).is_err(), "{wrong}");
        }
        assert!(check_prefix("/a/{rest...}").is_err());
        assert!(parse_path("~ ^/x").unwrap_err().ends_with("`/x.*`"));
        assert!(parse_path("*.php").unwrap_err().ends_with(r"`/.*\.php`"));
        assert!(
            parse_path("/a/{id:[0-9]+}")
                .unwrap_err()
                .contains("path-regex")
        );
    }
}
