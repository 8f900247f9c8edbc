//! Sessions: what a replica remembers of clients, in the store it shares with others.
//!
//! A client has nothing but 256 random bits in a cookie. The store knows the session by their SHA-256, so that
//! whoever reads the store cannot come as anybody; and its values are encrypted under keys that are not in the
//! store. Each change is a step on single fields, so replicas never write over what others wrote, and only on
//! a session that is there, so one that was ended stays so.

mod counters;
mod id;
mod keep;
mod roster;
mod seal;
mod settings;

pub(crate) use counters::{Event, SessionCounters};
pub(crate) use id::Id;
pub(crate) use keep::Found;
pub(crate) use settings::SessionSettings;
