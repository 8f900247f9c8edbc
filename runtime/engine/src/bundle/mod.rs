//! The bundle: one file with everything a replica needs to serve, except secrets.
//!
//! Writing is deterministic: the same contents give the same bytes. Reading trusts nothing: header,
//! digests, manifest, archive and at last the meaning of every index are checked once, at load; after
//! that the program is read where it lies in the file, without copying.

mod archive;
mod check;
mod digest;
mod format;
mod guarded;
mod limited;
mod manifest;
mod source_map;

use std::sync::OnceLock;
use std::thread;

use bytes::Bytes;

use crate::decide::Ready;
use crate::matcher::{self, Compiled, NearMiss, Routing};
use crate::program::{ArchivedAction, ArchivedBlob, ArchivedProgram, Blob, Program};
use crate::request::Request;
use crate::template::JsonPaths;

use archive::Archive;
use format::Layout;

pub use digest::{Digest, DigestError};
pub use format::{RawSections, assemble};
pub use manifest::{FEATURES, Manifest};
pub use source_map::SourceMap;

/// The version of the format that this crate reads and writes.
pub const FORMAT: u32 = 4;

/// The longest file taken as a bundle, in bytes: 1 GiB.
pub const SIZE_LIMIT: usize = 1024 * 1024 * 1024;

/// A file from this size on has its digest made on a thread of its own, in bytes.
const LARGE: usize = 1024 * 1024;

/// What goes into a bundle.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// The manifest; `format` is filled in.
    pub manifest: Manifest,
    /// The program.
    pub program: Program,
    /// The section of bodies.
    pub bodies: Vec<u8>,
    /// The spec's tests as JSON (`gatec_schema::Map<gatec_schema::Test>`); empty: `{}`.
    pub tests: Vec<u8>,
    /// The source map.
    pub source_map: SourceMap,
}

/// Why a file is no bundle that can be used, or contents cannot be made into one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BundleError(pub String);

/// Writes a bundle. The same contents give the same bytes.
///
/// # Errors
/// Contents that are larger than a bundle may be ([`SIZE_LIMIT`]).
pub fn encode(contents: &Contents) -> Result<Vec<u8>, BundleError> {
    let tests: &[u8] = match contents.tests.as_slice() {
        [] => b"{}",
        tests => tests,
    };
    assemble(&RawSections {
        manifest: &contents.manifest.to_bytes()?,
        program: &archive::write(&contents.program)?,
        bodies: &contents.bodies,
        tests,
        source_map: &contents.source_map.to_bytes(),
    })
}

/// A bundle that was checked and can be used. It holds the file as it was read, and little else.
pub struct Bundle {
    file: Bytes,
    digest: Digest,
    layout: Layout,
    manifest: Manifest,
    archive: Archive,
    bodies: Bytes,
    compiled: Compiled,
    json_paths: JsonPaths,
    body_routes: Vec<bool>,
    ready: Vec<OnceLock<Option<Box<Ready>>>>,
}

impl Bundle {
    /// Checks a file and makes it ready to use, reading it in place.
    ///
    /// # Errors
    /// Says what is wrong; nothing of a wrong file is used.
    pub fn load(file: Bytes) -> Result<Self, BundleError> {
        thread::scope(|scope| {
            // The digest of a large file takes about as long as all else, and waits for none of it.
            let naming = (file.len() >= LARGE)
                .then(|| thread::Builder::new().spawn_scoped(scope, || Digest::of(&file)))
                .and_then(Result::ok);
            Self::check(file.clone(), || {
                naming
                    .and_then(|naming| naming.join().ok())
                    .unwrap_or_else(|| Digest::of(&file))
            })
        })
    }

