//! The normal form of a host: what the matcher compares.
//!
//! Which of several places names the host is a matter of security: two readers that choose
//! differently can be played against each other. So whatever is doubled or disagrees is refused.

use std::borrow::Cow;
use std::net::Ipv6Addr;

use http::{HeaderMap, Uri, Version, header};

use super::Refusal;

/// The longest name that DNS knows, in bytes.
const LONGEST: usize = 253;

/// The host of a request, and the authority it was read from.
pub(super) fn host<'a>(
    uri: &'a Uri,
    version: Version,
    headers: &'a HeaderMap,
    scheme: &str,
) -> Result<(Cow<'a, str>, &'a str), Refusal> {
    let authority = uri.authority().map(http::uri::Authority::as_str);
    let header = host_header(headers)?;
    if header.is_none() && version == Version::HTTP_11 {
        return Err(Refusal::Host);
    }
    // A broken `Host` is refused even where the target's authority wins over it (RFC 9112, 3.2).
    let named = header.map(split).transpose()?;
    let Some(authority) = authority else {
        let host = named.map_or(Cow::Borrowed(""), |(host, _)| host);
        return Ok((host, header.unwrap_or_default()));
    };
    let (host, port) = split(authority)?;
    if host.is_empty() {
        return Err(Refusal::Host);
    }
    if version >= Version::HTTP_2
        && let Some((other, other_port)) = named
        && (other != host || or_default(other_port, scheme) != or_default(port, scheme))
    {
        return Err(Refusal::Host);
    }
    Ok((host, authority))
}

fn host_header(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut lines = headers.get_all(header::HOST).iter();
    match (lines.next(), lines.next()) {
        (None, _) => Ok(None),
        (Some(line), None) => line.to_str().map(Some).map_err(|_| Refusal::Host),
        (Some(_), Some(_)) => Err(Refusal::Host),
    }
}

fn or_default(port: Option<u16>, scheme: &str) -> u16 {
    port.unwrap_or(if scheme == "https" { 443 } else { 80 })
}

/// The normal form of a host that may have a port: lower case, without the port and without a dot at
/// the end; an IPv6 address in brackets and in its canonical form (RFC 5952).
///
/// # Errors
/// [`Refusal::Host`] for what is no host.
pub fn normal_host(authority: &str) -> Result<Cow<'_, str>, Refusal> {
    split(authority).map(|(host, _)| host)
}

/// Splits an authority into the host's normal form and the port.
fn split(authority: &str) -> Result<(Cow<'_, str>, Option<u16>), Refusal> {
    if let Some(inside) = authority.strip_prefix('[') {
        let (address, port) = inside.split_once(']').ok_or(Refusal::Host)?;
        return Ok((ipv6(address, authority)?, port_after(port)?));
    }
    let end = memchr::memchr(b':', authority.as_bytes()).unwrap_or(authority.len());
    let (name, port) = authority.split_at_checked(end).ok_or(Refusal::Host)?;
    Ok((normal_name(name)?, port_after(port)?))
}

/// The port in `:8080`; nothing, or a colon alone, is none.
fn port_after(text: &str) -> Result<Option<u16>, Refusal> {
    let digits = match text.strip_prefix(':') {
        None if text.is_empty() => return Ok(None),
        None => return Err(Refusal::Host),
        Some("") => return Ok(None),
        Some(digits) => digits,
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::Host);
    }
    digits.parse().map(Some).map_err(|_| Refusal::Host)
}

fn ipv6<'a>(address: &str, authority: &'a str) -> Result<Cow<'a, str>, Refusal> {
    let parsed: Ipv6Addr = address.parse().map_err(|_| Refusal::Host)?;
    let normal = format!("[{parsed}]");
    match authority.get(..normal.len()) {
        Some(same) if same == normal => Ok(Cow::Borrowed(same)),
        _ => Ok(Cow::Owned(normal)),
    }
}

/// What a byte is in a name, as bits: [`NONE`] is what no name holds.
#[expect(
    clippy::indexing_slicing,
    reason = "made by the compiler, which would refuse an index out of bounds"
)]
const KINDS: [u8; 256] = {
    let mut kinds = [NONE; 256];
    let mut byte = 0_u8;
    while byte < u8::MAX {
        kinds[byte as usize] = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => 0,
            b'A'..=b'Z' => CAPITAL,
            b'.' => DOT,
            _ => NONE,
        };
        byte += 1;
    }
    kinds
};
const CAPITAL: u8 = 1;
const DOT: u8 = 2;
const NONE: u8 = DOT << 1;

fn kind(byte: u8) -> u8 {
    KINDS.get(usize::from(byte)).copied().unwrap_or(NONE)
}

fn normal_name(name: &str) -> Result<Cow<'_, str>, Refusal> {
    if name.is_empty() {
        return Ok(Cow::Borrowed(""));
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    let mut before = DOT;
    let mut all = 0;
    for byte in name.bytes() {
        let kind = kind(byte);
        // A dot behind a dot.
        all |= kind | (kind & before & DOT) << 1;
        before = kind;
    }
    if before == DOT || all & NONE != 0 || name.len() > LONGEST {
        return Err(Refusal::Host);
    }
    Ok(if all & CAPITAL != 0 {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_hosts() {
        for (written, expected) in [
            ("shop.example", "shop.example"),
            ("Shop.EXAMPLE:8080", "shop.example"),
            ("shop.example.", "shop.example"),
            ("shop.example.:80", "shop.example"),
            ("shop.example:", "shop.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("_dmarc.a-b.example", "_dmarc.a-b.example"),
            ("127.0.0.1:8080", "127.0.0.1"),
            ("[::1]", "[::1]"),
            ("[2001:DB8:0:0::1]:443", "[2001:db8::1]"),
            ("", ""),
        ] {
            assert_eq!(normal_host(written).as_deref(), Ok(expected), "{written}");
        }
    }

    #[test]
    fn no_hosts() {
        for written in [
            "user@shop.example",
            "shop example",
            "shop..example",
            ".example",
            ".",
            "a..",
            "bücher.example",
            "shop.example:80a",
            "shop.example:-1",
            "shop.example:99999",
            "[::1",
            "[::1]x",
            "[fe80::1%25eth0]",
            "a/b",
            "a,b",
            "a%2eb",
            "[1.2.3.4]",
            "::1",
            "a:1:2",
            "shop.example:+1",
        ] {
            assert_eq!(normal_host(written), Err(Refusal::Host), "{written}");
        }
        assert_eq!(normal_host(&"a".repeat(254)), Err(Refusal::Host));
    }
}
