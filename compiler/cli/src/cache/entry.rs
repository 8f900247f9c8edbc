//! An entry of the cache: what a check depended on, and what it found.

use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use gatec_compiler::ServedFolder;
use gatec_compiler::load::Input;
use gatec_syntax::Sources;
use serde::{Deserialize, Serialize};

use super::digest;
use super::findings::{self, Kept};
use super::seen::Seen;
use crate::checked::Checked;

/// The form of an entry; one of another form is not read.
const FORM: u32 = 2;

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) form: u32,
    /// Nanoseconds since 1970; good from then on.
    pub(super) made: u64,
    /// The moment from which a certificate may be judged otherwise, in nanoseconds since 1970.
    pub(super) until: Option<u64>,
    /// Goes into the digests of variables, so that equal ones do not look equal.
    pub(super) salt: String,
    pub(super) environment: Vec<Variable>,
    pub(super) seen: Vec<Seen>,
    /// The folders files are served from, and whether each is live.
    pub(super) folders: Vec<(String, bool)>,
    pub(super) texts: Vec<Text>,
    pub(super) findings: Vec<Kept>,
    /// What the limits guarantee.
    pub(super) guarantees: Vec<String>,
}

/// A variable of the environment that was asked for.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) digest: String,
}

/// A text that was read, by the name it has in findings.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Text {
    pub(super) name: String,
    pub(super) digest: String,
}

/// Nanoseconds since 1970; 0 before.
pub(super) fn nanoseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

/// What stands for a variable's value.
pub(super) fn of_variable(salt: &str, name: &str, value: Option<&str>) -> String {
    let set = if value.is_some() { "set" } else { "not set" };
    digest([salt, name, set, value.unwrap_or_default()])
}

impl Entry {
    pub(super) fn new(made: SystemTime) -> Self {
        Self {
            form: FORM,
            made: nanoseconds(made),
            until: None,
            salt: String::new(),
            environment: Vec::new(),
            seen: Vec::new(),
            folders: Vec::new(),
            texts: Vec::new(),
            findings: Vec::new(),
            guarantees: Vec::new(),
        }
    }

    /// A line with the digest of the rest, and the rest.
    pub(super) fn encode(&self) -> io::Result<Vec<u8>> {
        let body = serde_json::to_vec(self)?;
        let mut bytes = digest([&body]).into_bytes();
        bytes.push(b'\n');
        bytes.extend(body);
        Ok(bytes)
    }

    /// `None`: the bytes are damaged, or of another form.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let feed = bytes.iter().position(|byte| *byte == b'\n')?;
        let (told, body) = bytes.split_at_checked(feed)?;
        let body = body.get(1..)?;
        if told != digest([body]).as_bytes() {
            return None;
        }
        let entry: Self = serde_json::from_slice(body).ok()?;
        (entry.form == FORM).then_some(entry)
    }

    /// Whether everything it depends on is the same.
    pub(super) fn holds(
        &self,
        now: SystemTime,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> bool {
        let now = nanoseconds(now);
        let is_same = |variable: &Variable| {
            let value = environment(&variable.name);
            of_variable(&self.salt, &variable.name, value.as_deref()) == variable.digest
        };
        self.made <= now
            && self.until.is_none_or(|until| now < until)
            && self.environment.iter().all(is_same)
            && self.seen.iter().all(Seen::is_same)
    }

    /// What was found, with the texts that are pointed into read again.
    pub(super) fn checked(&self, input: &Input) -> Option<Checked> {
        let mut sources = Sources::new();
        for (index, text) in self.texts.iter().enumerate() {
            let number = u32::try_from(index).ok()?;
            let is_needed = self.findings.iter().any(|kept| kept.points_into(number));
            match is_needed {
                true => sources.add(text.name.as_str(), text.read(index, input)?),
                false => sources.add(text.name.as_str(), ""),
            };
        }
        let folders = self.folders.iter().map(|(path, live)| ServedFolder {
            path: path.into(),
            live: *live,
        });
        Some(Checked {
            diagnostics: findings::taken(&self.findings)?,
            sources,
            watched: self.seen.iter().map(Seen::path).collect(),
            folders: folders.collect(),
            guarantees: self.guarantees.clone(),
        })
    }
}

impl Text {
    /// The text, if it is the one that was checked.
    pub(super) fn read(&self, index: usize, input: &Input) -> Option<String> {
        let text = match input {
            Input::Text { text, .. } if index == 0 => text.clone(),
            _ => std::fs::read_to_string(&self.name).ok()?,
        };
        (digest([&text]) == self.digest).then_some(text)
    }
}
