//! Functions of the domain, so that every question can be written as a pattern: chains between two ends, containment of
//! regions, when a fact held, what a role means.

use std::sync::Arc;

use super::{Fail, Function, wrong_type};
use crate::graph::{Graph, NodeId};
use crate::model::{Edtf, Modality, Relation};
use crate::query::context::Context;
use crate::query::error::{Detail, ErrorType, QueryError};
use crate::query::facts::{Held, fact_text, held, inside};
use crate::query::question::Vocabulary;
use crate::query::value::{Map, Value};
use crate::query::{link, names, store};
use crate::text::fold;

pub(super) fn call(function: Function, arguments: &[Value], cx: &Context<'_>) -> Result<Value, Fail> {
    use Function::*;
    let name = function.name();
    let graph = cx.graph;
    match (function, arguments) {
        (Entity, [Value::String(s)]) => Ok(Value::Node(names::resolve_one(graph, s, None)?)),
        (Entity, [Value::String(s), Value::String(label)]) => {
            Ok(Value::Node(names::resolve_one(graph, s, Some(label))?))
        }
        (Entity, _) => Err(wrong_type(
            name,
            "a name, and a label where the name alone is not enough",
            arguments.first().unwrap_or(&Value::Null),
        )),
        (Links | Chains, [Value::Node(a), Value::Node(b), rest @ ..]) => {
            let options = options(name, rest, cx)?;
            let (a, b) = (store::node(*a)?, store::node(*b)?);
            let (found, cut) = if function == Links {
                let found = link::links(graph, a, b, &options);
                (found.links, found.cut)
            } else {
                link::chains(graph, a, b, &options)
            };
            if cut {
                cx.note(
                    "the search for chains was cut after a great many facts; ask within fewer steps, or via a relation",
                );
            }
            let maps = found.into_iter().map(|l| {
                let entries = [
                    ("entity", Value::Node(l.entity)),
                    ("chain", Value::Path(Arc::new(l.chain))),
                    ("documents", Value::Int(l.documents as i64)),
                    ("modality", Value::string(l.modality.word())),
                ];
                Value::map(entries.into_iter().map(|(k, v)| (Arc::from(k), v)).collect::<Map>())
            });
            Ok(Value::list(maps.collect()))
        }
        (Links | Chains, _) => {
            let other = arguments.iter().take(2).find(|a| !matches!(a, Value::Node(_))).unwrap_or(&Value::Null);
            let wanted = "two nodes, the most facts in a chain, and a map of options";
            let error = *wrong_type(name, wanted, other);
            Err(Box::new(
                error.help(format!("a name becomes a node with entity(): {name}(entity('A'), entity('B'), 4)")),
            ))
        }
        (Inside, [Value::Node(x), Value::Node(region)]) => {
            Ok(Value::Bool(inside(graph, store::node(*x)?, store::node(*region)?)))
        }
        (IsMunicipality, [Value::Node(x)]) => Ok(Value::Bool(is_municipality(graph, store::node(*x)?))),
        (Inside | IsMunicipality, _) => Err(wrong_type(name, "nodes", arguments.first().unwrap_or(&Value::Null))),
        (HeldSince | HeldBefore | HeldDuring, [Value::Edge(e), Value::String(date)]) => {
            let date: Edtf = date.parse().map_err(|e: crate::model::EdtfError| {
                Box::new(QueryError::runtime(ErrorType::ArgumentError, Detail::InvalidArgumentValue, e.to_string()))
            })?;
            let edge = store::edge(*e)?;
            let way = match function {
                HeldSince => Held::Since,
                HeldBefore => Held::Before,
                _ => Held::During,
            };
            Ok(held(graph, edge, way, &date).map_or(Value::Null, Value::Bool))
        }
        (HasRole, [Value::Edge(e), Value::String(sense)]) => {
            let edge = store::edge(*e)?;
            Ok(Value::Bool(fact_text(graph, edge, "role").is_some_and(|role| means_role(&role, sense))))
        }
        _ => Err(wrong_type(name, "a relationship and a text", arguments.first().unwrap_or(&Value::Null))),
    }
}

