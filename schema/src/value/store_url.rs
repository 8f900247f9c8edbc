//! Where a store is.

use super::text_value;

text_value! {
    /// Where Redis is, or a secret that holds it.
    StoreUrl, STORE_URL = "store-url",
    "where Redis is, such as `redis://127.0.0.1:6379`, or a secret that holds it: `(secret)\"redis-url\"`",
    ["redis://127.0.0.1:6379/0", "rediss://redis.internal:6380", "redis+sentinel://s1:26379,s2:26379/main", "redis+cluster://n1:6379,n2:6379"],
    check
}

/// How the URL of Redis begins: what it is, whether over TLS, whether a path may follow.
const SCHEMES: &[(&str, bool)] = &[
    ("redis", true),
    ("rediss", true),
    ("redis+sentinel", true),
    ("rediss+sentinel", true),
    ("redis+cluster", false),
    ("rediss+cluster", false),
];

impl StoreUrl {
    /// The name of the secret that holds it, if one does.
    pub fn secret(&self) -> Option<&str> {
        secret(self.as_str())
    }
}

fn secret(text: &str) -> Option<&str> {
    text.strip_prefix("{{ secret(\"")?.strip_suffix("\") }}")
}

fn check(text: &str) -> Result<(), String> {
    if secret(text).is_some() {
        return Ok(());
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err(format!(
            "`{text}` is no URL; write for example `redis://{}`",
            if text.is_empty() {
                "127.0.0.1:6379"
            } else {
                text
            }
        ));
    };
    let Some((_, path_allowed)) = SCHEMES.iter().find(|(name, _)| *name == scheme) else {
        let known: Vec<_> = SCHEMES
            .iter()
            .map(|(name, _)| format!("`{name}://`"))
            .collect();
        return Err(format!(
            "`{scheme}://` in `{text}` is not known; expected one of {}",
            known.join(", ")
        ));
    };
    if rest.contains('@') {
        return Err(
            "a user and a password in the URL are known to whoever reads it; write `user=` and `password=(secret)\"redis-password\"`, or give the whole URL as a secret"
                .to_owned(),
        );
    }
    let (hosts, path) = rest
        .split_once('/')
        .map_or((rest, None), |(hosts, path)| (hosts, Some(path)));
    for host in hosts.split(',') {
        check_host(host, text)?;
    }
    let several = hosts.contains(',');
    if several && !scheme.contains('+') {
        return Err(format!(
            "`{text}` names several hosts; for a cluster write `redis+cluster://`, for Sentinels `redis+sentinel://`"
        ));
    }
    match path.filter(|path| !path.is_empty()) {
        None if scheme.contains("sentinel") => Err(format!(
            "`{text}` does not name the primary that the Sentinels watch; write it behind the hosts: `{text}/main`"
        )),
        Some(_) if !path_allowed => Err(format!(
            "`{text}`: a cluster has no databases; leave out what stands behind the hosts"
        )),
        Some(path) if !scheme.contains('+') && path.parse::<u16>().is_err() => Err(format!(
            "`{path}` in `{text}` is not the number of a database"
        )),
        _ => Ok(()),
    }
}

fn check_host(host: &str, text: &str) -> Result<(), String> {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(format!(
            "`{text}` names no host; write for example `redis://127.0.0.1:6379`"
        ));
    }
    match port {
        Some(port) if port.parse::<u16>().is_err() => Err(format!(
            "`{port}` in `{text}` is not a port; a port is a number from 0 to 65535"
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn urls_are_checked() {
        for right in STORE_URLS {
            assert_eq!(check(right), Ok(()), "{right}");
        }
        for wrong in [
            "",
            "127.0.0.1:6379",
            "http://a",
            "redis://",
            "redis://u:p@h",
            "redis://a,b",
            "redis://a/x",
            "redis+sentinel://a,b",
            "redis+cluster://a/1",
            "redis://a:x",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }

    const STORE_URLS: &[&str] = &[
        "redis://127.0.0.1:6379",
        "redis://h",
        "redis://[::1]:6379/2",
        "rediss://h:1",
        "redis+sentinel://a,b:1/main",
        "redis+cluster://a:1,b:2",
        "{{ secret(\"redis-url\") }}",
    ];
}
