//! Commands that the editor sends back.

use gatec_compiler::load::Options;
use lsp_server::Notification;
use lsp_types::notification::{Notification as _, ShowMessage};
use lsp_types::{ExecuteCommandParams, MessageType, ShowMessageParams, Url};
use serde_json::Value;

use super::{Answer, Ask, Failure};
use crate::client::RUN_TEST;
use crate::workspace::path_of;

pub(crate) fn answer(ask: &Ask<'_>, params: ExecuteCommandParams) -> Result<Answer, Failure> {
    match params.command.as_str() {
        RUN_TEST => run_test(ask, &params.arguments),
        other => Err(Failure::Params(format!("there is no command `{other}`"))),
    }
}

/// Runs a test against the texts as they are in the editor.
fn run_test(ask: &Ask<'_>, arguments: &[Value]) -> Result<Answer, Failure> {
    let (uri, name) = match arguments {
        [Value::String(uri), Value::String(name)] => (uri, name),
        _ => {
            return Err(Failure::Params(format!(
                "`{RUN_TEST}` takes the address of a file and the name of a test"
            )));
        }
    };
    let uri = Url::parse(uri).map_err(|error| Failure::Params(format!("`{uri}`: {error}")))?;
    let path = path_of(&uri);
    let root = ask.workspace.root_of(&path).unwrap_or(path);
    let options = Options {
        texts: ask.workspace.texts(),
        ..Options::default()
    };
    let report = (ask.host.run_test)(&root, name, &options);
    let passed = report.passed;
    let shown = ShowMessageParams {
        typ: match passed {
            true => MessageType::INFO,
            false => MessageType::ERROR,
        },
        message: report.text.clone(),
    };
    Ok(Answer {
        result: serde_json::json!({ "passed": passed, "report": report.text }),
        tell: vec![Notification::new(ShowMessage::METHOD.to_owned(), shown)],
    })
}
