//! Sockets, workers and connections: everything between the network and the first stage.

mod activity;
mod connection;
mod handshake;
mod http1;
mod http2;
mod listener;
mod paced;
mod proxy_protocol;
mod response;
mod socket;
mod watched;
mod worker;

pub(crate) use connection::Connection;
pub(crate) use listener::{Listener, OpenListener};
pub(crate) use socket::{Reserved, open, reserve};
pub(crate) use worker::{Command, Worker, run};

/// Runs hyper's own tasks on the worker's own thread.
#[derive(Clone, Copy)]
pub(crate) struct LocalSpawner;

impl<F> hyper::rt::Executor<F> for LocalSpawner
where
    F: Future<Output: 'static> + 'static,
{
    fn execute(&self, future: F) {
        tokio::task::spawn_local(future);
    }
}
