//! Messages in, messages out.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use crossbeam_channel::select;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{self, Notification as _};
use lsp_types::request::{self, Request as _};
use lsp_types::{InitializeParams, InitializeResult, PublishDiagnosticsParams, ServerInfo};
use serde::Serialize;
use serde_json::Value;

use crate::answer::{self, Ask, Failure, execute};
use crate::checker::{Checker, Job, Outcome};
use crate::client::{Client, capabilities};
use crate::pages::Pages;
use crate::publish::{Findings, findings};
use crate::runner::{Ran, Runner};
use crate::watch::Watch;
use crate::workspace::{Workspace, path_of};
use crate::{Ended, Host};

mod documents;
mod tell;

/// How many requests may wait for a check.
const MAX_WAITING: usize = 1_000;

/// Serves an editor until it says to exit, or goes away.
///
/// # Errors
/// When what comes in is no Language Server Protocol, or there is no thread to check specs in.
pub fn serve(connection: &Connection, host: Host) -> Result<Ended, String> {
    let (id, params) = connection
        .initialize_start()
        .map_err(|error| error.to_string())?;
    let raw = params.clone();
    let params: InitializeParams =
        serde_json::from_value(params).map_err(|error| format!("`initialize`: {error}"))?;
    let client = Client::new(&params.capabilities, &raw);
    let result = InitializeResult {
        capabilities: capabilities(&client),
        server_info: Some(ServerInfo {
            name: "gatec".to_owned(),
            version: Some(host.version.clone()),
        }),
    };
    let result = serde_json::to_value(result).map_err(|error| error.to_string())?;
    connection
        .initialize_finish(id, result)
        .map_err(|error| error.to_string())?;
    let checker = Checker::start().map_err(|error| format!("no thread to check in: {error}"))?;
    let mut server = Server {
        connection,
        pages: Pages::new(host.pages.clone()),
        runner: Runner::new(host.run_test),
        client,
        workspace: Workspace::default(),
        checker,
        watch: Watch::default(),
        current: Findings::new(),
        shown: Findings::new(),
        busy: false,
        dirty: false,
        edited: BTreeSet::new(),
        everything: false,
        asked: 0,
        checked: 0,
        pending: Vec::new(),
        waiting: Vec::new(),
        requests: 0,
        progress: None,
        pulled: Findings::new(),
        elsewhere: false,
    };
    server.begin(&params);
    server.run()
}

struct Server<'c> {
    connection: &'c Connection,
    client: Client,
    workspace: Workspace,
    checker: Checker,
    runner: Runner,
    pages: Pages,
    watch: Watch,
    /// What is known to be wrong.
    current: Findings,
    /// What the editor was told.
    shown: Findings,
    /// A job is with the checker, and its first outcome has not come.
    busy: bool,
    /// Something changed that no job has taken up.
    dirty: bool,
    /// The files that changed since the last job.
    edited: BTreeSet<PathBuf>,
    /// Every spec is to be checked again.
    everything: bool,
    /// The state that was last given to the checker.
    asked: u64,
    /// The state that the findings are of.
    checked: u64,
    /// Requests for findings of a state that is still being checked.
    pending: Vec<(RequestId, PathBuf, u64)>,
    /// Requests whose answers change texts: they wait until what they change is known as it is now.
    waiting: Vec<(Request, u64)>,
    /// Counts requests to the client.
    requests: i32,
    progress: Option<String>,
    /// The findings of open files when the editor could last ask for them.
    pulled: Findings,
    /// A file changed that is not the one being typed in.
    elsewhere: bool,
}

