//! Which answers are compressed, and how.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::{MediaRange, Size};

/// Compresses answers for clients that take it (`Accept-Encoding`). On the gateway it holds for every
/// route, and on a route for that one; what a route's leaves out is as the gateway's has it. Where one
/// answer holds both a secret and something the client chose, its length can give the secret away
/// (BREACH), so nothing is compressed unless it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["enabled"], ["encodings*"]]}))]
pub struct Compress {
    /// Whether answers are compressed: `compress #false` takes a route out.
    pub enabled: bool,
    /// The encodings, those first that are rather sent where a client takes several as gladly. Left
    /// out, `zstd`, `br` and `gzip`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub encodings: Vec<Encoding>,
    /// The smallest body that is compressed. Left out, `1KiB`. One of unknown length is compressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_size: Option<Size>,
    /// The media types that are compressed; `*` stands for any subtype, or for what is before a `+`.
    /// Left out, text, JSON, XML, JavaScript, SVG, WebAssembly and fonts that are not compressed in
    /// themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<MediaRange>,
}

impl Default for Compress {
    fn default() -> Self {
        Self {
            enabled: true,
            encodings: Vec::new(),
            min_size: None,
            types: Vec::new(),
        }
    }
}

/// An encoding of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// Zstandard (RFC 8878): quick, and dense.
    Zstd,
    /// Brotli (RFC 7932): the densest of what is compressed when the bundle is built.
    Br,
    /// Gzip (RFC 1952): what every client takes.
    Gzip,
}

impl Compress {
    /// The encodings where none are written.
    pub const ENCODINGS: [Encoding; 3] = [Encoding::Zstd, Encoding::Br, Encoding::Gzip];

    /// The smallest body where none is written, in bytes.
    pub const MIN_SIZE: u64 = 1024;

    /// The media types where none are written.
    pub const TYPES: [&str; 18] = [
        "text/*",
        "application/json",
        "application/*+json",
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/xml",
        "application/*+xml",
        "application/javascript",
        "application/x-javascript",
        "application/ecmascript",
        "application/yaml",
        "application/wasm",
        "image/svg+xml",
        "image/bmp",
        "image/x-icon",
        "font/ttf",
        "font/otf",
    ];
}
