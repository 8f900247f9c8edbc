//! Text to bundle. A library: it prints nothing, never ends the process, and knows no network.
//!
//! Text becomes a document (`gatec-syntax`), a document becomes a typed spec ([`load`], [`shape`]),
//! a spec is checked ([`check`]), lowered to a program ([`lower`]) and written as a bundle ([`emit`]).

pub mod check;
pub mod compile;
pub mod convert;
pub mod emit;
pub mod front;
pub mod guarantees;
pub mod ignore;
pub mod load;
pub mod lower;
pub mod place;
pub mod policy;
pub mod rules;
pub mod served;
pub mod shape;
pub mod template;

pub use compile::{Compiled, check, compile, draft};
pub use front::Front;
pub use place::Places;
pub use served::ServedFolder;
