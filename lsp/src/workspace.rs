//! What is open, which specs there are, and which file belongs to which.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Weak};

use gatec_compiler::Compiled;
use gatec_compiler::load::{Format, MAX_FILE};
use gatec_ide::cedar::{self, About, CedarText};
use gatec_ide::{Name, View, names};
use gatec_syntax::SourceId;
use lsp_types::Url;

use crate::checker::Outcome;
use crate::find;

/// A text that an editor has open.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    pub(crate) uri: Url,
    pub(crate) text: Arc<str>,
    /// The editor's number of this state of it.
    pub(crate) version: i32,
    /// The editor's own word for the language: it may know better than the name.
    pub(crate) language: String,
}

/// A text that was read, with its names.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) view: Rc<View>,
    pub(crate) names: Vec<Name>,
    /// What is written in Cedar: the whole file, or values of a spec.
    pub(crate) cedar: Vec<CedarText>,
    /// Whether the file is one of policies.
    pub(crate) is_cedar: bool,
}

impl Read {
    /// The Cedar text that an offset stands in, and where in it.
    pub(crate) fn cedar_at(&self, offset: usize) -> Option<(&CedarText, usize)> {
        let mut texts = self.cedar.iter();
        texts.find_map(|text| Some((text, text.offset(offset)?)))
    }
}

/// A spec with what is known of it.
#[derive(Default)]
pub(crate) struct Spec {
    pub(crate) compiled: Option<Arc<Compiled>>,
    /// Its files, by the number of their text.
    pub(crate) files: Vec<PathBuf>,
}

/// When a file was changed, and how large it is.
type Stamp = (std::time::SystemTime, u64);

/// What was read in a text, with the spec by which its policies were understood.
struct Kept {
    text: Arc<str>,
    spec: Option<Weak<Compiled>>,
    read: Rc<Read>,
}

impl Kept {
    fn is_of(&self, spec: Option<&Arc<Compiled>>) -> bool {
        match (&self.spec, spec) {
            (Some(known), Some(spec)) => std::ptr::eq(known.as_ptr(), Arc::as_ptr(spec)),
            (None, None) => true,
            _ => false,
        }
    }
}

/// Everything the server knows.
#[derive(Default)]
pub(crate) struct Workspace {
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) open: HashMap<PathBuf, Open>,
    /// The specs found in the folders.
    found: Vec<PathBuf>,
    pub(crate) specs: HashMap<PathBuf, Spec>,
    /// What was read, while its text stays the same.
    reads: RefCell<HashMap<PathBuf, Kept>>,
    /// The texts of files that are not open.
    disk: RefCell<HashMap<PathBuf, (Stamp, Arc<str>)>>,
    /// Counts changes.
    pub(crate) generation: u64,
}

impl Workspace {
    /// Looks for specs in the folders anew.
    pub(crate) fn search(&mut self) {
        self.found = find::in_folders(&self.folders);
    }

    /// The specs to check: those found, those above open files, and open files that belong to none.
    pub(crate) fn roots(&self) -> Vec<PathBuf> {
        let mut roots = self.found.clone();
        roots.retain(|root| !self.is_part(root));
        for path in self.open.keys() {
            let in_folder = self.folders.iter().any(|folder| path.starts_with(folder));
            if !in_folder {
                roots.extend(find::above(path));
            }
        }
        let checked: BTreeSet<&PathBuf> =
            self.specs.values().flat_map(|spec| &spec.files).collect();
        let included = |path: &PathBuf| checked.contains(path) && !self.is_alone(path);
        for (path, open) in &self.open {
            if !included(path) && !self.is_part(path) && find::may_be_root(path, &open.text) {
                roots.push(path.clone());
            }
        }
        let mut roots = find::distinct(roots);
        roots.sort();
        roots
    }

    /// Whether a file that is named as a spec is a part of another. One that is `gate.kdl` or `gate.yaml`
    /// itself is always one of its own, and of two that include each other the first is.
    fn is_part(&self, path: &PathBuf) -> bool {
        if path.file_stem().is_some_and(|stem| stem == "gate") {
            return false;
        }
        let holds = |root: &PathBuf, file: &PathBuf| {
            let spec = self.specs.get(root);
            spec.is_some_and(|spec| spec.files.contains(file))
        };
        let mut others = self.specs.keys().filter(|root| *root != path);
        others.any(|root| holds(root, path) && (root < path || !holds(path, root)))
    }

    /// Whether a file belongs to no spec but its own.
    fn is_alone(&self, path: &PathBuf) -> bool {
        let others = self.specs.iter().filter(|(root, _)| *root != path);
        !others
            .into_iter()
            .any(|(_, spec)| spec.files.contains(path))
    }

