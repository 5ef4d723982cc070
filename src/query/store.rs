//! What a statement reads from the graph: properties as values, labels and types. The one place that knows how stored
//! values become values of the language.

use std::sync::Arc;

use super::context::Context;
use super::error::{Detail, ErrorType, QueryError};
use super::expr::{Key, LabelTest};
use super::functions::Fail;
use super::value::{Map, Value};
use crate::graph::{EdgeId, LabelId, NodeId, Property, PropertyRef};

/// Stands for a node or relationship that the statement has deleted.
pub(crate) const DELETED: u32 = u32::MAX;

#[cold]
fn deleted(what: &str) -> Fail {
    let message = format!("the {what} was deleted by this statement");
    Box::new(QueryError::runtime(ErrorType::EntityNotFound, Detail::DeletedEntityAccess, message))
}

/// The node, unless it was deleted.
pub(crate) fn node(n: NodeId) -> Result<NodeId, Fail> {
    if n.0 == DELETED { Err(deleted("node")) } else { Ok(n) }
}

/// The relationship, unless it was deleted.
pub(crate) fn edge(e: EdgeId) -> Result<EdgeId, Fail> {
    if e.0 == DELETED { Err(deleted("relationship")) } else { Ok(e) }
}

/// A stored value as a value of the language.
pub(crate) fn value(p: PropertyRef<'_>) -> Value {
    match p {
        PropertyRef::Null => Value::Null,
        PropertyRef::Bool(b) => Value::Bool(b),
        PropertyRef::Int(i) => Value::Int(i),
        PropertyRef::Float(f) => Value::Float(f),
        PropertyRef::String(s) => Value::string(s),
        PropertyRef::List(items) => Value::list(items.into_iter().map(value).collect()),
        PropertyRef::Map(entries) => {
            Value::map(entries.into_iter().map(|(k, v)| (Arc::from(k), value(v))).collect::<Map>())
        }
    }
}

/// A value as it is stored; none for what cannot be stored (maps, nodes, relationships, paths).
pub(crate) fn stored(v: &Value) -> Option<Property> {
    Some(match v {
        Value::Null => Property::Null,
        Value::Bool(b) => Property::Bool(*b),
        Value::Int(i) => Property::Int(*i),
        Value::Float(f) => Property::Float(*f),
        Value::String(s) => Property::String(s.clone()),
        Value::Date(d) => Property::String(d.to_string().into()),
        Value::Duration(d) => Property::String(d.to_string().into()),
        Value::List(items) => {
            let nested = |v: &Value| !matches!(v, Value::Map(_));
            Property::List(items.iter().map(|v| if nested(v) { stored(v) } else { None }).collect::<Option<_>>()?)
        }
        Value::Map(_) | Value::Node(_) | Value::Edge(_) | Value::Path(_) => return None,
    })
}

/// A property of a node; null where it has none.
pub(crate) fn node_property(n: NodeId, key: &Key, cx: &Context<'_>) -> Result<Value, Fail> {
    let n = node(n)?;
    if let Some(overlay) = &cx.overlay
        && let Some(changed) = overlay.borrow().nodes.get(&n.0)
    {
        return Ok(changed.get(&key.name).cloned().unwrap_or_default());
    }
    Ok(key.id.and_then(|k| cx.node_column(k)).map_or(Value::Null, |c| value(c.get(n.0))))
}

/// A property of a relationship; null where it has none.
pub(crate) fn edge_property(e: EdgeId, key: &Key, cx: &Context<'_>) -> Result<Value, Fail> {
    let e = edge(e)?;
    if let Some(overlay) = &cx.overlay
        && let Some(changed) = overlay.borrow().edges.get(&e.0)
    {
        return Ok(changed.get(&key.name).cloned().unwrap_or_default());
    }
    Ok(key.id.and_then(|k| cx.edge_column(k)).map_or(Value::Null, |c| value(c.get(e.0))))
}

/// All properties of a node, sorted by name.
pub(crate) fn node_properties(n: NodeId, cx: &Context<'_>) -> Result<Map, Fail> {
    let n = node(n)?;
    if let Some(overlay) = &cx.overlay
        && let Some(changed) = overlay.borrow().nodes.get(&n.0)
    {
        return Ok(changed.clone());
    }
    Ok(cx.graph.node_properties(n).map(|(k, v)| (Arc::from(cx.graph.key_name(k)), value(v))).collect())
}

/// All properties of a relationship, sorted by name.
pub(crate) fn edge_properties(e: EdgeId, cx: &Context<'_>) -> Result<Map, Fail> {
    let e = edge(e)?;
    if let Some(overlay) = &cx.overlay
        && let Some(changed) = overlay.borrow().edges.get(&e.0)
    {
        return Ok(changed.clone());
    }
    Ok(cx.graph.edge_properties(e).map(|(k, v)| (Arc::from(cx.graph.key_name(k)), value(v))).collect())
}

/// Whether the labels of a node pass a test.
#[inline]
pub(crate) fn node_passes(n: NodeId, test: &LabelTest, cx: &Context<'_>) -> Result<bool, Fail> {
    let n = node(n)?;
    let set = cx.graph.label_set(n);
    if let LabelTest::Has(l) = test {
        return Ok(cx.graph.label_set_labels(set).any(|x| x.0 == *l));
    }
    let has = |l: u32| cx.graph.label_set_labels(set).any(|x| x == LabelId(l));
    Ok(test.passes(&has, cx.graph.label_set_labels(set).next().is_some()))
}

/// Whether the type of a relationship passes a test.
pub(crate) fn edge_passes(e: EdgeId, test: &LabelTest, cx: &Context<'_>) -> Result<bool, Fail> {
    let relation = cx.graph.relation(edge(e)?);
    Ok(test.passes(&|t| t == relation.0, true))
}

/// A damaged graph, as an error of the statement.
fn damaged(e: crate::graph::GraphError) -> Fail {
    Box::new(QueryError::runtime(ErrorType::SemanticError, Detail::InvalidArgumentValue, e.to_string()))
}

/// The sentences that say a fact.
pub(crate) fn evidence(e: EdgeId, cx: &Context<'_>) -> Result<Vec<crate::model::Evidence>, Fail> {
    cx.graph.evidence(e).map_err(damaged)
}

/// The name of a document by its place among those of the graph.
pub(crate) fn document_name<'a>(document: u32, cx: &Context<'a>) -> Result<Option<&'a str>, Fail> {
    Ok(cx.graph.documents().map_err(damaged)?.get(document as usize).map(|d| d.name.as_str()))
}
