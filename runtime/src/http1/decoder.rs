//! Where in a message's body a connection is.

use bytes::{Bytes, BytesMut};
use http::HeaderMap;

use super::chunked::{Chunked, Malformed, Piece};
use super::head::Kind;

/// The state of a body that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decoder {
    /// All of it was read.
    Done,
    /// So many bytes are left.
    Length(u64),
    Chunked(Chunked),
    /// Until the connection closes.
    UntilClose,
    /// It cannot be read on.
    Broken,
}

/// What came of looking at the bytes that are there.
pub(super) enum Decoded {
    Data(Bytes),
    Trailers(HeaderMap),
    End,
    More,
}

impl From<Kind> for Decoder {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Empty => Self::Done,
            Kind::Length(length) => Self::length(length),
            Kind::Chunked => Self::Chunked(Chunked::Size),
            Kind::UntilClose => Self::UntilClose,
        }
    }
}

impl Decoder {
    /// So many bytes are left.
    pub(super) fn length(left: u64) -> Self {
        match left {
            0 => Self::Done,
            left => Self::Length(left),
        }
    }

    /// Takes the next piece from what was read.
    pub(super) fn next(&mut self, input: &mut BytesMut) -> Result<Decoded, Malformed> {
        match self {
            Self::Done => Ok(Decoded::End),
            Self::Broken => Err(Malformed),
            _ if input.is_empty() => Ok(Decoded::More),
            Self::UntilClose => Ok(Decoded::Data(input.split().freeze())),
            Self::Length(left) => {
                let taken = usize::try_from(*left)
                    .unwrap_or(usize::MAX)
                    .min(input.len());
                let data = input.split_to(taken).freeze();
                *self = Self::length(*left - taken as u64);
                Ok(Decoded::Data(data))
            }
            Self::Chunked(chunked) => match chunked.next(input)? {
                Piece::Data(data) => Ok(Decoded::Data(data)),
                Piece::More => Ok(Decoded::More),
                Piece::End(trailers) => {
                    *self = Self::Done;
                    Ok(trailers.map_or(Decoded::End, Decoded::Trailers))
                }
            },
        }
    }

    /// Bytes that are left, where that is known.
    pub(super) fn left(&self) -> Option<u64> {
        match self {
            Self::Done => Some(0),
            Self::Length(left) => Some(*left),
            _ => None,
        }
    }
}
