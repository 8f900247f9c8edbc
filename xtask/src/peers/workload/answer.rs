//! An answer that is known when the configuration is read.

use super::{Subject, Workload, per_request};
use crate::peers::load::wrk::Wrk;
use crate::peers::sample::Sample;
use crate::peers::service::{Act, Service};

pub(super) struct Answer;

impl Workload for Answer {
    fn name(&self) -> &'static str {
        "answer"
    }

    fn title(&self) -> &'static str {
        "ready answer, 100 B"
    }

    fn service(&self) -> Service {
        Service::plain(Act::Answer)
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Sample, String> {
        let wrk = Wrk::new(subject.place.address, self.service().path());
        per_request(subject, &|seconds| wrk.run(seconds))
    }
}
