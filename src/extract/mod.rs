//! Document to observations: mentions, grouping, coreference and the rule engine. One document in, its reading out;
//! never sees another.

mod clause;
mod group;
mod local;
mod names;
mod page;
pub mod rules;
pub mod sentence;
mod words;
