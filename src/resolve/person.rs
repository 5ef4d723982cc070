//! Which persons of one name are one person: those whose documents agree on an employer or its place, or do not
//! contradict each other.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::cluster::Clusters;
use super::name::Class;
use crate::lexicon::PlaceId;
use crate::model::{Modality, Reading, Relation};

/// What a document says of a person that another can agree with.
#[derive(Debug, Default, Clone)]
struct Context {
    employers: Vec<u32>,
    places: Vec<PlaceId>,
}

pub(super) fn unite(c: &mut Clusters, readings: &[&Reading]) {
    let mut contexts: FxHashMap<u32, Context> = FxHashMap::default();
    for (d, reading) in readings.iter().enumerate() {
        for o in
            reading.observations.iter().filter(|o| o.relation == Relation::WorksFor && o.modality != Modality::Negated)
        {
            let (Some(&person), Some(&body)) = (c.local[d].get(o.from.0 as usize), c.local[d].get(o.to.0 as usize))
            else {
                continue;
            };
            if c.nodes[person as usize].class == Class::Person {
                let context = contexts.entry(person).or_default();
                context.employers.push(c.sets.find(body));
                context.places.extend(c.nodes[body as usize].parsed.place);
            }
        }
    }
    let mut names: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (i, n) in c.nodes.iter().enumerate().filter(|(_, n)| n.class == Class::Person) {
        names.entry(&n.key).or_default().push(i as u32);
    }
    let none = Context::default();
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for group in names.values().filter(|g| g.len() > 1) {
        let context = |n: u32| contexts.get(&n).unwrap_or(&none);
        let full = c.nodes[group[0] as usize].parsed.words > 1;
        let groups = by_context(group, context, full);
        let free: Vec<u32> = group.iter().copied().filter(|&n| context(n).employers.is_empty()).collect();
        for g in &groups {
            pairs.extend(g.windows(2).map(|w| (w[0], w[1])));
        }
        // nothing contradicts: at most one employer's person of that name, and all who have none
        if full && groups.len() <= 1 {
            let lead = groups.first().and_then(|g| g.first()).or(free.first());
            pairs.extend(free.iter().filter_map(|&n| Some((*lead?, n))));
        }
    }
    for (a, b) in pairs {
        c.sets.unite(a, b, false);
    }
}

/// Nodes with an employer, those together that share one (or, for full names, its place).
fn by_context<'c>(group: &[u32], context: impl Fn(u32) -> &'c Context, full: bool) -> Vec<Vec<u32>> {
    #[derive(PartialEq, Eq, Hash)]
    enum Tie {
        Employer(u32),
        Place(PlaceId),
    }
    let mut leader: FxHashMap<Tie, usize> = FxHashMap::default();
    let mut parent: Vec<usize> = Vec::new();
    let mut nodes: Vec<u32> = Vec::new();
    fn find(parent: &mut [usize], mut i: usize) -> usize {
        while parent[i] != i {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        i
    }
    for &n in group.iter().filter(|&&n| !context(n).employers.is_empty()) {
        let i = parent.len();
        parent.push(i);
        nodes.push(n);
        let employers = context(n).employers.iter().map(|&e| Tie::Employer(e));
        let places = context(n).places.iter().filter(|_| full).map(|&p| Tie::Place(p));
        for tie in employers.chain(places) {
            let other = *leader.entry(tie).or_insert(i);
            let (a, b) = (find(&mut parent, other), find(&mut parent, i));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut out: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for (i, &n) in nodes.iter().enumerate() {
        out.entry(find(&mut parent, i)).or_default().push(n);
    }
    out.into_values().collect()
}
