//! The rule language: rule files (`grammar/<language>/*.rules`) to an engine that reads facts out of sentences.
//!
//! A file is parsed ([`parse`]) to an [`ast`], its words are interned and its patterns compiled, and the engine runs
//! the rules whose triggers stand in a sentence. What a language says stands in the files, never here.

pub mod ast;
mod engine;
mod error;
mod parse;
pub mod schema;
pub mod seq;
mod set;
mod slots;
mod vocab;

pub use engine::{Dated, End, Found, Miss, Outcome, Said};
pub use error::{RuleError, RuleErrors};
pub use parse::parse;
pub use set::{
    Context, CoreferRule, EventRule, LangRules, ListRule, MentionMatch, MentionRule, RuleSet, TableRule, settle,
};
pub use vocab::{FormTag, Hits, Pred, Vocabulary};

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod seq_tests;
