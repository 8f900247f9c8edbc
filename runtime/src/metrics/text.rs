//! Counters in the text form that Prometheus reads (version 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, SystemTime};

use gated_store::Health;

use super::{BUCKETS, Counter, HandshakeCounters, Registry, RouteCounters, lock, names};
use crate::identify::Facts;
use crate::session::SessionSettings;
use crate::state::LimitSettings;

/// What is told besides the counters.
pub(crate) struct Exposition<'a> {
    pub(crate) version: &'a str,
    pub(crate) gateway: &'a str,
    /// The digest that runs; empty: none.
    pub(crate) digest: &'a str,
    pub(crate) since: Option<SystemTime>,
    pub(crate) uptime: Duration,
    /// Certificates: the listener's name, what to call it, and until when it is good.
    pub(crate) certificates: &'a [(String, String, SystemTime)],
    /// Keys of tokens that are fetched.
    pub(crate) keys: &'a [Facts],
    /// The store, and the limits that are counted there.
    pub(crate) state: Option<(Health, &'a [LimitSettings], &'a [SessionSettings])>,
}

/// A route's counters over all workers.
#[derive(Default)]
struct RouteSum {
    classes: [u64; 6],
    buckets: [u64; BUCKETS.len() + 1],
    microseconds: u64,
    decisions: [u64; 4],
}

impl RouteSum {
    fn add(&mut self, counters: &RouteCounters) {
        add_all(&mut self.classes, counters.classes());
        add_all(&mut self.buckets, counters.buckets());
        self.microseconds += counters.microseconds.get();
        add_all(&mut self.decisions, counters.decisions.iter());
    }
}

fn decisions(page: &mut String, routes: &BTreeMap<String, RouteSum>) {
    family(
        page,
        names::DECISIONS,
        "counter",
        "Decisions of the policies, by route and outcome.",
    );
    for (route, sum) in routes {
        for (outcome, count) in names::DECIDED.iter().zip(sum.decisions) {
            if count > 0 {
                let labels = [("route", route.as_str()), ("outcome", outcome)];
                line(page, names::DECISIONS, &labels, count as f64);
            }
        }
    }
}

fn add_all<'c>(sums: &mut [u64], counters: impl Iterator<Item = &'c Counter>) {
    for (sum, counter) in sums.iter_mut().zip(counters) {
        *sum += counter.get();
    }
}

impl Registry {
    /// The whole page.
    pub(crate) fn expose(&self, about: &Exposition<'_>) -> String {
        let mut page = String::with_capacity(16 * 1024);
        self.requests(&mut page);
        self.totals(&mut page);
        self.upstreams(&mut page);
        self.handshakes(&mut page);
        self.identities(&mut page);
        keys(&mut page, about.keys);
        certificates(&mut page, about.certificates);
        if let Some((health, limits, sessions)) = &about.state {
            super::state::expose(&mut page, health, limits, sessions);
        }
        self.reloads(&mut page);
        info(&mut page, about);
        page
    }

    fn requests(&self, page: &mut String) {
        let mut routes: BTreeMap<String, RouteSum> = BTreeMap::new();
        for worker in lock(&self.workers).iter() {
            routes
                .entry(names::UNMATCHED.to_owned())
                .or_default()
                .add(&worker.unmatched);
            for (name, counters) in lock(&worker.routes).iter() {
                routes.entry(name.clone()).or_default().add(counters);
            }
        }
        family(
            page,
            names::REQUESTS,
            "counter",
            "Requests answered, by route and class of status.",
        );
        for (route, sum) in &routes {
            for (class, count) in names::CLASSES.iter().zip(sum.classes) {
                if count > 0 {
                    line(
                        page,
                        names::REQUESTS,
                        &[("route", route), ("class", class)],
                        count as f64,
                    );
                }
            }
        }
        family(
            page,
            names::DURATION,
            "histogram",
            "From the end of a request's headers to the end of its answer.",
        );
        for (route, sum) in &routes {
            histogram(page, route, sum);
        }
        decisions(page, &routes);
    }

