//! Graphviz drawings: one shape and colour a kind, the relation on each line, its sentence as tooltip.
//!
//! Planned facts are dashed, ended ones dotted and grey, negated ones red. Same drawing, same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::cell::{clean, modality, node_text};
use crate::graph::{Direction, EdgeId, Graph, NodeId};
use crate::query::answer::Answer;
use crate::query::value::Value;

/// What is to be drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing {
    /// The nodes.
    pub nodes: BTreeSet<NodeId>,
    /// The facts; their ends are drawn too.
    pub edges: BTreeSet<EdgeId>,
    /// Nodes that are drawn with a heavier line: the ends of chains.
    pub marked: BTreeSet<NodeId>,
    /// How far to the right a node on a chain stands: its place on the longest chain that it is on, the end last.
    pub ranks: BTreeMap<NodeId, usize>,
    /// The title of the drawing.
    pub title: Option<String>,
}

impl Drawing {
    /// All nodes, facts and paths of an answer; where it has no facts, those between its nodes.
    pub fn of_answer(answer: &Answer, graph: &Graph) -> Drawing {
        let mut drawing = Drawing { title: answer.understood.first().cloned(), ..Drawing::default() };
        for value in answer.rows.iter().flatten() {
            drawing.add(value);
        }
        if drawing.edges.is_empty() {
            let nodes = drawing.nodes.clone();
            for &node in &nodes {
                for (other, edge) in graph.neighbours(node, None, Direction::Out) {
                    if nodes.contains(&other) && modality(graph, edge) != Some("negated") {
                        drawing.edges.insert(edge);
                    }
                }
            }
        }
        drawing
    }

    /// A whole graph, documents left out.
    pub fn of_graph(graph: &Graph) -> Drawing {
        let document = graph.label_id("Document");
        let nodes = graph.nodes().filter(|&n| !document.is_some_and(|d| graph.has_label(n, d))).collect();
        let edges = graph.edges().filter(|&e| !graph.is_structural(graph.edge(e).1)).collect();
        Drawing { nodes, edges, ..Drawing::default() }
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::Node(n) => {
                self.nodes.insert(*n);
            }
            Value::Edge(e) => {
                self.edges.insert(*e);
            }
            Value::Path(p) => {
                self.nodes.extend(&p.nodes);
                self.edges.extend(&p.edges);
                self.marked.extend(p.nodes.first());
                self.marked.extend(p.nodes.last());
                for (at, &node) in p.nodes.iter().enumerate() {
                    let at = if at + 1 == p.nodes.len() { usize::MAX } else { at };
                    let rank = self.ranks.entry(node).or_default();
                    *rank = at.max(*rank);
                }
            }
            Value::List(items) => items.iter().for_each(|v| self.add(v)),
            Value::Map(m) => m.values().for_each(|v| self.add(v)),
            _ => {}
        }
    }
}

/// Shape, fill and line of a kind; colours that tell apart for the colour-blind too (after Okabe and Ito).
fn look(graph: &Graph, node: NodeId) -> (&'static str, &'static str, &'static str) {
    let has = |label: &str| graph.label_id(label).is_some_and(|l| graph.has_label(node, l));
    if has("Person") {
        ("ellipse", "#fdf3d1", "#b8860b")
    } else if has("Actor") {
        ("box", "#dcebf7", "#0072b2")
    } else if has("Region") {
        ("hexagon", "#dff2ea", "#009e73")
    } else if has("Agreement") {
        ("note", "#fbe3d6", "#d55e00")
    } else if has("Event") {
        ("octagon", "#f6e3ef", "#a8518a")
    } else if has("Document") {
        ("tab", "#f0f0f0", "#666666")
    } else {
        ("box", "#f4f4f4", "#555555")
    }
}

/// A double-quoted string of the DOT language: quotes and backslashes escaped, so that no escape sequence of
/// Graphviz's own (`\N`, `\G`) is left in text of a document.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in clean(text).chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // Labels are HTML-like in no place here, but SVG readers decode entities.
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A label broken into lines of some 22 characters.
fn broken(text: &str) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in clean(text).split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + word.chars().count() < 22 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let lines: Vec<String> = lines.iter().map(|l| quoted(l).trim_matches('"').to_owned()).collect();
    format!("\"{}\"", lines.join("\\n"))
}

/// The drawing in the DOT language.
pub fn draw(drawing: &Drawing, graph: &Graph) -> String {
    let mut out = String::from("digraph samband {\n");
    out.push_str("  graph [rankdir=LR, bgcolor=white, pad=0.3, nodesep=0.35, ranksep=0.9, splines=true, fontname=\"Helvetica\", fontsize=12, labelloc=t];\n");
    out.push_str("  node [style=filled, fontname=\"Helvetica\", fontsize=12, margin=\"0.16,0.09\", penwidth=1.2];\n");
    out.push_str(
        "  edge [fontname=\"Helvetica\", fontsize=9, color=\"#555555\", fontcolor=\"#444444\", arrowsize=0.7];\n",
    );
    if let Some(title) = &drawing.title {
        let _ = writeln!(out, "  label={};", quoted(title));
    }
    let mut nodes = drawing.nodes.clone();
    for &edge in &drawing.edges {
        let (from, _, to) = graph.edge(edge);
        nodes.insert(from);
        nodes.insert(to);
    }
    for &node in &nodes {
        let (shape, fill, line) = look(graph, node);
        let labels: Vec<&str> = graph.node_labels(node).map(|l| graph.label_name(l)).collect();
        let kind = labels.last().copied().unwrap_or("node");
        let heavy = if drawing.marked.contains(&node) { ", penwidth=2.6" } else { "" };
        let _ = writeln!(
            out,
            "  n{} [label={}, shape={shape}, fillcolor=\"{fill}\", color=\"{line}\"{heavy}, tooltip={}];",
            node.0,
            broken(&node_text(graph, node)),
            quoted(&format!("{} ({kind})", node_text(graph, node)))
        );
    }
    // Chains read from left to right: a fact whose arrow points back is drawn back to front.
    let ranks = &drawing.ranks;
    for &edge in &drawing.edges {
        let (from, relation, to) = graph.edge(edge);
        let evidence = graph.evidence(edge).unwrap_or_default();
        let sentence = evidence.first().map(|e| e.sentence.clone()).unwrap_or_else(|| "derived".to_owned());
        let style = match modality(graph, edge) {
            Some("planned") => ", style=dashed",
            Some("ended") => ", style=dotted, color=\"#999999\"",
            Some("negated") => ", style=dotted, color=\"#cc0000\", fontcolor=\"#cc0000\"",
            _ => "",
        };
        let said = modality(graph, edge).filter(|m| *m != "asserted").map(|m| format!("\\n({m})")).unwrap_or_default();
        let back = ranks.get(&from).zip(ranks.get(&to)).is_some_and(|(f, t)| f > t);
        let (tail, head) = if back { (to, from) } else { (from, to) };
        let direction = match (graph.is_symmetric(relation), back) {
            (true, _) => ", dir=none",
            (false, true) => ", dir=back",
            (false, false) => "",
        };
        let label = clean(graph.relation_name(relation)).to_lowercase().replace('_', " ");
        let label = format!("{}{said}\"", quoted(&label).trim_end_matches('"'));
        let _ = writeln!(
            out,
            "  n{} -> n{} [label={label}{direction}{style}, tooltip={}, labeltooltip={}];",
            tail.0,
            head.0,
            quoted(&sentence),
            quoted(&sentence)
        );
    }
    out.push_str("}\n");
    out
}
