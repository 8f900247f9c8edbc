//! The page of figures in the docs. Only what stands between two markers is written anew, so that
//! text written by hand stays.

use std::fs;
use std::path::Path;

use super::chart::chart;
use super::options::Options;
use super::reach::reach;
use super::run::Outcome;
use super::table::{asides, table};
use super::{machine, peer::Peer, peer::version};

const PAGE: &str = "docs/performance.md";
const CHART: &str = "docs/performance.svg";
const MARK: &str = "cargo xtask bench peers";

/// What a run found, as it is shown on the terminal and in the docs.
pub fn report(outcomes: &[Outcome]) -> String {
    format!("{}\n{}", table(outcomes), asides(outcomes))
}

/// Writes the page and its chart.
///
/// # Errors
/// Names the file that could not be read or written.
pub fn write(
    root: &Path,
    outcomes: &[Outcome],
    options: &Options,
    peers: &[Box<dyn Peer>],
) -> Result<(), String> {
    let page = root.join(PAGE);
    let failed = |name: &str, error: std::io::Error| format!("`{name}`: {error}");
    let old = fs::read_to_string(&page).map_err(|error| failed(PAGE, error))?;
    let new = splice(&old, &section(outcomes, options, peers), MARK);
    fs::write(&page, new).map_err(|error| failed(PAGE, error))?;
    fs::write(root.join(CHART), chart(outcomes)).map_err(|error| failed(CHART, error))
}

fn section(outcomes: &[Outcome], options: &Options, peers: &[Box<dyn Peer>]) -> String {
    let versions = versions(peers).join("; ");
    let (seconds, rounds) = (options.seconds, options.rounds);
    format!(
        "## Beside nginx and HAProxy

Measured on {}. {versions}.

    cargo xtask bench peers --seconds {seconds} --rounds {rounds}

Each server has one worker, pinned to a processor of its own; the load generator and the upstream (an nginx that answers 1 KiB) have
the others. Configurations are equivalent, access logs off, connections kept open on both sides (64 clients, where nothing else is
said). The figure is the processor time of the server's processes for each request; {rounds} rounds of {seconds} s, every server freshly
started and measured in turn in each. Medians; the ratio is taken between figures of the same round, with its least and its greatest.
Peak memory is that of the largest process.

![Costs in ratio to nginx](performance.svg)

{}
{}
### What is to be reached

{}",
        machine::machine(),
        table(outcomes),
        asides(outcomes),
        reach(outcomes)
    )
}

fn versions(peers: &[Box<dyn Peer>]) -> Vec<String> {
    let mut versions: Vec<String> = peers.iter().filter_map(|peer| version(&**peer)).collect();
    versions.extend(machine::version("wrk", "--version"));
    versions.extend(machine::version("h2load", "--version"));
    versions.extend(machine::version("openssl", "version"));
    versions
}

/// Puts a section between the markers of the command that writes it, or at the end where there are none.
pub(crate) fn splice(page: &str, section: &str, command: &str) -> String {
    let begin = format!("<!-- begin: written by `{command}` -->");
    let end = format!("<!-- end: written by `{command}` -->");
    let marked = format!("{begin}\n{}\n{end}\n", section.trim_end());
    let parts = page.split_once(&begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some((before, after))
    });
    match parts {
        Some((before, after)) => format!(
            "{before}{marked}{}",
            after.strip_prefix('\n').unwrap_or(after)
        ),
        None => format!("{}\n\n{marked}", page.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_markers_changes() {
        const BEGIN: &str = "<!-- begin: written by `a b` -->";
        const END: &str = "<!-- end: written by `a b` -->";
        let first = splice("# Page\n\nby hand\n", "one", "a b");
        assert_eq!(first, format!("# Page\n\nby hand\n\n{BEGIN}\none\n{END}\n"));
        let more = format!("{first}\nmore by hand\n");
        let second = splice(&more, "two\n", "a b");
        assert_eq!(
            second,
            format!("# Page\n\nby hand\n\n{BEGIN}\ntwo\n{END}\n\nmore by hand\n")
        );
        assert_eq!(splice(&second, "two", "a b"), second);
    }
}
