//! What was encoded for the last bundle. A replica that compiles its spec at every change encodes anew
//! only what changed; what the next bundle has no use for is forgotten with it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use gated_engine::files::negotiate::Encoding;
use sha2::{Digest, Sha256};

use super::encoder::Effort;

/// A content by its SHA-256, and how it is encoded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    content: [u8; 32],
    encoding: Encoding,
    effort: Effort,
}

impl Key {
    pub(super) fn of(content: &[u8], encoding: Encoding, effort: Effort) -> Self {
        Self {
            content: Sha256::digest(content).into(),
            encoding,
            effort,
        }
    }
}

/// The encoded bytes; `None`: they save nothing.
pub(super) type Encoded = Option<Arc<[u8]>>;

/// What was encoded for one bundle.
#[derive(Debug, Default)]
pub(super) struct Kept {
    last: Mutex<Option<HashMap<Key, Encoded>>>,
}

/// What was encoded for this program's last bundle.
pub(super) static KEPT: Kept = Kept {
    last: Mutex::new(None),
};

impl Kept {
    /// What came out for the last bundle, if it was encoded then.
    pub(super) fn get(&self, key: &Key) -> Option<Encoded> {
        self.last.lock().ok()?.as_ref()?.get(key).cloned()
    }

    /// Keeps what a bundle has, in the place of what the one before had.
    pub(super) fn keep(&self, encoded: HashMap<Key, Encoded>) {
        if let Ok(mut last) = self.last.lock() {
            *last = Some(encoded);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_bundle_is_kept_and_no_other() {
        let kept = Kept::default();
        let key = |text: &str| Key::of(text.as_bytes(), Encoding::Gzip, Effort::Most);
        assert_eq!(kept.get(&key("a")), None);
        kept.keep(HashMap::from([
            (key("a"), Some(Arc::from(&b"encoded"[..]))),
            (key("b"), None),
        ]));
        assert_eq!(kept.get(&key("a")).unwrap().unwrap()[..], *b"encoded");
        assert_eq!(kept.get(&key("b")), Some(None));
        assert_eq!(kept.get(&Key::of(b"a", Encoding::Gzip, Effort::Some)), None);
        kept.keep(HashMap::from([(key("c"), None)]));
        assert_eq!(kept.get(&key("a")), None);
    }
}
