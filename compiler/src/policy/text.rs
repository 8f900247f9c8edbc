//! Cedar text: where it was written, its words, and where each policy in it begins and ends.
//!
//! A `;` ends a policy wherever it stands outside of a string or comment, so what is wrong in one policy
//! never reaches the next.

use std::ops::Range;
use std::sync::Arc;

use gatec_syntax::{Sources, Span};

/// A text of policies, and where it was written.
#[derive(Debug, Clone)]
pub struct PolicyText {
    /// The text.
    pub text: Arc<str>,
    /// Where it was written: a whole file, or a value in a spec.
    pub span: Span,
    /// For a value in a spec, where each line of it begins in its source; empty for a file.
    lines: Vec<(usize, usize)>,
}

impl PolicyText {
    /// A file of policies.
    pub fn file(text: Arc<str>, span: Span) -> Self {
        Self {
            text,
            span,
            lines: Vec::new(),
        }
    }

    /// A value in a spec. Its lines are found again in what was written, indented or escaped as it may be.
    pub fn value(text: &str, span: Span, sources: &Sources) -> Self {
        let written = sources.slice(span);
        let mut lines = vec![];
        let (mut at, mut from) = (0, 0);
        for line in text.split_inclusive('\n') {
            let bare = line.trim_end_matches(['\n', '\r']);
            if let Some(offset) = written.get(from..).and_then(|rest| rest.find(bare)) {
                lines.push((at, span.start as usize + from + offset));
                from += offset + bare.len();
            }
            at += line.len();
        }
        Self {
            text: text.into(),
            span,
            lines,
        }
    }

    /// Where a range of the text stands in its source; the whole where that is not known.
    pub fn span(&self, range: Range<usize>) -> Span {
        if self.lines.is_empty() {
            let start = self.span.start as usize;
            return Span::new(self.span.source, start + range.start, start + range.end);
        }
        let line = self.lines.partition_point(|(at, _)| *at <= range.start);
        match line.checked_sub(1).and_then(|line| self.lines.get(line)) {
            Some((at, source)) => {
                let start = source + (range.start - at);
                let end = (start + range.len()).min(self.span.end as usize);
                Span::new(self.span.source, start, end)
            }
            None => self.span,
        }
    }
}

impl PolicyText {
    /// Where a byte of the source stands in the text, as far as it is within it.
    pub fn offset(&self, source: usize) -> Option<usize> {
        let (start, end) = (self.span.start as usize, self.span.end as usize);
        if !(start..=end).contains(&source) {
            return None;
        }
        if self.lines.is_empty() {
            return Some(source - start);
        }
        let line = self.lines.partition_point(|(_, at)| *at <= source);
        let (at, from) = self.lines.get(line.checked_sub(1)?)?;
        let rest = self.text.get(*at..)?;
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        Some(at + (source - from).min(length))
    }
}

/// What a word of Cedar text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A name, a keyword or a number.
    Word,
    /// A text in quotes.
    String,
    /// Anything else: brackets, operators.
    Sign,
    /// `// …`
    Comment,
}

/// A word of Cedar text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub range: Range<usize>,
}

/// The words of a text, in order. Never fails: a string without an end goes to the end of the text.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if first.is_whitespace() {
            continue;
        }
        let mut end = start + first.len_utf8();
        let kind = if first == '/' && rest.peek().is_some_and(|(_, next)| *next == '/') {
            while let Some((at, next)) = rest.next_if(|(_, next)| *next != '\n') {
                end = at + next.len_utf8();
            }
            TokenKind::Comment
        } else if first == '"' {
            let mut escaped = false;
            for (at, next) in rest.by_ref() {
                end = at + next.len_utf8();
                match next {
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '"' => break,
                    _ => {}
                }
            }
            TokenKind::String
        } else if is_word(first) {
            while let Some((at, next)) = rest.next_if(|(_, next)| is_word(*next)) {
                end = at + next.len_utf8();
            }
            TokenKind::Word
        } else {
            if first == ':' && rest.next_if(|(_, next)| *next == ':').is_some() {
                end += 1;
            }
            TokenKind::Sign
        };
        tokens.push(Token {
            kind,
            range: start..end,
        });
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A policy in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// From its first annotation or keyword to its `;`.
    pub range: Range<usize>,
    /// `permit` or `forbid`, up to the end of the brackets behind it.
    pub head: Range<usize>,
    /// Each `when` and `unless` with its braces.
    pub clauses: Vec<Range<usize>>,
    /// The text of `@id`, as written in its quotes, and where.
    pub id: Option<(String, Range<usize>)>,
}

