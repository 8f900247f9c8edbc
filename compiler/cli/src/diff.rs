//! The difference of two texts, for people and for `patch`.

use std::time::Duration;

use similar::TextDiff;

use crate::Terminal;

/// How long to look for the smallest difference.
const DIFF_TIME: Duration = Duration::from_millis(500);

/// The difference in the usual unified form, with so many equal lines around what changed; coloured
/// where standard output is.
pub(crate) fn unified(
    (before_name, before): (&str, &str),
    (after_name, after): (&str, &str),
    around: usize,
    terminal: &Terminal<'_>,
) -> String {
    // Past the deadline the difference is coarser, but still right.
    let diff = TextDiff::configure()
        .timeout(DIFF_TIME)
        .diff_lines(before, after);
    let text = diff
        .unified_diff()
        .context_radius(around)
        .header(before_name, after_name)
        .to_string();
    text.split_inclusive('\n')
        .map(|line| {
            let (words, end) = line
                .strip_suffix('\n')
                .map_or((line, ""), |words| (words, "\n"));
            let style = match words.as_bytes().first() {
                Some(b'+') => "32",
                Some(b'-') => "31",
                Some(b'@') => "36",
                _ => return line.to_owned(),
            };
            format!("{}{end}", terminal.paint(style, words))
        })
        .collect()
}
