//! Who is asking: how a request proves it, and what is then known.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Map;
use crate::value::{DiskPath, Duration, HeaderName, KeySource, Network, SecretName};

/// A way to prove who is asking. Exactly one of `basic`, `bearer`, `jwt`, `api-key`, `header`,
/// `signature`, `message-signature`, `client-certificate`, `session` and `anonymous` says how. In policies it is a
/// type of principals: identity `staff` is the Cedar type `Staff`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Identity {
    /// A name and a password (RFC 7617).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basic: Option<Basic>,
    /// A token without meaning of its own (RFC 6750), known to the replica by its hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bearer: Option<Bearer>,
    /// A signed token that says itself who is asking (RFC 7519).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwt: Option<Jwt>,
    /// A key known to the replica by its hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<ApiKey>,
    /// A header that a proxy in front has set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<TrustedHeader>,
    /// A signature made with a shared secret (HMAC), as webhooks carry it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// An HTTP message signature (RFC 9421).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_signature: Option<MessageSignature>,
    /// The certificate that the client showed in the TLS handshake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<CertificateIdentity>,
    /// A session, by its name: who has one whose `subject` is set is proved, and that is the id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-reference" = "sessions"))]
    pub session: Option<String>,
    /// Nobody in particular: taken where a request carries no credentials of any other identity of
    /// the route. Wrong credentials are never taken for none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub anonymous: bool,
    /// What is known of who is asking, by name: attributes of the principal in policies, and `claim.NAME`
    /// in templates.
    #[schemars(extend("x-kdl" = {"node": "claim"}))]
    pub claims: Map<Claim>,
    /// What the client is told it needs to prove itself for (`WWW-Authenticate`). Left out, the
    /// gateway's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub realm: Option<String>,
}

/// What is known of who is asking.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["type"]]}))]
pub struct Claim {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: ClaimType,
    /// Where it is found: in a token a claim, with dots between the levels (`realm_access.roles`); in a
    /// header identity the header. Left out, its own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Its values are roles: who has it is `in Role::"VALUE"` in policies.
    pub role: bool,
    /// It may be missing. Who lacks any other claim is not let in, except that a set that is missing is
    /// empty.
    pub optional: bool,
}

/// The type of a claim, as policies see it.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
)]
pub enum ClaimType {
    /// Text.
    #[default]
    #[serde(rename = "string")]
    String,
    /// A whole number of 64 bits.
    #[serde(rename = "long")]
    Long,
    /// `true` or `false`.
    #[serde(rename = "bool")]
    Bool,
    /// Several texts; in a token a list, or one text with blanks between (as `scope`).
    #[serde(rename = "set<string>")]
    Strings,
    /// Several whole numbers.
    #[serde(rename = "set<long>")]
    Longs,
    /// A time: in a token seconds since 1970 (as `iat`), or RFC 3339.
    #[serde(rename = "datetime")]
    Datetime,
    /// An address or a network.
    #[serde(rename = "ipaddr")]
    Ip,
    /// A number with up to four places after the point.
    #[serde(rename = "decimal")]
    Decimal,
}

/// Names and passwords in a file on the replica.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["file"]]}))]
pub struct Basic {
    /// A file as `htpasswd` writes it: a name, `:`, and the hash of a password (bcrypt `$2b$` or argon2
    /// `$argon2id$`) on each line. Read again when it changes.
    pub file: DiskPath,
}

/// Tokens in a file on the replica, by their hashes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["file"]]}))]
pub struct Bearer {
    /// A file with a token on each line, as `gatec key new` writes them. Read again when it changes.
    pub file: DiskPath,
}

/// Keys in a file on the replica, by their hashes. At most one of `header`, `query` and `cookie`
/// says where a request has its key; left out, the header `x-api-key`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["file"]]}))]
pub struct ApiKey {
    /// A file with a key on each line, as `gatec key new` writes them. Read again when it changes.
    pub file: DiskPath,
    /// The header that holds the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<HeaderName>,
    /// The query parameter that holds it. URLs end up in logs and histories: rather use a header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The cookie that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cookie: Option<String>,
}

/// Signed tokens. Either `keys` or `secret` says who signs them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Jwt {
    /// Who must have issued the token (`iss`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// For whom it must have been issued (`aud`): one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<String>,
    /// The public keys: the URL of a JSON Web Key Set (RFC 7517), or a file on the replica with one, or
    /// with public keys in PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<KeySource>,
    /// The secret that tokens are signed with (HMAC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretName>,
    /// The algorithms taken. Left out, with `keys` those of each key, with `secret` `HS256`. A key is only
    /// ever used with an algorithm of its own kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub algorithms: Vec<JwtAlgorithm>,
    /// How far the clocks of issuer and replica may be apart.
    pub leeway: Duration,
    /// The claim that says who is asking; it becomes the id of the principal.
    pub subject: String,
    /// Further claims that must be there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<String>,
    /// What the token's header must say it is (`typ`), such as `at+jwt` (RFC 9068).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typ: Option<String>,
    /// The cookie that holds the token. Left out, it is in `Authorization: Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cookie: Option<String>,
    /// How often keys at a URL are fetched anew. A token signed with an unknown key has them fetched at
    /// once, but not more often than every ten seconds.
    pub refresh: Duration,
    /// How long keys serve that cannot be fetched anew; after that, and where they never could be
    /// fetched, requests are answered 503.
    pub stale: Duration,
}

