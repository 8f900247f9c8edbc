//! Header names that a message's reader, and not its writer, may trust: those that frame a message on
//! one connection, those that claim where a request comes from, and those that no trailer may bring.

/// Headers that belong to one connection or frame a message on it (RFC 9110, section 7.6.1). The
/// gateway sets them to match what it sends; no spec and no bundle sets them.
pub const FRAMING: [&str; 8] = [
    "connection",
    "content-length",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Headers with which proxies say where a request comes from, besides all that begin with
/// `x-forwarded-`. From a client they are claims.
const CLAIMS: [&str; 8] = [
    "forwarded",
    "true-client-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-forwarded",
    "x-original-url",
    "x-real-ip",
    "x-rewrite-url",
];

/// Headers that change what a message means, and so come too late in a trailer (RFC 9110, section
/// 6.5.1), besides framing, claims, and all that begin with `content-` or `if-`.
const NOT_IN_TRAILERS: [&str; 22] = [
    "age",
    "authorization",
    "cache-control",
    "cookie",
    "date",
    "expect",
    "expires",
    "host",
    "location",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "retry-after",
    "set-cookie",
    "vary",
    "via",
    "warning",
    "www-authenticate",
    "x-http-method-override",
    "x-request-id",
];

/// Whether a header (in lower case) frames a message. `_` is taken for `-`: servers that hand headers
/// on as variables do not tell them apart.
pub fn is_framing(name: &str) -> bool {
    FRAMING.iter().any(|framing| is_same(name, framing))
}

/// Whether a header (in lower case) claims where a request comes from or what was asked for; `_` is
/// taken for `-`.
pub fn is_claim(name: &str) -> bool {
    const PREFIX: &str = "x-forwarded-";
    let begins = name
        .get(..PREFIX.len())
        .is_some_and(|begin| is_same(begin, PREFIX));
    begins || CLAIMS.iter().any(|claim| is_same(name, claim))
}

/// Whether a header (in lower case) may hold the request id: none that has a meaning of its own.
pub fn may_hold_request_id(name: &str) -> bool {
    name == "x-request-id" || may_trail(name)
}

/// Whether a header (in lower case) may come in a trailer.
pub fn may_trail(name: &str) -> bool {
    let begins = |prefix: &str| {
        name.get(..prefix.len())
            .is_some_and(|begin| is_same(begin, prefix))
    };
    !(is_framing(name)
        || is_claim(name)
        || begins("content-")
        || begins("if-")
        || NOT_IN_TRAILERS.iter().any(|known| is_same(name, known)))
}

fn is_same(name: &str, known: &str) -> bool {
    name.len() == known.len()
        && name
            .bytes()
            .zip(known.bytes())
            .all(|(byte, known)| byte == known || (byte == b'_' && known == b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        for name in [
            "x-forwarded-for",
            "x_forwarded_for",
            "x-forwarded_proto",
            "x_real_ip",
            "x-original-url",
        ] {
            assert!(is_claim(name) && !may_trail(name), "{name}");
        }
        for name in ["transfer_encoding", "te", "content-length"] {
            assert!(is_framing(name) && !may_trail(name), "{name}");
        }
        for name in [
            "content-type",
            "authorization",
            "host",
            "cookie",
            "if-match",
            "x_request_id",
        ] {
            assert!(!may_trail(name) && !is_framing(name), "{name}");
        }
        for name in [
            "x-sum",
            "x-forward",
            "tee",
            "server-timing",
            "x-forwarded\u{e9}",
        ] {
            assert!(
                may_trail(name) && !is_claim(name) && !is_framing(name),
                "{name}"
            );
        }
    }
}
