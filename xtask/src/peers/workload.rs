//! What is measured. Adding a workload is one small file below, and its line in [`all`].

mod answer;
mod bodies;
mod connections;
mod http2;
mod idle;
mod proxy;
mod reload;
mod routes;
mod slow;
mod template;
mod tls;

use super::load::Report;
use super::peer::Peer;
use super::place::Place;
use super::running::Running;
use super::sample::Sample;
use super::service::Service;

/// A peer at work, and what measures it.
pub struct Subject<'a> {
    /// Who it is.
    pub peer: &'a dyn Peer,
    /// Where it is.
    pub place: &'a Place,
    /// The process.
    pub running: &'a Running,
    /// How long one measurement lasts.
    pub seconds: u64,
}

/// One thing that servers are asked to do, and the figure that tells how well they do it.
pub trait Workload {
    /// Its name on the command line.
    fn name(&self) -> &'static str;
    /// What it is, in a few words.
    fn title(&self) -> &'static str;
    /// What the figure counts; less is better.
    fn unit(&self) -> &'static str {
        "µs CPU/request"
    }
    /// The program that makes its load, without which it is left out.
    fn needs(&self) -> &'static str {
        "wrk"
    }
    /// What a peer has to serve for it.
    fn service(&self) -> Service;
    /// Measures once.
    ///
    /// # Errors
    /// When the load could not be made, or requests failed that should not.
    fn measure(&self, subject: &Subject<'_>) -> Result<Sample, String>;
}

/// Every workload, in the order of the table.
pub fn all() -> Vec<Box<dyn Workload>> {
    vec![
        Box::new(answer::Answer),
        Box::new(template::Template),
        Box::new(proxy::Proxy),
        Box::new(routes::ONE),
        Box::new(routes::THOUSAND),
        Box::new(routes::TEN_THOUSAND),
        Box::new(routes::HUNDRED_THOUSAND),
        Box::new(routes::ONE_OF_MANY),
        Box::new(connections::Connections),
        Box::new(tls::Kept),
        Box::new(tls::RSA),
        Box::new(tls::ECDSA),
        Box::new(http2::ANSWER),
        Box::new(http2::PROXY),
        Box::new(bodies::DOWN),
        Box::new(bodies::UP),
        Box::new(slow::Slow),
        Box::new(idle::Idle),
        Box::new(reload::Reload),
    ]
}

/// A second of load that is not counted, then the processor time for each request of some seconds
/// of load.
fn per_request(
    subject: &Subject<'_>,
    load: &dyn Fn(u64) -> Result<Report, String>,
) -> Result<Sample, String> {
    load(1)?;
    let before = subject.running.usage();
    let report = load(subject.seconds)?;
    let after = subject.running.usage();
    if report.failed > 0 || report.requests == 0 {
        let Report {
            requests, failed, ..
        } = report;
        return Err(format!(
            "{failed} requests failed, {requests} were answered"
        ));
    }
    let cpu = after.cpu.saturating_sub(before.cpu);
    Ok(Sample {
        figure: cpu.as_secs_f64() * 1e6 / report.requests as f64,
        rate: Some(report.rate),
        p50: report.p50,
        p99: report.p99,
        peak: after.peak,
        start: subject.running.start,
        aside: Vec::new(),
    })
}
