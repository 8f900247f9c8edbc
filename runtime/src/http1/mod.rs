//! HTTP/1.1 on the wire, for both sides of the gateway (RFC 9112).
//!
//! A [`Wire`] is a connection with what was read of it and not yet taken. [`head`] reads the head of
//! a message in the strict form, [`chunked`] and the wire give its body, and a [`Pump`] writes one:
//! head and first bytes in one go, the rest as it comes, from socket to socket through a [`Pipe`] where
//! nobody has to look at it. Everything runs in the task that serves the
//! client, so a request costs no hand-over between tasks.
//!
//! Request smuggling lives on disagreement: two readers that see the end of a message in different
//! places. So whatever a looser reader could take otherwise is refused here.

mod alarm;
mod chunked;
mod decoder;
mod flow;
pub(crate) mod head;
mod output;
mod pace;
mod pipe;
mod pump;
mod stream;
mod wire;

pub(crate) use alarm::Alarm;
pub(crate) use flow::Flow;
pub(crate) use head::{Limits, Refused};
pub(crate) use output::Output;
pub(crate) use pipe::Pipe;
pub(crate) use pump::{Coding, Pump, PumpError, Waiting};
pub(crate) use stream::Stream;
pub(crate) use wire::{BodyError, BodyReader, Wire};
