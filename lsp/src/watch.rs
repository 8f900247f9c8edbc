//! Files that the editor is asked to watch: specs, and whatever a spec is made from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lsp_types::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, Registration,
    RegistrationParams, Unregistration, UnregistrationParams,
};

use crate::workspace::Workspace;

const METHOD: &str = "workspace/didChangeWatchedFiles";

/// Every file of the languages of specs and policies.
const SPECS: &str = "**/*.{kdl,yaml,yml,cedar}";

/// What is watched now.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    paths: BTreeSet<PathBuf>,
    registered: Option<u64>,
}

impl Watch {
    /// What to ask for where other files count than before: what ends, and what begins.
    pub(crate) fn renew(
        &mut self,
        workspace: &Workspace,
    ) -> Option<(Option<UnregistrationParams>, RegistrationParams)> {
        let compiled = workspace
            .specs
            .values()
            .filter_map(|spec| spec.compiled.as_ref());
        let paths: BTreeSet<PathBuf> = compiled
            .flat_map(|compiled| compiled.watched.iter())
            .filter(|path| !is_spec(path))
            .cloned()
            .collect();
        if self.registered.is_some() && paths == self.paths {
            return None;
        }
        let before = self.registered;
        let number = before.map_or(1, |number| number + 1);
        self.registered = Some(number);
        self.paths = paths;
        let end = before.map(|number| UnregistrationParams {
            unregisterations: vec![Unregistration {
                id: id(number),
                method: METHOD.to_owned(),
            }],
        });
        Some((end, self.registration(number)))
    }

    fn registration(&self, number: u64) -> RegistrationParams {
        let mut patterns = vec![SPECS.to_owned()];
        for path in &self.paths {
            let Some(path) = path.to_str().map(escaped) else {
                continue;
            };
            patterns.push(path.clone());
            patterns.push(format!("{path}/**"));
        }
        let watchers = patterns.into_iter().map(|pattern| FileSystemWatcher {
            glob_pattern: GlobPattern::String(pattern),
            kind: None,
        });
        let options = DidChangeWatchedFilesRegistrationOptions {
            watchers: watchers.collect(),
        };
        RegistrationParams {
            registrations: vec![Registration {
                id: id(number),
                method: METHOD.to_owned(),
                register_options: serde_json::to_value(options).ok(),
            }],
        }
    }
}

fn id(number: u64) -> String {
    format!("watch-{number}")
}

fn is_spec(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| matches!(ending, "kdl" | "yaml" | "yml" | "cedar"))
}

/// A path whose characters mean nothing in a pattern.
fn escaped(path: &str) -> String {
    let mut out = String::new();
    for c in path.chars() {
        match c {
            '*' | '?' | '[' | ']' | '{' | '}' => {
                out.push('[');
                out.push(c);
                out.push(']');
            }
            '\\' => out.push('/'),
            c => out.push(c),
        }
    }
    out
}
