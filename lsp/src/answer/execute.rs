//! Commands that the editor sends back.

use std::path::PathBuf;

use gatec_compiler::load::Options;
use lsp_server::Request;
use lsp_types::request::ExecuteCommand;
use lsp_types::{Location, MessageType, ShowMessageParams, Url};
use serde_json::Value;

use super::{Failure, read};
use crate::TestReport;
use crate::client::{RUN_TEST, SHOW_POLICIES};
use crate::runner::Run;
use crate::workspace::{Workspace, path_of};

/// What a command asks for.
pub(crate) enum Asked {
    /// A test to run.
    Test(Run),
    /// Places to show.
    Show(Vec<Location>),
}

/// What a command asks for.
pub(crate) fn asked(workspace: &Workspace, request: Request) -> Result<Asked, Failure> {
    let id = request.id.clone();
    let params = read::<ExecuteCommand>(request)?;
    match params.command.as_str() {
        RUN_TEST => {
            let (root, name) = test(workspace, &params.arguments)?;
            // The texts as they are in the editor now.
            let options = Options {
                texts: workspace.texts(),
                ..Options::default()
            };
            Ok(Asked::Test(Run {
                id,
                root,
                name,
                options,
            }))
        }
        SHOW_POLICIES => {
            let places = params.arguments.into_iter().nth(2).unwrap_or_default();
            let places = serde_json::from_value(places);
            let places =
                places.map_err(|error| Failure::Params(format!("`{SHOW_POLICIES}`: {error}")))?;
            Ok(Asked::Show(places))
        }
        other => Err(Failure::Params(format!("there is no command `{other}`"))),
    }
}

/// The root of a spec, and the name of a test in it.
fn test(workspace: &Workspace, arguments: &[Value]) -> Result<(PathBuf, String), Failure> {
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
    let root = workspace.root_of(&path).unwrap_or(path);
    Ok((root, name.clone()))
}

/// What is told of a test that ran, and answered.
pub(crate) fn told(report: TestReport) -> (ShowMessageParams, Value) {
    let result = serde_json::json!({ "passed": report.passed, "report": report.text });
    let shown = ShowMessageParams {
        typ: match report.passed {
            true => MessageType::INFO,
            false => MessageType::ERROR,
        },
        message: report.text,
    };
    (shown, result)
}
