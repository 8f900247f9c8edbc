//! What a value was surely, or perhaps, meant to be: durations, sizes and URLs as people write them
//! elsewhere.

use gatec_schema::value::Format;

use crate::shape::names::Near;

/// What to write instead.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// This and nothing else.
    Surely(String),
    /// One of these.
    Either(String, String),
}

/// What a text of a format was meant to be.
pub(super) fn text(format: &str, written: &str) -> Option<Meant> {
    match format {
        "duration" => duration(written),
        "size" => size(written),
        "server-url" => url(written).map(Meant::Surely),
        "address" => address(written),
        _ => None,
    }
    .filter(|meant| is_right(format, meant))
}

/// Other names of what has one name here.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("brotli", "br"),
    ("gz", "gzip"),
    ("x-gzip", "gzip"),
    ("zst", "zstd"),
    ("zstandard", "zstd"),
];

/// Which of the known words a word is another name of.
pub(super) fn choice<'n>(
    written: &str,
    mut known: impl Iterator<Item = &'n str>,
) -> Option<Near<'n>> {
    let same = |(other, _): &&(&str, &str)| other.eq_ignore_ascii_case(written);
    let (_, meant) = OTHER_NAMES.iter().find(same)?;
    let name = known.find(|name| name == meant)?;
    Some(Near {
        name,
        certain: true,
        other: None,
    })
}

/// What a whole number was meant to be where a format is expected.
pub(super) fn number(format: &Format, number: i64) -> Option<Meant> {
    let number = u64::try_from(number).ok()?;
    let meant = match format.name {
        "duration" => Meant::Either(format!("{number}s"), format!("{number}ms")),
        "size" => Meant::Surely(bytes(number)),
        "address" => port(&number.to_string())?,
        _ => return None,
    };
    Some(meant).filter(|meant| is_right(format.name, meant))
}

fn is_right(format: &str, meant: &Meant) -> bool {
    let known = gatec_schema::FORMATS
        .iter()
        .find(|known| known.name == format);
    let right = |text: &str| known.is_some_and(|format| (format.check)(text).is_ok());
    match meant {
        Meant::Surely(text) => right(text),
        Meant::Either(one, other) => right(one) && right(other),
    }
}

/// A number of bytes in its largest whole unit.
fn bytes(number: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let whole = |(factor, _): &&(u64, &str)| number >= *factor && number.is_multiple_of(*factor);
    match units.iter().find(whole) {
        Some((factor, unit)) => format!("{}{unit}", number / factor),
        None => format!("{number}B"),
    }
}

/// A number, perhaps with a fraction, and the word behind it in lower case.
fn parts(written: &str) -> Option<(&str, String)> {
    let written = written.trim();
    let end = written
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(written.len());
    let (number, unit) = written.split_at_checked(end)?;
    let sound = number.len() <= 18 && number.starts_with(|c: char| c.is_ascii_digit());
    sound.then(|| (number, unit.trim().to_ascii_lowercase()))
}

fn duration(written: &str) -> Option<Meant> {
    let (number, unit) = parts(written)?;
    let (unit, millis) = match unit.as_str() {
        "" => return Some(Meant::Either(format!("{number}s"), format!("{number}ms"))),
        "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => ("ms", 1),
        "s" | "sec" | "secs" | "second" | "seconds" => ("s", 1_000),
        "m" | "min" | "mins" | "minute" | "minutes" => ("m", 60_000),
        "h" | "hr" | "hrs" | "hour" | "hours" => ("h", 3_600_000),
        "d" | "day" | "days" => ("d", 86_400_000),
        _ => return None,
    };
    Some(Meant::Surely(match number.contains('.') {
        true => format!("{}ms", scaled(number, millis)?),
        false => format!("{number}{unit}"),
    }))
}

fn size(written: &str) -> Option<Meant> {
    let (number, unit) = parts(written)?;
    let (letter, factor) = match unit.as_bytes().first() {
        None => {
            return number
                .parse()
                .ok()
                .map(|number| Meant::Surely(bytes(number)));
        }
        Some(b'b') => ("", 1),
        Some(b'k') => ("K", 1 << 10),
        Some(b'm') => ("M", 1 << 20),
        Some(b'g') => ("G", 1 << 30),
        Some(_) => return None,
    };
    let whole = |unit: &str| (!number.contains('.')).then(|| format!("{number}{unit}"));
    let binary = match number.contains('.') {
        true => bytes(scaled(number, factor)?),
        false => format!("{number}{letter}iB"),
    };
    match unit.as_str() {
        "b" | "byte" | "bytes" => whole("B").map(Meant::Surely),
        "kib" | "mib" | "gib" => Some(Meant::Surely(binary)),
        "k" | "kb" | "m" | "mb" | "g" | "gb" => {
            // Written exactly but for a blank, it is what it says.
            let exact = written.trim().ends_with(&format!("{letter}B"));
            let decimal = whole(&format!("{letter}B"));
            match (exact, decimal) {
                (true, Some(decimal)) => Some(Meant::Surely(decimal)),
                (false, Some(decimal)) => Some(Meant::Either(binary, decimal)),
                (_, None) => None,
            }
        }
        _ => None,
    }
}

