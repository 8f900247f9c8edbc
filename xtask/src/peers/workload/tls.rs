//! TLS: on connections that are kept, and a full handshake for every request.

use super::{Subject, Workload, per_request};
use crate::peers::load::handshake;
use crate::peers::load::wrk::Wrk;
use crate::peers::sample::Sample;
use crate::peers::service::{Act, Key, Service, Transport};

pub(super) struct Kept;

impl Workload for Kept {
    fn name(&self) -> &'static str {
        "tls"
    }

    fn title(&self) -> &'static str {
        "TLS 1.3, kept connections, proxy 1 KiB"
    }

    fn service(&self) -> Service {
        over(Key::Rsa, Act::Proxy { routes: None })
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Sample, String> {
        let mut wrk = Wrk::new(subject.place.address, self.service().path());
        wrk.tls = true;
        per_request(subject, &|seconds| wrk.run(seconds))
    }
}

pub(super) struct Handshakes {
    name: &'static str,
    title: &'static str,
    key: Key,
}

pub(super) const RSA: Handshakes = Handshakes {
    name: "handshakes-rsa",
    title: "TLS 1.3, full handshakes, RSA 2,048",
    key: Key::Rsa,
};
pub(super) const ECDSA: Handshakes = Handshakes {
    name: "handshakes-ecdsa",
    title: "TLS 1.3, full handshakes, ECDSA P-256",
    key: Key::Ecdsa,
};

impl Workload for Handshakes {
    fn name(&self) -> &'static str {
        self.name
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn unit(&self) -> &'static str {
        "µs CPU/handshake"
    }

    fn needs(&self) -> &'static str {
        "openssl"
    }

    fn service(&self) -> Service {
        over(self.key, Act::Answer)
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Sample, String> {
        let path = self.service().path();
        let address = subject.place.address;
        per_request(subject, &|seconds| handshake::run(address, path, seconds))
    }
}

fn over(key: Key, act: Act) -> Service {
    Service {
        transport: Transport::Tls(key),
        ..Service::plain(act)
    }
}
