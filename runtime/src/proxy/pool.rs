//! Connections to servers that wait for their next request. Each worker has its own, and they outlive
//! snapshots: a swap does not make anybody connect anew.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use tokio::sync::Semaphore;

use super::channel::{Channel, Seat};
use super::dial::{Dial, Dialed};
use super::target::Target;
use super::unreached::Unreached;
use crate::http1::{Stream, Wire};
use crate::names::Names;
use crate::snapshot::PoolSettings;

/// How long a server that no connection could be made to is tried only after the others, and not at
/// all where all others are down too.
const AVOID_FOR: Duration = Duration::from_secs(1);

/// A connection that speaks HTTP/1.1, while one request has it.
pub(super) struct Line {
    pub(super) wire: Rc<Wire>,
    peer: IpAddr,
    born: Instant,
    /// Requests it carried, the present one included.
    served: u32,
}

impl Line {
    fn new(stream: Stream, peer: IpAddr) -> Self {
        Self {
            wire: Rc::new(Wire::new(stream, BytesMut::new())),
            peer,
            born: Instant::now(),
            served: 1,
        }
    }

    /// Whether it may carry another request.
    fn is_young(&self, kept: &PoolSettings) -> bool {
        let few = kept.requests.is_none_or(|most| self.served < most);
        few && kept.lifetime.is_none_or(|most| self.born.elapsed() < most)
    }
}

/// A way to send one request.
pub(super) enum Way {
    /// A connection of its own for as long as it takes.
    Line(Line),
    /// A place on a connection that others use too.
    Seat(Seat),
}

/// One server's connections.
pub(crate) struct Pool {
    dial: Dial,
    idle: RefCell<Vec<(Line, Instant)>>,
    /// Connections that carry many requests at once.
    channels: RefCell<Vec<Rc<Channel>>>,
    /// Whether the last connection made was such a one: then one is made at a time, and others wait
    /// for a place on it.
    shares: Cell<bool>,
    making: Semaphore,
    avoid_until: Cell<Option<Instant>>,
    /// Why the last connection could not be made.
    down: RefCell<Option<Unreached>>,
}

impl Pool {
    fn new(dial: Dial) -> Self {
        Self {
            shares: Cell::new(dial.target().http2 && !dial.target().http1),
            making: Semaphore::new(1),
            channels: RefCell::default(),
            idle: RefCell::default(),
            avoid_until: Cell::new(None),
            down: RefCell::default(),
            dial,
        }
    }

    /// A way that needs no new connection.
    pub(super) fn take(&self) -> Option<Way> {
        self.seat()
            .map(Way::Seat)
            .or_else(|| self.idle_line().map(Way::Line))
    }

    /// A place on a connection that stands.
    fn seat(&self) -> Option<Seat> {
        let kept = &self.dial.target().kept;
        let mut channels = self.channels.borrow_mut();
        channels.retain(|channel| channel.is_good(kept));
        let free = channels.iter().find(|channel| channel.has_room());
        free.map(Channel::seat)
    }

    /// An idle connection that is still good: the server neither closed it nor sent anything.
    fn idle_line(&self) -> Option<Line> {
        let mut idle = self.idle.borrow_mut();
        while let Some((mut line, since)) = idle.pop() {
            if self.is_good(&line, since) {
                line.served = line.served.saturating_add(1);
                return Some(line);
            }
        }
        None
    }

    /// Keeps a connection whose last answer was read to the end.
    pub(super) fn keep(&self, line: Line) {
        let kept = &self.dial.target().kept;
        let mut idle = self.idle.borrow_mut();
        if idle.len() < kept.idle && line.is_young(kept) {
            idle.push((line, Instant::now()));
        }
    }

    fn is_good(&self, line: &Line, since: Instant) -> bool {
        let kept = &self.dial.target().kept;
        let fresh = kept.idle_for.is_none_or(|most| since.elapsed() < most);
        fresh && line.is_young(kept) && line.wire.is_quiet()
    }

