//! Which entities a name means: tiers from the exact to the guessed, the first with a hit wins.
//!
//! exact → case-folded → folded (diacritics, ø æ ß ð þ ł by hand) → alias (met in documents; other languages' names
//! from the lexicon) → base form of an inflected name → unique prefix → unique subset of words. An edit distance of one
//! gives a suggestion only, never an answer.

use std::collections::BTreeSet;

use super::context::Context;
use super::error::{Detail, ErrorType, QueryError};
use super::functions::Fail;
use super::value::Value;
use crate::graph::{Graph, NameHit, NodeId};
use crate::lexicon::{NameClass, lexicon};
use crate::model::Lang;
use crate::text;

/// How a name was understood; an earlier tier is the surer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Letter by letter.
    Exact,
    /// But for case.
    CaseFolded,
    /// But for case and diacritics.
    Folded,
    /// By another name that documents or the lexicon give it.
    Alias,
    /// By the base form of an inflected name.
    BaseForm,
    /// As the beginning of one name alone.
    Prefix,
    /// As words of one name alone.
    Words,
}

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The tier that answered.
    pub tier: Tier,
    /// The entities, sorted; never empty.
    pub nodes: Vec<NodeId>,
}

/// Names longer than this mean nothing.
const LONGEST: usize = 400;

/// The entities that a name means, among those that `admit` lets through; `None` where it means none.
pub fn resolve(graph: &Graph, name: &str, admit: &dyn Fn(NodeId) -> bool) -> Option<Resolution> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    if let Some(hit) = direct(graph, &name, admit) {
        return Some(hit);
    }
    if let Some(nodes) = exonyms(graph, &name, admit) {
        return Some(Resolution { tier: Tier::Alias, nodes });
    }
    let mut bases: Vec<String> = Vec::new();
    for &lang in Lang::ALL {
        for (base, _) in text::base_forms(&name, lang) {
            if base != name && !bases.contains(&base) {
                bases.push(base);
            }
        }
    }
    // Of all base forms those that an earlier tier knows win.
    let mut best: Option<(Tier, BTreeSet<NodeId>)> = None;
    for base in &bases {
        let hit = direct(graph, base, admit)
            .or_else(|| exonyms(graph, base, admit).map(|nodes| Resolution { tier: Tier::Alias, nodes }));
        if let Some(hit) = hit {
            match &mut best {
                Some((tier, nodes)) if *tier == hit.tier => nodes.extend(hit.nodes),
                Some((tier, _)) if *tier < hit.tier => {}
                _ => best = Some((hit.tier, hit.nodes.into_iter().collect())),
            }
        }
    }
    if let Some((_, nodes)) = best {
        return Some(Resolution { tier: Tier::BaseForm, nodes: nodes.into_iter().collect() });
    }
    // A beginning or some words of one name alone; of several, the one that they are whole words of. An inflected name may
    // be shortened too (`Nokiassa` of Nokia Oyj).
    let mut several = None;
    for (n, form) in std::iter::once(&name).chain(&bases).enumerate() {
        let mut folded = text::fold(form);
        if folded.chars().count() < 2 {
            continue;
        }
        let has = some(Tier::Words, having_words(graph, &folded, admit)).filter(|_| n == 0);
        // A base form is a guess already: it must be whole words.
        if n > 0 {
            folded.push(' ');
        }
        let begins = some(Tier::Prefix, beginning(graph, &folded, admit));
        for hit in [begins, has].into_iter().flatten() {
            if let [_] = hit.nodes[..] {
                return Some(hit);
            }
            several.get_or_insert(hit);
        }
    }
    several
}

fn some(tier: Tier, nodes: Vec<NodeId>) -> Option<Resolution> {
    (!nodes.is_empty()).then_some(Resolution { tier, nodes })
}

/// Names that are looked at for one beginning or one word: a text that so many names share means none of them.
const MOST_HITS: usize = 2_000;

