//! Names and passwords as `htpasswd` writes them: a name, `:`, and the hash of a password on each line.
//!
//! Only hashes are taken that are slow on purpose (bcrypt, argon2), and only up to a bound, since every
//! wrong password costs as much as a right one. So does a name that is not in the file: it is checked
//! against somebody else's hash.

use std::collections::HashMap;

use argon2::{Algorithm, Argon2, ParamsBuilder, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest;
use base64::Engine;

use crate::Problem;
use crate::credentials::BASE64;

/// Highest cost of bcrypt: 2 to the power of it is how often it goes round.
const BCRYPT_COST: std::ops::RangeInclusive<u32> = 4..=15;

/// Most memory of argon2, in KiB.
const ARGON_MEMORY: u32 = 256 << 10;

/// Most times that argon2 goes over its memory, and lanes.
const ARGON_TIMES: u32 = 16;

/// Longest line.
const LONGEST: usize = 1024;

/// Longest password that is looked at.
const LONGEST_PASSWORD: usize = 1024;

/// Names and the hashes of their passwords.
#[derive(Debug, Clone, Default)]
pub struct Passwords {
    hashes: Vec<Hash>,
    names: HashMap<String, usize>,
}

#[derive(Debug, Clone)]
enum Hash {
    Bcrypt(String),
    Argon {
        algorithm: Algorithm,
        version: Version,
        memory: u32,
        times: u32,
        lanes: u32,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
}

impl Passwords {
    /// Reads a file.
    ///
    /// # Errors
    /// The first line that is wrong, and why.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let mut all = Self::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |why: String| Problem::at(index + 1, why);
            let (name, hash) = entry(line).map_err(wrong)?;
            let known = all.names.insert(name.to_owned(), all.hashes.len());
            if known.is_some() {
                return Err(wrong(format!("`{name}` is there twice")));
            }
            all.hashes.push(hash);
        }
        Ok(all)
    }

    /// Whether a name has a password. Slow on purpose, whatever the answer; not for a thread that
    /// serves.
    pub fn verify(&self, name: &str, password: &[u8]) -> bool {
        let known = self.names.get(name).copied();
        // Which one stands in for a name that is not known is always the same for that name.
        let index = known.unwrap_or_else(|| stand_in(name, self.hashes.len()));
        let fits = self
            .hashes
            .get(index)
            .is_some_and(|hash| hash.verify(password));
        fits && known.is_some()
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// The hash of a password with bcrypt, as `htpasswd -B` writes it.
///
/// # Errors
/// The cost is out of bounds.
pub fn hash_password(password: &str, cost: u32) -> Result<String, String> {
    if !BCRYPT_COST.contains(&cost) {
        return Err(format!("bcrypt with a cost of {cost}"));
    }
    bcrypt::hash(password, cost).map_err(|error| error.to_string())
}

fn stand_in(name: &str, count: usize) -> usize {
    let print = digest::digest(&digest::SHA256, name.as_bytes());
    let number = print
        .as_ref()
        .iter()
        .take(8)
        .fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
    number.checked_rem(count).unwrap_or(0)
}

fn entry(line: &str) -> Result<(&str, Hash), String> {
    if line.len() > LONGEST {
        return Err(format!("is longer than {LONGEST} bytes"));
    }
    let (name, hash) = line
        .split_once(':')
        .ok_or("a line is a name, `:`, and the hash of a password")?;
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err("the name is empty, or has control characters".to_owned());
    }
    Ok((name, Hash::parse(hash)?))
}

impl Hash {
    fn parse(text: &str) -> Result<Self, String> {
        let kind = text
            .strip_prefix('$')
            .and_then(|rest| rest.split_once('$'))
            .map(|(kind, _)| kind);
        match kind {
            Some("2a" | "2b" | "2y") => bcrypt(text),
            Some("argon2id") => argon(text, Algorithm::Argon2id),
            Some("argon2i") => argon(text, Algorithm::Argon2i),
            Some("argon2d") => argon(text, Algorithm::Argon2d),
            Some("apr1" | "1") => Err(refused("MD5")),
            Some("5") => Err(refused("SHA-256")),
            Some("6") => Err(refused("SHA-512")),
            _ if text.starts_with("{SHA}") => Err(refused("SHA-1")),
            _ => Err(
                "what follows `:` is no hash that is known here: bcrypt (`htpasswd -B`) and argon2 are".to_owned(),
            ),
        }
    }

    fn verify(&self, password: &[u8]) -> bool {
        // Looked at in full length by nobody; the work is done nevertheless.
        let long = password.len() > LONGEST_PASSWORD;
        let password = if long { b"".as_slice() } else { password };
        let fits = match self {
            Self::Bcrypt(hash) => bcrypt::verify(password, hash).unwrap_or(false),
            Self::Argon {
                algorithm,
                version,
                memory,
                times,
                lanes,
                salt,
                hash,
            } => {
                let parameters = parameters_of(*memory, *times, *lanes, hash.len());
                let argon = parameters.context(*algorithm, *version);
                let mut made = vec![0; hash.len()];
                let hashed = argon.is_ok_and(|argon: Argon2<'_>| {
                    argon.hash_password_into(password, salt, &mut made).is_ok()
                });
                hashed && verify_slices_are_equal(&made, hash).is_ok()
            }
        };
        fits && !long
    }
}

fn refused(kind: &str) -> String {
    format!(
        "a hash with {kind}, which is guessed too fast; write it anew with bcrypt (`htpasswd -B`) or argon2"
    )
}

