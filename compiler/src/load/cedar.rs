//! The texts of policies that a spec names or holds, and its file of entities.

use std::path::{Path, PathBuf};

use gatec_syntax::{Document, Node, SourceId, Span, Value};

use super::read::{Kind, MAX_FILES};
use super::rules::{leaves_root, nothing_included, too_much};
use super::{Format, Loader, glob};
use crate::policy::PolicyText;

/// What was read for policies.
#[derive(Debug, Clone, Default)]
pub struct PolicySources {
    /// The texts, in the order in which they are named.
    pub texts: Vec<PolicyText>,
    /// The conditions of stated rules, by the rule's name.
    pub conditions: Vec<(String, PolicyText)>,
    /// The file of entities: its text, and where it is named.
    pub entities: Option<(SourceId, Span)>,
}

impl Loader<'_> {
    /// Reads what `policies` names. Paths are relative to the root folder by now.
    pub(super) fn policies(&mut self, document: &Document) -> PolicySources {
        let mut sources = PolicySources::default();
        let nevers = document.root.get("never").and_then(Node::as_object);
        for entry in nevers.iter().flat_map(|nevers| &nevers.entries) {
            let when = entry.node.as_object().and_then(|never| never.get("when"));
            if let Some((when, text)) = when.and_then(|when| Some((when, when.as_str()?))) {
                let text = PolicyText::value(text, when.span, &self.sources);
                sources.conditions.push((entry.key.clone(), text));
            }
        }
        let Some(policies) = document.root.get("policies").and_then(Node::as_object) else {
            return sources;
        };
        if let Some(Value::Array(files)) = policies.get("files").map(|node| &node.value) {
            for file in files {
                self.policy_files(file, &mut sources.texts);
            }
        }
        if let Some(cedar) = policies.get("cedar")
            && let Some(text) = cedar.as_str()
        {
            let text = PolicyText::value(text, cedar.span, &self.sources);
            sources.texts.push(text);
        }
        if let Some(entities) = policies.get("entities")
            && let Some(path) = entities.as_str()
        {
            let read = self.policy_file(entities.span, Path::new(path));
            sources.entities = read.map(|source| (source, entities.span));
        }
        sources
    }

    fn policy_files(&mut self, node: &Node, texts: &mut Vec<PolicyText>) {
        let Some(path) = node.as_str() else {
            return;
        };
        for file in self.policy_paths(node.span, path) {
            let Some(source) = self.policy_file(node.span, &file) else {
                continue;
            };
            let twice = texts.iter().any(|text| text.span.source == source);
            if let (Some(text), false) = (self.sources.get(source), twice) {
                let text = text.shared();
                let span = Span::new(source, 0, text.len());
                texts.push(PolicyText::file(text, span));
            }
        }
    }

    fn policy_paths(&mut self, span: Span, path: &str) -> Vec<PathBuf> {
        if !glob::is_glob(path) {
            return vec![PathBuf::from(path)];
        }
        let (base, pattern) = glob::split(path);
        let walked = glob::walk(&self.root.join(base), pattern, self.real_root.as_deref());
        match walked {
            Err(reason) => {
                self.found
                    .push(nothing_included::broken_glob(span, path, &reason));
                Vec::new()
            }
            Ok(walked) => {
                self.watched.extend(walked.folders);
                if walked.too_many {
                    let why = format!("`{path}` looks through too many files");
                    self.found.push(too_much::over(span, why));
                }
                if walked.files.is_empty() {
                    self.found.push(nothing_included::glob(span, path));
                }
                let files = walked.files.into_iter();
                files.map(|file| Path::new(base).join(file)).collect()
            }
        }
    }

    /// Reads a file; one that was read already has its number.
    fn policy_file(&mut self, span: Span, relative: &Path) -> Option<SourceId> {
        let path = self.root.join(relative);
        let name = self.beside_root(relative);
        let known = self
            .sources
            .iter()
            .find(|(_, source)| source.name() == name);
        if let Some((known, _)) = known {
            return Some(known);
        }
        if self.is_inside(&path) == Some(false) {
            let finding = leaves_root::path(span, &name, "a link leads out of it");
            self.found.push(finding);
            return None;
        }
        if self.included >= MAX_FILES {
            let why = format!("more than {MAX_FILES} files are included");
            self.found.push(too_much::over(span, why));
            return None;
        }
        self.included += 1;
        self.watched.push(path.clone());
        match self.read(&path, Kind::Named) {
            Ok(text) => {
                let folder = relative.parent().map(Path::to_owned).unwrap_or_default();
                Some(self.add(name, text, Format::Kdl, folder))
            }
            Err(failure) => {
                self.found.push(failure.finding(span, &name));
                None
            }
        }
    }

    /// A file by the name a reader knows: beside the root file.
    fn beside_root(&self, relative: &Path) -> String {
        let root = self.sources.get(SourceId(0));
        let root = root.map(gatec_syntax::Source::name).unwrap_or_default();
        let folder = Path::new(root).parent().unwrap_or(Path::new(""));
        folder.join(relative).display().to_string()
    }
}
