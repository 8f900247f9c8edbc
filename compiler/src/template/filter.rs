//! Filters: what is done to a value on its way into the text.

use std::ops::Range;

use gated_engine::program::Filter;

use super::cursor::Cursor;
use super::{Finding, rules};

/// An argument in parentheses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Argument {
    Text(String),
    Whole(i64),
}

/// A filter with how it is written and how it is made from its arguments (`None`: they are wrong).
pub(super) struct Known {
    pub(super) name: &'static str,
    /// How it is written, for messages.
    pub(super) form: &'static str,
    /// What it makes of the value.
    pub(super) what: &'static str,
    make: fn(&[Argument]) -> Option<Filter>,
}

const fn known(
    name: &'static str,
    form: &'static str,
    what: &'static str,
    make: fn(&[Argument]) -> Option<Filter>,
) -> Known {
    Known {
        name,
        form,
        what,
        make,
    }
}

/// Every filter.
pub(super) const FILTERS: &[Known] = &[
    known("upper", "upper", "in capital letters", |a| {
        bare(a, Filter::Upper)
    }),
    known("lower", "lower", "in small letters", |a| {
        bare(a, Filter::Lower)
    }),
    known("trim", "trim", "without blanks at either end", |a| {
        bare(a, Filter::Trim)
    }),
    known(
        "default",
        "default(\"text\")",
        "this text where the value is missing or empty",
        |a| match a {
            [Argument::Text(text)] => Some(Filter::Default(text.clone())),
            [Argument::Whole(number)] => Some(Filter::DefaultWhole(*number)),
            _ => None,
        },
    ),
    known("json", "json", "as a JSON string, quotes included", |a| {
        bare(a, Filter::Json)
    }),
    known("urlencode", "urlencode", "percent-encoded for a URL", |a| {
        bare(a, Filter::UrlEncode)
    }),
    known("base64", "base64", "in Base64", |a| bare(a, Filter::Base64)),
    known(
        "truncate",
        "truncate(20)",
        "at most so many characters",
        |a| match a {
            [Argument::Whole(length)] => u32::try_from(*length).ok().map(Filter::Truncate),
            _ => None,
        },
    ),
    known(
        "date",
        "date(\"%Y-%m-%d\")",
        "a time in this form (as `strftime` has it)",
        |a| match a {
            [Argument::Text(format)] if sound_format(format) => Some(Filter::Date(format.clone())),
            _ => None,
        },
    ),
    known("int", "int", "as a whole number", |a| bare(a, Filter::Int)),
    known(
        "replace",
        "replace(\"old\", \"new\")",
        "with `new` for every `old`",
        |a| match a {
            [Argument::Text(old), Argument::Text(new)] if !old.is_empty() => {
                Some(Filter::Replace(old.clone(), new.clone()))
            }
            _ => None,
        },
    ),
    known("length", "length", "how many characters it has", |a| {
        bare(a, Filter::Length)
    }),
    known(
        "raw",
        "raw",
        "as it is, not made safe for where it stands",
        |a| bare(a, Filter::Raw),
    ),
];

fn bare(arguments: &[Argument], filter: Filter) -> Option<Filter> {
    arguments.is_empty().then_some(filter)
}

/// Whether a `strftime` format can be printed for any time.
fn sound_format(format: &str) -> bool {
    use std::fmt::Write;
    let mut printed = String::new();
    let time = jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
    !format.is_empty()
        && format.len() <= 256
        && write!(printed, "{}", time.strftime(format)).is_ok()
}

/// Reads one filter. A wrong one whose end is clear goes into `findings`.
pub(super) fn read(
    cursor: &mut Cursor<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Option<Filter>, Box<Finding>> {
    let start = cursor.at();
    let Some(name) = cursor.name() else {
        return Err(Box::new(rules::malformed::no_filter(cursor)));
    };
    let named = start..cursor.at();
    let arguments = arguments(cursor)?.unwrap_or_default();
    let Some(filter) = FILTERS.iter().find(|known| known.name == name) else {
        findings.push(rules::unknown_filter::finding(named, name));
        return Ok(None);
    };
    let made = (filter.make)(&arguments);
    if made.is_none() {
        findings.push(rules::arguments::filter(
            start..cursor.at(),
            name,
            filter.form,
        ));
    }
    Ok(made)
}

/// Reads `(…)`, if it comes next.
pub(super) fn arguments(cursor: &mut Cursor<'_>) -> Result<Option<Vec<Argument>>, Box<Finding>> {
    let start = cursor.at();
    if !cursor.eat("(") {
        return Ok(None);
    }
    let mut arguments = Vec::new();
    loop {
        cursor.blanks();
        if cursor.eat(")") {
            return Ok(Some(arguments));
        }
        arguments.push(argument(cursor, start..cursor.at())?);
        cursor.blanks();
        if !cursor.eat(",") && !cursor.rest().starts_with(')') {
            return Err(Box::new(rules::malformed::open_list(start..cursor.at())));
        }
    }
}

fn argument(cursor: &mut Cursor<'_>, list: Range<usize>) -> Result<Argument, Box<Finding>> {
    match cursor.string() {
        Some(Ok(text)) => return Ok(Argument::Text(text)),
        Some(Err(range)) => return Err(Box::new(rules::malformed::open_string(range))),
        None => {}
    }
    let at = cursor.at();
    match cursor.number().map(str::parse::<i64>) {
        Some(Ok(number)) => Ok(Argument::Whole(number)),
        Some(Err(_)) => Err(Box::new(rules::malformed::number(at..cursor.at()))),
        None => Err(Box::new(rules::malformed::open_list(list))),
    }
}
