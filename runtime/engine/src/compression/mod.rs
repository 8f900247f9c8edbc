//! Which answers are sent encoded (RFC 9110, sections 8.4 and 12.5.3).
//!
//! Three questions, one after another: may this answer be compressed at all ([`is_covered`]), what
//! does this client take ([`crate::files::negotiate`]), and what must its headers say then
//! ([`headers`]). Fixed answers and files of the bundle lie there encoded; all others are encoded by
//! the caller as they are sent. Pure: nothing is compressed here.

pub mod headers;
mod types;

use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use smallvec::SmallVec;

use crate::bundle::Bundle;
use crate::files::negotiate::{self, Encoding};
use crate::program::ArchivedCompression;

pub use types::is_listed;

/// Encodings in the order in which they are rather sent.
pub type Encodings = SmallVec<[Encoding; 3]>;

/// How the answers of a route are compressed; `None`: they are not.
pub fn of_route(bundle: &Bundle, route: u32) -> Option<&ArchivedCompression> {
    let program = bundle.program();
    let route = program.routes.get(usize::try_from(route).ok()?)?;
    at(bundle, route.compression.as_ref()?.to_native())
}

/// How answers are compressed that no route gives; `None`: they are not.
pub fn of_gateway(bundle: &Bundle) -> Option<&ArchivedCompression> {
    let settings = &bundle.program().settings;
    at(bundle, settings.compression.as_ref()?.to_native())
}

/// The settings with this number.
pub(crate) fn at(bundle: &Bundle, index: u32) -> Option<&ArchivedCompression> {
    bundle
        .program()
        .compressions
        .get(usize::try_from(index).ok()?)
}

/// The encodings of these settings.
pub fn encodings(compression: &ArchivedCompression) -> Encodings {
    compression.encodings.iter().map(Encoding::from).collect()
}

/// Whether an answer is compressed for clients that take it. `length` is that of its body, if it is
/// known.
pub fn is_covered(
    compression: &ArchivedCompression,
    status: StatusCode,
    headers: &HeaderMap,
    length: Option<u64>,
) -> bool {
    has_whole_body(status)
        && length.is_none_or(|length| length > 0 && length >= compression.min_size.to_native())
        && !headers.contains_key(CONTENT_ENCODING)
        && !headers.contains_key(CONTENT_RANGE)
        && is_listed_type(compression, headers)
        && !forbids_change(headers)
}

/// Whether an answer of this status has a body, and not a part of one.
fn has_whole_body(status: StatusCode) -> bool {
    !status.is_informational()
        && !matches!(
            status,
            StatusCode::NO_CONTENT
                | StatusCode::RESET_CONTENT
                | StatusCode::PARTIAL_CONTENT
                | StatusCode::NOT_MODIFIED
        )
}

fn is_listed_type(compression: &ArchivedCompression, headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    content_type.is_some_and(|content_type| covers_type(compression, content_type))
}

/// Whether bodies of a content type are compressed.
pub fn covers_type(compression: &ArchivedCompression, content_type: &str) -> bool {
    is_listed(
        compression.types.iter().map(|listed| listed.as_str()),
        content_type,
    )
}

/// Whether `Cache-Control` says `no-transform` (RFC 9111, sections 5.2.1.6 and 5.2.2.6).
pub fn forbids_change(headers: &HeaderMap) -> bool {
    headers
        .get_all(CACHE_CONTROL)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|directive| directive.trim().eq_ignore_ascii_case("no-transform"))
}

/// The encoding of an answer that is covered, of those there are of it; `None`: as it is.
pub fn chosen(asked: &HeaderMap, available: &[Encoding]) -> Option<Encoding> {
    negotiate::encoding(asked, available).filter(|_| !forbids_change(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_and_nothing_are_no_whole_body() {
        for (status, expected) in [
            (200, true),
            (404, true),
            (503, true),
            (301, true),
            (101, false),
            (204, false),
            (205, false),
            (206, false),
            (304, false),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(has_whole_body(status), expected, "{status}");
        }
    }

    #[test]
    fn no_transform_is_found_among_others() {
        for (lines, expected) in [
            (&[][..], false),
            (&["public, max-age=60"], false),
            (&["public, No-Transform"], true),
            (&["public", "no-transform"], true),
            (&["no-transform-at-all"], false),
        ] {
            let headers: HeaderMap = lines
                .iter()
                .map(|line| (CACHE_CONTROL, line.parse().unwrap()))
                .collect();
            assert_eq!(forbids_change(&headers), expected, "{lines:?}");
        }
    }
}
