//! HTTP/2 with prior knowledge: 16 connections with 10 requests in flight each.

use super::{Subject, Workload, per_request};
use crate::peers::load::h2load::H2load;
use crate::peers::sample::Sample;
use crate::peers::service::{Act, Service, Transport};

pub(super) struct Http2 {
    name: &'static str,
    title: &'static str,
    act: Act,
}

pub(super) const ANSWER: Http2 = Http2 {
    name: "http2-answer",
    title: "HTTP/2, ready answer",
    act: Act::Answer,
};
pub(super) const PROXY: Http2 = Http2 {
    name: "http2-proxy",
    title: "HTTP/2, proxy 1 KiB",
    act: Act::Proxy { routes: None },
};

impl Workload for Http2 {
    fn name(&self) -> &'static str {
        self.name
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn needs(&self) -> &'static str {
        "h2load"
    }

    fn service(&self) -> Service {
        Service {
            transport: Transport::Http2,
            ..Service::plain(self.act)
        }
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Sample, String> {
        let load = H2load {
            address: subject.place.address,
            path: self.service().path().to_owned(),
            connections: 16,
            streams: 10,
            log: subject.place.file("h2load.log"),
        };
        per_request(subject, &|seconds| load.run(seconds))
    }
}
