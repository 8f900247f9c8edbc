//! Durations and sizes: numbers that always carry their unit.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Format, text_value};

/// A span of time: a number and one of `ms`, `s`, `m`, `h`, `d`. Parts can follow each other: `1m30s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Duration(std::time::Duration);

pub(super) const DURATION: Format = Format {
    name: "duration",
    expected: "a duration with its unit, such as `250ms`, `5s` or `1m30s`",
    examples: &["250ms", "5s", "1m30s"],
    check: |text| parse_duration(text).map(|_| ()),
};

impl Duration {
    /// So many whole seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(std::time::Duration::from_secs(seconds))
    }

    /// So many milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(std::time::Duration::from_millis(millis))
    }

    /// The time; zero where the spec means "no bound".
    pub fn get(self) -> std::time::Duration {
        self.0
    }

    /// Whole milliseconds.
    pub fn as_millis(self) -> u64 {
        u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX)
    }
}

const DURATION_UNITS: &[(&str, u64)] = &[
    ("ms", 1),
    ("s", 1_000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
];

pub(super) fn parse_duration(text: &str) -> Result<std::time::Duration, String> {
    let total = parse_units(
        text,
        DURATION_UNITS,
        "a duration",
        "`ms`, `s`, `m`, `h` or `d`",
        "5s",
    )?;
    if total > 3_650 * 86_400_000 {
        return Err(format!("`{text}` is longer than ten years"));
    }
    Ok(std::time::Duration::from_millis(total))
}

/// Reads numbers each followed by a unit and adds them up.
fn parse_units(
    text: &str,
    units: &[(&str, u64)],
    what: &str,
    listed: &str,
    example: &str,
) -> Result<u64, String> {
    if text.is_empty() {
        return Err(format!("{what} is empty; write for example `{example}`"));
    }
    let mut rest = text;
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at(digits);
        if number.is_empty() {
            return Err(format!(
                "`{text}` is not {what}: expected a whole number and a unit, such as `{example}`"
            ));
        }
        let letters = tail.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, tail) = tail.split_at(letters);
        let Some((_, factor)) = units.iter().find(|(name, _)| *name == unit) else {
            return Err(match unit {
                "" if tail.starts_with(['.', ',']) => format!(
                    "`{text}`: expected a whole number before the unit, such as `{example}`"
                ),
                "" if tail.starts_with(char::is_whitespace) => format!(
                    "`{text}` has a blank between the number and its unit; they stand together, such as `{example}`"
                ),
                "" => format!(
                    "`{text}` has no unit; write one of {listed} after the number, such as `{example}`"
                ),
                _ => format!("`{unit}` in `{text}` is not a unit; the units are {listed}"),
            });
        };
        total = number
            .parse::<u64>()
            .ok()
            .and_then(|count| count.checked_mul(*factor))
            .and_then(|part| total.checked_add(part))
            .ok_or_else(|| format!("`{text}` is too large"))?;
        rest = tail;
    }
    Ok(total)
}

impl TryFrom<String> for Duration {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        parse_duration(&text).map(Self)
    }
}

impl From<Duration> for String {
    fn from(value: Duration) -> String {
        value.to_string()
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.as_millis();
        let (unit, factor) = DURATION_UNITS
            .iter()
            .rev()
            .find(|(_, factor)| millis >= *factor && millis.is_multiple_of(*factor))
            .unwrap_or(&("s", 1_000));
        write!(formatter, "{}{unit}", millis / factor)
    }
}

text_value! {
    /// A moment, as RFC 3339 writes it.
    Timestamp, TIMESTAMP = "timestamp", "a moment such as `2026-03-01T08:30:00Z`",
    ["2026-03-01T08:30:00Z"],
    |text| match text.parse::<jiff::Timestamp>() {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("`{text}` is not a moment such as `2026-03-01T08:30:00Z`")),
    }
}

