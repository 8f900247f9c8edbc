//! What can be run or counted at a line: a test, and the tests and policies of a route.

use std::collections::BTreeSet;

use gatec_compiler::Compiled;
use gatec_compiler::policy::Rulebook;
use gatec_compiler::policy::slice::{Left, Slice};
use gatec_syntax::Span;

use crate::names::{Form, Name, Role};
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
    /// Shows the policies that apply to a route.
    Policies(Applied),
}

/// The policies that apply to a route.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// How many permit.
    pub permits: usize,
    /// How many forbid.
    pub forbids: usize,
    /// Where each is written, each once, in the order written.
    pub at: Vec<Span>,
}

impl Applied {
    /// In words.
    pub fn shown(&self) -> String {
        let all = self.permits + self.forbids;
        let word = if all == 1 { "policy" } else { "policies" };
        let many = |count: usize, verb: &str| match count {
            0 => None,
            1 => Some(format!("1 {verb}s")),
            count => Some(format!("{count} {verb}")),
        };
        let parts = [many(self.permits, "permit"), many(self.forbids, "forbid")];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        match all {
            0 => "no policies".to_owned(),
            _ => format!("{all} {word}: {}", parts.join(", ")),
        }
    }
}

/// The policies that apply to each route that is not public.
pub fn policies(view: &View, compiled: &Compiled) -> Vec<Lens> {
    let slices = &compiled.rulebook.slices.routes;
    let routes = symbol::symbols(view)
        .into_iter()
        .filter(|symbol| symbol.kind == symbol::Kind::Route);
    let lenses = routes.filter_map(|symbol| {
        let arms = slices.get(&symbol.name)?;
        Some(Lens {
            at: symbol.at,
            act: Act::Policies(applied(&compiled.rulebook, arms)),
        })
    });
    lenses.collect()
}

fn applied(rulebook: &Rulebook, arms: &[(String, Slice)]) -> Applied {
    let numbers = |list: fn(&Slice) -> &Vec<Left>| -> BTreeSet<usize> {
        let left = arms.iter().flat_map(|(_, slice)| list(slice));
        left.map(|left| left.policy).collect()
    };
    let permits = numbers(|slice| &slice.permits);
    let forbids = numbers(|slice| &slice.forbids);
    let at: BTreeSet<Span> = permits
        .union(&forbids)
        .map(|number| rulebook.span(*number))
        .collect();
    Applied {
        permits: permits.len(),
        forbids: forbids.len(),
        at: at.into_iter().collect(),
    }
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
                        && name.form == Form::Spec
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
