//! From a builder to the bytes of a graph. The same content gives the same bytes, whatever its history: numbers of
//! labels, relations and keys go by name, those of edges by (source, relation, target), strings by first use.

use rayon::slice::ParallelSliceMut;
use zerocopy::FromZeros;
use zerocopy::little_endian::{U16, U32};

use super::builder::{Builder, GONE, Renumbering};
use super::intern::Interner;
use super::layout::{self, INCOMING, NodeRow, RelationRow, Sections, SegmentRow, StatisticRow, kind};
use super::{Graph, GraphError, SchemaMode, column, names};

/// The strings of a graph in the making: each numbered at its first use.
pub(super) struct Strings<'b> {
    /// Those of the builder.
    pub(super) builder: &'b Interner,
    pub(super) out: Interner,
    /// The new number of each of the builder's, where it has one.
    map: Vec<u32>,
}

impl Strings<'_> {
    /// The number of a text.
    pub(super) fn text(&mut self, text: &str) -> u32 {
        self.out.intern(text)
    }

    /// The number of a string of the builder, or else of a text.
    pub(super) fn item(&mut self, item: Result<u32, &str>) -> u32 {
        match item {
            Ok(id) => {
                let known = self.map[id as usize];
                if known != GONE {
                    return known;
                }
                let new = self.out.intern(self.builder.get(id));
                self.map[id as usize] = new;
                new
            }
            Err(text) => self.out.intern(text),
        }
    }
}

/// The new order of things that are numbered by name: for each new number the old one, and the reverse, with
/// [`GONE`] for those that are left out.
fn by_name(all: &Interner, keep: impl Fn(u32) -> bool, last: impl Fn(u32) -> bool) -> (Vec<u32>, Vec<u32>) {
    let mut order: Vec<u32> = (0..all.len() as u32).filter(|&id| keep(id)).collect();
    order.sort_by_key(|&id| (last(id), all.get(id)));
    let mut new = vec![GONE; all.len()];
    for (at, &id) in order.iter().enumerate() {
        new[id as usize] = at as u32;
    }
    (order, new)
}

