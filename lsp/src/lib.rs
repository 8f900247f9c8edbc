//! The language server: the one crate that knows the Language Server Protocol.
//!
//! What there is to say about a text is worked out beneath, in `gatec-ide` and the compiler. Here is what
//! remains: which texts are open, which specs they belong to, when something has to be looked at again,
//! and how all that is told to an editor. One thread reads and answers; others check whole specs and
//! run tests, so that an answer never waits for either.

mod answer;
mod checker;
mod client;
mod convert;
mod find;
mod pages;
mod publish;
mod runner;
mod server;
mod watch;
mod workspace;

pub use server::serve;

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the server needs of the program it runs in.
pub struct Host {
    /// The version to tell.
    pub version: String,
    /// Runs the test of this name in the spec at this path, with the texts of open files; the report.
    pub run_test: RunTest,
    /// A folder for pages that explain codes, which findings link to.
    pub pages: Option<PathBuf>,
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The editor said that it would end it, and did.
    Orderly,
    /// It went away without a word.
    Abruptly,
}

/// Runs one test of a spec.
pub type RunTest =
    Arc<dyn Fn(&Path, &str, &gatec_compiler::load::Options) -> TestReport + Send + Sync>;

/// What became of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestReport {
    /// Whether it passed.
    pub passed: bool,
    /// In words, for people.
    pub text: String,
}

/// Serves an editor over standard input and output until it says to exit.
///
/// # Errors
/// When what comes in is no Language Server Protocol, or the pipes break.
pub fn stdio(host: Host) -> Result<Ended, String> {
    let (connection, threads) = lsp_server::Connection::stdio();
    let served = serve(&connection, host);
    drop(connection);
    match (served, threads.join()) {
        (Err(error), _) => Err(error),
        (Ok(_), Err(error)) => Err(error.to_string()),
        (Ok(ended), Ok(())) => Ok(ended),
    }
}
