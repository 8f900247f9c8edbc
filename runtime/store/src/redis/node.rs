//! One server: the connection to it, if there is one, and a breaker, which leaves it alone after failures in
//! a row until a probe was answered. No user's call is ever a probe.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use redis::{ErrorKind, RedisError, Value};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout_at};

use super::link::{self, Link};
use super::script::Call;
use super::settings::Address;
use crate::Lost;
use crate::clock::ticks_of;

/// One server.
#[derive(Debug)]
pub(super) struct Node {
    /// Where it is; behind Sentinels this changes.
    address: Mutex<Address>,
    link: watch::Sender<Option<Link>>,
    /// After so many failures in a row it is left alone.
    trips: u32,
    failures: AtomicU32,
    open: AtomicBool,
    away: Mutex<Option<(SystemTime, String)>>,
    answered: AtomicI64,
    /// What the server calls its process: another one may know less.
    run: Mutex<Option<String>>,
    /// Wakes who keeps it connected.
    pub(super) wake: Notify,
    reconnect: AtomicBool,
}

/// What became of a call.
pub(super) enum Outcome {
    Answer(Value),
    /// Another node has the slot.
    Moved(Address),
    /// Another node is being given the slot.
    Ask(Address),
    /// Keys are on their way: at once again.
    Again,
    Lost(Lost),
}

impl Node {
    pub(super) fn new(address: Address, trips: u32) -> Self {
        Self {
            address: Mutex::new(address),
            link: watch::Sender::new(None),
            trips: trips.max(1),
            failures: AtomicU32::new(0),
            open: AtomicBool::new(false),
            away: Mutex::new(None),
            answered: AtomicI64::new(0),
            run: Mutex::new(None),
            wake: Notify::new(),
            reconnect: AtomicBool::new(false),
        }
    }

    pub(super) fn address(&self) -> Address {
        locked(&self.address).clone()
    }

    pub(super) fn link(&self) -> Option<Link> {
        self.link.borrow().clone()
    }

    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    /// Whether there was a failure that no answer followed yet.
    pub(super) fn is_suspect(&self) -> bool {
        self.is_open() || self.failures.load(Ordering::Relaxed) > 0
    }

    pub(super) fn away(&self) -> Option<(SystemTime, String)> {
        locked(&self.away).clone()
    }

    pub(super) fn answered_at(&self) -> i64 {
        self.answered.load(Ordering::Relaxed)
    }

    pub(super) fn run(&self) -> Option<String> {
        locked(&self.run).clone()
    }

    /// It was connected and a probe was answered.
    pub(super) fn up(&self, address: Address, link: Link, run: Option<String>) {
        *locked(&self.address) = address;
        *locked(&self.run) = run;
        self.reconnect.store(false, Ordering::Relaxed);
        self.link.send_replace(Some(link));
        self.close();
    }

    /// A probe was answered.
    pub(super) fn close(&self) {
        self.saw_answer();
        *locked(&self.away) = None;
        self.open.store(false, Ordering::Relaxed);
    }

    /// It cannot be reached.
    pub(super) fn down(&self, why: String) {
        self.link.send_replace(None);
        self.open(why);
    }

    fn open(&self, why: String) {
        let mut away = locked(&self.away);
        let since = away.take().map_or_else(SystemTime::now, |(since, _)| since);
        *away = Some((since, why));
        self.open.store(true, Ordering::Relaxed);
    }

    /// Asks for a new connection, to wherever the server is now.
    pub(super) fn ask_reconnect(&self) {
        self.reconnect.store(true, Ordering::Relaxed);
        self.wake.notify_one();
    }

    pub(super) fn wants_reconnect(&self) -> bool {
        self.reconnect.load(Ordering::Relaxed)
    }

    fn saw_answer(&self) {
        self.failures.store(0, Ordering::Relaxed);
        self.answered
            .store(ticks_of(SystemTime::now()), Ordering::Relaxed);
    }

