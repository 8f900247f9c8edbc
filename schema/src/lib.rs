//! What people may write in a spec.
//!
//! These types are the single source of truth: the JSON Schema, the reference pages, the grammar of
//! KDL and YAML, the editor's completions and the compiler's input are all made from them. A type's
//! doc comment is the text users read.
//!
//! Two hints steer the KDL form. On an object, `x-kdl.arguments` lists, for each number of
//! positional arguments, the fields they fill (a trailing `*` takes all that remain); of two rows of
//! the same length the first whose formats take the arguments counts. On a field
//! holding a map or a list, `x-kdl.node` names the node that is repeated; in a map the node's first
//! argument is the key.

pub mod action;
pub mod compress;
pub mod generate;
pub mod identity;
pub mod limit;
pub mod listener;
pub mod matching;
pub mod observe;
pub mod policy;
pub mod route;
pub mod session;
pub mod spec;
pub mod store;
pub mod test;
pub mod tls;
pub mod transform;
pub mod upstream;
pub mod value;

pub use action::{Files, Proxy, Redirect, Respond};
pub use compress::{Compress, Encoding};
pub use generate::json_schema;
pub use identity::{
    ApiKey, Basic, Bearer, CertificateIdentity, CertificateName, Claim, ClaimType, Identity, Jwt,
    JwtAlgorithm, MessageKey, MessageSignature, Signature, SignatureEncoding, SignatureHash,
    SignatureKey, SignedPart, TrustedHeader,
};
pub use limit::{Limit, LimitLoss, LimitMode, LimitUse};
pub use listener::{
    ClientCertificate, ClientCertificateMode, Hsts, Limits, Listener, Protocol, ProxyProtocol,
    ProxyProtocolMode, RedirectToHttps, Tls,
};
pub use matching::{BodyMatch, Match, ValueMatch};
pub use observe::{AccessLog, Log, LogFormat, LogLevel, Management};
pub use policy::{DecisionLog, Link, Never, Policies};
pub use route::Route;
pub use session::{Session, SessionField, SessionFieldType, SessionLoss, SessionUse};
pub use spec::{ErrorPage, Gateway, Mode, Spec};
pub use store::{Store, StoreKind};
pub use test::{As, ClaimScalar, Expect, GivenClaim, Test, TestRequest, TestSession};
pub use tls::{Certificate, TlsVersion, UpstreamTls};
pub use transform::{Cookie, RequestTransform, ResponseTransform, SameSite};
pub use upstream::{Pool, Server, Timeouts, Upstream, UpstreamProtocol};
pub use value::FORMATS;

/// A map that keeps the order in which its keys were written.
pub type Map<V> = indexmap::IndexMap<String, V>;
