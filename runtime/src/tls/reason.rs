//! Why a handshake with a server failed, in words for whoever reads the log.

use std::io;

use rustls::{CertificateError, Error};

/// Why a handshake failed.
pub(crate) fn reason(error: &io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(Error::InvalidCertificate(error)) => certificate(error),
        Some(Error::AlertReceived(alert)) => {
            format!("the server ended the handshake: {alert:?}")
        }
        Some(Error::PeerIncompatible(why)) => {
            format!("the server speaks no TLS that is spoken here: {why:?}")
        }
        Some(Error::InvalidMessage(_)) => "the server does not speak TLS".to_owned(),
        Some(Error::NoApplicationProtocol) => {
            "the server does not speak the HTTP that the upstream asks for".to_owned()
        }
        Some(error) => format!("the handshake failed: {error}"),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            "the server closed the connection within the handshake".to_owned()
        }
        None => format!("the handshake broke off: {error}"),
    }
}

fn certificate(error: &CertificateError) -> String {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the server's certificate has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the server's certificate is not valid yet".to_owned()
        }
        CertificateError::NotValidForName => {
            "the server's certificate is for another name".to_owned()
        }
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => {
            let names: Vec<_> = presented
                .iter()
                .map(|name| format!("`{}`", plain(name)))
                .collect();
            let names = match names.is_empty() {
                true => "for no name".to_owned(),
                false => format!("for {}", names.join(", ")),
            };
            format!(
                "the server's certificate is {names}, not for `{}`",
                expected.to_str()
            )
        }
        CertificateError::UnknownIssuer => {
            "the server's certificate is vouched for by nobody who is trusted here".to_owned()
        }
        CertificateError::BadSignature => {
            "the server's certificate is not signed by the authority that it names".to_owned()
        }
        CertificateError::Revoked => "the server's certificate is revoked".to_owned(),
        CertificateError::Other(why) => other(&format!("{why:?}")),
        error => format!("the server's certificate cannot be trusted: {error}"),
    }
}

/// A name as it stands in a certificate: `DnsName("a")` is `a`.
fn plain(name: &str) -> &str {
    let inside = name.split_once('(').map_or(name, |(_, inside)| inside);
    inside.trim_end_matches(')').trim_matches('"')
}

/// What the library has no words of its own for.
fn other(why: &str) -> String {
    if why.contains("CaUsedAsEndEntity") {
        "the server shows the certificate of an authority (`CA:TRUE`, as `openssl req -x509` makes it), which is \
         no server's; issue one for the server, with `CA:FALSE`, and give the authority as `ca`"
            .to_owned()
    } else if why.contains("UnsupportedCertVersion") {
        "the server's certificate is of X.509 version 1, which names no host; issue it with extensions \
         (`subjectAltName`)"
            .to_owned()
    } else {
        format!("the server's certificate cannot be trusted: {why}")
    }
}

#[cfg(test)]
mod tests {
    use super::{other, plain};

    #[test]
    fn certificates_are_told_of_in_words() {
        assert_eq!(plain("DnsName(\"orders.internal\")"), "orders.internal");
        assert_eq!(plain("IpAddress(::1)"), "::1");
        assert_eq!(plain("a.b"), "a.b");
        assert!(other("OtherError(CaUsedAsEndEntity)").contains("`CA:FALSE`"));
        assert!(other("OtherError(UnsupportedCertVersion)").contains("version 1"));
        assert!(other("odd").ends_with("cannot be trusted: odd"));
    }
}
