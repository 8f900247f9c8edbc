//! What can be asked of a run.

use std::path::{Path, PathBuf};

use super::peer::{self, Peer};
use super::table::BASE;
use super::workload::{self, Workload};

/// Measure `gated` beside nginx and HAProxy, as far as they are installed.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// How long one measurement lasts.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub seconds: u64,
    /// How often every peer is measured under each workload.
    #[arg(long, default_value = "3", value_parser = rounds)]
    pub rounds: usize,
    /// Only workloads whose name begins with this; can be given again.
    #[arg(long, value_name = "WORKLOAD")]
    pub only: Vec<String>,
    /// Only this peer, beside nginx; can be given again.
    #[arg(long, value_name = "PEER")]
    pub peer: Vec<String>,
    /// Leave `docs/performance.md` as it is. It is only written when everything was measured.
    #[arg(long)]
    pub dry: bool,
    /// A folder with `gated` and `gatec`, instead of building them.
    #[arg(long, value_name = "FOLDER")]
    pub programs: Option<PathBuf>,
}

fn rounds(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(rounds @ 1..=1000) => Ok(rounds),
        _ => Err("expected a number from 1 to 1000".to_owned()),
    }
}

impl Options {
    /// Whether the docs are to be written: a part of the figures would push out the rest.
    pub fn writes_docs(&self) -> bool {
        !self.dry && self.only.is_empty() && self.peer.is_empty()
    }

    /// The workloads that are meant.
    ///
    /// # Errors
    /// Names those that there are, where none is meant.
    pub fn workloads(&self) -> Result<Vec<Box<dyn Workload>>, String> {
        let mut all = workload::all();
        let names: Vec<&str> = all.iter().map(|workload| workload.name()).collect();
        for only in &self.only {
            if !names.iter().any(|name| name.starts_with(only)) {
                return Err(none("workload", only, &names));
            }
        }
        all.retain(|workload| {
            let name = workload.name();
            self.only.is_empty() || self.only.iter().any(|only| name.starts_with(only))
        });
        Ok(all)
    }

    /// The peers that are meant; always nginx too, because ratios are taken to it.
    ///
    /// # Errors
    /// Names those that there are, where one is not.
    pub fn peers(&self, programs: &Path) -> Result<Vec<Box<dyn Peer>>, String> {
        let mut all = peer::all(programs);
        let names: Vec<&str> = all.iter().map(|peer| peer.name()).collect();
        for peer in &self.peer {
            if !names.contains(&peer.as_str()) {
                return Err(none("peer", peer, &names));
            }
        }
        all.retain(|peer| {
            let name = peer.name();
            self.peer.is_empty() || name == BASE || self.peer.iter().any(|asked| asked == name)
        });
        Ok(all)
    }
}

fn none(what: &str, asked: &str, names: &[&str]) -> String {
    format!(
        "there is no {what} `{asked}`; there are {}",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(only: &[&str], peer: &[&str]) -> Options {
        Options {
            seconds: 1,
            rounds: 1,
            only: only.iter().map(|&name| name.to_owned()).collect(),
            peer: peer.iter().map(|&name| name.to_owned()).collect(),
            dry: false,
            programs: None,
        }
    }

    fn workloads(only: &[&str]) -> Result<Vec<&'static str>, String> {
        let workloads = options(only, &[]).workloads()?;
        Ok(workloads.iter().map(|workload| workload.name()).collect())
    }

    #[test]
    fn workloads_are_chosen_by_how_their_name_begins() {
        assert_eq!(workloads(&["templ"]), Ok(vec!["template"]));
        assert_eq!(workloads(&[]).unwrap().len(), workload::all().len());
        let error = workloads(&["none"]).unwrap_err();
        assert!(error.starts_with("there is no workload `none`; there are answer, template"));
    }

    #[test]
    fn the_base_is_always_there() {
        let names = |peer: &[&str]| -> Result<Vec<&'static str>, String> {
            let peers = options(&[], peer).peers(Path::new("."))?;
            Ok(peers.iter().map(|peer| peer.name()).collect())
        };
        assert_eq!(names(&["gated"]), Ok(vec!["gated", "nginx"]));
        assert_eq!(names(&[]), Ok(vec!["gated", "nginx", "haproxy"]));
        assert!(names(&["apache"]).is_err());
    }

    #[test]
    fn a_part_does_not_push_out_the_whole() {
        assert!(options(&[], &[]).writes_docs());
        assert!(!options(&["proxy"], &[]).writes_docs());
        assert!(!options(&[], &["gated"]).writes_docs());
    }

    #[test]
    fn workloads_have_different_names() {
        let all = workload::all();
        let names: std::collections::BTreeSet<_> = all.iter().map(|one| one.name()).collect();
        assert_eq!(names.len(), all.len());
    }
}
