//! Opens the store that a program wants.

use std::collections::HashMap;
use std::path::PathBuf;

use gated_engine::program::{self, RedisUrl, StoreKind};
use gated_store::redis::{RedisSettings, Tls};
use gated_store::{MemoryBounds, Store};

use crate::snapshot::Unfit;
use crate::tls::Disk;

/// What a store is opened with, secrets put in. Two snapshots whose settings are the same share a store.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Settings {
    kind: Kind,
    gateway: String,
    most_keys: usize,
    most_memory: usize,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Memory,
    File(PathBuf),
    Sqlite(PathBuf),
    Redis {
        program: Box<program::Redis>,
        url: String,
        password: Option<String>,
        authorities: Option<Vec<u8>>,
    },
}

impl Settings {
    /// # Errors
    /// If a secret or a file is missing.
    pub(super) fn resolve(
        store: &program::Store,
        gateway: &str,
        secrets: &HashMap<String, String>,
        disk: &mut Disk,
    ) -> Result<Self, Unfit> {
        let kind = match &store.kind {
            StoreKind::Memory => Kind::Memory,
            StoreKind::File(path) => Kind::File(disk.locate(path)),
            StoreKind::Sqlite(path) => Kind::Sqlite(disk.locate(path)),
            StoreKind::Redis(redis) => Self::redis(redis, secrets, disk)?,
        };
        Ok(Self {
            kind,
            gateway: match &store.tenant {
                Some(tenant) => format!("{tenant}/{gateway}"),
                None => gateway.to_owned(),
            },
            most_keys: usize::try_from(store.most_keys).unwrap_or(usize::MAX),
            most_memory: usize::try_from(store.most_memory).unwrap_or(usize::MAX),
        })
    }

    fn redis(
        redis: &program::Redis,
        secrets: &HashMap<String, String>,
        disk: &mut Disk,
    ) -> Result<Kind, Unfit> {
        let secret = |name: &String| {
            let value = secrets.get(name).cloned();
            value.ok_or_else(|| Unfit::Secrets(vec![name.clone()]))
        };
        let authorities = match &redis.authorities {
            None => None,
            Some(path) => Some(disk.read(path).map_err(|why| Unfit::File {
                why,
                watched: Vec::new(),
            })?),
        };
        Ok(Kind::Redis {
            url: match &redis.url {
                RedisUrl::Given(url) => url.clone(),
                RedisUrl::Secret(name) => secret(name)?.trim().to_owned(),
            },
            password: redis.password.as_ref().map(secret).transpose()?,
            authorities,
            program: Box::new(redis.clone()),
        })
    }

    pub(super) fn most_keys(&self) -> usize {
        self.most_keys
    }

    /// # Errors
    /// If the store can never be opened.
    pub(super) fn open(&self) -> Result<Store, Unfit> {
        let unfit = |why: String| Unfit::Value(format!("the store cannot be opened: {why}"));
        let bounds = MemoryBounds {
            limits: self.most_keys,
            bytes: self.most_memory,
            ..MemoryBounds::default()
        };
        match &self.kind {
            Kind::Memory => Ok(Store::memory(bounds)),
            Kind::File(path) => Store::file(path, bounds).map_err(|why| unfit(why.to_string())),
            Kind::Sqlite(path) => Store::sqlite(path, bounds).map_err(|why| unfit(why.to_string())),
            Kind::Redis { .. } => {
                let settings = self.redis_settings().map_err(unfit)?;
                Store::redis(settings).map_err(|why| unfit(why.to_string()))
            }
        }
    }

    fn redis_settings(&self) -> Result<RedisSettings, String> {
        let Kind::Redis {
            program,
            url,
            password,
            authorities,
        } = &self.kind
        else {
            return Err("it is no Redis".to_owned());
        };
        let mut settings =
            RedisSettings::of_url(&self.gateway, url).map_err(|why| why.to_string())?;
        if program.user.is_some() {
            settings.login.user.clone_from(&program.user);
        }
        if password.is_some() {
            settings.login.password.clone_from(password);
        }
        if let Some(pem) = authorities {
            let tls = settings.tls.get_or_insert_with(Tls::default);
            tls.authorities = Some(pem.clone());
        }
        settings.deadline = std::time::Duration::from_millis(program.deadline_ms.max(1));
        settings.connect = std::time::Duration::from_millis(program.connect_timeout_ms.max(1));
        Ok(settings)
    }
}
