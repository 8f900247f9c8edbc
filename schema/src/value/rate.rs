//! Rates: how many in how long.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Format;
use super::unit::parse_duration;

/// How many in how long: `100/min`, `5/10s`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rate {
    text: String,
    count: u32,
    period: std::time::Duration,
}

pub(super) const RATE: Format = Format {
    name: "rate",
    expected: "how many in how long, such as `100/min`",
    examples: &["10/s", "100/min", "5/10s"],
    check: |text| parse(text).map(|_| ()),
};

/// The most that can be let in a second, so that counting by 100 ns stays exact to a tenth.
const MOST_PER_SECOND: u128 = 1_000_000;

/// The longest time, so that a full bucket is a time that can be counted.
const LONGEST: std::time::Duration = std::time::Duration::from_secs(366 * 86_400);

impl Rate {
    /// How many, at least 1.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// In how long, more than zero.
    pub fn period(&self) -> std::time::Duration {
        self.period
    }
}

fn parse(text: &str) -> Result<(u32, std::time::Duration), String> {
    let Some((count, period)) = text.split_once('/') else {
        return Err(format!(
            "`{text}` does not say in how long; write for example `{}/min`",
            if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
                text
            } else {
                "100"
            }
        ));
    };
    let count = count.trim();
    let count: u32 = count.parse().map_err(|_| {
        format!("`{count}` in `{text}`: expected a whole number of requests, such as `100/min`")
    })?;
    if count == 0 {
        return Err(format!("`{text}` lets nothing in; a rate is at least 1"));
    }
    let period = period_of(period.trim()).map_err(|reason| {
        format!("`{text}`: {reason}; a time is `s`, `min`, `h`, `d`, or a duration such as `10s`")
    })?;
    if period.is_zero() || period > LONGEST {
        return Err(format!(
            "`{text}`: the time is more than zero and at most a year"
        ));
    }
    if u128::from(count) * 1_000_000_000 > period.as_nanos() * MOST_PER_SECOND {
        return Err(format!(
            "`{text}` is more than a million a second, the most that is counted"
        ));
    }
    Ok((count, period))
}

fn period_of(text: &str) -> Result<std::time::Duration, String> {
    let seconds = match text {
        "s" | "sec" | "second" => 1,
        "m" | "min" | "minute" => 60,
        "h" | "hour" => 3_600,
        "d" | "day" => 86_400,
        _ => return parse_duration(text).map_err(|_| format!("`{text}` is no time")),
    };
    Ok(std::time::Duration::from_secs(seconds))
}

impl TryFrom<String> for Rate {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let (count, period) = parse(&text)?;
        Ok(Self {
            text,
            count,
            period,
        })
    }
}

impl From<Rate> for String {
    fn from(value: Rate) -> String {
        value.text
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl schemars::JsonSchema for Rate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rate".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": RATE.name,
            "examples": RATE.examples,
        })
    }
    fn inline_schema() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read() {
        let read = |text: &str| parse(text).map(|(count, period)| (count, period.as_millis()));
        assert_eq!(read("100/min"), Ok((100, 60_000)));
        assert_eq!(read("5/10s"), Ok((5, 10_000)));
        assert_eq!(read("1000000/s"), Ok((1_000_000, 1_000)));
        assert_eq!(read("3 / h"), Ok((3, 3_600_000)));
        for wrong in [
            "",
            "100",
            "0/s",
            "-1/s",
            "1.5/s",
            "5/",
            "5/week",
            "5/0s",
            "1000001/s",
            "5/400d",
            "x/s",
        ] {
            let reason = read(wrong).unwrap_err();
            assert!(
                reason.contains(&format!("`{wrong}`")) || wrong.is_empty(),
                "{reason}"
            );
        }
        assert_eq!(
            read("100").unwrap_err(),
            "`100` does not say in how long; write for example `100/min`"
        );
    }
}
