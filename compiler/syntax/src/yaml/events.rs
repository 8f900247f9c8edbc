//! The parser underneath, set up once.
//!
//! Nothing else in the crate knows its options; its marks carry byte offsets because it is given
//! the whole text, so no column has to be counted again.

use std::ops::Range;

use granit_parser::{Options, Parser, StrInput};

use super::MAX_DEPTH;

/// More comments in a row than this end the reading; a text of [`super::MAX_TEXT`] bytes cannot
/// hold more.
const COMMENTS_IN_A_ROW: usize = super::MAX_TEXT;

/// Events of a text.
pub(super) fn events(text: &str) -> Parser<'_, StrInput<'_>> {
    Parser::new_from_str_with_options(text, options())
}

fn options() -> Options {
    granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        emit_comments: true,
        max_buffered_comment_events: COMMENTS_IN_A_ROW,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    }
}

/// The bytes of a span. Spans of whole texts always have offsets; without them it would be empty.
pub(super) fn bytes(span: &granit_parser::Span) -> Range<usize> {
    span.byte_range()
        .map_or(0..0, |range| range.start..range.end.max(range.start))
}

/// Where the header (`|` or `>`) of a block scalar stands, looking from the end of whatever came
/// before it. Tags, anchors and comments may lie between.
pub(super) fn block_header(text: &str, from: usize, body: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < body {
        match bytes.get(at) {
            Some(b'|' | b'>') => return at,
            Some(b'#') => at = skip_to(bytes, at, |byte| byte == b'\n'),
            Some(b'&' | b'!') => at = skip_to(bytes, at, |byte| byte.is_ascii_whitespace()),
            Some(_) => at += 1,
            None => break,
        }
    }
    body
}

fn skip_to(bytes: &[u8], from: usize, stop: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest
        .iter()
        .position(|byte| stop(*byte))
        .unwrap_or(rest.len())
}
