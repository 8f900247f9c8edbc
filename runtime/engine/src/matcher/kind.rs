//! What the types of path parameters take.

use crate::program::{ArchivedParameterKind, ParameterKind};

impl ParameterKind {
    /// Whether a segment in normal form is of this type.
    pub fn takes(self, segment: &str) -> bool {
        match self {
            Self::Uuid => is_uuid(segment.as_bytes()),
            Self::Date => is_date(segment.as_bytes()).unwrap_or(false),
            Self::Int => is_int(segment),
            Self::Alpha => all(segment, u8::is_ascii_alphabetic),
            Self::Alnum => all(segment, u8::is_ascii_alphanumeric),
            Self::Any => !segment.is_empty(),
        }
    }

    /// What the type takes, in words.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::Uuid => "a UUID",
            Self::Date => "a date (`YYYY-MM-DD`)",
            Self::Int => "a whole number",
            Self::Alpha => "letters",
            Self::Alnum => "letters and digits",
            Self::Any => "anything but nothing",
        }
    }

    /// The type's name in a pattern; `Any` has none.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Uuid => Some("uuid"),
            Self::Date => Some("date"),
            Self::Int => Some("int"),
            Self::Alpha => Some("alpha"),
            Self::Alnum => Some("alnum"),
            Self::Any => None,
        }
    }
}

impl ArchivedParameterKind {
    /// The same type, out of the bundle.
    pub fn to_native(&self) -> ParameterKind {
        match self {
            Self::Uuid => ParameterKind::Uuid,
            Self::Date => ParameterKind::Date,
            Self::Int => ParameterKind::Int,
            Self::Alpha => ParameterKind::Alpha,
            Self::Alnum => ParameterKind::Alnum,
            Self::Any => ParameterKind::Any,
        }
    }
}

fn all(segment: &str, is: fn(&u8) -> bool) -> bool {
    !segment.is_empty() && segment.as_bytes().iter().all(is)
}

fn is_uuid(segment: &[u8]) -> bool {
    segment.len() == 36
        && segment.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Digits after an optional `-`, within the range of either kind of 64-bit number.
fn is_int(segment: &str) -> bool {
    let digits = segment.strip_prefix('-').unwrap_or(segment);
    all(digits, u8::is_ascii_digit)
        && (segment.parse::<i64>().is_ok() || segment.parse::<u64>().is_ok())
}

fn is_date(segment: &[u8]) -> Option<bool> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = segment else {
        return None;
    };
    let year = number(&[y1, y2, y3, y4])?;
    let month = number(&[m1, m2])?;
    let day = number(&[d1, d2])?;
    Some((1..=days(year, month)).contains(&day))
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, byte| {
        Some(number * 10 + char::from(*byte).to_digit(10)?)
    })
}

/// The days of a month; none in a month that does not exist.
fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::ParameterKind::{self, Alnum, Alpha, Any, Date, Int, Uuid};

    const KINDS: [ParameterKind; 6] = [Uuid, Date, Int, Alpha, Alnum, Any];

    fn kinds_of(segment: &str) -> Vec<ParameterKind> {
        KINDS
            .into_iter()
            .filter(|kind| kind.takes(segment))
            .collect()
    }

    #[test]
    fn what_each_type_takes() {
        for (segment, expected) in [
            ("", vec![]),
            ("7", vec![Int, Alnum, Any]),
            ("-7", vec![Int, Any]),
            ("+7", vec![Any]),
            ("-", vec![Any]),
            ("007", vec![Int, Alnum, Any]),
            ("18446744073709551615", vec![Int, Alnum, Any]),
            ("18446744073709551616", vec![Alnum, Any]),
            ("-9223372036854775808", vec![Int, Any]),
            ("-9223372036854775809", vec![Any]),
            ("abc", vec![Alpha, Alnum, Any]),
            ("a1", vec![Alnum, Any]),
            ("%C3%A9", vec![Any]),
            ("2024-02-29", vec![Date, Any]),
            ("2023-02-29", vec![Any]),
            ("1900-02-29", vec![Any]),
            ("2000-02-29", vec![Date, Any]),
            ("2024-13-01", vec![Any]),
            ("2024-00-10", vec![Any]),
            ("2024-04-31", vec![Any]),
            ("2024-04-00", vec![Any]),
            ("2024-4-1", vec![Any]),
            ("123e4567-e89b-12d3-A456-426614174000", vec![Uuid, Any]),
            ("123e4567e89b-12d3-A456-4266141740000", vec![Any]),
        ] {
            assert_eq!(kinds_of(segment), expected, "{segment}");
        }
    }
}
