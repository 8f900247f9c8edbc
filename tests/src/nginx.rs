//! A real nginx.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::{curl, wait_for};

/// nginx in the foreground; ended when dropped.
pub struct Nginx {
    child: Child,
}

impl Nginx {
    /// Starts nginx on a configuration below `prefix` and waits until `url` answers.
    pub fn start(prefix: &Path, configuration: &str, url: &str) -> Self {
        let child = Command::new("nginx")
            .arg("-p")
            .arg(prefix)
            .args(["-c", configuration])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx is installed; `cargo xtask test` sees to that");
        let nginx = Self { child };
        wait_for("nginx", 10, || curl(&[url]).status != 0);
        nginx
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // A plain kill of the master would leave its workers behind.
        drop(
            Command::new("kill")
                .arg("-TERM")
                .arg(self.child.id().to_string())
                .status(),
        );
        drop(self.child.wait());
    }
}
