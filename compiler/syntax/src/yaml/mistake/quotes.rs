//! Quotes that are not closed, and what stands between them.

use std::ops::Range;

use granit_parser::ErrorKind;

use super::super::indent::line_at;
use super::super::{quote, rules};
use super::{Case, Mistake, error};

impl Case<'_> {
    /// The first quote after what was understood.
    pub(super) fn opening_quote(&self) -> usize {
        let at = self.failure.at;
        if matches!(self.text.as_bytes().get(at), Some(b'"' | b'\'')) && self.failure.last_end <= at
        {
            let unclosed = matches!(self.failure.kind, ErrorKind::UnclosedQuotedScalar);
            if unclosed {
                return at;
            }
        }
        let from = self.failure.last_end.min(at);
        let between = self.text.get(from..at).unwrap_or("");
        between.find(['"', '\'']).map_or(at, |found| from + found)
    }

    pub(super) fn quotes(&self) -> Mistake {
        let at = self.failure.at;
        let open = self.opening_quote();
        let trails = matches!(
            self.failure.kind,
            ErrorKind::InvalidTrailingSingleQuotedScalar
                | ErrorKind::InvalidTrailingDoubleQuotedScalar
        );
        if trails && line_at(self.text, open) == line_at(self.text, at) {
            let end = line_at(self.text, at).end;
            let rest = quote::shorten(self.text.get(at..end).unwrap_or("").trim());
            let finding = error(
                rules::needs_quotes::RULE.code,
                self.span(at..end),
                format!("`{rest}` stands after the closing quote; expected the end of the value"),
            )
            .help("put the whole value in quotes, or escape the inner quote");
            return self.blank(finding, at);
        }
        let mark = self.text.get(open..=open).unwrap_or("\"");
        let line = line_at(self.text, open);
        let finding = error(
            rules::unclosed_quote::RULE.code,
            self.span(open..line.end),
            format!("the text that starts with this `{mark}` has no closing `{mark}`"),
        )
        .label("opened here")
        .help(format!(
            "write `{mark}` at its end; text over several lines is written with `|`"
        ));
        self.blank(finding, self.outermost().unwrap_or(open))
    }

    pub(super) fn escape(&self) -> Mistake {
        let from = self.failure.at;
        let place = bad_escape(self.text.get(from..).unwrap_or(""))
            .map_or(from..from + 1, |found| from + found.start..from + found.end);
        let at = place.start;
        let span = self.span(place);
        let written = quote::shorten(self.text.get(span.range()).unwrap_or(""));
        let finding = error(
            rules::bad_escape::RULE.code,
            span,
            format!("`{written}` is not an escape; between double quotes `\\` starts one"),
        )
        .help("write `\\\\` for a backslash, or use single quotes, where it stands for itself");
        self.blank(finding, self.outermost().unwrap_or(at))
    }
}

/// The first escape in a double-quoted text that means nothing.
fn bad_escape(quoted: &str) -> Option<Range<usize>> {
    let mut letters = quoted.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return None,
            '\\' => {
                let (next, escape) = letters.next()?;
                let digits = match escape {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    c if "0abt\tnvfre \"/\\N_LP\n\r".contains(c) => continue,
                    c => return Some(at..next + c.len_utf8()),
                };
                let code = quoted.get(next + 1..next + 1 + digits).unwrap_or("");
                let scalar = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
                if scalar.is_none() {
                    let hex = quoted.get(next + 1..).unwrap_or("");
                    let len = hex
                        .bytes()
                        .take(digits)
                        .take_while(u8::is_ascii_hexdigit)
                        .count();
                    return Some(at..next + 1 + len);
                }
            }
            _ => {}
        }
    }
    None
}
