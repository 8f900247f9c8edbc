//! Several parts of a file in one answer: `multipart/byteranges` (RFC 9110, section 14.6).

use std::fmt::Write as _;
use std::ops::Range;

use crate::bundle::Digest;

use super::range::content_range;

/// The pieces of the body, in order: for each part its head and then the bytes of its range, and at
/// last the tail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multipart {
    /// `Content-Type` of the answer.
    pub content_type: String,
    /// For each part its head and its range of the file.
    pub parts: Vec<(String, Range<u64>)>,
    /// What ends the body.
    pub tail: String,
}

impl Multipart {
    /// Puts parts of a file of `length` bytes together. The boundary follows from the file's tag and
    /// the parts, so that the same request gives the same bytes.
    pub fn new(parts: Vec<Range<u64>>, length: u64, content_type: &str, etag: &str) -> Self {
        let boundary = boundary(&parts, etag);
        let parts = parts
            .into_iter()
            .map(|part| {
                let range = content_range(&part, length);
                let head = format!(
                    "\r\n--{boundary}\r\ncontent-type: {content_type}\r\ncontent-range: {range}\r\n\r\n"
                );
                (head, part)
            })
            .collect();
        Self {
            content_type: format!("multipart/byteranges; boundary={boundary}"),
            parts,
            tail: format!("\r\n--{boundary}--\r\n"),
        }
    }

    /// The length of the body, in bytes.
    pub fn length(&self) -> u64 {
        let part = |(head, range): &(String, Range<u64>)| {
            head.len() as u64 + range.end.saturating_sub(range.start)
        };
        self.parts.iter().map(part).sum::<u64>() + self.tail.len() as u64
    }
}

/// Long enough that no file holds it by chance.
fn boundary(parts: &[Range<u64>], etag: &str) -> String {
    let mut seed = etag.to_owned();
    for part in parts {
        // Writing to a string cannot fail.
        let _ = write!(seed, " {}-{}", part.start, part.end);
    }
    let mut digest = Digest::of(seed.as_bytes()).to_string();
    digest.truncate(32);
    digest
}
