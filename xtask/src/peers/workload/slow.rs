//! Clients that send or take a byte a second, and what an ordinary client sees of them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use super::{Subject, Workload};
use crate::peers::load::Report;
use crate::peers::load::wrk::Wrk;
use crate::peers::sample::Sample;
use crate::peers::service::{Act, Service};
use crate::peers::upstream::{BIG, SINK};

pub(super) struct Slow;

const CLIENTS: usize = 300;

impl Workload for Slow {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn title(&self) -> &'static str {
        "p99 beside 300 slow clients"
    }

    fn unit(&self) -> &'static str {
        "× p99 without"
    }

    fn service(&self) -> Service {
        Service::plain(Act::Proxy { routes: None })
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Sample, String> {
        let mut wrk = Wrk::new(subject.place.address, self.service().path());
        wrk.connections = 4;
        wrk.run(1)?;
        let alone = wrk.run(subject.seconds)?;
        let (beside, cut) = beside(subject.place.address, &|| wrk.run(subject.seconds))?;
        let seconds = |report: Report| report.p99.unwrap_or_default().as_secs_f64();
        Ok(Sample {
            figure: seconds(beside) / seconds(alone).max(1e-6),
            rate: Some(beside.rate),
            p50: beside.p50,
            p99: beside.p99,
            peak: subject.running.usage().peak,
            start: subject.running.start,
            aside: vec![
                (
                    "failed requests of the ordinary client",
                    beside.failed as f64,
                ),
                ("slow clients cut off", cut as f64),
            ],
        })
    }
}

/// Runs a load while slow clients are there; how many of these were cut off by the end.
fn beside(
    address: SocketAddr,
    load: &dyn Fn() -> Result<Report, String>,
) -> Result<(Report, usize), String> {
    let over = AtomicBool::new(false);
    scope(|scope| {
        let slow = scope.spawn(|| crawl(address, &over));
        sleep(Duration::from_millis(500));
        let report = load();
        over.store(true, Ordering::Relaxed);
        let cut = slow
            .join()
            .map_err(|_| "the slow clients failed".to_owned())?;
        Ok((report?, cut?))
    })
}

/// A third each is slow in its headers, in its body, and in taking the answer.
fn crawl(address: SocketAddr, over: &AtomicBool) -> Result<usize, String> {
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        let client = Client::connect(address, number % 3);
        clients.push(client.map_err(|error| format!("slow client {number}: {error}"))?);
    }
    while !over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        for client in &mut clients {
            client.step();
        }
        while begun.elapsed() < Duration::from_secs(1) && !over.load(Ordering::Relaxed) {
            sleep(Duration::from_millis(20));
        }
    }
    Ok(clients.iter().filter(|client| client.cut).count())
}

struct Client {
    stream: TcpStream,
    reads: bool,
    cut: bool,
}

impl Client {
    fn connect(address: SocketAddr, kind: usize) -> std::io::Result<Self> {
        let begin = match kind {
            0 => "GET / HTTP/1.1\r\nhost: peers\r\nx-slow: ".to_owned(),
            1 => format!("POST {SINK} HTTP/1.1\r\nhost: peers\r\ncontent-length: 9999\r\n\r\n"),
            _ => format!("GET {BIG} HTTP/1.1\r\nhost: peers\r\n\r\n"),
        };
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(begin.as_bytes())?;
        stream.set_nonblocking(true)?;
        Ok(Self {
            stream,
            reads: kind == 2,
            cut: false,
        })
    }

    /// One byte further.
    fn step(&mut self) {
        let moved = match self.reads {
            true => self.stream.read(&mut [0]).and_then(|read| match read {
                0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
                _ => Ok(()),
            }),
            false => self.stream.write_all(b"x"),
        };
        let waits = |error: &std::io::Error| error.kind() == std::io::ErrorKind::WouldBlock;
        self.cut |= moved.is_err_and(|error| !waits(&error));
    }
}
