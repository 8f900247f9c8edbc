//! Passing on with few and with many routes: what matching costs, and what a large configuration
//! takes to be read and held.

use super::{Subject, Workload, per_request};
use crate::peers::load::script;
use crate::peers::load::wrk::Wrk;
use crate::peers::sample::Sample;
use crate::peers::service::{Act, Service};

pub(super) struct Routes {
    name: &'static str,
    title: &'static str,
    count: u32,
    /// How many of the routes are asked for in turn: one route's tables stay in the processor's
    /// caches, those of thousands do not.
    asked: u32,
}

/// More than what the nearest caches hold.
const MANY: u32 = 4096;

pub(super) const ONE: Routes = Routes {
    name: "routes-1",
    title: "proxy, 1 route",
    count: 1,
    asked: 1,
};
pub(super) const THOUSAND: Routes = Routes {
    name: "routes-1k",
    title: "proxy, 1,000 routes",
    count: 1_000,
    asked: MANY,
};
pub(super) const TEN_THOUSAND: Routes = Routes {
    name: "routes-10k",
    title: "proxy, 10,000 routes",
    count: 10_000,
    asked: MANY,
};
pub(super) const HUNDRED_THOUSAND: Routes = Routes {
    name: "routes-100k",
    title: "proxy, 100,000 routes",
    count: 100_000,
    asked: MANY,
};
pub(super) const ONE_OF_MANY: Routes = Routes {
    name: "routes-100k-one",
    title: "proxy, 100,000 routes, one asked for",
    count: 100_000,
    asked: 1,
};

impl Workload for Routes {
    fn name(&self) -> &'static str {
        self.name
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn service(&self) -> Service {
        Service::plain(Act::Proxy {
            routes: Some(self.count),
        })
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Sample, String> {
        let mut wrk = Wrk::new(subject.place.address, self.service().path());
        wrk.script = Some(script::routes(subject.place, self.count, self.asked)?);
        let mut sample = per_request(subject, &|seconds| wrk.run(seconds))?;
        let start = subject.running.start.as_secs_f64();
        sample
            .aside
            .push(("ms from start to first answer", start * 1e3));
        Ok(sample)
    }
}
