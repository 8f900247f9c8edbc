//! Real Redis servers, each ended when dropped.
#![allow(
    dead_code,
    clippy::expect_used,
    reason = "each test program uses a part of it, and a test fails by panicking"
)]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gated_store::redis::{Address, Servers};
use gated_store::{
    Bounds, Case, Change, Done, Fields, Guard, Key, Lost, Reads, RedisSettings, Space, Step, Store,
};

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    // A cluster's nodes talk to each other 10,000 ports further on.
    loop {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        if port < 55_000 && std::net::TcpListener::bind(("127.0.0.1", port + 10_000)).is_ok() {
            return port;
        }
    }
}

/// One server.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    folder: tempfile::TempDir,
    arguments: Vec<String>,
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_at(free_port(), arguments)
    }

    pub(crate) fn start_at(port: u16, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let arguments: Vec<String> = arguments
            .iter()
            .map(|&argument| argument.to_owned())
            .collect();
        let child = spawn(port, folder.path(), &arguments);
        let server = Self {
            child,
            port,
            folder,
            arguments,
        };
        server.wait();
        server
    }

    fn wait(&self) {
        eventually("the server answers", || {
            let answer = self.run(&["PING"]);
            answer.contains("PONG") || answer.contains("NOAUTH") || answer.contains("reset")
        });
    }

    /// A command by `redis-cli`; its answer.
    pub(crate) fn run(&self, command: &[&str]) -> String {
        cli(self.port, command)
    }

    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").args([signal, &pid]).status().unwrap();
        assert!(status.success());
    }

    pub(crate) fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Starts it again where it was, empty.
    pub(crate) fn restart(&mut self) {
        self.child = spawn(self.port, self.folder.path(), &self.arguments);
        self.wait();
    }

    pub(crate) fn address(&self) -> Address {
        address(self.port)
    }

    pub(crate) fn settings(&self) -> RedisSettings {
        patient(RedisSettings::new("test", Servers::Single(self.address())))
    }

    pub(crate) fn store(&self) -> Store {
        Store::redis(self.settings()).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|status| status.is_some()) {
            return;
        }
        drop(
            Command::new("kill")
                .args(["-CONT", &self.child.id().to_string()])
                .status(),
        );
        self.kill();
    }
}

/// Two cores run all of these tests at once: what is not about deadlines has a long one.
pub(crate) fn patient(mut settings: RedisSettings) -> RedisSettings {
    settings.deadline = Duration::from_secs(2);
    settings.connect = Duration::from_secs(2);
    settings
}

fn spawn(port: u16, folder: &Path, arguments: &[String]) -> Child {
    Command::new("redis-server")
        .args(arguments)
        .args(["--port", &port.to_string()])
        .args(["--bind", "127.0.0.1", "--save", "", "--daemonize", "no"])
        .arg("--dir")
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("redis-server is installed; `cargo xtask test` sees to that")
}

pub(crate) fn address(port: u16) -> Address {
    Address {
        host: "127.0.0.1".to_owned(),
        port,
    }
}

pub(crate) fn cli(port: u16, command: &[&str]) -> String {
    let output = Command::new("redis-cli")
        .args(["-p", &port.to_string()])
        .args(command)
        .output()
        .expect("redis-cli is installed; `cargo xtask test` sees to that");
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text
}

/// Waits for what happens in the end.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < until, "not in a minute: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The same, for what is asked of a store.
pub(crate) async fn in_the_end<T, F>(what: &str, mut ask: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < until, "not in a minute: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

pub(crate) fn key(name: &str) -> Key {
    Key::alone(&Space::new("test", "records", None), name.to_owned().into())
}

pub(crate) fn step(key: Key, guards: Vec<Guard>, changes: Vec<Change>) -> Step {
    Step {
        key,
        cases: vec![Case {
            guards,
            changes,
            life: None,
        }],
        reads: Reads::All,
        bounds: Bounds::default(),
    }
}

pub(crate) fn add(name: &str) -> Step {
    step(key(name), vec![], vec![Change::Add("n".into(), 1)])
}

/// The count that [`add`] adds to.
pub(crate) fn count(fields: &Fields) -> i64 {
    let text = fields
        .get(b"n".as_slice())
        .map(|value| String::from_utf8_lossy(value).into_owned());
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Adds one in the end, however often that fails.
pub(crate) async fn add_in_the_end(store: &Store, name: &str) -> Done {
    in_the_end("a step is done", || async {
        store.step(&add(name)).await.ok()
    })
    .await
}

/// A step until the store is there; then it must succeed.
pub(crate) async fn ready(store: &Store) {
    in_the_end("the store is there", || async {
        let up = store.health().state == gated_store::health::State::Up;
        up.then_some(())
    })
    .await;
}

pub(crate) fn is_lost<T>(result: &Result<T, Lost>) -> bool {
    matches!(result, Err(Lost::Away | Lost::Late | Lost::Failed(_)))
}
