//! The normal form of a path (RFC 3986, section 6.2.2).
//!
//! A path that is in normal form already is lent out as it is; any other is written anew, one
//! segment at a time. `%2F` is data, never a separator: it stays encoded to the very end.

use std::borrow::Cow;

use super::Refusal;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// The normal form of a path, for the compiler's literals as for requests.
///
/// Doing it twice changes nothing more.
///
/// # Errors
/// [`Refusal`] as for a request.
pub fn normal_path(path: &str) -> Result<Cow<'_, str>, Refusal> {
    let Some(inside) = path.strip_prefix('/') else {
        return Err(Refusal::Target);
    };
    if is_normal(inside.as_bytes()) {
        Ok(Cow::Borrowed(path))
    } else {
        rewrite(inside).map(Cow::Owned)
    }
}

/// Whether a path (without its first slash) can stay as it is. Says no wherever [`rewrite`] would
/// change or refuse something.
fn is_normal(inside: &[u8]) -> bool {
    let mut rest = inside;
    let mut segment_start = true;
    while let Some((&byte, after)) = rest.split_first() {
        match byte {
            _ if is_plain(byte) => {}
            b'/' if segment_start => return false,
            b'.' if segment_start && starts_with_dots(rest) => return false,
            b'%' => {
                let Some((escape, after)) = after.split_first_chunk::<2>() else {
                    return false;
                };
                if !is_normal_escape(*escape) {
                    return false;
                }
                rest = after;
                segment_start = false;
                continue;
            }
            _ if byte != b'/' && !stays_raw(byte) => return false,
            _ => {}
        }
        segment_start = byte == b'/';
        rest = after;
    }
    true
}

/// The bytes that mean nothing in particular wherever they stand, as nearly all of a path's do.
#[expect(
    clippy::indexing_slicing,
    reason = "made by the compiler, which would refuse an index out of bounds"
)]
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0_u8;
    while byte < u8::MAX {
        plain[byte as usize] = stays_raw(byte) && byte != b'.';
        byte += 1;
    }
    plain
};

fn is_plain(byte: u8) -> bool {
    PLAIN.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Whether what begins here is a `.` or `..` segment, with parameters or without.
fn starts_with_dots(rest: &[u8]) -> bool {
    matches!(
        rest,
        [b'.'] | [b'.', b'/', ..] | [b'.', b'.'] | [b'.', b'.', b'/', ..]
    ) || is_dots_with_parameters(rest)
}

/// Whether a segment (its escapes in normal form) is `.` or `..` with parameters behind. Servers that
/// take the parameters off would then resolve the dots, and so ask for another path than was matched.
fn is_dots_with_parameters(segment: &[u8]) -> bool {
    matches!(
        segment,
        [b'.', b';', ..]
            | [b'.', b'.', b';', ..]
            | [b'.', b'%', b'3', b'B', ..]
            | [b'.', b'.', b'%', b'3', b'B', ..]
    )
}

fn is_normal_escape([high, low]: [u8; 2]) -> bool {
    let upper = |digit: u8| HEX.contains(&digit);
    upper(high)
        && upper(low)
        && unhex(high, low).is_some_and(|byte| !is_unreserved(byte) && !byte.is_ascii_control())
}

/// Writes the normal form of a path given without its first slash.
fn rewrite(inside: &str) -> Result<String, Refusal> {
    let mut out = String::with_capacity(inside.len() + 8);
    let mut ends_with_slash = false;
    for segment in inside.split('/') {
        let start = out.len();
        out.push('/');
        push_segment(&mut out, segment.as_bytes())?;
        let written = out.get(start + 1..).unwrap_or_default();
        ends_with_slash = matches!(written, "" | "." | "..");
        let above = written == "..";
        if is_dots_with_parameters(written.as_bytes()) {
            return Err(Refusal::Dots);
        }
        if ends_with_slash {
            out.truncate(start);
        }
        if above {
            let parent = out.rfind('/').ok_or(Refusal::AboveRoot)?;
            out.truncate(parent);
        }
    }
    if ends_with_slash {
        out.push('/');
    }
    Ok(out)
}

fn push_segment(out: &mut String, segment: &[u8]) -> Result<(), Refusal> {
    let mut rest = segment;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            let (&[high, low], after) = rest.split_first_chunk().ok_or(Refusal::Encoding)?;
            rest = after;
            push_escaped(out, unhex(high, low).ok_or(Refusal::Encoding)?)?;
        } else if stays_raw(byte) {
            out.push(char::from(byte));
        } else if byte.is_ascii_control() || byte == b'?' || byte == b'#' {
            return Err(Refusal::Encoding);
        } else {
            push_escape(out, byte);
        }
    }
    Ok(())
}

