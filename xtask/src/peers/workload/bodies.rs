//! Bodies of 1 MiB through the proxy, to the client and from it.

use super::{Subject, Workload, per_request};
use crate::peers::load::script;
use crate::peers::load::wrk::Wrk;
use crate::peers::sample::Sample;
use crate::peers::service::{Act, Service};
use crate::peers::upstream::{BIG, BIG_BYTES, SINK};

pub(super) struct Bodies {
    name: &'static str,
    title: &'static str,
    up: bool,
}

pub(super) const DOWN: Bodies = Bodies {
    name: "body-down",
    title: "1 MiB bodies, to the client",
    up: false,
};
pub(super) const UP: Bodies = Bodies {
    name: "body-up",
    title: "1 MiB bodies, from the client",
    up: true,
};

impl Workload for Bodies {
    fn name(&self) -> &'static str {
        self.name
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn unit(&self) -> &'static str {
        "s CPU/GB"
    }

    fn service(&self) -> Service {
        Service::plain(Act::Proxy { routes: None })
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Sample, String> {
        let mut wrk = Wrk::new(subject.place.address, if self.up { SINK } else { BIG });
        if self.up {
            wrk.script = Some(script::upload(subject.place)?);
        }
        let mut sample = per_request(subject, &|seconds| wrk.run(seconds))?;
        sample.figure = per_gigabyte(sample.figure);
        Ok(sample)
    }
}

/// Microseconds a body as seconds for 1,000,000,000 bytes.
fn per_gigabyte(micros: f64) -> f64 {
    micros * 1e-6 * 1e9 / BIG_BYTES as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_a_thousandth_of_a_gigabyte_and_a_little() {
        assert!((per_gigabyte(1048.576) - 1.0).abs() < 1e-9);
    }
}
