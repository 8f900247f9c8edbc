//! What a client would rather have (RFC 9110, section 12): encodings and media types with weights.

use http::{HeaderMap, HeaderName, header};
use rkyv::{Archive, Deserialize, Serialize};

/// The encoding of an answer's body.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Archive, Serialize, Deserialize,
)]
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

impl From<&ArchivedEncoding> for Encoding {
    fn from(archived: &ArchivedEncoding) -> Self {
        match archived {
            ArchivedEncoding::Brotli => Self::Brotli,
            ArchivedEncoding::Zstd => Self::Zstd,
            ArchivedEncoding::Gzip => Self::Gzip,
        }
    }
}

/// The most items of `Accept-Encoding` that are looked at; no client knows as many encodings.
const MOST_ITEMS: usize = 64;

/// The encoding to send of those there are, in the order in which they are rather sent; `None`: the
/// body as it is. That is also the answer where the client takes nothing at all, as RFC 9110 allows
/// (section 12.5.3), and where it says nothing.
pub fn encoding(headers: &HeaderMap, available: &[Encoding]) -> Option<Encoding> {
    if available.is_empty() || !headers.contains_key(header::ACCEPT_ENCODING) {
        return None;
    }
    let weights = Weights::of(headers);
    let (weight, best) = available
        .iter()
        .map(|encoding| (weights.of_encoding(*encoding), *encoding))
        .filter(|(weight, _)| *weight > 0)
        // Of several as great the first is kept.
        .reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    // Only a client that says so would rather have the body as it is.
    (weight >= weights.of_identity()).then_some(best)
}

/// What a client gives each encoding, in thousandths; of several words on the same the first counts.
#[derive(Debug, Default)]
struct Weights {
    brotli: Option<u16>,
    zstd: Option<u16>,
    gzip: Option<u16>,
    x_gzip: Option<u16>,
    identity: Option<u16>,
    any: Option<u16>,
}

impl Weights {
    fn of(headers: &HeaderMap) -> Self {
        let mut weights = Self::default();
        for item in items(headers, header::ACCEPT_ENCODING).take(MOST_ITEMS) {
            let slot = weights.slot(item.name);
            if let Some(slot) = slot.filter(|slot| slot.is_none()) {
                *slot = Some(item.weight);
            }
        }
        weights
    }

    fn slot(&mut self, name: &str) -> Option<&mut Option<u16>> {
        let known = [
            ("gzip", &mut self.gzip),
            ("br", &mut self.brotli),
            ("zstd", &mut self.zstd),
            ("identity", &mut self.identity),
            ("*", &mut self.any),
            ("x-gzip", &mut self.x_gzip),
        ];
        known
            .into_iter()
            .find_map(|(known, slot)| name.eq_ignore_ascii_case(known).then_some(slot))
    }

    fn of_encoding(&self, encoding: Encoding) -> u16 {
        let given = match encoding {
            Encoding::Brotli => self.brotli,
            Encoding::Zstd => self.zstd,
            // The old name (RFC 9110, section 8.4.1.3).
            Encoding::Gzip => self.gzip.or(self.x_gzip),
        };
        given.or(self.any).unwrap_or(0)
    }

    /// `*` speaks of it too, as of whatever is not named.
    fn of_identity(&self) -> u16 {
        self.identity.or(self.any).unwrap_or(0)
    }
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
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.bytes().map(|digit| u16::from(digit - b'0'));
    let digits = digits.chain(std::iter::repeat(0)).take(3);
    let fraction = digits.fold(0, |sum, digit| sum * 10 + digit);
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
            (&["gzip, br, zstd"], &[Zstd, Gzip, Brotli], Some(Zstd)),
            (&["gzip, br;q=0.9"], &[Zstd, Brotli, Gzip], Some(Gzip)),
            (&["gzip;q=0.1, *;q=0.5"], &[Gzip], None),
            (&["*;q=0"], all, None),
            (&["gzip;q=0.5, *;q=0"], all, Some(Gzip)),
            (&["identity;q=0, gzip;q=0.001"], all, Some(Gzip)),
            (&["x-gzip, gzip;q=0"], all, None),
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

    /// Section 12.5.3 word by word: what was named counts as named, `*` for the rest.
    fn naive(line: &str, available: &[Encoding]) -> Option<Encoding> {
        let mut said: Vec<(String, f64)> = Vec::new();
        for item in line.split(',') {
            let mut parts = item.split(';').map(|part| part.trim().to_ascii_lowercase());
            let name = parts.next().unwrap_or_default();
            let weight = parts
                .find_map(|part| part.strip_prefix("q=").map(|q| q.parse().unwrap()))
                .unwrap_or(1.0);
            if !said.iter().any(|(known, _)| *known == name) {
                said.push((name, weight));
            }
        }
        let of = |names: &[&str]| {
            let found = |name: &&str| said.iter().find(|(known, _)| known == name);
            names.iter().find_map(found).map(|(_, weight)| *weight)
        };
        let mut best: Option<(f64, Encoding)> = None;
        for encoding in available {
            let weight = match encoding {
                Encoding::Gzip => of(&["gzip", "x-gzip", "*"]),
                other => of(&[other.token(), "*"]),
            };
            let weight = weight.unwrap_or(0.0);
            if weight > best.map_or(0.0, |(best, _)| best) {
                best = Some((weight, *encoding));
            }
        }
        let identity = of(&["identity", "*"]).unwrap_or(0.0);
        best.filter(|(weight, _)| *weight >= identity)
            .map(|(_, encoding)| encoding)
    }

    fn item() -> impl Strategy<Value = String> {
        let name = proptest::sample::select(vec![
            "gzip", "GZIP", "x-gzip", "br", "Br", "zstd", "identity", "*", "deflate", "",
        ]);
        let weight = proptest::sample::select(vec![
            "", ";q=0", ";q=0.0", ";q=1", ";q=1.000", "; q=0.5", ";Q=0.25", ";q=0.001", ";q=0.",
        ]);
        (name, weight).prop_map(|(name, weight)| format!("{name}{weight}"))
    }

    proptest! {
        #[test]
        fn chosen_as_the_standard_words_it(
            line in proptest::collection::vec(item(), 0..6),
            order in Just(Encoding::ALL.to_vec()).prop_shuffle(),
            count in 0_usize..4,
        ) {
            let line = line.join(", ");
            let available = &order[..count];
            let headers = accepting(header::ACCEPT_ENCODING, &[&line]);
            prop_assert_eq!(encoding(&headers, available), naive(&line, available), "{}", line);
        }

        #[test]
        fn any_line_gives_an_available_encoding_or_none(line in "[ -~]{0,40}") {
            let headers = accepting(header::ACCEPT_ENCODING, &[&line]);
            prop_assert_ne!(encoding(&headers, &[Encoding::Gzip]), Some(Encoding::Brotli));
        }
    }
}
