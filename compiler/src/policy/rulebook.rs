//! Everything about the policies of a spec, worked out once.

use std::collections::BTreeMap;

use gatec_schema::Spec;
use gatec_syntax::{Sources, Span};

use super::entities::{Hierarchy, Mistake};
use super::fold::Scene;
use super::link::{self, Broken, Live};
use super::names::type_name;
use super::never::{Never, nevers};
use super::world::Action;
use super::{Policies, PolicyText, Slices, World, slices};
use crate::load::PolicySources;

/// Everything about the policies of a spec.
#[derive(Debug, Clone, Default)]
pub struct Rulebook {
    /// The texts.
    pub texts: Vec<PolicyText>,
    /// The policies in them.
    pub policies: Policies,
    /// What they can speak of.
    pub world: World,
    /// What is part of what.
    pub hierarchy: Hierarchy,
    /// What is wrong with the file of entities, and where it is told.
    pub entities_mistake: Option<(Mistake, Span)>,
    /// The policies that requests are put to.
    pub live: Vec<Live>,
    /// Templates (by number) that no link makes a policy of.
    pub unlinked: Vec<usize>,
    /// Links that make none.
    pub broken_links: Vec<(String, Broken)>,
    /// Stated rules.
    pub nevers: Vec<Never>,
    /// What is left of them for each route and identity.
    pub slices: Slices,
}

impl Rulebook {
    /// Works it out. Nothing can be so wrong that it fails: what is wrong is left out.
    pub fn of(spec: &Spec, read: PolicySources, sources: &Sources) -> Self {
        let (hierarchy, entities_mistake) = entities(&read, sources);
        let world = World::of(spec);
        let name = |text: &PolicyText| {
            let source = sources.get(text.span.source);
            let name = source.map(gatec_syntax::Source::name).unwrap_or_default();
            name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned()
        };
        let mut policies = Policies::read(&read.texts, name);
        let mut texts = read.texts;
        for (name, text) in read.conditions {
            let about = spec.never.get(&name);
            let kinds =
                about.map(|never| never.identity.iter().map(|one| type_name(one)).collect());
            let kinds: Vec<String> = kinds.unwrap_or_default();
            let known = |name: &&String| {
                let tags = |action: &Action| action.tags.contains(name);
                world.actions.contains_key(*name) || world.actions.values().any(tags)
            };
            let actions = about.map(|never| never.route.iter().filter(known).cloned().collect());
            let actions: Vec<String> = actions.unwrap_or_default();
            policies.condition(texts.len(), &text, &name, (&kinds, &actions));
            texts.push(text);
        }
        let (live, broken_links) = link::live(&policies, &spec.policies.links);
        let linked = |number: usize| live.iter().any(|live| live.policy == number);
        let templates = policies.list.iter().enumerate();
        let unlinked = templates
            .filter(|(number, policy)| policy.is_template() && !linked(*number))
            .map(|(number, _)| number)
            .collect();
        let mut slices = slices(&world, &hierarchy, &live);
        let nevers = nevers(
            spec,
            &world,
            &hierarchy,
            &policies.conditions,
            &mut slices.pool,
        );
        Self {
            unlinked,
            nevers,
            texts,
            policies,
            world,
            hierarchy,
            entities_mistake,
            live,
            broken_links,
            slices,
        }
    }

    /// Whether the spec has anything to do with policies.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.world.principals.is_empty()
    }

    /// The requests of one identity on one route.
    pub fn scene<'a>(&'a self, route: &'a str, identity: &str) -> Option<Scene<'a>> {
        Some(Scene {
            world: &self.world,
            hierarchy: &self.hierarchy,
            principal: self.world.principals.get(identity)?,
            route,
            action: self.world.actions.get(route)?,
        })
    }

    /// Where a live policy is written.
    pub fn span(&self, live: usize) -> Span {
        let policy = self.live.get(live);
        let policy = policy.and_then(|live| self.policies.list.get(live.policy));
        policy
            .map(|policy| policy.span(&self.texts))
            .unwrap_or_default()
    }

    /// The names of the live policies, by which decisions are told; what two have alike is told apart.
    pub fn names(&self) -> Vec<String> {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let named = self.live.iter().map(|live| {
            let times = seen.entry(&live.name).or_default();
            *times += 1;
            match *times {
                1 => live.name.clone(),
                times => format!("{} ({times})", live.name),
            }
        });
        named.collect()
    }
}

fn entities(read: &PolicySources, sources: &Sources) -> (Hierarchy, Option<(Mistake, Span)>) {
    let Some((source, named)) = read.entities else {
        return (Hierarchy::default(), None);
    };
    let text = sources
        .get(source)
        .map(gatec_syntax::Source::shared)
        .unwrap_or_default();
    match Hierarchy::read(&text) {
        Ok(hierarchy) => (hierarchy, None),
        Err(mistake) => {
            let at = match mistake.1 {
                Some(line) => line_span(&text, line, source),
                None => named,
            };
            (Hierarchy::default(), Some((mistake, at)))
        }
    }
}

fn line_span(text: &str, line: usize, source: gatec_syntax::SourceId) -> Span {
    let mut start = 0;
    for (number, content) in text.split_inclusive('\n').enumerate() {
        if number + 1 == line {
            let indent = content.len() - content.trim_start().len();
            return Span::new(source, start + indent, start + content.trim_end().len());
        }
        start += content.len();
    }
    Span::new(source, start, start)
}