pub(super) fn freeze(builder: &Builder) -> Result<(Graph, Renumbering), GraphError> {
    let closed = builder.schema == SchemaMode::Closed;
    let mut sections = Sections::default();
    let mut strings =
        Strings { builder: &builder.strings, out: Interner::default(), map: vec![GONE; builder.strings.len()] };

    // Nodes keep their order, without the holes.
    let mut node_count = 0u32;
    let new_nodes: Vec<u32> = builder
        .nodes
        .iter()
        .map(|&set| {
            if set == GONE {
                return GONE;
            }
            node_count += 1;
            node_count - 1
        })
        .collect();
    let nodes = node_count as usize;

    // The values of `name` come first among the strings.
    let name_key = builder.keys.find(names::NAME).map(|key| key as usize);
    let name_column = match name_key {
        Some(key) => column::write(&builder.node_stores[key], &new_nodes, nodes, &mut strings)?,
        None => None,
    };
    let name_strings = strings.out.len() as u32;

    let label_use = label_use(builder);
    let (labels, new_labels) = by_name(&builder.labels, |l| closed || label_use[l as usize], |_| false);
    let mut relation_use = vec![false; builder.relations.len()];
    builder.edges.iter().filter(|e| e.0 != GONE).for_each(|e| relation_use[e.1 as usize] = true);
    let (relations, new_relations) = by_name(
        &builder.relations,
        |r| closed || relation_use[r as usize],
        |r| builder.relation_flags[r as usize].structural,
    );
    if relations.len() >= INCOMING as usize {
        return Err(GraphError::TooLarge {
            what: "relations",
            count: relations.len() as u64,
            most: u64::from(INCOMING) - 1,
        });
    }

    let sets = write_labels(builder, &labels, &new_labels, nodes, &mut strings, &mut sections);
    let edges = sorted_edges(builder, &new_nodes, &new_relations);
    let mut new_edges = vec![GONE; builder.edges.len()];
    edges.iter().enumerate().for_each(|(new, edge)| new_edges[edge.3 as usize] = new as u32);
    let self_loops = write_adjacency(&edges, nodes, &mut sections);
    write_relations(builder, &relations, &edges, &mut strings, &mut sections);
    write_statistics(&edges, nodes, &sets, &mut sections);

    // A key is kept where some node or edge has a value under it, or the schema has it.
    let (by_key, _) = by_name(&builder.keys, |_| true, |_| false);
    let mut keys = Vec::new();
    for old in by_key {
        let on_nodes = if name_key == Some(old as usize) {
            name_column.clone()
        } else {
            column::write(&builder.node_stores[old as usize], &new_nodes, nodes, &mut strings)?
        };
        let on_edges = column::write(&builder.edge_stores[old as usize], &new_edges, edges.len(), &mut strings)?;
        if on_nodes.is_none() && on_edges.is_none() && !closed {
            continue;
        }
        let key = keys.len() as u32;
        keys.push(strings.text(builder.keys.get(old)));
        if let Some(bytes) = on_nodes {
            sections.bytes(kind::NODE_COLUMN, key, bytes);
        }
        if let Some(bytes) = on_edges {
            sections.bytes(kind::EDGE_COLUMN, key, bytes);
        }
    }
    sections.u32s(kind::KEYS, keys);

    let name_rows = names::collect(builder, &new_nodes, &mut strings);
    if !builder.node_ids.is_empty() {
        let mut own: Vec<Option<&str>> = vec![None; nodes];
        for (&node, id) in &builder.node_ids {
            if let Some(place) = own.get_mut(new_nodes[node as usize] as usize) {
                *place = Some(id);
            }
        }
        let ids: Vec<u32> = own
            .iter()
            .enumerate()
            .map(|(node, id)| match id {
                Some(id) => strings.text(id),
                None => strings.text(&node.to_string()),
            })
            .collect();
        sections.u32s(kind::NODE_IDS, ids);
    }
    super::archive::write(builder, &new_nodes, &new_edges, &mut sections);

    let (heap, offsets) = strings.out.parts();
    if u32::try_from(heap.len()).is_err() {
        return Err(GraphError::TooLarge {
            what: "bytes of names and values",
            count: heap.len() as u64,
            most: u64::from(u32::MAX),
        });
    }
    let order = string_order(&strings.out);
    names::write(name_rows, &strings.out, &order, &mut sections);
    sections.u32s(kind::STRING_ORDER, order);
    sections.u32s(kind::STRING_OFFSETS, offsets.iter().map(|&o| o as u32));
    sections.bytes(kind::STRING_BYTES, 0, heap.to_vec());

    let mut header = layout::Header::new_zeroed();
    header.nodes = U32::new(node_count);
    header.edges = U32::new(edges.len() as u32);
    header.schema = U32::new(u32::from(!closed));
    header.self_loops = U32::new(self_loops);
    header.name_strings = U32::new(name_strings);
    let graph = Graph::from_bytes(sections.assemble(header), "the graph in memory")?;
    Ok((graph, Renumbering { nodes: new_nodes, edges: new_edges }))
}

/// The strings in the order of their bytes.
fn string_order(strings: &Interner) -> Vec<u32> {
    let mut keyed: Vec<(u64, u32)> =
        (0..strings.len() as u32).map(|id| (names::prefix_key(strings.raw(id)), id)).collect();
    keyed.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| strings.raw(a.1).cmp(strings.raw(b.1))));
    keyed.into_iter().map(|(_, id)| id).collect()
}

/// Which labels some node bears.
fn label_use(builder: &Builder) -> Vec<bool> {
    let mut sets = vec![false; builder.label_sets.len()];
    builder.nodes.iter().filter(|&&set| set != GONE).for_each(|&set| sets[set as usize] = true);
    let mut labels = vec![false; builder.labels.len()];
    for (set, _) in builder.label_sets.iter().zip(sets).filter(|(_, used)| *used) {
        set.iter().for_each(|&label| labels[label as usize] = true);
    }
    labels
}

/// The sets of labels and the nodes of each label; for each node the labels of its set, by new number.
struct LabelSets {
    of_node: Vec<u32>,
    members: Vec<Vec<u32>>,
    labels: usize,
}

