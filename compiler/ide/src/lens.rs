//! What can be run or counted at a line: a test, and the tests of a route.

use crate::names::{Name, Role};
use crate::view::View;
use crate::{Bytes, symbol};

/// Something to show over a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The name it is about.
    pub at: Bytes,
    /// What it does.
    pub act: Act,
}

/// What a lens does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Runs the test of this name.
    RunTest(String),
    /// Tells how many tests expect this route.
    Tests(String, usize),
}

/// Every lens of a text; `all` are the names of the whole workspace.
pub fn lenses<'n>(view: &View, all: impl Iterator<Item = &'n Name> + Clone) -> Vec<Lens> {
    let mut found = Vec::new();
    for symbol in symbol::symbols(view) {
        let act = match symbol.kind {
            symbol::Kind::Test => Act::RunTest(symbol.name.clone()),
            symbol::Kind::Route => {
                let uses = all.clone().filter(|name| {
                    name.role == Role::Use
                        && name.key.section == "routes"
                        && name.key.name == symbol.name
                });
                match uses.count() {
                    0 => continue,
                    count => Act::Tests(symbol.name.clone(), count),
                }
            }
            _ => continue,
        };
        found.push(Lens {
            at: symbol.at.clone(),
            act,
        });
    }
    found
}
