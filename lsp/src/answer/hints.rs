//! What is shown over lines and in them.

use std::path::Path;

use gatec_ide::{Lines, inlay, lens};
use gatec_syntax::Span;
use lsp_types::{
    CodeLens, CodeLensParams, Command, InlayHint, InlayHintLabel, InlayHintParams,
    InlayHintTooltip, Location,
};

use super::{Ask, Failure};
use crate::client::{RUN_TEST, SHOW_POLICIES};
use crate::convert::{Counted, markdown};

pub(crate) fn lenses(
    ask: &Ask<'_>,
    params: CodeLensParams,
) -> Result<Option<Vec<CodeLens>>, Failure> {
    let Some(document) = ask.document(&params.text_document) else {
        return Ok(None);
    };
    let family = ask.workspace.names(&document.path);
    let all = family.iter().flat_map(|(_, read)| &read.names);
    let counted = ask.counted(&document.read);
    let mut lenses = lens::lenses(&document.read.view, all);
    let compiled = ask.workspace.compiled(&document.path);
    if let Some(compiled) = compiled.as_deref() {
        lenses.extend(lens::policies(&document.read.view, compiled));
        lenses.sort_by_key(|one| one.at.start);
    }
    let told = lenses.into_iter().map(|one| {
        let command = match one.act {
            lens::Act::RunTest(name) => Command {
                title: "run test".to_owned(),
                command: RUN_TEST.to_owned(),
                arguments: Some(vec![
                    params.text_document.uri.to_string().into(),
                    name.into(),
                ]),
            },
            lens::Act::Tests(_, count) => Command {
                title: match count {
                    1 => "1 test".to_owned(),
                    count => format!("{count} tests"),
                },
                // Shown, not to be clicked.
                command: String::new(),
                arguments: None,
            },
            lens::Act::Policies(applied) => Command {
                title: applied.shown(),
                command: SHOW_POLICIES.to_owned(),
                arguments: Some(vec![
                    params.text_document.uri.to_string().into(),
                    serde_json::to_value(counted.position(one.at.start)).unwrap_or_default(),
                    serde_json::to_value(written(ask, &document.path, &applied.at))
                        .unwrap_or_default(),
                ]),
            },
        };
        CodeLens {
            range: counted.range(&one.at),
            command: Some(command),
            data: None,
        }
    });
    Ok(Some(told.collect()))
}

/// Where policies are written, as their texts were when they were checked.
fn written(ask: &Ask<'_>, path: &Path, spans: &[Span]) -> Vec<Location> {
    let Some((spec, compiled)) = ask.workspace.spec(path) else {
        return Vec::new();
    };
    let located = spans.iter().filter_map(|span| {
        let file = spec.files.get(span.source.0 as usize)?;
        let lines = Lines::new(compiled.sources.get(span.source)?.shared());
        let counted = Counted {
            lines: &lines,
            encoding: ask.client.encoding,
        };
        Some(Location::new(ask.workspace.uri(file)?, counted.span(*span)))
    });
    located.collect()
}

pub(crate) fn inlay(
    ask: &Ask<'_>,
    params: InlayHintParams,
) -> Result<Option<Vec<InlayHint>>, Failure> {
    let Some(document) = ask.document(&params.text_document) else {
        return Ok(None);
    };
    let counted = ask.counted(&document.read);
    let Some(compiled) = ask.workspace.compiled(&document.path) else {
        return Ok(None);
    };
    let range = counted.bytes(params.range);
    let hints = inlay::hints(&document.read.view, &range, &compiled.spec);
    let told = hints.into_iter().map(|hint| InlayHint {
        position: counted.position(hint.at),
        label: InlayHintLabel::String(hint.text),
        kind: None,
        text_edits: None,
        tooltip: Some(InlayHintTooltip::MarkupContent(markdown(hint.why))),
        padding_left: Some(true),
        padding_right: Some(true),
        data: None,
    });
    Ok(Some(told.collect()))
}