/// The entities with a name that begins so.
fn beginning(graph: &Graph, folded: &str, admit: &dyn Fn(NodeId) -> bool) -> Vec<NodeId> {
    admitted(graph.names().folded_prefix(folded).take(MOST_HITS), admit)
}

/// The entities with all of the words in their names.
fn having_words(graph: &Graph, folded: &str, admit: &dyn Fn(NodeId) -> bool) -> Vec<NodeId> {
    let mut so_far: Option<Vec<NodeId>> = None;
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        let with = admitted(graph.names().word(word).take(MOST_HITS), admit);
        let both = match so_far {
            Some(before) => before.into_iter().filter(|n| with.binary_search(n).is_ok()).collect(),
            None => with,
        };
        if both.is_empty() {
            return both;
        }
        so_far = Some(both);
    }
    so_far.unwrap_or_default()
}

/// The first four tiers over the graph's own names.
fn direct(graph: &Graph, name: &str, admit: &dyn Fn(NodeId) -> bool) -> Option<Resolution> {
    let index = graph.names();
    let bare = text::fold(name);
    let lower = name.to_lowercase();
    let own = |h: &NameHit<'_>| !h.alias;
    let tiers = [
        (Tier::Exact, admitted(index.exact(name).filter(own), admit)),
        (Tier::CaseFolded, admitted(index.folded(&bare).filter(own).filter(|h| h.name.to_lowercase() == lower), admit)),
        (Tier::Folded, admitted(index.folded(&bare).filter(own), admit)),
        (Tier::Alias, admitted(index.folded(&bare), admit)),
    ];
    tiers.into_iter().find(|t| !t.1.is_empty()).map(|(tier, nodes)| Resolution { tier, nodes })
}

/// Entities whose name is what the lexicon calls the same place in another language.
fn exonyms(graph: &Graph, name: &str, admit: &dyn Fn(NodeId) -> bool) -> Option<Vec<NodeId>> {
    let lexicon = lexicon();
    let mut out = BTreeSet::new();
    for candidate in lexicon.places(name).take(MOST_PLACES) {
        for other in lexicon.names(candidate.place.id).filter(|n| n.class != NameClass::Plain) {
            let same = |n: NodeId| admit(n) && is_region(graph, n);
            out.extend(admitted(graph.names().exact(other.text), &same));
        }
        // Candidates come best first: what the first of them reaches is meant.
        if !out.is_empty() {
            break;
        }
    }
    (!out.is_empty()).then(|| out.into_iter().collect())
}

/// Places of one name that are tried.
const MOST_PLACES: usize = 8;

fn is_region(graph: &Graph, node: NodeId) -> bool {
    graph.label_id("Region").is_some_and(|l| graph.has_label(node, l))
}

/// Whether a body's name says that it is a municipality: `Luleå kommun`, `Oulun kaupunki`.
pub fn is_municipal_name(name: &str) -> bool {
    name.split_whitespace().any(|word| lexicon().heads(word).iter().any(|h| h.class == "municipality"))
}

fn admitted<'g>(hits: impl Iterator<Item = NameHit<'g>>, admit: &dyn Fn(NodeId) -> bool) -> Vec<NodeId> {
    let mut out: Vec<NodeId> = hits.map(|h| h.node).filter(|&n| admit(n)).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The names of the graph that are nearest to one that it does not know, nearest first.
pub fn nearest(graph: &Graph, name: &str, admit: &dyn Fn(NodeId) -> bool, most: usize) -> Vec<NodeId> {
    let wanted = text::fold(name);
    if wanted.is_empty() || wanted.len() > LONGEST {
        return Vec::new();
    }
    // An alias may be what was meant, and is then said by the entity's name.
    let mut scored: Vec<(u64, &str, NodeId)> = graph
        .names()
        .folded_forms()
        .filter_map(|(form, n)| {
            let near = strsim::jaro_winkler(&wanted, form);
            (near > 0.82 && admit(n)).then(|| ((near * 1e6) as u64, graph.node_name(n), n))
        })
        .collect();
    scored.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)).then(a.2.cmp(&b.2)));
    let mut out: Vec<NodeId> = Vec::new();
    for (_, _, node) in scored {
        if out.len() < most && !out.contains(&node) {
            out.push(node);
        }
    }
    out
}

