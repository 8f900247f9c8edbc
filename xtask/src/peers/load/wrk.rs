//! `wrk`: HTTP/1.1, with and without TLS.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use super::{Report, output, time};

/// One run of `wrk`.
#[derive(Debug, Clone)]
pub struct Wrk {
    /// Where to.
    pub address: SocketAddr,
    /// Over TLS.
    pub tls: bool,
    /// The path to ask for.
    pub path: String,
    /// Connections open at once.
    pub connections: u32,
    /// A header that is sent with each request, as `name: value`.
    pub header: Option<&'static str>,
    /// A script in Lua that makes the requests.
    pub script: Option<PathBuf>,
}

impl Wrk {
    /// 64 connections that are kept open, without TLS.
    pub fn new(address: SocketAddr, path: &str) -> Self {
        Self {
            address,
            tls: false,
            path: path.to_owned(),
            connections: 64,
            header: None,
            script: None,
        }
    }

    /// Makes load for some seconds.
    ///
    /// # Errors
    /// When `wrk` cannot be run, or says what is not understood.
    pub fn run(&self, seconds: u64) -> Result<Report, String> {
        let text = output(&mut self.command(seconds))?;
        parse(&text).ok_or_else(|| format!("`wrk` said what is not understood:\n{text}"))
    }

    fn command(&self, seconds: u64) -> Command {
        let mut command = Command::new("wrk");
        command.args(["-t1", "--latency", &format!("-c{}", self.connections)]);
        command.arg(format!("-d{seconds}s"));
        if let Some(header) = self.header {
            command.args(["-H", header]);
        }
        if let Some(script) = &self.script {
            command.arg("-s").arg(script);
        }
        let scheme = if self.tls { "https" } else { "http" };
        command.arg(format!("{scheme}://{}{}", self.address, self.path));
        command
    }
}

fn parse(text: &str) -> Option<Report> {
    let line = |holds: &str| text.lines().find(|line| line.contains(holds));
    let after = |line: &str, word: &str| -> Option<u64> {
        let rest = line.split_once(word)?.1;
        rest.trim_matches([' ', ':'])
            .split([',', ' '])
            .next()?
            .parse()
            .ok()
    };
    let share = |share: &str| {
        let mut lines = text.lines().map(str::split_whitespace);
        lines.find_map(|mut words| {
            words.next().filter(|word| *word == share)?;
            time(words.next()?)
        })
    };
    let sockets = line("Socket errors:").map_or(0, |line| {
        ["connect", "read", "write", "timeout"]
            .iter()
            .filter_map(|kind| after(line, kind))
            .sum()
    });
    let statuses = line("Non-2xx or 3xx").and_then(|line| after(line, "responses"));
    Some(Report {
        requests: line(" requests in ")?
            .split_whitespace()
            .next()?
            .parse()
            .ok()?,
        rate: line("Requests/sec:")?
            .split_whitespace()
            .nth(1)?
            .parse()
            .ok()?,
        p50: Some(share("50%")?),
        p99: Some(share("99%")?),
        failed: sockets + statuses.unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const GOOD: &str = "Running 1s test @ http://127.0.0.1:18099/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.07ms    2.07ms  26.99ms   97.50%
    Req/Sec    81.43k     8.15k   92.30k    80.00%
  Latency Distribution
     50%  708.00us
     75%  767.00us
     90%    1.02ms
     99%   11.25ms
  81030 requests in 1.00s, 12.36MB read
Requests/sec:  80954.83
Transfer/sec:     12.35MB
";

    #[test]
    fn a_good_run_is_read() {
        assert_eq!(
            parse(GOOD),
            Some(Report {
                requests: 81030,
                rate: 80954.83,
                p50: Some(Duration::from_micros(708)),
                p99: Some(Duration::from_micros(11250)),
                failed: 0,
            })
        );
    }

    #[test]
    fn what_failed_is_counted() {
        let bad = GOOD.replace(
            "Requests/sec:",
            "  Socket errors: connect 1, read 20, write 300, timeout 4000\n  Non-2xx or 3xx responses: 50000\nRequests/sec:",
        );
        assert_eq!(parse(&bad).map(|report| report.failed), Some(54321));
    }

    #[test]
    fn anything_else_is_not_understood() {
        assert_eq!(parse("unable to connect to 127.0.0.1:1"), None);
    }
}
