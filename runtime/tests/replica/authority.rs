//! Certificates for tests, and a server that shows them.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

/// An authority of ours.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key in PEM.
pub(crate) struct Issued {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        let name = format!("authority {}", fastrand::u64(..));
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for these names, good until the end of a year.
    pub(crate) fn issue(&self, names: &[&str], until: i32) -> Issued {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(until, 12, 31);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Issued {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }
}

impl Issued {
    /// Writes both into a folder, as `name.pem` and `name.key`.
    pub(crate) fn write(&self, folder: &Path, name: &str) {
        std::fs::write(folder.join(format!("{name}.pem")), &self.certificate).unwrap();
        std::fs::write(folder.join(format!("{name}.key")), &self.key).unwrap();
    }

    fn chain(&self) -> Vec<CertificateDer<'static>> {
        CertificateDer::pem_slice_iter(self.certificate.as_bytes())
            .map(Result::unwrap)
            .collect()
    }

    fn key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap()
    }

    /// The settings of a server that speaks TLS 1.2 and nothing newer.
    pub(crate) fn old_server(&self) -> ServerConfig {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS12])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(self.chain(), self.key())
            .unwrap()
    }

    /// The settings of a server that shows it; with an authority, clients must show one of its own.
    pub(crate) fn server(&self, clients: Option<&Authority>) -> ServerConfig {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots.add(authority.0.der().clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        builder.with_single_cert(self.chain(), self.key()).unwrap()
    }
}

/// What a server saw of each connection that stood.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shaken {
    pub(crate) name: Option<String>,
    pub(crate) resumed: bool,
    pub(crate) version: rustls::ProtocolVersion,
    pub(crate) client: bool,
}

/// A server that answers `ok` to every request, under TLS.
pub(crate) struct SecureBackend {
    pub(crate) address: SocketAddr,
    shaken: Arc<Mutex<Vec<Shaken>>>,
    requests: Arc<Mutex<usize>>,
}

impl SecureBackend {
    /// `keeps`: whether connections stay open after an answer.
    pub(crate) fn start(config: ServerConfig, keeps: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let backend = Self {
            address: listener.local_addr().unwrap(),
            shaken: Arc::default(),
            requests: Arc::default(),
        };
        let config = Arc::new(config);
        let (shaken, requests) = (Arc::clone(&backend.shaken), Arc::clone(&backend.requests));
        std::thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let config = Arc::clone(&config);
                let (shaken, requests) = (Arc::clone(&shaken), Arc::clone(&requests));
                std::thread::spawn(move || {
                    let _ = serve(config, socket, keeps, &shaken, &requests);
                });
            }
        });
        backend
    }

    pub(crate) fn shaken(&self) -> Vec<Shaken> {
        self.shaken.lock().unwrap().clone()
    }

    pub(crate) fn requests(&self) -> usize {
        *self.requests.lock().unwrap()
    }
}

fn serve(
    config: Arc<ServerConfig>,
    socket: TcpStream,
    keeps: bool,
    shaken: &Mutex<Vec<Shaken>>,
    requests: &Mutex<usize>,
) -> std::io::Result<()> {
    let mut socket = socket;
    let mut session = ServerConnection::new(config).map_err(std::io::Error::other)?;
    while session.is_handshaking() {
        session.complete_io(&mut socket)?;
    }
    shaken.lock().unwrap().push(Shaken {
        name: session.server_name().map(str::to_owned),
        resumed: session.handshake_kind() == Some(rustls::HandshakeKind::Resumed),
        version: session.protocol_version().unwrap(),
        client: session.peer_certificates().is_some(),
    });
    let mut stream = BufReader::new(StreamOwned::new(session, socket));
    loop {
        let mut line = String::new();
        let mut began = false;
        while stream.read_line(&mut line)? > 0 && line.trim_end() != "" {
            line.clear();
            began = true;
        }
        if !began {
            return Ok(());
        }
        *requests.lock().unwrap() += 1;
        let close = if keeps { "" } else { "connection: close\r\n" };
        let stream = stream.get_mut();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n{close}\r\nok"
        )?;
        stream.flush()?;
        if !keeps {
            stream.conn.send_close_notify();
            return stream.flush();
        }
    }
}
