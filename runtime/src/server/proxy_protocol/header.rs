//! The header itself: a line of text (version 1) or a few bytes (version 2), as the specification at
//! haproxy.org has them. Anything that is not exactly one of the two is refused.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The longest line of version 1, with its end.
const LONGEST_LINE: usize = 107;

/// The longest header of version 2 that is taken: addresses, and some room for what may come behind.
const LONGEST: usize = 2048;

/// Room for any header.
pub(super) const ROOM: usize = LONGEST;

const LINE: &[u8] = b"PROXY ";
const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// What stands at the begin of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// A header of so many bytes, and the client it names; `None`: the proxy speaks for itself, or
    /// does not know.
    Header(usize, Option<IpAddr>),
    /// The begin of a header, or what may be one.
    Half,
    /// Something else.
    Else,
}

/// It begins like a header and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// Looks at the first bytes of a connection.
pub(super) fn read(bytes: &[u8]) -> Result<Begin, Malformed> {
    if bytes.starts_with(SIGNATURE) {
        binary(bytes)
    } else if bytes.starts_with(LINE) {
        line(bytes)
    } else if SIGNATURE.starts_with(bytes) || LINE.starts_with(bytes) {
        Ok(Begin::Half)
    } else {
        Ok(Begin::Else)
    }
}

/// Version 1.
fn line(bytes: &[u8]) -> Result<Begin, Malformed> {
    let within = bytes.get(..LONGEST_LINE).unwrap_or(bytes);
    let Some(feed) = memchr::memchr(b'\n', within) else {
        return match bytes.len() {
            ..LONGEST_LINE => Ok(Begin::Half),
            _ => Err(Malformed),
        };
    };
    let text = bytes
        .get(LINE.len()..feed)
        .and_then(|text| text.strip_suffix(b"\r"))
        .and_then(|text| std::str::from_utf8(text).ok())
        .ok_or(Malformed)?;
    Ok(Begin::Header(feed + 1, source(text)?))
}

fn source(text: &str) -> Result<Option<IpAddr>, Malformed> {
    let words: Vec<&str> = text.split(' ').collect();
    let (source, destination, ports) = match words[..] {
        ["UNKNOWN", ..] => return Ok(None),
        ["TCP4", source, destination, from, to] => {
            let address = |text: &str| text.parse::<Ipv4Addr>().map(IpAddr::V4);
            (address(source), address(destination), [from, to])
        }
        ["TCP6", source, destination, from, to] => {
            let address = |text: &str| text.parse::<Ipv6Addr>().map(IpAddr::V6);
            (address(source), address(destination), [from, to])
        }
        _ => return Err(Malformed),
    };
    match (source, destination) {
        (Ok(source), Ok(_)) if ports.into_iter().all(is_port) => Ok(Some(source.to_canonical())),
        _ => Err(Malformed),
    }
}

/// A number up to 65535 without zeros before it.
fn is_port(text: &str) -> bool {
    text.parse::<u16>()
        .is_ok_and(|port| port.to_string() == text)
}

/// Version 2.
fn binary(bytes: &[u8]) -> Result<Begin, Malformed> {
    let Some(&[command, family, high, low]) = bytes
        .get(SIGNATURE.len()..)
        .and_then(|rest| rest.first_chunk())
    else {
        return Ok(Begin::Half);
    };
    let begin = SIGNATURE.len() + 4;
    let end = begin + usize::from(u16::from_be_bytes([high, low]));
    if !matches!(command, 0x20 | 0x21) || end > LONGEST {
        return Err(Malformed);
    }
    let Some(rest) = bytes.get(begin..end) else {
        return Ok(Begin::Half);
    };
    let client = match (command, family) {
        // The proxy itself: it looks whether somebody is there.
        (0x20, _) => None,
        (_, 0x11 | 0x12) => Some(IpAddr::from(address::<4>(rest, 12)?)),
        (_, 0x21 | 0x22) => Some(IpAddr::from(address::<16>(rest, 36)?)),
        // Unknown, or a socket of the proxy's own machine.
        (_, 0x00 | 0x31 | 0x32) => None,
        _ => return Err(Malformed),
    };
    Ok(Begin::Header(
        end,
        client.map(|client| client.to_canonical()),
    ))
}

