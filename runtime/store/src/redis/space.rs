//! All keys of a space: found by SCAN on every primary, a few hundred at a time, so that no server is held
//! up for long.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use redis::{Cmd, Value};
use tokio::time::timeout;

use super::link::{self, Link};
use super::name::is_digest;
use super::node::Node;
use super::shared::Shared;
use crate::{Cursor, Key, Lost, Page, Space};

/// Keys that a server looks at in one go.
const LOOKED_AT: usize = 500;
/// Looks for one page at most: a page may come back with few keys or none.
const LOOKS: usize = 40;
/// How long each may take.
const LIMIT: Duration = Duration::from_secs(1);

/// Where a page begins: the number of the server, and the server's own cursor.
type At = (usize, String);

pub(super) async fn list(
    shared: &Arc<Shared>,
    space: &Space,
    after: Option<&Cursor>,
    most: usize,
) -> Result<Page, Lost> {
    let nodes = nodes(shared)?;
    let (mut at, mut keys) = (position(after), BTreeSet::new());
    for _ in 0..LOOKS {
        let Some(node) = nodes.get(at.0) else {
            return Ok(page(keys, None));
        };
        let link = node.link().filter(|_| !node.is_open()).ok_or(Lost::Away)?;
        let (next, found) = scan(shared, &link, space, &at.1).await?;
        for called in found {
            keys.extend(key_of(shared, &link, space, &called).await?);
        }
        at = if next == "0" {
            (at.0 + 1, next)
        } else {
            (at.0, next)
        };
        if keys.len() >= most {
            break;
        }
    }
    let more = at.0 < nodes.len();
    Ok(page(keys, more.then_some(at)))
}

pub(super) async fn drop_all(shared: &Arc<Shared>, space: &Space) -> Result<u64, Lost> {
    let mut dropped = 0;
    for node in nodes(shared)? {
        let link = node.link().filter(|_| !node.is_open()).ok_or(Lost::Away)?;
        let mut at = "0".to_owned();
        loop {
            let (next, found) = scan(shared, &link, space, &at).await?;
            dropped += unlink(&link, found).await?;
            if next == "0" {
                break;
            }
            at = next;
        }
    }
    Ok(dropped)
}

/// The primaries, always in the same order.
fn nodes(shared: &Shared) -> Result<Vec<Arc<Node>>, Lost> {
    let mut nodes = shared.nodes();
    nodes.sort_by_key(|node| node.address());
    if nodes.is_empty() {
        Err(Lost::Away)
    } else {
        Ok(nodes)
    }
}

fn position(after: Option<&Cursor>) -> At {
    let parts = after.and_then(|after| after.as_str().split_once('-'));
    let read = |(node, at): (&str, &str)| {
        let at = at.parse::<u64>().ok()?;
        Some((node.parse().ok()?, at.to_string()))
    };
    parts.and_then(read).unwrap_or((0, "0".to_owned()))
}

fn page(keys: BTreeSet<Key>, next: Option<At>) -> Page {
    Page {
        keys: keys.into_iter().collect(),
        next: next.map(|(node, at)| Cursor::new(format!("{node}-{at}"))),
    }
}

async fn scan(
    shared: &Shared,
    link: &Link,
    space: &Space,
    at: &str,
) -> Result<(String, Vec<Vec<u8>>), Lost> {
    let mut command = Cmd::new();
    command.arg("SCAN").arg(at);
    command.arg("MATCH").arg(shared.names.pattern(space));
    command.arg("COUNT").arg(LOOKED_AT);
    let Value::Array(parts) = ask(link, &command).await? else {
        return Err(odd());
    };
    let [Value::BulkString(next), Value::Array(found)] = parts.as_slice() else {
        return Err(odd());
    };
    let bytes = |value: &Value| match value {
        Value::BulkString(bytes) => Some(bytes.clone()),
        _ => None,
    };
    let next = String::from_utf8_lossy(next).into_owned();
    Ok((next, found.iter().filter_map(bytes).collect()))
}

/// The key that is called so; where that has a digest in it, as the record itself says.
async fn key_of(
    shared: &Shared,
    link: &Link,
    space: &Space,
    called: &[u8],
) -> Result<Option<Key>, Lost> {
    let Some(key) = shared.names.read(space, called) else {
        return Ok(None);
    };
    if !is_digest(&key.name) && !is_digest(&key.place) {
        return Ok(Some(key));
    }
    let mut command = Cmd::new();
    command.arg("HGET").arg(called).arg("n");
    match ask(link, &command).await {
        Ok(Value::BulkString(whole)) => Ok(Key::from_bytes(&whole).or(Some(key))),
        // A limit's count has no room for its name.
        Ok(_) | Err(Lost::Failed(_)) => Ok(Some(key)),
        Err(lost) => Err(lost),
    }
}

/// Each by its own command, as each may be in another slot, but all sent together.
async fn unlink(link: &Link, keys: Vec<Vec<u8>>) -> Result<u64, Lost> {
    if keys.is_empty() {
        return Ok(0);
    }
    let mut pipe = redis::pipe();
    for key in keys {
        pipe.cmd("UNLINK").arg(key);
    }
    let answers = timeout(LIMIT, link::together(link, &pipe)).await;
    let answers = answers.map_err(|_| Lost::Late)?;
    let answers = answers.map_err(|error| Lost::Failed(error.to_string()))?;
    let number = |answer| match answer {
        Value::Int(number) => u64::try_from(number).ok(),
        _ => None,
    };
    // One that has moved on meanwhile is for the caller's next try.
    Ok(answers.into_iter().filter_map(number).sum())
}

async fn ask(link: &Link, command: &Cmd) -> Result<Value, Lost> {
    match timeout(LIMIT, link::plain(link, command)).await {
        Ok(answer) => answer.map_err(|error| Lost::Failed(error.to_string())),
        Err(_) => Err(Lost::Late),
    }
}

fn odd() -> Lost {
    Lost::Failed("the server gave an odd answer".to_owned())
}
