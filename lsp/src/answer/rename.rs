//! A new name for what has one, in every file.

use gatec_ide::names::{self, Role};
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
    Ok(names::name_at(&document.read.names, offset).map(|name| {
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
    let Some(name) = names::name_at(&document.read.names, offset) else {
        return Err(Failure::Refused(
            "nothing here has a name that could be changed".to_owned(),
        ));
    };
    let new = params.new_name.as_str();
    rename::check(&name.key.section, new).map_err(Failure::Refused)?;
    let family = ask.workspace.names(&document.path);
    let mut taken = family
        .iter()
        .flat_map(|(_, read)| &read.names)
        .filter(|other| {
            other.role == Role::Declaration
                && other.key.section == name.key.section
                && other.key.scope == name.key.scope
        });
    if new != name.key.name && taken.any(|other| other.key.name == new) {
        return Err(Failure::Refused(format!(
            "`{new}` is taken: {} has one of that name already",
            name.key.section
        )));
    }
    let mut changes = Changes::default();
    for (path, read) in &family {
        let Some(uri) = ask.workspace.uri(path) else {
            continue;
        };
        let counted = ask.counted(read);
        let same = read.names.iter().filter(|other| other.key == name.key);
        let edits: Vec<_> = same
            .map(|other| counted.edit(&rename::edit(&read.view, other, new)))
            .collect();
        if !edits.is_empty() {
            changes.add(uri, edits);
        }
    }
    Ok(Some(changes.edit(ask)))
}
