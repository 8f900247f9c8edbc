//! How answers are compressed.

use rkyv::{Archive, Deserialize, Serialize};

use crate::files::negotiate::Encoding;

/// Which answers are compressed, and in which encodings.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Archive, Serialize, Deserialize)]
pub struct Compression {
    /// The encodings, those first that are rather sent; none twice.
    pub encodings: Vec<Encoding>,
    /// The smallest body, in bytes.
    pub min_size: u64,
    /// Media types in lower case: `text/html`, `text/*`, `application/*+json` or `*/*`.
    pub types: Vec<String>,
}
