//! Entities from a file: which roles are part of others, and who is in what whatever their credentials say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// An entity by type and id.
pub type Uid = (String, String);

/// What is part of what.
#[derive(Debug, Clone, Default)]
pub struct Hierarchy {
    parents: BTreeMap<Uid, BTreeSet<Uid>>,
}

/// The most entities that a file may have.
const MOST: usize = 100_000;

/// A mistake in a file of entities: what, and its line where that is known.
pub type Mistake = (String, Option<usize>);

impl Hierarchy {
    /// Reads Cedar's JSON form of entities.
    ///
    /// # Errors
    /// What is wrong, in the user's terms.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        let written: Value = serde_json::from_str(text)
            .map_err(|error| (format!("they are no JSON: {error}"), Some(error.line())))?;
        let list = written.as_array().ok_or_else(|| plain("expected a list"))?;
        if list.len() > MOST {
            return Err(plain(&format!("there are more than {MOST}")));
        }
        let mut hierarchy = Self::default();
        for (number, entity) in list.iter().enumerate() {
            let (uid, parents) = self::entity(entity)
                .map_err(|why| plain(&format!("number {} in the list: {why}", number + 1)))?;
            if hierarchy.parents.insert(uid.clone(), parents).is_some() {
                return Err(plain(&format!("`{}` is there twice", shown(&uid))));
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
            Some(uid) => Err(plain(&format!("`{}` is part of itself", shown(uid)))),
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

fn plain(why: &str) -> Mistake {
    (why.to_owned(), None)
}

fn shown((kind, id): &Uid) -> String {
    format!("{kind}::\"{id}\"")
}

/// One entity with its parents.
fn entity(written: &Value) -> Result<(Uid, BTreeSet<Uid>), String> {
    let object = written.as_object().ok_or("expected an object")?;
    let known = ["uid", "parents", "attrs", "tags"];
    if let Some(key) = object.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(format!(
            "`{key}` is no key; an entity has `uid` and `parents`"
        ));
    }
    let uid = uid(object.get("uid").ok_or("it has no `uid`")?)?;
    let given = ["attrs", "tags"]
        .into_iter()
        .filter_map(|key| object.get(key)?.as_object());
    if let Some(attribute) = given.flat_map(|given| given.keys()).next() {
        return Err(format!(
            "`{}` has the attribute `{attribute}`: what is known of a principal comes from its credentials, and \
             here only its `parents` can stand",
            shown(&uid)
        ));
    }
    let parents = object.get("parents").map(|parents| {
        let parents = parents.as_array().ok_or("`parents` is no list")?;
        parents.iter().map(self::uid).collect::<Result<_, String>>()
    });
    Ok((uid, parents.transpose()?.unwrap_or_default()))
}

/// `{"type": "Role", "id": "lead"}`, which may stand in `__entity`.
fn uid(written: &Value) -> Result<Uid, String> {
    let written = written.get("__entity").unwrap_or(written);
    let text = |key: &str| {
        let text = written.get(key).and_then(Value::as_str);
        let why = || format!("`{written}` has no `{key}`; expected `{{\"type\": …, \"id\": …}}`");
        text.map(str::to_owned).ok_or_else(why)
    };
    Ok((text("type")?, text("id")?))
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
