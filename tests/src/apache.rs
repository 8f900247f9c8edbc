//! A real Apache.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::{curl, wait_for};

/// Apache in the foreground; ended when dropped.
pub struct Apache(Child);

impl Apache {
    /// Starts Apache on a configuration and waits until `url` answers.
    pub fn start(configuration: &Path, url: &str) -> Self {
        let child = Command::new("apache2")
            .args(["-X", "-f"])
            .arg(configuration)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("apache2 is installed; `cargo xtask test` sees to that");
        let apache = Self(child);
        wait_for("apache2", 10, || curl(&[url]).status != 0);
        apache
    }
}

impl Drop for Apache {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
