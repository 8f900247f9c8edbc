//! Edits of several files as one change of the workspace.

use lsp_types::{
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit,
    Url, WorkspaceEdit,
};

use super::Ask;
use crate::workspace::path_of;

/// Edits by file, each file once.
#[derive(Debug, Default)]
pub(super) struct Changes {
    files: Vec<(Url, Vec<TextEdit>)>,
}

impl Changes {
    pub(super) fn of(uri: Url, edits: Vec<TextEdit>) -> Self {
        Self {
            files: vec![(uri, edits)],
        }
    }

    pub(super) fn add(&mut self, uri: Url, edits: impl IntoIterator<Item = TextEdit>) {
        match self.files.iter_mut().find(|(other, _)| *other == uri) {
            Some((_, all)) => all.extend(edits),
            None => self.files.push((uri, edits.into_iter().collect())),
        }
    }

    /// The change, with the versions of the open texts that it is made for where the client can look at
    /// them: it then refuses edits of a text that has changed meanwhile.
    pub(super) fn edit(self, ask: &Ask<'_>) -> WorkspaceEdit {
        if !ask.client.versioned_edits {
            return WorkspaceEdit {
                changes: Some(self.files.into_iter().collect()),
                ..WorkspaceEdit::default()
            };
        }
        let edits = self.files.into_iter().map(|(uri, edits)| {
            let open = ask.workspace.open.get(&path_of(&uri));
            TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier {
                    version: open.map(|open| open.version),
                    uri,
                },
                edits: edits.into_iter().map(OneOf::Left).collect(),
            }
        });
        WorkspaceEdit {
            document_changes: Some(DocumentChanges::Edits(edits.collect())),
            ..WorkspaceEdit::default()
        }
    }
}
