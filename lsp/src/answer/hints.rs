//! What is shown over lines and in them.

use gatec_ide::{inlay, lens};
use lsp_types::{
    CodeLens, CodeLensParams, Command, InlayHint, InlayHintLabel, InlayHintParams, InlayHintTooltip,
};

use super::{Ask, Failure};
use crate::client::RUN_TEST;
use crate::convert::markdown;

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
    let lenses = lens::lenses(&document.read.view, all);
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
        };
        CodeLens {
            range: counted.range(&one.at),
            command: Some(command),
            data: None,
        }
    });
    Ok(Some(told.collect()))
}

pub(crate) fn inlay(
    ask: &Ask<'_>,
    params: InlayHintParams,
) -> Result<Option<Vec<InlayHint>>, Failure> {
    let Some(document) = ask.document(&params.text_document) else {
        return Ok(None);
    };
    let counted = ask.counted(&document.read);
    let compiled = ask
        .workspace
        .specs_of(&document.path)
        .find_map(|spec| spec.compiled.clone());
    let Some(compiled) = compiled else {
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
