//! A bundle of authorities that certificates of others must come from.

use rustls::RootCertStore;

use crate::{Problem, chain};

/// The authorities in the text. All of them must be readable: one that was passed over would be missed
/// only when somebody cannot connect.
///
/// # Errors
/// Says what is wrong with the text.
pub fn authorities(pem: &[u8]) -> Result<RootCertStore, Problem> {
    let mut store = RootCertStore::empty();
    for certificate in chain(pem)? {
        store
            .add(certificate)
            .map_err(|error| Problem::Certificate(error.to_string()))?;
    }
    Ok(store)
}
