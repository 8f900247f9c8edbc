//! What a client would rather have (RFC 9110, section 12): encodings and media types with weights.

use http::{HeaderMap, HeaderName, header};

/// The encoding of a precompressed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// Brotli (RFC 7932).
    Brotli,
    /// Zstandard (RFC 8878).
    Zstd,
    /// Gzip (RFC 1952).
    Gzip,
}

impl Encoding {
    /// All of them, the densest first: the order in which they are preferred at equal weight.
    pub const ALL: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    /// What `Content-Encoding` says.
    pub fn token(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    /// What stands after the file's name, dot included.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Zstd => ".zst",
            Self::Gzip => ".gz",
        }
    }
}

/// The encoding to send of those there are; `None`: the file as it is. That is also the answer where
/// the client takes nothing at all, as RFC 9110 allows (section 12.5.3).
pub fn encoding(headers: &HeaderMap, available: &[Encoding]) -> Option<Encoding> {
    let identity = given_weight(headers, "identity");
    let best = Encoding::ALL
        .into_iter()
        .filter(|encoding| available.contains(encoding))
        .map(|encoding| (weight(headers, encoding), encoding))
        .filter(|(weight, _)| *weight > 0)
        .min_by_key(|(weight, encoding)| (std::cmp::Reverse(*weight), *encoding))?;
    // Only a client that says so would rather have the file as it is.
    (best.0 >= identity.unwrap_or(0)).then_some(best.1)
}

fn weight(headers: &HeaderMap, encoding: Encoding) -> u16 {
    let alias = match encoding {
        Encoding::Gzip => given_weight(headers, "x-gzip"),
        _ => None,
    };
    given_weight(headers, encoding.token())
        .or(alias)
        .or_else(|| given_weight(headers, "*"))
        .unwrap_or(0)
}

fn given_weight(headers: &HeaderMap, token: &str) -> Option<u16> {
    items(headers, header::ACCEPT_ENCODING)
        .find(|item| item.name.eq_ignore_ascii_case(token))
        .map(|item| item.weight)
}

/// Whether the client takes an HTML page. A request without `Accept` takes anything.
pub fn takes_html(headers: &HeaderMap) -> bool {
    if !headers.contains_key(header::ACCEPT) {
        return true;
    }
    ["text/html", "text/*", "*/*"]
        .into_iter()
        .find_map(|range| {
            items(headers, header::ACCEPT)
                .find(|item| item.name.eq_ignore_ascii_case(range))
                .map(|item| item.weight > 0)
        })
        .unwrap_or(false)
}

/// An item of a list with its weight in thousandths.
struct Item<'h> {
    name: &'h str,
    weight: u16,
}

/// The items of all lines of a header.
fn items(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = Item<'_>> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(|item| {
            let mut parts = item.split(';').map(str::trim);
            Item {
                name: parts.next().unwrap_or_default(),
                weight: parts.find_map(quality).unwrap_or(1000),
            }
        })
}

/// `q=0.5` as 500. A weight that is none takes nothing, as the client may have meant to refuse.
fn quality(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    name.trim_end()
        .eq_ignore_ascii_case("q")
        .then(|| thousandths(value.trim()).unwrap_or(0))
}

fn thousandths(value: &str) -> Option<u16> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let plain = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let fraction: u16 = format!("{fraction:0<3}").parse().ok().filter(|_| plain)?;
    match (whole, fraction) {
        ("0", fraction) => Some(fraction),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn accepting(name: HeaderName, lines: &[&str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| (name.clone(), line.parse().unwrap()))
            .collect()
    }

    #[test]
    fn encodings_by_weight_then_density() {
        use Encoding::{Brotli, Gzip, Zstd};
        let all = Encoding::ALL.as_slice();
        let table: &[(&[&str], &[Encoding], Option<Encoding>)] = &[
            (&[], all, None),
            (&[""], all, None),
            (&["gzip, br, zstd"], all, Some(Brotli)),
            (&["gzip, deflate"], all, Some(Gzip)),
            (&["gzip, br"], &[Gzip], Some(Gzip)),
            (&["br"], &[Gzip], None),
            (&["br;q=0.5, zstd;q=0.8, gzip;q=0.2"], all, Some(Zstd)),
            (&["br;q=0, gzip"], all, Some(Gzip)),
            (&["*"], all, Some(Brotli)),
            (&["*;q=0.1, br;q=0"], all, Some(Zstd)),
            (&["gzip;q=0"], all, None),
            (&["identity, gzip;q=0.5"], all, None),
            (&["identity;q=0.5, gzip;q=0.5"], all, Some(Gzip)),
            (&["identity;q=0"], all, None),
            (&["br;q=0.5", "gzip"], all, Some(Gzip)),
            (&["GZIP ; Q=1.000"], all, Some(Gzip)),
            (&["x-gzip"], all, Some(Gzip)),
            (&["br;q=2, gzip;q=oops, zstd;q=0.001"], all, Some(Zstd)),
            (&["br;q=1.001"], all, None),
        ];
        for (lines, available, expected) in table {
            let headers = accepting(header::ACCEPT_ENCODING, lines);
            assert_eq!(encoding(&headers, available), *expected, "{lines:?}");
        }
    }

    #[test]
    fn pages_for_those_who_take_them() {
        let table: &[(&[&str], bool)] = &[
            (&[], true),
            (&["text/html,application/xhtml+xml,*/*;q=0.8"], true),
            (&["*/*"], true),
            (&["text/*"], true),
            (&["application/json"], false),
            (&["image/png, */*;q=0"], false),
            (&["text/html;q=0, */*"], false),
            (&["application/json", "text/html"], true),
        ];
        for (lines, expected) in table {
            let headers = accepting(header::ACCEPT, lines);
            assert_eq!(takes_html(&headers), *expected, "{lines:?}");
        }
    }

    proptest! {
        #[test]
        fn any_line_gives_an_available_encoding_or_none(line in "[ -~]{0,40}") {
            let headers = accepting(header::ACCEPT_ENCODING, &[&line]);
            prop_assert_ne!(encoding(&headers, &[Encoding::Gzip]), Some(Encoding::Brotli));
        }
    }
}
