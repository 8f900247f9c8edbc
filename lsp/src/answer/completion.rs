//! What can be written here.

use std::path::{Path, PathBuf};

use gatec_ide::cedar::{self, About};
use gatec_ide::complete::{self, Item, Kind, Surroundings};
use gatec_ide::names::{self, PARAMETERS, Role};
use lsp_types::{
    Command, CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionList,
    CompletionParams, CompletionResponse, CompletionTextEdit, Documentation, InsertTextFormat,
    InsertTextMode, TextEdit,
};

use super::{Ask, Document, Failure};
use crate::convert::{Counted, markdown};

/// The most items of an answer: past it nobody reads, and typing on asks again.
const MOST: usize = 500;

/// The most entries of a folder that are offered.
const MAX_FILES: usize = 2_000;

pub(crate) fn answer(
    ask: &Ask<'_>,
    params: CompletionParams,
) -> Result<Option<CompletionResponse>, Failure> {
    let Some((document, offset)) = ask.at(&params.text_document_position) else {
        return Ok(None);
    };
    let mut found = found(ask, &document, offset);
    let is_incomplete = found.len() > MOST;
    found.truncate(MOST);
    let counted = ask.counted(&document.read);
    let items = found
        .iter()
        .enumerate()
        .map(|(number, item)| told(item, number, counted, ask.client.snippets));
    Ok(Some(CompletionResponse::List(CompletionList {
        is_incomplete,
        items: items.collect(),
    })))
}

/// In Cedar what policies can speak of, else what the schema and the workspace have.
fn found(ask: &Ask<'_>, document: &Document, offset: usize) -> Vec<Item> {
    if let Some((text, inner)) = document.read.cedar_at(offset) {
        let compiled = ask.workspace.compiled(&document.path);
        let about = About::new(compiled.as_deref());
        let items = cedar::complete::complete(&about, text.text(), inner);
        let placed = items.into_iter().filter_map(|item| {
            let replace = text.range(&item.replace)?;
            Some(Item { replace, ..item })
        });
        return placed.collect();
    }
    if document.read.is_cedar {
        return Vec::new();
    }
    let view = &document.read.view;
    let around = Around {
        ask,
        path: &document.path,
    };
    complete::complete(&view.lines, view.format, offset, &around)
}

fn told(item: &Item, number: usize, counted: Counted<'_>, snippets: bool) -> CompletionItem {
    let (text, format) = match snippets {
        true => (item.snippet.clone(), InsertTextFormat::SNIPPET),
        // Up to the first stop: there one types on.
        false => (complete::head(&item.snippet), InsertTextFormat::PLAIN_TEXT),
    };
    let documentation = Some(item.documentation.clone()).filter(|text| !text.is_empty());
    // Some clients match what is typed against this: inside quotes the word alone, else as inserted.
    let filter = match item.snippet.starts_with('"') {
        true => format!("\"{}", item.label),
        false => item.label.clone(),
    };
    CompletionItem {
        label: item.label.clone(),
        label_details: (!item.detail.is_empty()).then(|| CompletionItemLabelDetails {
            detail: None,
            description: Some(item.detail.replace('`', "")),
        }),
        kind: Some(kind(item.kind)),
        detail: Some(item.detail.replace('`', "")).filter(|text| !text.is_empty()),
        documentation: documentation.map(|text| Documentation::MarkupContent(markdown(text))),
        sort_text: Some(format!("{number:05}")),
        filter_text: (!filter.starts_with('"')).then_some(filter),
        insert_text_format: Some(format),
        insert_text_mode: Some(InsertTextMode::ADJUST_INDENTATION),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(
            counted.range(&item.replace),
            text,
        ))),
        command: (item.more && snippets).then(|| Command {
            title: "suggest values".to_owned(),
            command: "editor.action.triggerSuggest".to_owned(),
            arguments: None,
        }),
        ..CompletionItem::default()
    }
}

fn kind(kind: Kind) -> CompletionItemKind {
    match kind {
        Kind::Node => CompletionItemKind::STRUCT,
        Kind::Property => CompletionItemKind::PROPERTY,
        Kind::Choice => CompletionItemKind::ENUM_MEMBER,
        Kind::Name => CompletionItemKind::REFERENCE,
        Kind::File => CompletionItemKind::FILE,
        Kind::Folder => CompletionItemKind::FOLDER,
        Kind::Source => CompletionItemKind::VARIABLE,
        Kind::Filter => CompletionItemKind::FUNCTION,
        Kind::Keyword => CompletionItemKind::KEYWORD,
        Kind::Type => CompletionItemKind::CLASS,
        Kind::Value => CompletionItemKind::VALUE,
    }
}

/// What the workspace has around a file.
struct Around<'a> {
    ask: &'a Ask<'a>,
    path: &'a Path,
}

impl Surroundings for Around<'_> {
    fn names(&self, section: &str) -> Vec<String> {
        let family = self.ask.workspace.names(self.path);
        let all = family.iter().flat_map(|(_, read)| &read.names);
        let names = names::declared(all, section);
        names.into_iter().map(str::to_owned).collect()
    }

    fn parameters(&self, route: &str) -> Vec<String> {
        let family = self.ask.workspace.names(self.path);
        let mut found: Vec<String> = Vec::new();
        for name in family.iter().flat_map(|(_, read)| &read.names) {
            let here = name.key.section == PARAMETERS && name.key.scope == route;
            if here && name.role == Role::Declaration && !found.contains(&name.key.name) {
                found.push(name.key.name.clone());
            }
        }
        found
    }

    fn files(&self, folder: &Path) -> Vec<String> {
        let Some(own) = self.path.parent() else {
            return Vec::new();
        };
        let folder: PathBuf = own.join(folder);
        let Ok(entries) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        let entries = entries.flatten().take(MAX_FILES).filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let is_folder = entry.path().is_dir();
            (!name.starts_with('.') && entry.path() != self.path).then(|| match is_folder {
                true => format!("{name}/"),
                false => name,
            })
        });
        let mut found: Vec<String> = entries.collect();
        found.sort();
        found
    }
}
