//! `h2load`: HTTP/2. It prints no percentiles, so they are taken from its log of every request.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::{Report, output};

/// One run of `h2load`.
#[derive(Debug, Clone)]
pub struct H2load {
    /// Where to, with prior knowledge.
    pub address: SocketAddr,
    /// The path to ask for.
    pub path: String,
    /// Connections.
    pub connections: u32,
    /// Requests in flight on each of them.
    pub streams: u32,
    /// Where its log goes.
    pub log: PathBuf,
}

impl H2load {
    /// Makes load for some seconds.
    ///
    /// # Errors
    /// When `h2load` cannot be run, or says what is not understood.
    pub fn run(&self, seconds: u64) -> Result<Report, String> {
        // It appends to a log that is there.
        drop(fs::remove_file(&self.log));
        let mut command = Command::new("h2load");
        command.arg(format!("-c{}", self.connections));
        command.arg(format!("-m{}", self.streams));
        command.arg(format!("-D{seconds}"));
        command.arg("--log-file").arg(&self.log);
        command.arg(format!("http://{}{}", self.address, self.path));
        let text = output(&mut command)?;
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        parse(&text, &log, seconds)
            .ok_or_else(|| format!("`h2load` said what is not understood:\n{text}"))
    }
}

fn parse(text: &str, log: &str, seconds: u64) -> Option<Report> {
    let requests = text.lines().find(|line| line.starts_with("requests:"))?;
    let succeeded = count(requests, "succeeded")?;
    let times = times(log);
    Some(Report {
        requests: succeeded,
        rate: succeeded as f64 / seconds as f64,
        p50: Some(share(&times, 50)?),
        p99: Some(share(&times, 99)?),
        failed: refused(log) + count(requests, "timeout")?,
    })
}

/// The number before a word: `… 4000 succeeded, 22 failed, …`.
fn count(line: &str, word: &str) -> Option<u64> {
    let part = line.split(',').find(|part| part.trim().ends_with(word))?;
    part.split_whitespace().rev().nth(1)?.parse().ok()
}

/// Sorted times of the requests that were answered with success: the third field of a line, in µs.
fn times(log: &str) -> Vec<u64> {
    let mut times: Vec<u64> = log
        .lines()
        .filter_map(|line| {
            let mut fields = line.split('\t').skip(1);
            fields.next().filter(|status| status.starts_with('2'))?;
            fields.next()?.parse().ok()
        })
        .collect();
    times.sort_unstable();
    times
}

/// Requests answered with something else than success. Those with the status -1 were cut off when
/// the time was over, and are no failure.
fn refused(log: &str) -> u64 {
    let statuses = log.lines().filter_map(|line| line.split('\t').nth(1));
    let refused = statuses.filter(|status| !status.starts_with('2') && *status != "-1");
    refused.count() as u64
}

fn share(sorted: &[u64], percent: usize) -> Option<Duration> {
    let at = (sorted.len() * percent / 100).min(sorted.len().checked_sub(1)?);
    sorted.get(at).copied().map(Duration::from_micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "finished in 1.07s, 4000.00 req/s, 277.60KB/s
requests: 4022 total, 4036 started, 4022 done, 4000 succeeded, 22 failed, 22 errored, 3 timeout
status codes: 4000 2xx, 0 3xx, 0 4xx, 0 5xx
";

    #[test]
    fn a_run_is_read_with_its_log() {
        let log = "1\t200\t30\n2\t200\t10\n3\t200\t20\n4\t-1\t7\n5\t503\t9\n";
        assert_eq!(
            parse(TEXT, log, 2),
            Some(Report {
                requests: 4000,
                rate: 2000.0,
                p50: Some(Duration::from_micros(20)),
                p99: Some(Duration::from_micros(30)),
                failed: 4,
            })
        );
    }

    #[test]
    fn anything_else_is_not_understood() {
        assert_eq!(parse("could not connect", "1\t200\t1", 1), None);
        assert_eq!(parse(TEXT, "", 1), None);
    }
}
