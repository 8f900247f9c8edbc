//! How connections to an upstream's servers are secured.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use gated_certificate::Pair;
use gated_engine::program::{self, UpstreamTls};
use rustls::client::danger::ServerCertVerifier;
use rustls::client::{ClientConfig, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::ServerName;
use rustls::sign::SingleCertAndKey;
use rustls::{RootCertStore, version};
use sha2::{Digest, Sha256};

use super::unverified::Unverified;
use super::{Disk, pair};

/// The authorities that the system trusts, looked up when they are first asked for.
#[derive(Default)]
pub(crate) struct Roots(Option<Arc<RootCertStore>>);

impl Roots {
    fn system(&mut self) -> Result<Arc<RootCertStore>, String> {
        if let Some(known) = &self.0 {
            return Ok(Arc::clone(known));
        }
        let found = rustls_native_certs::load_native_certs();
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(found.certs);
        if store.is_empty() {
            let why = found.errors.first().map(|error| format!(": {error}"));
            return Err(format!(
                "this system trusts no authority{}; name the one that vouches for the servers by `ca`",
                why.unwrap_or_default()
            ));
        }
        Ok(Arc::clone(self.0.insert(Arc::new(store))))
    }
}

/// How a connection of the replica's own is secured, to a server that an authority of the system vouches
/// for.
///
/// # Errors
/// The system trusts nobody.
pub(crate) fn client_of_the_system(roots: &mut Roots) -> Result<Arc<ClientConfig>, String> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])
        .map_err(|error| error.to_string())?;
    let builder = builder.with_root_certificates(roots.system()?);
    Ok(Arc::new(builder.with_no_client_auth()))
}

/// How connections to an upstream's servers are secured. Sessions are resumed among all workers.
#[derive(Debug)]
pub(crate) struct ClientTls {
    pub(crate) config: Arc<ClientConfig>,
    /// The name asked for and verified; `None`: the server's host.
    name: Option<String>,
    /// Whether servers must prove who they are.
    pub(crate) verified: bool,
    /// Names everything that it was made from.
    identity: [u8; 32],
}

impl PartialEq for ClientTls {
    fn eq(&self, other: &Self) -> bool {
        self.identity == other.identity
    }
}

impl Eq for ClientTls {}

impl Hash for ClientTls {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity.hash(state);
    }
}

impl ClientTls {
    /// Reads the files and makes everything ready.
    ///
    /// # Errors
    /// What is wrong with them, in words.
    pub(crate) fn read(
        upstream: &program::Upstream,
        given: &UpstreamTls,
        disk: &mut Disk,
        roots: &mut Roots,
    ) -> Result<Self, String> {
        let mut identity = Sha256::new();
        identity.update(format!("{given:?} {} {}", upstream.http1, upstream.http2));
        let mut read = |path: &str| {
            let bytes = disk.read(path)?;
            identity.update(Sha256::digest(&bytes));
            Ok::<_, String>(bytes)
        };
        // All files are read whatever is wrong with one, so that all are watched.
        let ca = given.ca.as_deref().map(&mut read).transpose();
        let pair = given
            .certificate
            .as_ref()
            .map(|pair| (pair, read(&pair.file), read(&pair.key)));
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = if given.verify {
            let trusted = match (ca?, &given.ca) {
                (Some(pem), Some(path)) => Arc::new(
                    gated_certificate::authorities(&pem)
                        .map_err(|problem| format!("the file `{path}` {problem}"))?,
                ),
                _ => roots.system()?,
            };
            for root in &trusted.roots {
                identity.update(root.subject.as_ref());
                identity.update(root.subject_public_key_info.as_ref());
            }
            WebPkiServerVerifier::builder_with_provider(trusted, Arc::clone(&provider))
                .build()
                .map_err(|error| error.to_string())?
        } else {
            Arc::new(Unverified::new(Arc::clone(&provider)))
        };
        let pair = match pair {
            Some((files, certificate, key)) => Some(pair::join(files, &certificate?, &key?)?),
            None => None,
        };
        let mut config = config(given, provider, verifier, pair)?;
        config.alpn_protocols = protocols(upstream);
        Ok(Self {
            config: Arc::new(config),
            name: given.name.clone(),
            verified: given.verify,
            identity: identity.finalize().into(),
        })
    }

    /// The name that a server is asked for and must prove to have.
    ///
    /// # Errors
    /// The host is nothing that a certificate can hold.
    pub(crate) fn name(&self, host: &str) -> Result<ServerName<'static>, String> {
        let name = self.name.as_deref().unwrap_or(host);
        ServerName::try_from(name.to_owned())
            .map_err(|_| format!("`{name}` is no name that a certificate can hold"))
    }
}

/// What is offered to a server in the handshake (ALPN, RFC 7301), the best first.
fn protocols(upstream: &program::Upstream) -> Vec<Vec<u8>> {
    let http2 = upstream.http2.then(|| b"h2".to_vec());
    let http1 = upstream.http1.then(|| b"http/1.1".to_vec());
    http2.into_iter().chain(http1).collect()
}

fn config(
    given: &UpstreamTls,
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
    pair: Option<Pair>,
) -> Result<ClientConfig, String> {
    let versions: &[_] = match given.only_tls13 {
        true => &[&version::TLS13],
        false => &[&version::TLS13, &version::TLS12],
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    Ok(match pair {
        None => builder.with_no_client_auth(),
        Some(Pair { certified, .. }) => {
            let certified = Arc::unwrap_or_clone(certified);
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(certified)))
        }
    })
}
