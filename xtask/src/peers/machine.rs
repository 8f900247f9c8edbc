//! What the figures were taken on: without it they say nothing.

use std::fs;
use std::process::Command;

/// The processor, how many of them, the memory and the kernel, on one line.
pub fn machine() -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let meminfo = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    // Not what this process may use: it has pinned itself to a part of them.
    let listed = cpuinfo.lines().filter(|line| line.starts_with("processor"));
    let cores = listed.count().max(1);
    format!(
        "{cores} processors ({}, {}), {:.0} GiB, Linux {}",
        field(&cpuinfo, "model name").unwrap_or("of an unknown model"),
        std::env::consts::ARCH,
        kib(&meminfo).unwrap_or(0.0) / (1024.0 * 1024.0),
        kernel.trim()
    )
}

/// The first line of what a program says about its version.
pub fn version(program: &str, argument: &str) -> Option<String> {
    let done = Command::new(crate::shell::find(program)?)
        .arg(argument)
        .output()
        .ok()?;
    let text = [done.stdout, done.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    text.lines().next().map(|line| line.trim().to_owned())
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim())
}

fn kib(meminfo: &str) -> Option<f64> {
    field(meminfo, "MemTotal")?.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read() {
        assert_eq!(
            field("a: b\nmodel name\t: Xeon: 3\n", "model name"),
            Some("Xeon: 3")
        );
        assert_eq!(kib("MemTotal:       24000000 kB\n"), Some(24_000_000.0));
    }
}
