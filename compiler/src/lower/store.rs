//! Where state is kept.

use gatec_schema::{Spec, StoreKind};
use gated_engine::program::{self, Redis, RedisUrl};

/// Where Redis is if the spec does not say.
const DEFAULT_URL: &str = "redis://127.0.0.1:6379";

pub(super) fn store(spec: &Spec) -> program::Store {
    let store = &spec.store;
    let path = || {
        store
            .path
            .as_ref()
            .map_or_else(String::new, |path| path.as_str().to_owned())
    };
    program::Store {
        kind: match store.kind {
            StoreKind::Memory => program::StoreKind::Memory,
            StoreKind::File => program::StoreKind::File(path()),
            StoreKind::Sqlite => program::StoreKind::Sqlite(path()),
            StoreKind::Redis => program::StoreKind::Redis(Box::new(redis(store))),
        },
        tenant: store.tenant.clone(),
        most_keys: store.most_keys,
        most_memory: store.most_memory.bytes(),
    }
}

fn redis(store: &gatec_schema::Store) -> Redis {
    Redis {
        url: match store.url.as_ref().map(|url| (url, url.secret())) {
            Some((_, Some(secret))) => RedisUrl::Secret(secret.to_owned()),
            Some((url, None)) => RedisUrl::Given(url.as_str().to_owned()),
            None => RedisUrl::Given(DEFAULT_URL.to_owned()),
        },
        user: store.user.clone(),
        password: store.password.as_ref().map(|name| name.as_str().to_owned()),
        authorities: store
            .authorities
            .as_ref()
            .map(|path| path.as_str().to_owned()),
        deadline_ms: store.deadline.as_millis(),
        connect_timeout_ms: store.connect_timeout.as_millis(),
    }
}
