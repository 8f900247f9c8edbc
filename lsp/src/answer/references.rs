//! Where a name is declared, and everywhere it is used.

use std::path::{Path, PathBuf};

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
    let keys = keys(&document, offset);
    if !keys.is_empty() {
        let declares = |name: &Name| name.role == Role::Declaration;
        let found = places(ask, &document, &keys, declares);
        return Ok((!found.is_empty()).then_some(GotoDefinitionResponse::Array(found)));
    }
    let mut files = files(ask, &document, offset).unwrap_or_default();
    Ok(match files.len() {
        0 => None,
        1 => files.pop().map(GotoDefinitionResponse::Scalar),
        _ => Some(GotoDefinitionResponse::Array(files)),
    })
}

/// What the names at an offset mean.
fn keys(document: &Document, offset: usize) -> Vec<Key> {
    let found = names::names_at(&document.read.names, offset).into_iter();
    found.map(|name| name.key.clone()).collect()
}

/// The files that a path at an offset names; of a pattern for policies, those that lie in its folder.
fn files(ask: &Ask<'_>, document: &Document, offset: usize) -> Option<Vec<Location>> {
    let places = document.read.view.at(offset);
    let last = places.last()?;
    let text = last.node.as_str()?;
    let path = document.path.parent()?.join(text);
    let found = match last.key_at(0) == Some("policies") && text.contains(['*', '?', '[']) {
        true => in_pattern(ask, document, text),
        false => vec![crate::find::normal(&path)],
    };
    let found = found.into_iter().filter(|path| path.is_file());
    let uris = found.filter_map(|path| ask.workspace.uri(&path));
    Some(
        uris.map(|uri| Location::new(uri, lsp_types::Range::default()))
            .collect(),
    )
}

/// The files of policies in the folder where a pattern begins.
fn in_pattern(ask: &Ask<'_>, document: &Document, pattern: &str) -> Vec<PathBuf> {
    let fixed = pattern.find(['*', '?', '[']).unwrap_or(0);
    let folder = pattern.get(..fixed).unwrap_or_default();
    let folder = folder.rfind('/').and_then(|at| folder.get(..at));
    let own = document.path.parent().unwrap_or(Path::new(""));
    let base = crate::find::normal(&own.join(folder.unwrap_or("")));
    let family = ask.workspace.family(&document.path).into_iter();
    family
        .filter(|file| ask.workspace.is_cedar(file) && file.starts_with(&base))
        .collect()
}

pub(crate) fn references(
    ask: &Ask<'_>,
    params: ReferenceParams,
) -> Result<Option<Vec<Location>>, Failure> {
    let Some((document, offset)) = ask.at(&params.text_document_position) else {
        return Ok(None);
    };
    let declarations = params.context.include_declaration;
    let keys = keys(&document, offset);
    let wanted = |name: &Name| declarations || name.role != Role::Declaration;
    Ok((!keys.is_empty()).then(|| places(ask, &document, &keys, wanted)))
}

pub(crate) fn highlights(
    ask: &Ask<'_>,
    params: DocumentHighlightParams,
) -> Result<Option<Vec<DocumentHighlight>>, Failure> {
    let Some((document, offset)) = ask.at(&params.text_document_position_params) else {
        return Ok(None);
    };
    let counted = ask.counted(&document.read);
    let keys = keys(&document, offset);
    Ok((!keys.is_empty()).then(|| {
        let same = document.read.names.iter();
        let mut same: Vec<&Name> = same.filter(|name| keys.contains(&name.key)).collect();
        same.dedup_by(|one, two| one.at == two.at);
        same.into_iter()
            .map(|name| DocumentHighlight {
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
    keys: &[Key],
    wanted: impl Fn(&Name) -> bool,
) -> Vec<Location> {
    let mut found = Vec::new();
    for (path, read) in ask.workspace.names(&document.path) {
        let Some(uri) = ask.workspace.uri(&path) else {
            continue;
        };
        found.extend(in_file(ask, &read, &uri, keys, &wanted));
    }
    found
}

fn in_file(
    ask: &Ask<'_>,
    read: &Read,
    uri: &Url,
    keys: &[Key],
    wanted: &impl Fn(&Name) -> bool,
) -> Vec<Location> {
    let counted = ask.counted(read);
    let same = read.names.iter();
    let same = same.filter(|name| keys.contains(&name.key) && wanted(name));
    let mut same: Vec<&Name> = same.collect();
    same.dedup_by(|one, two| one.at == two.at);
    let located = same.into_iter().map(|name| {
        let at = match name.key.section.as_str() {
            PARAMETERS => name.at.clone(),
            _ => gatec_ide::rename::bare(&read.view, name),
        };
        Location::new(uri.clone(), counted.range(&at))
    });
    located.collect()
}
