//! TLS to Redis: rustls with aws-lc, said outright, so that no other provider in the program matters.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use super::settings::{BadSettings, bad};

/// How TLS is spoken.
#[derive(Clone, Default)]
pub struct Tls {
    /// The authorities that servers' certificates are checked against, as PEM; left out, the system's.
    pub authorities: Option<Vec<u8>>,
    /// The gateway's own certificate and its key, as PEM.
    pub certificate: Option<(Vec<u8>, Vec<u8>)>,
    /// The name that the servers' certificates have, where it is not the host's.
    pub name: Option<String>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("authorities", &self.authorities.as_ref().map(|_| "…"))
            .field("certificate", &self.certificate.as_ref().map(|_| "…"))
            .field("name", &self.name)
            .finish()
    }
}

impl Tls {
    /// What rustls needs.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, BadSettings> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| bad(&format!("tls to redis: {error}")))?
            .with_root_certificates(self.roots()?);
        let Some((certificate, key)) = &self.certificate else {
            return Ok(Arc::new(builder.with_no_client_auth()));
        };
        let odd = |what: &str| {
            bad(&format!(
                "the gateway's {what} for redis cannot be read as PEM"
            ))
        };
        let chain = certificates(certificate).ok_or_else(|| odd("certificate"))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| odd("key"))?;
        let config = builder.with_client_auth_cert(chain, key);
        let odd = |error| bad(&format!("the gateway's certificate for redis: {error}"));
        Ok(Arc::new(config.map_err(odd)?))
    }

    fn roots(&self) -> Result<RootCertStore, BadSettings> {
        let mut roots = RootCertStore::empty();
        let Some(pem) = &self.authorities else {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            return Ok(roots);
        };
        let odd = || bad("the authorities for redis hold no certificate in PEM");
        for certificate in certificates(pem).ok_or_else(odd)? {
            let odd = |error| bad(&format!("an authority for redis cannot be used: {error}"));
            roots.add(certificate).map_err(odd)?;
        }
        Ok(roots)
    }
}

fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    all.ok().filter(|all| !all.is_empty())
}
