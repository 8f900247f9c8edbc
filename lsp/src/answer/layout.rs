//! The text as `gatec fmt` lays it out.

use gatec_ide::layout;
use lsp_types::{DocumentFormattingParams, DocumentRangeFormattingParams, TextEdit};

use super::{Ask, Failure};
use crate::workspace::Read;

pub(crate) fn whole(
    ask: &Ask<'_>,
    params: DocumentFormattingParams,
) -> Result<Option<Vec<TextEdit>>, Failure> {
    let Some(document) = ask.document(&params.text_document) else {
        return Ok(None);
    };
    let edits = edits(&document.read);
    Ok(edits.map(|edits| ask.counted(&document.read).edits(&edits)))
}

fn edits(read: &Read) -> Option<Vec<gatec_ide::TextEdit>> {
    let lines = &read.view.lines;
    match read.is_cedar {
        true => layout::of_cedar(lines),
        false => layout::edits(lines, read.view.format),
    }
}

pub(crate) fn range(
    ask: &Ask<'_>,
    params: DocumentRangeFormattingParams,
) -> Result<Option<Vec<TextEdit>>, Failure> {
    let Some(document) = ask.document(&params.text_document) else {
        return Ok(None);
    };
    let counted = ask.counted(&document.read);
    let edits = edits(&document.read).map(|all| layout::within(all, &counted.bytes(params.range)));
    Ok(edits.map(|edits| counted.edits(&edits)))
}
