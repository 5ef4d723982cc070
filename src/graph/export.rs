//! A whole graph as JSON Lines (the form that APOC exports and Neo4j and Memgraph import, with the evidence beside it)
//! and as CSV with the headers of neo4j-admin. In a stable order: nodes as they are numbered, then relationships by
//! source, name of the relation and target.

use std::io::{self, Write};

use crate::model::{Edtf, Modality};

use super::corpus::FACT_KEYS;
use super::{Column, EdgeId, Graph, GraphError, KeyId, NodeId, PropertyRef, json, names};

/// An error of an export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The graph cannot be read.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// What is exported cannot be written.
    #[error("cannot write the export: {0}")]
    Write(#[from] io::Error),
}

/// The properties of all nodes (edges) row by row, in the order in which they are printed: some keys first, the others
/// by name. It takes time for the values that there are, not for every key at every row.
struct Rows<'g> {
    names: Vec<&'g str>,
    columns: Vec<Option<Column<'g>>>,
    /// Columns that have a value at every row, and those that come first.
    every: Vec<u32>,
    /// (row, column) of each value of the others, sorted.
    sparse: Vec<(u32, u32)>,
}

impl<'g> Rows<'g> {
    fn new(graph: &'g Graph, first: &[&'static str], column: impl Fn(KeyId) -> Option<Column<'g>>) -> Rows<'g> {
        let mut rows = Rows { names: Vec::new(), columns: Vec::new(), every: Vec::new(), sparse: Vec::new() };
        for &name in first {
            rows.every.push(rows.names.len() as u32);
            rows.names.push(name);
            rows.columns.push(graph.key_id(name).and_then(&column));
        }
        for key in graph.keys().filter(|&key| !first.contains(&graph.key_name(key))) {
            let Some(values) = column(key) else { continue };
            let at = rows.names.len() as u32;
            if values.is_dense() {
                rows.every.push(at);
            } else {
                rows.sparse.extend(values.iter().map(|(row, _)| (row, at)));
            }
            rows.names.push(graph.key_name(key));
            rows.columns.push(Some(values));
        }
        rows.sparse.sort_unstable();
        rows
    }

    /// Name and value of each property of a row; null where one of the first keys has none.
    fn row(&self, row: u32) -> impl Iterator<Item = (&'g str, PropertyRef<'g>)> + '_ {
        let start = self.sparse.partition_point(|&(at, _)| at < row);
        let own = self.sparse[start..].iter().take_while(move |(at, _)| *at == row).map(|(_, column)| *column);
        let mut of_row: Vec<u32> = self.every.iter().copied().chain(own).collect();
        of_row.sort_unstable();
        of_row.into_iter().map(move |column| {
            let value = self.columns[column as usize].map_or(PropertyRef::Null, |c| c.get(row));
            (self.names[column as usize], value)
        })
    }
}

/// The edges of a graph by source, name of the relation and target.
fn edges_by_name(graph: &Graph) -> impl Iterator<Item = EdgeId> + '_ {
    // Numbers go by name but for structural relations, which come last.
    let mut by_name: Vec<u32> = (0..graph.relations().len() as u32).collect();
    by_name.sort_by_key(|&r| graph.relation_name(super::RelId(r)));
    let mut rank = vec![0; by_name.len()];
    by_name.iter().enumerate().for_each(|(at, &r)| rank[r as usize] = at);
    let mut pending: Vec<EdgeId> = Vec::new();
    let mut edges = graph.edges().peekable();
    std::iter::from_fn(move || {
        if pending.is_empty() {
            let first = edges.next()?;
            pending.push(first);
            while let Some(edge) = edges.next_if(|&e| graph.source(e) == graph.source(first)) {
                pending.push(edge);
            }
            pending.sort_by_key(|&e| {
                let (_, relation, target) = graph.edge(e);
                (rank.get(relation.index()).copied(), target, e)
            });
            pending.reverse();
        }
        pending.pop()
    })
}

