//! Colours for words.

use gatec_ide::cedar;
use gatec_ide::token::{self, Kind, Token};
use lsp_types::{
    SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensLegend,
    SemanticTokensParams, SemanticTokensRangeParams, SemanticTokensRangeResult,
    SemanticTokensResult,
};

use super::{Ask, Failure};
use crate::convert::Counted;
use crate::workspace::Read;

/// The kinds of words with the protocol's names for them, by their number there.
const TYPES: [(Kind, SemanticTokenType); 11] = [
    (Kind::Node, SemanticTokenType::KEYWORD),
    (Kind::Property, SemanticTokenType::PROPERTY),
    (Kind::Name, SemanticTokenType::CLASS),
    (Kind::Parameter, SemanticTokenType::PARAMETER),
    (Kind::Choice, SemanticTokenType::ENUM_MEMBER),
    (Kind::Text, SemanticTokenType::STRING),
    (Kind::Number, SemanticTokenType::NUMBER),
    (Kind::Annotation, SemanticTokenType::DECORATOR),
    (Kind::Source, SemanticTokenType::VARIABLE),
    (Kind::Filter, SemanticTokenType::FUNCTION),
    (Kind::Mark, SemanticTokenType::OPERATOR),
];

/// What the numbers in an answer mean.
pub(crate) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TYPES.map(|(_, name)| name).into(),
        token_modifiers: vec![SemanticTokenModifier::DECLARATION],
    }
}

pub(crate) fn full(
    ask: &Ask<'_>,
    params: SemanticTokensParams,
) -> Result<Option<SemanticTokensResult>, Failure> {
    let Some(document) = ask.document(&params.text_document) else {
        return Ok(None);
    };
    let tokens = tokens(&document.read);
    let data = encoded(&tokens, ask.counted(&document.read));
    Ok(Some(SemanticTokensResult::Tokens(SemanticTokens {
        result_id: None,
        data,
    })))
}

pub(crate) fn range(
    ask: &Ask<'_>,
    params: SemanticTokensRangeParams,
) -> Result<Option<SemanticTokensRangeResult>, Failure> {
    let Some(document) = ask.document(&params.text_document) else {
        return Ok(None);
    };
    let counted = ask.counted(&document.read);
    let wanted = counted.bytes(params.range);
    let mut tokens = tokens(&document.read);
    tokens.retain(|token| token.at.start < wanted.end && wanted.start < token.at.end);
    Ok(Some(SemanticTokensRangeResult::Tokens(SemanticTokens {
        result_id: None,
        data: encoded(&tokens, counted),
    })))
}

fn tokens(read: &Read) -> Vec<Token> {
    match read.is_cedar {
        true => cedar::token::tokens(&read.view.text),
        false => token::tokens(&read.view),
    }
}

/// Each token's place counted from the one before it.
fn encoded(tokens: &[Token], counted: Counted<'_>) -> Vec<SemanticToken> {
    let (mut line, mut from) = (0, 0);
    let mut data = Vec::with_capacity(tokens.len());
    for token in tokens {
        let own = counted.lines.line_of(token.at.start);
        // On the line of the one before, counting goes on from there.
        let base = if own == line {
            from
        } else {
            counted.lines.line(own).start
        };
        let kind = TYPES.iter().position(|(kind, _)| *kind == token.kind);
        data.push(SemanticToken {
            delta_line: u32::try_from(own - line).unwrap_or(u32::MAX),
            delta_start: counted.units(&(base..token.at.start)),
            length: counted.units(&token.at),
            token_type: kind.and_then(|kind| u32::try_from(kind).ok()).unwrap_or(0),
            token_modifiers_bitset: u32::from(token.declares),
        });
        (line, from) = (own, token.at.start);
    }
    data
}
