//! Templates and the policies made from them.

use std::collections::HashMap;

use cedar_policy::pst::{self, SlotId};
use gatec_schema::{Link, Map};

use super::entities::Uid;
use super::read::{Policies, Policy};

/// A policy that requests are put to: one that was written, or one made from a template.
#[derive(Debug, Clone)]
pub struct Live {
    /// Its name.
    pub name: String,
    /// The number of the policy or template.
    pub policy: usize,
    /// The link it was made by.
    pub link: Option<String>,
    /// Its parts, without slots.
    pub tree: pst::Template,
}

/// What is wrong with a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// There is no template of this name.
    NoTemplate,
    /// It is a policy, and no template.
    NotATemplate,
    /// Its template has this slot, and it gives nothing for it.
    Missing(&'static str),
    /// It gives something for a slot that its template does not have.
    Needless(&'static str),
    /// What it gives is no entity.
    NoEntity(&'static str, String),
}

/// Every policy that requests are put to, and the links that make none.
pub fn live(policies: &Policies, links: &Map<Link>) -> (Vec<Live>, Vec<(String, Broken)>) {
    let written = policies.list.iter().enumerate();
    let mut live: Vec<Live> = written
        .filter(|(_, policy)| !policy.is_template())
        .map(|(number, policy)| Live {
            name: policy.name.clone(),
            policy: number,
            link: None,
            tree: policy.tree.clone(),
        })
        .collect();
    let mut broken = Vec::new();
    for (name, link) in links {
        match linked(policies, name, link) {
            Ok(made) => live.push(made),
            Err(why) => broken.push((name.clone(), why)),
        }
    }
    (live, broken)
}

fn linked(policies: &Policies, name: &str, link: &Link) -> Result<Live, Broken> {
    let mut named = policies.list.iter().enumerate();
    let found = named.find(|(_, policy)| policy.name == link.template);
    let (number, template) = found.ok_or(Broken::NoTemplate)?;
    if !template.is_template() {
        return Err(Broken::NotATemplate);
    }
    let mut values = HashMap::new();
    for (slot, word, given) in [
        (SlotId::Principal, "principal", &link.principal),
        (SlotId::Resource, "resource", &link.resource),
    ] {
        match (slots(template).contains(&slot), given) {
            (true, None) => return Err(Broken::Missing(word)),
            (false, Some(_)) => return Err(Broken::Needless(word)),
            (false, None) => {}
            (true, Some(text)) => {
                let uid = entity(text).ok_or_else(|| Broken::NoEntity(word, text.clone()))?;
                values.insert(slot, uid);
            }
        }
    }
    let made = template.tree.clone().link(&values);
    let made = made.map_err(|_| Broken::NoTemplate)?;
    Ok(Live {
        name: name.to_owned(),
        policy: number,
        link: Some(name.to_owned()),
        tree: made.body().clone(),
    })
}

fn slots(template: &Policy) -> std::collections::HashSet<SlotId> {
    template.tree.slots()
}

/// An entity as Cedar writes it: `Role::"admin"`.
pub fn entity(text: &str) -> Option<pst::EntityUID> {
    let uid: cedar_policy::EntityUid = text.parse().ok()?;
    let kind = uid.type_name();
    let namespace = kind.namespace_components();
    let name = pst::Name::qualified(namespace, kind.basename()).ok()?;
    let id: &str = uid.id().as_ref();
    Some(pst::EntityUID {
        ty: pst::EntityType::from_name(name),
        eid: id.into(),
    })
}

/// The same by type and id.
pub fn uid(text: &str) -> Option<Uid> {
    entity(text).map(|uid| super::fold::name(&uid))
}
