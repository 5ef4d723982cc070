//! The kit against the front half of the language alone: what must parse does.

use samband::query::parse::parse;

use super::gherkin::{Scenario, features, read_folder};

/// The details that only the parser can find.
const LEXICAL: [&str; 7] = [
    "UnexpectedSyntax",
    "InvalidNumberLiteral",
    "IntegerOverflow",
    "FloatingPointOverflow",
    "InvalidUnicodeLiteral",
    "InvalidUnicodeCharacter",
    "InvalidRelationshipPattern",
];

/// The error that a scenario expects: type, phase, detail.
pub(crate) fn expected_error(scenario: &Scenario) -> Option<(String, String, String)> {
    scenario.steps.iter().find_map(|step| {
        let (kind, rest) = step.text.split_once(" should be raised at ")?;
        let (phase, detail) = rest.split_once(": ")?;
        let kind = kind.trim_start_matches("an ").trim_start_matches("a ");
        Some((kind.to_owned(), phase.to_owned(), detail.to_owned()))
    })
}

#[test]
fn every_query_of_the_kit_parses() {
    let Some(folder) = features() else { return };
    let scenarios = read_folder(&folder).unwrap_or_else(|error| panic!("{error}"));
    let (mut parsed, mut total, mut failures) = (0, 0, Vec::new());
    for scenario in &scenarios {
        let lexical = expected_error(scenario).is_some_and(|(_, _, detail)| LEXICAL.contains(&detail.as_str()));
        for step in scenario.steps.iter().filter(|step| step.doc.is_some()) {
            let Some(query) = &step.doc else { continue };
            if lexical && step.text.starts_with("executing query") {
                continue;
            }
            total += 1;
            match parse(query) {
                Ok(_) => parsed += 1,
                Err(error) => failures.push(format!("{}\n{}", scenario.id(), error.render(query))),
            }
        }
    }
    println!("{parsed} of {total} queries parse");
    assert!(failures.is_empty(), "{parsed} of {total} parse\n{}", failures.join("\n\n"));
}
