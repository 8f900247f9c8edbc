//! Watches how an HTTP/1.1 client frames its messages, byte by byte, before anything else reads them.
//!
//! Request smuggling lives on disagreement: two readers that see the end of a message in different
//! places. So this reader takes one strict view (RFC 9112, sections 2.2, 5 and 6) and refuses whatever
//! a looser one could read otherwise: both `Content-Length` and `Transfer-Encoding`, either of them
//! twice, odd values, bare CR or LF, control characters, folded lines, blanks before a colon.

/// Longest header name that has a meaning for framing (`transfer-encoding`).
const LONGEST_NAME: usize = 17;

/// The first bytes of HTTP/2 with prior knowledge (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The value of the only transfer coding that is taken.
const CHUNKED: &[u8] = b"chunked";

/// Where in a message the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing of a connection was seen, or only a part of the HTTP/2 preface.
    Preface(usize),
    /// Between messages; an empty line may stand here (RFC 9112, section 2.2).
    Start,
    /// After the CR of an empty line before a message.
    StartLf,
    RequestLine,
    /// After the CR that ends a line.
    LineLf,
    LineStart,
    Name,
    Value,
    /// After the CR of the empty line that ends a head or a trailer.
    EndLf,
    /// So many bytes of a body are left.
    Body(u64),
    ChunkSize {
        size: u64,
        digits: u8,
    },
    ChunkExtension(u64),
    ChunkLf(u64),
    ChunkData(u64),
    ChunkDataCr,
    ChunkDataLf,
    /// HTTP/2: its own frames say where things end.
    Through,
    Broken,
}

/// What a header line means for framing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Other,
    Host,
    Length { value: u64, digits: u8, ended: bool },
    Coding { matched: usize, ended: bool },
}

/// What was seen in the head of one message.
#[derive(Debug, Clone, Copy, Default)]
struct Head {
    hosts: u8,
    length: Option<u64>,
    chunked: bool,
}

/// Follows one connection's incoming bytes.
#[derive(Debug)]
pub(crate) struct Framing {
    state: State,
    head: Head,
    field: Field,
    name: [u8; LONGEST_NAME],
    name_length: usize,
    trailer: bool,
}

impl Framing {
    /// Begins with a connection's first byte. `http2` says whether the preface is taken.
    pub(crate) fn new(http2: bool) -> Self {
        Self {
            state: if http2 {
                State::Preface(0)
            } else {
                State::Start
            },
            head: Head::default(),
            field: Field::Other,
            name: [0; LONGEST_NAME],
            name_length: 0,
            trailer: false,
        }
    }

