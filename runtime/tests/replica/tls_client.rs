//! A client that speaks TLS, and a replica for it to speak to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, HandshakeKind, RootCertStore, StreamOwned};
use tempfile::TempDir;

use super::authority::{Authority, Issued};
use super::support::{Gated, PATIENCE, values};

/// A spec with the listener `web` under TLS, and `/hello` on it.
pub(crate) fn spec(tls: &str) -> String {
    format!(
        "gateway \"test\" workers=2 drain=\"5s\"\nlistener \"web\" bind=\"127.0.0.1:0\" {{\n tls {{\n{tls}\n }}\n}}\nroute \"hello\" public=#true {{\n match \"GET\" \"/hello\"\n respond 200 \"hello\"\n}}\n"
    )
}

/// A replica with what lies in the folder.
pub(crate) fn start(folder: TempDir, spec: &str) -> Gated {
    std::fs::write(folder.path().join("gate.kdl"), spec).unwrap();
    Gated::start_in(folder, "gate.kdl", &[])
}

/// A folder with certificates of an authority; each is named after its first name.
pub(crate) fn folder(authority: &Authority, certificates: &[&[&str]]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for names in certificates {
        authority.issue(names, 4000).write(folder.path(), names[0]);
    }
    std::fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
    folder
}

/// A replica that serves one certificate for `a.test`.
pub(crate) fn simple(authority: &Authority, more: &str) -> Gated {
    let certificate = "certificate \"a.test.pem\" key=\"a.test.key\"";
    start(
        folder(authority, &[&["a.test"]]),
        &spec(&format!("{certificate}\n{more}")),
    )
}

/// A client that trusts an authority, and shows a certificate if it has one.
pub(crate) fn client(authority: &Authority, own: Option<&Issued>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let pem = authority.pem();
    for root in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(root.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    match own {
        None => builder.with_no_client_auth(),
        Some(own) => {
            let chain = CertificateDer::pem_slice_iter(own.certificate.as_bytes());
            let key = PrivateKeyDer::from_pem_slice(own.key.as_bytes()).unwrap();
            builder
                .with_client_auth_cert(chain.map(Result::unwrap).collect(), key)
                .unwrap()
        }
    }
}

/// A connection under TLS.
pub(crate) struct Secure {
    pub(crate) stream: BufReader<StreamOwned<ClientConnection, TcpStream>>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        values(&self.head, name)
    }
}

impl Secure {
    /// Shakes hands.
    pub(crate) fn connect(
        address: SocketAddr,
        host: &str,
        config: &Arc<ClientConfig>,
    ) -> std::io::Result<Self> {
        let mut socket = TcpStream::connect(address)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_nodelay(true)?;
        let name = ServerName::try_from(host.to_owned()).unwrap();
        let mut session = ClientConnection::new(Arc::clone(config), name).unwrap();
        while session.is_handshaking() {
            session.complete_io(&mut socket)?;
        }
        Ok(Self {
            stream: BufReader::new(StreamOwned::new(session, socket)),
        })
    }

    /// Whether an earlier handshake was built on.
    pub(crate) fn is_resumed(&self) -> bool {
        self.stream.get_ref().conn.handshake_kind() == Some(HandshakeKind::Resumed)
    }

    /// The certificate that was shown.
    pub(crate) fn shown(&self) -> Vec<u8> {
        let shown = self.stream.get_ref().conn.peer_certificates();
        shown.unwrap()[0].to_vec()
    }

    pub(crate) fn get(&mut self, host: &str, path: &str) -> std::io::Result<Answer> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n");
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.answer()
    }

    pub(crate) fn answer(&mut self) -> std::io::Result<Answer> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = values(&head, "content-length")[0].parse().unwrap();
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        let body = String::from_utf8(body).unwrap();
        Ok(Answer { status, head, body })
    }

    /// What comes until the connection ends, which must be said within TLS.
    pub(crate) fn rest(&mut self) -> std::io::Result<Vec<u8>> {
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest)?;
        Ok(rest)
    }
}

/// The certificate in a PEM text as it is shown.
pub(crate) fn der(pem: &str) -> Vec<u8> {
    CertificateDer::from_pem_slice(pem.as_bytes())
        .unwrap()
        .to_vec()
}