    /// Makes a connection.
    ///
    /// # Errors
    /// The name cannot be resolved, nobody answers, nobody who is trusted does, or it takes too long.
    pub(super) async fn connect(&self) -> Result<Way, Unreached> {
        if !self.shares.get() {
            return self.make().await;
        }
        if let Ok(_turn) = self.making.try_acquire() {
            return self.make().await;
        }
        let _turn = self.making.acquire().await;
        match (self.take(), self.why_down()) {
            (Some(way), _) => Ok(way),
            // Whoever was before has just found out.
            (None, Some(why)) if self.avoided() => Err(why),
            (None, _) => self.make().await,
        }
    }

    async fn make(&self) -> Result<Way, Unreached> {
        if self.avoid_until.get().is_some() {
            // One request each second finds out whether a server that was down is up again.
            self.avoid_until.set(Some(Instant::now() + AVOID_FOR));
        }
        let made = self.make_in_time().await;
        self.avoid_until
            .set(made.is_err().then(|| Instant::now() + AVOID_FOR));
        *self.down.borrow_mut() = made.as_ref().err().cloned();
        made
    }

    /// All of it, up to where a request can be sent, within the time there is.
    async fn make_in_time(&self) -> Result<Way, Unreached> {
        let stands = Cell::new(false);
        let making = async {
            let dialed = self.dial.connect().await?;
            stands.set(true);
            self.speak(dialed).await
        };
        let Some(bound) = self.dial.target().bound else {
            return making.await;
        };
        let made = tokio::time::timeout(bound, making).await;
        made.unwrap_or_else(|_| {
            Err(match stands.get() {
                true => Unreached::mute(bound),
                false => Unreached::in_time(Some(bound)),
            })
        })
    }

    async fn speak(&self, dialed: Dialed) -> Result<Way, Unreached> {
        let Dialed {
            stream,
            peer,
            http2,
        } = dialed;
        self.shares.set(http2);
        if !http2 {
            return Ok(Way::Line(Line::new(stream, peer)));
        }
        let channel = Channel::open(stream, peer).await?;
        let seat = channel.seat();
        self.channels.borrow_mut().push(channel);
        Ok(Way::Seat(seat))
    }

    /// Why the last connection could not be made.
    pub(super) fn why_down(&self) -> Option<Unreached> {
        self.down.borrow().clone()
    }

    /// Whether a connection could not be made just now.
    pub(super) fn avoided(&self) -> bool {
        self.avoid_until
            .get()
            .is_some_and(|until| Instant::now() < until)
    }

    /// Whether the last connection could not be made.
    pub(super) fn is_down(&self) -> bool {
        self.avoid_until.get().is_some()
    }

    /// The server, for messages.
    pub(crate) fn name(&self) -> String {
        self.dial.target().name()
    }

    /// Closes what is too old, or leads to where the server is no more.
    fn tidy(&self) {
        let mut idle = self.idle.borrow_mut();
        let mut channels = self.channels.borrow_mut();
        if idle.is_empty() && channels.is_empty() {
            return;
        }
        let is_current = self.dial.is_current();
        let kept = &self.dial.target().kept;
        // One that is let go still ends what it carries.
        channels.retain(|channel| {
            is_current(channel.peer) && channel.is_busy(kept) && channel.is_good(kept)
        });
        idle.retain(|(line, since)| is_current(line.peer) && self.is_good(line, *since));
    }
}

/// The pools of a worker, by server.
pub(crate) struct Pools {
    names: Arc<Names>,
    pools: RefCell<HashMap<Target, Rc<Pool>>>,
}

impl Pools {
    /// Pools without connections.
    pub(crate) fn new(names: Arc<Names>) -> Self {
        Self {
            names,
            pools: RefCell::default(),
        }
    }

    /// The pool of a server.
    pub(crate) fn pool(&self, target: Target) -> Rc<Pool> {
        let mut pools = self.pools.borrow_mut();
        let pool = pools
            .entry(target.clone())
            .or_insert_with(|| Rc::new(Pool::new(Dial::new(target, Arc::clone(&self.names)))));
        Rc::clone(pool)
    }

    /// Closes connections that were idle for too long, and forgets servers that no snapshot names.
    pub(crate) fn tidy(&self) {
        self.pools.borrow_mut().retain(|_, pool| {
            pool.tidy();
            Rc::strong_count(pool) > 1
        });
    }
}
