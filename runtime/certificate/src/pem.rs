//! PEM text (RFC 7468): the blocks of certificates and of keys in it.

use rustls::pki_types::pem::{Error, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::Problem;

/// The certificates in the text, in their order; at least one.
///
/// # Errors
/// Says what is wrong with the text.
pub fn chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let chain = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| problem(&error, Problem::NoCertificate))?;
    if chain.is_empty() {
        return Err(Problem::NoCertificate);
    }
    Ok(chain)
}

/// The first key in the text: PKCS#8, PKCS#1 or SEC1.
///
/// # Errors
/// Says what is wrong with the text.
pub fn key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, Problem> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|error| {
        let nothing = if is_encrypted(pem) {
            Problem::Encrypted
        } else {
            Problem::NoKey
        };
        problem(&error, nothing)
    })
}

fn problem(error: &Error, nothing: Problem) -> Problem {
    match error {
        Error::NoItemsFound => nothing,
        // A key of the old form that is encrypted has header lines, which are no base64.
        Error::Base64Decode(_) if nothing == Problem::Encrypted => Problem::Encrypted,
        Error::Base64Decode(_) => Problem::Pem("a block is no base64".to_owned()),
        Error::MissingSectionEnd { .. } => {
            Problem::Pem("a block begins and does not end".to_owned())
        }
        Error::IllegalSectionStart { .. } => {
            Problem::Pem("a line that begins a block is malformed".to_owned())
        }
        other => Problem::Pem(other.to_string()),
    }
}

fn is_encrypted(pem: &[u8]) -> bool {
    let marks: [&[u8]; 2] = [b"BEGIN ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED"];
    marks
        .iter()
        .any(|mark| pem.windows(mark.len()).any(|part| part == *mark))
}
