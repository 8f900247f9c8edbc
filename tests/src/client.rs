//! A client that keeps its connection and asks one thing after the other: enough to put load on a replica
//! and to know of each request when it was sent, when it was answered, and how.

use std::io::{BufRead, BufReader, Read as _, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer with the times of its request.
#[derive(Debug, Clone)]
pub struct Timed {
    /// The status; 0 if the connection failed.
    pub status: u16,
    /// Header lines, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// When the request was sent.
    pub sent: Instant,
    /// When the answer was there.
    pub answered: Instant,
}

impl Timed {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// How long it took.
    pub fn took(&self) -> Duration {
        self.answered - self.sent
    }
}

/// A status, header lines, and a body.
type Read = (u16, Vec<(String, String)>, String);

/// A connection to one port of this machine, made anew when it fails.
pub struct Client {
    port: u16,
    open: Option<BufReader<TcpStream>>,
}

impl Client {
    /// Nothing is connected before the first request.
    pub fn new(port: u16) -> Self {
        Self { port, open: None }
    }

    /// Asks, with header lines and a body.
    pub fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Timed {
        let sent = Instant::now();
        let answer = self.exchange(method, path, headers, body);
        let answered = Instant::now();
        let (status, headers, body) = answer.unwrap_or_else(|_| {
            self.open = None;
            (0, Vec::new(), String::new())
        });
        Timed {
            status,
            headers,
            body,
            sent,
            answered,
        }
    }

    /// `GET` without more.
    pub fn get(&mut self, path: &str) -> Timed {
        self.ask("GET", path, &[], "")
    }

    fn exchange(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> std::io::Result<Read> {
        let connection = match &mut self.open {
            Some(open) => open,
            none => {
                let stream = TcpStream::connect(("127.0.0.1", self.port))?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                none.insert(BufReader::new(stream))
            }
        };
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n");
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        connection.get_mut().write_all(text.as_bytes())?;
        read(connection, method)
    }
}

fn read(connection: &mut BufReader<TcpStream>, method: &str) -> std::io::Result<Read> {
    let wrong = || std::io::Error::other("no answer that can be read");
    let mut line = String::new();
    connection.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
    let status = status.ok_or_else(wrong)?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        connection.read_line(&mut line)?;
        let text = line.trim_end();
        if text.is_empty() {
            break;
        }
        let (name, value) = text.split_once(':').ok_or_else(wrong)?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .and_then(|(_, value)| value.parse().ok());
    let none = method == "HEAD" || status == 204 || status == 304;
    let mut body = vec![0; if none { 0 } else { length.unwrap_or(0) }];
    connection.read_exact(&mut body)?;
    Ok((status, headers, String::from_utf8_lossy(&body).into_owned()))
}
