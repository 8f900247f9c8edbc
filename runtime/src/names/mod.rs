//! Addresses of hosts: what DNS said last, shared by all workers, for as long as it said it holds.
//!
//! One thread asks, so that a name is asked for once however many wait for it. A name that stops
//! resolving keeps its last addresses for a while: most often it is the name server that is away, not
//! the servers behind the name.

mod ask;
mod cache;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};

use crate::shared::lock;
use cache::{Cache, Found};

/// The addresses of a name, or why there are none.
pub(crate) type Resolved = Result<Arc<[IpAddr]>, Arc<str>>;

/// Answers to the question where a host is.
pub(crate) struct Names {
    cache: Arc<Mutex<Cache>>,
    /// Where questions go; the thread begins with the first one.
    questions: OnceLock<mpsc::UnboundedSender<String>>,
    /// Asked instead of the system's name servers.
    server: Option<SocketAddr>,
}

impl Names {
    /// Asks the system's name servers, or this one instead.
    pub(crate) fn new(server: Option<SocketAddr>) -> Self {
        Self {
            cache: Arc::default(),
            questions: OnceLock::new(),
            server,
        }
    }

    /// The addresses of a host; asks where what is known is too old.
    pub(crate) async fn addresses(&self, host: &str) -> Resolved {
        let (answer, answered) = oneshot::channel();
        let ask = match lock(&self.cache).find(host, Instant::now(), answer) {
            Found::Here(resolved) => return resolved,
            Found::Asked => false,
            Found::Ask => true,
        };
        if ask {
            self.ask(host);
        }
        answered
            .await
            .unwrap_or_else(|_| Err("names cannot be resolved here".into()))
    }

    /// What is known of a host, without waiting; asks anew where that is too old.
    pub(crate) fn known(&self, host: &str) -> Option<Arc<[IpAddr]>> {
        let (known, ask) = lock(&self.cache).known(host, Instant::now());
        if ask {
            self.ask(host);
        }
        known
    }

    fn ask(&self, host: &str) {
        let questions = self.questions.get_or_init(|| {
            let (send, receive) = mpsc::unbounded_channel();
            ask::start(Arc::clone(&self.cache), receive, self.server);
            send
        });
        if questions.send(host.to_owned()).is_err() {
            let none = Err("names cannot be resolved here".to_owned());
            lock(&self.cache).answered(host, none, Instant::now());
        }
    }
}

#[cfg(test)]
mod tests;
