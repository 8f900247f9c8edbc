//! Diagnostics as they are collected: a bounded number, since a reader mends the first ones first.

use gatec_syntax::Diagnostic;

/// The most diagnostics one run reports.
pub const MAX_FINDINGS: usize = 1_000;

/// Collects diagnostics up to [`MAX_FINDINGS`] and counts those after.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Diagnostic>,
    dropped: usize,
}

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Diagnostic) {
        if self.is_full() {
            self.dropped += 1;
        } else {
            self.list.push(finding);
        }
    }

    /// Whether further ones would only be counted.
    pub fn is_full(&self) -> bool {
        self.list.len() >= MAX_FINDINGS
    }

    /// Counts one whose words need not be made, since it would not be kept.
    pub fn count(&mut self) {
        self.dropped += 1;
    }

    /// Takes in those of another.
    pub fn absorb(&mut self, other: Findings) {
        self.extend(other.list);
        self.dropped += other.dropped;
    }

    /// All of them in the order of the texts, without repetitions; the last says how many were left
    /// out.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|one, other| {
            let key = |d: &Diagnostic| (d.span.source, d.span.start, d.span.end, d.code);
            key(one).cmp(&key(other))
        });
        self.list
            .dedup_by(|one, other| one.code == other.code && one.span == other.span);
        if let (Some(last), true) = (self.list.last_mut(), self.dropped > 0) {
            let note = format!(
                "{} more were found and are not shown; mend these first",
                self.dropped
            );
            last.help = Some(match last.help.take() {
                Some(help) => format!("{help}\n{note}"),
                None => note,
            });
        }
        self.list
    }
}

impl Extend<Diagnostic> for Findings {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, findings: I) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}
