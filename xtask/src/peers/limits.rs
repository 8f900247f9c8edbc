//! How many files a process may have open: each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Takes as many as this program is allowed to take; what it starts inherits it.
pub fn lift() {
    let limit = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    // Where that is refused, there are fewer connections, and the table says how many.
    let _ = setrlimit(Resource::Nofile, most);
}
