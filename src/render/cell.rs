//! A value as the text of one cell, and what is taken out of untrusted text.

use std::fmt::Write as _;

use crate::graph::{EdgeId, Graph, NodeId, PropertyRef};
use crate::query::value::{Path, Value};

/// Text without what a terminal or a reader could be misled by: control characters (escape sequences begin with one)
/// become spaces, marks that turn the direction of writing are dropped.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{feff}'))
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect()
}

/// A node as a reader knows it: its name; where it has none, its labels and properties.
pub(super) fn node_text(graph: &Graph, node: NodeId) -> String {
    let name = graph.node_name(node);
    if !name.is_empty() {
        return clean(name);
    }
    let mut out = String::from("(");
    for label in graph.node_labels(node) {
        let _ = write!(out, ":{}", clean(graph.label_name(label)));
    }
    let properties: Vec<String> = graph
        .node_properties(node)
        .map(|(key, value)| format!("{}: {}", clean(graph.key_name(key)), property_text(&value)))
        .collect();
    if !properties.is_empty() {
        if out.len() > 1 {
            out.push(' ');
        }
        let _ = write!(out, "{{{}}}", properties.join(", "));
    }
    out.push(')');
    out
}

fn property_text(value: &PropertyRef<'_>) -> String {
    match value {
        PropertyRef::Null => "null".to_owned(),
        PropertyRef::Bool(b) => b.to_string(),
        PropertyRef::Int(i) => i.to_string(),
        PropertyRef::Float(f) => float_text(*f),
        PropertyRef::String(s) => format!("'{}'", clean(s)),
        PropertyRef::List(items) => format!("[{}]", items.iter().map(property_text).collect::<Vec<_>>().join(", ")),
        PropertyRef::Map(items) => {
            format!(
                "{{{}}}",
                items.iter().map(|(k, v)| format!("{}: {}", clean(k), property_text(v))).collect::<Vec<_>>().join(", ")
            )
        }
    }
}

/// A float with a point, so that it is told from an integer.
pub(super) fn float_text(f: f64) -> String {
    if f.is_nan() {
        "NaN".to_owned()
    } else if f.is_infinite() {
        if f > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else if f == f.trunc() && f.abs() < 1e15 {
        format!("{f:.1}")
    } else {
        f.to_string()
    }
}

/// A path as a chain: `Luleå kommun ─PARTY_TO→ Aktiva skoltransporter ←PARTY_TO─ universitetet i Austin`. A relation
/// without direction has no arrow; one that is planned, ended or negated says so.
pub fn chain(path: &Path, graph: &Graph) -> String {
    let mut out = path.nodes.first().map(|&n| node_text(graph, n)).unwrap_or_default();
    for (i, &edge) in path.edges.iter().enumerate() {
        let (Some(&from), Some(&to)) = (path.nodes.get(i), path.nodes.get(i + 1)) else { break };
        let (source, relation, _) = graph.edge(edge);
        let name = clean(graph.relation_name(relation));
        let said = modality(graph, edge).filter(|m| *m != "asserted").map(|m| format!(" {m}")).unwrap_or_default();
        let next = node_text(graph, to);
        if graph.is_symmetric(relation) {
            let _ = write!(out, " ─{name}{said}─ {next}");
        } else if source == from {
            let _ = write!(out, " ─{name}{said}→ {next}");
        } else {
            let _ = write!(out, " ←{name}{said}─ {next}");
        }
    }
    out
}

/// The modality of a fact; none where the graph has no such property.
pub(super) fn modality(graph: &Graph, edge: EdgeId) -> Option<&str> {
    match graph.edge_property(edge, graph.key_id("modality")?) {
        PropertyRef::String(s) => Some(s),
        _ => None,
    }
}

/// A value as the text of a cell. Null is empty, text is bare, lists are joined by commas.
pub fn value_text(value: &Value, graph: &Graph) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Float(f) => float_text(*f),
        Value::String(s) => clean(s),
        Value::List(items) => items.iter().map(|v| value_text(v, graph)).collect::<Vec<_>>().join(", "),
        Value::Map(m) => {
            m.iter().map(|(k, v)| format!("{}: {}", clean(k), value_text(v, graph))).collect::<Vec<_>>().join(", ")
        }
        Value::Date(d) => d.to_string(),
        Value::Duration(d) => d.to_string(),
        Value::Node(n) => node_text(graph, *n),
        Value::Edge(e) => {
            let (from, relation, to) = graph.edge(*e);
            let arrow = if graph.is_symmetric(relation) { "─" } else { "→" };
            format!(
                "{} ─{}{arrow} {}",
                node_text(graph, from),
                clean(graph.relation_name(relation)),
                node_text(graph, to)
            )
        }
        Value::Path(p) => chain(p, graph),
    }
}