fn write_labels(
    builder: &Builder,
    labels: &[u32],
    new_labels: &[u32],
    nodes: usize,
    strings: &mut Strings<'_>,
    sections: &mut Sections,
) -> LabelSets {
    sections.u32s(kind::LABELS, labels.iter().map(|&l| strings.text(builder.labels.get(l))));
    // Sets are numbered by the first node that bears them.
    let mut new_sets = vec![GONE; builder.label_sets.len()];
    let mut sets = LabelSets { of_node: Vec::with_capacity(nodes), members: Vec::new(), labels: labels.len() };
    for &old in builder.nodes.iter().filter(|&&set| set != GONE) {
        if new_sets[old as usize] == GONE {
            new_sets[old as usize] = sets.members.len() as u32;
            let set = builder.label_sets.get_index(old as usize);
            sets.members.push(set.into_iter().flatten().map(|&l| new_labels[l as usize]).collect());
        }
        sets.of_node.push(new_sets[old as usize]);
    }
    let mut offsets = vec![0u32];
    for set in &sets.members {
        offsets.push(offsets[offsets.len() - 1] + set.len() as u32);
    }
    sections.u32s(kind::LABEL_SET_OFFSETS, offsets);
    sections.u32s(kind::LABEL_SET_MEMBERS, sets.members.iter().flatten().copied());
    sections.u32s(kind::NODE_LABEL_SET, sets.of_node.iter().copied());

    let mut counts = vec![0u32; labels.len() + 1];
    for &set in &sets.of_node {
        sets.members[set as usize].iter().for_each(|&l| counts[l as usize + 1] += 1);
    }
    for l in 0..labels.len() {
        counts[l + 1] += counts[l];
    }
    let mut at = counts.clone();
    let mut of_label = vec![0u32; counts[labels.len()] as usize];
    for (node, &set) in sets.of_node.iter().enumerate() {
        for &l in &sets.members[set as usize] {
            of_label[at[l as usize] as usize] = node as u32;
            at[l as usize] += 1;
        }
    }
    sections.u32s(kind::LABEL_NODE_OFFSETS, counts);
    sections.u32s(kind::LABEL_NODES, of_label);
    sets
}

/// Source, relation, target and old number.
type Edge = (u32, u32, u32, u32);

fn sorted_edges(builder: &Builder, new_nodes: &[u32], new_relations: &[u32]) -> Vec<Edge> {
    let mut edges: Vec<Edge> = builder
        .edges
        .iter()
        .enumerate()
        .filter(|(_, e)| e.0 != GONE)
        .map(|(id, e)| (new_nodes[e.0 as usize], new_relations[e.1 as usize], new_nodes[e.2 as usize], id as u32))
        .collect();
    edges.par_sort_unstable();
    edges
}

/// Writes edges and adjacency; gives the number of self-loops.
fn write_adjacency(edges: &[Edge], nodes: usize, sections: &mut Sections) -> u32 {
    sections.u32s(kind::EDGE_SOURCE, edges.iter().map(|e| e.0));
    sections.bytes(kind::EDGE_RELATION, 0, edges.iter().flat_map(|e| (e.1 as u16).to_le_bytes()).collect());

    // Outgoing edges are in order already; incoming ones by target, relation and source.
    let mut incoming: Vec<(u32, u32, u32, u32)> =
        edges.iter().enumerate().map(|(id, e)| (e.2, e.1, e.0, id as u32)).collect();
    incoming.par_sort_unstable();
    let mut rows = Vec::with_capacity(nodes + 1);
    let mut segments: Vec<SegmentRow> = Vec::new();
    let mut neighbours = Vec::with_capacity(edges.len() * 2);
    let (mut out, mut into) = (0, 0);
    for node in 0..nodes as u32 {
        let (start, segment, edge) = (neighbours.len() as u32, segments.len() as u32, out as u32);
        let mut last = None;
        let mut open = |key: u32, start: usize, segments: &mut Vec<SegmentRow>| {
            if last != Some(key) {
                segments.push(SegmentRow { start: U32::new(start as u32), key: U16::new(key as u16) });
                last = Some(key);
            }
        };
        while let Some(edge) = edges.get(out).filter(|e| e.0 == node) {
            open(edge.1, neighbours.len(), &mut segments);
            neighbours.push(edge.2);
            out += 1;
        }
        let middle = neighbours.len() as u32;
        while let Some(edge) = incoming.get(into).filter(|e| e.0 == node) {
            open(edge.1 | INCOMING, neighbours.len(), &mut segments);
            neighbours.push(edge.2);
            into += 1;
        }
        rows.push(NodeRow {
            out: U32::new(start),
            into: U32::new(middle),
            edge: U32::new(edge),
            segment: U32::new(segment),
        });
    }
    let end = U32::new(neighbours.len() as u32);
    let edge = U32::new(edges.len() as u32);
    rows.push(NodeRow { out: end, into: end, edge, segment: U32::new(segments.len() as u32) });
    segments.push(SegmentRow { start: end, key: U16::MAX_VALUE });
    sections.rows(kind::ADJACENCY_NODES, &rows);
    sections.rows(kind::ADJACENCY_SEGMENTS, &segments);
    sections.u32s(kind::ADJACENCY_NEIGHBOURS, neighbours);
    sections.u32s(kind::ADJACENCY_INCOMING, incoming.iter().map(|e| e.3));
    edges.iter().filter(|e| e.0 == e.2).count() as u32
}

