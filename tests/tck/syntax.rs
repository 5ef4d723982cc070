//! The kit against the front half of the language alone: what must parse does.

use std::collections::BTreeSet;

use samband::query::ast::{Body, Clause, With};
use samband::query::check::{AnyName, Environment, FunctionShape, Library, check};
use samband::query::parse::{parse, parse_query};

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

/// The functions that the kit calls outside its temporal part.
struct Functions;

const AGGREGATES: [&str; 8] = ["count", "sum", "avg", "min", "max", "collect", "percentilecont", "percentiledisc"];
const SCALARS: &[(&str, usize, usize)] = &[
    ("coalesce", 1, 99),
    ("exists", 1, 1),
    ("size", 1, 1),
    ("toboolean", 1, 1),
    ("tointeger", 1, 1),
    ("tofloat", 1, 1),
    ("tostring", 1, 1),
    ("labels", 1, 1),
    ("type", 1, 1),
    ("keys", 1, 1),
    ("properties", 1, 1),
    ("startnode", 1, 1),
    ("endnode", 1, 1),
    ("nodes", 1, 1),
    ("relationships", 1, 1),
    ("length", 1, 1),
    ("head", 1, 1),
    ("last", 1, 1),
    ("tail", 1, 1),
    ("range", 2, 3),
    ("reverse", 1, 1),
    ("abs", 1, 1),
    ("ceil", 1, 1),
    ("sign", 1, 1),
    ("sqrt", 1, 1),
    ("rand", 0, 0),
    ("tolower", 1, 1),
    ("substring", 2, 3),
    ("split", 2, 2),
    ("date", 0, 1),
    ("duration", 1, 1),
    ("id", 1, 1),
    ("time", 0, 1),
    ("localtime", 0, 1),
    ("datetime", 0, 1),
    ("localdatetime", 0, 1),
    ("toupper", 1, 1),
    ("trim", 1, 1),
];

impl Library for Functions {
    fn function(&self, name: &str) -> Option<FunctionShape> {
        let lower = name.to_ascii_lowercase();
        if AGGREGATES.contains(&lower.as_str()) {
            let max = if lower.starts_with("percentile") { 2 } else { 1 };
            return Some(FunctionShape { min: max, max, aggregate: true });
        }
        if lower.contains('.') {
            return Some(FunctionShape { min: 1, max: 3, aggregate: false });
        }
        let found = SCALARS.iter().find(|(name, ..)| *name == lower);
        found.map(|(_, min, max)| FunctionShape { min: *min, max: *max, aggregate: false })
    }

    fn names(&self) -> Vec<&'static str> {
        SCALARS.iter().map(|(name, ..)| *name).collect()
    }
}

/// What front half of the language says of a query: type, phase, detail.
fn verdict(query: &str, environment: &Environment<'_>) -> Result<(), samband::query::error::QueryError> {
    let statement = parse(query)?;
    check(&statement, environment).map(drop)
}

#[test]
fn compile_time_errors_have_type_and_detail() {
    let Some(folder) = features() else { return };
    let scenarios = read_folder(&folder).unwrap_or_else(|error| panic!("{error}"));
    let environment = Environment { schema: &AnyName, library: &Functions, parameters: None };
    let (mut right, mut total, mut passed, mut positive) = (0, 0, 0, 0);
    let mut failures = Vec::new();
    for scenario in &scenarios {
        let expected = expected_error(scenario);
        for step in &scenario.steps {
            let (Some(query), true) =
                (&step.doc, step.text.starts_with("executing query") || step.text.starts_with("having executed"))
            else {
                continue;
            };
            if query.contains("CALL ") || scenario.feature.contains("temporal") {
                continue;
            }
            let wanted =
                expected.as_ref().filter(|(_, phase, _)| phase == "compile time" && !step.text.starts_with("having"));
            let found = verdict(query, &environment);
            match (wanted, found) {
                (Some((kind, phase, detail)), Err(error)) => {
                    total += 1;
                    if *kind == error.error_type.word()
                        && *detail == error.detail.word()
                        && *phase == error.phase.to_string()
                    {
                        right += 1;
                    } else {
                        failures.push(format!(
                            "{}: wanted {kind} {detail}, found {} {}\n{}",
                            scenario.id(),
                            error.error_type,
                            error.detail,
                            error.render(query)
                        ));
                    }
                }
                (Some((kind, _, detail)), Ok(())) => {
                    total += 1;
                    failures.push(format!("{}: wanted {kind} {detail}, found nothing\n{query}", scenario.id()));
                }
                (None, Ok(())) => {
                    positive += 1;
                    passed += 1;
                }
                (None, Err(error)) => {
                    positive += 1;
                    let any_time = expected.as_ref().is_some_and(|(kind, phase, detail)| {
                        phase == "any time"
                            && kind == error.error_type.word()
                            && (detail == "*" || detail == error.detail.word())
                    });
                    if any_time {
                        passed += 1;
                    } else {
                        failures.push(format!(
                            "{}: wanted nothing, found {} {}\n{}",
                            scenario.id(),
                            error.error_type,
                            error.detail,
                            error.render(query)
                        ));
                    }
                }
            }
        }
    }
    println!("compile-time errors: {right} of {total} right; {passed} of {positive} others pass");
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n\n"));
}

/// A tree without its places and without the text of its columns.
fn shape(query: &samband::query::ast::Query) -> String {
    let mut query = query.clone();
    for clause in query.parts.iter_mut().flat_map(|part| &mut part.clauses) {
        if let Clause::Return(projection) | Clause::With(With { projection, .. }) = clause {
            projection.items.iter_mut().for_each(|item| item.text = "".into());
        }
    }
    let mut out = String::new();
    let text = format!("{query:?}");
    let mut rest = text.as_str();
    while let Some(at) = rest.find("Span { start: ") {
        out.push_str(&rest[..at]);
        rest = &rest[at + rest[at..].find('}').map_or(0, |end| end + 1)..];
    }
    out + rest
}

#[test]
fn a_printed_query_parses_to_itself() {
    let Some(folder) = features() else { return };
    let scenarios = read_folder(&folder).unwrap_or_else(|error| panic!("{error}"));
    let queries = scenarios.iter().filter(|s| !s.feature.contains("temporal"));
    let queries = queries.flat_map(|s| s.steps.iter().filter_map(|step| step.doc.as_deref()));
    for query in queries.collect::<BTreeSet<_>>() {
        let Ok(Body::Query(tree)) = parse(query).map(|statement| statement.body) else { continue };
        let printed = tree.to_string();
        let again = parse_query(&printed).unwrap_or_else(|error| panic!("{query}\n{}", error.render(&printed)));
        assert_eq!(shape(&again), shape(&tree), "{query}\n{printed}");
    }
}