    /// The same for a file whose digest is known.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_named(file: Bytes, digest: Digest) -> Result<Self, BundleError> {
        Self::check(file, || digest)
    }

    fn check(file: Bytes, digest: impl FnOnce() -> Digest) -> Result<Self, BundleError> {
        let layout = format::read(&file)?;
        let manifest = Manifest::from_bytes(&section(&file, &layout.manifest))?;
        check::tests(&section(&file, &layout.tests))?;
        let archive = Archive::check(section(&file, &layout.program))?;
        let bodies = section(&file, &layout.bodies);
        let program = archive.program();
        source_map::check(&section(&file, &layout.source_map), program.routes.len())?;
        let findings = check::program(program, &bodies)?;
        let compiled = Compiled::new(program).map_err(BundleError)?;
        let ready = program.routes.iter().map(|_| OnceLock::new()).collect();
        Ok(Self {
            digest: digest(),
            file,
            layout,
            manifest,
            archive,
            bodies,
            compiled,
            json_paths: findings.json_paths,
            body_routes: findings.body_routes,
            ready,
        })
    }

    /// The digest of the whole file.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The program, read in place.
    pub fn program(&self) -> &ArchivedProgram {
        self.archive.program()
    }

    /// A body, without copying it. Empty where the bundle has no such bytes, which no blob of its own
    /// program can say.
    pub fn body(&self, blob: Blob) -> Bytes {
        check::blob_range(blob.offset, blob.length, self.bodies.len())
            .map(|range| self.bodies.slice(range))
            .unwrap_or_default()
    }

    /// The same for a blob of the program as it lies in the file.
    pub(crate) fn blob(&self, blob: &ArchivedBlob) -> Bytes {
        self.body(Blob {
            offset: blob.offset.to_native(),
            length: blob.length.to_native(),
        })
    }

    /// The spec's tests as JSON.
    pub fn tests(&self) -> &[u8] {
        self.file.get(self.layout.tests.clone()).unwrap_or_default()
    }

    /// Where things were written (decoded at each call: not for the hot path).
    pub fn source_map(&self) -> SourceMap {
        SourceMap::from_bytes(&section(&self.file, &self.layout.source_map)).unwrap_or_default()
    }

    /// Name, offset and length of each section, in order.
    pub fn sections(&self) -> Vec<(String, u64, u64)> {
        self.layout
            .named()
            .map(|(name, place)| (name.to_owned(), place.start as u64, place.len() as u64))
            .collect()
    }

    /// The file itself.
    pub fn file(&self) -> &Bytes {
        &self.file
    }

    /// Finds the route of a request. Does not allocate unless a path has more than eight captures.
    pub fn route<'b>(&'b self, request: &Request<'_>, body: Option<&[u8]>) -> Routing<'b> {
        matcher::route(self.program(), &self.compiled, request, body)
    }

    /// The routes that came nearest to taking a request, nearest first. Walks every route: for
    /// development and `gatec why`, not for the hot path.
    pub fn nearest(
        &self,
        request: &Request<'_>,
        body: Option<&[u8]>,
        limit: usize,
    ) -> Vec<NearMiss> {
        matcher::nearest(self.program(), &self.compiled, request, body, limit)
    }

    /// What keeps a route (by index) from taking a request: one entry for each of its matches,
    /// without differences where the match fits. Walks every route.
    pub fn explain(&self, request: &Request<'_>, body: Option<&[u8]>, route: u32) -> Vec<NearMiss> {
        matcher::explain(self.program(), &self.compiled, request, body, route)
    }

    /// Every match that fits a request, as route and ordinal in the order of declaration. Walks every
    /// route.
    pub fn fitting(&self, request: &Request<'_>, body: Option<&[u8]>) -> Vec<(u32, u16)> {
        matcher::fitting(self.program(), &self.compiled, request, body)
    }

    /// The JSON paths of the program's templates, compiled.
    pub(crate) fn json_paths(&self) -> &JsonPaths {
        &self.json_paths
    }

    /// Whether a template of this route looks at the request's body.
    pub(crate) fn route_looks_at_body(&self, route: usize) -> bool {
        self.body_routes.get(route).copied().unwrap_or(false)
    }

    /// The answer of a route where it is the same for every request: what [`crate::decide::decide`]
    /// would make each time. Made when it is first asked for.
    pub fn ready(&self, route: u32) -> Option<&Ready> {
        let index = usize::try_from(route).ok()?;
        let route = self.program().routes.get(index)?;
        if !matches!(route.action, ArchivedAction::Respond(_)) {
            return None;
        }
        let made = self.ready.get(index)?;
        let made = made.get_or_init(|| Ready::of(self, route));
        made.as_deref()
    }

    /// Text of the program as bytes that share the file, without copying.
    pub(crate) fn share(&self, text: &str) -> Bytes {
        let bytes = text.as_bytes();
        let archive = self.archive.bytes();
        if archive.as_ptr_range().contains(&bytes.as_ptr()) {
            archive.slice_ref(bytes)
        } else {
            Bytes::copy_from_slice(bytes)
        }
    }
}

fn section(file: &Bytes, place: &std::ops::Range<usize>) -> Bytes {
    file.slice(place.clone())
}
