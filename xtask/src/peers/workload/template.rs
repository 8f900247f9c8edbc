//! An answer made from the request, where a peer can; the others give a fixed one of the same size.

use super::{Subject, Workload, per_request};
use crate::peers::load::wrk::Wrk;
use crate::peers::sample::Sample;
use crate::peers::service::{Act, Service};

pub(super) struct Template;

impl Workload for Template {
    fn name(&self) -> &'static str {
        "template"
    }

    fn title(&self) -> &'static str {
        "templated answer, 100 B"
    }

    fn service(&self) -> Service {
        Service::plain(Act::Template)
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Sample, String> {
        let wrk = Wrk::new(subject.place.address, self.service().path());
        per_request(subject, &|seconds| wrk.run(seconds))
    }
}
