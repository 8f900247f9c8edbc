//! How things are signed, by the names that tokens (RFC 7518, RFC 8037) and messages (RFC 9421) use.

/// How something is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of RFC 7518 and RFC 8037")]
pub enum Algorithm {
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

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::HS256,
        Self::HS384,
        Self::HS512,
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::ES256,
        Self::ES384,
        Self::EdDSA,
    ];

    /// Its name in tokens.
    pub fn name(self) -> &'static str {
        match self {
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::EdDSA => "EdDSA",
        }
    }

    /// An algorithm by its name in tokens. `Ed25519` is the newer name of what is meant by `EdDSA` here
    /// (RFC 9864). `none` is none.
    pub fn named(name: &str) -> Option<Self> {
        if name == "Ed25519" {
            return Some(Self::EdDSA);
        }
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// An algorithm by its name in message signatures (RFC 9421, section 6.2.2).
    pub fn of_messages(name: &str) -> Option<Self> {
        Some(match name {
            "rsa-pss-sha512" => Self::PS512,
            "rsa-v1_5-sha256" => Self::RS256,
            "hmac-sha256" => Self::HS256,
            "ecdsa-p256-sha256" => Self::ES256,
            "ecdsa-p384-sha384" => Self::ES384,
            "ed25519" => Self::EdDSA,
            _ => return None,
        })
    }

    /// Whether one secret both signs and verifies.
    pub fn is_symmetric(self) -> bool {
        matches!(self, Self::HS256 | Self::HS384 | Self::HS512)
    }

    /// Bytes that a secret for it must at least have: those of its hash (RFC 7518, section 3.2).
    pub fn secret_bytes(self) -> usize {
        match self {
            Self::HS384 => 48,
            Self::HS512 => 64,
            _ => 32,
        }
    }
}
