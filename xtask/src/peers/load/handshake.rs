//! `openssl s_time`: a full TLS handshake for every request. `wrk` resumes sessions, so it cannot
//! tell what a new client costs.

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::Report;

/// How many programs connect at once; each makes one connection after the other.
const CLIENTS: usize = 8;

/// Makes new TLS connections with a request each, for some seconds.
///
/// # Errors
/// When `openssl` cannot be run, or says what is not understood.
pub fn run(address: SocketAddr, path: &str, seconds: u64) -> Result<Report, String> {
    let begun = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| command(address, path, seconds).spawn())
        .collect();
    let mut requests = 0;
    for client in clients {
        let done = client
            .and_then(std::process::Child::wait_with_output)
            .map_err(|error| format!("`openssl` did not start: {error}"))?;
        let text = String::from_utf8_lossy(&done.stdout);
        requests += connections(&text).ok_or_else(|| {
            let said = String::from_utf8_lossy(&done.stderr);
            format!("`openssl s_time` failed: {}", said.trim())
        })?;
    }
    Ok(Report {
        requests,
        rate: requests as f64 / begun.elapsed().as_secs_f64(),
        p50: None,
        p99: None,
        failed: 0,
    })
}

fn command(address: SocketAddr, path: &str, seconds: u64) -> Command {
    let mut command = Command::new("openssl");
    command.args(["s_time", "-new", "-www", path]);
    command.args(["-connect", &address.to_string()]);
    command.args(["-time", &seconds.to_string()]);
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// `1234 connections in 6 real seconds, 160 bytes read per connection`. Without a byte read there was
/// no answer, and nothing to count.
fn connections(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.contains("real seconds"))?;
    let (count, bytes) = line.split_once(',')?;
    match bytes.trim().starts_with("0 bytes") {
        true => None,
        false => count.split_whitespace().next()?.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_counted() {
        let text = "Collecting connection statistics for 2 seconds\ntttt\n\n910 connections in 0.63s; 1444.44 connections/user sec, bytes read 190190\n910 connections in 3 real seconds, 209 bytes read per connection\n";
        assert_eq!(connections(text), Some(910));
        assert_eq!(connections(&text.replace("209 bytes", "0 bytes")), None);
        assert_eq!(connections("Connection refused"), None);
    }
}
