//! What the tests need beside a Rust toolchain.

mod python;

use crate::shell;

/// A program that tests or benchmarks run, and the Debian package it comes in.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// The program's name.
    pub program: &'static str,
    /// The package it comes in.
    pub package: &'static str,
    /// What it is for.
    pub why: &'static str,
}

const NEEDS: [Need; 10] = [
    Need {
        program: "nginx",
        package: "nginx-light",
        why: "the upstream of the examples",
    },
    Need {
        program: "apache2",
        package: "apache2-bin",
        why: "a second server behind the gateway, which reads HTTP in its own way",
    },
    Need {
        program: "htpasswd",
        package: "apache2-utils",
        why: "files of passwords as others write them",
    },
    Need {
        program: "wrk",
        package: "wrk",
        why: "load while a change swaps in",
    },
    Need {
        program: "curl",
        package: "curl",
        why: "a client from outside",
    },
    Need {
        program: "openssl",
        package: "openssl",
        why: "another implementation of TLS",
    },
    Need {
        program: "redis-server",
        package: "redis-server",
        why: "state that replicas share, alone, watched by Sentinels and as a cluster",
    },
    Need {
        program: "redis-cli",
        package: "redis-tools",
        why: "what is done to a Redis behind the gateway's back",
    },
    Need {
        program: "git",
        package: "git",
        why: "the repositories that hooks run in",
    },
    Need {
        program: "python3",
        package: "python3-venv",
        why: "pre-commit, which runs the hooks, and tokens of another library",
    },
];

/// Makes sure that everything is there. Installs what is missing where that is possible (as root,
/// with apt-get), and otherwise names it.
///
/// # Errors
/// Names what is missing, what it is for, and how to get it.
pub fn prepare(say: &mut dyn FnMut(&str)) -> Result<(), String> {
    all_there(&NEEDS, say)?;
    python::prepare(say)
}

/// As [`prepare`], for other programs.
///
/// # Errors
/// Names what is missing, what it is for, and how to get it.
pub fn all_there(needs: &[Need], say: &mut dyn FnMut(&str)) -> Result<(), String> {
    match install_missing(needs, say).as_slice() {
        [] => Ok(()),
        missing => Err(told(missing)),
    }
}

/// Installs what is missing where that is possible; gives what still is.
pub fn install_missing(needs: &[Need], say: &mut dyn FnMut(&str)) -> Vec<Need> {
    let packages: Vec<&str> = missing(needs).iter().map(|need| need.package).collect();
    if !packages.is_empty() && can_install() {
        say(&format!("installing {}", packages.join(", ")));
        if let Err(error) = install(&packages) {
            say(&error);
        }
    }
    missing(needs)
}

fn missing(needs: &[Need]) -> Vec<Need> {
    let absent = |need: &&Need| shell::find(need.program).is_none();
    needs.iter().filter(absent).copied().collect()
}

fn told(missing: &[Need]) -> String {
    let lines: Vec<String> = missing
        .iter()
        .map(|need| format!("  {} ({})", need.program, need.why))
        .collect();
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    format!(
        "the tests need programs that are not there:\n{}\non Debian and Ubuntu: sudo apt-get install --no-install-recommends {}",
        lines.join("\n"),
        packages.join(" ")
    )
}

fn can_install() -> bool {
    shell::find("apt-get").is_some() && is_root()
}

/// The owner of the process's own entry is the user it runs as.
#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|entry| entry.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

fn install(packages: &[&str]) -> Result<(), String> {
    shell::run("apt-get", &["update"])?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    shell::run("apt-get", &arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_its_package() {
        let told = told(&[NEEDS[0]]);
        assert!(
            told.contains("nginx (the upstream of the examples)") && told.ends_with("nginx-light")
        );
    }
}
