//! What patterns and chains ask of facts and places: when a fact held, whether one place lies inside another.

use super::link::modality;
use crate::graph::{Direction, EdgeId, Graph, NodeId, PropertyRef};
use crate::lexicon::lexicon;
use crate::model::{Edtf, Modality, Relation};

/// A property of a fact that is text.
pub(crate) fn fact_text(graph: &Graph, edge: EdgeId, key: &str) -> Option<String> {
    match graph.edge_property(edge, graph.key_id(key)?) {
        PropertyRef::String(s) => Some(s.to_owned()),
        _ => None,
    }
}

/// A way to ask for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// It began or happened then or later.
    Since,
    /// It began or happened before.
    Before,
    /// It may have held at some time then.
    During,
}

/// Whether a fact held so; unknown for one whose dates do not say.
pub(crate) fn held(graph: &Graph, edge: EdgeId, way: Held, when: &Edtf) -> Option<bool> {
    let date = |key: &str| fact_text(graph, edge, key).and_then(|t| t.parse::<Edtf>().ok());
    held_at(way, date("since"), date("until"), date("date"), when)
}

fn held_at(way: Held, since: Option<Edtf>, until: Option<Edtf>, date: Option<Edtf>, when: &Edtf) -> Option<bool> {
    let began = since.as_ref().or(date.as_ref());
    let (first, last) = when.bounds();
    match way {
        Held::Since => {
            let (from, to) = began?.bounds();
            Some(to.or(from)? >= first?)
        }
        Held::Before => Some(began?.bounds().0? < first?),
        Held::During if since.is_none() && until.is_none() => {
            // An event of a known time: any overlap.
            let (from, to) = date?.bounds();
            Some(from? <= last? && to? >= first?)
        }
        Held::During => {
            let starts = since.and_then(|d| d.bounds().0).is_none_or(|d| last.is_none_or(|l| d <= l));
            let ends = until.and_then(|d| d.bounds().1).is_none_or(|d| first.is_none_or(|f| d >= f));
            Some(starts && ends)
        }
    }
}

/// Whether `x` is a region inside another, or is located in it or in a region inside it. Containment is what documents
/// say and what the lexicon knows.
pub(crate) fn inside(graph: &Graph, x: NodeId, region: NodeId) -> bool {
    if x == region {
        return true;
    }
    let is_region = |n: NodeId| graph.label_id("Region").is_some_and(|l| graph.has_label(n, l));
    if is_region(x) {
        return region_inside(graph, x, region);
    }
    let Some(located) = graph.relation_id(Relation::LocatedIn.word()) else { return false };
    graph.neighbours(x, Some(located), Direction::Out).any(|(place, edge)| {
        modality(graph, edge) != Modality::Negated && (place == region || region_inside(graph, place, region))
    })
}

fn region_inside(graph: &Graph, inner: NodeId, outer: NodeId) -> bool {
    if let Some(part_of) = graph.relation_id(Relation::PartOf.word()) {
        let mut seen = vec![inner];
        let mut at = 0;
        while let Some(&node) = seen.get(at) {
            at += 1;
            for (next, edge) in graph.neighbours(node, Some(part_of), Direction::Out) {
                if next == outer {
                    return true;
                }
                if modality(graph, edge) != Modality::Negated && !seen.contains(&next) {
                    seen.push(next);
                }
            }
        }
    }
    let lexicon = lexicon();
    let place = |n: NodeId| {
        let ty = crate::query::question::node_type(graph, n);
        let all = || lexicon.places(graph.node_name(n)).filter(|c| c.exact);
        all().find(|c| Some(c.place.ty) == ty).or_else(|| all().next()).map(|c| c.place.id)
    };
    match (place(inner), place(outer)) {
        (Some(a), Some(b)) => a != b && lexicon.inside(a, b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_asked_to_the_precision_that_facts_have() {
        let d = |t: &str| Some(t.parse::<Edtf>().unwrap());
        let when: Edtf = "2018".parse().unwrap();
        let ask = |way, since, until, date| held_at(way, since, until, date, &when);
        assert_eq!(ask(Held::Since, d("2018-05"), None, None), Some(true));
        assert_eq!(ask(Held::Since, d("2014"), None, None), Some(false));
        assert_eq!(ask(Held::Before, None, None, d("2017-12-31")), Some(true));
        assert_eq!(ask(Held::During, d("2014"), None, None), Some(true));
        assert_eq!(ask(Held::During, d("2014"), d("2016"), None), Some(false));
        assert_eq!(ask(Held::During, None, None, d("2018-05-02/2018-05-10")), Some(true));
        // A day without a year, or no date at all, says nothing.
        assert_eq!(ask(Held::Since, None, None, d("XXXX-05-02")), None);
        assert_eq!(ask(Held::Before, None, None, None), None);
    }
}