/// The policies of a text.
pub fn pieces(text: &str) -> Vec<Piece> {
    let words: Vec<Token> = tokens(text)
        .into_iter()
        .filter(|token| token.kind != TokenKind::Comment)
        .collect();
    words
        .split_inclusive(|token| text.get(token.range.clone()) == Some(";"))
        .filter_map(|words| piece(text, words))
        .collect()
}

fn piece(text: &str, words: &[Token]) -> Option<Piece> {
    let word = |token: &Token| text.get(token.range.clone()).unwrap_or_default();
    let (first, last) = (words.first()?, words.last()?);
    let range = first.range.start..last.range.end;
    let mut piece = Piece {
        head: first.range.clone(),
        range,
        clauses: Vec::new(),
        id: None,
    };
    let mut depth = 0_usize;
    let mut headed = false;
    for (at, token) in words.iter().enumerate() {
        match (word(token), depth) {
            ("permit" | "forbid", 0) if !headed => {
                piece.head = token.range.clone();
                headed = true;
            }
            ("when" | "unless", 0) => piece.clauses.push(token.range.clone()),
            ("id", 0) if at > 0 && words.get(at - 1).is_some_and(|before| word(before) == "@") => {
                piece.id = words
                    .get(at + 2)
                    .filter(|value| value.kind == TokenKind::String)
                    .map(|value| {
                        (
                            word(value).trim_matches('"').to_owned(),
                            value.range.clone(),
                        )
                    });
            }
            ("(" | "{" | "[", _) => depth += 1,
            (closing @ (")" | "}" | "]"), _) => {
                depth = depth.saturating_sub(1);
                let open = match closing {
                    ")" if headed && piece.clauses.is_empty() => Some(&mut piece.head),
                    "}" => piece.clauses.last_mut(),
                    _ => None,
                };
                if let (Some(open), 0) = (open, depth) {
                    open.end = token.range.end;
                }
            }
            _ => {}
        }
    }
    Some(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_found_whatever_is_wrong_in_them() {
        let text = r#"// who may read
@id("readers")
permit (principal, action == Action::"a;b", resource) when { principal.x == "}" } unless { false };
permit (principal, oops ;
forbid (principal, action, resource);
permit"#;
        let shown: Vec<_> = pieces(text)
            .into_iter()
            .map(|piece| {
                let at = |range: Range<usize>| text[range].to_owned();
                (
                    piece.id.map(|(id, _)| id),
                    at(piece.head),
                    piece.clauses.into_iter().map(at).collect::<Vec<_>>(),
                )
            })
            .collect();
        insta::assert_debug_snapshot!(shown, @r###"
        [
            (
                Some(
                    "readers",
                ),
                "permit (principal, action == Action::\"a;b\", resource)",
                [
                    "when { principal.x == \"}\" }",
                    "unless { false }",
                ],
            ),
            (
                None,
                "permit",
                [],
            ),
            (
                None,
                "forbid (principal, action, resource)",
                [],
            ),
            (
                None,
                "permit",
                [],
            ),
        ]
        "###);
    }

    #[test]
    fn an_indented_value_keeps_its_places() {
        let mut sources = Sources::new();
        let spec = "policies {\n    cedar #\"\"\"\n        permit (\n          principal\n        \"\"\"#\n}";
        let source = sources.add("gate.kdl".to_owned(), spec);
        let start = spec.find('#').unwrap();
        let span = Span::new(source, start, spec.len() - 2);
        let text = PolicyText::value("permit (\n  principal", span, &sources);
        let at = text.text.find("principal").unwrap();
        assert_eq!(sources.slice(text.span(at..at + 9)), "principal");
        let in_source = spec.find("principal").unwrap();
        assert_eq!(text.offset(in_source + 4), Some(at + 4));
        assert_eq!(text.offset(0), None);
    }
}
