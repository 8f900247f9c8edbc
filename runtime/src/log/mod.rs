//! Logs: `tracing` for what happens to the replica, and one line for each request. Both go through one
//! sink, pretty on a terminal and as JSON otherwise, to standard error.

pub(crate) mod access;
mod flood;
mod lines;
pub(crate) mod request_id;
mod sink;

use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Registry, reload};

pub(crate) use flood::Flood;
use lines::Lines;
pub(crate) use sink::Sink;

/// The levels by name.
pub(crate) const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// Changes what is logged while the replica runs.
pub(crate) struct Level {
    filter: Option<reload::Handle<LevelFilter, Registry>>,
    present: Mutex<Present>,
}

#[derive(Debug, Clone, Copy)]
struct Present {
    level: LevelFilter,
    /// Set by hand: a new bundle does not change it.
    pinned: bool,
}

impl Level {
    /// The present level by name.
    pub(crate) fn name(&self) -> String {
        self.present
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .level
            .to_string()
    }

    /// Sets the level, as somebody asked for by hand. `false`: there is no such level.
    pub(crate) fn pin(&self, name: &str) -> bool {
        LEVELS.contains(&name) && self.set(name, true)
    }

    /// Sets the level that the bundle names, unless one was set by hand.
    pub(crate) fn follow(&self, name: &str) {
        self.set(name, false);
    }

    fn set(&self, name: &str, by_hand: bool) -> bool {
        let Ok(level) = name.parse::<LevelFilter>() else {
            return false;
        };
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        if !by_hand && present.pinned {
            return true;
        }
        *present = Present {
            level,
            pinned: by_hand || present.pinned,
        };
        match &self.filter {
            Some(filter) => filter.modify(|filter| *filter = level).is_ok(),
            None => true,
        }
    }
}

/// Whether a format is for people; without one, a terminal decides.
pub(crate) fn is_pretty(format: Option<&str>) -> bool {
    match format {
        Some("pretty") => true,
        Some("json") => false,
        _ => std::io::stderr().is_terminal(),
    }
}

/// Begins to log. Without a `level`, each bundle's own is followed; without a `format`, a terminal
/// gets pretty lines and anything else JSON.
pub(crate) fn begin(level: Option<&str>, format: Option<&str>) -> (Level, Arc<Sink>) {
    let pretty = is_pretty(format);
    let sink = Arc::new(Sink::standard_error(pretty));
    let (filter, handle) = reload::Layer::new(LevelFilter::INFO);
    let lines = Lines {
        sink: Arc::clone(&sink),
        color: std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    };
    // A test that starts several replicas in one process has one subscriber only.
    let begun = tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init()
        .is_ok();
    let present = Present {
        level: LevelFilter::INFO,
        pinned: false,
    };
    let log = Level {
        filter: begun.then_some(handle),
        present: Mutex::new(present),
    };
    if let Some(level) = level {
        log.pin(level);
    }
    (log, sink)
}

/// As the inside of a JSON string; that also keeps control characters off terminals.
fn escape(text: &mut String, value: &str) -> std::fmt::Result {
    for letter in value.chars() {
        match letter {
            '"' | '\\' => {
                text.push('\\');
                text.push(letter);
            }
            control if control.is_control() => write!(text, "\\u{:04x}", u32::from(control))?,
            other => text.push(other),
        }
    }
    Ok(())
}