/// The one node that `entity('…')` means: a name, or `#` and the id of a node in an export.
pub(crate) fn resolve_one(graph: &Graph, name: &str, label: Option<&str>) -> Result<NodeId, Fail> {
    let wanted = match label {
        Some(label) => match graph.label_id(label) {
            Some(id) => Some(id),
            None => {
                let error = QueryError::compile(
                    ErrorType::NameError,
                    Detail::UnknownLabel,
                    format!("no node has the label `{label}`"),
                );
                let labels: Vec<&str> = graph.labels().map(|l| graph.label_name(l)).collect();
                let near =
                    super::parse::nearest(label, labels).or_else(|| super::question::Vocabulary::meant("label", label));
                return Err(Box::new(error.maybe_help(near.map(|n| format!("did you mean `{n}`?")))));
            }
        },
        None => None,
    };
    let document = graph.label_id("Document");
    let admit = |n: NodeId| match wanted {
        Some(label) => graph.has_label(n, label),
        None => !document.is_some_and(|d| graph.has_label(n, d)),
    };
    if let Some(id) = name.strip_prefix('#')
        && let Some(node) = graph.nodes().find(|&n| graph.node_own_id(n) == id)
    {
        return Ok(node);
    }
    match resolve(graph, name, &admit) {
        Some(hit) if hit.nodes.len() == 1 => Ok(hit.nodes[0]),
        Some(hit) => match super::question::preferred(graph, &hit.nodes).filter(|_| hit.tier < Tier::Prefix) {
            Some(node) => Ok(node),
            None => Err(Box::new(super::question::ambiguous(graph, name, &hit.nodes))),
        },
        None => Err(Box::new(super::question::unknown(graph, name, &admit))),
    }
}

/// Whether two texts name the same thing: equal but for case and diacritics, one an inflected form of the other, or two
/// languages' names of one place.
pub fn same_name(a: &str, b: &str) -> bool {
    let (fa, fb) = (text::fold(a), text::fold(b));
    if fa == fb {
        return true;
    }
    let base_of = |x: &str, folded: &str| {
        Lang::ALL.iter().any(|&lang| text::base_forms(x, lang).iter().any(|(base, _)| text::fold(base) == folded))
    };
    if base_of(a, &fb) || base_of(b, &fa) {
        return true;
    }
    let lexicon = lexicon();
    let best = lexicon.places(a).next();
    best.is_some_and(|c| lexicon.names(c.place.id).any(|n| text::fold(n.text) == fb))
}

/// `a ~ b`.
pub(crate) fn same(a: &Value, b: &Value, _cx: &Context<'_>) -> Result<Value, Fail> {
    Ok(match (a, b) {
        (Value::String(a), Value::String(b)) => Value::Bool(same_name(a, b)),
        _ => Value::Null,
    })
}

/// The nodes that have the name or alias as written, ascending.
pub(crate) fn exact(graph: &Graph, name: &str) -> Vec<NodeId> {
    admitted(graph.names().exact(name), &|_| true)
}

/// The nodes whose name may be the same as a text (`~`), ascending: more than are, never fewer. Inflection leaves the
/// first letters of a name alone, and places go by the names that the lexicon has of them.
pub(crate) fn similar(graph: &Graph, name: &str) -> Vec<NodeId> {
    let folded = text::fold(name);
    let start: String = folded.chars().take(2).collect();
    let lexicon = lexicon();
    let places = lexicon.places(name).flat_map(|c| lexicon.names(c.place.id)).map(|n| text::fold(n.text));
    let names: BTreeSet<String> = places.collect();
    let mut nodes = admitted(graph.names().folded_prefix(&start), &|_| true);
    for name in names {
        nodes.extend(admitted(graph.names().folded(&name), &|_| true));
    }
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}
