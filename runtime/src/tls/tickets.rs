//! Keys of session tickets (RFC 5077; RFC 8446, section 4.6.1): one set for all workers, kept over
//! changes, so that a client that comes back skips the costly part of the handshake.
//!
//! A ticket stands for what was verified when it was given, also for the client's certificate. So only
//! listeners that ask the same of their clients share keys; with other authorities, old tickets are
//! worth nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use rustls::crypto::aws_lc_rs::Ticketer;
use rustls::server::ProducesTickets;
use sha2::{Digest, Sha256};

/// The keys in use, by what is asked of clients.
#[derive(Debug, Default)]
pub(crate) struct Tickets(Mutex<HashMap<[u8; 32], Weak<Keys>>>);

/// One set of keys.
#[derive(Debug)]
pub(crate) struct Keys(Arc<dyn ProducesTickets>);

impl Tickets {
    /// The keys of listeners that ask this of their clients: nothing, or a certificate that comes from
    /// these authorities.
    ///
    /// # Errors
    /// The system has no randomness.
    pub(crate) fn keys(&self, clients: Option<(bool, &[u8])>) -> Result<Arc<Keys>, rustls::Error> {
        let mut digest = Sha256::new();
        if let Some((required, authorities)) = clients {
            digest.update([1, u8::from(required)]);
            digest.update(authorities);
        }
        let policy: [u8; 32] = digest.finalize().into();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, keys| keys.strong_count() > 0);
        if let Some(keys) = all.get(&policy).and_then(Weak::upgrade) {
            return Ok(keys);
        }
        let keys = Arc::new(Keys(Ticketer::new()?));
        all.insert(policy, Arc::downgrade(&keys));
        Ok(keys)
    }
}

impl ProducesTickets for Keys {
    fn enabled(&self) -> bool {
        self.0.enabled()
    }

    fn lifetime(&self) -> u32 {
        self.0.lifetime()
    }

    fn encrypt(&self, plain: &[u8]) -> Option<Vec<u8>> {
        self.0.encrypt(plain)
    }

    fn decrypt(&self, cipher: &[u8]) -> Option<Vec<u8>> {
        self.0.decrypt(cipher)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Tickets;

    #[test]
    fn keys_are_shared_only_by_those_who_ask_the_same() {
        let tickets = Tickets::default();
        let open = tickets.keys(None).unwrap();
        let closed = tickets.keys(Some((true, b"ca"))).unwrap();
        assert!(Arc::ptr_eq(&open, &tickets.keys(None).unwrap()));
        assert!(Arc::ptr_eq(
            &closed,
            &tickets.keys(Some((true, b"ca"))).unwrap()
        ));
        for other in [None, Some((false, &b"ca"[..])), Some((true, b"other"))] {
            assert!(!Arc::ptr_eq(&closed, &tickets.keys(other).unwrap()));
        }
        drop(closed);
        tickets.keys(None).unwrap();
        assert_eq!(tickets.0.lock().unwrap().len(), 1);
    }
}
