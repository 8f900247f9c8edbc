//! Bodies in chunks (RFC 9112, section 7.1), in the strict form: plain hexadecimal sizes, CRLF and
//! nothing else at the ends of lines.

use bytes::{Buf, Bytes, BytesMut};
use http::HeaderMap;
use memchr::memchr;

use super::head::field;

/// Longest line with a chunk's size and extensions.
const LONGEST_LINE: usize = 4 * 1024;

/// All trailer lines together; what the listener allows is checked after.
const LARGEST_TRAILER: usize = 64 * 1024;

/// Number of trailer lines.
const MOST_TRAILERS: usize = 256;

/// Where in a chunked body the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chunked {
    /// At a line with a size.
    Size,
    /// So many bytes of a chunk are left.
    Data(u64),
    /// At the line end behind a chunk.
    DataEnd,
    /// In the trailers.
    Trailer,
    /// Behind everything.
    Done,
}

/// What came of looking at the bytes that are there.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    /// Bytes of the body.
    Data(Bytes),
    /// The end, with trailers if there were any.
    End(Option<HeaderMap>),
    /// More bytes are needed.
    More,
}

/// The bytes are no chunked body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

impl Chunked {
    /// Takes the next piece from what was read.
    pub(super) fn next(&mut self, input: &mut BytesMut) -> Result<Piece, Malformed> {
        loop {
            match *self {
                Self::Size => match size_line(input)? {
                    None => return Ok(Piece::More),
                    Some(0) => *self = Self::Trailer,
                    Some(size) => *self = Self::Data(size),
                },
                Self::Data(left) => {
                    if input.is_empty() {
                        return Ok(Piece::More);
                    }
                    let taken = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
                    let data = input.split_to(taken).freeze();
                    *self = match left - taken as u64 {
                        0 => Self::DataEnd,
                        left => Self::Data(left),
                    };
                    return Ok(Piece::Data(data));
                }
                Self::DataEnd => match &input[..] {
                    [b'\r', b'\n', ..] => {
                        input.advance(2);
                        *self = Self::Size;
                    }
                    [] | [b'\r'] => return Ok(Piece::More),
                    _ => return Err(Malformed),
                },
                Self::Trailer => {
                    let Some(trailers) = trailers(input)? else {
                        return Ok(Piece::More);
                    };
                    *self = Self::Done;
                    return Ok(Piece::End(trailers));
                }
                Self::Done => return Ok(Piece::End(None)),
            }
        }
    }
}

/// Takes a line with a size: hexadecimal digits, and perhaps extensions, which are passed over.
fn size_line(input: &mut BytesMut) -> Result<Option<u64>, Malformed> {
    let Some(feed) = memchr(
        b'\n',
        input.get(..LONGEST_LINE.min(input.len())).unwrap_or(&[]),
    ) else {
        return match input.len() {
            ..LONGEST_LINE => begins_with_size(input).map(|()| None),
            _ => Err(Malformed),
        };
    };
    let line = input.get(..feed).unwrap_or_default();
    let line = line.strip_suffix(b"\r").ok_or(Malformed)?;
    let (digits, extension) = split_digits(line);
    let plain = matches!(extension.first(), None | Some(b';'))
        && extension
            .iter()
            .all(|byte| *byte >= b' ' && *byte != 0x7f || *byte == b'\t');
    if !plain || digits.is_empty() || digits.len() > 15 {
        return Err(Malformed);
    }
    let size = digits.iter().fold(0_u64, |size, digit| {
        size * 16 + u64::from(char::from(*digit).to_digit(16).unwrap_or(0))
    });
    input.advance(feed + 1);
    Ok(Some(size))
}

fn split_digits(line: &[u8]) -> (&[u8], &[u8]) {
    let end = line
        .iter()
        .position(|byte| !byte.is_ascii_hexdigit())
        .unwrap_or(line.len());
    line.split_at_checked(end).unwrap_or((line, &[]))
}

/// What is there of a line that is not whole must look like a size: nobody waits for the rest of
/// something that cannot become one.
fn begins_with_size(bytes: &[u8]) -> Result<(), Malformed> {
    let (digits, rest) = split_digits(bytes);
    let fits = match rest.first() {
        None => digits.len() <= 15,
        Some(b';' | b'\r') => !digits.is_empty(),
        Some(_) => false,
    };
    if fits { Ok(()) } else { Err(Malformed) }
}

/// Takes the trailers with the empty line behind them; `None`: not all is there.
fn trailers(input: &mut BytesMut) -> Result<Option<Option<HeaderMap>>, Malformed> {
    if input.starts_with(b"\r\n") {
        input.advance(2);
        return Ok(Some(None));
    }
    let Some(lines) = trailer_lines(input)? else {
        return Ok(None);
    };
    let end = lines.last().map_or(0, |(_, end)| end + 2);
    let head = input.split_to(end).freeze();
    input.advance(2);
    let mut trailers = HeaderMap::with_capacity(lines.len());
    for (start, end) in lines {
        let (name, value) = field(&head, start, end).ok_or(Malformed)?;
        trailers.try_append(name, value).map_err(|_| Malformed)?;
    }
    Ok(Some(Some(trailers)))
}

