//! What the editor tells of texts and files.

use std::sync::Arc;

use gatec_ide::Lines;
use lsp_server::Notification;
use lsp_types::TextDocumentContentChangeEvent;
use lsp_types::notification::{
    Cancel, DidChangeTextDocument, DidChangeWatchedFiles, DidChangeWorkspaceFolders,
    DidCloseTextDocument, DidOpenTextDocument, DidSaveTextDocument, Notification as _,
};

use super::{Server, read};
use crate::convert::Counted;
use crate::find;
use crate::workspace::{Open, path_of};

/// The longest text that is taken from an editor, in bytes; a longer one is as if it were not open.
const MAX_TEXT: usize = 64 << 20;

impl Server<'_> {
    pub(super) fn notification(&mut self, one: Notification) {
        let params = one.params;
        match one.method.as_str() {
            DidOpenTextDocument::METHOD => {
                if let Some(params) = read::<DidOpenTextDocument>(params) {
                    let document = params.text_document;
                    let path = path_of(&document.uri);
                    let open = Open {
                        uri: document.uri,
                        text: document.text.into(),
                        version: document.version,
                        language: document.language_id,
                    };
                    self.workspace.open.insert(path.clone(), open);
                    self.changed_file(path);
                }
            }
            DidChangeTextDocument::METHOD => {
                if let Some(params) = read::<DidChangeTextDocument>(params) {
                    let document = params.text_document;
                    self.edit(
                        &path_of(&document.uri),
                        document.version,
                        params.content_changes,
                    );
                }
            }
            DidCloseTextDocument::METHOD => {
                if let Some(params) = read::<DidCloseTextDocument>(params) {
                    let path = path_of(&params.text_document.uri);
                    self.workspace.open.remove(&path);
                    self.workspace.forget(&path);
                    self.changed_file(path);
                }
            }
            DidSaveTextDocument::METHOD => {
                self.elsewhere = true;
                // Not every client watches files, and a spec depends on more than its texts.
                self.everything = true;
                self.changed();
            }
            DidChangeWatchedFiles::METHOD => {
                let params = read::<DidChangeWatchedFiles>(params);
                let changes = params.map(|params| params.changes).unwrap_or_default();
                let paths: Vec<_> = changes.iter().map(|change| path_of(&change.uri)).collect();
                if paths.iter().any(|path| find::is_root_name(path)) {
                    self.workspace.search();
                }
                self.elsewhere = true;
                self.edited.extend(paths);
                self.changed();
            }
            DidChangeWorkspaceFolders::METHOD => {
                if let Some(params) = read::<DidChangeWorkspaceFolders>(params) {
                    let removed: Vec<_> = params
                        .event
                        .removed
                        .iter()
                        .map(|one| path_of(&one.uri))
                        .collect();
                    self.workspace
                        .folders
                        .retain(|folder| !removed.contains(folder));
                    let added = params.event.added.iter().map(|one| path_of(&one.uri));
                    self.workspace.folders.extend(added);
                    self.workspace.search();
                    self.changed();
                }
            }
            Cancel::METHOD => {
                if let Some(params) = read::<Cancel>(params) {
                    self.cancel(params);
                }
            }
            _ => {}
        }
    }

    fn edit(
        &mut self,
        path: &std::path::Path,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        let encoding = self.client.encoding;
        let Some(open) = self.workspace.open.get_mut(path) else {
            return;
        };
        let mut text = open.text.to_string();
        for change in changes {
            match change.range {
                None => text = change.text,
                Some(range) => {
                    let lines = Lines::new(text.as_str().into());
                    let bytes = Counted {
                        lines: &lines,
                        encoding,
                    }
                    .bytes(range);
                    text.replace_range(bytes, &change.text);
                }
            }
            if text.len() > MAX_TEXT {
                // Later changes count from a text that is not here: it is as if it were not open.
                self.workspace.open.remove(path);
                return self.changed_file(path.to_owned());
            }
        }
        open.text = Arc::from(text);
        open.version = version;
        self.changed_file(path.to_owned());
    }
}
