//! The section of bodies: every content once, however many routes send it.

use std::collections::HashMap;

use gated_engine::program::Blob;
use sha2::{Digest, Sha256};

/// Bytes laid one after another.
#[derive(Debug, Default)]
pub struct Bodies {
    bytes: Vec<u8>,
    index: HashMap<[u8; 32], Blob>,
}

impl Bodies {
    /// Lays down a content, or finds the place where the same lies already. Also gives its SHA-256.
    pub fn add(&mut self, content: &[u8]) -> (Blob, [u8; 32]) {
        let hash: [u8; 32] = Sha256::digest(content).into();
        if let Some(blob) = self.index.get(&hash) {
            return (*blob, hash);
        }
        let blob = Blob {
            offset: self.bytes.len() as u64,
            length: content.len() as u64,
        };
        self.bytes.extend_from_slice(content);
        self.index.insert(hash, blob);
        (blob, hash)
    }

    /// What lies at a place.
    pub(super) fn get(&self, offset: u64, length: u64) -> &[u8] {
        let range = usize::try_from(offset)
            .ok()
            .zip(usize::try_from(length).ok());
        range
            .and_then(|(start, length)| self.bytes.get(start..start.checked_add(length)?))
            .unwrap_or_default()
    }

    /// All of it.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// A strong entity tag made from a content's hash.
pub(super) fn etag(hash: &[u8; 32]) -> String {
    let hex: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("\"{hex}\"")
}
