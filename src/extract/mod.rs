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

/// Runs the sentences that each rule brings with it through the whole reading.
pub fn test_rules(set: &rules::RuleSet) -> Vec<rules::TestReport> {
    rules::run_tests(set, &|test| {
        // A test without a letter reads nothing.
        let document = test.document().unwrap_or_else(|_| crate::source::Document {
            name: "test.txt".to_owned(),
            hash: 0,
            original: String::new(),
            title: None,
            date: None,
            publisher: None,
            declared_language: Some(test.lang.word().to_owned()),
            blocks: Vec::new(),
        });
        read(&document, set)
    })
}
