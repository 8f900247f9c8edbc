//! Where the primary is, by what Sentinels say: asked before each connect and every second, so that a
//! primary that was replaced while it hung is left when it comes back.

use std::sync::Arc;
use std::time::Duration;

use redis::{Cmd, Value};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

use super::link::{self, Link};
use super::settings::Address;
use super::shared::{Shared, Topology};

/// How often they are asked.
const EVERY: Duration = Duration::from_secs(1);

/// The Sentinels.
#[derive(Debug)]
pub(super) struct Sentinels {
    addresses: Vec<Address>,
    primary: String,
    /// The one that answered last.
    link: Mutex<Option<(Address, Link)>>,
}

impl Sentinels {
    pub(super) fn new(addresses: Vec<Address>, primary: String) -> Self {
        Self {
            addresses,
            primary,
            link: Mutex::new(None),
        }
    }

    /// Where the primary is: the word of the first Sentinel that answers.
    pub(super) async fn primary(&self, shared: &Shared) -> Result<Address, String> {
        let limit = shared.settings.connect;
        let mut kept = self.link.lock().await;
        if let Some((at, link)) = kept.as_ref() {
            match self.ask(at, link, limit).await {
                Ok(primary) => return Ok(primary),
                Err(_) => *kept = None,
            }
        }
        let mut whys = Vec::new();
        for at in &self.addresses {
            match self.connect(at, shared, limit).await {
                Ok((primary, link)) => {
                    *kept = Some((at.clone(), link));
                    return Ok(primary);
                }
                Err(why) => whys.push(why),
            }
        }
        Err(format!(
            "no sentinel names the primary: {}",
            whys.join("; ")
        ))
    }

    async fn connect(
        &self,
        at: &Address,
        shared: &Shared,
        limit: Duration,
    ) -> Result<(Address, Link), String> {
        let connecting = timeout(limit, shared.links.to_sentinel(at));
        let late = |_| format!("{at}: it was not connected in time");
        let link = connecting.await.map_err(late)??;
        Ok((self.ask(at, &link, limit).await?, link))
    }

    async fn ask(&self, at: &Address, link: &Link, limit: Duration) -> Result<Address, String> {
        let mut command = Cmd::new();
        command
            .arg("SENTINEL")
            .arg("GET-MASTER-ADDR-BY-NAME")
            .arg(&self.primary);
        let answer = timeout(limit, link::plain(link, &command)).await;
        let answer = answer.map_err(|_| format!("{at}: no answer came in time"))?;
        match answer.map_err(|error| format!("{at}: {error}"))? {
            Value::Array(parts) => address(&parts).ok_or_else(|| format!("{at}: an odd answer")),
            _ => Err(format!("{at} knows no primary called `{}`", self.primary)),
        }
    }
}

fn address(parts: &[Value]) -> Option<Address> {
    let [Value::BulkString(host), Value::BulkString(port)] = parts else {
        return None;
    };
    Some(Address {
        host: String::from_utf8(host.clone()).ok()?,
        port: std::str::from_utf8(port).ok()?.parse().ok()?,
    })
}

/// Leaves a primary that is none any more.
pub(super) async fn watch(shared: Arc<Shared>) {
    loop {
        sleep(super::keep::jitter(EVERY)).await;
        let Topology::Sentinel(node, sentinels) = &shared.servers else {
            return;
        };
        if node.link().is_none() {
            continue;
        }
        if let Ok(primary) = sentinels.primary(&shared).await
            && primary != node.address()
        {
            node.ask_reconnect();
        }
    }
}
