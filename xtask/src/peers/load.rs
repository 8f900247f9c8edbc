//! The programs that make load, and what they report.

pub mod h2load;
pub mod handshake;
pub mod script;
pub mod wrk;

use std::process::{Command, Stdio};
use std::time::Duration;

/// What a load generator saw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Report {
    /// Requests answered.
    pub requests: u64,
    /// Requests answered a second.
    pub rate: f64,
    /// The median latency, where it is told.
    pub p50: Option<Duration>,
    /// The 99th percentile.
    pub p99: Option<Duration>,
    /// Requests that failed: connections refused or cut, time-outs, a status that is no success.
    pub failed: u64,
}

/// Runs a program and gives what it wrote to standard output.
fn output(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("`{name}` did not start: {error}"))?;
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    match done.status.success() {
        true => Ok(text),
        false => Err(format!(
            "`{name}` failed: {}",
            String::from_utf8_lossy(&done.stderr).trim()
        )),
    }
}

/// `1.25ms`, `900us`, `2s` as a duration.
fn time(text: &str) -> Option<Duration> {
    let split = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(split);
    let scale = match unit {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * scale).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(time("1.25ms"), Some(Duration::from_micros(1250)));
        assert_eq!(time("900us"), Some(Duration::from_micros(900)));
        assert_eq!(time("2s"), Some(Duration::from_secs(2)));
        assert_eq!(time("2"), None);
        assert_eq!(time("-2s"), None);
    }
}
