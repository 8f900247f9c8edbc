//! Lines of `tracing` as they are written: JSON in one object each, or text for people. The form is
//! looked at for each line, so that it can change while the replica runs.
//!
//! A field whose name ends in `.json` holds JSON. It is nested in JSON lines; for people its plain
//! values are written like fields of their own, and what has parts is left out.

use std::fmt::{Debug, Write};
use std::sync::Arc;

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::{Sink, escape};

/// What a field's name ends in whose value is JSON.
const JSON: &str = ".json";

/// Writes every event to the sink.
pub(super) struct Lines {
    pub(super) sink: Arc<Sink>,
    /// Whether levels are coloured for people.
    pub(super) color: bool,
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let now = jiff::Timestamp::now();
        let level = *event.metadata().level();
        let mut line = String::with_capacity(256);
        // Writing to a string cannot fail.
        let _ = if self.sink.pretty() {
            pretty(&mut line, now, level, &fields, self.color)
        } else {
            json(&mut line, now, level, &fields)
        };
        self.sink.push(line.as_bytes());
    }
}

/// An event's fields in their order.
#[derive(Default)]
struct Fields {
    message: String,
    others: Vec<(&'static str, Value)>,
}

impl Fields {
    fn add(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(message)) => self.message = message,
            (name, value) => self.others.push((name, value)),
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name().strip_suffix(JSON) {
            Some(name) => {
                let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
                self.others.push((name, value));
            }
            None => self.add(field, value.into()),
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value.into());
    }
}

fn json(
    line: &mut String,
    now: jiff::Timestamp,
    level: Level,
    fields: &Fields,
) -> std::fmt::Result {
    write!(line, "{{\"timestamp\":\"{now:.6}\",\"level\":\"{level}\"")?;
    line.push_str(",\"message\":\"");
    escape(line, &fields.message)?;
    line.push('"');
    for (name, value) in &fields.others {
        line.push_str(",\"");
        escape(line, name)?;
        write!(line, "\":{value}")?;
    }
    line.push_str("}\n");
    Ok(())
}

fn pretty(
    line: &mut String,
    now: jiff::Timestamp,
    level: Level,
    fields: &Fields,
    color: bool,
) -> std::fmt::Result {
    let (on, off) = if color {
        (paint(level), "\u{1b}[0m")
    } else {
        ("", "")
    };
    write!(line, "{now:.6} {on}{level:>5}{off} ")?;
    escape_controls(line, &fields.message)?;
    for (name, value) in &fields.others {
        match value {
            Value::Object(parts) => {
                for (name, value) in parts {
                    plain(line, name, value)?;
                }
            }
            value => plain(line, name, value)?,
        }
    }
    line.push('\n');
    Ok(())
}

/// A field for people; one with parts is left out.
fn plain(line: &mut String, name: &str, value: &Value) -> std::fmt::Result {
    match value {
        Value::Array(_) | Value::Object(_) => Ok(()),
        Value::String(text) if is_word(text) => write!(line, " {name}={text}"),
        // As JSON, in which control characters are escaped.
        value => {
            write!(line, " {name}=")?;
            escape_controls(line, &value.to_string())
        }
    }
}

/// Whether a text needs no quotes to be seen as one.
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|letter| !letter.is_whitespace() && !letter.is_control() && letter != '"')
}

/// Keeps control characters off terminals.
fn escape_controls(line: &mut String, text: &str) -> std::fmt::Result {
    for letter in text.chars() {
        if letter.is_control() {
            write!(line, "\\u{:04x}", u32::from(letter))?;
        } else {
            line.push(letter);
        }
    }
    Ok(())
}

fn paint(level: Level) -> &'static str {
    match level {
        Level::ERROR => "\u{1b}[31m",
        Level::WARN => "\u{1b}[33m",
        Level::INFO => "\u{1b}[32m",
        _ => "\u{1b}[34m",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tracing_subscriber::layer::SubscriberExt;

    use super::super::Sink;
    use super::Lines;

    /// What is written of an event.
    fn written(pretty: bool, tell: impl FnOnce()) -> String {
        let (sink, written) = Sink::in_memory(pretty);
        let lines = Lines {
            sink: Arc::clone(&sink),
            color: false,
        };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), tell);
        sink.flush();
        let text = String::from_utf8(written.lock().unwrap().clone()).unwrap();
        text.split_once(if pretty { ' ' } else { ',' })
            .unwrap()
            .1
            .to_owned()
    }

    fn refuse() {
        let data = r#"{"reason":"two\nlines","diagnostics":[{"code":"S001"}],"routes":3}"#;
        tracing::error!(
            event = "refused",
            data.json = data,
            open = 2,
            "it is \u{1b}[1m bad"
        );
    }

    #[test]
    fn json_within_json_is_nested() {
        insta::assert_snapshot!(written(false, refuse), @r#""level":"ERROR","message":"it is \u001b[1m bad","event":"refused","data":{"reason":"two\nlines","diagnostics":[{"code":"S001"}],"routes":3},"open":2}"#);
    }

    #[test]
    fn people_see_what_has_no_parts() {
        insta::assert_snapshot!(written(true, refuse), @r#"ERROR it is \u001b[1m bad event=refused reason="two\nlines" routes=3 open=2"#);
    }
}
