//! Functions on nodes, relationships and paths, and on what a graph of documents knows of them.

use std::sync::Arc;

use super::{Fail, Function, wrong_type};
use crate::graph::{Direction, EdgeId};
use crate::model::Modality;
use crate::query::context::Context;
use crate::query::store;
use crate::query::value::{Map, Value};

pub(super) fn call(function: Function, arguments: &[Value], cx: &Context<'_>) -> Result<Value, Fail> {
    use Function::*;
    let first = arguments.first().unwrap_or(&Value::Null);
    let name = function.name();
    Ok(match (function, first) {
        (Id, Value::Node(n)) => Value::Int(store::node(*n)?.0.into()),
        (Id, Value::Edge(e)) => Value::Int(store::edge(*e)?.0.into()),
        (ElementId, Value::Node(n)) => Value::string(cx.graph.node_own_id(store::node(*n)?).into_owned()),
        (ElementId, Value::Edge(e)) => Value::string(store::edge(*e)?.0.to_string()),
        (Id | ElementId, other) => return Err(wrong_type(name, "a node or a relationship", other)),
        (Labels, Value::Node(n)) => {
            let labels = cx.graph.node_labels(store::node(*n)?);
            Value::list(labels.map(|l| Value::string(cx.graph.label_name(l))).collect())
        }
        (Labels | Degree, other) if !matches!(other, Value::Node(_)) => {
            return Err(wrong_type(name, "a node", other));
        }
        (Degree, Value::Node(n)) => Value::Int(cx.graph.degree(store::node(*n)?, None, Direction::Both) as i64),
        // A deleted relationship still has its type: openCypher lets a statement ask for it. Its number is gone.
        (TypeOf, Value::Edge(e)) => {
            let (_, relation, _) = cx.graph.edge(store::edge(*e)?);
            Value::string(cx.graph.relation_name(relation))
        }
        (StartNode, Value::Edge(e)) => Value::Node(cx.graph.source(store::edge(*e)?)),
        (EndNode, Value::Edge(e)) => Value::Node(cx.graph.target(store::edge(*e)?)),
        (TypeOf | StartNode | EndNode, other) => return Err(wrong_type(name, "a relationship", other)),
        (Keys | Properties, of) => {
            let m = match of {
                Value::Node(n) => Arc::new(store::node_properties(*n, cx)?),
                Value::Edge(e) => Arc::new(store::edge_properties(*e, cx)?),
                Value::Map(m) => m.clone(),
                other => return Err(wrong_type(name, "a node, a relationship or a map", other)),
            };
            if function == Properties {
                Value::Map(m)
            } else {
                Value::list(m.keys().map(|k| Value::String(k.clone())).collect())
            }
        }
        (Length, Value::Path(p)) => Value::Int(p.edges.len() as i64),
        (Nodes, Value::Path(p)) => Value::list(p.nodes.iter().map(|n| Value::Node(*n)).collect()),
        (Relationships | Rels, Value::Path(p)) => Value::list(p.edges.iter().map(|e| Value::Edge(*e)).collect()),
        (Length | Nodes | Relationships | Rels, other) => return Err(wrong_type(name, "a path", other)),
        (Evidence, Value::Edge(e)) => evidence(store::edge(*e)?, cx)?,
        (Evidence, other) => return Err(wrong_type(name, "a relationship", other)),
        (Documents, of) => documents(&edges(name, of)?, cx)?,
        (Weakest, of) => weakest(&edges(name, of)?, cx),
        (_, other) => return Err(wrong_type(name, "a name", other)),
    })
}

/// The relationships of a value: one, a list of them, or those of a path.
fn edges(function: &str, of: &Value) -> Result<Vec<EdgeId>, Fail> {
    match of {
        Value::Edge(e) => Ok(vec![store::edge(*e)?]),
        Value::Path(p) => Ok(p.edges.clone()),
        Value::List(items) => items
            .iter()
            .map(|v| match v {
                Value::Edge(e) => store::edge(*e),
                other => Err(wrong_type(function, "a list of relationships", other)),
            })
            .collect(),
        other => Err(wrong_type(function, "a relationship or a path", other)),
    }
}

fn evidence(e: EdgeId, cx: &Context<'_>) -> Result<Value, Fail> {
    let text = |t: Option<&str>| t.map_or(Value::Null, Value::string);
    let mut items = Vec::new();
    for ev in store::evidence(e, cx)? {
        let entries: [(&str, Value); 10] = [
            ("document", text(store::document_name(ev.document, cx)?)),
            ("start", Value::Int(ev.span.start.into())),
            ("end", Value::Int(ev.span.end.into())),
            ("sentence", Value::string(ev.sentence.as_str())),
            ("rule", Value::string(ev.rule.as_str())),
            ("modality", Value::string(ev.modality.word())),
            ("since", text(ev.since.as_ref().map(|d| d.as_str()))),
            ("until", text(ev.until.as_ref().map(|d| d.as_str()))),
            ("date", text(ev.date.as_ref().map(|d| d.as_str()))),
            ("role", text(ev.role.as_deref())),
        ];
        items.push(Value::map(entries.into_iter().map(|(k, v)| (Arc::from(k), v)).collect::<Map>()));
    }
    Ok(Value::list(items))
}

/// The distinct documents behind relationships, in the order in which the graph holds them.
fn documents(edges: &[EdgeId], cx: &Context<'_>) -> Result<Value, Fail> {
    let mut found = std::collections::BTreeSet::new();
    for e in edges {
        found.extend(store::evidence(*e, cx)?.into_iter().map(|ev| ev.document));
    }
    let mut names = Vec::with_capacity(found.len());
    for d in found {
        names.extend(store::document_name(d, cx)?.map(Value::string));
    }
    Ok(Value::list(names))
}

/// The weakest modality of relationships; null where there are none or none has a modality.
fn weakest(edges: &[EdgeId], cx: &Context<'_>) -> Value {
    let column = cx.graph.key_id("modality").and_then(|k| cx.edge_column(k));
    let all = edges.iter().filter_map(|e| Modality::from_word(column?.text(e.0)?));
    all.max().map_or(Value::Null, |m| Value::string(m.word()))
}
