//! Document to observations: mentions, grouping, coreference and the rule engine. One document in, its reading out;
//! never sees another.

pub mod rules;
pub mod sentence;
