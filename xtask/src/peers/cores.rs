//! Which processor does what: the peer alone on the first, everything else on the others. So a peer's
//! processor time is its own, and a generator at its limit costs the peer nothing.

use std::process::Command;

/// Lists of processors, as `taskset` takes them; empty where nothing is pinned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cores {
    /// For the peer.
    pub peer: String,
    /// For the load generator, the upstream and this program.
    pub others: String,
}

impl Cores {
    /// The division of this many processors.
    pub fn of(count: usize) -> Self {
        match count {
            0 | 1 => Self {
                peer: String::new(),
                others: String::new(),
            },
            2 => Self {
                peer: "0".to_owned(),
                others: "1".to_owned(),
            },
            count => Self {
                peer: "0".to_owned(),
                others: format!("1-{}", count - 1),
            },
        }
    }

    /// A command on the peer's processor.
    pub fn peer(&self, program: &std::path::Path) -> Command {
        if self.peer.is_empty() {
            return Command::new(program);
        }
        let mut command = Command::new("taskset");
        command.args(["-c", &self.peer]).arg(program);
        command
    }

    /// Moves this program to the other processors; what it starts goes there too.
    ///
    /// # Errors
    /// When that is not possible.
    pub fn step_aside(&self) -> Result<(), String> {
        if self.others.is_empty() {
            return Ok(());
        }
        let me = std::process::id().to_string();
        let done = Command::new("taskset")
            .args(["-a", "-cp", &self.others, &me])
            .output();
        match done {
            Ok(done) if done.status.success() => Ok(()),
            Ok(done) => Err(String::from_utf8_lossy(&done.stderr).trim().to_owned()),
            Err(error) => Err(format!("`taskset` did not start: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peer_has_a_processor_to_itself_where_there_are_two() {
        let of = |count| {
            let cores = Cores::of(count);
            (cores.peer, cores.others)
        };
        assert_eq!(of(1), (String::new(), String::new()));
        assert_eq!(of(2), ("0".to_owned(), "1".to_owned()));
        assert_eq!(of(8), ("0".to_owned(), "1-7".to_owned()));
    }
}
