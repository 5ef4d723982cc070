//! Document to observations: mentions, grouping, coreference and the rule engine. One document in, its reading out;
//! never sees another.

mod clause;
mod coref;
mod group;
mod local;
mod names;
mod page;
mod publisher;
mod read;
#[cfg(test)]
mod read_tests;
pub mod rules;
pub mod sentence;
mod structure;
mod words;

pub use read::read;