/// Where the trailer lines are, without their line ends.
fn trailer_lines(input: &[u8]) -> Result<Option<Vec<(usize, usize)>>, Malformed> {
    let mut lines = Vec::new();
    let mut at = 0;
    while let Some(offset) = memchr(b'\n', input.get(at..).unwrap_or_default()) {
        let line = input.get(at..at + offset).unwrap_or_default();
        let line = line.strip_suffix(b"\r").ok_or(Malformed)?;
        if line.is_empty() {
            return Ok(Some(lines));
        }
        if lines.len() == MOST_TRAILERS {
            return Err(Malformed);
        }
        lines.push((at, at + line.len()));
        at += offset + 1;
    }
    if input.len() > LARGEST_TRAILER {
        return Err(Malformed);
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;

    use super::{Chunked, Malformed, Piece};

    type Read = (Vec<u8>, Vec<(String, String)>, Vec<u8>);

    /// Reads a body that comes in pieces of one size: data, trailers, and what follows.
    fn read(text: &[u8], piece: usize) -> Result<Option<Read>, Malformed> {
        let mut state = Chunked::Size;
        let (mut input, mut data) = (BytesMut::new(), Vec::new());
        let mut pieces = text.chunks(piece);
        loop {
            match state.next(&mut input)? {
                Piece::Data(bytes) => data.extend_from_slice(&bytes),
                Piece::End(trailers) => {
                    let trailers = trailers.unwrap_or_default();
                    let trailers = trailers
                        .iter()
                        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                        .collect();
                    let mut rest = input.to_vec();
                    pieces.for_each(|piece| rest.extend_from_slice(piece));
                    return Ok(Some((data, trailers, rest)));
                }
                Piece::More => match pieces.next() {
                    Some(piece) => input.extend_from_slice(piece),
                    None => return Ok(None),
                },
            }
        }
    }

    fn check(text: &str) -> Result<Option<Read>, Malformed> {
        let whole = read(text.as_bytes(), text.len());
        for piece in 1..text.len() {
            assert_eq!(
                read(text.as_bytes(), piece),
                whole,
                "cut into {piece}: {text:?}"
            );
        }
        whole
    }

    #[test]
    fn plain_bodies_are_read_however_they_are_cut() {
        let trailer = vec![("x-sum".to_owned(), "1".to_owned())];
        for (text, data, trailers, rest) in [
            ("0\r\n\r\n", "", vec![], ""),
            ("5\r\nhello\r\n0\r\n\r\nGET", "hello", vec![], "GET"),
            (
                "5;a=\"b\"\r\nhello\r\n00A\r\n0123456789\r\n000\r\nX-Sum:  1 \r\n\r\n",
                "hello0123456789",
                trailer,
                "",
            ),
        ] {
            let read = check(text).unwrap().unwrap();
            assert_eq!(read, (data.into(), trailers, rest.into()), "{text:?}");
        }
        assert_eq!(check("5\r\nhel"), Ok(None));
        assert_eq!(check("0\r\nx: y\r\n"), Ok(None));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "\r\n",
            "g\r\n",
            "5 \r\nhello\r\n",
            "5\nhello\r\n",
            "5\r\nhelloX",
            "5\r\nhello\n",
            "-1\r\n",
            "0x5\r\n",
            "1111111111111111\r\n",
            "5;a\nb\r\n",
            "5;\0\r\n",
            "\n",
            "0\r\n x: y\r\n\r\n",
            "0\r\nx : y\r\n\r\n",
            "0\r\nx: y\n\r\n",
            "0\r\n: y\r\n\r\n",
        ] {
            let whole = read(text.as_bytes(), text.len());
            assert_eq!(whole, Err(Malformed), "{text:?}");
            for piece in 1..text.len() {
                assert_eq!(
                    read(text.as_bytes(), piece),
                    whole,
                    "cut into {piece}: {text:?}"
                );
            }
        }
        let long = format!("5;{}", "x".repeat(5000));
        assert_eq!(read(long.as_bytes(), 100), Err(Malformed));
        let many = format!("0\r\n{}", "x: y\r\n".repeat(300));
        assert_eq!(read(many.as_bytes(), 1000), Err(Malformed));
        let large = format!("0\r\nx: {}", "y".repeat(70_000));
        assert_eq!(read(large.as_bytes(), 1000), Err(Malformed));
    }

    proptest::proptest! {
        /// Any data in any chunks is read back, with what follows left alone, however it is cut.
        #[test]
        fn what_is_written_is_read(
            chunks in proptest::collection::vec(proptest::collection::vec(0_u8.., 1..40), 0..6),
            piece in 1_usize..50,
        ) {
            let mut text = Vec::new();
            for chunk in &chunks {
                text.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                text.extend_from_slice(chunk);
                text.extend_from_slice(b"\r\n");
            }
            text.extend_from_slice(b"0\r\n\r\nGET /");
            let (data, _, rest) = read(&text, piece).unwrap().unwrap();
            proptest::prop_assert_eq!(data, chunks.concat());
            proptest::prop_assert_eq!(rest, b"GET /");
        }

        /// Anything at all: no panic, and the same however it is cut.
        #[test]
        fn anything_is_read_the_same(
            text in proptest::collection::vec(proptest::sample::select(b"05aF;\r\n :x\0".to_vec()), 0..40),
            piece in 1_usize..10,
        ) {
            proptest::prop_assert_eq!(read(&text, piece), read(&text, text.len().max(1)));
        }
    }
}
