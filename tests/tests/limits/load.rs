//! Two replicas of one spec, and clients that ask them as fast as they are told to.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gatec_tests::{Client, Replica, free_port};

use super::model::Decision;

/// Two replicas with the same spec but for the port.
pub(crate) struct Pair {
    pub(crate) ports: [u16; 2],
    pub(crate) replicas: [Replica; 2],
    _folder: tempfile::TempDir,
}

impl Pair {
    /// `spec` without a listener.
    pub(crate) fn start(spec: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ports = [free_port(), free_port()];
        let replicas = ports.map(|port| start(folder.path(), port, spec));
        Self {
            ports,
            replicas,
            _folder: folder,
        }
    }

    /// A number of all replicas' metrics: the sum of the lines that begin so.
    pub(crate) fn metric(&self, begin: &str) -> f64 {
        let of = |replica: &Replica| {
            let page = replica.management("/metrics").body;
            let lines = page.lines().filter(|line| line.starts_with(begin));
            let values = lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
            values.sum::<f64>()
        };
        self.replicas.iter().map(of).sum()
    }
}

fn start(folder: &Path, port: u16, spec: &str) -> Replica {
    let path = folder.join(format!("{port}.kdl"));
    let listener = format!("listener \"web\" bind=\"127.0.0.1:{port}\"\nlog access=\"off\"\n");
    std::fs::write(&path, listener + spec).unwrap();
    Replica::start(&path, &[])
}

/// Asks from several threads until told to stop; each waits a little between two requests.
pub(crate) fn ask_until(
    stop: &AtomicBool,
    ports: [u16; 2],
    threads: usize,
    keys: usize,
    pause: Duration,
    begun: Instant,
) -> Vec<Decision> {
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn(move || {
                    let mut client = Client::new(ports[thread % 2]);
                    let mut decisions = Vec::new();
                    let mut key = thread;
                    while !stop.load(Ordering::Relaxed) {
                        key = (key + 1) % keys;
                        let answer =
                            client.ask("GET", "/limited", &[("x-key", &key.to_string())], "");
                        decisions.push(Decision {
                            key,
                            sent: (answer.sent - begun).as_secs_f64(),
                            answered: (answer.answered - begun).as_secs_f64(),
                            status: answer.status,
                        });
                        std::thread::sleep(pause);
                    }
                    decisions
                })
            })
            .collect();
        asking
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    })
}
