//! Starts replicas and servers, and speaks HTTP/1.1 to them byte by byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Nothing here takes longer, unless it hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A running replica; killed when dropped.
pub(crate) struct Gated {
    child: Child,
    folder: TempDir,
    log: Arc<Mutex<Vec<String>>>,
    listeners: String,
    pub(crate) management: SocketAddr,
}

impl Gated {
    /// Starts with a spec that listens at `web`.
    pub(crate) fn start(spec: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("gate.kdl"), spec).unwrap();
        Self::start_in(folder, "gate.kdl", &[])
    }

    /// Starts with the routes alone, one worker.
    pub(crate) fn routes(routes: &str) -> Self {
        Self::start(&with_listener(routes))
    }

    /// Starts on what lies in a folder.
    pub(crate) fn start_in(folder: TempDir, path: &str, arguments: &[&str]) -> Self {
        let command = command(folder.path(), path, arguments);
        Self::start_by(folder, command)
    }

    /// Starts with nothing settled on the command line: the spec says it all.
    pub(crate) fn start_as_written(spec: &str) -> Self {
        let (folder, _) = folder_with(spec);
        let mut command = Command::new(env!("CARGO_BIN_EXE_gated"));
        command
            .args(["run", "gate.kdl"])
            .current_dir(folder.path())
            .stderr(Stdio::piped())
            .stdout(Stdio::null());
        Self::start_by(folder, command)
    }

    pub(crate) fn start_by(folder: TempDir, mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let written = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                written.lock().unwrap().push(line);
            }
        });
        let started = wait_for(|| {
            let log = log.lock().unwrap();
            let line = log
                .iter()
                .find(|line| line.contains("\"management\":\"http"))?;
            serde_json::from_str::<serde_json::Value>(line).ok()
        });
        let started =
            started.unwrap_or_else(|| panic!("did not start: {:#?}", log.lock().unwrap()));
        let management = started["management"].as_str().unwrap();
        Self {
            management: management.strip_prefix("http://").unwrap().parse().unwrap(),
            listeners: started["listeners"].as_str().unwrap_or("").to_owned(),
            child,
            folder,
            log,
        }
    }

    /// The address of a listener, as told at the start.
    pub(crate) fn address(&self, name: &str) -> SocketAddr {
        let prefix = format!("{name}=");
        let found = self
            .listeners
            .split(' ')
            .find_map(|listener| listener.strip_prefix(&prefix));
        let (_, address) = found.unwrap().split_once("://").unwrap();
        address.parse().unwrap()
    }

    /// The address of `web`.
    pub(crate) fn web(&self) -> SocketAddr {
        self.address("web")
    }

    /// A connection to `web`.
    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.web())
    }

    /// One request to `web` on a connection of its own.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.connect().get(path)
    }

    /// A page of the management listener.
    pub(crate) fn manage(&self, path: &str) -> Answer {
        Client::connect(self.management).get(path)
    }

    /// `/status`.
    pub(crate) fn status(&self) -> serde_json::Value {
        serde_json::from_slice(&self.manage("/status").body).unwrap()
    }

    /// The digest that runs.
    pub(crate) fn digest(&self) -> String {
        self.status()["bundle"]["digest"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Has the sources read again; the answer's status.
    pub(crate) fn reload(&self) -> u16 {
        let mut client = Client::connect(self.management);
        client.send("POST /reload HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n");
        client.answer().status
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Puts another spec in place, as editors do: aside, then renamed.
    pub(crate) fn write(&self, spec: &str) {
        let aside = self.folder().join(".gate.kdl.new");
        std::fs::write(&aside, spec).unwrap();
        std::fs::rename(aside, self.folder().join("gate.kdl")).unwrap();
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// The first line of the log that has these words; waits for it.
    pub(crate) fn logged(&self, words: &[&str]) -> String {
        wait_for(|| {
            self.log()
                .into_iter()
                .find(|line| words.iter().all(|word| line.contains(word)))
        })
        .unwrap_or_else(|| panic!("{words:?} is not in the log: {:#?}", self.log()))
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Waits for the end of the process.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        wait_for(|| self.child.try_wait().unwrap()).expect("the process goes on")
    }
}

impl Drop for Gated {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command that serves what lies in a folder.
pub(crate) fn command(folder: &Path, path: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gated"));
    command
        .args([
            "run",
            path,
            "--management",
            "127.0.0.1:0",
            "--log-format",
            "json",
        ])
        .args(arguments)
        .current_dir(folder)
        .stderr(Stdio::piped())
        .stdout(Stdio::null());
    command
}

/// A spec with one worker and the listener `web`.
pub(crate) fn with_listener(routes: &str) -> String {
    format!(
        "gateway \"test\" workers=1 drain=\"5s\"\nlistener \"web\" bind=\"127.0.0.1:0\"\n{routes}\n"
    )
}

/// A route that answers with a word.
pub(crate) fn word(name: &str, path: &str, body: &str) -> String {
    format!(
        "route \"{name}\" public=#true {{\n match \"GET\" \"{path}\"\n respond 200 \"{body}\"\n}}\n"
    )
}

/// Asks until there is an answer; `None`: patience is at its end.
pub(crate) fn wait_for<T>(mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let until = Instant::now() + PATIENCE;
    loop {
        match ask() {
            Some(answer) => return Some(answer),
            None if Instant::now() > until => return None,
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// A connection of ours.
pub(crate) struct Client {
    pub(crate) stream: BufReader<TcpStream>,
}

/// An answer in full.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    pub(crate) trailers: Vec<String>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// All values of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        values(&self.head, name)
    }

    /// A header's first value.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.all(name).into_iter().next()
    }
}

/// The values of a header in a head.
pub(crate) fn values(head: &str, name: &str) -> Vec<String> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().to_owned())
        .collect()
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream: BufReader::new(stream),
        }
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.get_mut().write_all(bytes.as_ref()).unwrap();
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n"));
        self.answer()
    }

    /// One line without its end.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Lines up to an empty one.
    pub(crate) fn head(&mut self) -> String {
        let mut head = String::new();
        loop {
            let line = self.line();
            if line.is_empty() {
                return head;
            }
            head.push_str(&line);
            head.push('\n');
        }
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.stream.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// Body and trailers after a head.
    pub(crate) fn body(&mut self, head: &str, to_the_end: bool) -> (Vec<u8>, Vec<String>) {
        if let Some(length) = values(head, "content-length").first() {
            return (self.bytes(length.parse().unwrap()), Vec::new());
        }
        let mut body = Vec::new();
        if values(head, "transfer-encoding").is_empty() {
            if to_the_end {
                self.stream.read_to_end(&mut body).unwrap();
            }
            return (body, Vec::new());
        }
        loop {
            match self.chunk() {
                Some(chunk) => body.extend(chunk),
                None => return (body, self.head().lines().map(str::to_owned).collect()),
            }
        }
    }

    /// A chunk; `None`: the last.
    pub(crate) fn chunk(&mut self) -> Option<Vec<u8>> {
        let size = usize::from_str_radix(&self.line(), 16).unwrap();
        if size == 0 {
            return None;
        }
        let chunk = self.bytes(size);
        assert_eq!(self.line(), "");
        Some(chunk)
    }

    /// The status of an answer, which is read to its end; `None`: there is none.
    pub(crate) fn status(&mut self) -> Option<u16> {
        let head = self.head();
        let status = head.split(' ').nth(1)?.parse().ok();
        self.body(&head, false);
        status
    }

    /// An answer to anything but HEAD.
    pub(crate) fn answer(&mut self) -> Answer {
        let head = self.head();
        let status: u16 = head
            .split(' ')
            .nth(1)
            .unwrap_or_else(|| panic!("no answer: {head:?}"))
            .parse()
            .unwrap();
        let (body, trailers) = match status {
            100..200 | 204 | 304 => (Vec::new(), Vec::new()),
            _ => self.body(&head, true),
        };
        Answer {
            status,
            head,
            body,
            trailers,
        }
    }

    /// Whether the other side closed, and nothing more came.
    pub(crate) fn is_closed(&mut self) -> bool {
        let mut rest = Vec::new();
        match self.stream.read_to_end(&mut rest) {
            Ok(_) => rest.is_empty(),
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}

/// A request as a server got it.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// A server of ours.
pub(crate) struct Backend {
    pub(crate) address: SocketAddr,
    pub(crate) received: Arc<Mutex<Vec<Received>>>,
}

impl Backend {
    /// Answers every request with what `answer` makes of it, on connections that stay open.
    pub(crate) fn start(answer: impl Fn(&Received) -> String + Send + Sync + 'static) -> Self {
        let received = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&received);
        Self {
            received,
            address: Self::each(move |client| {
                loop {
                    let head = client.head();
                    if head.is_empty() {
                        return;
                    }
                    let (body, _) = client.body(&head, false);
                    let request = Received { head, body };
                    let reply = answer(&request);
                    seen.lock().unwrap().push(request);
                    client.send(reply);
                }
            }),
        }
    }

    /// Says its name.
    pub(crate) fn named(name: &'static str) -> Self {
        Self::start(move |_| reply(name))
    }

    /// Does whatever it wants with each connection.
    pub(crate) fn each(serve: impl Fn(&mut Client) + Send + Sync + 'static) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let serve = Arc::new(serve);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                let serve = Arc::clone(&serve);
                std::thread::spawn(move || {
                    serve(&mut Client {
                        stream: BufReader::new(stream),
                    })
                });
            }
        });
        address
    }

    pub(crate) fn last(&self) -> Received {
        self.received.lock().unwrap().last().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.received.lock().unwrap().len()
    }
}

/// An answer with a body.
pub(crate) fn reply(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A port that nobody listens on.
pub(crate) fn dead() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
}

/// A spec that passes everything on to these servers.
pub(crate) fn proxy_to(servers: &[(SocketAddr, u32)], more: &str) -> String {
    let servers: String = servers
        .iter()
        .map(|(address, weight)| format!("    server \"http://{address}\" weight={weight}\n"))
        .collect();
    with_listener(&format!(
        "upstream \"back\" {{\n{servers}{more}\n}}\nroute \"all\" public=#true {{\n match prefix=\"/\"\n proxy \"back\"\n}}"
    ))
}

/// A new folder with a spec in it.
pub(crate) fn folder_with(spec: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gate.kdl");
    std::fs::write(&path, spec).unwrap();
    (folder, path)
}

/// A process's memory in KiB, by the name of a line in `/proc/PID/status`: `VmRSS`, `VmHWM`.
pub(crate) fn memory(process: u32, name: &str) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
