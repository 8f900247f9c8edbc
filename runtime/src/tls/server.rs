//! How a listener speaks TLS, ready to be used.

use std::sync::Arc;

use gated_engine::program;
use http::HeaderValue;
use rustls::crypto::CryptoProvider;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{CipherSuite, ServerConfig, SupportedProtocolVersion, version};
use sha2::{Digest, Sha256};

use super::{Certificates, Disk, Tickets, pair, suites};

/// How a listener speaks TLS.
#[derive(Debug)]
pub(crate) struct ServerTls {
    /// What the handshake wants; one for all workers. The cheapest cipher suite is taken that the client
    /// offers.
    config: Arc<ServerConfig>,
    /// The same, but the client's order of cipher suites counts.
    as_client_likes: Arc<ServerConfig>,
    /// The certificates.
    pub(crate) certificates: Arc<Certificates>,
    /// The digest of the authorities that vouch for clients, where they are asked for a certificate.
    pub(crate) authorities: Option<[u8; 32]>,
    /// `Strict-Transport-Security`.
    pub(crate) hsts: Option<HeaderValue>,
}

const ONLY_13: &[&SupportedProtocolVersion] = &[&version::TLS13];
const BOTH: &[&SupportedProtocolVersion] = &[&version::TLS13, &version::TLS12];

impl ServerTls {
    /// Reads the files and makes it ready.
    ///
    /// # Errors
    /// Which file is wrong, and in what.
    pub(crate) fn read(
        listener: &program::Listener,
        tls: &program::ListenerTls,
        disk: &mut Disk,
        tickets: &Tickets,
    ) -> Result<Self, String> {
        // All files are read whatever is wrong with one, so that all are watched.
        let pairs: Vec<_> = tls
            .certificates
            .iter()
            .map(|files| pair::read(files, disk))
            .collect();
        let clients = match &tls.clients {
            None => None,
            Some(clients) => Some((clients, disk.read(&clients.ca)?)),
        };
        let pairs = pairs.into_iter().collect::<Result<Vec<_>, _>>()?;
        let certificates = Arc::new(Certificates::new(pairs));
        let provider = Arc::new(suites::cheapest_first());
        let broken = |error: rustls::Error| error.to_string();
        let versions = if tls.only_tls13 { ONLY_13 } else { BOTH };
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .map_err(broken)?;
        let builder = match &clients {
            None => builder.with_no_client_auth(),
            Some((clients, ca)) => {
                builder.with_client_cert_verifier(verifier(clients, ca, provider)?)
            }
        };
        let mut config = builder.with_cert_resolver(Arc::clone(&certificates) as _);
        config.alpn_protocols = protocols(listener);
        let asked = clients
            .as_ref()
            .map(|(clients, ca)| (clients.required, ca.as_slice()));
        config.ticketer = tickets.keys(asked).map_err(broken)?;
        let hsts = tls.hsts.as_deref().map(HeaderValue::from_str).transpose();
        let as_client_likes = Arc::new(config.clone());
        config.ignore_client_order = true;
        Ok(Self {
            config: Arc::new(config),
            as_client_likes,
            certificates,
            authorities: asked.map(|(_, ca)| Sha256::digest(ca).into()),
            hsts: hsts.map_err(|_| "its `hsts` is no header value".to_owned())?,
        })
    }
}

impl ServerTls {
    /// What the handshake with a client wants that offers these cipher suites.
    pub(crate) fn config(&self, offered: &[CipherSuite]) -> Arc<ServerConfig> {
        Arc::clone(match suites::wants_chacha(offered) {
            true => &self.as_client_likes,
            false => &self.config,
        })
    }
}

/// The names of protocols in the handshake (ALPN, RFC 7301), the better one first.
fn protocols(listener: &program::Listener) -> Vec<Vec<u8>> {
    let spoken = [(listener.http2, "h2"), (listener.http1, "http/1.1")];
    spoken
        .into_iter()
        .filter(|(spoken, _)| *spoken)
        .map(|(_, name)| name.as_bytes().to_vec())
        .collect()
}

fn verifier(
    clients: &program::ClientCertificates,
    ca: &[u8],
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, String> {
    let roots = gated_certificate::authorities(ca)
        .map_err(|problem| format!("the file `{}` {problem}", clients.ca))?;
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    let builder = match clients.required {
        true => builder,
        false => builder.allow_unauthenticated(),
    };
    builder.build().map_err(|error| error.to_string())
}
