//! Parts of a file (RFC 9110, section 14).

use std::ops::Range;

use http::{HeaderMap, header};

/// The most ranges answered at once; more than that is an attack or a mistake, and gets the whole file
/// (section 14.2 allows it).
pub const MOST: usize = 16;

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All of it: no range was asked for, or none that is to be honoured.
    Whole,
    /// These parts, at least one, none empty, none overlapping, in the order asked for.
    Parts(Vec<Range<u64>>),
    /// 416: none of what was asked for is there.
    Unsatisfiable,
}

/// Reads `Range` for a file of so many bytes. What is malformed is passed over, as the RFC wants.
pub fn wanted(headers: &HeaderMap, length: u64) -> Wanted {
    let mut lines = headers.get_all(header::RANGE).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return Wanted::Whole;
    };
    line.to_str()
        .ok()
        .and_then(|line| parse(line, length))
        .unwrap_or(Wanted::Whole)
}

/// `None`: malformed, of another unit, or too much.
fn parse(line: &str, length: u64) -> Option<Wanted> {
    let (unit, list) = line.trim().split_once('=')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let mut parts = Vec::new();
    let mut count = 0;
    for item in list
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
    {
        count += 1;
        if count > MOST {
            return None;
        }
        parts.extend(part(item, length)?);
    }
    match parts.as_slice() {
        [] if count == 0 => None,
        [] => Some(Wanted::Unsatisfiable),
        some if overlap(some) => None,
        _ => Some(Wanted::Parts(parts)),
    }
}

/// One range: outer `None` where it is malformed, inner where the file has no such bytes.
fn part(item: &str, length: u64) -> Option<Option<Range<u64>>> {
    let (first, last) = item.split_once('-')?;
    let range = match (first.trim_end(), last.trim_start()) {
        ("", suffix) => length.saturating_sub(number(suffix)?)..length,
        (first, "") => number(first)?..length,
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if first > last {
                return None;
            }
            first..last.saturating_add(1).min(length)
        }
    };
    Some((range.start < range.end).then_some(range))
}

/// Digits only; a number beyond 64 bits is as good as the largest.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

fn overlap(parts: &[Range<u64>]) -> bool {
    let mut sorted: Vec<&Range<u64>> = parts.iter().collect();
    sorted.sort_unstable_by_key(|part| part.start);
    !sorted.is_sorted_by(|left, right| left.end <= right.start)
}

/// The `Content-Range` of a part: `bytes 0-99/1000`.
pub fn content_range(part: &Range<u64>, length: u64) -> String {
    format!(
        "bytes {}-{}/{length}",
        part.start,
        part.end.saturating_sub(1)
    )
}

/// The `Content-Range` of a 416: `bytes */1000`.
pub fn unsatisfied(length: u64) -> String {
    format!("bytes */{length}")
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "one range is meant")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(line: &str, length: u64) -> Wanted {
        let headers = HeaderMap::from_iter([(header::RANGE, line.parse().unwrap())]);
        wanted(&headers, length)
    }

    #[test]
    fn ranges_of_a_hundred_bytes() {
        use Wanted::{Parts, Unsatisfiable, Whole};
        let many = |count: usize| {
            let items: Vec<String> = (0..count).map(|at| format!("{at}-{at}")).collect();
            format!("bytes={}", items.join(","))
        };
        let table = [
            ("bytes=0-9", Parts(vec![0..10])),
            ("bytes=0-0", Parts(vec![0..1])),
            ("bytes=90-", Parts(vec![90..100])),
            ("bytes=90-999", Parts(vec![90..100])),
            ("bytes=0-99999999999999999999999", Parts(vec![0..100])),
            ("bytes=-10", Parts(vec![90..100])),
            ("bytes=-1000", Parts(vec![0..100])),
            ("BYTES=0-9", Parts(vec![0..10])),
            ("bytes= 0-9 , 20-29 ,", Parts(vec![0..10, 20..30])),
            ("bytes=20-29,0-9", Parts(vec![20..30, 0..10])),
            ("bytes=0-9,10-19", Parts(vec![0..10, 10..20])),
            ("bytes=0-9,200-300", Parts(vec![0..10])),
            ("bytes=100-", Unsatisfiable),
            ("bytes=-0", Unsatisfiable),
            ("bytes=100-200,300-", Unsatisfiable),
            ("bytes=99999999999999999999999-", Unsatisfiable),
            ("bytes=9-0", Whole),
            ("bytes=0-9,9-0", Whole),
            ("bytes=0-9,5-14", Whole),
            ("bytes=0-,-1", Whole),
            ("bytes=", Whole),
            ("bytes=,", Whole),
            ("bytes=-", Whole),
            ("bytes=a-b", Whole),
            ("bytes=+1-2", Whole),
            ("bytes 0-9", Whole),
            ("items=0-9", Whole),
            ("", Whole),
        ];
        for (line, expected) in table {
            assert_eq!(of(line, 100), expected, "{line}");
        }
        assert!(matches!(of(&many(16), 100), Parts(parts) if parts.len() == 16));
        assert_eq!(of(&many(17), 100), Whole);
    }

    #[test]
    fn an_empty_file_has_no_ranges() {
        assert_eq!(of("bytes=0-", 0), Wanted::Unsatisfiable);
        assert_eq!(of("bytes=-5", 0), Wanted::Unsatisfiable);
    }

    #[test]
    fn two_range_headers_count_as_none() {
        let line = || "bytes=0-9".parse().unwrap();
        let headers = HeaderMap::from_iter([(header::RANGE, line()), (header::RANGE, line())]);
        assert_eq!(wanted(&headers, 100), Wanted::Whole);
    }

    proptest! {
        #[test]
        fn parts_are_always_within_the_file(line in "bytes=[0-9, -]{0,30}|[ -~]{0,30}", length in 0_u64..200) {
            if let Wanted::Parts(parts) = of(&line, length) {
                prop_assert!(!parts.is_empty() && parts.len() <= MOST);
                let total: u64 = parts.iter().map(|part| part.end - part.start).sum();
                prop_assert!(total <= length);
                prop_assert!(parts.iter().all(|part| part.start < part.end && part.end <= length));
            }
        }
    }
}
