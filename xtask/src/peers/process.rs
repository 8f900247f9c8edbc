//! What the kernel says about a process and its children: processor time and memory, read from
//! `/proc`. A peer may be several processes, so everything here is about a whole tree.

use std::fs;
use std::time::Duration;

/// What a process tree has used so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Processor time in user and kernel mode, of all processes.
    pub cpu: Duration,
    /// Resident memory now, in KiB, of all processes.
    pub resident: u64,
    /// The largest process's peak of resident memory, in KiB. Not the sum: a master and its worker
    /// share most pages, and counting them twice would flatter a peer that is one process.
    pub peak: u64,
}

/// One line of `/proc/PID/stat`, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stat {
    parent: u32,
    ticks: u64,
}

/// Ticks a second of the times in `/proc`; Linux shows 100 on every machine (`getconf CLK_TCK`).
const TICKS: u64 = 100;

/// The usage of a process and all that came from it.
pub fn usage(root: u32) -> Usage {
    let mut sum = Usage::default();
    let mut ticks = 0;
    for pid in tree(root) {
        ticks += stat(pid).map_or(0, |stat| stat.ticks);
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        sum.resident += field(&status, "VmRSS:").unwrap_or(0);
        sum.peak = sum.peak.max(field(&status, "VmHWM:").unwrap_or(0));
    }
    sum.cpu = Duration::from_millis(ticks * 1000 / TICKS);
    sum
}

/// A process and all that came from it, parents first.
pub fn tree(root: u32) -> Vec<u32> {
    let all: Vec<(u32, Stat)> = processes()
        .filter_map(|pid| Some((pid, stat(pid)?)))
        .collect();
    let mut tree = vec![root];
    let mut next = 0;
    while let Some(&parent) = tree.get(next) {
        let children = all.iter().filter(|(_, stat)| stat.parent == parent);
        tree.extend(children.map(|(pid, _)| *pid));
        next += 1;
    }
    tree
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn stat(pid: u32) -> Option<Stat> {
    parse_stat(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// proc(5): the name in parentheses may hold anything, so fields are counted from its end.
fn parse_stat(line: &str) -> Option<Stat> {
    let (_, rest) = line.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Stat {
        parent: u32::try_from(number(1)?).ok()?,
        ticks: number(11)? + number(12)?,
    })
}

fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_stat_is_read_whatever_the_name() {
        let line =
            "8627 (a) R 1 (b) R 8623 8622 32438 0 -1 4194304 99 0 0 0 170 29 0 0 20 0 1 0 1138422";
        assert_eq!(
            parse_stat(line),
            Some(Stat {
                parent: 8623,
                ticks: 199
            })
        );
        assert_eq!(parse_stat("8627 (cat) R 1"), None);
    }

    #[test]
    fn memory_is_read_from_status() {
        let status = "Name:\tnginx\nVmPeak:\t  9 kB\nVmHWM:\t   4312 kB\nVmRSS:\t   4000 kB\n";
        assert_eq!(field(status, "VmHWM:"), Some(4312));
        assert_eq!(field(status, "VmSwap:"), None);
    }

    #[test]
    fn this_process_has_used_something_and_is_in_its_own_tree() {
        let me = std::process::id();
        assert!(usage(me).peak > 0 && tree(me).contains(&me));
    }
}
