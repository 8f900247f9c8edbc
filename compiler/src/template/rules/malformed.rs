//! T101: a template cannot be read.

use std::ops::Range;

use gatec_syntax::{Rule, Severity};

use crate::template::Finding;
use crate::template::cursor::Cursor;

/// The rule of T101.
pub(crate) const RULE: Rule = Rule {
    code: "T101",
    name: "malformed-template",
    severity: Severity::Error,
    summary: "a template cannot be read",
    explanation: r##"An expression is a value with filters behind it, between `{{` and `}}`: `{{ path.name | upper }}`. What stands between them here cannot be read: a `}}` is missing, or
a quote, or a value. It is refused, because a template that fails when it is served would answer your users with its own mistake.

Close the expression. To write two braces as they are, put them in quotes inside an expression: `{{ "{{" }}`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ path.name"#
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ path.name }}"#
}
"##,
};

/// Something other than `|` or `}}` follows a value or a filter.
pub(in crate::template) fn after_value(cursor: &Cursor<'_>, opened: usize) -> Finding {
    let rest = cursor.rest();
    let here = cursor.at();
    match rest.chars().next() {
        None => Finding::error(
            RULE.code,
            opened..here,
            "this expression is not closed: expected `}}`",
        )
        .label("opened here")
        .help("write `{{ \"{{\" }}` for two braces that are meant as they are"),
        Some(_) => {
            let word = next_word(rest);
            Finding::error(
                RULE.code,
                here..here + word.len(),
                format!("found `{word}`, expected `|` and a filter, or `}}}}`"),
            )
            .label("expected `|` or `}}`")
        }
    }
}

fn next_word(rest: &str) -> &str {
    let end = rest
        .char_indices()
        .skip(1)
        .find(|(_, c)| c.is_whitespace() || "|}(){,".contains(*c))
        .map_or(rest.len(), |(at, _)| at);
    rest.get(..end).unwrap_or(rest)
}

/// No value stands where one must.
pub(in crate::template) fn no_value(cursor: &Cursor<'_>) -> Finding {
    let here = cursor.at();
    let rest = cursor.rest();
    let message = match next_word(rest) {
        "" => "this expression is not closed: expected a value and `}}`".to_owned(),
        _ if rest.starts_with("}}") => {
            "this expression is empty: expected a value, such as `path.name`".to_owned()
        }
        word => format!("found `{word}`, expected a value, such as `path.name`"),
    };
    Finding::error(RULE.code, here..here + next_word(rest).len(), message).label("expected a value")
}

/// No filter stands behind `|`.
pub(in crate::template) fn no_filter(cursor: &Cursor<'_>) -> Finding {
    let here = cursor.at();
    let word = next_word(cursor.rest());
    Finding::error(
        RULE.code,
        here..here + word.len(),
        "expected the name of a filter after `|`, such as `upper`",
    )
    .label("expected a filter")
}

/// A quote that does not end.
pub(in crate::template) fn open_string(range: Range<usize>) -> Finding {
    Finding::error(RULE.code, range, "this text in quotes does not end").label("opened here")
}

/// A list in parentheses that does not end, or holds something odd.
pub(in crate::template) fn open_list(range: Range<usize>) -> Finding {
    Finding::error(
        RULE.code,
        range,
        "expected texts in quotes or whole numbers, with `,` between them and `)` behind",
    )
    .label("in this list")
}

/// A number that is too large.
pub(in crate::template) fn number(range: Range<usize>) -> Finding {
    Finding::error(RULE.code, range, "this number does not fit in 64 bits")
}

/// A word that needs a member has none.
pub(in crate::template) fn member(range: Range<usize>, of: &str, named: Option<&str>) -> Finding {
    let found = Finding::error(
        RULE.code,
        range,
        format!("`{of}` alone is no value: expected a name, as in `{of}.name`"),
    )
    .label("expected a `.` and a name");
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let meant = match named {
        Some(name) if !name.is_empty() && name.chars().all(plain) => format!("{of}.{name}"),
        Some(name) => format!("{of}[{name:?}]"),
        None => return found,
    };
    found
        .label(format!("did you mean `{meant}`?"))
        .replacement(meant)
}

/// No name stands behind a dot.
pub(in crate::template) fn after_dot(range: Range<usize>) -> Finding {
    Finding::error(RULE.code, range, "expected a name after `.`")
        .label("expected a name")
        .help("a name with other characters than letters, digits, `_` and `-` stands in brackets: `query[\"a b\"]`")
}

/// Brackets that hold no text, or do not end.
pub(in crate::template) fn bracket(range: Range<usize>) -> Finding {
    Finding::error(
        RULE.code,
        range,
        "expected a name in quotes and `]`, as in `header[\"x-id\"]`",
    )
}

/// The part after `body` cannot be read.
pub(in crate::template) fn json_path(range: Range<usize>) -> Finding {
    Finding::error(
        RULE.code,
        range,
        "expected a part of the body, as in `body.user.id` or `body.items[0]`",
    )
    .help("any JSON path can be written in full: `body[\"$.items[?@.id == 7].name\"]`")
}
