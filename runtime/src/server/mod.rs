//! Sockets, workers and connections: everything between the network and the first stage.

mod activity;
mod connection;
mod handshake;
mod http1;
mod http2;
mod listener;
mod proxy_protocol;
mod response;
mod socket;
mod watched;
mod worker;

pub(crate) use connection::Connection;
pub(crate) use http2::StreamReader;
pub(crate) use listener::{Listener, OpenListener};
pub(crate) use socket::{Reserved, open, reserve};
pub(crate) use worker::{Command, Worker, run};
