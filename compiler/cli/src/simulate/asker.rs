//! Who asks in a test: a principal as if its credentials had been proved.

use std::net::{IpAddr, Ipv4Addr};

use gatec_schema::{As, ClaimScalar, GivenClaim, Map, TestSession};
use gated_engine::Bundle;
use gated_engine::principal::{ClaimValue, Principal};
use gated_engine::program::{
    ArchivedClaim, ArchivedClaimKind, ArchivedIdentity, ArchivedIdentityMethod, ClaimKind,
};

/// Who asks, and from where.
#[derive(Debug, Clone)]
pub(crate) struct Asker {
    /// Who, as a person writes it; nobody: without credentials.
    pub(crate) principal: Option<As>,
    /// What its session remembers; nothing: it has none.
    pub(crate) session: Option<TestSession>,
    /// The client's address.
    pub(crate) client: IpAddr,
}

impl Default for Asker {
    fn default() -> Self {
        Self {
            principal: None,
            session: None,
            client: IpAddr::V4(Ipv4Addr::LOCALHOST),
        }
    }
}

/// The principal that is meant; nobody where no credentials are.
///
/// # Errors
/// In the user's terms: there is no such identity, or it declares other claims.
pub(crate) fn principal(bundle: &Bundle, asker: &Asker) -> Result<Option<Principal>, String> {
    let Some(given) = &asker.principal else {
        return Ok(None);
    };
    let identities = &bundle.program().identities;
    let known = || identities.iter().map(|identity| identity.name.as_str());
    let number = known().position(|name| name == given.identity);
    let found =
        number.and_then(|number| Some((u32::try_from(number).ok()?, identities.get(number)?)));
    let (number, identity) = found.ok_or_else(|| match known().next() {
        None => format!(
            "there is no identity `{}`: the spec has none",
            given.identity
        ),
        Some(_) => format!(
            "there is no identity `{}`; the identities are {}",
            given.identity,
            gatec_compiler::check::listed(known())
        ),
    })?;
    Ok(Some(Principal {
        identity: number,
        id: id(given, identity)?,
        claims: claims(given, identity)?,
    }))
}

fn id(given: &As, identity: &ArchivedIdentity) -> Result<String, String> {
    if let Some(id) = &given.id {
        return Ok(id.clone());
    }
    let subject = match &identity.method {
        ArchivedIdentityMethod::Jwt(jwt) => jwt.subject.as_str(),
        _ => "sub",
    };
    match given.claims.get(subject).map(|claim| claim.0.as_slice()) {
        Some([ClaimScalar::Text(id)]) => Ok(id.clone()),
        Some(_) => Err(format!("`{subject}` says who asks, so it is one text")),
        None => Ok(identity.name.as_str().to_owned()),
    }
}

fn claims(given: &As, identity: &ArchivedIdentity) -> Result<Vec<Option<ClaimValue>>, String> {
    let name = identity.name.as_str();
    let known = || identity.claims.iter().map(|claim| claim.name.as_str());
    let subject = match &identity.method {
        ArchivedIdentityMethod::Jwt(jwt) => jwt.subject.as_str(),
        _ => "sub",
    };
    let unknown =
        |claim: &&String| claim.as_str() != subject && !known().any(|known| known == *claim);
    if let Some(claim) = given.claims.keys().find(unknown) {
        return Err(match known().next() {
            None => format!("identity `{name}` declares no claim `{claim}`, and no other either"),
            Some(_) => format!(
                "identity `{name}` declares no claim `{claim}`; it declares {}",
                gatec_compiler::check::listed(known())
            ),
        });
    }
    let values = identity.claims.iter().map(|claim| {
        let value = given.claims.get(claim.name.as_str());
        match value {
            None if is_subject(identity, claim) => Ok(Some(ClaimValue::Text(id(given, identity)?))),
            None if claim.optional => Ok(None),
            None if matches!(
                claim.kind,
                ArchivedClaimKind::Texts | ArchivedClaimKind::Longs
            ) =>
            {
                // Nobody writes down what somebody does not have.
                Ok(read(claim.kind, &GivenClaim::default()))
            }
            None => Err(format!(
                "identity `{name}` gives everybody the claim `{}`, so this needs one as well",
                claim.name
            )),
            Some(given) => read(claim.kind, given).map(Some).ok_or_else(|| {
                format!("the claim `{}` is no {}", claim.name, kind_name(claim.kind))
            }),
        }
    });
    values.collect()
}