/// Writes a byte that was percent-encoded.
fn push_escaped(out: &mut String, byte: u8) -> Result<(), Refusal> {
    if byte.is_ascii_control() {
        return Err(Refusal::Encoding);
    }
    if is_unreserved(byte) {
        out.push(char::from(byte));
    } else {
        push_escape(out, byte);
    }
    Ok(())
}

fn push_escape(out: &mut String, byte: u8) {
    out.push('%');
    for digit in [byte >> 4, byte & 0xF] {
        out.extend(HEX.get(usize::from(digit)).map(|hex| char::from(*hex)));
    }
}

fn unhex(high: u8, low: u8) -> Option<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(value(high)? * 16 + value(low)?).ok()
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// The bytes that a segment holds without an escape: `pchar` of RFC 3986.
const fn stays_raw(byte: u8) -> bool {
    is_unreserved(byte)
        || matches!(
            byte,
            b'!' | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b':'
                | b'@'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn normal(path: &str, expected: &str) {
        assert_eq!(normal_path(path).as_deref(), Ok(expected), "of {path}");
        assert_eq!(
            normal_path(expected).as_deref(),
            Ok(expected),
            "twice, of {path}"
        );
    }

    #[test]
    fn what_is_normal_is_lent() {
        for path in [
            "/",
            "/a",
            "/a/",
            "/a/b.c/...",
            "/a;x=1/@:!$&'()*+,=~",
            "/%2F%5C%20%C3%A9",
        ] {
            assert!(
                matches!(normal_path(path), Ok(Cow::Borrowed(same)) if same == path),
                "{path}"
            );
        }
    }

    #[test]
    fn escapes() {
        normal("/%41%7a%2D%2e%5F%7E", "/Az-._~");
        normal("/a%2fb%5cc", "/a%2Fb%5Cc");
        normal("/a\\b", "/a%5Cb");
        normal("/%c3%a9/é", "/%C3%A9/%C3%A9");
        normal("/a b\"<>^`{|}", "/a%20b%22%3C%3E%5E%60%7B%7C%7D");
        normal("/%252e%252e/", "/%252e%252e/");
        normal("/%21", "/%21");
    }

    #[test]
    fn dots_and_slashes() {
        normal("/a/./b", "/a/b");
        normal("/a/../b", "/b");
        normal("/a/%2E%2e/b", "/b");
        normal("/a/..", "/");
        normal("/a/b/..", "/a/");
        normal("/a/b/.", "/a/b/");
        normal("//", "/");
        normal("//a///b//", "/a/b/");
        normal("/a//../b", "/b");
        normal("/./", "/");
        normal("/a/...", "/a/...");
        normal("/...;x/a.;/;..", "/...;x/a.;/;..");
        normal("/%2e%2e%2fetc", "/..%2Fetc");
    }

    #[test]
    fn refused() {
        for path in ["", "a", "*", "\\a", "%2Fa"] {
            assert_eq!(normal_path(path), Err(Refusal::Target), "{path}");
        }
        for path in [
            "/%", "/%4", "/%zz", "/%00", "/%0a", "/%1F", "/%7f", "/\0", "/a\nb", "/a?b", "/a#b",
            "/%+1",
        ] {
            assert_eq!(normal_path(path), Err(Refusal::Encoding), "{path}");
        }
        for path in [
            "/..",
            "/../a",
            "/a/../..",
            "/a/%2e%2E/../b",
            "//../a",
            "/a//../../b",
        ] {
            assert_eq!(normal_path(path), Err(Refusal::AboveRoot), "{path}");
        }
    }

    #[test]
    fn dots_with_parameters_are_refused() {
        for path in [
            "/..;/a",
            "/.;x",
            "/a/..;x/b",
            "/a/%2e.%3bx",
            "/.%3B",
            "/a/..%3b/%2e%2e/y",
            "/a/.;/",
        ] {
            assert_eq!(normal_path(path), Err(Refusal::Dots), "{path}");
        }
    }

    proptest! {
        #[test]
        fn twice_is_once(path in r"/([a-c./\\é]|%2[eEfF]|%5[cC]|%3[bB]|%[0-9a-fA-F]{2}|;x|//|\.\.)*") {
            if let Ok(once) = normal_path(&path) {
                let twice = normal_path(&once);
                prop_assert_eq!(twice.as_deref(), Ok(&*once));
                prop_assert!(matches!(normal_path(&once), Ok(Cow::Borrowed(_))));
                prop_assert!(once.is_ascii() && once.starts_with('/') && !once.contains("//"));
                prop_assert!(once.split('/').all(|segment| segment != "." && segment != ".."));
                prop_assert!(once.split('/').all(|segment| !is_dots_with_parameters(segment.as_bytes())));
            }
        }

        #[test]
        fn any_text_is_answered(path in ".*") {
            let _ = normal_path(&path);
        }
    }
}
