//! The character classes of KDL: spaces, newlines, what may stand in a bare word, and the code points
//! that may not appear at all. ASCII is answered from one table, because nearly all text is ASCII.

/// A newline of KDL other than CR LF, which is two characters and one newline.
pub(super) fn is_newline(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// A space of KDL (`unicode-space` in the grammar).
pub(super) fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t' | ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
    )
}

/// A code point that may not appear literally anywhere in a text (a byte order mark may be first).
pub(super) fn is_disallowed(c: char) -> bool {
    matches!(
        c,
        '\u{0}'..='\u{8}'
            | '\u{E}'..='\u{1F}'
            | '\u{7F}'
            | '\u{200E}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}'
    )
}

/// A character of a bare word. Disallowed code points are let through here: they have been reported
/// by a pass of their own, and cutting the word at them would only report them twice.
pub(super) fn is_word(c: char) -> bool {
    match u8::try_from(c) {
        Ok(byte) if byte < 0x80 => is_word_byte(byte),
        _ => !is_space(c) && !is_newline(c),
    }
}

/// [`is_word`] for ASCII bytes.
pub(super) fn is_word_byte(byte: u8) -> bool {
    WORD.get(usize::from(byte)).copied().unwrap_or(false)
}

static WORD: [bool; 128] = word_table();

const fn word_table() -> [bool; 128] {
    let mut table = [false; 128];
    let mut byte = 0;
    while byte < 128 {
        let c = byte as u8;
        #[expect(
            clippy::indexing_slicing,
            reason = "evaluated at compile time, bounded by the loop"
        )]
        {
            table[byte] = !matches!(
                c,
                b'\t'
                    | b' '
                    | b'\n'
                    | b'\r'
                    | 0x0B
                    | 0x0C
                    | b'\\'
                    | b'/'
                    | b'('
                    | b')'
                    | b'{'
                    | b'}'
            ) && !matches!(c, b'[' | b']' | b';' | b'"' | b'#' | b'=');
        }
        byte += 1;
    }
    table
}

/// The words that KDL keeps free, so that `true` is never taken for a string.
pub(super) fn is_reserved(word: &str) -> bool {
    matches!(word, "true" | "false" | "null" | "inf" | "-inf" | "nan")
}

/// Whether a word starts as a number does: a digit, or a sign or dot (or both) and a digit.
pub(super) fn looks_like_number(word: &str) -> bool {
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    let digits = unsigned.strip_prefix('.').unwrap_or(unsigned);
    digits.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a string can be written as a bare word.
pub(super) fn is_bare(text: &str) -> bool {
    !text.is_empty()
        && !is_reserved(text)
        && !looks_like_number(text)
        && text.chars().all(|c| is_word(c) && !is_disallowed(c))
}

/// The length in bytes of the newline that starts here, CR LF counting as one; 0 if none does.
pub(super) fn newline_len(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => 2,
        Some(b'\n' | b'\r' | 0x0B | 0x0C) => 1,
        Some(0xC2) if bytes.get(at + 1) == Some(&0x85) => 2,
        Some(0xE2)
            if bytes.get(at + 1) == Some(&0x80)
                && matches!(bytes.get(at + 2), Some(0xA8 | 0xA9)) =>
        {
            3
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_words_are_those_of_the_grammar() {
        for word in [
            "a", "-", "--", "+x", ".", ".a", "-.x", "a.b", "r", "héé", "😀", "a,b", "<x>",
        ] {
            assert!(is_bare(word), "{word}");
        }
        for word in [
            "", "1", "-1", ".1", "+.1", "true", "-inf", "a b", "a=b", "a/b", "a\u{7f}", "a#",
        ] {
            assert!(!is_bare(word), "{word}");
        }
    }

    #[test]
    fn newlines_are_measured_in_bytes() {
        for (text, length) in [
            ("\r\n", 2),
            ("\r", 1),
            ("\n", 1),
            ("\u{85}", 2),
            ("\u{2028}", 3),
            ("x", 0),
        ] {
            assert_eq!(newline_len(text.as_bytes(), 0), length, "{text:?}");
        }
        assert_eq!(newline_len(b"", 0), 0);
    }
}