    /// Takes in what a check found.
    pub(crate) fn take(&mut self, outcome: &Outcome) {
        let Some(compiled) = &outcome.compiled else {
            // What was known of it stays.
            self.specs.entry(outcome.root.clone()).or_default();
            return;
        };
        let files = compiled.sources.iter();
        let files = files
            .map(|(_, source)| find::normal(Path::new(source.name())))
            .collect();
        self.specs.insert(
            outcome.root.clone(),
            Spec {
                compiled: Some(Arc::clone(compiled)),
                files,
            },
        );
    }

    /// Whether a spec has to be checked again after these files changed: one of them is its own, with
    /// another text than was checked, or lies where it looks for files.
    pub(crate) fn is_stale(&self, root: &Path, changed: &BTreeSet<PathBuf>) -> bool {
        let Some(spec) = self.specs.get(root) else {
            return true;
        };
        let Some(compiled) = &spec.compiled else {
            return true;
        };
        changed.iter().any(|path| {
            let number = spec.files.iter().position(|file| file == path);
            let known = number
                .and_then(|number| u32::try_from(number).ok())
                .and_then(|number| compiled.sources.get(SourceId(number)));
            match (known, self.open.get(path)) {
                (Some(known), Some(open)) => known.text() != &*open.text,
                (Some(_), None) => true,
                (None, _) => compiled
                    .watched
                    .iter()
                    .any(|watched| path.starts_with(watched)),
            }
        })
    }

    /// Forgets specs that are none any more.
    pub(crate) fn retain(&mut self, roots: &[PathBuf]) {
        self.specs.retain(|root, _| roots.contains(root));
    }

    /// The specs that a file belongs to.
    pub(crate) fn specs_of<'w>(&'w self, path: &'w Path) -> impl Iterator<Item = &'w Spec> {
        self.specs
            .values()
            .filter(move |spec| spec.files.iter().any(|file| file == path))
    }

    /// The root of a spec that a file belongs to, its own first.
    pub(crate) fn root_of(&self, path: &Path) -> Option<PathBuf> {
        let mut roots: Vec<&PathBuf> = self
            .specs
            .iter()
            .filter(|(_, spec)| spec.files.iter().any(|file| file == path))
            .map(|(root, _)| root)
            .collect();
        roots.sort_by_key(|root| (root.as_path() != path, *root));
        roots.first().map(|root| (*root).clone())
    }

