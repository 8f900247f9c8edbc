//! A worker's own view of a snapshot: beside the shared bundle, whatever serving it changes (whose
//! turn it is among an upstream's servers, counters), so that no two threads write the same memory.

use std::cell::OnceCell;
use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;

use super::{ListenerSettings, Snapshot};
use crate::metrics::{IdentityCounters, RouteCounters, UpstreamCounters};
use crate::proxy::{Picker, Pool, Target};
use crate::server::Worker;

/// A snapshot as one worker sees it.
pub(crate) struct View {
    snapshot: Option<Arc<Snapshot>>,
    routes: Box<[OnceCell<Arc<RouteCounters>>]>,
    upstreams: Vec<UpstreamView>,
    identities: Vec<Arc<IdentityCounters>>,
    listeners: Vec<(u32, Arc<ListenerSettings>)>,
}

/// An upstream as one worker sees it.
pub(crate) struct UpstreamView {
    /// Whose turn it is.
    pub(crate) picker: Picker,
    /// Connections to each server, in the order of the settings.
    pub(crate) pools: Vec<Rc<Pool>>,
    /// Counters.
    pub(crate) counters: Arc<UpstreamCounters>,
}

impl View {
    /// Before there is a snapshot.
    pub(crate) fn empty() -> Self {
        Self {
            snapshot: None,
            routes: Box::default(),
            upstreams: Vec::new(),
            identities: Vec::new(),
            listeners: Vec::new(),
        }
    }

    /// A worker's view of a snapshot. Pools are the worker's, so connections to servers outlive it.
    pub(crate) fn new(snapshot: Option<Arc<Snapshot>>, worker: &Worker) -> Self {
        let Some(snapshot) = snapshot else {
            return Self::empty();
        };
        let upstreams = snapshot
            .upstreams
            .iter()
            .map(|upstream| UpstreamView {
                picker: Picker::new(
                    upstream
                        .servers
                        .iter()
                        .map(|server| server.weight)
                        .collect(),
                ),
                pools: upstream
                    .servers
                    .iter()
                    .map(|server| worker.pools.pool(Target::new(upstream, server)))
                    .collect(),
                counters: worker.counters.upstream(&upstream.name),
            })
            .collect();
        let routes = (0..snapshot.routes).map(|_| OnceCell::new()).collect();
        let identities = snapshot
            .identities
            .names()
            .map(|name| worker.counters.identity(name))
            .collect();
        let listeners = worker.shared.listener_settings(&snapshot);
        Self {
            snapshot: Some(snapshot),
            routes,
            upstreams,
            identities,
            listeners,
        }
    }

    /// The snapshot, if there is one.
    pub(crate) fn snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_deref()
    }

    /// An upstream.
    pub(crate) fn upstream(&self, index: u32) -> Option<&UpstreamView> {
        self.upstreams.get(index as usize)
    }

    /// The counters of an identity.
    pub(crate) fn identity(&self, index: u32) -> Option<&IdentityCounters> {
        self.identities.get(index as usize).map(Arc::as_ref)
    }

    /// The settings this snapshot has for an open listener.
    pub(crate) fn listener(&self, slot: u32) -> Option<&ListenerSettings> {
        self.listeners
            .iter()
            .find(|(open, _)| *open == slot)
            .map(|(_, settings)| settings.as_ref())
    }

    /// Reads what a request on this route will need further on. With many routes it lies in no cache;
    /// asked for here it all comes at the same time, while other work is done.
    pub(crate) fn foresee(&self, index: u32) {
        let route = self.snapshot().and_then(|snapshot| snapshot.route(index));
        black_box(route.map(|route| route.timeout_ms));
        let counters = self.routes.get(index as usize);
        black_box(counters.is_some_and(|counters| counters.get().is_some()));
    }

    /// The same for a request that is about to be counted.
    pub(crate) fn foresee_counting(&self, route: Option<u32>) {
        let counters = route.and_then(|index| self.routes.get(index as usize)?.get());
        black_box(counters.map(|counters| counters.glance()));
    }

    /// A route's counters, looked up by name at its first request.
    pub(crate) fn counters(&self, worker: &Worker, route: Option<u32>) -> Option<&RouteCounters> {
        let index = route? as usize;
        let counters = self.routes.get(index)?.get_or_init(|| {
            let name = self
                .snapshot()
                .and_then(|snapshot| snapshot.route(index as u32));
            worker
                .counters
                .route(name.map_or("", |route| route.name.as_str()))
        });
        Some(counters)
    }
}
