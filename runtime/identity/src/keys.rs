//! Keys and tokens without meaning of their own, by their hashes: a file with one on each line.
//!
//! ```text
//! # who          the hash of the key                what is known of them
//! billing-job    sha256:1f…                         roles="reader,writer" expires=2026-01-01T00:00:00Z
//! old-job        sha256:9c…                         revoked
//! ```
//! A key has 256 random bits, so that a plain hash of it tells nobody anything; it is looked up by that
//! hash, so that no time that a comparison takes tells anything either.

mod edit;

use std::collections::HashMap;

use aws_lc_rs::digest;
use gated_engine::principal::Principal;

use crate::{Claims, Denied, Problem, Proved, Verified};

pub use edit::{NewKey, revoke};

/// Longest key that is looked at.
const LONGEST_KEY: usize = 512;

/// Longest line.
const LONGEST_LINE: usize = 8192;

/// The SHA-256 of a key.
type Digest = [u8; 32];

/// Keys by their hashes.
#[derive(Debug, Clone, Default)]
pub struct Keys(HashMap<Digest, Line>);

/// A key's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whose it is.
    pub id: String,
    /// What is known of them: name and value.
    pub claims: Vec<(String, String)>,
    /// Milliseconds since 1970 from which on it is no longer taken.
    pub expires: Option<i64>,
    /// Whether it was revoked.
    pub revoked: bool,
    digest: Digest,
}

impl Keys {
    /// Reads a file.
    ///
    /// # Errors
    /// The first line that is wrong, and why.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let mut all = HashMap::new();
        for (number, line) in Self::lines(text)? {
            if all.insert(line.digest, line).is_some() {
                return Err(Problem::at(number, "the same key is there twice"));
            }
        }
        Ok(Self(all))
    }

    /// The lines of a file, with their numbers.
    ///
    /// # Errors
    /// The first line that is wrong, and why.
    pub fn lines(text: &str) -> Result<Vec<(usize, Line)>, Problem> {
        let numbered = text.lines().enumerate();
        numbered
            .filter_map(|(index, text)| match Line::parse(text) {
                Ok(None) => None,
                Ok(Some(line)) => Some(Ok((index + 1, line))),
                Err(why) => Some(Err(Problem::at(index + 1, why))),
            })
            .collect()
    }

    /// Whose key it is at a time, in milliseconds since 1970.
    ///
    /// # Errors
    /// It is nobody's, or no longer taken.
    pub fn prove(&self, identity: u32, key: &str, claims: &Claims, now: i64) -> Proved {
        let verified = self.verify(identity, key, claims, now)?;
        Ok(verified.principal)
    }

    /// The same, with the time until which that holds.
    ///
    /// # Errors
    /// It is nobody's, or no longer taken.
    pub fn verify(
        &self,
        identity: u32,
        key: &str,
        claims: &Claims,
        now: i64,
    ) -> Result<Verified, Denied> {
        if key.len() > LONGEST_KEY {
            return Err(Denied::refused("the key is too long"));
        }
        let line = self
            .0
            .get(&sha256(key.as_bytes()))
            .ok_or(Denied::refused("the key is nobody's"))?;
        if line.revoked {
            return Err(Denied::refused(format!(
                "the key of `{}` was revoked",
                line.id
            )));
        }
        if line.expires.is_some_and(|expires| now >= expires) {
            return Err(Denied::refused(format!(
                "the key of `{}` has expired",
                line.id
            )));
        }
        let find = |name: &str| {
            let found = line.claims.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str())
        };
        Ok(Verified {
            principal: Principal {
                identity,
                id: line.id.clone(),
                claims: claims.of_texts(find)?,
            },
            until: line.expires.unwrap_or(i64::MAX),
        })
    }
}

impl Line {
    /// Reads a line; `None`: there is nothing on it.
    fn parse(text: &str) -> Result<Option<Self>, String> {
        if text.len() > LONGEST_LINE {
            return Err(format!("is longer than {LONGEST_LINE} bytes"));
        }
        let words = words(text)?;
        let mut words = words.into_iter();
        let Some(id) = words.next() else {
            return Ok(None);
        };
        let hash = words
            .next()
            .ok_or("a line is an id, `sha256:` and the hash of a key")?;
        let digest = hash
            .strip_prefix("sha256:")
            .and_then(digest_of)
            .ok_or("after the id stands `sha256:` and 64 hexadecimal digits, as `gatec key new` writes them")?;
        let mut line = Self {
            id,
            claims: Vec::new(),
            expires: None,
            revoked: false,
            digest,
        };
        for word in words {
            line.take(word)?;
        }
        Ok(Some(line))
    }

