//! Times in other forms, in UTC.

use jiff::Timestamp;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

use super::value::Value;

/// A time in a `strftime` format; nothing where the value is no time (of RFC 3339).
pub(super) fn format(format: &str, value: &Value<'_>) -> Option<String> {
    let time = match value {
        Value::Missing => return None,
        Value::Time(time) => *time,
        other => other.text().trim().parse().ok()?,
    };
    written(format, time)
}

/// Whether a text is a format that any time can be written in.
pub(crate) fn is_date_format(text: &str) -> bool {
    written(text, Timestamp::UNIX_EPOCH).is_some()
}

fn written(format: &str, time: Timestamp) -> Option<String> {
    let time = time.to_zoned(TimeZone::UTC);
    BrokenDownTime::from(&time).to_string(format).ok()
}