/// Whether a claim is what says who asks.
fn is_subject(identity: &ArchivedIdentity, claim: &ArchivedClaim) -> bool {
    match &identity.method {
        ArchivedIdentityMethod::Jwt(jwt) => {
            let [from] = claim.from.as_slice() else {
                return false;
            };
            *from == jwt.subject && matches!(claim.kind, ArchivedClaimKind::Text)
        }
        _ => false,
    }
}

fn read(kind: ArchivedClaimKind, given: &GivenClaim) -> Option<ClaimValue> {
    let kind = plain(kind);
    let json = |scalar: &ClaimScalar| match scalar {
        ClaimScalar::Bool(yes) => serde_json::Value::from(*yes),
        ClaimScalar::Long(number) => serde_json::Value::from(*number),
        ClaimScalar::Text(text) => serde_json::Value::from(text.as_str()),
    };
    match (kind, given.0.as_slice()) {
        (ClaimKind::Texts | ClaimKind::Longs, [ClaimScalar::Text(text)]) => {
            ClaimValue::from_text(kind, text)
        }
        (ClaimKind::Texts | ClaimKind::Longs, items) => {
            ClaimValue::from_json(kind, &items.iter().map(json).collect())
        }
        // On a command line everything is text.
        (_, [ClaimScalar::Text(text)]) => ClaimValue::from_text(kind, text),
        (_, [one]) => ClaimValue::from_json(kind, &json(one)),
        _ => None,
    }
}

fn plain(kind: ArchivedClaimKind) -> ClaimKind {
    match kind {
        ArchivedClaimKind::Text => ClaimKind::Text,
        ArchivedClaimKind::Long => ClaimKind::Long,
        ArchivedClaimKind::Bool => ClaimKind::Bool,
        ArchivedClaimKind::Texts => ClaimKind::Texts,
        ArchivedClaimKind::Longs => ClaimKind::Longs,
        ArchivedClaimKind::Datetime => ClaimKind::Datetime,
        ArchivedClaimKind::Ip => ClaimKind::Ip,
        ArchivedClaimKind::Decimal => ClaimKind::Decimal,
    }
}

fn kind_name(kind: ArchivedClaimKind) -> &'static str {
    match kind {
        ArchivedClaimKind::Text => "string",
        ArchivedClaimKind::Long => "long",
        ArchivedClaimKind::Bool => "bool",
        ArchivedClaimKind::Texts => "set<string>",
        ArchivedClaimKind::Longs => "set<long>",
        ArchivedClaimKind::Datetime => "datetime",
        ArchivedClaimKind::Ip => "ipaddr",
        ArchivedClaimKind::Decimal => "decimal",
    }
}

/// Somebody as a command line gives it: `NAME`, and `CLAIM=VALUE` for each claim, several values with
/// commas between.
///
/// # Errors
/// A claim without `=`.
pub(crate) fn written(identity: Option<&str>, claims: &[String]) -> Result<Option<As>, String> {
    let Some(identity) = identity else {
        return match claims.first() {
            None => Ok(None),
            Some(_) => Err("`--claim` needs `--as IDENTITY`".to_owned()),
        };
    };
    let mut given: Map<GivenClaim> = Map::new();
    for claim in claims {
        let (name, value) = claim
            .split_once('=')
            .ok_or_else(|| format!("`{claim}` is no claim: expected `NAME=VALUE`"))?;
        let values = given.entry(name.to_owned()).or_default();
        values.0.push(ClaimScalar::Text(value.to_owned()));
    }
    Ok(Some(As {
        identity: identity.to_owned(),
        id: None,
        claims: given,
    }))
}
