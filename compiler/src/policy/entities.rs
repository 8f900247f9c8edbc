//! Entities from a file: which roles are part of others, and who is in what whatever their credentials say.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// An entity by type and id.
pub type Uid = (String, String);

/// What is part of what.
#[derive(Debug, Clone, Default)]
pub struct Hierarchy {
    parents: BTreeMap<Uid, BTreeSet<Uid>>,
}

/// The most entities that a file may have.
const MOST: usize = 100_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    uid: WrittenUid,
    #[serde(default)]
    attrs: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    parents: Vec<WrittenUid>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenUid {
    Plain {
        #[serde(rename = "type")]
        kind: String,
        id: String,
    },
    Marked {
        __entity: MarkedUid,
    },
}

#[derive(Deserialize)]
struct MarkedUid {
    #[serde(rename = "type")]
    kind: String,
    id: String,
}

impl From<WrittenUid> for Uid {
    fn from(written: WrittenUid) -> Self {
        match written {
            WrittenUid::Plain { kind, id } => (kind, id),
            WrittenUid::Marked { __entity } => (__entity.kind, __entity.id),
        }
    }
}

/// A mistake in a file of entities: what, and its line where that is known.
pub type Mistake = (String, Option<usize>);

impl Hierarchy {
    /// Reads Cedar's JSON form of entities.
    ///
    /// # Errors
    /// What is wrong, in the user's terms.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        let written: Vec<Written> = serde_json::from_str(text).map_err(|error| {
            let line = (error.line() > 0).then_some(error.line());
            (error.to_string(), line)
        })?;
        if written.len() > MOST {
            return Err((format!("there are more than {MOST} entities"), None));
        }
        let mut hierarchy = Self::default();
        for entity in written {
            let uid = Uid::from(entity.uid);
            if let Some(attribute) = entity.attrs.keys().next() {
                let (kind, id) = &uid;
                let why = format!(
                    "`{kind}::\"{id}\"` has the attribute `{attribute}`: what is known of a principal comes \
                     from its credentials, and here only its `parents` can stand"
                );
                return Err((why, None));
            }
            let parents = entity.parents.into_iter().map(Uid::from).collect();
            if hierarchy.parents.insert(uid.clone(), parents).is_some() {
                return Err((format!("`{}::\"{}\"` is there twice", uid.0, uid.1), None));
            }
        }
        hierarchy.no_circle()?;
        Ok(hierarchy)
    }

    fn no_circle(&self) -> Result<(), Mistake> {
        match self
            .parents
            .keys()
            .find(|uid| self.above(uid).contains(uid))
        {
            None => Ok(()),
            Some((kind, id)) => Err((format!("`{kind}::\"{id}\"` is part of itself"), None)),
        }
    }

    /// Everything that an entity is part of, itself apart.
    pub fn above(&self, uid: &Uid) -> BTreeSet<Uid> {
        let mut above = BTreeSet::new();
        let mut open: Vec<&Uid> = vec![uid];
        while let Some(uid) = open.pop() {
            for parent in self.parents.get(uid).into_iter().flatten() {
                if above.insert(parent.clone()) {
                    open.push(parent);
                }
            }
        }
        above
    }

    /// The ids of a type that are part of an entity, by the file alone.
    pub fn below(&self, kind: &str, uid: &Uid) -> Vec<String> {
        self.parents
            .keys()
            .filter(|(other, _)| other == kind)
            .filter(|entity| self.above(entity).contains(uid))
            .map(|(_, id)| id.clone())
            .collect()
    }

    /// Whether one entity is another or part of it.
    pub fn is_in(&self, one: &Uid, other: &Uid) -> bool {
        one == other || self.above(one).contains(other)
    }

    /// Every type of entity there is.
    pub fn types(&self) -> BTreeSet<&str> {
        let parents = self.parents.values().flatten();
        self.parents
            .keys()
            .chain(parents)
            .map(|(kind, _)| kind.as_str())
            .collect()
    }

    /// The types of what entities of a type are part of.
    pub fn parents_of(&self, kind: &str) -> Vec<String> {
        let of = self.parents.iter().filter(|((own, _), _)| own == kind);
        let kinds: BTreeSet<&String> = of
            .flat_map(|(_, parents)| parents)
            .map(|(kind, _)| kind)
            .collect();
        kinds.into_iter().cloned().collect()
    }

    /// Each entity with what it is directly part of.
    pub fn entities(&self) -> impl Iterator<Item = (&Uid, &BTreeSet<Uid>)> {
        self.parents.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uid(kind: &str, id: &str) -> Uid {
        (kind.to_owned(), id.to_owned())
    }

    #[test]
    fn what_is_part_of_what() {
        let text = r#"[
            {"uid": {"type": "Staff", "id": "ann"}, "attrs": {}, "parents": [{"type": "Role", "id": "lead"}]},
            {"uid": {"__entity": {"type": "Role", "id": "lead"}}, "parents": [{"type": "Role", "id": "staff"}]}
        ]"#;
        let hierarchy = Hierarchy::read(text).unwrap();
        assert!(hierarchy.is_in(&uid("Staff", "ann"), &uid("Role", "staff")));
        assert_eq!(hierarchy.below("Staff", &uid("Role", "staff")), ["ann"]);
        assert_eq!(hierarchy.below("Role", &uid("Role", "staff")), ["lead"]);
        assert_eq!(hierarchy.parents_of("Staff"), ["Role"]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |text: &str| Hierarchy::read(text).unwrap_err().0;
        let circle =
            r#"[{"uid": {"type": "R", "id": "a"}, "parents": [{"type": "R", "id": "a"}]}]"#;
        assert_eq!(wrong(circle), "`R::\"a\"` is part of itself");
        assert!(
            wrong(r#"[{"uid": {"type": "R", "id": "a"}, "attrs": {"x": 1}}]"#)
                .contains("credentials")
        );
        assert_eq!(Hierarchy::read("[{").unwrap_err().1, Some(1));
    }
}
