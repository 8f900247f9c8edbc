//! What is known when the bundle is made is encoded then, as densely as there is time for, so that a
//! replica only picks: fixed answers, error pages and the files of folders.
//!
//! Each content is encoded once per encoding, however many routes send it, and kept only where that
//! saves something. The work is spread over all processors; what comes out does not depend on how.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use gated_engine::files::negotiate::Encoding;
use gated_engine::program::{
    Action, Blob, Body, Compression, EncodedBody, EncodedFile, ErrorPage, File, Files, FilesRoot,
    Folder, Respond, Route,
};

use super::bodies::{Bodies, etag};
use super::compression::{constant, is_covered};
use super::encoder::{self, Budget, Effort};
use super::kept::{Encoded, KEPT, Kept, Key};

/// What is encoded, with where it goes.
pub(super) struct Known<'p> {
    pub(super) compressions: &'p [Compression],
    /// How error pages are compressed.
    pub(super) gateway: Option<u32>,
    pub(super) routes: &'p mut [Route],
    pub(super) error_pages: &'p mut [ErrorPage],
    pub(super) folders: &'p mut [Folder],
}

/// A content and an encoding of it.
type Job = ((u64, u64), Encoding);

/// What became of each job: where it lies and its SHA-256; `None`: it saves nothing.
type Outcome = HashMap<Job, Option<(Blob, [u8; 32])>>;

impl Known<'_> {
    /// Encodes what there is, and says where it lies.
    pub(super) fn encode(mut self, bodies: &mut Bodies) {
        if self.compressions.is_empty() {
            return;
        }
        let mut jobs: Vec<Job> = Vec::new();
        self.responds(|respond, compression| {
            if let Some(blob) = fixed(respond, compression) {
                jobs.extend(compression.encodings.iter().map(|one| (key(blob), *one)));
            }
        });
        let wanted = self.files();
        for ((folder, file), encodings) in &wanted {
            if let Some(file) = file_at(self.folders, *folder, *file) {
                jobs.extend(encodings.iter().map(|one| (key(file.body), *one)));
            }
        }
        let outcome = work(jobs, bodies, &KEPT);
        self.responds(|respond, compression| {
            if let Some(blob) = fixed(respond, compression) {
                respond.encoded = Some(forms(blob, compression, &outcome));
            }
        });
        for ((folder, file), encodings) in wanted {
            if let Some(file) = file_at(self.folders, folder, file) {
                file.encoded = encodings
                    .into_iter()
                    .filter_map(|encoding| file_form(file.body, encoding, &outcome))
                    .collect();
            }
        }
    }

    /// Every answer of the spec's own with how it is compressed.
    fn responds(&mut self, mut visit: impl FnMut(&mut Respond, &Compression)) {
        for route in self.routes.iter_mut() {
            let compression = at(self.compressions, route.compression);
            if let (Action::Respond(respond), Some(compression)) = (&mut route.action, compression)
            {
                visit(respond, compression);
            }
        }
        if let Some(compression) = at(self.compressions, self.gateway) {
            for page in self.error_pages.iter_mut() {
                visit(&mut page.respond, compression);
            }
        }
    }

    /// The files that a route sends encoded, by folder and place in it, in order.
    fn files(&self) -> Vec<((u32, usize), Vec<Encoding>)> {
        let mut wanted: HashMap<(u32, usize), Vec<Encoding>> = HashMap::new();
        for route in self.routes.iter() {
            let (Action::Files(files), Some(compression)) =
                (&route.action, at(self.compressions, route.compression))
            else {
                continue;
            };
            let FilesRoot::Folder(number) = files.root else {
                continue;
            };
            let Some(folder) = usize::try_from(number)
                .ok()
                .and_then(|n| self.folders.get(n))
            else {
                continue;
            };
            for (place, file) in folder.files.iter().enumerate() {
                if !is_covered(compression, &file.content_type, file.body.length) {
                    continue;
                }
                let encodings = wanted.entry((number, place)).or_default();
                for encoding in &compression.encodings {
                    if !encodings.contains(encoding) && !lies_beside(folder, files, file, *encoding)
                    {
                        encodings.push(*encoding);
                    }
                }
            }
        }
        let mut wanted: Vec<_> = wanted.into_iter().collect();
        wanted.sort_by_key(|(place, _)| *place);
        for (_, encodings) in &mut wanted {
            encodings.sort();
        }
        wanted
    }
}

fn at(compressions: &[Compression], number: Option<u32>) -> Option<&Compression> {
    compressions.get(usize::try_from(number?).ok()?)
}

fn file_at(folders: &mut [Folder], folder: u32, file: usize) -> Option<&mut File> {
    folders
        .get_mut(usize::try_from(folder).ok()?)?
        .files
        .get_mut(file)
}

fn key(blob: Blob) -> (u64, u64) {
    (blob.offset, blob.length)
}

