//! What each word of a Cedar text is, for colours.

use gatec_compiler::policy::text::TokenKind;

use super::words::{Word, words};
use crate::token::{Kind, Token};

/// The words of a text that have a colour, in order; none goes over a line's end.
pub fn tokens(text: &str) -> Vec<Token> {
    let words = words(text);
    let kinds = (0..words.len()).filter_map(|at| {
        let word = words.get(at)?;
        let within_line = !word.text.contains('\n');
        within_line.then_some(Token {
            at: word.at.clone(),
            kind: kind(&words, at)?,
            declares: false,
        })
    });
    kinds.take(crate::token::MOST).collect()
}

fn kind(words: &[Word<'_>], at: usize) -> Option<Kind> {
    let word = words.get(at)?;
    let text = |at: Option<usize>| {
        let word = at.and_then(|at| words.get(at));
        word.map_or("", |word| word.text)
    };
    let (before, next) = (text(at.checked_sub(1)), text(Some(at + 1)));
    Some(match word.kind {
        TokenKind::String if before == "::" => Kind::Choice,
        TokenKind::String => Kind::Text,
        TokenKind::Word if !word.is_name() => Kind::Number,
        TokenKind::Word if before == "@" => Kind::Annotation,
        TokenKind::Word if next == "::" || before == "::" || before == "is" => Kind::Name,
        TokenKind::Word if next == "(" && before == "." => Kind::Filter,
        TokenKind::Word if before == "." || before == "has" => Kind::Property,
        TokenKind::Word => match word.text {
            "permit" | "forbid" | "when" | "unless" | "if" | "then" | "else" | "in" | "is"
            | "has" | "like" => Kind::Node,
            "true" | "false" => Kind::Choice,
            "principal" | "action" | "resource" | "context" => Kind::Source,
            _ if next == "(" => Kind::Filter,
            _ => Kind::Property,
        },
        TokenKind::Sign if word.text == "@" => Kind::Annotation,
        TokenKind::Sign
            if matches!(
                word.text,
                "=" | "!" | "<" | ">" | "&" | "|" | "+" | "-" | "*"
            ) =>
        {
            Kind::Mark
        }
        TokenKind::Sign | TokenKind::Comment => return None,
    })
}
