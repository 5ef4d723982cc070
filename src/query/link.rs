//! Which entities link A to B: the chains of facts between two ends, after the definition in the language reference.
//!
//! An end that is a Region stands for itself and every Region inside it, at any depth; containment is never a step. A
//! *chain* is a simple path of 2 to `longest` facts, direction ignored, with no Region and no Person inside unless
//! asked for. It makes no *detour*: a chain is dropped when two entities on it that are not neighbours (the two ends
//! excepted) are tied by an asserted fact, unless all that this fact would skip is one Agreement, Event or Person.
//!
//! The search walks from A and is cut by the distance to B, which a breadth-first pass from B gives first.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::facts::{Held, held, inside};
use super::value::Path;
use crate::graph::{Direction, EdgeId, Graph, LabelId, NodeId, PropertyRef, RelId};
use crate::model::{Edtf, Modality, Relation};

/// Facts that one search may look at before it stops and says so.
pub const DEFAULT_BUDGET: u64 = 20_000_000;

/// What a link question asks for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The most facts in a chain; 4 unless the question says otherwise.
    pub longest: usize,
    /// Labels of which an answer has one. Empty: whatever can carry a link (organisations, agreements, events).
    pub wanted: Vec<String>,
    /// Every fact on a chain is of one of these relations. Empty: any.
    pub via: Vec<String>,
    /// Entities that no chain passes.
    pub without: Vec<NodeId>,
    /// Modalities that a fact on a chain may have.
    pub modalities: Vec<Modality>,
    /// Whether Persons may stand inside.
    pub persons: bool,
    /// Whether Regions may stand inside.
    pub regions: bool,
    /// Only facts that one of these documents (indices) says. Empty: all.
    pub documents: Vec<u32>,
    /// Only facts that at least so many documents say.
    pub least_documents: usize,
    /// Answers lie in this region.
    pub region: Option<NodeId>,
    /// Only facts that began or happened then or later.
    pub since: Option<Edtf>,
    /// Only facts that began or happened before.
    pub before: Option<Edtf>,
    /// Only facts that may have held then.
    pub during: Option<Edtf>,
    /// Facts that the search may look at before it stops.
    pub budget: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            longest: 4,
            wanted: Vec::new(),
            via: Vec::new(),
            without: Vec::new(),
            modalities: vec![Modality::Asserted, Modality::Planned],
            persons: false,
            regions: false,
            documents: Vec::new(),
            least_documents: 0,
            region: None,
            since: None,
            before: None,
            during: None,
            budget: DEFAULT_BUDGET,
        }
    }
}

/// One answer: an entity and its shortest chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The entity that links.
    pub entity: NodeId,
    /// The chain, from A (or a region in it) to B.
    pub chain: Path,
    /// How many distinct documents stand behind the chain.
    pub documents: usize,
    /// Its weakest modality.
    pub modality: Modality,
}

/// All that links two ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Linked {
    /// The answers: by chain length, documents (more first), name.
    pub links: Vec<Link>,
    /// The facts between the ends themselves.
    pub direct: Vec<EdgeId>,
    /// Whether the budget ended the search before it was done.
    pub cut: bool,
}

/// What a chain search needs to know of the graph, looked up once.
struct Ground<'g> {
    graph: &'g Graph,
    region: Option<LabelId>,
    person: Option<LabelId>,
    brief: Vec<LabelId>,
    part_of: Option<RelId>,
    via: Option<BTreeSet<RelId>>,
    options: &'g Options,
    /// Node inside an end → that end.
    stands: FxHashMap<NodeId, NodeId>,
    sides: [Vec<NodeId>; 2],
    ends: [NodeId; 2],
    without: FxHashSet<NodeId>,
    seen: u64,
}

/// The modality of a fact; an imported fact without one is asserted.
pub fn modality(graph: &Graph, edge: EdgeId) -> Modality {
    match graph.key_id("modality").map(|key| graph.edge_property(edge, key)) {
        Some(PropertyRef::String(word)) => Modality::from_word(word).unwrap_or(Modality::Asserted),
        _ => Modality::Asserted,
    }
}

/// The distinct documents (indices) behind a fact.
pub fn documents_of(graph: &Graph, edge: EdgeId) -> BTreeSet<u32> {
    graph.evidence(edge).unwrap_or_default().iter().map(|e| e.document).collect()
}

