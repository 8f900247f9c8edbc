//! What is known of each host, and who waits to know.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::Resolved;

/// The shortest that an answer counts, whatever it says itself.
const SHORTEST: Duration = Duration::from_secs(1);

/// The longest that an answer counts. Asking sooner than needed costs one question a minute, and a
/// change that comes sooner than announced is seen.
const LONGEST: Duration = Duration::from_secs(60);

/// How long a name that cannot be resolved is not asked for again.
const REST: Duration = Duration::from_secs(1);

/// How long addresses stay in use that cannot be asked for anew.
const STALE: Duration = Duration::from_secs(3600);

/// How long a host is remembered that nobody asks for.
const FORGET: Duration = Duration::from_secs(2 * 3600);

/// Addresses of one host that are used; no host needs more.
const MOST_ADDRESSES: usize = 64;

/// What the name server says: the addresses, and for how long.
pub(super) type Said = Result<(Vec<IpAddr>, Duration), String>;

/// What is known of each host.
#[derive(Default)]
pub(super) struct Cache(HashMap<String, Entry>);

struct Entry {
    addresses: Option<Arc<[IpAddr]>>,
    /// Until then nothing is asked.
    until: Instant,
    /// When the addresses were last confirmed.
    confirmed: Instant,
    /// When somebody last wanted to know.
    wanted: Instant,
    /// Why the last question was not answered.
    failed: Option<Arc<str>>,
    asking: bool,
    waiting: Vec<oneshot::Sender<Resolved>>,
}

/// What came of looking.
pub(super) enum Found {
    /// It is known.
    Here(Resolved),
    /// The question is on its way already.
    Asked,
    /// It must be asked.
    Ask,
}

impl Entry {
    fn new(now: Instant) -> Self {
        Self {
            addresses: None,
            until: now,
            confirmed: now,
            wanted: now,
            failed: None,
            asking: false,
            waiting: Vec::new(),
        }
    }

    fn resolved(&self, now: Instant) -> Resolved {
        let usable = now.saturating_duration_since(self.confirmed) < STALE;
        match (&self.addresses, &self.failed) {
            (Some(addresses), None) => Ok(Arc::clone(addresses)),
            (Some(addresses), Some(_)) if usable => Ok(Arc::clone(addresses)),
            (_, Some(why)) => Err(Arc::clone(why)),
            (None, None) => Err("the name was not asked for".into()),
        }
    }
}

impl Cache {
    /// What is known of a host; `waiter` is told where it has to be asked for.
    pub(super) fn find(
        &mut self,
        host: &str,
        now: Instant,
        waiter: oneshot::Sender<Resolved>,
    ) -> Found {
        let entry = self.entry(host, now);
        if now < entry.until {
            return Found::Here(entry.resolved(now));
        }
        entry.waiting.retain(|waiting| !waiting.is_closed());
        entry.waiting.push(waiter);
        match std::mem::replace(&mut entry.asking, true) {
            true => Found::Asked,
            false => Found::Ask,
        }
    }

    /// What is known of a host, and whether it must be asked anew.
    pub(super) fn known(&mut self, host: &str, now: Instant) -> (Option<Arc<[IpAddr]>>, bool) {
        let entry = self.entry(host, now);
        let known = entry.resolved(now).ok();
        let ask = now >= entry.until && !std::mem::replace(&mut entry.asking, true);
        (known, ask)
    }

    fn entry(&mut self, host: &str, now: Instant) -> &mut Entry {
        if !self.0.contains_key(host) {
            let kept = |entry: &Entry| now.saturating_duration_since(entry.wanted) < FORGET;
            self.0.retain(|_, entry| entry.asking || kept(entry));
        }
        let entry = self
            .0
            .entry(host.to_owned())
            .or_insert_with(|| Entry::new(now));
        entry.wanted = now;
        entry
    }