/// The options of a chain search: the most facts, then a map.
fn options(function: &str, rest: &[Value], cx: &Context<'_>) -> Result<link::Options, Fail> {
    let mut options = link::Options::default();
    let bad = |message: String| -> Fail {
        Box::new(QueryError::runtime(ErrorType::ArgumentError, Detail::InvalidArgumentValue, message))
    };
    match rest.first() {
        Some(Value::Int(n)) if (1..=LONGEST).contains(n) => options.longest = *n as usize,
        Some(Value::Int(n)) => {
            return Err(bad(format!("{function}() searches chains of 1 to {LONGEST} facts, not of {n}")));
        }
        Some(other) => return Err(wrong_type(function, "the most facts in a chain as its third argument", other)),
        None => {}
    }
    let map = match rest.get(1) {
        None => return Ok(options),
        Some(Value::Map(m)) => m,
        Some(other) => return Err(wrong_type(function, "a map of options as its fourth argument", other)),
    };
    let texts = |v: &Value| -> Option<Vec<String>> {
        match v {
            Value::String(s) => Some(vec![s.to_string()]),
            Value::List(items) => {
                items.iter().map(|v| if let Value::String(s) = v { Some(s.to_string()) } else { None }).collect()
            }
            _ => None,
        }
    };
    for (key, value) in map.iter() {
        let wrong = || bad(format!("the option `{key}` of {function}() has a value that it cannot have"));
        match &**key {
            "wanted" => options.wanted = texts(value).ok_or_else(wrong)?,
            "via" => options.via = texts(value).ok_or_else(wrong)?,
            "modalities" => {
                options.modalities = texts(value)
                    .ok_or_else(wrong)?
                    .iter()
                    .map(|m| Modality::from_word(m).ok_or_else(wrong))
                    .collect::<Result<_, _>>()?;
            }
            "without" => {
                let Value::List(items) = value else { return Err(wrong()) };
                for item in items.iter() {
                    let Value::Node(n) = item else { return Err(wrong()) };
                    options.without.push(store::node(*n)?);
                }
            }
            "persons" | "regions" => {
                let Value::Bool(b) = value else { return Err(wrong()) };
                if &**key == "persons" { options.persons = *b } else { options.regions = *b }
            }
            "from" => {
                let names = texts(value).ok_or_else(wrong)?;
                let documents = cx.graph.documents().unwrap_or_default();
                for name in names {
                    let at = documents
                        .iter()
                        .position(|d| d.name == name)
                        .ok_or_else(|| bad(format!("the graph holds no document called `{name}`")))?;
                    options.documents.push(at as u32);
                }
            }
            "in" => {
                let Value::Node(n) = value else { return Err(wrong()) };
                options.region = Some(store::node(*n)?);
            }
            "since" | "before" | "during" => {
                let Value::String(date) = value else { return Err(wrong()) };
                let date: Edtf = date.parse().map_err(|_| wrong())?;
                match &**key {
                    "since" => options.since = Some(date),
                    "before" => options.before = Some(date),
                    _ => options.during = Some(date),
                }
            }
            "documents" => {
                let Value::Int(n) = value else { return Err(wrong()) };
                options.least_documents = usize::try_from(*n).map_err(|_| wrong())?;
            }
            other => {
                return Err(bad(format!(
                    "{function}() has no option `{other}`; options are wanted, via, without, modalities, persons, regions, from, in, since, before, during, documents"
                )));
            }
        }
    }
    // What is asked for, and what a relation cannot do without, may stand inside.
    let asks = |labels: &[&str]| options.wanted.iter().any(|w| labels.contains(&w.as_str()));
    options.persons |= asks(&["Person", "Actor"]) && !asks(&["Organisation"])
        || options.via.iter().any(|r| r == Relation::WorksFor.word());
    options.regions |= asks(&["Region", "Country", "Province", "Municipality", "City", "District", "Area"])
        || options
            .via
            .iter()
            .any(|r| [Relation::LocatedIn, Relation::Covers, Relation::PartOf].iter().any(|x| x.word() == r));
    Ok(options)
}

/// Chains longer than this are no answer to anybody.
const LONGEST: i64 = 12;

/// A municipality as a region, or a body whose name says that it is one.
fn is_municipality(graph: &Graph, x: NodeId) -> bool {
    let has = |label: &str| graph.label_id(label).is_some_and(|l| graph.has_label(x, l));
    has("Municipality") || (has("PublicBody") && names::is_municipal_name(graph.node_name(x)))
}

/// Whether a role, as a document writes it, has a sense of the vocabularies (`leads`, `chairs`).
fn means_role(role: &str, sense: &str) -> bool {
    let role = fold(role);
    let words: Vec<&str> = role.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    Vocabulary::builtin().iter().flat_map(|v| v.role(sense)).any(|known| {
        let known = fold(known);
        let parts: Vec<&str> = known.split_whitespace().collect();
        // The word itself, a compound that ends in it (`kommundirektör`), or the phrase.
        match parts.as_slice() {
            [one] => words.iter().any(|w| w == one || (one.chars().count() > 3 && w.ends_with(one))),
            many => words.windows(many.len()).any(|w| w == many),
        }
    })
}
