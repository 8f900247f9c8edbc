//! Cedar: what an editor asks about policies, in files of their own or as values of a spec.
//!
//! A text of policies is looked at by its words alone, so that what is broken at the cursor hides
//! nothing. What the words mean comes from the spec that takes the text in ([`About`]).

mod about;
pub mod action;
pub mod complete;
pub mod fold;
pub mod hover;
mod members;
pub mod names;
mod scope;
pub mod select;
pub mod symbol;
mod text;
pub mod token;
mod words;

pub use about::About;
pub use text::CedarText;
