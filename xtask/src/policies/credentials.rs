//! What clients prove themselves with: tokens of two kinds, and a key.

use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use gated_identity::{Algorithm, Signer};
use serde_json::{Map, Value, json};

/// Tokens that are sent once each.
const FRESH: usize = 6_000;

/// All that is sent.
#[derive(Debug)]
pub struct Credentials {
    /// Tokens signed with ECDSA on P-256; the first is sent again and again.
    pub es256: Vec<String>,
    /// Tokens signed with RSA, 2048 bits.
    pub rs256: Vec<String>,
    /// A key.
    pub key: String,
}

/// Makes them, and the files that a replica checks them with: `es256.pem`, `rs256.pem`, `keys.txt`.
///
/// # Errors
/// When `openssl` or `gatec` fails.
pub fn make(folder: &Path, programs: &Path) -> Result<Credentials, String> {
    let curve = "ec_paramgen_curve:P-256";
    Ok(Credentials {
        es256: tokens(
            folder,
            "es256",
            &["EC", "-pkeyopt", curve],
            Algorithm::ES256,
        )?,
        rs256: tokens(folder, "rs256", &["RSA"], Algorithm::RS256)?,
        key: key(folder, programs)?,
    })
}

fn tokens(
    folder: &Path,
    name: &str,
    kind: &[&str],
    algorithm: Algorithm,
) -> Result<Vec<String>, String> {
    let (private, public) = (format!("{name}.key"), format!("{name}.pem"));
    let generate = [&["genpkey", "-out", &private, "-algorithm"], kind].concat();
    output(folder, Command::new("openssl").args(generate))?;
    let publish = ["pkey", "-in", &private, "-pubout", "-out", &public];
    output(folder, Command::new("openssl").args(publish))?;
    let pem = std::fs::read(folder.join(&private)).map_err(|error| error.to_string())?;
    let signer = Signer::from_pem(&pem)?;
    (0..=FRESH)
        .map(|number| signer.token(algorithm, None, None, &claims(number)))
        .collect()
}

/// What a usual token says.
fn claims(number: usize) -> Map<String, Value> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.unwrap_or_default().as_secs();
    let said = json!({
        "iss": "https://id.example",
        "aud": "shop",
        "sub": format!("248289761001-{number}"),
        "iat": now,
        "exp": now + 7_200,
        "jti": format!("7a1d2c84-{number:08}"),
        "email": "ann@shop.example",
        "roles": ["staff", "reader"],
        "level": 3,
    });
    match said {
        Value::Object(claims) => claims,
        _ => Map::new(),
    }
}

fn key(folder: &Path, programs: &Path) -> Result<String, String> {
    let mut command = Command::new(programs.join("gatec"));
    command.args(["key", "new", "job", "--file", "keys.txt"]);
    command.args(["--claim", "roles=staff,reader", "--claim", "level=3"]);
    output(folder, &mut command).map(|key| key.trim().to_owned())
}

/// Runs a program in the folder; gives what it wrote to standard output.
pub(super) fn output(folder: &Path, command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command
        .current_dir(folder)
        .output()
        .map_err(|error| format!("`{name}` did not start: {error}"))?;
    match done.status.success() {
        true => Ok(String::from_utf8_lossy(&done.stdout).into_owned()),
        false => Err(format!(
            "`{name}` failed: {}",
            String::from_utf8_lossy(&done.stderr).trim()
        )),
    }
}