impl<'g> Ground<'g> {
    fn new(graph: &'g Graph, a: NodeId, b: NodeId, options: &'g Options) -> Ground<'g> {
        let via = (!options.via.is_empty()).then(|| options.via.iter().filter_map(|r| graph.relation_id(r)).collect());
        let mut ground = Ground {
            graph,
            region: graph.label_id("Region"),
            person: graph.label_id("Person"),
            brief: ["Agreement", "Event", "Person"].iter().filter_map(|l| graph.label_id(l)).collect(),
            part_of: graph.relation_id(Relation::PartOf.word()),
            via,
            options,
            stands: FxHashMap::default(),
            sides: [Vec::new(), Vec::new()],
            ends: [a, b],
            without: options.without.iter().copied().collect(),
            seen: 0,
        };
        let below = [ground.below(a), ground.below(b)];
        // Where one end lies inside the other, the outer one stands for itself alone.
        let a_side = if below[0].contains(&b) { vec![a] } else { below[0].clone() };
        let b_side = if below[1].contains(&a) { vec![b] } else { below[1].clone() };
        for (end, side) in [(a, &a_side), (b, &b_side)] {
            for &n in side {
                ground.stands.insert(n, end);
            }
        }
        // A region in both ends stands for the second.
        let standing =
            |end: NodeId, side: Vec<NodeId>| side.into_iter().filter(|n| ground.stands.get(n) == Some(&end)).collect();
        ground.sides = [standing(a, a_side), standing(b, b_side)];
        ground
    }

    fn has(&self, node: NodeId, label: Option<LabelId>) -> bool {
        label.is_some_and(|l| self.graph.has_label(node, l))
    }

    /// A region and every region inside it, at any depth; of anything else itself.
    fn below(&self, end: NodeId) -> Vec<NodeId> {
        let mut out = vec![end];
        if !self.has(end, self.region) || self.part_of.is_none() {
            return out;
        }
        let mut seen: FxHashSet<NodeId> = [end].into_iter().collect();
        let mut next = 0;
        while let Some(&node) = out.get(next) {
            next += 1;
            for (child, edge) in self.graph.neighbours(node, self.part_of, Direction::In) {
                if self.has(child, self.region) && modality(self.graph, edge) != Modality::Negated && seen.insert(child)
                {
                    out.push(child);
                }
            }
        }
        out
    }

    fn rep(&self, node: NodeId) -> NodeId {
        self.stands.get(&node).copied().unwrap_or(node)
    }

    /// Whether a fact may be a step of a chain, whatever its modality.
    fn step(&self, edge: EdgeId) -> bool {
        let (from, relation, _) = self.graph.edge(edge);
        if Some(relation) == self.part_of && self.has(from, self.region) {
            return false;
        }
        let o = self.options;
        let held =
            |way: Held, date: &Option<Edtf>| date.as_ref().is_none_or(|d| held(self.graph, edge, way, d) == Some(true));
        self.via.as_ref().is_none_or(|v| v.contains(&relation))
            && (o.documents.is_empty() || documents_of(self.graph, edge).iter().any(|d| o.documents.contains(d)))
            && (o.least_documents == 0 || documents_of(self.graph, edge).len() >= o.least_documents)
            && held(Held::Since, &o.since)
            && held(Held::Before, &o.before)
            && held(Held::During, &o.during)
    }

    /// The steps from a place on a chain: (representative, neighbour, edge, the node of this side the edge starts at).
    fn steps(&self, rep: NodeId) -> Vec<(NodeId, NodeId, EdgeId, NodeId)> {
        let own = [rep];
        let from: &[NodeId] = if rep == self.ends[0] {
            &self.sides[0]
        } else if rep == self.ends[1] {
            &self.sides[1]
        } else {
            &own
        };
        let mut out = Vec::new();
        for &node in from {
            for (other, edge) in self.graph.neighbours(node, None, Direction::Both) {
                let to = self.rep(other);
                if to != rep
                    && !self.without.contains(&other)
                    && self.options.modalities.contains(&modality(self.graph, edge))
                    && self.step(edge)
                {
                    out.push((to, other, edge, node));
                }
            }
        }
        out
    }

    /// Whether an asserted fact (of any relation but containment) ties two places.
    fn tied(&self, a: NodeId, b: NodeId) -> bool {
        let own = [a];
        let from: &[NodeId] = if a == self.ends[0] {
            &self.sides[0]
        } else if a == self.ends[1] {
            &self.sides[1]
        } else {
            &own
        };
        from.iter().any(|&node| {
            self.graph.neighbours(node, None, Direction::Both).any(|(other, edge)| {
                if self.rep(other) != b || modality(self.graph, edge) != Modality::Asserted {
                    return false;
                }
                let (start, relation, _) = self.graph.edge(edge);
                !(Some(relation) == self.part_of && self.has(start, self.region))
            })
        })
    }

    fn may_stand_inside(&self, node: NodeId) -> bool {
        (self.options.regions || !self.has(node, self.region)) && (self.options.persons || !self.has(node, self.person))
    }

    fn brief(&self, node: NodeId) -> bool {
        self.brief.iter().any(|&l| self.graph.has_label(node, l))
    }
}

