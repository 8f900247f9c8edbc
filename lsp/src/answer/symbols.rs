//! Outlines: of one text, and of everything.

use gatec_ide::cedar;
use gatec_ide::symbol::{self, Kind, Symbol};
use lsp_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location, SymbolInformation,
    SymbolKind, Url, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use super::{Ask, Failure};
use crate::convert::Counted;
use crate::workspace::Read;

/// The most symbols of an answer.
const MOST: usize = 1_000;

pub(crate) fn of_document(
    ask: &Ask<'_>,
    params: DocumentSymbolParams,
) -> Result<Option<DocumentSymbolResponse>, Failure> {
    let Some(document) = ask.document(&params.text_document) else {
        return Ok(None);
    };
    let counted = ask.counted(&document.read);
    let found = symbols(&document.read);
    Ok(Some(match ask.client.hierarchical_symbols {
        true => {
            DocumentSymbolResponse::Nested(found.iter().map(|one| nested(one, counted)).collect())
        }
        false => {
            let uri = &params.text_document.uri;
            DocumentSymbolResponse::Flat(found.iter().map(|one| flat(one, counted, uri)).collect())
        }
    }))
}

fn symbols(read: &Read) -> Vec<Symbol> {
    match read.is_cedar {
        true => cedar::symbol::symbols(&read.view.text),
        false => symbol::symbols(&read.view),
    }
}

#[expect(
    deprecated,
    reason = "the type has a field that is not to be used any more"
)]
fn nested(symbol: &Symbol, counted: Counted<'_>) -> DocumentSymbol {
    let inside = symbol.inside.iter().map(|one| nested(one, counted));
    DocumentSymbol {
        name: shown(symbol),
        detail: (!symbol.detail.is_empty()).then(|| symbol.detail.clone()),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: counted.range(&symbol.whole),
        selection_range: counted.range(&symbol.at),
        children: Some(inside.collect()),
    }
}

#[expect(
    deprecated,
    reason = "the type has a field that is not to be used any more"
)]
fn flat(symbol: &Symbol, counted: Counted<'_>, uri: &Url) -> SymbolInformation {
    SymbolInformation {
        name: shown(symbol),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        location: Location::new(uri.clone(), counted.range(&symbol.at)),
        container_name: Some(symbol.section.clone()),
    }
}

/// Editors show no symbol without a name.
fn shown(symbol: &Symbol) -> String {
    match symbol.name.trim().is_empty() {
        true => "(no name)".to_owned(),
        false => symbol.name.clone(),
    }
}

fn kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Section => SymbolKind::NAMESPACE,
        Kind::Route => SymbolKind::FUNCTION,
        Kind::Server => SymbolKind::INTERFACE,
        Kind::Test => SymbolKind::EVENT,
        Kind::Policy => SymbolKind::KEY,
        Kind::Name => SymbolKind::OBJECT,
    }
}

pub(crate) fn of_workspace(
    ask: &Ask<'_>,
    params: WorkspaceSymbolParams,
) -> Result<Option<WorkspaceSymbolResponse>, Failure> {
    let query = params.query.to_lowercase();
    let mut found = Vec::new();
    for path in ask.workspace.all_files() {
        let (Some(read), Some(uri)) = (ask.workspace.read(&path), ask.workspace.uri(&path)) else {
            continue;
        };
        let counted = ask.counted(&read);
        let symbols = symbols(&read);
        let named = symbols.iter().filter(|one| one.kind != Kind::Section);
        let wanted = named.filter(|one| is_like(&query, &one.name.to_lowercase()));
        found.extend(wanted.map(|one| flat(one, counted, &uri)));
        if found.len() >= MOST {
            found.truncate(MOST);
            break;
        }
    }
    Ok(Some(WorkspaceSymbolResponse::Flat(found)))
}

/// Whether the letters of a query stand in a name, in that order.
fn is_like(query: &str, name: &str) -> bool {
    let mut letters = name.chars();
    query
        .chars()
        .filter(|c| !c.is_whitespace())
        .all(|wanted| letters.any(|c| c == wanted))
}
