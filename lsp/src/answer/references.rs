//! Where a name is declared, and everywhere it is used.

use gatec_ide::names::{self, Key, Name, PARAMETERS, Role};
use lsp_types::{
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, GotoDefinitionParams,
    GotoDefinitionResponse, Location, ReferenceParams, Url,
};

use super::{Ask, Document, Failure};
use crate::workspace::Read;

pub(crate) fn definition(
    ask: &Ask<'_>,
    params: GotoDefinitionParams,
) -> Result<Option<GotoDefinitionResponse>, Failure> {
    let Some((document, offset)) = ask.at(&params.text_document_position_params) else {
        return Ok(None);
    };
    if let Some(name) = names::name_at(&document.read.names, offset) {
        let declares = |name: &Name| name.role == Role::Declaration;
        let found = places(ask, &document, &name.key, declares);
        return Ok((!found.is_empty()).then_some(GotoDefinitionResponse::Array(found)));
    }
    Ok(file(ask, &document, offset).map(GotoDefinitionResponse::Scalar))
}

/// The file that a path at an offset names.
fn file(ask: &Ask<'_>, document: &Document, offset: usize) -> Option<Location> {
    let places = document.read.view.at(offset);
    let last = places.last()?;
    let text = last.node.as_str()?;
    let path = document.path.parent()?.join(text);
    let is_file = path.is_file();
    let uri = match ask.workspace.uri(&crate::find::normal(&path)) {
        Some(uri) if is_file => uri,
        _ => return None,
    };
    Some(Location::new(uri, lsp_types::Range::default()))
}

pub(crate) fn references(
    ask: &Ask<'_>,
    params: ReferenceParams,
) -> Result<Option<Vec<Location>>, Failure> {
    let Some((document, offset)) = ask.at(&params.text_document_position) else {
        return Ok(None);
    };
    let declarations = params.context.include_declaration;
    Ok(names::name_at(&document.read.names, offset).map(|name| {
        let wanted = |name: &Name| declarations || name.role != Role::Declaration;
        places(ask, &document, &name.key, wanted)
    }))
}

pub(crate) fn highlights(
    ask: &Ask<'_>,
    params: DocumentHighlightParams,
) -> Result<Option<Vec<DocumentHighlight>>, Failure> {
    let Some((document, offset)) = ask.at(&params.text_document_position_params) else {
        return Ok(None);
    };
    let counted = ask.counted(&document.read);
    Ok(names::name_at(&document.read.names, offset).map(|at| {
        let same = document.read.names.iter().filter(|name| name.key == at.key);
        same.map(|name| DocumentHighlight {
            range: counted.range(&name.at),
            kind: Some(match name.role {
                Role::Use => DocumentHighlightKind::READ,
                _ => DocumentHighlightKind::WRITE,
            }),
        })
        .collect()
    }))
}

/// The places of a name in every file that shares a spec with a document.
fn places(
    ask: &Ask<'_>,
    document: &Document,
    key: &Key,
    wanted: impl Fn(&Name) -> bool,
) -> Vec<Location> {
    let mut found = Vec::new();
    for (path, read) in ask.workspace.names(&document.path) {
        let Some(uri) = ask.workspace.uri(&path) else {
            continue;
        };
        found.extend(in_file(ask, &read, &uri, key, &wanted));
    }
    found
}

fn in_file(
    ask: &Ask<'_>,
    read: &Read,
    uri: &Url,
    key: &Key,
    wanted: &impl Fn(&Name) -> bool,
) -> Vec<Location> {
    let counted = ask.counted(read);
    let same = read
        .names
        .iter()
        .filter(|name| name.key == *key && wanted(name));
    same.map(|name| {
        let at = match key.section.as_str() {
            PARAMETERS => name.at.clone(),
            _ => gatec_ide::rename::bare(&read.view, name),
        };
        Location::new(uri.clone(), counted.range(&at))
    })
    .collect()
}