    /// Every file of the specs that a file belongs to, itself among them.
    pub(crate) fn family(&self, path: &Path) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = vec![path.to_owned()];
        files.extend(
            self.specs_of(path)
                .flat_map(|spec| spec.files.iter().cloned()),
        );
        find::distinct(files)
    }

    /// Every file of every spec.
    pub(crate) fn all_files(&self) -> Vec<PathBuf> {
        let files = self
            .specs
            .values()
            .flat_map(|spec| spec.files.iter().cloned());
        let mut files = find::distinct(files.chain(self.open.keys().cloned()));
        files.sort();
        files
    }

    /// Open texts by their paths.
    pub(crate) fn texts(&self) -> HashMap<PathBuf, Arc<str>> {
        let open = self.open.iter();
        open.map(|(path, open)| (path.clone(), Arc::clone(&open.text)))
            .collect()
    }

    fn text(&self, path: &Path) -> Option<Arc<str>> {
        if let Some(open) = self.open.get(path) {
            return Some(Arc::clone(&open.text));
        }
        let stamp = stamp(path)?;
        if let Some((known, text)) = self.disk.borrow().get(path)
            && *known == stamp
        {
            return Some(Arc::clone(text));
        }
        let text = from_disk(path)?;
        let kept = (stamp, Arc::clone(&text));
        self.disk.borrow_mut().insert(path.to_owned(), kept);
        Some(text)
    }

    /// Whether what is known of a file is known of its text as it is now.
    pub(crate) fn is_checked(&self, path: &Path) -> bool {
        let Some(open) = self.open.get(path) else {
            return true;
        };
        let mut checked = self.specs_of(path).filter_map(|spec| {
            let number = spec.files.iter().position(|file| file == path)?;
            let id = SourceId(u32::try_from(number).ok()?);
            Some(spec.compiled.as_ref()?.sources.get(id)?.text() == &*open.text)
        });
        checked.all(|same| same)
    }

    /// A text as it is now, read once for as long as it stays the same.
    pub(crate) fn read(&self, path: &Path) -> Option<Rc<Read>> {
        let text = self.text(path)?;
        let spec = self.compiled(path);
        let view = match self.reads.borrow().get(path) {
            Some(kept) if Arc::ptr_eq(&kept.text, &text) => {
                if kept.read.cedar.is_empty() || kept.is_of(spec.as_ref()) {
                    return Some(Rc::clone(&kept.read));
                }
                Some(Rc::clone(&kept.read.view))
            }
            _ => None,
        };
        let is_cedar = self.is_cedar(path);
        let view = view.unwrap_or_else(|| Rc::new(self.view(path, &text, is_cedar)));
        let texts = match is_cedar {
            true => vec![CedarText::file(Arc::clone(&text))],
            false => CedarText::within(&view),
        };
        let about = About::new(spec.as_deref());
        let mut found = names::names(&view);
        for text in &texts {
            found.extend(cedar::names::names(&about, text));
        }
        found.sort_by_key(|name| (name.at.start, name.at.end));
        let read = Rc::new(Read {
            view,
            names: found,
            cedar: texts,
            is_cedar,
        });
        let kept = Kept {
            text,
            spec: spec.as_ref().map(Arc::downgrade),
            read: Rc::clone(&read),
        };
        self.reads.borrow_mut().insert(path.to_owned(), kept);
        Some(read)
    }

    fn view(&self, path: &Path, text: &Arc<str>, is_cedar: bool) -> View {
        match is_cedar {
            true => View::of_other(Arc::clone(text)),
            false => View::new(Arc::clone(text), self.format(path, text)),
        }
    }

    /// A spec that a file belongs to, with what is known of it.
    pub(crate) fn spec(&self, path: &Path) -> Option<(&Spec, &Arc<Compiled>)> {
        let spec = self.specs.get(&self.root_of(path)?)?;
        Some((spec, spec.compiled.as_ref()?))
    }

    /// What is known of a spec that a file belongs to.
    pub(crate) fn compiled(&self, path: &Path) -> Option<Arc<Compiled>> {
        self.spec(path).map(|(_, compiled)| Arc::clone(compiled))
    }

    /// Whether a file is one of policies: what its name tells, else the editor.
    pub(crate) fn is_cedar(&self, path: &Path) -> bool {
        match path.extension() {
            Some(ending) => ending.eq_ignore_ascii_case("cedar"),
            None => self
                .open
                .get(path)
                .is_some_and(|open| open.language == "cedar"),
        }
    }

    /// Open files of policies that no spec names, with their texts.
    pub(crate) fn lone_policies(&self) -> impl Iterator<Item = (&PathBuf, &Open)> {
        self.open
            .iter()
            .filter(|(path, _)| self.is_cedar(path) && self.specs_of(path).next().is_none())
    }

    /// The language of a file: what its name tells, else the editor, else the text.
    pub(crate) fn format(&self, path: &Path, text: &str) -> Format {
        let language = self.open.get(path).map(|open| open.language.as_str());
        Format::of_path(path).unwrap_or(match language {
            Some("yaml") => Format::Yaml,
            Some("kdl" | "gate") => Format::Kdl,
            _ => Format::guess(text),
        })
    }

    /// Forgets what was read of files that nobody asks about.
    pub(crate) fn forget(&mut self, path: &Path) {
        self.reads.borrow_mut().remove(path);
        self.disk.borrow_mut().remove(path);
    }

    /// The names in the family of a file, each file's own.
    pub(crate) fn names(&self, path: &Path) -> Vec<(PathBuf, Rc<Read>)> {
        let files = self.family(path).into_iter();
        files
            .filter_map(|file| self.read(&file).map(|read| (file, read)))
            .collect()
    }

    /// The address of a file, as the editor has it where it is open.
    pub(crate) fn uri(&self, path: &Path) -> Option<Url> {
        match self.open.get(path) {
            Some(open) => Some(open.uri.clone()),
            None => Url::from_file_path(path).ok(),
        }
    }
}

/// What a file that was changed does not have any more: its time and its size.
fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// A file's text, where it is one that a spec may have.
fn from_disk(path: &Path) -> Option<Arc<str>> {
    let metadata = std::fs::metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > MAX_FILE {
        return None;
    }
    std::fs::read_to_string(path).ok().map(Arc::from)
}

/// The path that an address stands for. An address that is no file, such as a text never saved, gets a
/// path that no file has.
pub(crate) fn path_of(uri: &Url) -> PathBuf {
    match uri.to_file_path() {
        Ok(path) => find::normal(&path),
        Err(()) => {
            PathBuf::from(format!("/{}:", uri.scheme())).join(uri.path().trim_start_matches('/'))
        }
    }
}
