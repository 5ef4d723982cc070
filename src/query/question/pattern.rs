//! A reading with its names resolved, written as a pattern: the text that `explain` shows and that is run.

use std::fmt::Write as _;

use super::reading::{Reading, Suffixes};
use super::vocabulary::{Meaning, Noun};
use crate::model::Relation;

/// The names of a reading as expressions of the language: `entity('Luleå')`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Expressions {
    pub(super) a: String,
    pub(super) b: String,
    pub(super) except: Option<String>,
    pub(super) region: Option<String>,
    /// The name of a document, as a literal.
    pub(super) document: Option<String>,
}

/// A text as a literal of the language.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// The modalities that a question means: asserted and planned unless its suffixes say otherwise.
pub(super) fn modalities(s: &Suffixes) -> Vec<&'static str> {
    let mut out = match (s.planned, s.ended) {
        (false, false) => vec!["asserted", "planned"],
        (true, false) => vec!["planned"],
        (false, true) => vec!["ended"],
        (true, true) => vec!["planned", "ended"],
    };
    if s.including_ended && !out.contains(&"ended") {
        out.push("ended");
    }
    if s.including_negated {
        out.push("negated");
    }
    out
}

fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|w| literal(w)).collect();
    format!("[{}]", quoted.join(", "))
}

/// Conditions on the entity that is asked for.
fn noun_conditions(noun: Option<&Noun>, var: &str, out: &mut Vec<String>) -> String {
    match noun {
        Some(Noun::Labels(labels)) => format!("{var}:{}", labels.join("|")),
        Some(Noun::Municipality) => {
            out.push(format!("isMunicipality({var})"));
            var.to_owned()
        }
        Some(Noun::Anyone | Noun::Anything) | None => var.to_owned(),
    }
}

/// Conditions that the suffixes put on a fact, and on the entity asked for.
fn suffix_conditions(s: &Suffixes, e: &Expressions, fact: &str, entity: Option<&str>, out: &mut Vec<String>) {
    out.push(format!("{fact}.modality IN {}", list(&modalities(s))));
    dated_conditions(s, fact, out);
    if let Some(document) = &e.document {
        out.push(format!("{document} IN documents({fact})"));
    }
    if let Some(n) = s.documents {
        out.push(format!("{fact}.documents >= {n}"));
    }
    if let (Some(region), Some(entity)) = (&e.region, entity) {
        out.push(format!("inside({entity}, {region})"));
    }
    if let (Some(except), Some(entity)) = (&e.except, entity) {
        out.push(format!("{entity} <> {except}"));
    }
}

/// Whether the suffixes say anything of facts.
fn narrows(s: &Suffixes, e: &Expressions) -> bool {
    s.planned
        || s.ended
        || s.including_ended
        || s.including_negated
        || s.documents.is_some()
        || s.since.is_some()
        || s.before.is_some()
        || s.during.is_some()
        || e.document.is_some()
}

/// Conditions on the dates of a fact.
pub(super) fn dated_conditions(s: &Suffixes, fact: &str, out: &mut Vec<String>) {
    for (function, date) in [("heldSince", &s.since), ("heldBefore", &s.before), ("heldDuring", &s.during)] {
        if let Some(date) = date {
            out.push(format!("{function}({fact}, {})", literal(date)));
        }
    }
}

/// Labels that one end of a relation admits, where these are few enough to say: what `who` stands for.
fn end_labels(relation: Relation, start: bool) -> &'static str {
    use Relation::*;
    match (relation, start) {
        (WorksFor, true) => ":Person",
        (WorksFor | Founded | Owns, false) => ":Organisation",
        (PartyTo, false) | (Covers, true) => ":Agreement",
        (TakesPartIn | Organises, false) => ":Event",
        (LocatedIn | Covers, false) => ":Region",
        _ => "",
    }
}

