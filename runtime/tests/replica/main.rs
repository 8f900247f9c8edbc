//! The replica from outside: the real program, real sockets.

mod files;
mod framing;
mod http2;
mod limits;
mod manage;
mod process;
mod proxy;
mod reload;
mod serve;
mod support;
