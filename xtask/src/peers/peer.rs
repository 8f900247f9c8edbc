//! The programs that are compared. Adding one is one small file below, and its line in [`all`].

mod gated;
mod haproxy;
mod nginx;

use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::Signal;

use super::place::Place;
use super::service::Service;
use crate::shell;

/// A program that can serve what a [`Service`] says, with one worker.
pub trait Peer {
    /// Its name in tables.
    fn name(&self) -> &'static str;

    /// The program, where it is there.
    fn program(&self) -> Option<PathBuf>;

    /// The arguments that make it tell its version.
    fn version(&self) -> &'static str;

    /// Why it cannot serve this, where it cannot.
    fn cannot(&self, _place: &Place, _service: &Service) -> Option<String> {
        None
    }

    /// The file name of what it is started with.
    fn file(&self) -> &'static str;

    /// Writes the configuration to a file in the peer's folder.
    ///
    /// # Errors
    /// Says what could not be written or made.
    fn configure(&self, place: &Place, service: &Service, target: &Path) -> Result<(), String>;

    /// What starts it in the foreground with the configuration.
    fn arguments(&self, place: &Place, config: &Path) -> Vec<String>;

    /// The signal that makes it read its configuration again.
    fn reload(&self) -> Signal;
}

/// Every peer, in the order in which a round measures them.
pub fn all(programs: &Path) -> Vec<Box<dyn Peer>> {
    vec![
        Box::new(gated::Gated::new(programs)),
        Box::new(nginx::Nginx),
        Box::new(haproxy::Haproxy),
    ]
}

/// What a peer says about its version, on one line.
pub fn version(peer: &dyn Peer) -> Option<String> {
    let done = Command::new(peer.program()?).arg(peer.version()).output();
    let done = done.ok()?;
    let text = [done.stdout, done.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    text.lines().next().map(|line| line.trim().to_owned())
}

fn write(target: &Path, text: &str) -> Result<(), String> {
    std::fs::write(target, text)
        .map_err(|error| format!("cannot write `{}`: {error}", target.display()))
}

fn found(program: &str) -> Option<PathBuf> {
    shell::find(program)
}