/// The pattern behind a reading.
pub(super) fn pattern(reading: &Reading, e: &Expressions) -> String {
    let s = &reading.suffixes;
    let mut out = match &reading.meaning {
        Meaning::Relation { relation: Some(relation), start, role } => {
            relation_pattern(reading, e, *relation, *start, role.as_deref())
        }
        Meaning::Relation { relation: None, start, .. } => {
            let (arrow, target) = if *start { ("x", "a") } else { ("a", "x") };
            let mut conditions = vec![format!("a = {}", e.a)];
            let x = match &reading.noun {
                None if *start => "x:Document".to_owned(),
                noun => noun_conditions(noun.as_ref(), "x", &mut conditions),
            };
            let node = |v: &str| if v == "x" { format!("({x})") } else { format!("({v})") };
            let found =
                format!("MATCH {}-[:MENTIONS]->{} WHERE {}", node(arrow), node(target), conditions.join(" AND "));
            ending(reading, found, "x AS entity", "x.name")
        }
        Meaning::Link => {
            let wanted = wanted(reading.noun.as_ref());
            let columns = if reading.count {
                "count(DISTINCT link.entity) AS count"
            } else {
                "link.entity AS entity, link.chain AS chain, link.documents AS documents, link.modality AS modality"
            };
            format!(
                "UNWIND links({}, {}, {}{}) AS link\nRETURN {columns}",
                e.a,
                e.b,
                s.steps.unwrap_or(4),
                options(reading, e, wanted)
            )
        }
        Meaning::Chains => format!(
            "UNWIND chains({}, {}, {}{}) AS link\nRETURN link.chain AS chain, link.documents AS documents, link.modality AS modality",
            e.a,
            e.b,
            s.steps.unwrap_or(4),
            options(reading, e, None)
        ),
        Meaning::WhyLink | Meaning::WhyNotLink => format!(
            "UNWIND chains({}, {}, {}{}) AS link\nUNWIND relationships(link.chain) AS r\nUNWIND evidence(r) AS e\nRETURN DISTINCT startNode(r) AS from, type(r) AS relation, endNode(r) AS to, e.sentence AS sentence, e.document AS document",
            e.a,
            e.b,
            s.steps.unwrap_or(4),
            options(reading, e, None)
        ),
        Meaning::Why(relation) => {
            let mut conditions = vec![format!("a = {}", e.a), format!("b = {}", e.b)];
            if narrows(s, e) {
                suffix_conditions(s, e, "r", None, &mut conditions);
            }
            let arrow = if relation.symmetric() { "-" } else { "->" };
            format!(
                "MATCH (a)-[r:{relation}]{arrow}(b) WHERE {}\nUNWIND evidence(r) AS e\nRETURN e.sentence AS sentence, e.document AS document, e.modality AS modality, e.rule AS rule",
                conditions.join(" AND ")
            )
        }
        Meaning::Fact(relation) => {
            let mut conditions = vec![format!("a = {}", e.a), format!("b = {}", e.b)];
            suffix_conditions(s, e, "r", None, &mut conditions);
            let arrow = if relation.symmetric() { "-" } else { "->" };
            format!(
                "MATCH (a)-[r:{relation}]{arrow}(b) WHERE {}\nRETURN a AS from, type(r) AS relation, b AS to, r.role AS role, r.modality AS modality, r.since AS since, r.until AS until, r.date AS date, r.documents AS documents",
                conditions.join(" AND ")
            )
        }
        Meaning::When => {
            let mut conditions = vec![format!("a = {}", e.a)];
            suffix_conditions(s, e, "r", None, &mut conditions);
            conditions.push("(r.date IS NOT NULL OR r.since IS NOT NULL OR r.until IS NOT NULL)".to_owned());
            format!(
                "MATCH (a)-[r]-(other) WHERE {}\nRETURN startNode(r) AS from, type(r) AS relation, endNode(r) AS to, r.modality AS modality, r.since AS since, r.until AS until, r.date AS date, r.documents AS documents ORDER BY coalesce(r.date, r.since, r.until), relation, other.name",
                conditions.join(" AND ")
            )
        }
        Meaning::Share => {
            let mut conditions = vec![format!("a = {}", e.a), format!("b = {}", e.b)];
            let x = noun_conditions(reading.noun.as_ref(), "x", &mut conditions);
            suffix_conditions(s, e, "r", Some("x"), &mut conditions);
            conditions.push(format!("q.modality IN {}", list(&modalities(s))));
            let found = format!("MATCH (a)-[r]-({x})-[q]-(b) WHERE {}", conditions.join(" AND "));
            ending(
                reading,
                found,
                "DISTINCT x AS entity, type(r) AS first, type(q) AS second",
                "entity.name, first, second",
            )
        }
        Meaning::Card => format!(
            "MATCH (a) WHERE a = {}\nOPTIONAL MATCH (a)-[r]-(other) WHERE {}\nRETURN a AS entity, type(r) AS relation, startNode(r) = a AS outgoing, other, r.role AS role, r.modality AS modality, r.since AS since, r.date AS date, r.documents AS documents\nORDER BY relation, documents DESC, other.name",
            e.a,
            {
                let mut conditions = Vec::new();
                suffix_conditions(s, e, "r", Some("other"), &mut conditions);
                conditions.join(" AND ")
            }
        ),
        Meaning::Show => {
            let steps = s.steps.unwrap_or(1).max(1);
            let reach = if steps == 1 { "r".to_owned() } else { format!("*1..{steps}") };
            let mut conditions = vec![format!("a = {}", e.a)];
            let mut about = Vec::new();
            suffix_conditions(s, e, "r", None, &mut about);
            let about = about.join(" AND ");
            conditions.push(if steps == 1 { about } else { format!("all(r IN relationships(p) WHERE {about})") });
            if let Some(region) = &e.region {
                conditions.push(format!("inside(x, {region})"));
            }
            if let Some(except) = &e.except {
                conditions.push(format!("none(n IN nodes(p) WHERE n = {except})"));
            }
            format!(
                "MATCH p = (a)-[{reach}]-(x) WHERE {}\nRETURN p AS chain ORDER BY length(p), x.name",
                conditions.join(" AND ")
            )
        }
        Meaning::Without => {
            let mut conditions = Vec::new();
            let x = noun_conditions(reading.noun.as_ref(), "x", &mut conditions);
            let relation = reading.relation.map_or_else(String::new, |r| format!(":{r}"));
            let mut about = Vec::new();
            suffix_conditions(s, e, "r", None, &mut about);
            conditions.push(format!("NOT EXISTS {{ MATCH (x)-[r{relation}]-() WHERE {} }}", about.join(" AND ")));
            if let Some(region) = &e.region {
                conditions.push(format!("inside(x, {region})"));
            }
            ending(reading, format!("MATCH ({x}) WHERE {}", conditions.join(" AND ")), "x AS entity", "x.name")
        }
        Meaning::Top => {
            let mut conditions = Vec::new();
            let x = noun_conditions(reading.noun.as_ref(), "x", &mut conditions);
            suffix_conditions(s, e, "r", Some("x"), &mut conditions);
            let relation = reading.relation.map_or_else(String::new, |r| format!(":{r}"));
            format!(
                "MATCH ({x})-[r{relation}]-() WHERE {}\nRETURN x AS entity, count(DISTINCT r) AS facts ORDER BY facts DESC, entity.name LIMIT {}",
                conditions.join(" AND "),
                reading.number.unwrap_or(10)
            )
        }
        Meaning::List => {
            let mut conditions = Vec::new();
            let x = noun_conditions(reading.noun.as_ref(), "x", &mut conditions);
            if narrows(s, e) {
                let mut about = Vec::new();
                suffix_conditions(s, e, "r", None, &mut about);
                conditions.push(format!("EXISTS {{ MATCH (x)-[r]-() WHERE {} }}", about.join(" AND ")));
            }
            if let Some(region) = &e.region {
                conditions.push(format!("inside(x, {region})"));
            }
            let filter =
                if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
            ending(reading, format!("MATCH ({x}){filter}"), "x AS entity", "x.name")
        }
    };
    if let (Some(limit), false) = (s.limit, matches!(reading.meaning, Meaning::Top)) {
        let _ = write!(out, " LIMIT {limit}");
    }
    out
}

