//! Bytes to the gateway, and the answers that come back.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer's head.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) id: String,
    /// The gateway's own, not passed on.
    pub(crate) own: bool,
}

/// Sends bytes on one connection and reads until the gateway closes it.
pub(crate) fn exchange(port: u16, sent: &[u8]) -> Vec<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let mut writer = stream.try_clone().unwrap();
    let mut read = Vec::new();
    std::thread::scope(|scope| {
        // The gateway may close before it took everything.
        scope.spawn(move || drop(writer.write_all(sent)));
        if let Err(error) = stream.read_to_end(&mut read) {
            assert_eq!(
                error.kind(),
                std::io::ErrorKind::ConnectionReset,
                "{:?}",
                head(sent)
            );
        }
    });
    answers(&read, sent)
}

fn head(sent: &[u8]) -> String {
    String::from_utf8_lossy(sent.get(..100).unwrap_or(sent)).into_owned()
}

/// Splits what came back into answers; panics where that cannot be done.
fn answers(mut rest: &[u8], sent: &[u8]) -> Vec<Answer> {
    let mut answers = Vec::new();
    while !rest.is_empty() {
        let end =
            find(rest, b"\r\n\r\n").unwrap_or_else(|| panic!("half a head to {:?}", head(sent)));
        let (head, behind) = rest.split_at(end);
        let head = std::str::from_utf8(head).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        rest = behind;
        if status == 100 {
            continue;
        }
        rest = past_body(head, rest);
        let id = value(head, "x-request-id").unwrap_or_default().to_owned();
        let own = value(head, "via").is_none();
        answers.push(Answer { status, id, own });
    }
    answers
}

fn past_body<'a>(head: &str, rest: &'a [u8]) -> &'a [u8] {
    match value(head, "content-length") {
        Some(length) => rest.get(length.parse::<usize>().unwrap()..).unwrap(),
        None if value(head, "transfer-encoding").is_some() => {
            rest.get(find(rest, b"0\r\n\r\n").unwrap()..).unwrap()
        }
        None => &[],
    }
}

/// Where the first of these ends.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let at = bytes
        .windows(wanted.len())
        .position(|window| window == wanted)?;
    Some(at + wanted.len())
}

fn value<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}
