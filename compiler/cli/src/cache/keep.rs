//! Notes what a check looks at, and keeps what it finds.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use gatec_compiler::compile::MAX_DIAGNOSTICS;
use gatec_compiler::load::{Input, Options};
use gated_certificate::Facts;

use super::entry::{Entry, Text, Variable, nanoseconds, of_variable};
use super::findings::Kept;
use super::seen::{Depth, Newest, Seen};
use super::{Cache, Key, digest};
use crate::checked::Checked;

/// Findings after which not all is known that was looked at: what was named was not found, or not
/// followed. Such a spec is checked anew each time. (They are errors, which no comment silences.)
const IN_DOUBT: [&str; 5] = ["S201", "S202", "S203", "S204", "S210"];

/// A certificate is told of so long before its end, as the rule U133 says.
const SOON: Duration = Duration::from_secs(14 * 24 * 3600);

/// Larger files are no certificates.
const LARGEST_CERTIFICATE: u64 = 8 << 20;

/// The variables that were asked for.
type Asked = Arc<Mutex<BTreeMap<String, Option<String>>>>;

/// A check that goes on.
pub(crate) struct Look {
    cache: Cache,
    begun: SystemTime,
    asked: Asked,
}

impl Look {
    pub(super) fn begin(cache: Cache, options: &mut Options) -> Self {
        let asked = Asked::default();
        let (notes, environment) = (Arc::clone(&asked), Arc::clone(&options.environment));
        options.environment = Arc::new(move |name| {
            let value = environment(name);
            let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
            notes.insert(name.to_owned(), value.clone());
            value
        });
        Self {
            cache,
            begun: SystemTime::now(),
            asked,
        }
    }

    /// Keeps what was found, unless something about it is in doubt. That it cannot be written is
    /// nobody's concern: the next check only takes as long as this one.
    pub(crate) fn keep(self, key: &Key, input: &Input, checked: &Checked) {
        if let Some(entry) = self.entry(input, checked) {
            let _ = self.cache.write(key, &entry);
        }
    }

    fn entry(&self, input: &Input, checked: &Checked) -> Option<Entry> {
        if is_in_doubt(checked) {
            return None;
        }
        let mut entry = Entry::new(self.begun);
        entry.texts = texts(input, checked)?;
        entry.seen = self.seen(checked)?;
        entry.until = until(checked, self.begun);
        entry.salt = salt(&entry);
        entry.environment = self.environment(&entry.salt);
        let folders = checked.folders.iter();
        entry.folders = folders
            .map(|folder| Some((folder.path.to_str()?.to_owned(), folder.live)))
            .collect::<Option<_>>()?;
        entry.guarantees.clone_from(&checked.guarantees);
        entry.findings = checked.diagnostics.iter().map(Kept::of).collect();
        Some(entry)
    }

    /// How everything looks now. What was written just before the check, or during it, may have been
    /// read as it was before.
    fn seen(&self, checked: &Checked) -> Option<Vec<Seen>> {
        let mut newest = Newest::default();
        let mut seen = Vec::with_capacity(checked.watched.len() + checked.folders.len());
        for path in &checked.watched {
            seen.push(Seen::look(path, Depth::Names, &mut newest)?);
        }
        for folder in &checked.folders {
            let depth = match folder.live {
                true => Depth::Presence,
                false => Depth::Below,
            };
            seen.push(Seen::look(&folder.path, depth, &mut newest)?);
        }
        let settled = self.begun.checked_sub(self.cache.settled)?;
        newest.is_before(settled).then_some(seen)
    }

    fn environment(&self, salt: &str) -> Vec<Variable> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked
            .iter()
            .map(|(name, value)| Variable {
                name: name.clone(),
                digest: of_variable(salt, name, value.as_deref()),
            })
            .collect()
    }
}

fn is_in_doubt(checked: &Checked) -> bool {
    let mut found = checked.diagnostics.iter();
    checked.diagnostics.len() >= MAX_DIAGNOSTICS || found.any(|one| IN_DOUBT.contains(&one.code))
}

/// The texts by name and digest; `None` if one cannot be read again under its name.
fn texts(input: &Input, checked: &Checked) -> Option<Vec<Text>> {
    let texts = checked.sources.iter().enumerate();
    texts
        .map(|(index, (_, source))| {
            let text = Text {
                name: source.name().to_owned(),
                digest: digest([source.text()]),
            };
            text.read(index, input)?;
            Some(text)
        })
        .collect()
}

/// The next moment at which a certificate is judged otherwise.
fn until(checked: &Checked, now: SystemTime) -> Option<u64> {
    let files = checked.watched.iter().filter(|path| {
        std::fs::metadata(path)
            .is_ok_and(|metadata| metadata.is_file() && metadata.len() <= LARGEST_CERTIFICATE)
    });
    let texts = files.filter_map(|path| std::fs::read(path).ok());
    let chains = texts.filter_map(|text| gated_certificate::chain(&text).ok());
    let moments = chains.flatten().filter_map(|one| Facts::of(&one).ok());
    moments
        .flat_map(|facts| {
            let soon = facts.not_after.checked_sub(SOON);
            [Some(facts.not_before), soon, Some(facts.not_after)]
        })
        .flatten()
        .filter(|moment| *moment >= now)
        .min()
        .map(nanoseconds)
}

/// Bytes that are another's for each entry.
fn salt(entry: &Entry) -> String {
    use std::hash::{BuildHasher, RandomState};
    // The standard library's hash tables are seeded at random.
    let random = RandomState::new().hash_one(entry.made);
    digest([entry.made.to_be_bytes().as_slice(), &random.to_be_bytes()])
}
