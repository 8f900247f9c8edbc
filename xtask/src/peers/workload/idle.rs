//! Ten thousand connections that have been used once and are kept open: memory for each.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Resource, getrlimit};

use super::{Subject, Workload};
use crate::peers::sample::Sample;
use crate::peers::service::{Act, Service};

pub(super) struct Idle;

/// As many as the ports of one address allow, with room to spare.
const CONNECTIONS: u64 = 10_000;
/// Files that this program has open beside connections.
const SPARE: u64 = 500;

impl Workload for Idle {
    fn name(&self) -> &'static str {
        "idle"
    }

    fn title(&self) -> &'static str {
        "10,000 idle connections"
    }

    fn unit(&self) -> &'static str {
        "KiB/connection"
    }

    fn needs(&self) -> &'static str {
        "nginx"
    }

    fn service(&self) -> Service {
        Service::plain(Act::Answer)
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Sample, String> {
        let address = subject.place.address;
        let path = self.service().path();
        let wanted = CONNECTIONS.min(allowed());
        let before = subject.running.usage();
        let mut open = Vec::new();
        for number in 0..wanted {
            let stream = used_once(address, path)
                .map_err(|error| format!("connection {number} failed: {error}"))?;
            open.push(stream);
        }
        sleep(Duration::from_secs(1));
        let after = subject.running.usage();
        let alive = open.iter_mut().filter_map(|stream| ask(stream, path).ok());
        let alive = alive.count() as f64;
        Ok(Sample {
            figure: after.resident.saturating_sub(before.resident) as f64 / wanted as f64,
            peak: after.peak,
            start: subject.running.start,
            aside: vec![
                ("connections", wanted as f64),
                ("of them still open after", alive),
            ],
            ..Sample::default()
        })
    }
}

/// How many connections this program may hold.
fn allowed() -> u64 {
    let limit = getrlimit(Resource::Nofile).current;
    limit.unwrap_or(u64::MAX).saturating_sub(SPARE)
}

fn used_once(address: SocketAddr, path: &str) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    ask(&mut stream, path)?;
    Ok(stream)
}

/// The answer is short, so it comes in one piece.
fn ask(stream: &mut TcpStream, path: &str) -> std::io::Result<()> {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: peers\r\n\r\n").as_bytes())?;
    let mut answer = [0; 2048];
    match stream.read(&mut answer)? {
        0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}
