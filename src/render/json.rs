//! JSON of answers: nodes, relationships and paths as exports write them, integers and floats apart.

use serde_json::{Map, Value as Json, json};

pub(crate) use crate::graph::harmless_json;
use crate::graph::{EdgeId, Graph, NodeId, PropertyRef};
use crate::query::answer::Answer;
use crate::query::value::Value;

/// Version of the `json` form: it grows when a reader of the old form would misread the new one.
pub const VERSION: u32 = 1;

fn property(value: &PropertyRef<'_>) -> Json {
    match value {
        PropertyRef::Null => Json::Null,
        PropertyRef::Bool(b) => Json::Bool(*b),
        PropertyRef::Int(i) => json!(i),
        PropertyRef::Float(f) => float(*f),
        PropertyRef::String(s) => json!(s),
        PropertyRef::List(items) => Json::Array(items.iter().map(property).collect()),
        PropertyRef::Map(items) => Json::Object(items.iter().map(|(k, v)| ((*k).to_owned(), property(v))).collect()),
    }
}

/// JSON has no NaN and no infinity: `{"$float":"NaN"}`.
fn float(f: f64) -> Json {
    if f.is_finite() { json!(f) } else { json!({ "$float": super::cell::float_text(f) }) }
}

fn labels(graph: &Graph, node: NodeId) -> Json {
    Json::Array(graph.node_labels(node).map(|l| json!(graph.label_name(l))).collect())
}

/// A node as exports write it.
pub fn node(graph: &Graph, node: NodeId) -> Json {
    let properties: Map<String, Json> =
        graph.node_properties(node).map(|(k, v)| (graph.key_name(k).to_owned(), property(&v))).collect();
    json!({"type": "node", "id": graph.node_own_id(node), "labels": labels(graph, node), "properties": properties})
}

/// A relationship as exports write it, without its evidence.
pub fn relationship(graph: &Graph, edge: EdgeId) -> Json {
    let (from, relation, to) = graph.edge(edge);
    let end = |n: NodeId| json!({"id": graph.node_own_id(n), "labels": labels(graph, n)});
    let properties: Map<String, Json> =
        graph.edge_properties(edge).map(|(k, v)| (graph.key_name(k).to_owned(), property(&v))).collect();
    json!({"type": "relationship", "id": edge.0.to_string(), "label": graph.relation_name(relation), "start": end(from), "end": end(to), "properties": properties})
}

/// A value.
pub fn value(v: &Value, graph: &Graph) -> Json {
    match v {
        Value::Null => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Int(i) => json!(i),
        Value::Float(f) => float(*f),
        Value::String(s) => json!(&**s),
        Value::List(items) => Json::Array(items.iter().map(|v| value(v, graph)).collect()),
        Value::Map(m) => Json::Object(m.iter().map(|(k, v)| (k.to_string(), value(v, graph))).collect()),
        Value::Date(d) => json!(d.to_string()),
        Value::Duration(d) => json!(d.to_string()),
        Value::Node(n) => node(graph, *n),
        Value::Edge(e) => relationship(graph, *e),
        Value::Path(p) => json!({
            "type": "path",
            "nodes": p.nodes.iter().map(|&n| node(graph, n)).collect::<Vec<_>>(),
            "relationships": p.edges.iter().map(|&e| relationship(graph, e)).collect::<Vec<_>>(),
        }),
    }
}

fn row(answer: &Answer, values: &[Value], graph: &Graph) -> Json {
    Json::Object(answer.columns.iter().zip(values).map(|(c, v)| (c.clone(), value(v, graph))).collect())
}

/// One object a row: column name to value, in the order of the columns.
pub(super) fn lines(answer: &Answer, graph: &Graph) -> String {
    let mut out = String::new();
    for values in &answer.rows {
        out.push_str(&harmless_json(row(answer, values, graph).to_string()));
        out.push('\n');
    }
    out
}

/// One document with version, columns, rows and remarks.
pub(super) fn document(answer: &Answer, graph: &Graph) -> String {
    let rows: Vec<Json> = answer.rows.iter().map(|r| row(answer, r, graph)).collect();
    let all = json!({
        "version": VERSION,
        "understood": answer.understood,
        "columns": answer.columns,
        "rows": rows,
        "warnings": answer.warnings.iter().map(|w| w.message.clone()).collect::<Vec<_>>(),
        "notes": answer.notes,
    });
    let mut out = harmless_json(serde_json::to_string_pretty(&all).unwrap_or_default());
    out.push('\n');
    out
}