impl Server<'_> {
    fn begin(&mut self, params: &InitializeParams) {
        self.workspace.folders = folders(params);
        self.workspace.search();
        self.changed();
    }

    fn run(&mut self) -> Result<Ended, String> {
        loop {
            select! {
                recv(self.connection.receiver) -> message => match message {
                    Ok(Message::Request(request)) => {
                        let ends = self.connection.handle_shutdown(&request);
                        if ends.map_err(|error| error.to_string())? {
                            return Ok(Ended::Orderly);
                        }
                        self.request(request);
                    }
                    Ok(Message::Notification(one)) if one.method == notification::Exit::METHOD => {
                        return Ok(Ended::Abruptly);
                    }
                    Ok(Message::Notification(one)) => self.notification(one),
                    // Answers to what was asked of the client: nothing depends on them.
                    Ok(Message::Response(_)) => {}
                    Err(_) => return Ok(Ended::Abruptly),
                },
                recv(self.checker.outcomes) -> outcome => match outcome {
                    Ok(outcome) => self.outcome(outcome),
                    Err(_) => return Err("the thread that checks is gone".to_owned()),
                },
                recv(self.runner.reports) -> ran => if let Ok(ran) = ran {
                    self.ran(ran);
                },
            }
        }
    }

    /// A file changed: what is known of its specs has to be found out anew.
    fn changed_file(&mut self, path: PathBuf) {
        self.edited.insert(path);
        self.changed();
    }

    /// Something changed.
    fn changed(&mut self) {
        self.workspace.generation += 1;
        self.dirty = true;
        self.hand();
    }

    /// Gives the checker its next job, unless it has one.
    fn hand(&mut self) {
        if self.busy || !self.dirty {
            return;
        }
        let mut roots = self.workspace.roots();
        self.workspace.retain(&roots);
        self.dirty = false;
        self.asked = self.workspace.generation;
        let changed = std::mem::take(&mut self.edited);
        if !std::mem::take(&mut self.everything) {
            roots.retain(|root| self.workspace.is_stale(root, &changed));
        }
        if roots.is_empty() {
            self.checked = self.asked;
            return self.show();
        }
        self.busy = self.checker.hand(Job {
            generation: self.asked,
            roots,
            texts: self.workspace.texts(),
        });
        if !self.busy {
            // Not taken: what was handed before is still to come.
            self.dirty = true;
            self.edited = changed;
        }
        if self.busy && self.checked == 0 {
            self.begin_progress();
        }
    }

    fn outcome(&mut self, outcome: Outcome) {
        // What has been told of a later state stays.
        if outcome.generation >= self.checked {
            self.workspace.take(&outcome);
        }
        if !outcome.last {
            return;
        }
        if outcome.generation == self.asked {
            self.busy = false;
        }
        let roots = self.workspace.roots();
        self.workspace.retain(&roots);
        // A file may have turned out to be a part of a spec, or of none any more: then its findings are
        // still to come, and what is known is not the whole.
        let whole = roots
            .iter()
            .all(|root| self.workspace.specs.contains_key(root));
        if !whole && !self.busy {
            self.dirty = true;
            return self.hand();
        }
        self.end_progress();
        self.checked = self.checked.max(outcome.generation);
        self.show();
        self.hand();
    }

    /// Tells the editor what is new.
    fn show(&mut self) {
        self.current = findings(&self.workspace, &self.client, &mut self.pages);
        self.publish();
        self.answer_pending();
        self.answer_waiting();
        self.watch_files();
    }

    fn request(&mut self, request: Request) {
        if request.method == request::DocumentDiagnosticRequest::METHOD {
            return self.pull(request);
        }
        if request.method == request::ExecuteCommand::METHOD {
            return self.execute(request);
        }
        let changes_texts = matches!(
            request.method.as_str(),
            request::Rename::METHOD | request::CodeActionRequest::METHOD
        );
        if changes_texts
            && self.checked < self.workspace.generation
            && self.waiting.len() < MAX_WAITING
        {
            let generation = self.workspace.generation;
            return self.waiting.push((request, generation));
        }
        self.answer(request);
    }

    /// Answers the requests that waited for what is known now.
    fn answer_waiting(&mut self) {
        for (request, generation) in std::mem::take(&mut self.waiting) {
            match generation > self.checked {
                true => self.waiting.push((request, generation)),
                false => self.answer(request),
            }
        }
    }

    fn answer(&mut self, request: Request) {
        let id = request.id.clone();
        let ask = Ask {
            workspace: &self.workspace,
            client: &self.client,
            findings: &self.current,
        };
        let answered = catch_unwind(AssertUnwindSafe(|| answer::dispatch(&ask, request)));
        let response = match answered {
            Ok(Ok(answer)) => Response::new_ok(id, answer),
            Ok(Err(failure)) => refused(id, failure),
            // A mistake of ours costs this answer and nothing else.
            Err(_) => failed(id),
        };
        self.send(response);
    }

    /// Has a test run; its answer comes with its report.
    fn execute(&mut self, request: Request) {
        let id = request.id.clone();
        let failure = match execute::asked(&self.workspace, request) {
            Ok(execute::Asked::Show(places)) => return self.show_places(id, &places),
            Ok(execute::Asked::Test(run)) => {
                if self.runner.take(run) {
                    return;
                }
                Failure::Refused("too many tests wait for their turn already".to_owned())
            }
            Err(failure) => failure,
        };
        self.send(refused(id, failure));
    }

    /// Has the first of some places shown, and answers with all of them.
    fn show_places(&mut self, id: RequestId, places: &[lsp_types::Location]) {
        if let (Some(first), true) = (places.first(), self.client.shows_documents) {
            self.ask::<request::ShowDocument>(lsp_types::ShowDocumentParams {
                uri: first.uri.clone(),
                external: None,
                take_focus: Some(true),
                selection: Some(first.range),
            });
        }
        self.send(Response::new_ok(id, places));
    }

    fn ran(&mut self, ran: Ran) {
        match self.runner.ran(ran) {
            Some((id, Some(report))) => {
                let (shown, result) = execute::told(report);
                self.notify::<notification::ShowMessage>(shown);
                self.send(Response::new_ok(id, result));
            }
            Some((id, None)) => self.send(failed(id)),
            None => {}
        }
    }

    fn send(&self, message: impl Into<Message>) {
        // Where nobody listens any more, the next receive ends the server.
        let _ = self.connection.sender.send(message.into());
    }

    fn notify<N: notification::Notification>(&self, params: N::Params)
    where
        N::Params: Serialize,
    {
        self.send(Notification::new(N::METHOD.to_owned(), params));
    }

    /// Asks the client for something, whose answer does not matter.
    fn ask<R: request::Request>(&mut self, params: R::Params)
    where
        R::Params: Serialize,
    {
        self.requests += 1;
        let id = RequestId::from(self.requests);
        self.send(Request::new(id, R::METHOD.to_owned(), params));
    }

    fn publish(&mut self) {
        let open = &self.workspace.open;
        let pulls = self.client.pulls;
        // What a client asks for itself is not pushed at it as well.
        let mut wanted = Findings::new();
        for (path, found) in &self.current {
            let asked_for = pulls && open.contains_key(path);
            // Findings of an older text would stand in wrong places: what was told before stays.
            let told = match self.workspace.is_checked(path) {
                true => Some(found),
                false => self.shown.get(path),
            };
            if let Some(told) = told.filter(|told| !told.is_empty() && !asked_for) {
                wanted.insert(path.clone(), told.clone());
            }
        }
        let gone = self.shown.keys().filter(|path| !wanted.contains_key(*path));
        let gone: Vec<(PathBuf, Vec<_>)> = gone.map(|path| (path.clone(), Vec::new())).collect();
        let new = wanted
            .iter()
            .filter(|(path, found)| self.shown.get(*path) != Some(*found));
        let new: Vec<(PathBuf, Vec<_>)> = new
            .map(|(path, found)| (path.clone(), found.clone()))
            .collect();
        for (path, diagnostics) in gone.into_iter().chain(new) {
            if let Some(uri) = self.workspace.uri(&path) {
                self.notify::<notification::PublishDiagnostics>(PublishDiagnosticsParams {
                    uri,
                    diagnostics,
                    version: self.workspace.open.get(&path).map(|open| open.version),
                });
            }
        }
        self.shown = wanted;
    }
}

fn failed(id: RequestId) -> Response {
    Response::new_err(
        id,
        ErrorCode::InternalError as i32,
        "this could not be answered".to_owned(),
    )
}

fn refused(id: RequestId, failure: Failure) -> Response {
    let code = match failure {
        Failure::UnknownMethod(_) => ErrorCode::MethodNotFound,
        Failure::Params(_) => ErrorCode::InvalidParams,
        Failure::Refused(_) => ErrorCode::RequestFailed,
    };
    let (Failure::UnknownMethod(words) | Failure::Params(words) | Failure::Refused(words)) =
        failure;
    Response::new_err(id, code as i32, words)
}

#[expect(
    deprecated,
    reason = "clients from before workspace folders name a root"
)]
fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    let folders = params.workspace_folders.iter().flatten();
    let folders: Vec<PathBuf> = folders.map(|folder| path_of(&folder.uri)).collect();
    match (folders.is_empty(), &params.root_uri) {
        (true, Some(uri)) => vec![path_of(uri)],
        _ => folders,
    }
}

/// The parameters of a notification; one that cannot be read is passed over, as nobody waits for an
/// answer.
fn read<N: notification::Notification>(params: Value) -> Option<N::Params> {
    serde_json::from_value(params).ok()
}