/// `which T R A` and `which T does A R`, counted and negated too.
fn relation_pattern(reading: &Reading, e: &Expressions, relation: Relation, start: bool, role: Option<&str>) -> String {
    let s = &reading.suffixes;
    let mut about_x = Vec::new();
    let plain = noun_conditions(reading.noun.as_ref(), "x", &mut about_x);
    let x = if plain == "x" && about_x.is_empty() { format!("x{}", end_labels(relation, start)) } else { plain };
    let mut about_fact = Vec::new();
    // What takes place in a region takes place in what lies inside it.
    let spread = relation == Relation::LocatedIn && start;
    about_fact.push(if spread { format!("inside(a, {})", e.a) } else { format!("a = {}", e.a) });
    suffix_conditions(s, e, "r", None, &mut about_fact);
    if let Some(sense) = role {
        about_fact.push(format!("hasRole(r, {})", literal(sense)));
    }
    if let Some(region) = &e.region {
        about_x.push(format!("inside(x, {region})"));
    }
    if let Some(except) = &e.except {
        about_x.push(format!("x <> {except}"));
    }
    let a = if spread { "a:Region" } else { "a" };
    let shape = |x: &str| match (relation.symmetric(), start) {
        (true, _) => format!("({x})-[r:{relation}]-({a})"),
        (false, true) => format!("({x})-[r:{relation}]->({a})"),
        (false, false) => format!("({a})-[r:{relation}]->({x})"),
    };
    if reading.negated {
        about_x.push(format!("NOT EXISTS {{ MATCH {} WHERE {} }}", shape("x"), about_fact.join(" AND ")));
        return ending(reading, format!("MATCH ({x}) WHERE {}", about_x.join(" AND ")), "x AS entity", "x.name");
    }
    about_fact.extend(about_x);
    let found = format!("MATCH {} WHERE {}", shape(&x), about_fact.join(" AND "));
    let mut columns = "x AS entity".to_owned();
    if relation == Relation::WorksFor {
        columns.push_str(", r.role AS role");
    }
    if spread {
        columns.push_str(", a AS place");
    }
    columns.push_str(
        ", r.modality AS modality, r.since AS since, r.until AS until, r.date AS date, r.documents AS documents",
    );
    ending(reading, found, &columns, "documents DESC, entity.name")
}