    fn saw_failure(&self, why: &str) {
        let failures = self
            .failures
            .fetch_add(1, Ordering::Relaxed)
            .saturating_add(1);
        if failures >= self.trips && !self.is_open() {
            self.open(format!("{}: {why}", self.address()));
        }
        self.wake.notify_one();
    }

    /// Calls a script, unless the server is left alone.
    pub(super) async fn call(&self, call: &Call, asking: bool, until: Instant) -> Outcome {
        if self.is_open() {
            return Outcome::Lost(Lost::Away);
        }
        let Some(link) = self.wait_for_link(until).await else {
            return Outcome::Lost(Lost::Away);
        };
        match timeout_at(until, link::call(&link, call, asking)).await {
            Ok(Ok(value)) => {
                self.saw_answer();
                Outcome::Answer(value)
            }
            Ok(Err(error)) => self.outcome(&error),
            Err(_) => {
                self.saw_failure("no answer came in time");
                Outcome::Lost(Lost::Late)
            }
        }
    }

    /// The connection; a first one is waited for.
    async fn wait_for_link(&self, until: Instant) -> Option<Link> {
        if let Some(link) = self.link() {
            return Some(link);
        }
        let mut watched = self.link.subscribe();
        let there = timeout_at(until, watched.wait_for(Option::is_some)).await;
        there.ok()?.ok()?.clone()
    }

    fn outcome(&self, error: &RedisError) -> Outcome {
        match (error.code(), redirect(error)) {
            (Some("MOVED"), Some(address)) => {
                self.saw_answer();
                Outcome::Moved(self.complete(address))
            }
            (Some("ASK"), Some(address)) => {
                self.saw_answer();
                Outcome::Ask(self.complete(address))
            }
            (Some("TRYAGAIN"), _) => Outcome::Again,
            (Some("OOM"), _) => {
                self.saw_answer();
                Outcome::Lost(Lost::Full)
            }
            (code, _) => {
                let why = format!("{}: {error}", self.address());
                self.judge(code, error);
                Outcome::Lost(Lost::Failed(why))
            }
        }
    }

    /// What says that the server cannot do its work counts against it; what says that this call is wrong
    /// does not.
    fn judge(&self, code: Option<&str>, error: &RedisError) {
        match code {
            Some("READONLY") => {
                self.saw_failure(&error.to_string());
                self.ask_reconnect();
            }
            Some("LOADING" | "MASTERDOWN" | "CLUSTERDOWN" | "NOREPLICAS" | "MISCONF" | "BUSY") => {
                self.saw_failure(&error.to_string());
            }
            Some("NOAUTH" | "WRONGPASS") => self.ask_reconnect(),
            Some(_) => self.saw_answer(),
            None => {
                self.saw_failure(&error.to_string());
                self.ask_reconnect();
            }
        }
    }

    /// A redirect without a host means the host that was asked.
    fn complete(&self, mut address: Address) -> Address {
        if address.host.is_empty() || address.host == "?" {
            address.host = self.address().host;
        }
        address
    }

    /// Tries a call whatever the breaker says, on a connection that may be new.
    pub(super) async fn probe(link: &Link, call: &Call, limit: Duration) -> Result<(), String> {
        let until = Instant::now() + limit;
        match timeout_at(until, link::call(link, call, false)).await {
            Ok(Ok(_)) => Ok(()),
            // It answers, and has another node do it, or is short of memory: it is there.
            Ok(Err(error))
                if matches!(error.code(), Some("MOVED" | "ASK" | "TRYAGAIN" | "OOM")) =>
            {
                Ok(())
            }
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("no answer came in time".to_owned()),
        }
    }
}

/// Where a redirect points: `MOVED 3999 127.0.0.1:6381`.
fn redirect(error: &RedisError) -> Option<Address> {
    if !matches!(error.kind(), ErrorKind::Server(_)) {
        return None;
    }
    let (at, _) = error.redirect_node()?;
    let (host, port) = at.rsplit_once(':')?;
    Some(Address {
        host: host.trim_matches(['[', ']']).to_owned(),
        port: port.parse().ok()?,
    })
}

pub(super) fn locked<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
