//! What keeps values secret from whoever reads the store: AES-256-GCM.
//!
//! Of each secret a key is derived (HKDF with SHA-256), and of that a key for each session, so that random
//! nonces never come near the number at which they may repeat (NIST SP 800-38D). A sealed value says which
//! secret it was sealed with, and opens only in its own session and field.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};

/// The shortest secret, in bytes.
const SHORTEST: usize = 32;

/// Bytes by which a value tells its secret.
const KEY_ID: usize = 4;

/// What a value is longer by once it is sealed.
pub(super) const OVERHEAD: usize = KEY_ID + NONCE_LEN + 16;

/// The keys of a session, the one that seals first.
pub(super) struct Seals(Vec<Seal>);

struct Seal {
    id: [u8; KEY_ID],
    values: Prk,
    subjects: hmac::Key,
}

impl std::fmt::Debug for Seals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Seals({})", self.0.len())
    }
}

/// Thirty-two bytes.
struct Bits256;

impl KeyType for Bits256 {
    fn len(&self) -> usize {
        32
    }
}

/// In which session a value is: the session's name, and the digest of its id.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) session: &'p str,
    pub(super) digest: &'p [u8],
}

impl Seals {
    /// Makes keys of secrets.
    ///
    /// # Errors
    /// The index of a secret that is too short.
    pub(super) fn new<'s>(secrets: impl Iterator<Item = &'s str>) -> Result<Self, usize> {
        let seals = secrets
            .enumerate()
            .map(|(index, secret)| Seal::new(secret.trim()).ok_or(index));
        seals.collect::<Result<_, _>>().map(Self)
    }

    /// Seals a value. `None`: there is no key, or no random bits.
    pub(super) fn seal(&self, place: Place<'_>, field: &str, value: &[u8]) -> Option<Vec<u8>> {
        let seal = self.0.first()?;
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut sealed = value.to_vec();
        seal.key(place)?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(field.as_bytes()),
                &mut sealed,
            )
            .ok()?;
        Some([&seal.id[..], &nonce, &sealed].concat())
    }

    /// Opens a value. `None`: it was sealed with no key that is known, or is not what was sealed.
    pub(super) fn open(&self, place: Place<'_>, field: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (id, rest) = sealed.split_first_chunk::<KEY_ID>()?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_LEN>()?;
        let of_id = self.0.iter().filter(|seal| seal.id == *id);
        of_id
            .filter_map(|seal| {
                let mut value = rest.to_vec();
                let nonce = Nonce::assume_unique_for_key(*nonce);
                let aad = Aad::from(field.as_bytes());
                let opened = seal.key(place)?.open_in_place(nonce, aad, &mut value);
                let length = opened.ok()?.len();
                value.truncate(length);
                Some(value)
            })
            .next()
    }

    /// By what the store knows a subject: for the key that seals now first, then for the older ones.
    pub(super) fn subjects(&self, session: &str, subject: &str) -> impl Iterator<Item = Vec<u8>> {
        let text = [session.as_bytes(), b"\0", subject.as_bytes()].concat();
        self.0
            .iter()
            .map(move |seal| hmac::sign(&seal.subjects, &text).as_ref().to_vec())
    }
}

impl Seal {
    fn new(secret: &str) -> Option<Self> {
        if secret.len() < SHORTEST {
            return None;
        }
        let root = Salt::new(HKDF_SHA256, b"gated session").extract(secret.as_bytes());
        let bits = |what: &[u8]| -> Option<[u8; 32]> {
            let mut bits = [0; 32];
            root.expand(&[what], Bits256).ok()?.fill(&mut bits).ok()?;
            Some(bits)
        };
        let mut id = [0; KEY_ID];
        id.copy_from_slice(bits(b"id")?.get(..KEY_ID)?);
        Some(Self {
            id,
            values: Prk::new_less_safe(HKDF_SHA256, &bits(b"values")?),
            subjects: hmac::Key::new(hmac::HMAC_SHA256, &bits(b"subjects")?),
        })
    }

    /// The key of one session.
    fn key(&self, place: Place<'_>) -> Option<LessSafeKey> {
        let mut bits = [0; 32];
        let info = [place.digest, place.session.as_bytes()];
        let key = self.values.expand(&info, Bits256).ok()?;
        key.fill(&mut bits).ok()?;
        UnboundKey::new(&AES_256_GCM, &bits)
            .ok()
            .map(LessSafeKey::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "0123456789abcdef0123456789abcdef";
    const NEW: &str = "fedcba9876543210fedcba9876543210";

    fn place(digest: &[u8]) -> Place<'_> {
        Place {
            session: "web",
            digest,
        }
    }

    #[test]
    fn a_value_opens_in_its_own_place_only() {
        let seals = Seals::new([OLD].into_iter()).unwrap();
        let sealed = seals.seal(place(b"one"), "user", b"ann").unwrap();
        assert_eq!(sealed.len(), 3 + OVERHEAD);
        assert!(!sealed.windows(3).any(|part| part == b"ann"));
        let opened = seals.open(place(b"one"), "user", &sealed);
        assert_eq!(opened.as_deref(), Some(&b"ann"[..]));
        assert_eq!(seals.open(place(b"two"), "user", &sealed), None);
        assert_eq!(seals.open(place(b"one"), "role", &sealed), None);
        let other = Place {
            session: "admin",
            digest: b"one",
        };
        assert_eq!(seals.open(other, "user", &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(seals.open(place(b"one"), "user", &changed), None, "{at}");
            assert_eq!(seals.open(place(b"one"), "user", &sealed[..at]), None);
        }
        assert_ne!(seals.seal(place(b"one"), "user", b"ann"), Some(sealed));
    }

    #[test]
    fn an_old_key_opens_as_long_as_it_is_there() {
        let before = Seals::new([OLD].into_iter()).unwrap();
        let during = Seals::new([NEW, OLD].into_iter()).unwrap();
        let after = Seals::new([NEW].into_iter()).unwrap();
        let old = before.seal(place(b"one"), "user", b"ann").unwrap();
        let new = during.seal(place(b"one"), "user", b"ann").unwrap();
        assert!(during.open(place(b"one"), "user", &old).is_some());
        assert!(after.open(place(b"one"), "user", &old).is_none());
        assert!(after.open(place(b"one"), "user", &new).is_some());
        assert!(before.open(place(b"one"), "user", &new).is_none());
        let known: Vec<_> = during.subjects("web", "ann").collect();
        assert_eq!(known.get(1), before.subjects("web", "ann").next().as_ref());
        assert_ne!(known.first(), during.subjects("web", "bob").next().as_ref());
    }

    #[test]
    fn short_secrets_are_refused_and_none_is_shown() {
        assert_eq!(Seals::new([OLD, "short"].into_iter()).err(), Some(1));
        let seals = Seals::new([OLD].into_iter()).unwrap();
        assert_eq!(format!("{seals:?}"), "Seals(1)");
    }
}