/// The RETURN of a question: its rows in order, or their number.
fn ending(reading: &Reading, found: String, columns: &str, order: &str) -> String {
    if reading.count {
        format!("{found}\nRETURN count(DISTINCT x) AS count")
    } else {
        format!("{found}\nRETURN {columns} ORDER BY {order}")
    }
}

/// The labels that a link question asks for; `None` for what `partners` means.
fn wanted(noun: Option<&Noun>) -> Option<Vec<String>> {
    match noun {
        Some(Noun::Labels(labels)) if labels.len() == 3 && labels.contains(&"Organisation".to_owned()) => None,
        Some(Noun::Labels(labels)) => Some(labels.clone()),
        Some(Noun::Municipality) => Some(vec!["Municipality".to_owned(), "PublicBody".to_owned()]),
        Some(Noun::Anyone) => Some(vec!["Organisation".to_owned()]),
        Some(Noun::Anything) | None => None,
    }
}

/// The options of `links` and `chains` as a map literal with a comma before it; nothing where all are as usual.
fn options(reading: &Reading, e: &Expressions, wanted: Option<Vec<String>>) -> String {
    let s = &reading.suffixes;
    let mut fields = Vec::new();
    if let Some(labels) = wanted {
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        fields.push(format!("wanted: {}", list(&labels)));
    }
    if !s.via.is_empty() {
        let via: Vec<&str> = s.via.iter().map(|r| r.word()).collect();
        fields.push(format!("via: {}", list(&via)));
    }
    if let Some(except) = &e.except {
        fields.push(format!("without: [{except}]"));
    }
    let means = modalities(s);
    if means != ["asserted", "planned"] {
        fields.push(format!("modalities: {}", list(&means)));
    }
    if let Some(document) = &e.document {
        fields.push(format!("from: {document}"));
    }
    for (field, date) in [("since", &s.since), ("before", &s.before), ("during", &s.during)] {
        if let Some(date) = date {
            fields.push(format!("{field}: {}", literal(date)));
        }
    }
    if let Some(region) = &e.region {
        fields.push(format!("in: {region}"));
    }
    if let Some(n) = s.documents {
        fields.push(format!("documents: {n}"));
    }
    if fields.is_empty() { String::new() } else { format!(", {{{}}}", fields.join(", ")) }
}
