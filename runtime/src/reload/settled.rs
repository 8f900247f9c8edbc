//! What the command line settled for as long as the process runs, so that no bundle changes it.

/// Settings that a bundle has no say in.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Settled {
    /// Number of threads that serve.
    pub(crate) workers: Option<usize>,
    /// The form of log lines.
    pub(crate) log_format: bool,
}
