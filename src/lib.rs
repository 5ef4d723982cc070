//! `samband` (Swedish: connection, relationship) reads documents into a graph of actors, regions, agreements and
//! events, and answers questions about how they are linked.

pub mod extract;
pub mod graph;
pub mod lexicon;
pub mod model;
pub mod pipeline;
pub mod query;
pub mod render;
pub mod resolve;
pub mod source;
pub mod text;

#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod shell;
