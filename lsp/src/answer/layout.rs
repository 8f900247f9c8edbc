//! The text as `gatec fmt` lays it out.

use gatec_ide::layout;
use lsp_types::{DocumentFormattingParams, DocumentRangeFormattingParams, TextEdit};

use super::{Ask, Failure};

pub(crate) fn whole(
    ask: &Ask<'_>,
    params: DocumentFormattingParams,
) -> Result<Option<Vec<TextEdit>>, Failure> {
    let Some(document) = ask.document(&params.text_document) else {
        return Ok(None);
    };
    let view = &document.read.view;
    let edits = layout::edits(&view.lines, view.format);
    Ok(edits.map(|edits| ask.counted(&document.read).edits(&edits)))
}

pub(crate) fn range(
    ask: &Ask<'_>,
    params: DocumentRangeFormattingParams,
) -> Result<Option<Vec<TextEdit>>, Failure> {
    let Some(document) = ask.document(&params.text_document) else {
        return Ok(None);
    };
    let view = &document.read.view;
    let counted = ask.counted(&document.read);
    let edits = layout::edits_within(&view.lines, view.format, &counted.bytes(params.range));
    Ok(edits.map(|edits| counted.edits(&edits)))
}
