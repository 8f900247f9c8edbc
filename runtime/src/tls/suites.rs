//! Which cipher suite a listener takes of those that a client offers.
//!
//! All of them are sound, and they differ in cost: AES-128-GCM with SHA-256 is the cheapest where the
//! processor helps with AES, which servers' do. A client without such help says so by putting
//! ChaCha20-Poly1305 first (RFC 8446, appendix B.4, names the suites), and then its order counts.

use rustls::CipherSuite;
use rustls::crypto::{CryptoProvider, aws_lc_rs};

/// The provider, with the cheapest suites in front.
pub(super) fn cheapest_first() -> CryptoProvider {
    let mut provider = aws_lc_rs::default_provider();
    // Stable, so TLS 1.3 stays before TLS 1.2.
    provider
        .cipher_suites
        .sort_by_key(|suite| (suite.tls13().is_none(), !is_aes_128(suite.suite())));
    provider
}

/// Whether a client would rather have ChaCha20-Poly1305. Values that stand for nothing (RFC 8701) and
/// suites that are not spoken here do not count.
pub(super) fn wants_chacha(offered: &[CipherSuite]) -> bool {
    offered
        .iter()
        .find(|suite| is_chacha(**suite) || is_aes(**suite))
        .is_some_and(|suite| is_chacha(*suite))
}

fn is_chacha(suite: CipherSuite) -> bool {
    matches!(
        suite,
        CipherSuite::TLS13_CHACHA20_POLY1305_SHA256
            | CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
            | CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
    )
}

fn is_aes(suite: CipherSuite) -> bool {
    is_aes_128(suite)
        || matches!(
            suite,
            CipherSuite::TLS13_AES_256_GCM_SHA384
                | CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
                | CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
        )
}

fn is_aes_128(suite: CipherSuite) -> bool {
    matches!(
        suite,
        CipherSuite::TLS13_AES_128_GCM_SHA256
            | CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
            | CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
    )
}

#[cfg(test)]
mod tests {
    use rustls::CipherSuite::{self, *};

    use super::{cheapest_first, wants_chacha};

    #[test]
    fn aes_128_comes_first_of_each_version_and_nothing_is_lost() {
        let suites: Vec<CipherSuite> = cheapest_first()
            .cipher_suites
            .iter()
            .map(|suite| suite.suite())
            .collect();
        let all = rustls::crypto::aws_lc_rs::default_provider().cipher_suites;
        assert_eq!(suites.len(), all.len());
        assert_eq!(suites[0], TLS13_AES_128_GCM_SHA256);
        let first_old = suites
            .iter()
            .find(|suite| !format!("{suite:?}").contains("TLS13"));
        assert!(format!("{first_old:?}").contains("AES_128"), "{suites:?}");
    }

    #[test]
    fn chacha_is_taken_where_the_client_puts_it_first() {
        let (aes, chacha) = (TLS13_AES_256_GCM_SHA384, TLS13_CHACHA20_POLY1305_SHA256);
        let nothing = Unknown(0x2a2a);
        for (offered, wants) in [
            (&[aes, chacha] as &[_], false),
            (&[chacha, aes], true),
            (&[nothing, chacha, aes], true),
            (&[TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, aes], true),
            (&[nothing], false),
            (&[], false),
        ] {
            assert_eq!(wants_chacha(offered), wants, "{offered:?}");
        }
    }
}
