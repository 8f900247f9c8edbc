//! Requests with their answers, one file for each kind.

mod actions;
mod change;
mod completion;
pub(crate) mod execute;
mod hints;
mod hover;
mod layout;
mod references;
mod rename;
mod shape;
mod symbols;
pub(crate) mod tokens;

use std::path::PathBuf;
use std::rc::Rc;

use lsp_server::Request;
use lsp_types::request::{
    self, CodeActionRequest, CodeLensRequest, Completion, DocumentHighlightRequest,
    DocumentSymbolRequest, FoldingRangeRequest, Formatting, GotoDefinition, HoverRequest,
    InlayHintRequest, PrepareRenameRequest, RangeFormatting, References, Rename, Request as _,
    SelectionRangeRequest, SemanticTokensFullRequest, SemanticTokensRangeRequest,
    WorkspaceSymbolRequest,
};
use lsp_types::{Position, TextDocumentIdentifier, TextDocumentPositionParams};
use serde_json::Value;

use crate::client::Client;
use crate::convert::Counted;
use crate::publish::Findings;
use crate::workspace::{Read, Workspace, path_of};

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is no such request.
    UnknownMethod(String),
    /// The parameters cannot be read.
    Params(String),
    /// It cannot be done, for a reason to be shown.
    Refused(String),
}

/// What answers are made from.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) client: &'a Client,
    pub(crate) findings: &'a Findings,
}

/// A text that is asked about.
pub(crate) struct Document {
    pub(crate) path: PathBuf,
    pub(crate) read: Rc<Read>,
}

impl Ask<'_> {
    /// The text that a request names.
    pub(crate) fn document(&self, identifier: &TextDocumentIdentifier) -> Option<Document> {
        let path = path_of(&identifier.uri);
        let read = self.workspace.read(&path)?;
        Some(Document { path, read })
    }

    /// The text and the offset that a request names.
    pub(crate) fn at(&self, params: &TextDocumentPositionParams) -> Option<(Document, usize)> {
        let document = self.document(&params.text_document)?;
        let offset = self.offset(&document.read, params.position);
        Some((document, offset))
    }

    pub(crate) fn offset(&self, read: &Read, position: Position) -> usize {
        self.counted(read).offset(position)
    }

    pub(crate) fn counted<'r>(&self, read: &'r Read) -> Counted<'r> {
        Counted {
            lines: &read.view.lines,
            encoding: self.client.encoding,
        }
    }
}

/// Answers a request.
pub(crate) fn dispatch(ask: &Ask<'_>, request: Request) -> Result<Value, Failure> {
    match request.method.as_str() {
        Completion::METHOD => on::<Completion>(ask, request, completion::answer),
        HoverRequest::METHOD => on::<HoverRequest>(ask, request, hover::answer),
        GotoDefinition::METHOD => on::<GotoDefinition>(ask, request, references::definition),
        References::METHOD => on::<References>(ask, request, references::references),
        DocumentHighlightRequest::METHOD => {
            on::<DocumentHighlightRequest>(ask, request, references::highlights)
        }
        PrepareRenameRequest::METHOD => on::<PrepareRenameRequest>(ask, request, rename::prepare),
        Rename::METHOD => on::<Rename>(ask, request, rename::answer),
        DocumentSymbolRequest::METHOD => {
            on::<DocumentSymbolRequest>(ask, request, symbols::of_document)
        }
        WorkspaceSymbolRequest::METHOD => {
            on::<WorkspaceSymbolRequest>(ask, request, symbols::of_workspace)
        }
        CodeActionRequest::METHOD => on::<CodeActionRequest>(ask, request, actions::answer),
        CodeLensRequest::METHOD => on::<CodeLensRequest>(ask, request, hints::lenses),
        InlayHintRequest::METHOD => on::<InlayHintRequest>(ask, request, hints::inlay),
        Formatting::METHOD => on::<Formatting>(ask, request, layout::whole),
        RangeFormatting::METHOD => on::<RangeFormatting>(ask, request, layout::range),
        FoldingRangeRequest::METHOD => on::<FoldingRangeRequest>(ask, request, shape::folds),
        SelectionRangeRequest::METHOD => {
            on::<SelectionRangeRequest>(ask, request, shape::selections)
        }
        SemanticTokensFullRequest::METHOD => {
            on::<SemanticTokensFullRequest>(ask, request, tokens::full)
        }
        SemanticTokensRangeRequest::METHOD => {
            on::<SemanticTokensRangeRequest>(ask, request, tokens::range)
        }
        other => Err(Failure::UnknownMethod(format!(
            "there is no request `{other}` here"
        ))),
    }
}

pub(crate) fn read<R: request::Request>(request: Request) -> Result<R::Params, Failure> {
    serde_json::from_value(request.params)
        .map_err(|error| Failure::Params(format!("`{}`: {error}", R::METHOD)))
}

fn on<R: request::Request>(
    ask: &Ask<'_>,
    request: Request,
    answer: impl FnOnce(&Ask<'_>, R::Params) -> Result<R::Result, Failure>,
) -> Result<Value, Failure> {
    let params = read::<R>(request)?;
    let result = serde_json::to_value(answer(ask, params)?);
    Ok(result.unwrap_or(Value::Null))
}
