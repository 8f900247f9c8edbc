//! A program that was checked once and is then read in place.
//!
//! The archive's bytes and the reference into them live in one value (a self-referencing cell), so the
//! check is done when the value is made and its outcome stays true for as long as the value lives.

use std::num::NonZeroUsize;

use bytes::Bytes;
use rkyv::rancor::Failure;
use rkyv::validation::Validator;
use rkyv::validation::archive::ArchiveValidator;
use rkyv::validation::shared::SharedValidator;

use crate::program::{ArchivedProgram, Program};

use super::BundleError;

/// How deep the archive's parts may be nested. The types nest about ten deep and never in themselves.
const DEPTH: NonZeroUsize = NonZeroUsize::new(64).unwrap();

type Root<'a> = &'a ArchivedProgram;

self_cell::self_cell!(
    struct Cell {
        owner: Bytes,

        #[covariant]
        dependent: Root,
    }
);

/// The program section of a bundle.
pub(super) struct Archive(Cell);

impl Archive {
    /// Checks that every reference within the archive leads to a sound value. Takes the bytes as they
    /// are, at any alignment.
    pub(super) fn check(bytes: Bytes) -> Result<Self, BundleError> {
        Cell::try_new(bytes, |bytes| access(bytes)).map(Self)
    }

    pub(super) fn program(&self) -> &ArchivedProgram {
        self.0.borrow_dependent()
    }

    pub(super) fn bytes(&self) -> &Bytes {
        self.0.borrow_owner()
    }
}

fn access(bytes: &[u8]) -> Result<&ArchivedProgram, BundleError> {
    let mut validator = Validator::new(
        ArchiveValidator::with_max_depth(bytes, Some(DEPTH)),
        SharedValidator::new(),
    );
    rkyv::api::access_with_context::<ArchivedProgram, _, Failure>(bytes, &mut validator)
        .map_err(|Failure| BundleError("the section `program` holds no sound program".to_owned()))
}

/// Writes a program. The same program gives the same bytes.
pub(super) fn write(program: &Program) -> Result<Vec<u8>, BundleError> {
    rkyv::to_bytes::<Failure>(program)
        .map(rkyv::util::AlignedVec::into_vec)
        .map_err(|Failure| BundleError("the program is too large to be written".to_owned()))
}
