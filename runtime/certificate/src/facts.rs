//! What a certificate says about itself.

use std::time::{Duration, SystemTime};

use rustls::pki_types::CertificateDer;
use x509_cert::Certificate;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::asn1::{PrintableStringRef, Utf8StringRef};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Decode, Tag, Tagged};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::name::Name as Distinguished;
use x509_cert::time::Time;

use crate::{Name, Names, Problem};

/// `commonName`.
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// What a certificate says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The names of hosts that it is for (`subjectAltName`, RFC 5280; the common name where there is
    /// none, as very old certificates have it).
    pub names: Names,
    /// The addresses that it is for.
    pub addresses: Vec<std::net::IpAddr>,
    /// Its subject's common name; empty where there is none.
    pub common_name: String,
    /// The common name of who issued it.
    pub issuer: String,
    /// It is good from then on.
    pub not_before: SystemTime,
    /// It is good until then.
    pub not_after: SystemTime,
}

impl Facts {
    /// Reads a certificate.
    ///
    /// # Errors
    /// It is no certificate (X.509).
    pub fn of(der: &CertificateDer<'_>) -> Result<Self, Problem> {
        let unreadable = |error: x509_cert::der::Error| Problem::Certificate(error.to_string());
        let certificate = Certificate::from_der(der).map_err(unreadable)?;
        let body = &certificate.tbs_certificate;
        let common_name = common_name(&body.subject);
        let (mut names, mut addresses) = (Vec::new(), Vec::new());
        let alternatives = body.get::<SubjectAltName>().map_err(unreadable)?;
        match alternatives {
            None => names.extend(Name::of(&common_name)),
            Some((_, SubjectAltName(alternatives))) => {
                for alternative in &alternatives {
                    match alternative {
                        GeneralName::DnsName(name) => names.extend(Name::of(name.as_str())),
                        GeneralName::IpAddress(bytes) => {
                            addresses.extend(address(bytes.as_bytes()));
                        }
                        _ => {}
                    }
                }
            }
        }
        Ok(Self {
            names: Names::new(names),
            addresses,
            common_name,
            issuer: self::common_name(&body.issuer),
            not_before: time(&body.validity.not_before),
            not_after: time(&body.validity.not_after),
        })
    }

    /// What to call it: its first name, or its first address, or its common name.
    pub fn title(&self) -> String {
        let name = self.names.iter().next().map(Name::to_string);
        let address = || self.addresses.first().map(ToString::to_string);
        name.or_else(address)
            .unwrap_or_else(|| self.common_name.clone())
    }
}

fn common_name(name: &Distinguished) -> String {
    let parts = name.0.iter().flat_map(|part| part.0.iter());
    parts
        .filter(|part| part.oid == COMMON_NAME)
        .find_map(text)
        .unwrap_or_default()
}

fn text(part: &AttributeTypeAndValue) -> Option<String> {
    match part.value.tag() {
        Tag::Utf8String => {
            let text = part.value.decode_as::<Utf8StringRef<'_>>().ok()?;
            Some(text.as_str().to_owned())
        }
        Tag::PrintableString => {
            let text = part.value.decode_as::<PrintableStringRef<'_>>().ok()?;
            Some(text.as_str().to_owned())
        }
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<std::net::IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(Into::into);
    let sixteen = <[u8; 16]>::try_from(bytes).map(Into::into);
    four.or(sixteen).ok()
}

/// Years before 1970 are no matter for a certificate that is served today.
fn time(time: &Time) -> SystemTime {
    let since = time.to_unix_duration();
    SystemTime::UNIX_EPOCH
        .checked_add(Duration::from_secs(since.as_secs()))
        .unwrap_or(SystemTime::UNIX_EPOCH)
}
