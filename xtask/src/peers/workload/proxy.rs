//! Requests passed on to an upstream that answers 1 KiB, connections kept open on both sides.

use super::{Subject, Workload, per_request};
use crate::peers::load::wrk::Wrk;
use crate::peers::sample::Sample;
use crate::peers::service::{Act, Service};

pub(super) struct Proxy;

impl Workload for Proxy {
    fn name(&self) -> &'static str {
        "proxy"
    }

    fn title(&self) -> &'static str {
        "proxy, 1 KiB"
    }

    fn service(&self) -> Service {
        Service::plain(Act::Proxy { routes: None })
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Sample, String> {
        let wrk = Wrk::new(subject.place.address, self.service().path());
        per_request(subject, &|seconds| wrk.run(seconds))
    }
}
