//! The normal form of paths and hosts: done twice it is the same as once, and it is what an obvious
//! reading of RFC 3986 gives.

use gated_engine::request::{Request, decode_segment, normal_host, normal_path, query_pairs};
use http::{HeaderMap, HeaderValue, Method, Uri, Version, header};

/// Reads the data as a path, as a host and as a request target.
///
/// # Panics
/// Where a normal form is not one.
pub fn path(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let normal = normal_path(&text).ok();
    assert_eq!(normal.as_deref(), naive(&text).as_deref(), "{text:?}");
    if let Some(normal) = normal {
        is_normal(&normal);
    }
    if let Ok(host) = normal_host(&text) {
        assert_eq!(normal_host(&host).as_deref(), Ok(&*host), "{text:?}");
        assert!(
            !host
                .bytes()
                .any(|byte| byte.is_ascii_uppercase() || byte == b'@')
        );
    }
    query_pairs(&text).for_each(drop);
    request(data);
}

fn is_normal(path: &str) {
    assert_eq!(normal_path(path).as_deref(), Ok(path));
    assert!(
        path.is_ascii() && path.starts_with('/') && !path.contains("//"),
        "{path}"
    );
    assert!(
        path.split('/')
            .all(|segment| segment != "." && segment != ".."),
        "{path}"
    );
    assert!(
        !decode_segment(path).contains(|letter: char| letter.is_ascii_control()),
        "{path}"
    );
}

/// A whole request with the data as its target, and as its host.
fn request(data: &[u8]) {
    let Ok(uri) = Uri::try_from(data) else { return };
    let mut headers = HeaderMap::new();
    if let Ok(host) = HeaderValue::from_bytes(data) {
        headers.insert(header::HOST, host);
    }
    for version in [Version::HTTP_11, Version::HTTP_2] {
        for method in [Method::GET, Method::OPTIONS] {
            let request = Request::normalise(&method, &uri, version, &headers, "http");
            if let Ok(request) = request
                && request.path != "*"
            {
                is_normal(&request.path);
            }
        }
    }
}

/// Each step of the normal form done on its own, for the whole path, one after another.
fn naive(path: &str) -> Option<String> {
    let escaped = path.strip_prefix('/')?;
    let decoded: Option<Vec<String>> = escaped.split('/').map(segment).collect();
    let mut decoded = decoded?;
    // Some servers take the parameters off and then resolve the dots.
    if decoded.iter().any(|segment| dots_with_parameters(segment)) {
        return None;
    }
    let last = decoded.last()?.clone();
    decoded.retain(|segment| !segment.is_empty() && segment != ".");
    let mut kept: Vec<String> = Vec::new();
    for segment in decoded {
        if segment == ".." {
            kept.pop()?;
        } else {
            kept.push(segment);
        }
    }
    let mut out: String = kept.iter().map(|segment| format!("/{segment}")).collect();
    if ["", ".", ".."].contains(&last.as_str()) {
        out.push('/');
    }
    Some(out)
}

fn dots_with_parameters(segment: &str) -> bool {
    let behind = segment.trim_start_matches('.');
    let dots = segment.len() - behind.len();
    (dots == 1 || dots == 2) && (behind.starts_with(';') || behind.starts_with("%3B"))
}

fn segment(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = String::new();
    while let Some(byte) = bytes.next() {
        let escaped = byte == b'%';
        let byte = if escaped {
            let digits = [bytes.next()?, bytes.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            hex.then(|| u8::from_str_radix(digits, 16).ok()).flatten()?
        } else {
            byte
        };
        let letter = char::from(byte);
        let unreserved = letter.is_ascii_alphanumeric() || "-._~".contains(letter);
        match letter {
            _ if byte < 0x20 || byte == 0x7F => return None,
            '?' | '#' if !escaped => return None,
            _ if unreserved => out.push(letter),
            _ if !escaped && "!$&'()*+,;=:@".contains(letter) => out.push(letter),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(out)
}
