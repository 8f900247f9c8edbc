//! Public keys in PEM: as they are, or in certificates.

use rustls::pki_types::pem::{PemObject, SectionKind};

use crate::{Key, Problem};

/// The public keys in the text, in their order; at least one. A certificate gives the key that it is
/// for; nothing else of it is looked at.
///
/// # Errors
/// Says what is wrong with the text.
pub(crate) fn public_keys(pem: &[u8]) -> Result<Vec<Key>, Problem> {
    let mut keys = Vec::new();
    for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(pem) {
        let (kind, der) =
            section.map_err(|_| Problem::whole("is no whole PEM: a block is malformed"))?;
        let key = match kind {
            SectionKind::PublicKey => Key::from_spki(&der),
            SectionKind::Certificate => of_certificate(&der),
            SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey => {
                return Err(Problem::whole(
                    "holds a private key; a replica needs the public one only (`openssl pkey -pubout`)",
                ));
            }
            _ => continue,
        };
        keys.push(key.map_err(|why| Problem::whole(format!("holds {why}")))?);
    }
    if keys.is_empty() {
        return Err(Problem::whole(
            "holds no public key (`-----BEGIN PUBLIC KEY-----`, or a certificate)",
        ));
    }
    Ok(keys)
}

fn of_certificate(der: &[u8]) -> Result<Key, String> {
    use x509_cert::der::{Decode, Encode};
    let unreadable = |_| "a certificate that cannot be read".to_owned();
    let certificate = x509_cert::Certificate::from_der(der).map_err(unreadable)?;
    let info = certificate.tbs_certificate.subject_public_key_info;
    Key::from_spki(&info.to_der().map_err(unreadable)?)
}
