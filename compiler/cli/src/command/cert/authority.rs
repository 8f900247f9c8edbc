//! The authority for development: made once, found again by its files.
//!
//! Its name holds a part of its key, so that several of them can be told apart where they are trusted,
//! and so that everything about it but the time follows from the key.

use std::time::SystemTime;

use gated_certificate::Facts;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData,
};

use super::files::{self, Contents, Pair};
use crate::CommandError;

/// How the name of every such authority begins.
const NAME: &str = "gatec development authority ";

/// Days that a certificate is good for: what browsers take at most.
const DAYS: i32 = 397;

/// An authority.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// It is good until then.
    until: Date,
}

impl Authority {
    /// Whether an authority of this name was made here.
    pub(super) fn is_name(name: &str) -> bool {
        name.starts_with(NAME)
    }

    /// Finds it, or makes it; then the second is `true`.
    pub(super) fn open(pair: &Pair) -> Result<(Self, bool), CommandError> {
        let found = files::refuse_foreign(pair, "an authority", |facts| {
            Self::is_name(&facts.common_name)
        })?;
        match found {
            Some(contents) => Ok((Self::found(pair, &contents)?, false)),
            None => Ok((Self::make(pair)?, true)),
        }
    }

    fn found(pair: &Pair, contents: &Contents) -> Result<Self, CommandError> {
        let key = KeyPair::from_pem(&contents.key).map_err(failed)?;
        let broken = |_| failed("the authority cannot be read");
        let chain = gated_certificate::chain(contents.certificate.as_bytes()).map_err(broken)?;
        let first = chain
            .first()
            .ok_or_else(|| failed("there is no authority"))?;
        let facts = Facts::of(first).map_err(broken)?;
        if facts.not_after <= SystemTime::now() {
            return Err(CommandError::new(format!(
                "the authority in `{}` has expired",
                pair.certificate.display()
            ))
            .hint("delete it with its key, make a new one, and trust that"));
        }
        let until = Timestamp::try_from(facts.not_after).map_err(failed)?;
        Ok(Self {
            issuer: Issuer::new(params(&key)?, key),
            until: until.to_zoned(TimeZone::UTC).date(),
        })
    }

    fn make(pair: &Pair) -> Result<Self, CommandError> {
        let key = KeyPair::generate().map_err(failed)?;
        let mut params = params(&key)?;
        let until = day(365 * 10)?;
        set(&mut params, day(-1)?, until);
        let certificate = params.self_signed(&key).map_err(failed)?;
        pair.write(&Contents {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        })?;
        Ok(Self {
            issuer: Issuer::new(params, key),
            until,
        })
    }

    /// Makes a certificate for hosts and addresses, with a new key.
    pub(super) fn issue(&self, hosts: &[String]) -> Result<Contents, CommandError> {
        let mut params = CertificateParams::new(hosts).map_err(failed)?;
        params.distinguished_name = rcgen::DistinguishedName::new();
        if let Some(host) = hosts.first() {
            params
                .distinguished_name
                .push(DnType::CommonName, host.as_str());
        }
        set(&mut params, day(-1)?, day(DAYS)?.min(self.until));
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        // For clients too, so that it also serves to try client certificates.
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        let key = KeyPair::generate().map_err(failed)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(failed)?;
        Ok(Contents {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        })
    }
}

/// Everything about an authority but the time.
fn params(key: &KeyPair) -> Result<CertificateParams, CommandError> {
    let mut params = CertificateParams::new(Vec::<String>::new()).map_err(failed)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    let name = format!("{NAME}{}", part(key));
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::KeyCertSign,
        KeyUsagePurpose::CrlSign,
    ];
    Ok(params)
}

/// The last bytes of the public key, to tell authorities apart.
fn part(key: &KeyPair) -> String {
    let public = key.der_bytes();
    let last = public.iter().rev().take(4);
    last.map(|byte| format!("{byte:02x}")).collect()
}

/// The day so many days from now.
fn day(days: i32) -> Result<Date, CommandError> {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    today.checked_add(Span::new().days(days)).map_err(failed)
}

/// Sets the days that a certificate is good for.
fn set(params: &mut CertificateParams, from: Date, until: Date) {
    let field = |field: i8| u8::try_from(field).unwrap_or(1);
    let time = |day: Date| {
        rcgen::date_time_ymd(i32::from(day.year()), field(day.month()), field(day.day()))
    };
    params.not_before = time(from);
    params.not_after = time(until);
}

fn failed(error: impl std::fmt::Display) -> CommandError {
    CommandError::new(format!("the certificate cannot be made: {error}"))
}