/// A number with a fraction in units so many times smaller, where that is whole.
fn scaled(number: &str, factor: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.')?;
    let digits = u32::try_from(fraction.len()).ok()?;
    let one = 10_u64.checked_pow(digits)?;
    let number = whole
        .parse::<u64>()
        .ok()?
        .checked_mul(one)?
        .checked_add(fraction.parse().ok()?)?
        .checked_mul(factor)?;
    number.is_multiple_of(one).then(|| number / one)
}

fn port(written: &str) -> Option<Meant> {
    let port: u16 = written.parse().ok()?;
    Some(Meant::Either(
        format!(":{port}"),
        format!("127.0.0.1:{port}"),
    ))
}

fn address(written: &str) -> Option<Meant> {
    let written = written.trim();
    match written.split_once("://") {
        Some((_, rest)) => Some(Meant::Surely(rest.trim_end_matches('/').to_owned())),
        None => port(written),
    }
}

/// The variable of the environment that a URL was to be taken from: `${NAME}` or `$NAME`, alone or as
/// the host.
pub(super) fn variable(written: &str) -> Option<&str> {
    let rest = written.trim();
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let rest = rest.strip_prefix('$')?;
    let name = match rest.strip_prefix('{') {
        Some(inner) => inner.split_once('}')?.0,
        None => rest.split([':', '/']).next()?,
    };
    let sound = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(sound)).then_some(name)
}

fn url(written: &str) -> Option<String> {
    let written = written.trim();
    if written.contains("://") || written.is_empty() {
        return None;
    }
    let rest = written
        .strip_prefix("http")
        .filter(|rest| rest.starts_with([':', '/']))
        .unwrap_or(written);
    Some(format!("http://{}", rest.trim_start_matches([':', '/'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(format: &str, written: &str) -> String {
        match text(format, written) {
            None => String::new(),
            Some(Meant::Surely(text)) => text,
            Some(Meant::Either(one, other)) => format!("{one} or {other}"),
        }
    }

    #[test]
    fn units_as_people_write_them() {
        for (format, written, expected) in [
            ("duration", "10 sec", "10s"),
            ("duration", "5", "5s or 5ms"),
            ("duration", "1.5s", "1500ms"),
            ("duration", "2 Hours", "2h"),
            ("duration", "soon", ""),
            ("duration", "1.2.3s", ""),
            ("duration", "99999999d", ""),
            ("duration", "-5s", ""),
            ("size", "8192", "8KiB"),
            ("size", "10 MB", "10MB"),
            ("size", "8kb", "8KiB or 8KB"),
            ("size", "8k", "8KiB or 8KB"),
            ("size", "8 kib", "8KiB"),
            ("size", "1.5MiB", "1536KiB"),
            ("size", "100 bytes", "100B"),
            ("size", "10 megs", ""),
            ("server-url", "localhost:9000", "http://localhost:9000"),
            ("server-url", "http//x", "http://x"),
            ("server-url", "http:/x", "http://x"),
            ("server-url", "//x/base", "http://x/base"),
            ("server-url", "httpbin", "http://httpbin"),
            ("server-url", "https://x", ""),
            ("server-url", "", ""),
            ("server-url", "${BACKEND_URL}", ""),
            ("address", "8080", ":8080 or 127.0.0.1:8080"),
            ("address", "http://127.0.0.1:80/", "127.0.0.1:80"),
            ("address", "http://shop.example", ""),
            ("address", "99999", ""),
            ("header-name", "x y", ""),
        ] {
            assert_eq!(shown(format, written), expected, "{format} {written}");
        }
        assert_eq!(bytes(8192), "8KiB");
        assert_eq!(variable("http://${BACKEND_URL}/x"), Some("BACKEND_URL"));
        assert_eq!(variable("$HOST:80"), Some("HOST"));
        assert_eq!(variable("http://{x}"), None);
        assert_eq!(variable("http://$"), None);
        assert_eq!(bytes(16), "16B");
    }
}
