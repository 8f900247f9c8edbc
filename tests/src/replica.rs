//! A running `gated`.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::{Answer, binary, curl, free_port, wait_for};

/// A replica with a management port of its own; ended when dropped.
pub struct Replica {
    child: Child,
    management: u16,
    log: PathBuf,
    _scratch: tempfile::TempDir,
}

impl Replica {
    /// Starts `gated run PATH` and waits until it is ready.
    pub fn start(path: &Path, environment: &[(&str, &str)]) -> Self {
        let replica = Self::spawn(path, environment);
        let ready = format!("http://127.0.0.1:{}/ready", replica.management);
        wait_for(
            &format!("gated to be ready; its log:\n{}", replica.log()),
            20,
            || curl(&[&ready]).status == 200,
        );
        replica
    }

    fn spawn(path: &Path, environment: &[(&str, &str)]) -> Self {
        let scratch = tempfile::tempdir().expect("a scratch folder can be made");
        let log = scratch.path().join("log");
        let out = File::create(&log).expect("the log can be made");
        let management = free_port();
        let arguments: [OsString; 4] = [
            "run".into(),
            path.into(),
            "--management".into(),
            format!("127.0.0.1:{management}").into(),
        ];
        let child = Command::new(binary("gated"))
            .args(arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(out.try_clone().expect("the log can be shared"))
            .stderr(out)
            .spawn()
            .expect("gated starts");
        Self {
            child,
            management,
            log,
            _scratch: scratch,
        }
    }

    /// What it printed so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// A request to the management listener.
    pub fn management(&self, path: &str) -> Answer {
        curl(&[&format!("http://127.0.0.1:{}{path}", self.management)])
    }

    /// The same with options for curl.
    pub fn manage(&self, path: &str, options: &[&str]) -> Answer {
        let url = format!("http://127.0.0.1:{}{path}", self.management);
        curl(&[options, &[&url]].concat())
    }

    /// `/status`.
    pub fn status(&self) -> Value {
        self.management("/status").json()
    }

    /// A part of `/status`, by JSON pointer; null where it is missing.
    fn field(&self, pointer: &str) -> Value {
        self.status().pointer(pointer).cloned().unwrap_or_default()
    }

    /// The digest it runs.
    pub fn digest(&self) -> String {
        self.field("/bundle/digest")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// How many changes it refused.
    pub fn refusals(&self) -> usize {
        let count = self.field("/reloads/refused").as_u64().unwrap_or(0);
        usize::try_from(count).unwrap_or(usize::MAX)
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory in KiB.
    pub fn memory(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap_or_default();
        status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.trim().trim_end_matches(" kB").trim().parse().ok())
            .unwrap_or(0)
    }

    /// Sends a signal by name, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.pid().to_string())
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "the signal {name} was not sent"
        );
    }

    /// Waits for its end and returns the exit code.
    pub fn wait(&mut self) -> i32 {
        self.child
            .wait()
            .ok()
            .and_then(|status| status.code())
            .unwrap_or(-1)
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