fn bcrypt(text: &str) -> Result<Hash, String> {
    let malformed = || "a bcrypt hash that is malformed".to_owned();
    let parts = text.parse::<bcrypt::HashParts>().map_err(|_| malformed())?;
    if text.len() != 60 {
        return Err(malformed());
    }
    let cost = parts.get_cost();
    if !BCRYPT_COST.contains(&cost) {
        return Err(format!(
            "bcrypt with a cost of {cost}; {} to {} are taken",
            BCRYPT_COST.start(),
            BCRYPT_COST.end()
        ));
    }
    Ok(Hash::Bcrypt(text.to_owned()))
}

fn parameters_of(memory: u32, times: u32, lanes: u32, length: usize) -> ParamsBuilder {
    let mut all = ParamsBuilder::new();
    all.m_cost(memory).t_cost(times).p_cost(lanes);
    all.output_len(length);
    all
}

/// Reads `$argon2id$v=19$m=65536,t=3,p=4$SALT$HASH`.
fn argon(text: &str, algorithm: Algorithm) -> Result<Hash, String> {
    let malformed = || "an argon2 hash that is malformed".to_owned();
    let mut parts = text.split('$').skip(2).peekable();
    let version = match parts.peek().and_then(|part| part.strip_prefix("v=")) {
        None => Version::V0x10,
        Some("16") => {
            parts.next();
            Version::V0x10
        }
        Some("19") => {
            parts.next();
            Version::V0x13
        }
        Some(_) => return Err(malformed()),
    };
    let mut next = || parts.next().ok_or_else(malformed);
    let (parameters, salt, hash) = (next()?, next()?, next()?);
    if parts.next().is_some() {
        return Err(malformed());
    }
    let number = |name: &str| {
        parameters
            .split(',')
            .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
            .and_then(|digits| digits.parse::<u32>().ok())
            .ok_or_else(malformed)
    };
    let (memory, times, lanes) = (number("m")?, number("t")?, number("p")?);
    if memory > ARGON_MEMORY || times > ARGON_TIMES || lanes > ARGON_TIMES {
        return Err(format!(
            "argon2 with m={memory},t={times},p={lanes}; m up to {ARGON_MEMORY}, t and p up to {ARGON_TIMES} are taken"
        ));
    }
    let decode = |text: &str| BASE64.decode(text).map_err(|_| malformed());
    let (salt, hash) = (decode(salt)?, decode(hash)?);
    let sound = (8..=64).contains(&salt.len()) && (16..=64).contains(&hash.len());
    let usable = parameters_of(memory, times, lanes, hash.len());
    if !sound || usable.context(algorithm, version).is_err() {
        return Err(malformed());
    }
    Ok(Hash::Argon {
        algorithm,
        version,
        memory,
        times,
        lanes,
        salt,
        hash,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the password `correct`, as `htpasswd -nbBC 4` writes it, and `argon2 -id`.
    fn bcrypt_hash(password: &str) -> String {
        ::bcrypt::hash(password, 4)
            .unwrap()
            .replacen("$2b$", "$2y$", 1)
    }

    fn argon_hash(password: &str) -> String {
        let salt = b"saltsalt";
        let mut hash = [0; 32];
        parameters_of(64, 1, 1, 32)
            .context(Algorithm::Argon2id, Version::V0x13)
            .unwrap()
            .hash_password_into(password.as_bytes(), salt, &mut hash)
            .unwrap();
        let plain = |bytes: &[u8]| BASE64.encode(bytes).trim_end_matches('=').to_owned();
        format!(
            "$argon2id$v=19$m=64,t=1,p=1${}${}",
            plain(salt),
            plain(&hash)
        )
    }

    #[test]
    fn right_passwords_are_taken_and_no_others() {
        let text = format!(
            "# staff\n\nann:{}\nbob:{}\n",
            bcrypt_hash("correct"),
            argon_hash("horse")
        );
        let all = Passwords::parse(&text).unwrap();
        assert_eq!(all.len(), 2);
        assert!(all.verify("ann", b"correct"));
        assert!(all.verify("bob", b"horse"));
        for (name, password) in [
            ("ann", "horse"),
            ("bob", "correct"),
            ("ann", ""),
            ("carl", "correct"),
            ("carl", "horse"),
            ("", ""),
        ] {
            assert!(!all.verify(name, password.as_bytes()), "{name}");
        }
        assert!(!all.verify("ann", &[b'x'; 5000]));
        assert!(!Passwords::default().verify("ann", b"x"));
    }

    #[test]
    fn what_the_reference_program_wrote_is_taken() {
        // From the tests of the reference implementation of argon2 (version 1.3).
        let text = "ann:$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA\n";
        assert!(Passwords::parse(text).unwrap().verify("ann", b"password"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let wrong = |text: &str| Passwords::parse(text).unwrap_err().to_string();
        let good = bcrypt_hash("x");
        assert_eq!(
            wrong(&format!("a:{good}\na:{good}")),
            "line 2: `a` is there twice"
        );
        assert_eq!(
            wrong("ann"),
            "line 1: a line is a name, `:`, and the hash of a password"
        );
        assert!(
            wrong("a:$apr1$x$y").starts_with("line 1: a hash with MD5, which is guessed too fast")
        );
        assert!(wrong("a:{SHA}x").contains("SHA-1"));
        assert!(wrong("a:plain").contains("is no hash that is known here"));
        assert!(
            wrong("a:$2y$31$abcdefghijklmnopqrstuuMq0mLyo7UJnWcMwF6kvWzT1TNq0mLyo7")
                .contains("bcrypt")
        );
        assert!(
            wrong("a:$argon2id$v=19$m=1048576,t=3,p=4$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA")
                .contains("up to 262144")
        );
        assert!(
            wrong("a:$argon2id$v=19$m=8,t=0,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA")
                .contains("malformed")
        );
    }
}
