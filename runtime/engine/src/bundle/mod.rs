//! The bundle: one file with everything a replica needs to serve, except secrets.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::matcher::{NearMiss, Routing};
use crate::program::{ArchivedProgram, Blob, Program};
use crate::request::Request;

/// The version of the format that this crate reads and writes.
pub const FORMAT: u32 = 1;

/// A bundle that was checked and can be used.
pub struct Bundle {
    _private: (),
}

/// `sha256(file)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

/// What a bundle says about itself; JSON, so that any version can read it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Format version.
    pub format: u32,
    /// The gateway's name.
    pub name: String,
    /// The profile it was built for; empty: none.
    pub profile: String,
    /// Version of the compiler.
    pub compiler: String,
    /// The oldest runtime that can run it.
    pub min_runtime: String,
    /// What a runtime must be able to do, sorted; an unknown one refuses the bundle.
    pub required_features: Vec<String>,
    /// How many of what, sorted by name.
    pub counts: std::collections::BTreeMap<String, u64>,
}

/// What goes into a bundle.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// The manifest; `format` is filled in.
    pub manifest: Manifest,
    /// The program.
    pub program: Program,
    /// The section of bodies.
    pub bodies: Vec<u8>,
    /// The spec's tests as JSON (`gatec_schema::Map<gatec_schema::Test>`).
    pub tests: Vec<u8>,
    /// The source map.
    pub source_map: SourceMap,
}

/// Where in the sources things were written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SourceMap {
    /// Names of the source files, relative to the root spec's folder, with `/`.
    pub files: Vec<String>,
    /// For each route (by index): file, line, column (from 1).
    pub routes: Vec<(u32, u32, u32)>,
}

/// Why a file is no bundle that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BundleError(pub String);

/// Writes a bundle. The same contents give the same bytes.
pub fn encode(_contents: &Contents) -> Vec<u8> {
    unimplemented!()
}

impl Bundle {
    /// Checks a file and makes it ready to use, reading it in place.
    ///
    /// # Errors
    /// Says what is wrong; nothing of a wrong file is used.
    pub fn load(_bytes: Bytes) -> Result<Self, BundleError> {
        unimplemented!()
    }

    /// The digest of the whole file.
    pub fn digest(&self) -> Digest {
        unimplemented!()
    }

    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        unimplemented!()
    }

    /// The program, read in place.
    pub fn program(&self) -> &ArchivedProgram {
        unimplemented!()
    }

    /// A body, without copying it.
    pub fn body(&self, _blob: Blob) -> Bytes {
        unimplemented!()
    }

    /// The spec's tests as JSON.
    pub fn tests(&self) -> &[u8] {
        unimplemented!()
    }

    /// Where things were written (decoded at each call: not for the hot path).
    pub fn source_map(&self) -> SourceMap {
        unimplemented!()
    }

    /// Name, offset and length of each section, in order.
    pub fn sections(&self) -> Vec<(String, u64, u64)> {
        unimplemented!()
    }

    /// Finds the route of a request. Does not allocate unless a path has more than eight captures.
    pub fn route<'b>(&'b self, _request: &Request<'_>, _body: Option<&[u8]>) -> Routing<'b> {
        unimplemented!()
    }

    /// The routes that came nearest to taking a request, nearest first. Walks every route: for
    /// development and `gatec why`, not for the hot path.
    pub fn nearest(
        &self,
        _request: &Request<'_>,
        _body: Option<&[u8]>,
        _limit: usize,
    ) -> Vec<NearMiss> {
        unimplemented!()
    }
}