/// Writes a graph as JSON Lines. Importing them gives a graph whose export has the same bytes.
pub fn export_jsonl(graph: &Graph, out: &mut dyn Write) -> Result<(), ExportError> {
    let mut line = Vec::new();
    let rows = Rows::new(graph, &[names::NAME, names::ALIASES], |k| graph.node_column(k));
    for node in graph.nodes() {
        line.clear();
        line.extend_from_slice(b"{\"type\":\"node\",");
        end(graph, node, &mut line);
        line.extend_from_slice(b",\"properties\":{");
        let mut comma = false;
        for (name, value) in rows.row(node.0) {
            property(name, &value, false, &mut comma, &mut line);
        }
        line.extend_from_slice(b"}}\n");
        out.write_all(&line)?;
    }

    let rows = Rows::new(graph, &FACT_KEYS, |k| graph.edge_column(k));
    let basis = graph.key_id("basis");
    let documents = graph.documents()?;
    let mut last: Option<(NodeId, super::RelId, NodeId, u32)> = None;
    for edge in edges_by_name(graph) {
        let (from, relation, to) = graph.edge(edge);
        let ordinal = match last {
            Some((f, r, t, ordinal)) if (f, r, t) == (from, relation, to) => ordinal + 1,
            _ => 0,
        };
        last = Some((from, relation, to, ordinal));
        line.clear();
        line.extend_from_slice(b"{\"type\":\"relationship\",\"id\":\"");
        line.extend_from_slice(edge_id(graph, edge, ordinal).as_bytes());
        line.extend_from_slice(b"\",\"label\":");
        json::text(graph.relation_name(relation), &mut line);
        line.extend_from_slice(b",\"start\":{");
        end(graph, from, &mut line);
        line.extend_from_slice(b"},\"end\":{");
        end(graph, to, &mut line);
        line.extend_from_slice(b"},\"properties\":{");
        // What has a basis is a fact: it shows all that a fact may say, null where it does not say it.
        let fact = basis.is_some_and(|key| !graph.edge_property(edge, key).is_null());
        let mut comma = false;
        for (name, value) in rows.row(edge.0) {
            property(name, &value, fact && name != "documents", &mut comma, &mut line);
        }
        line.push(b'}');
        support(graph, edge, documents, &mut line)?;
        line.extend_from_slice(b"}\n");
        out.write_all(&line)?;
    }
    Ok(out.flush()?)
}

/// `"id":…,"labels":[…]`
fn end(graph: &Graph, node: NodeId, line: &mut Vec<u8>) {
    line.extend_from_slice(b"\"id\":");
    json::text(&graph.node_own_id(node), line);
    line.extend_from_slice(b",\"labels\":[");
    for (at, label) in graph.node_labels(node).enumerate() {
        if at > 0 {
            line.push(b',');
        }
        json::text(graph.label_name(label), line);
    }
    line.push(b']');
}

fn property(name: &str, value: &PropertyRef<'_>, even_null: bool, comma: &mut bool, line: &mut Vec<u8>) {
    if value.is_null() && !even_null {
        return;
    }
    if std::mem::replace(comma, true) {
        line.push(b',');
    }
    json::text(name, line);
    line.push(b':');
    json::value(value, line);
}

/// A hash of what a relationship joins, and its place among several of one kind between two nodes (FNV-1a, 64 bits):
/// no history in it.
fn edge_id(graph: &Graph, edge: EdgeId, ordinal: u32) -> String {
    let (from, relation, to) = graph.edge(edge);
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut add = |bytes: &[u8]| {
        for &byte in bytes.iter().chain(&[0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    add(graph.node_own_id(from).as_bytes());
    add(graph.relation_name(relation).as_bytes());
    add(graph.node_own_id(to).as_bytes());
    add(&ordinal.to_le_bytes());
    format!("{hash:016x}")
}

/// `,"derived_from":…,"evidence":[…]`, where there is any.
fn support(
    graph: &Graph,
    edge: EdgeId,
    documents: &[crate::model::DocumentMeta],
    line: &mut Vec<u8>,
) -> Result<(), ExportError> {
    if let Some(text) = graph.derived_from(edge)? {
        line.extend_from_slice(b",\"derived_from\":");
        json::text(&text, line);
    }
    let evidence = graph.evidence(edge)?;
    if evidence.is_empty() {
        return Ok(());
    }
    line.extend_from_slice(b",\"evidence\":[");
    for (at, e) in evidence.iter().enumerate() {
        line.extend_from_slice(if at > 0 { b",{\"document\":" } else { b"{\"document\":" });
        json::text(documents.get(e.document as usize).map_or("", |d| d.name.as_str()), line);
        line.extend_from_slice(format!(",\"start\":{},\"end\":{},\"sentence\":", e.span.start, e.span.end).as_bytes());
        json::text(&e.sentence, line);
        line.extend_from_slice(b",\"rule\":");
        json::text(&e.rule, line);
        let modality = (e.modality != Modality::Asserted).then(|| e.modality.word());
        let more = [
            ("modality", modality),
            ("since", e.since.as_ref().map(Edtf::as_str)),
            ("until", e.until.as_ref().map(Edtf::as_str)),
            ("date", e.date.as_ref().map(Edtf::as_str)),
            ("role", e.role.as_deref()),
        ];
        for (name, value) in more.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            line.extend_from_slice(b",\"");
            line.extend_from_slice(name.as_bytes());
            line.extend_from_slice(b"\":");
            json::text(value, line);
        }
        line.push(b'}');
    }
    line.push(b']');
    Ok(())
}

/// What a column of CSV holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cells {
    Bool,
    Int,
    Float,
    Text,
    Texts,
}

impl Cells {
    fn of(column: Column<'_>) -> Cells {
        let one = |value: &PropertyRef<'_>| match value {
            PropertyRef::Bool(_) => Cells::Bool,
            PropertyRef::Int(_) => Cells::Int,
            PropertyRef::Float(_) => Cells::Float,
            PropertyRef::List(items) if items.iter().all(|i| matches!(i, PropertyRef::String(_))) => Cells::Texts,
            _ => Cells::Text,
        };
        let mut all = column.iter().map(|(_, value)| one(&value));
        let first = all.next().unwrap_or(Cells::Text);
        if all.all(|kind| kind == first) { first } else { Cells::Text }
    }

    fn suffix(self) -> &'static str {
        match self {
            Cells::Bool => ":boolean",
            Cells::Int => ":long",
            Cells::Float => ":double",
            Cells::Text => "",
            Cells::Texts => ":string[]",
        }
    }
}

