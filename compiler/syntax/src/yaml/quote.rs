//! When text needs quotes, and how it is written in them.

use super::scalar;

/// The first words of a text, for a message.
pub(super) fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    let line = text.lines().next().unwrap_or("");
    let mut short: String = line.chars().take(LONGEST).collect();
    if short.len() < text.trim_end().len() {
        short.push('…');
    }
    short
}

/// A text on one line: plain where every reader, of YAML 1.1 or 1.2, takes it for that same text,
/// else in double quotes.
pub(super) fn inline(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else if reads_better_in_single_quotes(text) {
        format!("'{text}'")
    } else {
        double_quoted(text)
    }
}

/// JSON, mostly: full of what double quotes would have to escape.
fn reads_better_in_single_quotes(text: &str) -> bool {
    text.contains(['"', '\\'])
        && !text.contains('\'')
        && text
            .chars()
            .all(|letter| is_printable(letter) && !matches!(letter, '\t' | '\n'))
}

/// Whether a text can stand bare in a list on one line.
pub(super) fn is_word(text: &str) -> bool {
    is_plain(text)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_./$".contains(&byte))
}

fn is_plain(text: &str) -> bool {
    starts_plain(text)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text
            .chars()
            .all(|letter| is_printable(letter) && !matches!(letter, '\t' | '\n'))
        && !is_word_of_some_version(text)
        && !looks_like_a_number(text)
}

fn starts_plain(text: &str) -> bool {
    !text.starts_with("...")
        && text.chars().next().is_some_and(|first| {
            first.is_alphanumeric()
                || matches!(first, '/' | '_' | '.' | '$' | '(' | '^' | '+' | '\\')
        })
}

/// Words that are not text to some reader.
fn is_word_of_some_version(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null"
    ) || matches!(lower.trim_start_matches('+'), ".inf" | ".nan")
}

/// Numbers, times, dates and what else starts with a digit and has nothing but their characters.
fn looks_like_a_number(text: &str) -> bool {
    let numeric = |byte: u8| {
        byte.is_ascii_hexdigit()
            || matches!(
                byte,
                b'_' | b'.' | b':' | b'+' | b'-' | b'x' | b'o' | b'T' | b't' | b'Z' | b'z' | b' '
            )
    };
    let starts =
        text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '.'));
    (starts && text.bytes().all(numeric)) || scalar::number(text).is_some()
}

/// Whether YAML lets a character stand unescaped.
fn is_printable(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && !matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}')
        || letter > '\u{ffff}'
}

/// A text in double quotes.
pub(super) fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            _ if is_printable(letter) => out.push(letter),
            _ if (letter as u32) < 0x100 => out.push_str(&format!("\\x{:02x}", letter as u32)),
            _ => out.push_str(&format!("\\u{:04x}", letter as u32)),
        }
    }
    out.push('"');
    out
}

/// The header of a block scalar that says a text exactly, if one does.
pub(super) fn block_header(text: &str) -> Option<&'static str> {
    let body = text.trim_end_matches('\n');
    let fits = body.contains('\n') || (text.len() > body.len() && !body.is_empty());
    if !fits || text.starts_with([' ', '\t', '\n', '#', '%', '-', '.']) {
        return None;
    }
    let exact = |line: &str| !line.ends_with([' ', '\t']) && line.chars().all(is_printable);
    if !body.split('\n').all(exact) {
        return None;
    }
    Some(match text.len() - body.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    })
}

/// A comment's words as one line that YAML can hold.
pub(super) fn comment(words: &str) -> String {
    let clean = |letter: char| {
        if is_printable(letter) && letter != '\n' {
            letter
        } else {
            ' '
        }
    };
    let words: String = words.chars().map(clean).collect();
    match words.trim_end() {
        "" => "#".to_owned(),
        words => format!("# {words}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_where_no_reader_can_err() {
        for text in [
            "shop",
            "5s",
            "100/min",
            "64KiB",
            "/orders/{id}",
            "a:b",
            "http://x:1/",
            "GET",
            "x#y",
            "é",
        ] {
            assert_eq!(inline(text), text);
        }
    }

    #[test]
    fn quoted_where_one_could() {
        for text in [
            "",
            "yes",
            "No",
            "ON",
            "y",
            "null",
            "True",
            "1",
            "010",
            "1_000",
            "1:30",
            "2001-12-14",
            "0x1F",
            ".5",
            "1e3",
            "- a",
            "a: b",
            "a #b",
            "a:",
            " a",
            "a ",
            "*a",
            "&a",
            "!a",
            "@a",
            "`a",
            "%a",
            "{a}",
            "[a]",
            "#a",
            "<<",
            "=",
            "~",
            "?",
            "127.0.0.1:8080",
            ".inf",
            "---",
            "...",
            "a\tb",
            "\u{feff}",
            "\u{85}",
        ] {
            assert_eq!(inline(text), double_quoted(text), "{text:?}");
        }
    }

    #[test]
    fn block_headers() {
        assert_eq!(block_header("a\nb"), Some("|-"));
        assert_eq!(block_header("a\nb\n"), Some("|"));
        assert_eq!(block_header("a\n\n"), Some("|+"));
        assert_eq!(block_header("a"), None);
        assert_eq!(block_header("\n"), None);
        assert_eq!(block_header(" a\nb"), None);
        assert_eq!(block_header("a \nb"), None);
        assert_eq!(block_header("a\rb\n"), None);
    }
}