fn write_relations(
    builder: &Builder,
    relations: &[u32],
    edges: &[Edge],
    strings: &mut Strings<'_>,
    sections: &mut Sections,
) {
    let mut counts = vec![0u32; relations.len()];
    edges.iter().for_each(|e| counts[e.1 as usize] += 1);
    let rows: Vec<RelationRow> = relations
        .iter()
        .zip(counts)
        .map(|(&old, count)| {
            let flags = builder.relation_flags[old as usize];
            let flags = if flags.symmetric { layout::SYMMETRIC } else { 0 }
                | if flags.structural { layout::STRUCTURAL } else { 0 };
            RelationRow {
                name: U32::new(strings.text(builder.relations.get(old))),
                flags: U32::new(flags),
                count: U32::new(count),
            }
        })
        .collect();
    sections.rows(kind::RELATIONS, &rows);
}

/// With more rows than this there are no statistics: a graph of so many labels and relations is not planned well
/// anyway, and the counts must not outgrow the graph.
pub(super) const MOST_STATISTICS: usize = 1 << 18;

/// Counts edges and nodes per label, relation and direction.
fn write_statistics(edges: &[Edge], nodes: usize, sets: &LabelSets, sections: &mut Sections) {
    // First per set of labels, of which there are few, then per label.
    let mut per_set: std::collections::BTreeMap<(u32, u32), (u32, u32)> = std::collections::BTreeMap::new();
    let mut count = |ends: &mut dyn Iterator<Item = (u32, u32)>| {
        // The ends come sorted by node and relation: a change is a new node of that relation.
        let mut last = None;
        let mut pending: Option<((u32, u32), u32)> = None;
        let mut flush = |pending: &mut Option<((u32, u32), u32)>| {
            if let Some((key, edges)) = pending.take() {
                let entry = per_set.entry(key).or_insert((0, 0));
                entry.0 += edges;
                entry.1 += 1;
            }
        };
        for (node, key) in ends {
            if last != Some((node, key)) {
                flush(&mut pending);
                pending = Some(((sets.of_node[node as usize], key), 0));
                last = Some((node, key));
            }
            if let Some((_, edges)) = &mut pending {
                *edges += 1;
            }
        }
        flush(&mut pending);
    };
    debug_assert_eq!(sets.of_node.len(), nodes);
    count(&mut edges.iter().map(|e| (e.0, e.1)));
    let mut ends: Vec<(u32, u32)> = edges.iter().map(|e| (e.2, e.1 | INCOMING)).collect();
    ends.par_sort_unstable();
    count(&mut ends.into_iter());

    let mut per_label: std::collections::BTreeMap<(u32, u32), (u32, u32)> = std::collections::BTreeMap::new();
    for ((set, key), (edges, nodes)) in per_set {
        if per_label.len() > MOST_STATISTICS {
            break;
        }
        for &label in &sets.members[set as usize] {
            debug_assert!((label as usize) < sets.labels);
            let entry = per_label.entry((label, key)).or_insert((0, 0));
            entry.0 += edges;
            entry.1 += nodes;
        }
    }
    if per_label.len() > MOST_STATISTICS {
        per_label.clear();
    }
    let rows: Vec<StatisticRow> = per_label
        .into_iter()
        .map(|((label, key), (edges, nodes))| StatisticRow {
            label: U32::new(label),
            key: U32::new(key),
            edges: U32::new(edges),
            nodes: U32::new(nodes),
        })
        .collect();
    sections.rows(kind::STATISTICS, &rows);
}
