//! From files to a typed spec with everything that is wrong about its shape.

use std::path::PathBuf;

use gatec_schema::Spec;
use gatec_syntax::{Diagnostic, Document, Sources};

use crate::ignore::Ignores;
use crate::load::Replaced;
use crate::policy::Rulebook;

/// What the front half of the compiler made of the files.
///
/// Parts that are wrong in shape are reported and left out of `spec`. `document` keeps every key and
/// name, right or wrong, so that nothing that was written is taken for missing; but of its lists the
/// wrong items are gone, so that an item has the same number in both.
#[derive(Debug)]
pub struct Front {
    /// Every text that was read; the root file is the first.
    pub sources: Sources,
    /// The merged tree: includes taken in, the profile merged over, outside values resolved (a secret
    /// as the template `{{ secret("NAME") }}`).
    pub document: Document,
    /// The typed spec.
    pub spec: Spec,
    /// The folder of the root file; the spec's relative paths in `spec` are relative to it already.
    pub root: PathBuf,
    /// Files and folders whose change changes the outcome.
    pub watched: Vec<PathBuf>,
    /// Findings so far, in the order of the texts.
    pub diagnostics: Vec<Diagnostic>,
    /// The profiles there are.
    pub profiles: Vec<String>,
    /// What the chosen profile replaced.
    pub replaced: Vec<Replaced>,
    /// The policies.
    pub rulebook: Rulebook,
    /// Findings that comments say to leave.
    pub ignores: Ignores,
}
