//! Policies: Cedar text becomes conditions that are decided as far as they can be before any request.
//!
//! [`text`] finds where each policy begins and ends, so that a mistake in one hides none in another, and
//! Cedar's own parser reads each. [`world`] is what policies can speak of, derived from the spec: a type
//! of principals for each identity, an action and a type of resources for each route. Cedar's validator
//! holds the policies against it. [`slice`] then puts in what is known of each route and identity, and
//! keeps what is left: the guard of the route.

pub mod entities;
pub mod fold;
pub mod layout;
pub mod link;
pub mod names;
pub mod never;
pub mod pool;
pub mod read;
pub mod rulebook;
pub mod schema;
pub mod slice;
pub mod solve;
pub mod text;
pub mod world;

pub use gated_engine::program::ClaimKind;

pub use read::{Parsed, Policies, Policy, Unread};
pub use rulebook::Rulebook;
pub use slice::{Slices, slices};
pub use text::PolicyText;
pub use world::World;
