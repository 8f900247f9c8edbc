//! A checked spec becomes the program that a bundle holds.
//!
//! Lowering trusts its input: everything that can be wrong was found by the checks. It only brings
//! what was written into the one form the engine reads: paths and hosts normalised, names in lower
//! case, templates compiled, and each text that stands several times kept once.

mod action;
mod bodies;
mod body_condition;
mod compression;
pub mod content_type;
mod encode;
mod encoder;
pub mod file;
pub mod folder;
mod guards;
mod identities;
mod kept;
pub(crate) mod limits;
mod matching;
mod proxies;
mod regex_prefix;
pub(crate) mod sessions;
mod settings;
mod store;
mod table;
pub mod templates;
mod transform;

pub use action::claims;
pub use bodies::Bodies;
pub(crate) use identities::claim_kind;
pub use matching::{Patterns, captures, numbers};
pub(crate) use regex_prefix::{literal_segments, never_a_path};
pub use sessions::fields as session_fields;

use std::path::Path;

use gatec_schema::Spec;
use gated_engine::matcher;
use gated_engine::program::Program;

use crate::Places;
use crate::policy::Rulebook;

/// What lowering works on.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The checked spec.
    pub spec: &'a Spec,
    /// The folder that its relative paths begin at.
    pub root: &'a Path,
    /// The policies.
    pub rulebook: &'a Rulebook,
    /// Where things were written; only asked whether they were.
    pub places: &'a Places<'a>,
    /// Variables of the environment.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// Whether what is known is encoded now. What is not served needs no such work.
    pub encode: bool,
}

/// A program with the bytes its bodies lie in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lowered {
    /// The program.
    pub program: Program,
    /// The section of bodies.
    pub bodies: Vec<u8>,
}

/// Lowers a spec that has no errors.
pub fn lower(inputs: Inputs<'_>) -> Lowered {
    let spec = inputs.spec;
    let patterns = Patterns::of(spec, inputs.root);
    let guards = guards::guards(spec, inputs.rulebook);
    let mut actions = action::Actions::new(inputs);
    let mut routes = actions.routes();
    let limits = limits::Limits::of(spec, inputs.environment);
    for route in &mut routes {
        route.guard = guards.of_route(&route.name);
        route.limits = limits.of_route(&route.name);
        let around = sessions::Around {
            guard: route
                .guard
                .and_then(|number| guards.guards.get(number as usize)),
            terms: &guards.terms,
            set: route
                .limits
                .and_then(|number| limits.sets.get(number as usize)),
            limits: &limits.limits,
        };
        route.session = actions.session(&route.name, &around);
    }
    let mut error_pages = actions.error_pages();
    let action::Made {
        mut folders,
        mut bodies,
        compressions,
        proxies,
        gateway_compression,
    } = actions.finish();
    if inputs.encode {
        let known = encode::Known {
            compressions: &compressions,
            gateway: gateway_compression,
            routes: &mut routes,
            error_pages: &mut error_pages,
            folders: &mut folders,
        };
        known.encode(&mut bodies);
    }
    let mut program = Program {
        settings: settings::settings(spec, inputs.places, gateway_compression),
        listeners: settings::listeners(spec),
        store: store::store(spec),
        limits: limits.limits,
        limit_sets: limits.sets,
        sessions: sessions::sessions(spec),
        upstreams: settings::upstreams(spec),
        routes,
        proxies,
        matcher: matcher::build(patterns.patterns),
        patterns: patterns.regexes,
        schemas: patterns.schemas,
        error_pages,
        compressions,
        folders,
        identities: identities::identities(spec),
        guards: guards.guards,
        policies: guards.policies,
        terms: guards.terms,
        decision_log: guards.log,
        secrets: Vec::new(),
    };
    program.secrets = templates::secrets(&program);
    Lowered {
        program,
        bodies: bodies.into_bytes(),
    }
}
