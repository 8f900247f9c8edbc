//! A new connection for every request.

use super::{Subject, Workload, per_request};
use crate::peers::load::wrk::Wrk;
use crate::peers::sample::Sample;
use crate::peers::service::{Act, Service};

pub(super) struct Connections;

impl Workload for Connections {
    fn name(&self) -> &'static str {
        "connections"
    }

    fn title(&self) -> &'static str {
        "ready answer, new connections"
    }

    fn service(&self) -> Service {
        Service::plain(Act::Answer)
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Sample, String> {
        let mut wrk = Wrk::new(subject.place.address, self.service().path());
        wrk.header = Some("Connection: close");
        per_request(subject, &|seconds| wrk.run(seconds))
    }
}
