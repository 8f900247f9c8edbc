//! A rule is what stands behind a diagnostic code: the text that `gatec explain`, the reference
//! page and the editor's hover all show, and the examples that test the check.

use crate::diagnostic::Severity;

/// A diagnostic code with its explanation and its examples.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The stable code: a family letter (`K` syntax, `S` schema, `R` routes, `P` policy,
    /// `T` templates, `U` upstreams and listeners, `B` bundle) and three digits.
    pub code: &'static str,
    /// A short name in kebab case, for example `unknown-key`.
    pub name: &'static str,
    /// The severity it has unless said otherwise.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub summary: &'static str,
    /// What it means, why it is a mistake, and how to mend it; Markdown.
    pub explanation: &'static str,
    /// A whole spec (KDL) that has the mistake.
    pub wrong: &'static str,
    /// The same spec, mended.
    pub right: &'static str,
}