    fn take(&mut self, word: String) -> Result<(), String> {
        match word.split_once('=') {
            None if word == "revoked" => self.revoked = true,
            None => {
                return Err(format!(
                    "`{word}` is neither `revoked` nor a claim (`name=value`)"
                ));
            }
            Some(("expires", time)) => {
                let time = time
                    .parse::<jiff::Timestamp>()
                    .map_err(|_| format!("`{time}` is no time such as `2026-01-31T12:00:00Z`"))?;
                self.expires = Some(time.as_millisecond());
            }
            Some(("", _)) => return Err("a claim has a name before `=`".to_owned()),
            Some((name, value)) => {
                if self.claims.iter().any(|(known, _)| known == name) {
                    return Err(format!("`{name}` is there twice"));
                }
                self.claims.push((name.to_owned(), value.to_owned()));
            }
        }
        Ok(())
    }
}

/// The words of a line: blanks part them, except within quotes; `\` takes what follows as it is. A `#`
/// before a word ends the line.
fn words(line: &str) -> Result<Vec<String>, String> {
    let all = words_and_ends(line)?;
    Ok(all.into_iter().map(|(word, _)| word).collect())
}

/// The same, each with the place where it ends.
fn words_and_ends(line: &str) -> Result<Vec<(String, usize)>, String> {
    let mut all = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut chars = line.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '#' if word.is_none() => break,
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            '\\' if quoted => {
                let (_, next) = chars.next().ok_or("nothing follows `\\`")?;
                word.get_or_insert_default().push(next);
            }
            char if char.is_whitespace() && !quoted => {
                all.extend(word.take().map(|word| (word, at)));
            }
            char if char.is_control() => return Err("has control characters".to_owned()),
            char => word.get_or_insert_default().push(char),
        }
    }
    if quoted {
        return Err("a quote begins and does not end".to_owned());
    }
    all.extend(word.map(|word| (word, line.len())));
    Ok(all)
}

fn sha256(bytes: &[u8]) -> Digest {
    let made = digest::digest(&digest::SHA256, bytes);
    let mut all = [0; 32];
    for (to, from) in all.iter_mut().zip(made.as_ref()) {
        *to = *from;
    }
    all
}

fn digest_of(text: &str) -> Option<Digest> {
    from_hex(text)?.try_into().ok()
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Bytes from hexadecimal, in either case.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|[high, low]| u8::try_from(digit(*high)? * 16 + digit(*low)?).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use gated_engine::principal::ClaimValue;
    use gated_engine::program::{Claim, ClaimKind};

    use super::*;

    fn roles() -> Claims {
        Claims::new(&[Claim {
            name: "roles".into(),
            kind: ClaimKind::Texts,
            from: vec!["roles".into()],
            role: true,
            optional: true,
        }])
    }

    #[test]
    fn keys_are_found_by_their_hashes() {
        let line =
            |key: &str, rest: &str| format!("ann sha256:{} {rest}\n", hex(&sha256(key.as_bytes())));
        let text = [
            "# keys\n".to_owned(),
            line("one", "roles=\"a b,c\" note=\"x \\\" # y\" # fine"),
            line("two", "expires=1970-01-01T00:00:01Z"),
            line("three", "revoked"),
        ]
        .concat();
        let keys = Keys::parse(&text).unwrap();
        let prove = |key: &str, now| keys.prove(2, key, &roles(), now);
        let principal = prove("one", 0).unwrap();
        assert_eq!((principal.identity, principal.id.as_str()), (2, "ann"));
        let expected = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(principal.claims, [Some(ClaimValue::Texts(expected))]);
        assert!(prove("two", 999).is_ok());
        for (key, reason) in [
            ("two", "the key of `ann` has expired"),
            ("three", "the key of `ann` was revoked"),
            ("four", "the key is nobody's"),
        ] {
            assert_eq!(prove(key, 1000), Err(Denied::refused(reason)));
        }
        let long = "x".repeat(1000);
        assert_eq!(prove(&long, 0), Err(Denied::refused("the key is too long")));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let wrong = |text: &str| Keys::parse(text).unwrap_err().to_string();
        let hash = format!("sha256:{}", "0".repeat(64));
        assert!(wrong("\nann").starts_with("line 2: a line is an id"));
        assert!(wrong("ann md5:00").contains("64 hexadecimal digits"));
        assert!(wrong("ann sha256:00").contains("64 hexadecimal digits"));
        assert!(wrong(&format!("ann {hash} expires=soon")).contains("`soon` is no time"));
        assert!(wrong(&format!("ann {hash} rewoked")).contains("`rewoked` is neither"));
        assert!(wrong(&format!("ann {hash} a=1 a=2")).contains("`a` is there twice"));
        assert!(wrong(&format!("ann {hash} a=\"1")).contains("a quote begins"));
        assert!(wrong(&format!("a {hash}\nb {hash}")).starts_with("line 2: the same key"));
    }
}
