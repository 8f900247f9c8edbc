//! Running the product's binaries.

use std::ffi::OsStr;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The root of the checkout.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// A binary of this workspace, beside the test that runs.
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test knows its own path");
    let folder = test
        .parent()
        .and_then(Path::parent)
        .expect("a test lies in target/PROFILE/deps");
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{name} is not built; `cargo xtask test` builds it first, or run `cargo build --bin {name}`"
    );
    path
}

/// A Python program of the tests.
pub fn python_program(name: &str) -> PathBuf {
    let path = root().join("target/tools/python/bin").join(name);
    assert!(
        path.exists(),
        "{name} is not installed; `cargo xtask setup` sees to that"
    );
    path
}

/// What a command printed, and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// Exit code; -1 if ended by a signal.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// Runs `gatec` in a folder.
pub fn gatec<A: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Ran {
    let output = Command::new(binary("gatec"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env(
            "GATEC_CACHE_DIR",
            binary("gatec").with_file_name("gatec-cache"),
        )
        .output()
        .expect("gatec starts");
    Ran::of(&output)
}

impl Ran {
    /// What a command printed that ended.
    pub fn of(output: &std::process::Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener
        .local_addr()
        .expect("a bound socket has an address")
        .port()
}

/// Copies a folder and all in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder can be made");
    for entry in std::fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the entry can be read");
        let target = to.join(entry.file_name());
        match entry.file_type().expect("the entry has a type").is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("the file can be copied")),
        }
    }
}

/// Waits until something holds; panics after `seconds`.
pub fn wait_for(what: &str, seconds: u64, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(seconds);
    while !holds() {
        assert!(
            Instant::now() < end,
            "waited {seconds} s in vain for {what}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}
