//! Looks at every file that identities name, as far as it is on this machine; the codes are P114 and P115.

use std::io::{ErrorKind, Read};
use std::path::Path;

use gatec_schema::Identity;
use gatec_syntax::Diagnostic;
use gated_identity::{KeySet, Keys, Passwords, Problem};

use super::{no_identity_file, unusable_identity_file};
use crate::check::Context;

/// Largest file read, in bytes; the same as on a replica.
const LARGEST: u64 = 8 << 20;

/// A file that an identity names: where, and what it is.
struct Named<'a> {
    path: Vec<&'a str>,
    file: &'a str,
    kind: Kind,
}

/// What a file is.
#[derive(Clone, Copy)]
enum Kind {
    Passwords,
    Keys,
    PublicKeys,
}

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, identity) in &context.spec.identities {
        for named in files(name, identity) {
            found.extend(look(context, &named));
        }
    }
}

/// The files of an identity.
pub(in crate::check) fn paths(identity: &Identity) -> impl Iterator<Item = &str> {
    files("", identity).into_iter().map(|named| named.file)
}

fn files<'a>(name: &'a str, identity: &'a Identity) -> Vec<Named<'a>> {
    let mut all = Vec::new();
    let mut add = |at: &[&'a str], file: &'a str, kind: Kind| {
        let path = [&["identities", name], at].concat();
        all.push(Named { path, file, kind });
    };
    if let Some(basic) = &identity.basic {
        add(&["basic", "file"], basic.file.as_str(), Kind::Passwords);
    }
    if let Some(bearer) = &identity.bearer {
        add(&["bearer", "file"], bearer.file.as_str(), Kind::Keys);
    }
    if let Some(key) = &identity.api_key {
        add(&["api-key", "file"], key.file.as_str(), Kind::Keys);
    }
    let keys = identity.jwt.as_ref().and_then(|jwt| jwt.keys.as_ref());
    if let Some(keys) = keys.filter(|keys| !keys.is_url()) {
        add(&["jwt", "keys"], keys.as_str(), Kind::PublicKeys);
    }
    let messages = identity.message_signature.iter();
    for (id, key) in messages.flat_map(|signature| &signature.keys) {
        if let Some(file) = &key.file {
            let at = ["message-signature", "keys", id, "file"];
            add(&at, file.as_str(), Kind::PublicKeys);
        }
    }
    all
}

fn look(context: &Context<'_>, named: &Named<'_>) -> Option<Diagnostic> {
    let span = context.value(&named.path);
    let full = context.root.join(named.file);
    match std::fs::metadata(&full) {
        Ok(metadata) if metadata.is_file() && metadata.len() <= LARGEST => {
            let problem = named.kind.read(&contents(&full)?).err()?;
            Some(unusable_identity_file::finding(span, named.file, &problem))
        }
        Ok(_) => Some(unusable_identity_file::no_file(span, named.file)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let make = named.kind.make();
            Some(no_identity_file::finding(span, named.file, make))
        }
        Err(_) => None,
    }
}

impl Kind {
    fn read(self, bytes: &[u8]) -> Result<(), Problem> {
        let text = || {
            std::str::from_utf8(bytes).map_err(|_| Problem {
                line: None,
                why: "is no text".to_owned(),
            })
        };
        match self {
            Self::Passwords => Passwords::parse(text()?).map(drop),
            Self::Keys => Keys::parse(text()?).map(drop),
            Self::PublicKeys => KeySet::from_file(bytes).map(drop),
        }
    }

    /// How such a file is made.
    fn make(self) -> &'static str {
        match self {
            Self::Passwords => "`htpasswd -B -c FILE NAME` makes one",
            Self::Keys => "`gatec key new ID --file FILE` makes one",
            Self::PublicKeys => "`gatec token --new-key NAME` makes one for development",
        }
    }
}

fn contents(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).ok()?;
    file.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
