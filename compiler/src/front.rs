//! From files to a typed spec with everything that is wrong about its shape.

use std::path::PathBuf;

use gatec_schema::Spec;
use gatec_syntax::{Diagnostic, Document, Sources};

/// What the front half of the compiler made of the files. Parts that are wrong in shape are left out
/// of `spec` (with a diagnostic); `document` keeps everything.
pub struct Front {
    /// Every text that was read.
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
    /// Findings so far.
    pub diagnostics: Vec<Diagnostic>,
}
