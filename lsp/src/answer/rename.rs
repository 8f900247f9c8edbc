//! A new name for what has one, in every file.

use gatec_ide::names::{self, Key, Name, Role};
use gatec_ide::rename;
use lsp_types::{PrepareRenameResponse, RenameParams, TextDocumentPositionParams, WorkspaceEdit};

use super::change::Changes;
use super::{Ask, Failure};

pub(crate) fn prepare(
    ask: &Ask<'_>,
    params: TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>, Failure> {
    let Some((document, offset)) = ask.at(&params) else {
        return Ok(None);
    };
    let counted = ask.counted(&document.read);
    let name = names::name_at(&document.read.names, offset);
    let name = name.filter(|name| rename::check(&name.key.section, &name.key.name).is_ok());
    Ok(name.map(|name| {
        let bare = rename::bare(&document.read.view, name);
        PrepareRenameResponse::RangeWithPlaceholder {
            range: counted.range(&bare),
            placeholder: name.key.name.clone(),
        }
    }))
}

pub(crate) fn answer(
    ask: &Ask<'_>,
    params: RenameParams,
) -> Result<Option<WorkspaceEdit>, Failure> {
    let Some((document, offset)) = ask.at(&params.text_document_position) else {
        return Ok(None);
    };
    let here = names::names_at(&document.read.names, offset);
    if here.is_empty() {
        return Err(Failure::Refused(
            "nothing here has a name that could be changed".to_owned(),
        ));
    }
    let new = params.new_name.as_str();
    let family = ask.workspace.names(&document.path);
    let all: Vec<&[Name]> = family.iter().map(|(_, read)| &*read.names).collect();
    let keys = names::together(here.iter().map(|name| &name.key), &all);
    for key in &keys {
        rename::check(&key.section, new).map_err(Failure::Refused)?;
        is_free(key, new, &all).map_err(Failure::Refused)?;
    }
    let mut changes = Changes::default();
    for (path, read) in &family {
        let Some(uri) = ask.workspace.uri(path) else {
            continue;
        };
        let counted = ask.counted(read);
        let same = read.names.iter();
        let mut same: Vec<&Name> = same.filter(|other| keys.contains(&other.key)).collect();
        same.dedup_by(|one, two| one.at == two.at);
        let edits: Vec<_> = same
            .into_iter()
            .map(|other| counted.edit(&rename::edit(&read.view, other, new)))
            .collect();
        if !edits.is_empty() {
            changes.add(uri, edits);
        }
    }
    Ok(Some(changes.edit(ask)))
}

/// Whether nothing else of its kind has the new name.
fn is_free(key: &Key, new: &str, all: &[&[Name]]) -> Result<(), String> {
    let mut others = all.iter().copied().flatten().filter(|other| {
        other.role == Role::Declaration
            && other.key.section == key.section
            && other.key.scope == key.scope
            && other.key.name != key.name
    });
    match others.find(|other| rename::collides(&key.section, &other.key.name, new)) {
        Some(other) if other.key.name == new => Err(format!(
            "`{new}` is taken: {} has one of that name already",
            key.section
        )),
        Some(other) => Err(format!(
            "`{new}` would be the same type in Cedar as `{}`",
            other.key.name
        )),
        None => Ok(()),
    }
}
