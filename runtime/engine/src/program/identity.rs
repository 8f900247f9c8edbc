//! How requests prove who is asking.

use rkyv::{Archive, Deserialize, Serialize};

use super::Network;

/// A way to prove who is asking.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct Identity {
    /// Its name.
    pub name: String,
    /// What the client is told it needs to prove itself for.
    pub realm: String,
    /// How it is proved.
    pub method: IdentityMethod,
    /// What is known of who asks, in the order that a principal holds it.
    pub claims: Vec<Claim>,
}

/// Something known of who asks.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct Claim {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: ClaimKind,
    /// Where it is found: the levels of a token from the outside in, or one header, or one name.
    pub from: Vec<String>,
    /// Whether its values are roles.
    pub role: bool,
    /// Whether it may be missing.
    pub optional: bool,
}

/// The type of a claim.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Archive, Serialize, Deserialize,
)]
#[rkyv(derive(Debug, Clone, Copy, PartialEq))]
pub enum ClaimKind {
    /// Text.
    Text,
    /// A whole number.
    Long,
    /// True or false.
    Bool,
    /// Several texts.
    Texts,
    /// Several whole numbers.
    Longs,
    /// A moment.
    Datetime,
    /// An address or a network.
    Ip,
    /// A number with four places after the point.
    Decimal,
}

/// How it is proved. Paths are relative to the bundle's folder, or absolute.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub enum IdentityMethod {
    /// Name and password; the file as `htpasswd` writes it.
    Basic(String),
    /// A token in `Authorization: Bearer`, by its hash; the file with the hashes.
    Bearer(String),
    /// A key, by its hash: the file with the hashes, and where a request has it.
    ApiKey(String, CredentialPlace),
    /// A signed token.
    Jwt(Box<Jwt>),
    /// A header (in lower case) that a proxy has set, and whose word is taken.
    Header(String, Vec<Network>),
    /// An HMAC.
    Signature(Box<HmacSignature>),
    /// An HTTP message signature (RFC 9421).
    MessageSignature(Box<MessageSignature>),
    /// The client's certificate, and what of it is the id.
    Certificate(CertificateName),
    /// The session (by index), whose subject is the id.
    Session(u32),
    /// No credentials at all.
    Anonymous,
}

/// Where a request has a credential.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub enum CredentialPlace {
    /// In a header, named in lower case.
    Header(String),
    /// In a query parameter.
    Query(String),
    /// In a cookie.
    Cookie(String),
    /// In `Authorization: Bearer`.
    Bearer,
}

/// Signed tokens.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct Jwt {
    /// `iss`; absent: any.
    pub issuer: Option<String>,
    /// `aud`: one of these; none: any.
    pub audience: Vec<String>,
    /// Who signs.
    pub keys: JwtKeys,
    /// The algorithms taken, by their names; none: those of each key (`HS256` with a secret).
    pub algorithms: Vec<String>,
    /// Milliseconds that clocks may be apart.
    pub leeway_ms: u64,
    /// The claim that is the id.
    pub subject: String,
    /// Further claims that must be there.
    pub required: Vec<String>,
    /// What the header's `typ` must be, in lower case.
    pub typ: Option<String>,
    /// Where a request has it: a cookie, or `Bearer`.
    pub place: CredentialPlace,
    /// Milliseconds between two fetches of keys at a URL.
    pub refresh_ms: u64,
    /// Milliseconds that keys serve which cannot be fetched anew.
    pub stale_ms: u64,
}

/// Who signs tokens.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub enum JwtKeys {
    /// The URL of a key set (RFC 7517).
    Url(String),
    /// A file with a key set, or with public keys in PEM.
    File(String),
    /// The name of a secret.
    Secret(String),
}

/// A signature with a shared secret.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct HmacSignature {
    /// Whose secrets: the id, and the name of the secret.
    pub keys: Vec<(String, String)>,
    /// The header that says whose was used, in lower case; absent: each is tried.
    pub key_header: Option<String>,
    /// The header that holds it, in lower case.
    pub header: String,
    /// What stands before it.
    pub prefix: String,
    /// Whether it is written in Base64, and not in hexadecimal.
    pub base64: bool,
    /// Bits of the hash function: 256, 384 or 512 (SHA-2).
    pub bits: u16,
    /// What is signed.
    pub covers: Vec<SignedPart>,
    /// What stands between the parts.
    pub separator: String,
    /// The header with the time, in lower case.
    pub timestamp: String,
    /// Milliseconds that it holds; where the time is not signed this has no meaning.
    pub window_ms: u64,
}

/// A part of a request that is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub enum SignedPart {
    /// The time as it stands in its header.
    Timestamp,
    /// The method.
    Method,
    /// Path and query as they were sent.
    Url,
    /// The host in normal form.
    Host,
    /// The body.
    Body,
}

/// HTTP message signatures (RFC 9421).
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct MessageSignature {
    /// The keys by their ids.
    pub keys: Vec<(String, MessageKey)>,
    /// What must be signed: component identifiers without parameters.
    pub covers: Vec<String>,
    /// What `tag` must be; absent: anything.
    pub tag: Option<String>,
    /// Milliseconds that it holds.
    pub window_ms: u64,
}

/// A key of message signatures.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub enum MessageKey {
    /// A PEM file with a public key.
    File(String),
    /// The name of a secret (HMAC with SHA-256).
    Secret(String),
}

/// A name in a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub enum CertificateName {
    /// The common name of the subject.
    CommonName,
    /// The first DNS name.
    Dns,
    /// The first URI.
    Uri,
    /// The first e-mail address.
    Email,
    /// The SHA-256 of the certificate.
    Fingerprint,
}
