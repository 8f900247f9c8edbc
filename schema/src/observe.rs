//! What a replica tells about itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::Address;

/// The address for `/health`, `/ready`, `/status` and `/metrics`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["bind"]]}))]
pub struct Management {
    /// The address and port.
    pub bind: Address,
    /// Whether it is opened at all.
    pub enabled: bool,
}

impl Default for Management {
    fn default() -> Self {
        Self {
            bind: Address::loopback(9901),
            enabled: true,
        }
    }
}

/// What is logged, and how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Log {
    /// The least important messages still written.
    pub level: LogLevel,
    /// The form of a line.
    pub format: LogFormat,
    /// A line for each request.
    pub access: AccessLog,
}

/// How important a message is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    /// Something failed.
    Error,
    /// Something is amiss.
    Warn,
    /// Something happened.
    #[default]
    Info,
    /// For finding out why.
    Debug,
    /// Everything.
    Trace,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// Pretty on a terminal, JSON otherwise.
    #[default]
    Auto,
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Which requests get a line in the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccessLog {
    /// Every request.
    #[default]
    All,
    /// Those answered with 400 or above.
    Errors,
    /// None.
    Off,
}
