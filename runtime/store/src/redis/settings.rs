//! Which Redis, and how it is spoken to. Passwords are in here: what is printed of settings leaves them out.

use std::fmt;
use std::time::Duration;

use percent_encoding::percent_decode_str;

use super::tls::Tls;

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    /// Its host name or address, without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Which servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Servers {
    /// This one.
    Single(Address),
    /// The primary that Sentinels name.
    Sentinel {
        /// The Sentinels.
        sentinels: Vec<Address>,
        /// What they call the primary.
        primary: String,
    },
    /// A cluster, of which some nodes are named.
    Cluster(Vec<Address>),
}

/// Who the gateway is to a server.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Login {
    /// The user; left out, the default one.
    pub user: Option<String>,
    /// The password.
    pub password: Option<String>,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let password = self.password.as_ref().map(|_| "…");
        f.debug_struct("Login")
            .field("user", &self.user)
            .field("password", &password)
            .finish()
    }
}

/// How Redis is spoken to.
#[derive(Debug, Clone)]
pub struct RedisSettings {
    /// Whose state it is: keys begin with this name.
    pub gateway: String,
    /// Which servers.
    pub servers: Servers,
    /// Who the gateway is to them.
    pub login: Login,
    /// Who the gateway is to Sentinels.
    pub sentinel_login: Login,
    /// The number of the database.
    pub database: u16,
    /// TLS, if it is to be spoken; to Sentinels too.
    pub tls: Option<Tls>,
    /// How long a call may take.
    pub deadline: Duration,
    /// How long a connect may take, with TLS and login.
    pub connect: Duration,
    /// How many calls may wait for answers at once.
    pub in_flight: usize,
    /// After how many failures in a row a server is left alone.
    pub failures: u32,
    /// How often a server that is left alone is tried.
    pub probe: Duration,
}

/// Settings that can never work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSettings(pub(super) String);

impl RedisSettings {
    /// Settings for servers, with everything else as it is by default: 20 ms a call, 250 ms a connect, 1,024
    /// calls at once, left alone after 3 failures and tried every 250 ms.
    #[must_use]
    pub fn new(gateway: &str, servers: Servers) -> Self {
        Self {
            gateway: gateway.to_owned(),
            servers,
            login: Login::default(),
            sentinel_login: Login::default(),
            database: 0,
            tls: None,
            deadline: Duration::from_millis(20),
            connect: Duration::from_millis(250),
            in_flight: 1024,
            failures: 3,
            probe: Duration::from_millis(250),
        }
    }

    /// Settings of a URL: `redis://[user:password@]host[:port][/database]`, `redis+sentinel://` with several
    /// hosts behind commas and the primary's name first in the path (`/primary[/database]`), and
    /// `redis+cluster://` with several hosts. `rediss…` speaks TLS.
    ///
    /// # Errors
    /// When it is no such URL. What it says has no password in it.
    pub fn of_url(gateway: &str, url: &str) -> Result<Self, BadSettings> {
        let (scheme, rest) = url.split_once("://").ok_or_else(|| {
            bad("the url of a redis begins with `redis://`, `redis+sentinel://` or `redis+cluster://`")
        })?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, hosts) = match authority.rsplit_once('@') {
            Some((login, hosts)) => (login_of(login)?, hosts),
            None => (Login::default(), authority),
        };
        let (kind, tls) = match scheme.strip_prefix("rediss") {
            Some(kind) => (kind, true),
            None => (scheme.strip_prefix("redis").unwrap_or("?"), false),
        };
        let (servers, database) = servers_of(scheme, kind, hosts, path)?;
        Ok(Self {
            login,
            database: database_of(database)?,
            tls: tls.then(Tls::default),
            ..Self::new(gateway, servers)
        })
    }
}

