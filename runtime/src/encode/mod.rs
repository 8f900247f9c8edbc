//! Encodes answers while they are sent (RFC 9110, section 8.4.1): gzip, Brotli and Zstandard.
//!
//! It is done where the answer is, piece by piece, and nothing is read from behind before the client
//! took what there is. Levels are those at which each encoding still keeps up with a fast network, and
//! windows are small, so that what one answer holds in memory is bounded: 0.4 MiB with gzip, 1 MiB with
//! Zstandard, 2 MiB with Brotli, and mostly less where the answer is known to be short.

mod body;
mod budget;
mod encoder;

pub(crate) use body::EncodedBody;
pub(crate) use budget::room;

use bytes::Bytes;
use gated_engine::files::negotiate::Encoding;

use encoder::Encoder;

/// Encodes what is in memory, at once; `None`: it would be no smaller.
pub(crate) fn at_once(content: &[u8], encoding: Encoding) -> Option<Bytes> {
    let mut encoder = Encoder::new(encoding, Some(content.len() as u64)).ok()?;
    encoder.write(content).ok()?;
    let encoded = encoder.finish().ok()?;
    (encoded.len() < content.len()).then_some(encoded)
}