    fn totals(&self, page: &mut String) {
        let gauge = |page: &mut String, name, help, value: u64| {
            family(page, name, "gauge", help);
            line(page, name, &[], value as f64);
        };
        gauge(
            page,
            names::IN_FLIGHT,
            "Requests being answered now.",
            self.in_flight(),
        );
        gauge(
            page,
            names::CONNECTIONS,
            "Client connections open now.",
            self.open_connections(),
        );
        let mut total = |name, help, value: u64| {
            family(page, name, "counter", help);
            line(page, name, &[], value as f64);
        };
        let sum = |pick: fn(&super::WorkerCounters) -> u64| self.sum(pick);
        total(
            names::CONNECTIONS_TOTAL,
            "Client connections accepted.",
            sum(|w| w.connections_opened.get()),
        );
        total(
            names::MALFORMED,
            "Connections closed because what came in is no HTTP.",
            sum(|w| w.malformed.get()),
        );
        total(
            names::BYTES_IN,
            "Bytes of request bodies taken.",
            sum(|w| w.bytes_in.get()),
        );
        total(
            names::BYTES_OUT,
            "Bytes of response bodies sent.",
            sum(|w| w.bytes_out.get()),
        );
    }

    fn upstreams(&self, page: &mut String) {
        let mut upstreams: BTreeMap<String, [u64; 5]> = BTreeMap::new();
        for worker in lock(&self.workers).iter() {
            for (name, counters) in lock(&worker.upstreams).iter() {
                let sums = upstreams.entry(name.clone()).or_default();
                let now = [
                    &counters.requests,
                    &counters.connections,
                    &counters.unreachable,
                    &counters.timeouts,
                    &counters.malformed,
                ];
                for (sum, counter) in sums.iter_mut().zip(now) {
                    *sum += counter.get();
                }
            }
        }
        family(
            page,
            names::UPSTREAM_REQUESTS,
            "counter",
            "Requests passed on, by upstream.",
        );
        for (name, [requests, ..]) in &upstreams {
            line(
                page,
                names::UPSTREAM_REQUESTS,
                &[("upstream", name)],
                *requests as f64,
            );
        }
        family(
            page,
            names::UPSTREAM_CONNECTIONS,
            "counter",
            "Connections made to servers, by upstream.",
        );
        for (name, [_, connections, ..]) in &upstreams {
            line(
                page,
                names::UPSTREAM_CONNECTIONS,
                &[("upstream", name)],
                *connections as f64,
            );
        }
        family(
            page,
            names::UPSTREAM_ERRORS,
            "counter",
            "Failures of servers, by upstream and kind.",
        );
        for (name, [_, _, unreachable, timeouts, malformed]) in &upstreams {
            for (kind, count) in [
                ("connect", unreachable),
                ("timeout", timeouts),
                ("answer", malformed),
            ] {
                line(
                    page,
                    names::UPSTREAM_ERRORS,
                    &[("upstream", name), ("kind", kind)],
                    *count as f64,
                );
            }
        }
    }

    fn handshakes(&self, page: &mut String) {
        let mut listeners: BTreeMap<String, [u64; 6]> = BTreeMap::new();
        for worker in lock(&self.workers).iter() {
            for (name, counters) in lock(&worker.handshakes).iter() {
                let HandshakeCounters {
                    full,
                    resumed,
                    failed,
                    late,
                    abandoned,
                    plain,
                } = &**counters;
                let sums = listeners.entry(name.clone()).or_default();
                let now = [full, resumed, failed, late, abandoned, plain];
                for (sum, counter) in sums.iter_mut().zip(now) {
                    *sum += counter.get();
                }
            }
        }
        if listeners.is_empty() {
            return;
        }
        family(
            page,
            names::HANDSHAKES,
            "counter",
            "TLS handshakes with clients, by listener and result.",
        );
        let results = ["full", "resumed", "failed", "timeout", "abandoned", "plain"];
        for (listener, sums) in &listeners {
            for (result, count) in results.iter().zip(sums) {
                let labels = [("listener", listener.as_str()), ("result", result)];
                line(page, names::HANDSHAKES, &labels, *count as f64);
            }
        }
    }

