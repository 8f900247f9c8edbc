//! Encodes a whole content, with as much effort as its size allows: the densest levels take seconds for
//! a few megabytes, and a build should not.

use std::io::{self, Write};

use flate2::write::GzEncoder;
use gated_engine::files::negotiate::Encoding;

/// How hard it is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Effort {
    /// As dense as it gets.
    Most,
    /// Dense.
    Much,
    /// About as dense as what is encoded while it is sent.
    Some,
}

/// The largest content for the most effort, and for much.
const LARGEST: (u64, u64) = (512 << 10, 8 << 20);

/// How many bytes of one bundle are encoded in one encoding with the most effort, and with much.
const IN_ALL: (u64, u64) = (4 << 20, 32 << 20);

/// What was spent on one encoding.
#[derive(Debug, Default)]
pub(super) struct Budget {
    most: u64,
    much: u64,
}

impl Budget {
    /// The effort for a content of this size.
    pub(super) fn effort(&mut self, size: u64) -> Effort {
        if size <= LARGEST.0 && self.most + size <= IN_ALL.0 {
            self.most += size;
            Effort::Most
        } else if size <= LARGEST.1 && self.much + size <= IN_ALL.1 {
            self.much += size;
            Effort::Much
        } else {
            Effort::Some
        }
    }
}

/// The encoded content; the same content gives the same bytes.
pub(super) fn encode(content: &[u8], encoding: Encoding, effort: Effort) -> io::Result<Vec<u8>> {
    match encoding {
        Encoding::Gzip => gzip(content, effort),
        Encoding::Brotli => brotli(content, effort),
        Encoding::Zstd => zstd(content, effort),
    }
}

fn gzip(content: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
    let level = match effort {
        Effort::Most | Effort::Much => 9,
        Effort::Some => 6,
    };
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::new(level));
    encoder.write_all(content)?;
    encoder.finish()
}

fn brotli(content: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: match effort {
            Effort::Most => 11,
            Effort::Much => 9,
            Effort::Some => 5,
        },
        size_hint: content.len(),
        ..Default::default()
    };
    let mut encoded = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut encoded, &parameters)?;
    Ok(encoded)
}

/// None of the levels has a window of more than 8 MiB, which is the most that clients must take (RFC
/// 9659, section 3).
fn zstd(content: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
    let level = match effort {
        Effort::Most => 19,
        Effort::Much => 15,
        Effort::Some => 6,
    };
    zstd::bulk::compress(content, level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn decoded(encoded: &[u8], encoding: Encoding) -> Vec<u8> {
        let mut plain = Vec::new();
        match encoding {
            Encoding::Gzip => flate2::read::GzDecoder::new(encoded).read_to_end(&mut plain),
            Encoding::Brotli => brotli::Decompressor::new(encoded, 4096).read_to_end(&mut plain),
            Encoding::Zstd => zstd::stream::read::Decoder::new(encoded)
                .unwrap()
                .read_to_end(&mut plain),
        }
        .unwrap();
        plain
    }

    #[test]
    fn every_effort_gives_the_content_back_and_the_same_bytes_again() {
        let content = "a body that says the same again and again; ".repeat(200);
        for encoding in Encoding::ALL {
            for effort in [Effort::Most, Effort::Much, Effort::Some] {
                let encoded = encode(content.as_bytes(), encoding, effort).unwrap();
                assert!(
                    encoded.len() < content.len() / 10,
                    "{encoding:?} {effort:?}"
                );
                assert_eq!(decoded(&encoded, encoding), content.as_bytes());
                assert_eq!(
                    encode(content.as_bytes(), encoding, effort).unwrap(),
                    encoded
                );
            }
        }
    }

    #[test]
    fn large_contents_and_many_get_less_effort() {
        let mut budget = Budget::default();
        assert_eq!(budget.effort(LARGEST.0), Effort::Most);
        assert_eq!(budget.effort(LARGEST.0 + 1), Effort::Much);
        assert_eq!(budget.effort(LARGEST.1 + 1), Effort::Some);
        let mut efforts = (0..1000).map(|_| budget.effort(LARGEST.0));
        let most = efforts
            .by_ref()
            .take_while(|one| *one == Effort::Most)
            .count();
        let much = efforts
            .by_ref()
            .take_while(|one| *one == Effort::Much)
            .count();
        assert!(most > 5 && much > 50, "{most} {much}");
        assert!(efforts.all(|one| one == Effort::Some));
    }
}
