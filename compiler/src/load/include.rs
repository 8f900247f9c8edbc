//! `include`: further files, by path or glob.

use std::path::{Path, PathBuf};

use gatec_syntax::{Node, Object, Span, Value};

use super::read::{Kind, MAX_FILES};
use super::rules::{include_cycle, nothing_included, too_much};
use super::{Format, Loader, glob};
use crate::shape::names::nearest;

/// How deep includes may lie in includes.
const MAX_DEPTH: usize = 64;

/// What one include brought: where it was written, and the merged object.
pub(super) struct Included {
    pub(super) at: Span,
    pub(super) object: Object,
}

/// A file to include.
struct Found {
    /// Relative to the root.
    relative: PathBuf,
    /// As shown in findings.
    name: String,
}

impl Loader<'_> {
    /// Takes the `include` entry out of an object and reads what it names.
    pub(super) fn includes(&mut self, own: &mut Object) -> Vec<Included> {
        let Some(position) = own.entries.iter().position(|entry| entry.key == "include") else {
            return Vec::new();
        };
        let mut wanted = Vec::new();
        if let Some(Value::Array(items)) = own.entries.get_mut(position).map(|e| &mut e.node.value)
        {
            // What is no text stays and is reported as of a wrong type.
            items.retain_mut(|item| match self.include_text(item) {
                Some(text) => {
                    wanted.push((item.span, text));
                    false
                }
                None => true,
            });
            if items.is_empty() {
                own.entries.remove(position);
            }
        }
        wanted
            .into_iter()
            .flat_map(|(span, text)| self.include(span, &text))
            .collect()
    }

    fn include_text(&mut self, item: &mut Node) -> Option<String> {
        self.resolve_text(item);
        item.as_str().map(str::to_owned)
    }

    fn include(&mut self, span: Span, text: &str) -> Vec<Included> {
        let found = if glob::is_glob(text) {
            self.glob(span, text)
        } else {
            self.plain(span, text).into_iter().collect()
        };
        found
            .into_iter()
            .filter_map(|file| self.include_file(span, &file))
            .collect()
    }

    /// Every file that fits a glob, in order, without those that are read already.
    fn glob(&mut self, span: Span, text: &str) -> Vec<Found> {
        let (prefix, pattern) = glob::split(text);
        let Some(base) = self.within(span, prefix) else {
            return Vec::new();
        };
        let walked = match glob::walk(&self.root.join(&base), pattern, self.real_root.as_deref()) {
            Ok(walked) => walked,
            Err(reason) => {
                self.found
                    .push(nothing_included::broken_glob(span, text, &reason));
                return Vec::new();
            }
        };
        self.watched.extend(walked.folders);
        if walked.too_many {
            self.found.push(too_much::over(
                span,
                format!("`{text}` looks through too many files"),
            ));
        }
        if walked.files.is_empty() {
            self.found.push(nothing_included::glob(span, text));
        }
        let named = walked.files.into_iter().map(|file| Found {
            name: self.name(span, &Path::new(prefix).join(&file)),
            relative: base.join(file),
        });
        let named: Vec<Found> = named.collect();
        named
            .into_iter()
            .filter(|file| {
                self.real(&file.relative)
                    .is_none_or(|real| !self.seen.contains(&real))
            })
            .collect()
    }

    /// The file at a plain path.
    fn plain(&mut self, span: Span, text: &str) -> Option<Found> {
        let relative = self.within(span, text)?;
        let path = self.root.join(&relative);
        if !self.options.texts.contains_key(&path) && std::fs::metadata(&path).is_err() {
            let near = near_name(&path);
            let near = near
                .as_deref()
                .map(|near| Path::new(text).with_file_name(near));
            let near = near.map(|near| near.display().to_string());
            self.found
                .push(nothing_included::path(span, text, near.as_deref()));
            self.watched.extend(path.parent().map(Path::to_owned));
            return None;
        }
        let real = self.real(&relative)?;
        if let Some(at) = self.open.iter().position(|(open, _)| *open == real) {
            let mut chain: Vec<String> = self
                .open
                .iter()
                .skip(at)
                .map(|(_, name)| name.clone())
                .collect();
            chain.extend(self.open.get(at).map(|(_, name)| name.clone()));
            self.found.push(include_cycle::chain(span, &chain));
            return None;
        }
        // Its contents are in already, by another include.
        (!self.seen.contains(&real)).then(|| Found {
            name: self.name(span, Path::new(text)),
            relative,
        })
    }

    fn include_file(&mut self, span: Span, file: &Found) -> Option<Included> {
        let path = self.root.join(&file.relative);
        if self.is_inside(&path) == Some(false) {
            self.found.push(super::rules::leaves_root::path(
                span,
                &file.name,
                "a link leads out of it",
            ));
            return None;
        }
        if self.included >= MAX_FILES || self.open.len() >= MAX_DEPTH {
            let bound = match self.included >= MAX_FILES {
                true => format!("more than {MAX_FILES} files are included"),
                false => format!("includes lie more than {MAX_DEPTH} deep in each other"),
            };
            self.found.push(too_much::over(span, bound));
            return None;
        }
        self.included += 1;
        self.watched.push(path.clone());
        let text = match self.read(&path, Kind::Named) {
            Ok(text) => text,
            Err(failure) => {
                self.found.push(failure.finding(span, &file.name));
                return None;
            }
        };
        let real = self.real(&file.relative)?;
        self.seen.insert(real.clone());
        let format = Format::of_path(&path).unwrap_or_else(|| Format::guess(&text));
        let folder = file
            .relative
            .parent()
            .map(Path::to_owned)
            .unwrap_or_default();
        let source = self.add(file.name.clone(), text, format, folder);
        let document = self.parse(source);
        self.open.push((real, file.name.clone()));
        let object = self.with_includes(document.root);
        self.open.pop();
        Some(Included { at: span, object })
    }

    /// A file by the name a reader knows: joined to the name of the file that includes it.
    fn name(&self, span: Span, path: &Path) -> String {
        let from = self
            .sources
            .get(span.source)
            .map(gatec_syntax::Source::name)
            .unwrap_or_default();
        let folder = Path::new(from).parent().unwrap_or(Path::new(""));
        folder
            .join(path)
            .components()
            .collect::<PathBuf>()
            .display()
            .to_string()
    }

    /// A file by its one real path, links followed; of a text without a file, where it would be.
    fn real(&self, relative: &Path) -> Option<PathBuf> {
        let path = self.root.join(relative);
        std::fs::canonicalize(&path).ok().or(Some(path))
    }
}

/// The name of a file beside a missing one that is near to its name.
fn near_name(path: &Path) -> Option<String> {
    const MOST: usize = 1_000;
    let wanted = path.file_name()?.to_str()?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .take(MOST)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    nearest(wanted, names.iter().map(String::as_str)).map(|near| near.name.to_owned())
}
