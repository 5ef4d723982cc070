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
pub mod tagger;
mod words;

pub use read::read;

/// Runs the sentences that each rule brings with it through the whole reading.
pub fn test_rules(set: &rules::RuleSet) -> Vec<rules::TestReport> {
    rules::run_tests(set, &|test| {
        let declared_language = Some(test.lang.word().to_owned());
        let publisher = test.publisher.map(str::to_owned);
        // The page names its publisher at its head, as pages do.
        let text = test
            .publisher
            .filter(|p| !test.text.contains(p))
            .map_or_else(|| test.text.to_owned(), |p| format!("{p}\n\n{}", test.text));
        let document = match crate::source::read_bytes("test.txt", text.as_bytes()) {
            Ok(document) => crate::source::Document { declared_language, publisher, ..document },
            // A test without a letter reads nothing.
            Err(_) => crate::source::Document {
                name: "test.txt".to_owned(),
                hash: 0,
                original: String::new(),
                title: None,
                date: None,
                publisher,
                declared_language,
                blocks: Vec::new(),
            },
        };
        read(&document, set)
    })
}
