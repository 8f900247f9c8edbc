//! What the server tells the editor unasked, and findings that it is asked for.

use lsp_server::{ErrorCode, Request, RequestId, Response};
use lsp_types::notification::Progress;
use lsp_types::request::{
    CodeLensRefresh, InlayHintRefreshRequest, RegisterCapability, UnregisterCapability,
    WorkDoneProgressCreate, WorkspaceDiagnosticRefresh,
};
use lsp_types::{
    CancelParams, DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    NumberOrString, ProgressParams, ProgressParamsValue, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, WorkDoneProgress,
    WorkDoneProgressBegin, WorkDoneProgressCreateParams, WorkDoneProgressEnd,
};

use std::path::PathBuf;

use super::Server;
use crate::publish::Findings;
use crate::workspace::path_of;

/// How many requests for findings may wait.
const MAX_PENDING: usize = 1_000;

impl Server<'_> {
    /// A request for the findings of a file: answered once its state was checked.
    pub(super) fn pull(&mut self, request: Request) {
        let id = request.id.clone();
        let params: DocumentDiagnosticParams = match serde_json::from_value(request.params) {
            Ok(params) => params,
            Err(error) => {
                let code = ErrorCode::InvalidParams as i32;
                return self.send(Response::new_err(id, code, error.to_string()));
            }
        };
        let path = path_of(&params.text_document.uri);
        if self.pending.len() >= MAX_PENDING {
            let code = ErrorCode::ServerCancelled as i32;
            return self.send(Response::new_err(
                id,
                code,
                "too many requests wait".to_owned(),
            ));
        }
        if self.checked >= self.workspace.generation {
            self.send(Response::new_ok(
                id,
                self.report(&path, params.previous_result_id),
            ));
        } else {
            self.pending.push((id, path, self.workspace.generation));
        }
    }

    /// Answers those whose state was checked.
    pub(super) fn answer_pending(&mut self) {
        let checked = self.checked;
        let waiting = std::mem::take(&mut self.pending);
        let mut answered = Vec::new();
        for (id, path, generation) in waiting {
            if generation > checked {
                self.pending.push((id, path, generation));
            } else {
                self.send(Response::new_ok(id, self.report(&path, None)));
                answered.push(path);
            }
        }
        self.refresh(&answered);
    }

    /// Has the editor ask again for what has changed without its doing.
    fn refresh(&mut self, answered: &[PathBuf]) {
        let open = self.workspace.open.keys().map(|path| {
            let found = self.current.get(path).cloned().unwrap_or_default();
            (path.clone(), found)
        });
        let open: Findings = open.collect();
        let news = |(path, found): (&PathBuf, &Vec<_>)| {
            !answered.contains(path) && self.pulled.get(path).is_some_and(|before| before != found)
        };
        let stale = open.iter().any(news);
        self.pulled = open;
        if self.client.pulls && self.client.refreshes_diagnostics && stale {
            self.ask::<WorkspaceDiagnosticRefresh>(());
        }
        if std::mem::take(&mut self.elsewhere) {
            if self.client.refreshes_lenses {
                self.ask::<CodeLensRefresh>(());
            }
            if self.client.refreshes_hints {
                self.ask::<InlayHintRefreshRequest>(());
            }
        }
    }

    fn report(&self, path: &std::path::Path, previous: Option<String>) -> DocumentDiagnosticReport {
        let items = self.current.get(path).cloned().unwrap_or_default();
        let result_id = digest(&items);
        match previous == Some(result_id.clone()) {
            true => DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                    result_id,
                },
            }),
            false => DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport {
                    result_id: Some(result_id),
                    items,
                },
            }),
        }
    }

    pub(super) fn cancel(&mut self, params: CancelParams) {
        let id = match params.id {
            NumberOrString::Number(number) => RequestId::from(number),
            NumberOrString::String(text) => RequestId::from(text),
        };
        let before = self.pending.len();
        self.pending.retain(|(waiting, ..)| *waiting != id);
        let waiting = self.waiting.len();
        self.waiting.retain(|(request, _)| request.id != id);
        let was_test = self.runner.cancel(&id);
        if self.pending.len() < before || self.waiting.len() < waiting || was_test {
            let code = ErrorCode::RequestCanceled as i32;
            self.send(Response::new_err(id, code, "cancelled".to_owned()));
        }
    }

    /// Has the editor watch what specs are made from.
    pub(super) fn watch_files(&mut self) {
        if !self.client.watches {
            return;
        }
        if let Some((end, begin)) = self.watch.renew(&self.workspace) {
            if let Some(end) = end {
                self.ask::<UnregisterCapability>(end);
            }
            self.ask::<RegisterCapability>(begin);
        }
    }

    pub(super) fn begin_progress(&mut self) {
        if !self.client.progress || self.progress.is_some() {
            return;
        }
        let token = "gatec/check".to_owned();
        self.ask::<WorkDoneProgressCreate>(WorkDoneProgressCreateParams {
            token: NumberOrString::String(token.clone()),
        });
        let begin = WorkDoneProgressBegin {
            title: "checking specs".to_owned(),
            ..WorkDoneProgressBegin::default()
        };
        self.tell_progress(token.clone(), WorkDoneProgress::Begin(begin));
        self.progress = Some(token);
    }

    pub(super) fn end_progress(&mut self) {
        if let Some(token) = self.progress.take() {
            self.tell_progress(
                token,
                WorkDoneProgress::End(WorkDoneProgressEnd { message: None }),
            );
        }
    }

    fn tell_progress(&self, token: String, value: WorkDoneProgress) {
        self.notify::<Progress>(ProgressParams {
            token: NumberOrString::String(token),
            value: ProgressParamsValue::WorkDone(value),
        });
    }
}

/// A word that is the same for the same findings.
fn digest(items: &[lsp_types::Diagnostic]) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(items)
        .unwrap_or_default()
        .hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