/// The source's address, which comes first of both addresses and both ports.
fn address<const BYTES: usize>(rest: &[u8], least: usize) -> Result<[u8; BYTES], Malformed> {
    if rest.len() < least {
        return Err(Malformed);
    }
    rest.first_chunk().copied().ok_or(Malformed)
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, SocketAddr};

    use proptest::prelude::*;

    use super::{Begin, Malformed, SIGNATURE, read};

    fn version1(client: SocketAddr, server: SocketAddr) -> Vec<u8> {
        let family = if client.is_ipv4() { "TCP4" } else { "TCP6" };
        let (from, to) = (client.port(), server.port());
        format!(
            "PROXY {family} {} {} {from} {to}\r\n",
            client.ip(),
            server.ip()
        )
        .into_bytes()
    }

    fn version2(client: SocketAddr, server: SocketAddr, more: &[u8]) -> Vec<u8> {
        let octets = |address: SocketAddr| match address.ip() {
            IpAddr::V4(ip) => ip.octets().to_vec(),
            IpAddr::V6(ip) => ip.octets().to_vec(),
        };
        let mut rest = [octets(client), octets(server)].concat();
        rest.extend(client.port().to_be_bytes());
        rest.extend(server.port().to_be_bytes());
        rest.extend(more);
        let family = if client.is_ipv4() { 0x11 } else { 0x21 };
        let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [SIGNATURE, &[0x21, family], &length, &rest].concat()
    }

    #[test]
    fn what_is_none_is_refused_or_something_else() {
        for text in [
            "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n",
            "PROXY TCP4 1.2.3.4  5.6.7.8 1 2\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n",
            "PROXY TCP4 1.2.3.256 5.6.7.8 1 2\r\n",
            "PROXY TCP4 01.2.3.4 5.6.7.8 1 2\r\n",
            "PROXY TCP4 ::1 ::1 1 2\r\n",
            "PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 +1 2\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n",
            "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n",
            "PROXY \r\n",
            "PROXY / HTTP/1.1\r\n",
        ] {
            assert_eq!(read(text.as_bytes()), Err(Malformed), "{text:?}");
        }
        assert_eq!(
            read(&[b"PROXY UNKNOWN ", &[b'x'; 200][..]].concat()),
            Err(Malformed)
        );
        for text in ["GET / HTTP/1.1\r\n", "PROX", "\r\n\r\nGET", "PROXYX"] {
            let half = text == "PROX";
            let expected = if half { Begin::Half } else { Begin::Else };
            assert_eq!(read(text.as_bytes()), Ok(expected), "{text:?}");
        }
        let tail = |bytes: &[u8]| read(&[SIGNATURE, bytes].concat());
        assert_eq!(tail(&[0x31, 0x11, 0, 12]), Err(Malformed), "version 3");
        assert_eq!(
            tail(&[0x22, 0x11, 0, 12]),
            Err(Malformed),
            "another command"
        );
        assert_eq!(tail(&[0x21, 0x41, 0, 0]), Err(Malformed), "another family");
        assert_eq!(
            tail(&[0x21, 0x11, 0, 4, 1, 2, 3, 4]),
            Err(Malformed),
            "too short"
        );
        assert_eq!(tail(&[0x21, 0x11, 0xff, 0xff]), Err(Malformed), "too long");
        assert_eq!(tail(&[0x20, 0x00, 0, 0]), Ok(Begin::Header(16, None)));
        assert_eq!(tail(&[0x21, 0x00, 0, 1, 9]), Ok(Begin::Header(17, None)));
        assert_eq!(read(b"PROXY UNKNOWN\r\nGET"), Ok(Begin::Header(15, None)));
        assert_eq!(
            read(b"PROXY TCP6 ::ffff:1.2.3.4 ::1 1 2\r\n"),
            Ok(Begin::Header(35, Some("1.2.3.4".parse().unwrap())))
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_and_every_part_of_it_is_half(
            client: SocketAddr,
            port: u16,
            more in proptest::collection::vec(any::<u8>(), 0..100),
        ) {
            let server = SocketAddr::new(client.ip(), port);
            for header in [version1(client, server), version2(client, server, &more)] {
                let whole = [&header[..], b"GET / HTTP/1.1\r\n"].concat();
                let expected = Begin::Header(header.len(), Some(client.ip().to_canonical()));
                prop_assert_eq!(read(&whole), Ok(expected));
                for end in 0..header.len() {
                    prop_assert_eq!(read(&header[..end]), Ok(Begin::Half));
                }
            }
        }

        #[test]
        fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..300), version in 0..3) {
            let begin: &[u8] = [SIGNATURE, b"PROXY ", b""][version as usize];
            if let Ok(Begin::Header(length, _)) = read(&[begin, &bytes].concat()) {
                prop_assert!(length <= begin.len() + bytes.len());
            }
        }
    }
}
