//! The subcommands, one file each.

pub(crate) mod build;
pub(crate) mod cert;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod inspect;
pub(crate) mod key;
pub(crate) mod lsp;
pub(crate) mod policy;
pub(crate) mod schema;
pub(crate) mod test;
pub(crate) mod token;
pub(crate) mod why;