    fn identities(&self, page: &mut String) {
        let mut identities: BTreeMap<String, [u64; 3]> = BTreeMap::new();
        for worker in lock(&self.workers).iter() {
            for (name, counters) in lock(&worker.identities).iter() {
                let sums = identities.entry(name.clone()).or_default();
                let all = [&counters.proved, &counters.refused, &counters.away];
                add_all(sums, all.into_iter());
            }
        }
        if identities.is_empty() {
            return;
        }
        family(
            page,
            names::AUTHENTICATIONS,
            "counter",
            "Credentials looked at, by identity and outcome.",
        );
        for (identity, sums) in &identities {
            for (outcome, count) in ["proved", "refused", "unavailable"].iter().zip(sums) {
                let labels = [("identity", identity.as_str()), ("outcome", outcome)];
                line(page, names::AUTHENTICATIONS, &labels, *count as f64);
            }
        }
    }

    fn reloads(&self, page: &mut String) {
        family(
            page,
            names::RELOADS,
            "counter",
            "Times the sources were read again, by outcome.",
        );
        let reloads = &self.reloads;
        for (outcome, counter) in [
            ("swapped", &reloads.swapped),
            ("unchanged", &reloads.unchanged),
            ("refused", &reloads.refused),
            ("empty", &reloads.empty),
        ] {
            line(
                page,
                names::RELOADS,
                &[("outcome", outcome)],
                counter.get() as f64,
            );
        }
    }
}

fn certificates(page: &mut String, certificates: &[(String, String, SystemTime)]) {
    // Several may have the same name (one RSA, one ECDSA): the first to end counts.
    let mut series: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for (listener, name, until) in certificates {
        let until = until
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs() as f64;
        let known = series.entry((listener, name)).or_insert(until);
        *known = known.min(until);
    }
    if series.is_empty() {
        return;
    }
    family(
        page,
        names::CERTIFICATE_EXPIRY,
        "gauge",
        "When a listener's certificate ends, in Unix time.",
    );
    for ((listener, name), until) in series {
        let labels = [("listener", listener), ("name", name)];
        line(page, names::CERTIFICATE_EXPIRY, &labels, until);
    }
}

fn keys(page: &mut String, keys: &[Facts]) {
    if keys.is_empty() {
        return;
    }
    family(
        page,
        names::KEY_FETCHES,
        "counter",
        "Times that keys of tokens were fetched, by URL and outcome.",
    );
    let mut seen: Vec<&str> = Vec::new();
    let once: Vec<&Facts> = keys
        .iter()
        .filter(|facts| {
            let first = !seen.contains(&facts.url.as_str());
            seen.push(&facts.url);
            first
        })
        .collect();
    for facts in &once {
        for (outcome, count) in [("ok", facts.fetched), ("failed", facts.failed)] {
            let labels = [("url", facts.url.as_str()), ("outcome", outcome)];
            line(page, names::KEY_FETCHES, &labels, count as f64);
        }
    }
    family(
        page,
        names::KEYS_AGE,
        "gauge",
        "Seconds since keys of tokens were last fetched.",
    );
    for facts in once {
        if let Some(age) = facts.age {
            let labels = [("url", facts.url.as_str())];
            line(page, names::KEYS_AGE, &labels, age.as_secs_f64());
        }
    }
}