/// A search under way.
struct Search<'g> {
    ground: Ground<'g>,
    /// Facts to B from each place, as far as the longest chain asks.
    distance: FxHashMap<NodeId, usize>,
    steps: FxHashMap<NodeId, Vec<(NodeId, Vec<EdgeId>)>>,
    ties: FxHashMap<(NodeId, NodeId), bool>,
    cut: bool,
}

impl<'g> Search<'g> {
    fn new(ground: Ground<'g>) -> Search<'g> {
        let mut search = Search {
            ground,
            distance: FxHashMap::default(),
            steps: FxHashMap::default(),
            ties: FxHashMap::default(),
            cut: false,
        };
        let [a, b] = search.ground.ends;
        let longest = search.ground.options.longest;
        search.distance.insert(b, 0);
        let mut layer = vec![b];
        for d in 1..longest {
            let mut next = Vec::new();
            for &node in &layer {
                for to in search.neighbours(node).iter().map(|s| s.0).collect::<Vec<_>>() {
                    if to != a && search.ground.may_stand_inside(to) && !search.distance.contains_key(&to) {
                        search.distance.insert(to, d);
                        next.push(to);
                    }
                }
            }
            layer = next;
        }
        search
    }

    /// The neighbours of a place with the facts that lead there, sorted.
    fn neighbours(&mut self, rep: NodeId) -> &[(NodeId, Vec<EdgeId>)] {
        if !self.steps.contains_key(&rep) {
            let mut by: BTreeMap<NodeId, Vec<EdgeId>> = BTreeMap::new();
            for (to, _, edge, _) in self.ground.steps(rep) {
                self.ground.seen += 1;
                by.entry(to).or_default().push(edge);
            }
            if self.ground.seen > self.ground.options.budget {
                self.cut = true;
            }
            self.steps.insert(rep, by.into_iter().collect());
        }
        &self.steps[&rep]
    }

    fn tied(&mut self, a: NodeId, b: NodeId) -> bool {
        let key = (a.min(b), a.max(b));
        if let Some(&t) = self.ties.get(&key) {
            return t;
        }
        let t = self.ground.tied(key.0, key.1);
        self.ties.insert(key, t);
        t
    }

    /// Whether `next` at the end of `path` makes a detour with something before its neighbour.
    fn detour(&mut self, path: &[NodeId], next: NodeId) -> bool {
        let b = self.ground.ends[1];
        let n = path.len();
        (0..n.saturating_sub(1)).any(|i| {
            let excepted = i == 0 && next == b;
            !(excepted || i + 2 == n && self.ground.brief(path[n - 1])) && self.tied(path[i], next)
        })
    }

    /// Every chain of exactly `length` facts.
    fn chains(&mut self, length: usize, found: &mut dyn FnMut(&[NodeId])) {
        let mut path = vec![self.ground.ends[0]];
        self.walk(length, &mut path, found);
    }

    fn walk(&mut self, left: usize, path: &mut Vec<NodeId>, found: &mut dyn FnMut(&[NodeId])) {
        let [_, b] = self.ground.ends;
        let Some(&last) = path.last() else { return };
        let next: Vec<NodeId> = self.neighbours(last).iter().map(|s| s.0).collect();
        for to in next {
            if self.cut {
                return;
            }
            self.ground.seen += 1;
            if self.ground.seen > self.ground.options.budget {
                self.cut = true;
                return;
            }
            if to == b {
                if left == 1 && path.len() > 1 && !self.detour(path, b) {
                    path.push(b);
                    found(path);
                    path.pop();
                }
            } else if left > 1
                && self.distance.get(&to).is_some_and(|&d| d < left)
                && !path.contains(&to)
                && self.ground.may_stand_inside(to)
                && !self.detour(path, to)
            {
                path.push(to);
                self.walk(left - 1, path, found);
                path.pop();
            }
        }
    }

    /// The facts of a chain: at each step the one of strongest modality, then most documents, then relation.
    fn dress(&mut self, places: &[NodeId]) -> (Path, BTreeSet<u32>, Modality) {
        let graph = self.ground.graph;
        let mut edges = Vec::new();
        let mut documents = BTreeSet::new();
        let mut weakest = Modality::Asserted;
        for pair in places.windows(2) {
            let options =
                self.neighbours(pair[0]).iter().find(|s| s.0 == pair[1]).map(|s| s.1.clone()).unwrap_or_default();
            let best = options.into_iter().min_by_key(|&e| {
                (
                    modality(graph, e),
                    std::cmp::Reverse(documents_of(graph, e).len()),
                    graph.relation_name(graph.edge(e).1).to_owned(),
                    e,
                )
            });
            if let Some(edge) = best {
                documents.extend(documents_of(graph, edge));
                weakest = weakest.max(modality(graph, edge));
                edges.push(edge);
            }
        }
        // A region inside an end stands on the chain itself, where the fact names it.
        let mut nodes = places.to_vec();
        for (i, end) in [(0, edges.first()), (places.len() - 1, edges.last())] {
            if let Some(&edge) = end {
                let (from, _, to) = graph.edge(edge);
                let rep = places[i];
                nodes[i] = if self.ground.rep(from) == rep { from } else { to };
            }
        }
        (Path { nodes, edges }, documents, weakest)
    }
}

/// Everything of the wanted labels on a chain between `a` and `b`, with its shortest chain.
pub fn links(graph: &Graph, a: NodeId, b: NodeId, options: &Options) -> Linked {
    let wanted: Vec<LabelId> = if options.wanted.is_empty() {
        ["Organisation", "Agreement", "Event"].iter().filter_map(|l| graph.label_id(l)).collect()
    } else {
        options.wanted.iter().filter_map(|l| graph.label_id(l)).collect()
    };
    let ground = Ground::new(graph, a, b, options);
    let mut out = Linked { direct: direct(&ground), ..Linked::default() };
    if a == b || ground.sides[0].contains(&b) && ground.sides[1].contains(&a) {
        return out;
    }
    let mut search = Search::new(ground);
    let mut answered: FxHashSet<NodeId> = FxHashSet::default();
    for length in 2..=options.longest {
        // All chains of a length are weighed before the next: an entity keeps its best among its shortest.
        let mut chains: BTreeMap<NodeId, Vec<Vec<NodeId>>> = BTreeMap::new();
        search.chains(length, &mut |path| {
            for &x in &path[1..path.len() - 1] {
                if !answered.contains(&x)
                    && options.region.is_none_or(|r| inside(graph, x, r))
                    && wanted.iter().any(|&l| graph.has_label(x, l))
                {
                    let held = chains.entry(x).or_default();
                    // Between hubs an entity may lie on a great many chains; the tie is broken among the first.
                    if held.len() < 512 {
                        held.push(path.to_vec());
                    }
                }
            }
        });
        for (entity, paths) in chains {
            let best = paths
                .iter()
                .map(|p| {
                    let (chain, documents, weakest) = search.dress(p);
                    let names: Vec<String> = chain.nodes.iter().map(|&n| graph.node_name(n).to_owned()).collect();
                    (
                        (std::cmp::Reverse(documents.len()), names, chain.nodes.clone(), chain.edges.clone()),
                        chain,
                        documents.len(),
                        weakest,
                    )
                })
                .min_by(|x, y| x.0.cmp(&y.0));
            if let Some((_, chain, documents, modality)) = best {
                answered.insert(entity);
                out.links.push(Link { entity, chain, documents, modality });
            }
        }
    }
    out.cut = search.cut;
    out.links.sort_by_cached_key(|l| {
        (l.chain.edges.len(), std::cmp::Reverse(l.documents), graph.node_name(l.entity).to_owned(), l.entity)
    });
    out
}

/// The shortest chains themselves, of 1 to `longest` facts; Persons may stand on them.
pub fn chains(graph: &Graph, a: NodeId, b: NodeId, options: &Options) -> (Vec<Link>, bool) {
    let options = Options { persons: true, ..options.clone() };
    let ground = Ground::new(graph, a, b, &options);
    let straight = direct(&ground);
    let mut search = Search::new(ground);
    let mut out: Vec<Link> = straight
        .into_iter()
        .map(|edge| {
            let (from, _, to) = graph.edge(edge);
            let nodes = if search.ground.rep(from) == a { vec![from, to] } else { vec![to, from] };
            Link {
                entity: b,
                chain: Path { nodes, edges: vec![edge] },
                documents: documents_of(graph, edge).len(),
                modality: modality(graph, edge),
            }
        })
        .collect();
    if a != b {
        for length in 2..=options.longest {
            if !out.is_empty() {
                break;
            }
            let mut paths = Vec::new();
            search.chains(length, &mut |path| {
                if paths.len() < 10_000 {
                    paths.push(path.to_vec());
                }
            });
            for path in paths {
                let (chain, documents, modality) = search.dress(&path);
                out.push(Link { entity: path[1], chain, documents: documents.len(), modality });
            }
        }
    }
    out.sort_by_cached_key(|l| {
        (
            std::cmp::Reverse(l.documents),
            l.chain.nodes.iter().map(|&n| graph.node_name(n).to_owned()).collect::<Vec<_>>(),
            l.chain.edges.clone(),
        )
    });
    (out, search.cut)
}

/// The facts between the two ends themselves that the options admit.
fn direct(ground: &Ground<'_>) -> Vec<EdgeId> {
    let mut out: Vec<EdgeId> =
        ground.steps(ground.ends[0]).into_iter().filter(|s| s.0 == ground.ends[1]).map(|s| s.2).collect();
    out.sort_unstable();
    out.dedup();
    out
}
