//! Findings as JSON, one on each line, so that a reader needs no whole document.

use crate::Report;
use crate::json::finding;

/// Each finding as a JSON object on a line of its own, with the keys of [`json`](crate::json()).
pub fn json_lines(report: &Report<'_>) -> String {
    report
        .findings()
        .iter()
        .map(|found| format!("{}\n", finding(found.diagnostic, found.view)))
        .collect()
}
