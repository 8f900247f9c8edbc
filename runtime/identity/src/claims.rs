//! What is known of who asks, taken from a token or from named texts, each value of the type that the
//! identity declares.

use gated_engine::principal::ClaimValue;
use gated_engine::program::{Claim, ClaimKind};
use serde_json::{Map, Value};

use crate::{Denied, Reason};

/// The claims of an identity, ready to be looked up.
#[derive(Debug, Clone)]
pub struct Claims(Vec<Declared>);

#[derive(Debug, Clone)]
struct Declared {
    claim: Claim,
    place: Place,
}

/// Where a token has something: a name, which may have dots of its own, or levels.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    whole: String,
    levels: Vec<String>,
}

impl Place {
    pub(crate) fn new(levels: &[String]) -> Self {
        Self {
            whole: levels.join("."),
            levels: levels.to_vec(),
        }
    }

    pub(crate) fn dotted(text: &str) -> Self {
        Self {
            whole: text.to_owned(),
            levels: text.split('.').map(str::to_owned).collect(),
        }
    }

    /// What stands there. A member of that very name, dots and all (`https://id.example/roles`), comes
    /// first; `null` is nothing.
    pub(crate) fn find<'v>(&self, token: &'v Map<String, Value>) -> Option<&'v Value> {
        let nested = || {
            let (first, rest) = self.levels.split_first()?;
            rest.iter()
                .try_fold(token.get(first)?, |value, level| value.get(level))
        };
        token
            .get(&self.whole)
            .or_else(nested)
            .filter(|value| !value.is_null())
    }
}

impl Claims {
    /// Those of an identity.
    pub fn new(claims: &[Claim]) -> Self {
        let declared = claims.iter().map(|claim| Declared {
            place: Place::new(&claim.from),
            claim: claim.clone(),
        });
        Self(declared.collect())
    }

    /// Those of a token.
    pub(crate) fn of_token(
        &self,
        token: &Map<String, Value>,
    ) -> Result<Vec<Option<ClaimValue>>, Denied> {
        self.each(|declared| {
            let Some(found) = declared.place.find(token) else {
                return Ok(None);
            };
            ClaimValue::from_json(declared.claim.kind, found)
                .map(Some)
                .ok_or(())
        })
    }

    /// Those that texts give, by name.
    ///
    /// # Errors
    /// One is missing, or not of its type.
    pub fn of_texts<'t>(
        &self,
        text: impl Fn(&str) -> Option<&'t str>,
    ) -> Result<Vec<Option<ClaimValue>>, Denied> {
        self.each(|declared| {
            let Some(found) = text(&declared.place.whole) else {
                return Ok(None);
            };
            ClaimValue::from_text(declared.claim.kind, found)
                .map(Some)
                .ok_or(())
        })
    }

    /// None of them: the credential says nothing but who it is.
    pub(crate) fn none(&self) -> Result<Vec<Option<ClaimValue>>, Denied> {
        self.each(|_| Ok(None))
    }

    /// Where texts are looked for.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|declared| declared.place.whole.as_str())
    }

    fn each(
        &self,
        find: impl Fn(&Declared) -> Result<Option<ClaimValue>, ()>,
    ) -> Result<Vec<Option<ClaimValue>>, Denied> {
        self.0
            .iter()
            .map(|declared| {
                let claim = &declared.claim;
                match find(declared) {
                    // Whoever has none of them is not told to have none.
                    Ok(None) if !claim.optional && claim.kind == ClaimKind::Texts => {
                        Ok(Some(ClaimValue::Texts(Vec::new())))
                    }
                    Ok(None) if !claim.optional && claim.kind == ClaimKind::Longs => {
                        Ok(Some(ClaimValue::Longs(Vec::new())))
                    }
                    Ok(None) if !claim.optional => Err(refused(claim, "is missing".to_owned())),
                    Ok(value) => Ok(value),
                    Err(()) => Err(refused(claim, format!("is no {}", named(claim.kind)))),
                }
            })
            .collect()
    }
}

fn refused(claim: &Claim, why: String) -> Denied {
    Denied::Refused(Reason::from(format!("the claim `{}` {why}", claim.name)))
}

fn named(kind: ClaimKind) -> &'static str {
    match kind {
        ClaimKind::Text => "`string`",
        ClaimKind::Long => "`long`",
        ClaimKind::Bool => "`bool`",
        ClaimKind::Texts => "`set<string>`",
        ClaimKind::Longs => "`set<long>`",
        ClaimKind::Datetime => "`datetime`",
        ClaimKind::Ip => "`ipaddr`",
        ClaimKind::Decimal => "`decimal`",
    }
}
