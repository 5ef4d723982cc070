//! From a name as a user writes it to the entity meant: `entity('…')`, `~`, and the names in questions.

use super::error::{Candidate, Detail, ErrorType, QueryError};
use super::context::Context;
use super::functions::Fail;
use super::value::Value;
use crate::graph::{Direction, Graph, NodeId};
use crate::model::fold;

/// How a name was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// As written.
    Exact,
    /// But for case and diacritics.
    Folded,
}

/// What a name may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The tier that answered.
    pub tier: Tier,
    /// The nodes, ascending.
    pub nodes: Vec<NodeId>,
}

/// The nodes that a name may mean, by the first tier with a hit among those that pass the filter.
pub fn resolve(graph: &Graph, name: &str, filter: &dyn Fn(NodeId) -> bool) -> Option<Resolution> {
    let tiers = [(Tier::Exact, exact(graph, name)), (Tier::Folded, folded(graph, name))];
    tiers.into_iter().find_map(|(tier, mut nodes)| {
        nodes.retain(|n| filter(*n));
        (!nodes.is_empty()).then_some(Resolution { tier, nodes })
    })
}

/// The nodes that have the name or alias as written, ascending.
pub(crate) fn exact(graph: &Graph, name: &str) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = graph.names().exact(name).map(|h| h.node).collect();
    nodes.dedup();
    nodes
}

/// The nodes that have the name or alias but for case and diacritics, ascending.
pub(crate) fn folded(graph: &Graph, name: &str) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = graph.names().folded(&fold(name)).map(|h| h.node).collect();
    nodes.dedup();
    nodes
}

/// The one node that a name means, or an error that lists the candidates.
pub(crate) fn resolve_one(graph: &Graph, name: &str) -> Result<NodeId, Fail> {
    match resolve(graph, name, &|_| true) {
        Some(Resolution { nodes, .. }) if nodes.len() == 1 => Ok(nodes[0]),
        Some(Resolution { nodes, .. }) => {
            let message = format!("`{name}` may mean any of {} entities", nodes.len());
            let mut error = QueryError::compile(ErrorType::NameError, Detail::AmbiguousName, message)
                .help("say which by its label: MATCH (x:Label) WHERE x.name = '…'");
            error.candidates = nodes.iter().take(20).map(|n| candidate(graph, *n)).collect();
            Err(Box::new(error))
        }
        None => {
            let message = format!("nothing in the graph is named `{name}`");
            Err(Box::new(QueryError::compile(ErrorType::NameError, Detail::UnknownName, message)))
        }
    }
}

fn candidate(graph: &Graph, node: NodeId) -> Candidate {
    let labels = graph.node_labels(node).fold(String::new(), |acc, l| acc + ":" + graph.label_name(l));
    let degree = graph.degree(node, None, Direction::Both);
    Candidate { name: graph.node_name(node).to_owned(), note: format!("{labels}, {degree} relationships") }
}

/// `a ~ b`: whether two texts are the same name but for case and diacritics.
pub(crate) fn same(a: &Value, b: &Value, _cx: &Context<'_>) -> Result<Value, Fail> {
    Ok(match (a, b) {
        (Value::String(a), Value::String(b)) => Value::Bool(fold(a) == fold(b)),
        _ => Value::Null,
    })
}
