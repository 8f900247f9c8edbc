//! The programs that a run needs beside those of this project.

use crate::setup::{self, Need};
use crate::shell;

const NEEDS: [Need; 6] = [
    Need {
        program: "nginx",
        package: "nginx-light",
        why: "a peer, and the upstream of all",
    },
    Need {
        program: "haproxy",
        package: "haproxy",
        why: "a peer",
    },
    Need {
        program: "wrk",
        package: "wrk",
        why: "load over HTTP/1.1",
    },
    Need {
        program: "h2load",
        package: "nghttp2-client",
        why: "load over HTTP/2",
    },
    Need {
        program: "openssl",
        package: "openssl",
        why: "certificates, and load of TLS handshakes",
    },
    Need {
        program: "taskset",
        package: "util-linux",
        why: "a processor for each side",
    },
];

/// Installs what is missing where that is possible, and names what still is.
///
/// # Errors
/// Without nginx and `wrk` there is nothing to compare.
pub(crate) fn prepare(say: &mut dyn FnMut(&str)) -> Result<(), String> {
    let missing = setup::install_missing(&NEEDS, say);
    for need in &missing {
        say(&format!(
            "without {} ({}): what needs it is left out",
            need.program, need.why
        ));
    }
    match ["nginx", "wrk", "taskset"]
        .iter()
        .find(|program| shell::find(program).is_none())
    {
        None => Ok(()),
        Some(program) => Err(format!("without `{program}` nothing can be compared")),
    }
}
