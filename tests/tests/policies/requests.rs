//! Random requests, put to a guard.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use fastrand::Rng;
use gated_engine::authorise::Question;
use gated_engine::matcher::Routing;
use gated_engine::principal::{ClaimValue, Principal};
use gated_engine::program::ClaimKind;
use gated_engine::request::Request;
use http::{HeaderMap, HeaderValue, Method, Uri, Version};
use serde_json::{Map, Value, json};

use super::expressions::{NAMES, ROLES};
use super::specs::{IDENTITIES, ROUTES, Spec};

/// A request, as both sides need it.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) identity: usize,
    pub(crate) id: String,
    pub(crate) claims: Map<String, Value>,
    pub(crate) route: usize,
    pub(crate) parameters: Map<String, Value>,
    pub(crate) method: String,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) client: IpAddr,
    pub(crate) millis: i64,
    pub(crate) secure: bool,
    pub(crate) page: Option<String>,
    pub(crate) tenant: Option<String>,
}

impl Asked {
    pub(crate) fn random(chance: &mut Rng) -> Self {
        let identity = chance.usize(..IDENTITIES.len());
        let route = chance.usize(..ROUTES.len());
        let id = match IDENTITIES[identity].0 {
            "guest" => "anonymous".to_owned(),
            _ => NAMES[chance.usize(..NAMES.len())].to_owned(),
        };
        let mut claims = Map::new();
        for (name, kind, optional) in IDENTITIES[identity].1 {
            if *optional && chance.bool() {
                continue;
            }
            let value = match *name {
                "sub" => json!(id),
                name => claim(chance, name, kind),
            };
            claims.insert((*name).to_owned(), value);
        }
        let (parameters, path) = path(chance, route);
        let method = match ROUTES[route].1 {
            "" => ["GET", "PUT", "DELETE"][chance.usize(..3)],
            method => method,
        };
        let clients = ["127.0.0.1", "10.1.2.3", "::1", "fd00::7", "192.0.2.1"];
        let times = [
            0_i64,
            1_704_067_200_000,
            1_795_334_400_123,
            -1,
            1_900_000_000_000,
        ];
        Self {
            identity,
            id,
            claims,
            route,
            parameters,
            method: method.to_owned(),
            host: ["shop.example", "localhost"][chance.usize(..2)].to_owned(),
            path,
            client: clients[chance.usize(..clients.len())].parse().unwrap(),
            millis: times[chance.usize(..times.len())],
            secure: chance.bool(),
            page: chance.bool().then(|| chance.u8(..3).to_string()),
            tenant: chance
                .bool()
                .then(|| ["acme", "beta"][chance.usize(..2)].to_owned()),
        }
    }

    /// The route that is asked.
    pub(crate) fn route_name(&self) -> &'static str {
        ROUTES[self.route].0
    }

    /// The identity of who asks.
    pub(crate) fn identity_name(&self) -> &'static str {
        IDENTITIES[self.identity].0
    }

    /// What the guard says.
    pub(crate) fn ours(&self, spec: &Spec) -> bool {
        let bundle = &spec.bundle;
        let identities = &bundle.program().identities;
        let name = IDENTITIES[self.identity].0;
        let number = identities.iter().position(|one| one.name == name).unwrap();
        let identity = &identities[number];
        let principal = Principal {
            identity: u32::try_from(number).unwrap(),
            id: self.id.clone(),
            claims: IDENTITIES[self.identity]
                .1
                .iter()
                .map(|(name, kind, _)| self.claims.get(*name).map(|value| typed(kind, value)))
                .collect(),
        };
        let query = self.page.as_ref().map(|page| format!("?page={page}"));
        let uri: Uri = format!("{}{}", self.path, query.unwrap_or_default())
            .parse()
            .unwrap();
        let method: Method = self.method.parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_str(&self.host).unwrap());
        if let Some(tenant) = &self.tenant {
            headers.insert("x-tenant", HeaderValue::from_str(tenant).unwrap());
        }
        let scheme = if self.secure { "https" } else { "http" };
        let request =
            Request::normalise(&method, &uri, Version::HTTP_11, &headers, scheme).unwrap();
        let Routing::Found(found) = bundle.route(&request, None) else {
            panic!("no route takes {self:?}");
        };
        let taker = &bundle.program().routes[found.route as usize];
        assert_eq!(taker.name, ROUTES[self.route].0);
        let guard = bundle.guard(found.route).unwrap();
        let since = Duration::from_millis(self.millis.unsigned_abs());
        let verdict = bundle.authorise(
            guard,
            &Question {
                principal: &principal,
                identity,
                request: &request,
                found: &found,
                client: self.client,
                now: match self.millis < 0 {
                    true => SystemTime::UNIX_EPOCH - since,
                    false => SystemTime::UNIX_EPOCH + since,
                },
            },
        );
        verdict.is_allowed()
    }
}