/// The body of an answer that is compressed, if it is always the same.
fn fixed(respond: &Respond, compression: &Compression) -> Option<Blob> {
    let Body::Bytes(blob) = respond.body else {
        return None;
    };
    let header = |name: &str| respond.headers.iter().find(|header| header.name == name);
    let content_type = constant(header("content-type")?)?;
    let whole = header("content-encoding").is_none();
    (whole && is_covered(compression, content_type, blob.length)).then_some(blob)
}

/// Whether the encoded form is there already, as a file of its own.
fn lies_beside(folder: &Folder, files: &Files, file: &File, encoding: Encoding) -> bool {
    let beside = format!("{}{}", file.path, encoding.suffix());
    files.precompressed
        && folder
            .files
            .binary_search_by(|other| other.path.as_str().cmp(&beside))
            .is_ok()
}

fn forms(blob: Blob, compression: &Compression, outcome: &Outcome) -> Vec<EncodedBody> {
    let form = |encoding: &Encoding| {
        let (body, _) = outcome.get(&(key(blob), *encoding)).copied()??;
        Some(EncodedBody {
            encoding: *encoding,
            body,
        })
    };
    compression.encodings.iter().filter_map(form).collect()
}

fn file_form(blob: Blob, encoding: Encoding, outcome: &Outcome) -> Option<EncodedFile> {
    let (body, hash) = outcome.get(&(key(blob), encoding)).copied()??;
    Some(EncodedFile {
        encoding,
        etag: etag(&hash),
        body,
    })
}

/// Does the jobs, each once, and lays down what came out in their order.
fn work(jobs: Vec<Job>, bodies: &mut Bodies, kept: &Kept) -> Outcome {
    let mut known = HashSet::new();
    let mut budgets: HashMap<Encoding, Budget> = HashMap::new();
    let jobs: Vec<(Job, Effort)> = jobs
        .into_iter()
        .filter(|job| known.insert(*job))
        .map(|job| (job, budgets.entry(job.1).or_default().effort(job.0.1)))
        .collect();
    let done = all(&jobs, bodies, kept);
    let outcome = jobs.iter().zip(&done).map(|((job, _), done)| {
        let encoded = done.as_ref().and_then(|(_, encoded)| encoded.as_ref());
        (*job, encoded.map(|encoded| bodies.add(encoded)))
    });
    let outcome = outcome.collect();
    kept.keep(done.into_iter().flatten().collect());
    outcome
}

/// What came out, in the order of the jobs.
fn all(jobs: &[(Job, Effort)], bodies: &Bodies, kept: &Kept) -> Vec<Option<(Key, Encoded)>> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<_>> = Mutex::new(jobs.iter().map(|_| None).collect());
    let work = || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some((((offset, length), encoding), effort)) = jobs.get(place) else {
                return;
            };
            let content = bodies.get(*offset, *length);
            let one = one(content, *encoding, *effort, kept);
            if let Ok(mut done) = done.lock()
                && let Some(slot) = done.get_mut(place)
            {
                *slot = Some(one);
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 1..threads.min(jobs.len()) {
            // Where there is no thread to be had, this one does it all.
            let _ = std::thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    done.into_inner().unwrap_or_default()
}

/// The encoded form of a content, from the last bundle if it was there.
fn one(content: &[u8], encoding: Encoding, effort: Effort, kept: &Kept) -> (Key, Encoded) {
    let key = Key::of(content, encoding, effort);
    let encoded = kept.get(&key).unwrap_or_else(|| {
        encoder::encode(content, encoding, effort)
            .ok()
            .filter(|encoded| saves(encoded, content))
            .map(Arc::from)
    });
    (key, encoded)
}

/// Whether an encoded form is so much smaller that it is worth its headers, and the client's work.
fn saves(encoded: &[u8], plain: &[u8]) -> bool {
    encoded.len() + plain.len() / 20 + 32 < plain.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_change_is_not_encoded_again() {
        let kept = Kept::default();
        let encoded = |texts: &[&str]| {
            let mut bodies = Bodies::default();
            let jobs = texts.iter().map(|text| {
                let (blob, _) = bodies.add(text.repeat(100).as_bytes());
                (key(blob), Encoding::Gzip)
            });
            let jobs: Vec<Job> = jobs.collect();
            let outcome = work(jobs.clone(), &mut bodies, &kept);
            jobs.iter()
                .map(|job| {
                    let (blob, _) = outcome[job].unwrap();
                    bodies.get(blob.offset, blob.length).to_vec()
                })
                .collect::<Vec<_>>()
        };
        let first = encoded(&["same ", "other "]);
        // What is kept is taken at its word, so that it shows where it was taken.
        let same = Key::of("same ".repeat(100).as_bytes(), Encoding::Gzip, Effort::Most);
        assert_eq!(kept.get(&same).unwrap().unwrap()[..], first[0][..]);
        kept.keep(HashMap::from([(
            same.clone(),
            Some(Arc::from(&b"kept"[..])),
        )]));
        let second = encoded(&["same ", "changed "]);
        assert_eq!(second[0], b"kept");
        assert_ne!(second[1], first[1]);
        assert!(kept.get(&same).is_some());
    }
}