/// One cell: text as it is, lists of text with semicolons between, other lists and maps as JSON.
fn cell(value: &PropertyRef<'_>, kind: Cells) -> String {
    match value {
        PropertyRef::Null => String::new(),
        PropertyRef::String(s) => json::guarded(s),
        PropertyRef::Float(f) if !f.is_finite() => f.to_string(),
        PropertyRef::List(items) if kind == Cells::Texts => {
            let texts: Vec<String> = items
                .iter()
                .map(|i| if let PropertyRef::String(s) = i { json::guarded(s) } else { String::new() })
                .collect();
            texts.join(";")
        }
        value => {
            let mut out = Vec::new();
            json::value(value, &mut out);
            String::from_utf8(out).unwrap_or_default()
        }
    }
}

/// Name, values and kind of each column of a CSV file: some keys first, the others by name.
fn csv_columns<'g>(
    graph: &'g Graph,
    first: &[&'static str],
    column: impl Fn(KeyId) -> Option<Column<'g>>,
) -> Vec<(&'g str, Column<'g>, Cells)> {
    let ahead = first.iter().filter_map(|name| graph.key_id(name));
    let others = graph.keys().filter(|&key| !first.contains(&graph.key_name(key)));
    ahead
        .chain(others)
        .filter_map(|key| column(key).map(|values| (graph.key_name(key), values, Cells::of(values))))
        .collect()
}

/// Writes a graph as two CSV files with the headers of neo4j-admin, nodes and relationships. The form has no room for
/// evidence, for values of several types under one key (they become text) and for an empty text (it becomes nothing).
/// Text that a spreadsheet would take for a formula has an apostrophe before it, which an import takes off again; marks
/// that turn the direction of writing and control characters are left out.
pub fn export_csv(graph: &Graph, nodes: &mut dyn Write, edges: &mut dyn Write) -> Result<(), ExportError> {
    let text = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => ExportError::Write(error),
        other => ExportError::Write(io::Error::other(format!("{other:?}"))),
    };
    let columns = csv_columns(graph, &[names::NAME, names::ALIASES], |k| graph.node_column(k));
    let mut out = csv::Writer::from_writer(nodes);
    let head = columns.iter().map(|(name, _, kind)| format!("{name}{}", kind.suffix()));
    out.write_record([":ID".to_owned(), ":LABEL".to_owned()].into_iter().chain(head)).map_err(text)?;
    for node in graph.nodes() {
        let labels: Vec<&str> = graph.node_labels(node).map(|l| graph.label_name(l)).collect();
        let cells = columns.iter().map(|(_, column, kind)| cell(&column.get(node.0), *kind));
        let start = [json::visible(&graph.node_own_id(node)), json::visible(&labels.join(";"))];
        out.write_record(start.into_iter().chain(cells)).map_err(text)?;
    }
    out.flush()?;

    let columns = csv_columns(graph, &FACT_KEYS, |k| graph.edge_column(k));
    let mut out = csv::Writer::from_writer(edges);
    let head = columns.iter().map(|(name, _, kind)| format!("{name}{}", kind.suffix()));
    let start = [":START_ID", ":END_ID", ":TYPE"].map(str::to_owned);
    out.write_record(start.into_iter().chain(head)).map_err(text)?;
    for edge in edges_by_name(graph) {
        let (from, relation, to) = graph.edge(edge);
        let start = [
            json::visible(&graph.node_own_id(from)),
            json::visible(&graph.node_own_id(to)),
            json::visible(graph.relation_name(relation)),
        ];
        let cells = columns.iter().map(|(_, column, kind)| cell(&column.get(edge.0), *kind));
        out.write_record(start.into_iter().chain(cells)).map_err(text)?;
    }
    Ok(out.flush()?)
}
