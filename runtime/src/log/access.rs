//! The line for each request. It holds what is known of a request but nothing secret: no header, no
//! cookie, no query.

use std::cell::RefCell;
use std::fmt::Write;
use std::net::IpAddr;
use std::time::Duration;

use super::{Sink, escape};

/// What is told of a request.
pub(crate) struct Line<'a> {
    pub(crate) id: &'a str,
    pub(crate) client: IpAddr,
    pub(crate) method: &'a str,
    /// The path in normal form.
    pub(crate) path: &'a str,
    /// The route's name; `-`: none.
    pub(crate) route: &'a str,
    pub(crate) status: u16,
    pub(crate) bytes_in: u64,
    pub(crate) bytes_out: u64,
    pub(crate) took: Duration,
    /// The upstream's name, and how long its answer's headers took.
    pub(crate) upstream: Option<(&'a str, Duration)>,
    /// Whether all of the response was sent.
    pub(crate) complete: bool,
    /// Whether the gateway itself is at the end of its means: a 5xx that no upstream and no mock gave.
    pub(crate) failed: bool,
}

impl Line<'_> {
    fn level(&self) -> &'static str {
        if self.failed { "WARN" } else { "INFO" }
    }
}

thread_local! {
    static BUFFER: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Writes a line.
pub(crate) fn write(sink: &Sink, line: &Line<'_>) {
    let _ = BUFFER.try_with(|buffer| {
        let mut text = buffer.borrow_mut();
        text.clear();
        let now = jiff::Timestamp::now();
        // Writing to a string cannot fail.
        let _ = if sink.pretty() {
            pretty(&mut text, now, line)
        } else {
            json(&mut text, now, line)
        };
        sink.push(text.as_bytes());
    });
}

fn json(text: &mut String, now: jiff::Timestamp, line: &Line<'_>) -> std::fmt::Result {
    write!(
        text,
        "{{\"timestamp\":\"{now:.6}\",\"level\":\"{}\",\"message\":\"request\"",
        line.level()
    )?;
    for (key, value) in [
        ("id", line.id),
        ("method", line.method),
        ("path", line.path),
        ("route", line.route),
    ] {
        write!(text, ",\"{key}\":\"")?;
        escape(text, value)?;
        text.push('"');
    }
    write!(
        text,
        ",\"client\":\"{}\",\"status\":{},\"bytes_in\":{},\"bytes_out\":{},\"duration_ms\":{:.3}",
        line.client,
        line.status,
        line.bytes_in,
        line.bytes_out,
        milliseconds(line.took)
    )?;
    if let Some((name, took)) = line.upstream {
        text.push_str(",\"upstream\":\"");
        escape(text, name)?;
        write!(text, "\",\"upstream_ms\":{:.3}", milliseconds(took))?;
    }
    if line.failed {
        text.push_str(",\"answered_by\":\"gateway\"");
    }
    if !line.complete {
        text.push_str(",\"cut_short\":true");
    }
    text.push_str("}\n");
    Ok(())
}

fn pretty(text: &mut String, now: jiff::Timestamp, line: &Line<'_>) -> std::fmt::Result {
    write!(
        text,
        "{now:.6}  {} {} {} ",
        line.level(),
        line.status,
        line.method
    )?;
    escape(text, line.path)?;
    write!(
        text,
        " {:.3} ms, {} bytes, route {}, client {}, id {}",
        milliseconds(line.took),
        line.bytes_out,
        line.route,
        line.client,
        line.id
    )?;
    if let Some((name, took)) = line.upstream {
        write!(text, ", upstream {name} {:.3} ms", milliseconds(took))?;
    }
    if line.failed {
        text.push_str(", answered by the gateway");
    }
    text.push_str(if line.complete { "\n" } else { ", cut short\n" });
    Ok(())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Line;

    fn line() -> Line<'static> {
        Line {
            id: "1",
            client: "127.0.0.1".parse().unwrap(),
            method: "GET",
            path: "/a\"\u{1b}",
            route: "a",
            status: 200,
            bytes_in: 0,
            bytes_out: 12,
            took: Duration::from_micros(1500),
            upstream: Some(("b", Duration::from_micros(1000))),
            complete: false,
            failed: false,
        }
    }

    #[test]
    fn a_failure_of_the_gateway_is_seen_as_one() {
        let failed = Line {
            status: 503,
            failed: true,
            ..line()
        };
        let mut text = String::new();
        super::json(&mut text, jiff::Timestamp::UNIX_EPOCH, &failed).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["level"], "WARN");
        assert_eq!(value["answered_by"], "gateway");
        text.clear();
        super::pretty(&mut text, jiff::Timestamp::UNIX_EPOCH, &failed).unwrap();
        assert!(text.contains("  WARN 503 GET "), "{text}");
        assert!(text.contains(", answered by the gateway"), "{text}");
    }

    #[test]
    fn a_line_is_json_whatever_the_path() {
        let mut text = String::new();
        super::json(&mut text, jiff::Timestamp::UNIX_EPOCH, &line()).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["path"], "/a\"\u{1b}");
        assert_eq!(value["duration_ms"], 1.5);
        assert_eq!(value["timestamp"], "1970-01-01T00:00:00.000000Z");
        assert_eq!(value["cut_short"], true);
    }

    #[test]
    fn a_pretty_line_is_readable() {
        let mut text = String::new();
        super::pretty(&mut text, jiff::Timestamp::UNIX_EPOCH, &line()).unwrap();
        assert_eq!(
            text,
            "1970-01-01T00:00:00.000000Z  INFO 200 GET /a\\\"\\u001b 1.500 ms, 12 bytes, route a, client 127.0.0.1, id 1, upstream b 1.000 ms, cut short\n"
        );
    }
}