/// An algorithm of signed tokens (RFC 7518, section 3.1; RFC 8037).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the names are those of the RFC")]
pub enum JwtAlgorithm {
    HS256,
    HS384,
    HS512,
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    EdDSA,
}

impl Default for Jwt {
    fn default() -> Self {
        Self {
            issuer: None,
            audience: Vec::new(),
            keys: None,
            secret: None,
            algorithms: Vec::new(),
            leeway: Duration::from_secs(30),
            subject: "sub".to_owned(),
            required: Vec::new(),
            typ: None,
            cookie: None,
            refresh: Duration::from_secs(300),
            stale: Duration::from_secs(3600),
        }
    }
}

/// A header that a proxy in front has set. From anybody else it is taken out of the request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["name"]]}))]
pub struct TrustedHeader {
    /// The header that says who is asking; it becomes the id of the principal.
    pub name: HeaderName,
    /// The proxies whose word is taken.
    #[schemars(length(min = 1))]
    pub from: Vec<Network>,
}

/// A signature with a shared secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Signature {
    /// The secrets, by the name of who has them; it becomes the id of the principal.
    #[schemars(extend("x-kdl" = {"node": "key"}), length(min = 1))]
    pub keys: Map<SignatureKey>,
    /// The header that says whose key was used. Left out, each is tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_header: Option<HeaderName>,
    /// The header that holds the signature.
    #[serde(default = "signature_header")]
    pub header: HeaderName,
    /// What stands before the signature in it, such as `sha256=`.
    #[serde(default)]
    pub prefix: String,
    /// How the signature is written.
    #[serde(default)]
    pub encoding: SignatureEncoding,
    /// The hash function.
    #[serde(default)]
    pub hash: SignatureHash,
    /// What is signed, in this order, with `separator` between.
    #[serde(default = "signed_parts")]
    #[schemars(length(min = 1))]
    pub covers: Vec<SignedPart>,
    /// What stands between the parts.
    #[serde(default = "newline")]
    pub separator: String,
    /// The header that says when it was signed: seconds since 1970, or RFC 3339.
    #[serde(default = "timestamp_header")]
    pub timestamp: HeaderName,
    /// How old a signature may be, where the time is among what is signed; within that time none is taken
    /// twice.
    #[serde(default = "window")]
    pub window: Duration,
}

fn signature_header() -> HeaderName {
    HeaderName::of("x-signature")
}

fn timestamp_header() -> HeaderName {
    HeaderName::of("x-timestamp")
}

fn newline() -> String {
    "\n".to_owned()
}

fn window() -> Duration {
    Duration::from_secs(300)
}

fn signed_parts() -> Vec<SignedPart> {
    vec![
        SignedPart::Timestamp,
        SignedPart::Method,
        SignedPart::Url,
        SignedPart::Body,
    ]
}

/// A shared secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["secret"]]}))]
pub struct SignatureKey {
    /// The secret.
    pub secret: SecretName,
}

/// How a signature is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureEncoding {
    /// Hexadecimal.
    #[default]
    Hex,
    /// Base64, with or without padding, of either alphabet.
    Base64,
}

/// The hash function of an HMAC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureHash {
    /// SHA-256.
    #[default]
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// A part of a request that is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignedPart {
    /// The time as it stands in its header.
    Timestamp,
    /// The method.
    Method,
    /// The path and query as they were sent.
    Url,
    /// The host, in lower case, without its port.
    Host,
    /// The body.
    Body,
}

/// HTTP message signatures (RFC 9421).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MessageSignature {
    /// The keys, by their `keyid`; it becomes the id of the principal.
    #[schemars(extend("x-kdl" = {"node": "key"}), length(min = 1))]
    pub keys: Map<MessageKey>,
    /// What must be signed: derived components such as `@method`, and headers. `content-digest` also has
    /// the body held against it (RFC 9530).
    #[serde(default = "covered")]
    #[schemars(length(min = 1))]
    pub covers: Vec<String>,
    /// What the signature must say it is for (`tag`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// How old a signature may be (`created`).
    #[serde(default = "window")]
    pub window: Duration,
}

fn covered() -> Vec<String> {
    ["@method", "@authority", "@path", "@query"]
        .map(str::to_owned)
        .to_vec()
}

/// A key of message signatures: a file or a secret.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct MessageKey {
    /// A PEM file on the replica with the public key (RSA, ECDSA on P-256 or P-384, Ed25519).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<DiskPath>,
    /// A shared secret (HMAC with SHA-256).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretName>,
}

/// Certificates of clients. The listener asks for them (`client-certificate`) and says who vouches for them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["id"]]}))]
pub struct CertificateIdentity {
    /// What of the certificate becomes the id of the principal.
    pub id: CertificateName,
}

/// A name in a certificate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateName {
    /// The common name of its subject.
    #[default]
    CommonName,
    /// The first DNS name among its alternative names.
    Dns,
    /// The first URI among them, such as a SPIFFE id.
    Uri,
    /// The first e-mail address among them.
    Email,
    /// The SHA-256 of the certificate, in hexadecimal.
    Fingerprint,
}