    /// Takes an answer in and tells everybody who waits.
    pub(super) fn answered(&mut self, host: &str, said: Said, now: Instant) {
        let Some(entry) = self.0.get_mut(host) else {
            return;
        };
        let failed_before = entry.failed.is_some();
        match said {
            Ok((mut addresses, valid)) => {
                addresses.truncate(MOST_ADDRESSES);
                entry.addresses = Some(addresses.into());
                entry.until = now + valid.clamp(SHORTEST, LONGEST);
                entry.confirmed = now;
                entry.failed = None;
                if failed_before {
                    tracing::info!(host, "a name can be resolved again");
                }
            }
            Err(why) => {
                entry.until = now + REST;
                if !failed_before {
                    let stays = entry.addresses.is_some();
                    tracing::warn!(
                        host,
                        reason = why,
                        last_addresses_stay_in_use = stays,
                        "a name cannot be resolved"
                    );
                }
                entry.failed = Some(why.into());
            }
        }
        entry.asking = false;
        let resolved = entry.resolved(now);
        for waiting in entry.waiting.drain(..) {
            let _ = waiting.send(resolved.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::time::{Duration, Instant};

    use tokio::sync::oneshot;

    use super::{Cache, Found, Resolved, STALE};

    fn find(cache: &mut Cache, now: Instant) -> (Found, oneshot::Receiver<Resolved>) {
        let (send, receive) = oneshot::channel();
        (cache.find("a", now, send), receive)
    }

    #[test]
    fn an_answer_counts_as_long_as_it_says_and_is_asked_for_once() {
        let ip: IpAddr = "10.0.0.1".parse().unwrap();
        let mut cache = Cache::default();
        let start = Instant::now();
        let (first, mut one) = find(&mut cache, start);
        let (second, mut two) = find(&mut cache, start);
        assert!(matches!(first, Found::Ask) && matches!(second, Found::Asked));
        cache.answered("a", Ok((vec![ip], Duration::from_secs(5))), start);
        for waiting in [&mut one, &mut two] {
            assert_eq!(waiting.try_recv().unwrap().unwrap()[..], [ip]);
        }
        let within = start + Duration::from_secs(4);
        let (found, _) = find(&mut cache, within);
        assert!(matches!(found, Found::Here(Ok(addresses)) if addresses[..] == [ip]));
        assert!(!cache.known("a", within).1);
        let after = start + Duration::from_secs(5);
        assert!(cache.known("a", after).1);
        assert!(!cache.known("a", after).1, "the question is on its way");
        assert!(matches!(find(&mut cache, after).0, Found::Asked));
    }

    #[test]
    fn last_addresses_stay_in_use_for_a_while() {
        let ip: IpAddr = "10.0.0.1".parse().unwrap();
        let mut cache = Cache::default();
        let start = Instant::now();
        let _ = find(&mut cache, start);
        cache.answered("a", Ok((vec![ip], Duration::ZERO)), start);
        let later = start + Duration::from_secs(10);
        let (found, mut waiting) = find(&mut cache, later);
        assert!(matches!(found, Found::Ask));
        cache.answered("a", Err("away".to_owned()), later);
        assert_eq!(waiting.try_recv().unwrap().unwrap()[..], [ip]);
        // Not asked again at once.
        assert!(matches!(find(&mut cache, later).0, Found::Here(Ok(_))));
        let too_late = start + STALE;
        let (_, mut waiting) = find(&mut cache, too_late);
        cache.answered("a", Err("away".to_owned()), too_late);
        assert_eq!(&*waiting.try_recv().unwrap().unwrap_err(), "away");
    }

    #[test]
    fn what_never_resolved_is_told() {
        let mut cache = Cache::default();
        let now = Instant::now();
        let (_, mut waiting) = find(&mut cache, now);
        cache.answered("a", Err("there is no such name".to_owned()), now);
        assert_eq!(
            &*waiting.try_recv().unwrap().unwrap_err(),
            "there is no such name"
        );
        assert!(cache.known("a", now).0.is_none());
    }
}
