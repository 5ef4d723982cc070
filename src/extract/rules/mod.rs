//! The rule language: rule files (`grammar/<language>/*.rules`) to an engine that reads facts out of sentences.
//!
//! A file is parsed ([`parse`]) to an [`ast`], its words are interned and its patterns compiled, and the engine runs
//! the rules whose triggers stand in a sentence. What a language says stands in the files, never here.

pub mod ast;
mod check;
mod compile;
mod engine;
mod error;
mod lint;
mod parse;
pub mod schema;
pub mod seq;
mod set;
mod slots;
mod structure;
mod vocab;

pub use check::{TestReport, TestText, run_tests};
pub use engine::{Dated, End, Found, Miss, Outcome, Said};
pub use error::{RuleError, RuleErrors};
pub use lint::{Lint, LintKind, lint};
pub use parse::parse;
pub use set::{
    Context, CoreferRule, EventRule, LangRules, ListRule, MentionMatch, MentionRule, RuleSet, TableRule, settle,
};
pub use structure::{EventMatch, ListHead, Reference, TableHead, expand};
pub use vocab::{FormTag, Hits, Pred, Vocabulary};

#[cfg(test)]
mod engine_tests;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod guide_tests;
#[cfg(test)]
mod seq_tests;
#[cfg(test)]
mod speed_tests;
#[cfg(test)]
mod structure_tests;
#[cfg(test)]
mod whole_tests;
