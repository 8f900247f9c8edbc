//! The words of the templates in a text, each with its place.
//!
//! The compiler reads a template's own text; an editor has the text as it was written, perhaps half
//! typed. Expressions stand in it byte by byte, so they are cut into words here, and whatever cannot be
//! read ends the expression at its line.

use crate::Bytes;

/// What a word of a template is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `{{` or `}}`.
    Brace,
    /// The first name: `path`, `query`, `now`.
    Source,
    /// A name after a dot.
    Member,
    /// A name after `|`.
    Filter,
    /// Text in quotes.
    Text,
    /// A number.
    Number,
    /// `|`
    Pipe,
}

/// A word of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word<'t> {
    pub(crate) kind: Kind,
    pub(crate) text: &'t str,
    pub(crate) at: Bytes,
    /// The source that a member belongs to.
    pub(crate) of: Option<&'t str>,
}

/// The most words that are looked at.
const MOST: usize = 20_000;

/// The words of every expression in a text; offsets count from `base`.
pub(crate) fn words(text: &str, base: usize) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("{{")) {
        let start = at + start;
        let mut reader = Reader {
            text,
            base,
            at: start + 2,
            found: &mut found,
        };
        reader.push(Kind::Brace, start, None);
        reader.expression();
        at = reader.at;
        if found.len() >= MOST {
            break;
        }
    }
    found
}

struct Reader<'t, 'f> {
    text: &'t str,
    base: usize,
    at: usize,
    found: &'f mut Vec<Word<'t>>,
}

impl<'t> Reader<'t, '_> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Adds the word from `start` to here.
    fn push(&mut self, kind: Kind, start: usize, of: Option<&'t str>) {
        self.found.push(Word {
            kind,
            text: self.text.get(start..self.at).unwrap_or(""),
            at: self.base + start..self.base + self.at,
            of,
        });
    }

    fn expression(&mut self) {
        let mut next = Kind::Source;
        let mut source = None;
        while let Some(first) = self.rest().chars().next() {
            let start = self.at;
            match first {
                '}' if self.rest().starts_with("}}") => {
                    self.at += 2;
                    return self.push(Kind::Brace, start, None);
                }
                '\n' | '{' => return,
                '|' => {
                    self.at += 1;
                    self.push(Kind::Pipe, start, None);
                    next = Kind::Filter;
                }
                '.' => {
                    self.at += 1;
                    next = Kind::Member;
                }
                '"' | '\'' => self.quoted(first, start),
                c if c.is_ascii_digit() => {
                    self.at += length(self.rest(), |c| c.is_ascii_digit());
                    self.push(Kind::Number, start, None);
                }
                c if c.is_ascii_alphabetic() || c == '_' => {
                    self.at += length(self.rest(), |c| {
                        c.is_ascii_alphanumeric() || c == '_' || c == '-'
                    });
                    let of = source.filter(|_| next == Kind::Member);
                    self.push(next, start, of);
                    if next == Kind::Source {
                        source = self.text.get(start..self.at);
                    }
                }
                c => self.at += c.len_utf8(),
            }
        }
    }

    /// Text in quotes, perhaps with a `\` before them as in an escaped string.
    fn quoted(&mut self, quote: char, start: usize) {
        self.at += 1;
        let mut characters = self.rest().char_indices();
        let mut end = None;
        while let Some((at, c)) = characters.next() {
            match c {
                '\n' => break,
                '\\' if !self.rest().get(at + 1..).unwrap_or("").starts_with(quote) => {
                    characters.next();
                }
                c if c == quote => {
                    end = Some(at + 1);
                    break;
                }
                _ => {}
            }
        }
        let line = self.rest().find('\n').unwrap_or(self.rest().len());
        self.at += end.unwrap_or(line);
        self.push(Kind::Text, start, None);
    }
}

fn length(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_cut_into_words() {
        let text = r#"a {{ path.id | default("x") }} b {{ now"#;
        let found = words(text, 10);
        let shown: Vec<_> = found.iter().map(|word| (word.kind, word.text)).collect();
        assert_eq!(
            shown,
            [
                (Kind::Brace, "{{"),
                (Kind::Source, "path"),
                (Kind::Member, "id"),
                (Kind::Pipe, "|"),
                (Kind::Filter, "default"),
                (Kind::Text, "\"x\""),
                (Kind::Brace, "}}"),
                (Kind::Brace, "{{"),
                (Kind::Source, "now"),
            ]
        );
        let member = &found[2];
        assert_eq!((member.of, member.at.clone()), (Some("path"), 20..22));
    }

    #[test]
    fn an_open_expression_ends_with_its_line() {
        let found = words("{{ path.\n{{ query.a }}", 0);
        assert_eq!(
            found.iter().filter(|word| word.kind == Kind::Brace).count(),
            3
        );
    }
}
