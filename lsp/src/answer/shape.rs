//! What can be folded, and what a growing selection takes.

use gatec_ide::{cedar, fold, select};
use lsp_types::{
    FoldingRange, FoldingRangeKind, FoldingRangeParams, SelectionRange, SelectionRangeParams,
};

use super::{Ask, Failure};

pub(crate) fn folds(
    ask: &Ask<'_>,
    params: FoldingRangeParams,
) -> Result<Option<Vec<FoldingRange>>, Failure> {
    let Some(document) = ask.document(&params.text_document) else {
        return Ok(None);
    };
    let line = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let view = &document.read.view;
    let folds = match document.read.is_cedar {
        true => cedar::fold::folds(&view.lines),
        false => fold::folds(view),
    };
    let told = folds.into_iter().map(|one| FoldingRange {
        start_line: line(one.first),
        end_line: line(one.last),
        kind: Some(match one.comment {
            true => FoldingRangeKind::Comment,
            false => FoldingRangeKind::Region,
        }),
        ..FoldingRange::default()
    });
    Ok(Some(told.collect()))
}

pub(crate) fn selections(
    ask: &Ask<'_>,
    params: SelectionRangeParams,
) -> Result<Option<Vec<SelectionRange>>, Failure> {
    let Some(document) = ask.document(&params.text_document) else {
        return Ok(None);
    };
    let counted = ask.counted(&document.read);
    let told = params.positions.iter().map(|position| {
        let (view, offset) = (&document.read.view, counted.offset(*position));
        let ranges = match document.read.is_cedar {
            true => cedar::select::ranges(&view.text, offset),
            false => select::ranges(view, offset),
        };
        let mut outer = None;
        for range in ranges.iter().rev() {
            outer = Some(Box::new(SelectionRange {
                range: counted.range(range),
                parent: outer,
            }));
        }
        outer.map_or_else(
            || SelectionRange {
                range: lsp_types::Range::new(*position, *position),
                parent: None,
            },
            |found| *found,
        )
    });
    Ok(Some(told.collect()))
}