    /// Reads on. Returns the offset of the first byte that cannot stand where it stands; everything
    /// from there on is not to be trusted, and no further byte is taken.
    pub(crate) fn inspect(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            match self.advance(rest) {
                Some(taken) => at += taken,
                None => {
                    self.state = State::Broken;
                    return Some(at);
                }
            }
        }
        None
    }

    /// Whether a message's head has begun and not ended.
    pub(crate) fn in_head(&self) -> bool {
        !self.trailer
            && matches!(
                self.state,
                State::RequestLine
                    | State::LineLf
                    | State::LineStart
                    | State::Name
                    | State::Value
                    | State::EndLf
                    | State::StartLf
                    | State::Preface(1..)
            )
    }

    /// Whether the connection speaks HTTP/2.
    pub(crate) fn is_http2(&self) -> bool {
        self.state == State::Through
    }

    /// Whether a byte was refused.
    pub(crate) fn is_broken(&self) -> bool {
        self.state == State::Broken
    }

    /// Takes at least one byte; returns how many, or `None` if the first cannot stand here.
    fn advance(&mut self, rest: &[u8]) -> Option<usize> {
        let length = rest.len() as u64;
        match self.state {
            State::Through => return Some(rest.len()),
            State::Body(left) => {
                let taken = left.min(length);
                self.state = match left - taken {
                    0 => State::Start,
                    more => State::Body(more),
                };
                return usize::try_from(taken).ok();
            }
            State::ChunkData(left) => {
                let taken = left.min(length);
                self.state = match left - taken {
                    0 => State::ChunkDataCr,
                    more => State::ChunkData(more),
                };
                return usize::try_from(taken).ok();
            }
            State::Value if self.field == Field::Other => {
                let plain = rest
                    .iter()
                    .position(|byte| !is_text(*byte))
                    .unwrap_or(rest.len());
                if plain > 0 {
                    return Some(plain);
                }
            }
            State::RequestLine => {
                let plain = rest
                    .iter()
                    .position(|byte| !is_text(*byte))
                    .unwrap_or(rest.len());
                if plain > 0 {
                    return Some(plain);
                }
            }
            _ => {}
        }
        self.state = self.step(*rest.first()?)?;
        Some(1)
    }

    /// The state after one byte; `None` if it cannot stand here.
    fn step(&mut self, byte: u8) -> Option<State> {
        match (self.state, byte) {
            (State::Preface(seen), _) => self.preface(seen, byte),
            (State::Start, b'\r') => Some(State::StartLf),
            (State::Start, _) if is_token(byte) => {
                self.head = Head::default();
                self.trailer = false;
                Some(State::RequestLine)
            }
            (State::StartLf, b'\n') => Some(State::Start),
            (State::RequestLine, b'\r') => Some(State::LineLf),
            (State::RequestLine, _) if is_text(byte) => Some(State::RequestLine),
            (State::LineLf, b'\n') => Some(State::LineStart),
            (State::LineStart, b'\r') => Some(State::EndLf),
            (State::LineStart, _) if is_token(byte) => {
                self.name_length = 0;
                self.name_byte(byte);
                Some(State::Name)
            }
            (State::Name, b':') => self.begin_value(),
            (State::Name, _) if is_token(byte) => {
                self.name_byte(byte);
                Some(State::Name)
            }
            (State::Value, b'\r') => self.end_value(),
            (State::Value, _) if is_text(byte) => self.value_byte(byte),
            (State::EndLf, b'\n') => self.end_head(),
            (State::ChunkSize { .. }, _) => self.chunk_size(byte),
            (State::ChunkExtension(size), b'\r') => Some(State::ChunkLf(size)),
            (State::ChunkExtension(size), _) if is_text(byte) => Some(State::ChunkExtension(size)),
            (State::ChunkLf(0), b'\n') => {
                self.trailer = true;
                Some(State::LineStart)
            }
            (State::ChunkLf(size), b'\n') => Some(State::ChunkData(size)),
            (State::ChunkDataCr, b'\r') => Some(State::ChunkDataLf),
            (State::ChunkDataLf, b'\n') => Some(NEXT_CHUNK),
            _ => None,
        }
    }

    fn preface(&mut self, seen: usize, byte: u8) -> Option<State> {
        if PREFACE.get(seen) == Some(&byte) {
            let seen = seen + 1;
            return Some(if seen == PREFACE.len() {
                State::Through
            } else {
                State::Preface(seen)
            });
        }
        // Not HTTP/2 after all: what was seen so far is the beginning of an HTTP/1.1 message.
        self.state = State::Start;
        for earlier in PREFACE.get(..seen)?.iter().copied().chain([byte]) {
            self.state = self.step(earlier)?;
        }
        Some(self.state)
    }

    fn name_byte(&mut self, byte: u8) {
        if let Some(slot) = self.name.get_mut(self.name_length) {
            *slot = byte.to_ascii_lowercase();
        }
        self.name_length = self.name_length.saturating_add(1);
    }

    fn begin_value(&mut self) -> Option<State> {
        let name = self.name.get(..self.name_length).unwrap_or(b"");
        self.field = match name {
            _ if self.trailer => Field::Other,
            b"host" => Field::Host,
            b"content-length" => Field::Length {
                value: 0,
                digits: 0,
                ended: false,
            },
            b"transfer-encoding" => Field::Coding {
                matched: 0,
                ended: false,
            },
            _ => Field::Other,
        };
        Some(State::Value)
    }

    fn value_byte(&mut self, byte: u8) -> Option<State> {
        let blank = byte == b' ' || byte == b'\t';
        match &mut self.field {
            Field::Other | Field::Host => {}
            Field::Length { digits, ended, .. } if blank => *ended = *digits > 0,
            Field::Length {
                value,
                digits,
                ended: false,
            } if byte.is_ascii_digit() && *digits < 18 => {
                *value = *value * 10 + u64::from(byte - b'0');
                *digits += 1;
            }
            Field::Coding { matched, ended } if blank => *ended = *matched > 0,
            Field::Coding {
                matched,
                ended: false,
            } if CHUNKED.get(*matched) == Some(&byte.to_ascii_lowercase()) => {
                *matched += 1;
            }
            Field::Length { .. } | Field::Coding { .. } => return None,
        }
        Some(State::Value)
    }

    fn end_value(&mut self) -> Option<State> {
        match self.field {
            Field::Other => {}
            Field::Host => {
                self.head.hosts = self.head.hosts.saturating_add(1);
                if self.head.hosts > 1 {
                    return None;
                }
            }
            Field::Length { value, digits, .. } => {
                if digits == 0 || self.head.length.is_some() || self.head.chunked {
                    return None;
                }
                self.head.length = Some(value);
            }
            Field::Coding { matched, .. } => {
                let whole = matched == CHUNKED.len();
                if !whole || self.head.chunked || self.head.length.is_some() {
                    return None;
                }
                self.head.chunked = true;
            }
        }
        Some(State::LineLf)
    }

    fn end_head(&mut self) -> Option<State> {
        if self.trailer {
            self.trailer = false;
            return Some(State::Start);
        }
        Some(match (self.head.chunked, self.head.length) {
            (true, _) => NEXT_CHUNK,
            (false, None | Some(0)) => State::Start,
            (false, Some(length)) => State::Body(length),
        })
    }

    fn chunk_size(&mut self, byte: u8) -> Option<State> {
        let State::ChunkSize { size, digits } = self.state else {
            return None;
        };
        match (char::from(byte).to_digit(16), byte) {
            (Some(digit), _) if digits < 15 => Some(State::ChunkSize {
                size: size * 16 + u64::from(digit),
                digits: digits + 1,
            }),
            (_, b'\r') if digits > 0 => Some(State::ChunkLf(size)),
            (_, b';') if digits > 0 => Some(State::ChunkExtension(size)),
            _ => None,
        }
    }
}

const NEXT_CHUNK: State = State::ChunkSize { size: 0, digits: 0 };

/// `tchar` of RFC 9110, section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What may stand in a line: no control character but the tab.
fn is_text(byte: u8) -> bool {
    byte >= b' ' && byte != 0x7f || byte == b'\t'
}

#[cfg(test)]
mod tests;