impl Timestamp {
    /// The moment.
    pub fn get(&self) -> std::time::SystemTime {
        self.as_str()
            .parse::<jiff::Timestamp>()
            .map_or(std::time::SystemTime::UNIX_EPOCH, Into::into)
    }
}

/// A number of bytes: a number and one of `B`, `KiB`, `MiB`, `GiB`, `KB`, `MB`, `GB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Size(u64);

pub(super) const SIZE: Format = Format {
    name: "size",
    expected: "a size with its unit, such as `64KiB` or `10MiB`",
    examples: &["64KiB", "10MiB", "1GiB"],
    check: |text| parse_size(text).map(|_| ()),
};

const SIZE_UNITS: &[(&str, u64)] = &[
    ("B", 1),
    ("KB", 1_000),
    ("KiB", 1 << 10),
    ("MB", 1_000_000),
    ("MiB", 1 << 20),
    ("GB", 1_000_000_000),
    ("GiB", 1 << 30),
];

impl Size {
    /// So many KiB.
    pub const fn from_kib(kib: u64) -> Self {
        Self(kib << 10)
    }

    /// So many MiB.
    pub const fn from_mib(mib: u64) -> Self {
        Self(mib << 20)
    }

    /// The number of bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }
}

fn parse_size(text: &str) -> Result<u64, String> {
    parse_units(
        text,
        SIZE_UNITS,
        "a size",
        "`B`, `KiB`, `MiB`, `GiB`, `KB`, `MB` or `GB`",
        "64KiB",
    )
}

impl TryFrom<String> for Size {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        parse_size(&text).map(Self)
    }
}

impl From<Size> for String {
    fn from(value: Size) -> String {
        value.to_string()
    }
}

impl fmt::Display for Size {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, factor) = SIZE_UNITS
            .iter()
            .rev()
            .filter(|(_, factor)| factor.is_power_of_two())
            .find(|(_, factor)| self.0 >= *factor && self.0.is_multiple_of(*factor))
            .unwrap_or(&("B", 1));
        write!(formatter, "{}{unit}", self.0 / factor)
    }
}

macro_rules! unit_schema {
    ($type:ident, $format:ident) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "format": $format.name,
                    "examples": $format.examples,
                })
            }
            fn inline_schema() -> bool {
                true
            }
        }
    };
}
unit_schema!(Duration, DURATION);
unit_schema!(Size, SIZE);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_add_up_and_print_in_their_largest_whole_unit() {
        for (text, millis, printed) in [
            ("250ms", 250, "250ms"),
            ("1m30s", 90_000, "90s"),
            ("2h", 7_200_000, "2h"),
            ("0s", 0, "0s"),
        ] {
            let value = Duration::try_from(text.to_owned()).unwrap();
            assert_eq!(
                (value.as_millis(), value.to_string().as_str()),
                (millis, printed)
            );
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_the_users_terms() {
        let wrong = |text: &str| Duration::try_from(text.to_owned()).unwrap_err();
        assert_eq!(
            wrong("5"),
            "`5` has no unit; write one of `ms`, `s`, `m`, `h` or `d` after the number, such as `5s`"
        );
        assert_eq!(
            wrong("5sec"),
            "`sec` in `5sec` is not a unit; the units are `ms`, `s`, `m`, `h` or `d`"
        );
        assert_eq!(
            wrong("99999999999999999999d"),
            "`99999999999999999999d` is too large"
        );
        assert_eq!(
            Size::try_from("5 MB".to_owned()).unwrap_err(),
            "`5 MB` has a blank between the number and its unit; they stand together, such as `64KiB`"
        );
    }

    #[test]
    fn sizes_are_bytes() {
        assert_eq!(Size::try_from("64KiB".to_owned()).unwrap().bytes(), 65_536);
        assert_eq!(
            Size::try_from("1MB".to_owned()).unwrap().to_string(),
            "1000000B"
        );
    }
}
