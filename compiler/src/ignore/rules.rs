//! What can be wrong with a comment that silences a code.

use gatec_syntax::Rule;

pub mod broken_ignore;
pub mod unused_ignore;

/// Every rule of such comments, in the order of the codes.
pub const RULES: &[&Rule] = &[&unused_ignore::RULE, &broken_ignore::RULE];
