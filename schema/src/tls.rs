//! TLS: where certificates and keys lie, and which versions are spoken.
//!
//! Keys never go into a bundle: a spec names files on the replica's own disk.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::{DiskPath, ServerName};

/// A certificate and its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["file"]]}))]
pub struct Certificate {
    /// A PEM file on the replica with the certificate, followed by those between it and the root.
    pub file: DiskPath,
    /// A PEM file on the replica with the certificate's private key (PKCS#8, PKCS#1 or SEC1), which
    /// may be the same file.
    pub key: DiskPath,
}

/// A version of TLS.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246).
    #[default]
    #[serde(rename = "1.2")]
    Tls12,
    /// TLS 1.3 (RFC 8446).
    #[serde(rename = "1.3")]
    Tls13,
}

/// How connections to `https://` servers are secured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct UpstreamTls {
    /// A PEM file on the replica with the authorities trusted to vouch for the servers. Left out,
    /// those that the replica's system trusts (`SSL_CERT_FILE` and `SSL_CERT_DIR` count).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<DiskPath>,
    /// The name that the servers are asked for (SNI) and that their certificates must hold. Left out,
    /// the host in the URL of each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<ServerName>,
    /// The certificate that the gateway shows to servers that ask for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
    /// The oldest version of TLS spoken.
    pub minimum: TlsVersion,
    /// Whether a server must prove who it is. `false` takes any certificate, so that whoever stands in
    /// between can read and change everything.
    pub verify: bool,
}

impl Default for UpstreamTls {
    fn default() -> Self {
        Self {
            ca: None,
            name: None,
            certificate: None,
            minimum: TlsVersion::Tls12,
            verify: true,
        }
    }
}
