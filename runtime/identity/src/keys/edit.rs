//! New keys, and lines that revoke them.

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Keys, hex, sha256, words_and_ends};
use crate::Problem;

/// What every key begins with, so that scanners of texts can find one that leaked.
const PREFIX: &str = "gk_";

/// A key that was just made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// The key itself, which is told once and kept nowhere.
    pub key: String,
    /// Its line for the file.
    pub line: String,
}

impl NewKey {
    /// Makes a key of 256 random bits.
    ///
    /// # Errors
    /// A name has no place in a line, or the system gives no random numbers.
    pub fn make(
        id: &str,
        claims: &[(String, String)],
        expires: Option<jiff::Timestamp>,
    ) -> Result<Self, String> {
        let mut random = [0; 32];
        rand::fill(&mut random).map_err(|_| "the system gives no random numbers".to_owned())?;
        let key = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random));
        let mut line = format!("{} sha256:{}", word(id), hex(&sha256(key.as_bytes())));
        for (name, value) in claims {
            line.push_str(&format!(" {name}={}", word(value)));
        }
        if let Some(expires) = expires {
            line.push_str(&format!(" expires={expires}"));
        }
        match Keys::lines(&line) {
            Ok(lines) if lines.len() == 1 => Ok(Self { key, line }),
            Ok(_) => Err("the id is empty".to_owned()),
            Err(problem) => Err(problem.why),
        }
    }
}

/// A word as it stands in a line, in quotes where it needs them.
fn word(text: &str) -> String {
    let plain = |char: char| char.is_alphanumeric() || "-_.,:/@+*".contains(char);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// The text with every key of an id revoked, and how many that were.
///
/// # Errors
/// The text is no file of keys.
pub fn revoke(text: &str, id: &str) -> Result<(String, usize), Problem> {
    let lines = Keys::lines(text)?;
    let mut count = 0;
    let mut revoked = String::new();
    for (index, line) in text.lines().enumerate() {
        let theirs = lines
            .iter()
            .any(|(number, line)| *number == index + 1 && line.id == id && !line.revoked);
        if theirs {
            count += 1;
            revoked.push_str(&revoked_line(line));
        } else {
            revoked.push_str(line);
        }
        revoked.push('\n');
    }
    Ok((revoked, count))
}

/// A line with `revoked` as its third word, before whatever comment stands at its end.
fn revoked_line(line: &str) -> String {
    let words = words_and_ends(line).unwrap_or_default();
    let hash = words.get(1).map_or(line.len(), |(_, end)| *end);
    let (before, after) = line.split_at_checked(hash).unwrap_or((line, ""));
    format!("{before} revoked{after}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Claims;

    #[test]
    fn a_new_key_is_taken_until_it_is_revoked() {
        let claims = [("roles".to_owned(), "a b".to_owned())];
        let made = NewKey::make("nightly job", &claims, None).unwrap();
        assert!(
            made.key.starts_with("gk_") && made.key.len() == 46,
            "{}",
            made.key
        );
        assert!(!made.line.contains(&made.key));
        let none = Claims::new(&[]);
        let text = format!("# all\n{}  # a comment\n", made.line);
        let keys = Keys::parse(&text).unwrap();
        assert_eq!(
            keys.prove(0, &made.key, &none, 0).unwrap().id,
            "nightly job"
        );
        assert_ne!(
            made.key,
            NewKey::make("nightly job", &[], None).unwrap().key
        );
        let (text, count) = revoke(&text, "nightly job").unwrap();
        assert_eq!(count, 1);
        assert!(
            Keys::parse(&text)
                .unwrap()
                .prove(0, &made.key, &none, 0)
                .is_err()
        );
        assert_eq!(revoke(&text, "nightly job").unwrap(), (text.clone(), 0));
        assert_eq!(revoke(&text, "other").unwrap().1, 0);
        for id in ["", "# x"] {
            let made = NewKey::make(id, &[], None);
            assert!(made.is_err() || Keys::lines(&made.unwrap().line).unwrap()[0].1.id == id);
        }
        // An id may look like what follows it.
        let like = format!("\"sha256:{0}\" sha256:{0} a=b", "0".repeat(64));
        let (text, _) = revoke(&like, &format!("sha256:{}", "0".repeat(64))).unwrap();
        assert!(Keys::lines(&text).unwrap()[0].1.revoked, "{text}");
        let odd = [("a b".to_owned(), String::new())];
        assert!(NewKey::make("x", &odd, None).is_err());
    }
}