fn info(page: &mut String, about: &Exposition<'_>) {
    family(page, names::BUILD, "gauge", "The version of this program.");
    line(page, names::BUILD, &[("version", about.version)], 1.0);
    family(page, names::UPTIME, "gauge", "Seconds since the start.");
    line(page, names::UPTIME, &[], about.uptime.as_secs_f64());
    if let Some(since) = about.since {
        family(page, names::BUNDLE, "gauge", "The bundle that runs.");
        line(
            page,
            names::BUNDLE,
            &[("digest", about.digest), ("gateway", about.gateway)],
            1.0,
        );
        family(
            page,
            names::BUNDLE_SINCE,
            "gauge",
            "When the bundle that runs took over, in Unix time.",
        );
        let since = since
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        line(page, names::BUNDLE_SINCE, &[], since.as_secs_f64());
    }
}

fn histogram(page: &mut String, route: &str, sum: &RouteSum) {
    let total: u64 = sum.buckets.iter().sum();
    if total == 0 {
        return;
    }
    let bucket = format!("{}_bucket", names::DURATION);
    let mut below = 0;
    for (bound, count) in BUCKETS.iter().zip(sum.buckets) {
        below += count;
        let bound = (*bound as f64 / 1e6).to_string();
        line(
            page,
            &bucket,
            &[("route", route), ("le", &bound)],
            below as f64,
        );
    }
    line(
        page,
        &bucket,
        &[("route", route), ("le", "+Inf")],
        total as f64,
    );
    line(
        page,
        &format!("{}_sum", names::DURATION),
        &[("route", route)],
        sum.microseconds as f64 / 1e6,
    );
    line(
        page,
        &format!("{}_count", names::DURATION),
        &[("route", route)],
        total as f64,
    );
}

pub(super) fn family(page: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

pub(super) fn line(page: &mut String, name: &str, labels: &[(&str, &str)], value: f64) {
    page.push_str(name);
    for (index, (label, text)) in labels.iter().enumerate() {
        let _ = write!(page, "{}{label}=\"", if index == 0 { '{' } else { ',' });
        for letter in text.chars() {
            match letter {
                '\\' => page.push_str("\\\\"),
                '"' => page.push_str("\\\""),
                '\n' => page.push_str("\\n"),
                other => page.push(other),
            }
        }
        page.push('"');
    }
    let _ = writeln!(page, "{} {value}", if labels.is_empty() { "" } else { "}" });
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Exposition, Facts, Registry};

    #[test]
    fn workers_are_added_up_and_labels_escaped() {
        let registry = Registry::default();
        let workers = [registry.worker(), registry.worker()];
        for worker in &workers {
            worker
                .route("a \"b\"")
                .record(200, Duration::from_millis(3));
            worker.unmatched.record(404, Duration::from_secs(20));
        }
        let page = registry.expose(&Exposition {
            version: "1",
            gateway: "g",
            digest: "",
            since: None,
            uptime: Duration::from_secs(1),
            certificates: &[],
            keys: &[Facts {
                url: "https://a/k".to_owned(),
                fetched: 2,
                failed: 1,
                age: Some(Duration::from_secs(7)),
            }],
            state: None,
        });
        for wanted in [
            "gated_requests_total{route=\"a \\\"b\\\"\",class=\"2xx\"} 2\n",
            "gated_requests_total{route=\"-\",class=\"4xx\"} 2\n",
            "gated_request_duration_seconds_bucket{route=\"a \\\"b\\\"\",le=\"0.0025\"} 0\n",
            "gated_request_duration_seconds_bucket{route=\"a \\\"b\\\"\",le=\"0.005\"} 2\n",
            "gated_request_duration_seconds_bucket{route=\"-\",le=\"10\"} 0\n",
            "gated_request_duration_seconds_bucket{route=\"-\",le=\"+Inf\"} 2\n",
            "gated_request_duration_seconds_sum{route=\"-\"} 40\n",
            "gated_key_fetches_total{url=\"https://a/k\",outcome=\"failed\"} 1\n",
            "gated_keys_age_seconds{url=\"https://a/k\"} 7\n",
        ] {
            assert!(page.contains(wanted), "no {wanted:?} in\n{page}");
        }
    }
}