fn typed(kind: &str, value: &Value) -> ClaimValue {
    let kind = match kind {
        "string" => ClaimKind::Text,
        "long" => ClaimKind::Long,
        "bool" => ClaimKind::Bool,
        "set<string>" => ClaimKind::Texts,
        "set<long>" => ClaimKind::Longs,
        "datetime" => ClaimKind::Datetime,
        "ipaddr" => ClaimKind::Ip,
        _ => ClaimKind::Decimal,
    };
    ClaimValue::from_json(kind, value).unwrap()
}

fn claim(chance: &mut Rng, name: &str, kind: &str) -> Value {
    let some = |chance: &mut Rng, of: &[&str]| -> Value {
        of.iter()
            .filter(|_| chance.bool())
            .map(|one| json!(one))
            .collect()
    };
    match (name, kind) {
        ("roles", _) => some(chance, &ROLES),
        (_, "set<string>") => some(chance, &["ann", "lead", "GET", "north"]),
        (_, "set<long>") => json!([chance.u8(..4), chance.u8(..4)]),
        (_, "bool") => json!(chance.bool()),
        (_, "ipaddr") => json!(["10.1.2.3", "10.0.0.0/8", "::1", "224.0.0.9"][chance.usize(..4)]),
        (_, "datetime") => {
            json!(["2024-01-01T00:00:00Z", "2027-05-06T07:08:09.123Z"][chance.usize(..2)])
        }
        (_, "decimal") => json!(["0.5", "-1.25", "3.1415"][chance.usize(..3)]),
        ("limit", _) => json!([1_i64, i64::MAX, -5][chance.usize(..3)]),
        (_, "long") => json!([0_i64, 3, 5, i64::MIN, i64::MAX][chance.usize(..5)]),
        _ => json!(["red", "blue"][chance.usize(..2)]),
    }
}

/// The parameters of a path, and the path in its normal form.
fn path(chance: &mut Rng, route: usize) -> (Map<String, Value>, String) {
    let mut parameters = Map::new();
    let path = match route {
        0 | 1 => {
            let (id, written) = [
                ("ann", "ann"),
                ("bob", "bob"),
                ("a b", "a%20b"),
                ("x/y", "x%2Fy"),
            ][chance.usize(..4)];
            parameters.insert("id".to_owned(), json!(id));
            format!("/orders/{written}")
        }
        2 => {
            let (n, day) = (
                chance.u8(..6),
                ["2024-01-01", "2026-11-22"][chance.usize(..2)],
            );
            parameters.insert("n".to_owned(), json!(n));
            parameters.insert("day".to_owned(), json!(day));
            format!("/pages/{n}/{day}")
        }
        _ => {
            let rest = ["ann", "a/b", "orders"][chance.usize(..3)];
            parameters.insert("rest".to_owned(), json!(rest));
            format!("/any/{rest}")
        }
    };
    (parameters, path)
}
