//! What happens to a replica, as it happens: a stream that anybody within the process can follow. The
//! log follows it; an event that nobody follows costs nothing.

use serde_json::{Value, json};
use tokio::sync::broadcast;

/// Events that a slow follower may fall behind before it misses some.
const CAPACITY: usize = 256;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Event {
    /// What, for example `bundle.swapped`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// When, in RFC 3339.
    pub timestamp: String,
    /// More about it.
    pub data: Value,
}

/// The stream.
#[derive(Debug)]
pub(crate) struct Events(broadcast::Sender<Event>);

impl Default for Events {
    fn default() -> Self {
        Self(broadcast::Sender::new(CAPACITY))
    }
}

impl Events {
    /// Tells everybody who follows, and the log.
    pub(crate) fn announce(&self, kind: &'static str, data: Value) {
        let data = if data.is_null() { json!({}) } else { data };
        let text = data.to_string();
        match kind {
            "bundle.refused" => tracing::error!(
                event = kind,
                data.json = text,
                "the change is refused; what ran before serves on"
            ),
            "bundle.swapped" => tracing::info!(
                event = kind,
                data.json = text,
                "a new bundle serves: {} from {}",
                counted(data.get("routes"), "route"),
                text_of(&data, "source")
            ),
            "replica.draining" => tracing::info!(
                event = kind,
                data.json = text,
                "stopping; {} may finish",
                counted(data.get("connections"), "connection")
            ),
            "replica.stopped" => tracing::info!(
                event = kind,
                data.json = text,
                "stopped; {} cut",
                counted(data.get("connections_cut"), "connection")
            ),
            "log-level.changed" => tracing::info!(
                event = kind,
                data.json = text,
                "messages from `{}` on are logged",
                text_of(&data, "level")
            ),
            "bundle.mended" => tracing::info!(
                event = kind,
                data.json = text,
                "what was refused is good again; what runs is unchanged"
            ),
            _ => tracing::info!(event = kind, data.json = text, "{kind}"),
        }
        let _ = self.0.send(Event {
            kind,
            timestamp: now(),
            data,
        });
    }

    /// Follows from now on.
    pub(crate) fn follow(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}

fn text_of<'d>(data: &'d Value, key: &str) -> &'d str {
    data.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// `1 route`, `2 routes`.
fn counted(number: Option<&Value>, word: &str) -> String {
    match number.and_then(Value::as_u64).unwrap_or_default() {
        1 => format!("1 {word}"),
        number => format!("{number} {word}s"),
    }
}

/// The present time in RFC 3339.
pub(crate) fn now() -> String {
    format!("{:.3}", jiff::Timestamp::now())
}
