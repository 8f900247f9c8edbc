//! A checked spec becomes the program that a bundle holds.
//!
//! Lowering trusts its input: everything that can be wrong was found by the checks. It only brings
//! what was written into the one form the engine reads: paths and hosts normalised, names in lower
//! case, templates compiled, and each text that stands several times kept once.

mod action;
mod bodies;
mod body_condition;
pub mod content_type;
pub mod file;
pub mod folder;
mod matching;
mod regex_prefix;
mod settings;
mod table;
pub mod templates;
mod transform;

pub use bodies::Bodies;
pub use matching::{Patterns, captures, numbers};
pub(crate) use regex_prefix::{literal_segments, never_a_path};

use std::path::Path;

use gatec_schema::Spec;
use gated_engine::matcher;
use gated_engine::program::Program;

use crate::Places;

/// What lowering works on.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The checked spec.
    pub spec: &'a Spec,
    /// The folder that its relative paths begin at.
    pub root: &'a Path,
    /// Where things were written; only asked whether they were.
    pub places: &'a Places<'a>,
    /// Variables of the environment.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
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
    let mut actions = action::Actions::new(inputs);
    let routes = actions.routes();
    let error_pages = actions.error_pages();
    let (folders, bodies) = actions.finish();
    let mut program = Program {
        settings: settings::settings(spec, inputs.places),
        listeners: settings::listeners(spec),
        upstreams: settings::upstreams(spec),
        routes,
        matcher: matcher::build(patterns.patterns),
        patterns: patterns.regexes,
        schemas: patterns.schemas,
        error_pages,
        folders,
        secrets: Vec::new(),
    };
    program.secrets = templates::secrets(&program);
    Lowered { program, bodies }
}
