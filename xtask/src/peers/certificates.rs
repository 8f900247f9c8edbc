//! Certificates for the TLS workloads, made afresh for each run.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::service::Key;

/// Makes one of each kind in a folder.
///
/// # Errors
/// Says what `openssl` says.
pub fn make(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for key in [Key::Rsa, Key::Ecdsa] {
        one(folder, key)?;
    }
    Ok(())
}

fn one(folder: &Path, key: Key) -> Result<(), String> {
    let file = |ending: &str| folder.join(format!("{}.{ending}", key.file()));
    let kind: &[&str] = match key {
        Key::Rsa => &["rsa:2048"],
        Key::Ecdsa => &["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    };
    let mut command = Command::new("openssl");
    command.args([
        "req",
        "-x509",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=localhost",
    ]);
    command.args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]);
    command.arg("-newkey").args(kind);
    command.arg("-keyout").arg(file("key"));
    command.arg("-out").arg(file("crt"));
    let done = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("`openssl` did not start: {error}"))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        return Err(format!("no certificate could be made: {}", said.trim()));
    }
    let read = |ending: &str| fs::read_to_string(file(ending));
    let both = read("crt").and_then(|crt| Ok(crt + &read("key")?));
    both.and_then(|both| fs::write(file("pem"), both))
        .map_err(|error| format!("no certificate could be made: {error}"))
}
