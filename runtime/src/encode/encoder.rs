//! One interface to the three encoders.

use std::io::{self, Write};

use brotli::CompressorWriter;
use brotli::enc::BrotliEncoderParams;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use gated_engine::files::negotiate::Encoding;
use zstd::zstd_safe::CParameter;

/// gzip's own default.
const GZIP_LEVEL: u32 = 6;

/// Brotli's next level is several times slower, and with a small window takes 34 MiB.
const BROTLI_QUALITY: i32 = 4;

/// The largest window of Brotli, as a power of two: 64 KiB. What it holds in memory grows with it much
/// faster than what it saves.
const BROTLI_WINDOW: u32 = 16;

/// Zstandard's own default.
const ZSTD_LEVEL: i32 = 3;

/// The largest window of Zstandard, as a power of two: 256 KiB, far below the 8 MiB that every client
/// takes (RFC 9659, section 3).
const ZSTD_WINDOW: u32 = 18;

/// The tables with which Zstandard looks for what was before, as powers of two of four bytes each.
const ZSTD_TABLES: u32 = 15;

/// The smallest window that both know.
const SMALLEST_WINDOW: u32 = 10;

/// An encoder with what it has made and nobody took yet.
pub(super) enum Encoder {
    Gzip(GzEncoder<Vec<u8>>),
    Brotli(Box<CompressorWriter<Vec<u8>>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

impl Encoder {
    /// An encoder for a body of this length, if it is known.
    pub(super) fn new(encoding: Encoding, length: Option<u64>) -> io::Result<Self> {
        let sink = Vec::new();
        Ok(match encoding {
            Encoding::Gzip => Self::Gzip(GzEncoder::new(sink, Compression::new(GZIP_LEVEL))),
            Encoding::Brotli => Self::Brotli(Box::new(brotli(sink, length))),
            Encoding::Zstd => Self::Zstd(zstd(sink, length)?),
        })
    }

    /// Takes in a piece of the body.
    pub(super) fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        match self {
            Self::Gzip(encoder) => encoder.write_all(piece),
            Self::Brotli(encoder) => encoder.write_all(piece),
            Self::Zstd(encoder) => encoder.write_all(piece),
        }
    }

    /// Makes everything that was taken in readable for who gets what was made.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Gzip(encoder) => encoder.flush(),
            Self::Brotli(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
        }
    }

    /// How many bytes were made and not taken.
    pub(super) fn made(&self) -> usize {
        match self {
            Self::Gzip(encoder) => encoder.get_ref().len(),
            Self::Brotli(encoder) => encoder.get_ref().len(),
            Self::Zstd(encoder) => encoder.get_ref().len(),
        }
    }

    /// What was made.
    pub(super) fn take(&mut self) -> Bytes {
        let made = match self {
            Self::Gzip(encoder) => encoder.get_mut(),
            Self::Brotli(encoder) => encoder.get_mut(),
            Self::Zstd(encoder) => encoder.get_mut(),
        };
        Bytes::from(std::mem::take(made))
    }

    /// The end of the body: what is still to be sent.
    pub(super) fn finish(self) -> io::Result<Bytes> {
        let made = match self {
            Self::Gzip(encoder) => encoder.finish()?,
            // It can fail only where its sink does.
            Self::Brotli(encoder) => encoder.into_inner(),
            Self::Zstd(encoder) => encoder.finish()?,
        };
        Ok(Bytes::from(made))
    }
}

/// The window that a body of this length needs, at most the largest.
fn window(length: Option<u64>, largest: u32) -> u32 {
    let needed = length.map(|length| length.max(1).ilog2() + 1);
    needed.map_or(largest, |needed| needed.clamp(SMALLEST_WINDOW, largest))
}

fn brotli(sink: Vec<u8>, length: Option<u64>) -> CompressorWriter<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: i32::try_from(window(length, BROTLI_WINDOW)).unwrap_or_default(),
        ..Default::default()
    };
    CompressorWriter::with_params(sink, 4096, &parameters)
}

fn zstd(
    sink: Vec<u8>,
    length: Option<u64>,
) -> io::Result<zstd::stream::write::Encoder<'static, Vec<u8>>> {
    let mut encoder = zstd::stream::write::Encoder::new(sink, ZSTD_LEVEL)?;
    let window = window(length, ZSTD_WINDOW);
    encoder.window_log(window)?;
    encoder.set_parameter(CParameter::HashLog(window.min(ZSTD_TABLES)))?;
    encoder.set_parameter(CParameter::ChainLog(window.min(ZSTD_TABLES)))?;
    Ok(encoder)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The most that one stream holds, in KiB. That of Zstandard is not Rust's own to count.
    #[test]
    fn what_a_stream_holds_is_bounded() {
        let words = [
            "a", "few", "words", "in", "an", "order", "that", "never", "comes", "again",
        ];
        let mut state = 1_u64;
        let mut word = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            words[(state % 10) as usize]
        };
        let text: String = (0..400_000).map(|_| word()).collect();
        for (encoding, most) in [(Encoding::Gzip, 512), (Encoding::Brotli, 2048)] {
            for length in [None, Some(text.len() as u64), Some(1)] {
                let held = allocation_counter::measure(|| {
                    let mut encoder = Encoder::new(encoding, length).unwrap();
                    for piece in text.as_bytes().chunks(16 * 1024) {
                        encoder.write(piece).unwrap();
                        encoder.take();
                    }
                    encoder.finish().unwrap();
                });
                let held = held.bytes_max / 1024;
                assert!(held < most, "{encoding:?} {length:?}: {held} KiB");
            }
        }
    }
}
