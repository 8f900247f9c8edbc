//! What the word under the cursor means, and what is wrong with it.

use gatec_ide::cedar::{self, About};
use gatec_ide::hover;
use lsp_types::{Hover, HoverContents, HoverParams, NumberOrString};

use super::{Ask, Document, Failure};
use crate::convert::markdown;

pub(crate) fn answer(ask: &Ask<'_>, params: HoverParams) -> Result<Option<Hover>, Failure> {
    let Some((document, offset)) = ask.at(&params.text_document_position_params) else {
        return Ok(None);
    };
    let counted = ask.counted(&document.read);
    let compiled = ask.workspace.compiled(&document.path);
    let spec = compiled.as_ref().map(|compiled| &compiled.spec);
    let about = About::new(compiled.as_deref());
    let in_cedar = document.read.cedar_at(offset);
    let in_cedar = in_cedar.and_then(|(text, _)| cedar::hover::hover_in(&about, text, offset));
    let told = in_cedar.or_else(|| hover::hover(&document.read.view, offset, spec));
    let explained = explained(ask, &document, offset);
    let range = told.as_ref().map(|told| counted.range(&told.at));
    let texts: Vec<String> = explained
        .into_iter()
        .chain(told.map(|told| told.text))
        .collect();
    Ok((!texts.is_empty()).then(|| Hover {
        contents: HoverContents::Markup(markdown(texts.join("\n\n---\n\n"))),
        range,
    }))
}

/// The explanations of what is wrong at an offset.
fn explained(ask: &Ask<'_>, document: &Document, offset: usize) -> Vec<String> {
    let counted = ask.counted(&document.read);
    let found = ask.findings.get(&document.path).into_iter().flatten();
    let mut codes: Vec<&str> = Vec::new();
    for one in found {
        let range = counted.bytes(one.range);
        if let (true, Some(NumberOrString::String(code))) =
            ((range.start..=range.end).contains(&offset), &one.code)
            && !codes.contains(&code.as_str())
        {
            codes.push(code);
        }
    }
    let rules = codes.into_iter().filter_map(gatec_compiler::rules::find);
    rules.map(hover::rule).collect()
}
