//! From a name as a user writes it to the entity meant: `entity('…')`, `~`, and the names in questions.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::error::{Candidate, Detail, ErrorType, QueryError};
use super::context::Context;
use super::functions::Fail;
use super::value::Value;
use crate::graph::{Direction, Graph, NodeId, PropertyRef};

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

/// A text in small letters without diacritics, with ø, æ, ß, ð, þ and ł as plain letters.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ø' => out.push('o'),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ß' => out.push_str("ss"),
            'ð' | 'đ' => out.push('d'),
            'þ' => out.push_str("th"),
            'ł' => out.push('l'),
            'ı' => out.push('i'),
            c => out.push(c),
        }
    }
    out
}

/// The names and aliases of a node.
fn names_of(graph: &Graph, node: NodeId) -> Vec<String> {
    let mut all = Vec::new();
    for key in ["name", "aliases"] {
        match graph.key_id(key).map(|k| graph.node_property(node, k)) {
            Some(PropertyRef::String(s)) => all.push(s.to_owned()),
            Some(PropertyRef::List(items)) => all.extend(items.into_iter().filter_map(|p| match p {
                PropertyRef::String(s) => Some(s.to_owned()),
                _ => None,
            })),
            _ => {}
        }
    }
    all
}

/// The nodes that a name may mean, by the first tier with a hit among those that pass the filter.
pub fn resolve(graph: &Graph, name: &str, filter: &dyn Fn(NodeId) -> bool) -> Option<Resolution> {
    let folded = fold(name);
    let mut by_fold = Vec::new();
    let mut exact = Vec::new();
    for node in graph.nodes() {
        let names = names_of(graph, node);
        if names.iter().any(|n| n == name) && filter(node) {
            exact.push(node);
        } else if names.iter().any(|n| fold(n) == folded) && filter(node) {
            by_fold.push(node);
        }
    }
    match (exact.is_empty(), by_fold.is_empty()) {
        (false, _) => Some(Resolution { tier: Tier::Exact, nodes: exact }),
        (true, false) => Some(Resolution { tier: Tier::Folded, nodes: by_fold }),
        (true, true) => None,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_reaches_the_letters_that_unicode_does_not_decompose() {
        for (name, folded) in [("Luleå", "lulea"), ("TROMSØ", "tromso"), ("Ærø", "aero"), ("Straße", "strasse"), ("Þórshöfn", "thorshofn")] {
            assert_eq!(fold(name), folded);
        }
    }
}
