//! Requests made with curl, so that no code of ours sits on the client's side.

use std::process::Command;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status; 0 if there was no answer.
    pub status: u16,
    /// Header lines, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, as text.
    pub body: String,
}

impl Answer {
    /// The first header of that name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {:?}", self.body))
    }
}

/// `curl -s -i ARGUMENTS`.
pub fn curl(arguments: &[&str]) -> Answer {
    let output = Command::new("curl")
        .args([
            "-s",
            "-i",
            "--max-time",
            "10",
            "--path-as-is",
            "-H",
            "Expect:",
        ])
        .args(arguments)
        .output()
        .expect("curl is installed");
    parse(&String::from_utf8_lossy(&output.stdout))
}

fn parse(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|code| code.parse().ok())
        .unwrap_or(0);
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Answer {
        status,
        headers,
        body: body.to_owned(),
    }
}