fn servers_of<'a>(
    scheme: &str,
    kind: &str,
    hosts: &str,
    path: &'a str,
) -> Result<(Servers, &'a str), BadSettings> {
    let port = if kind == "+sentinel" { 26379 } else { 6379 };
    let all: Result<Vec<Address>, _> = hosts
        .split(',')
        .map(|host| address_of(host, port))
        .collect();
    let mut all = all?;
    match kind {
        "" => match (all.pop(), all.is_empty()) {
            (Some(one), true) => Ok((Servers::Single(one), path)),
            _ => Err(bad(
                "a url with several hosts begins with `redis+sentinel://` or `redis+cluster://`",
            )),
        },
        "+cluster" => Ok((Servers::Cluster(all), path)),
        "+sentinel" => {
            let (primary, database) = path.split_once('/').unwrap_or((path, ""));
            if primary.is_empty() {
                return Err(bad(
                    "a url of sentinels ends with the primary's name: `redis+sentinel://host/name`",
                ));
            }
            let servers = Servers::Sentinel {
                sentinels: all,
                primary: decoded(primary)?,
            };
            Ok((servers, database))
        }
        _ => Err(bad(&format!(
            "`{scheme}` is no scheme of a redis; it is `redis`, `redis+sentinel` or `redis+cluster`, and `rediss…` with TLS"
        ))),
    }
}

fn address_of(text: &str, port: u16) -> Result<Address, BadSettings> {
    let odd = || bad(&format!("`{text}` is no host and port"));
    let (host, rest) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']').ok_or_else(odd)?,
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let port = match rest.strip_prefix(':') {
        Some(digits) => digits.parse().map_err(|_| odd())?,
        None if rest.is_empty() => port,
        None => return Err(odd()),
    };
    if host.is_empty() || host.contains(['/', '?', '#', ' ']) {
        return Err(odd());
    }
    Ok(Address {
        host: host.to_owned(),
        port,
    })
}

fn login_of(text: &str) -> Result<Login, BadSettings> {
    let (user, password) = match text.split_once(':') {
        Some((user, password)) => (user, Some(decoded(password)?)),
        None => (text, None),
    };
    let user = Some(decoded(user)?).filter(|user| !user.is_empty());
    Ok(Login { user, password })
}

fn database_of(text: &str) -> Result<u16, BadSettings> {
    let text = text.trim_end_matches('/');
    if text.is_empty() {
        return Ok(0);
    }
    let odd = |_| bad(&format!("`{text}` is no number of a database"));
    text.parse().map_err(odd)
}

fn decoded(text: &str) -> Result<String, BadSettings> {
    let decoded = percent_decode_str(text).decode_utf8();
    let text = decoded
        .map_err(|_| bad("the user, password or name in the url of a redis is not utf-8"))?;
    Ok(text.into_owned())
}

pub(super) fn bad(what: &str) -> BadSettings {
    BadSettings(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(host: &str, port: u16) -> Address {
        Address {
            host: host.to_owned(),
            port,
        }
    }

    #[test]
    fn urls_say_which_servers_and_who_asks() {
        let one = RedisSettings::of_url("shop", "redis://ann:p%40ss@cache:7000/3").unwrap();
        assert_eq!(one.servers, Servers::Single(address("cache", 7000)));
        assert_eq!((one.database, one.tls.is_none()), (3, true));
        assert_eq!(one.login.password.as_deref(), Some("p@ss"));
        let password = RedisSettings::of_url("shop", "rediss://:secret@[::1]").unwrap();
        assert_eq!(password.login.user, None);
        assert_eq!(password.servers, Servers::Single(address("::1", 6379)));
        assert!(password.tls.is_some());
        let sentinel = RedisSettings::of_url("shop", "redis+sentinel://a,b:5/main/2").unwrap();
        let expected = Servers::Sentinel {
            sentinels: vec![address("a", 26379), address("b", 5)],
            primary: "main".to_owned(),
        };
        assert_eq!((sentinel.servers, sentinel.database), (expected, 2));
        let cluster = RedisSettings::of_url("shop", "redis+cluster://a,b:7001").unwrap();
        assert_eq!(
            cluster.servers,
            Servers::Cluster(vec![address("a", 6379), address("b", 7001)])
        );
    }

    #[test]
    fn what_can_never_work_is_said_without_the_password() {
        for url in [
            "cache:6379",
            "http://:hunter2@cache",
            "redis://:hunter2@a,b",
            "redis://:hunter2@",
            "redis://:hunter2@cache:notaport",
            "redis://:hunter2@cache/x",
            "redis+sentinel://:hunter2@cache",
            "redisx://:hunter2@cache",
        ] {
            let error = RedisSettings::of_url("shop", url).unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn settings_are_printed_without_secrets() {
        let settings = RedisSettings::of_url("shop", "rediss://ann:hunter2@cache").unwrap();
        let printed = format!("{settings:?}");
        assert!(
            printed.contains("ann") && !printed.contains("hunter2"),
            "{printed}"
        );
    }
}
