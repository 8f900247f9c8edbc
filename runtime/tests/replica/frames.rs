//! HTTP/2 frame by frame, also wrong ones (RFC 9113, section 4.1).

use std::io::{Read, Write};
use std::net::TcpStream;

use super::support::{Gated, PATIENCE};

pub(crate) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const PRIORITY: u8 = 2;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;

pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

/// A frame's bytes.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut bytes = length[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// A header as it is, without any table (RFC 7541, section 6.2.2).
pub(crate) fn header(name: &[u8], value: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0];
    for text in [name, value] {
        bytes.extend(length(text.len()));
        bytes.extend(text);
    }
    bytes
}

/// The length of a text that is not compressed (RFC 7541, section 5.1).
pub(crate) fn length(mut length: usize) -> Vec<u8> {
    if length < 127 {
        return vec![u8::try_from(length).unwrap()];
    }
    let mut bytes = vec![127];
    length -= 127;
    while length >= 128 {
        bytes.push(u8::try_from(length % 128).unwrap() | 128);
        length /= 128;
    }
    bytes.push(u8::try_from(length).unwrap());
    bytes
}

/// `:method`, `:scheme http`, `:path`, `:authority`.
pub(crate) fn pseudo(method: &str, path: &str) -> Vec<u8> {
    [
        header(b":method", method.as_bytes()),
        vec![0x86],
        header(b":path", path.as_bytes()),
        header(b":authority", b"a"),
    ]
    .concat()
}

/// A whole request on a stream.
pub(crate) fn get(stream: u32, path: &str) -> Vec<u8> {
    frame(
        HEADERS,
        END_STREAM | END_HEADERS,
        stream,
        &pseudo("GET", path),
    )
}

/// The begin of a request with a body.
pub(crate) fn post(stream: u32, path: &str) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, stream, &pseudo("POST", path))
}

/// A frame that came.
#[derive(Debug)]
pub(crate) struct Came {
    pub(crate) kind: u8,
    pub(crate) flags: u8,
    pub(crate) stream: u32,
    pub(crate) payload: Vec<u8>,
}

/// A connection that has said hello.
pub(crate) struct Raw(pub(crate) TcpStream);

impl Raw {
    pub(crate) fn connect(gated: &Gated) -> Self {
        let mut stream = TcpStream::connect(gated.web()).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(PREFACE).unwrap();
        stream.write_all(&frame(SETTINGS, 0, 0, &[])).unwrap();
        Self(stream)
    }

    /// Sends; whether the other side still takes it.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).is_ok()
    }

    /// The next frame; `None`: the other side closed.
    pub(crate) fn next(&mut self) -> Option<Came> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        self.0.read_exact(&mut payload).ok()?;
        Some(Came {
            kind: head[3],
            flags: head[4],
            stream: u32::from_be_bytes([head[5], head[6], head[7], head[8]]),
            payload,
        })
    }

    /// What becomes of a stream: the first byte of its answer's headers (0x88 is 200), `reset`, or
    /// `closed` where the connection ends.
    pub(crate) fn fate(&mut self, stream: u32) -> String {
        while let Some(came) = self.next() {
            match came.kind {
                GOAWAY => return "closed".to_owned(),
                RST_STREAM if came.stream == stream => return "reset".to_owned(),
                HEADERS if came.stream == stream => return status(&came.payload),
                _ => {}
            }
        }
        "closed".to_owned()
    }

    /// Reads a stream's answer, which is 200, to its end; whether a GOAWAY came before that.
    pub(crate) fn is_told_to_go(&mut self, stream: u32) -> bool {
        let mut told = false;
        while let Some(came) = self.next() {
            told |= came.kind == GOAWAY;
            if came.kind == HEADERS && came.stream == stream {
                assert_eq!(status(&came.payload), "200");
            }
            if came.stream == stream && came.flags & END_STREAM != 0 {
                return told;
            }
        }
        panic!("stream {stream} was not answered");
    }

    /// Reads all that comes until the other side closes, aside.
    pub(crate) fn drain(&self) -> std::thread::JoinHandle<()> {
        let mut stream = self.0.try_clone().unwrap();
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while stream.read(&mut buffer).is_ok_and(|count| count > 0) {}
        })
    }
}

/// The status at the begin of an answer's headers, as far as the tables tell it (RFC 7541,
/// appendix A).
fn status(block: &[u8]) -> String {
    let known = ["200", "204", "206", "304", "400", "404", "500"];
    match block.first() {
        Some(index @ 0x88..=0x8e) => known[usize::from(index - 0x88)].to_owned(),
        _ => "other".to_owned(),
    }
}
