//! The immutable life of a graph: typed views of its bytes.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

use super::archive::ArchiveCache;
use super::layout::{self, INCOMING, NodeRow, RelationRow, SYMMETRIC, SegmentRow, StatisticRow, kind};
use super::map::Bytes;
use super::{
    Column, Direction, EdgeId, GraphError, KeyId, LabelId, LabelSetId, Neighbours, NodeId, PropertyRef, RelId,
    SchemaMode, Topology,
};

/// Numbers as they lie in a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct StringTable<'g> {
    offsets: &'g [U32],
    bytes: &'g [u8],
}

impl<'g> StringTable<'g> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// The bytes of a string; empty where there is none.
    #[inline]
    pub(super) fn raw(&self, id: u32) -> &'g [u8] {
        let id = id as usize;
        match (self.offsets.get(id), self.offsets.get(id + 1)) {
            (Some(a), Some(b)) => self.bytes.get(a.get() as usize..b.get() as usize).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// A string; empty where there is none or, in a damaged file, where it is not UTF-8.
    #[inline]
    pub(super) fn get(&self, id: u32) -> &'g str {
        std::str::from_utf8(self.raw(id)).unwrap_or("")
    }

    /// The string that holds a byte of the heap.
    pub(super) fn at(&self, byte: usize) -> u32 {
        (self.offsets.partition_point(|o| o.get() as usize <= byte) as u32).saturating_sub(1)
    }

    /// Where a string ends in the heap.
    pub(super) fn end(&self, id: u32) -> usize {
        self.offsets.get(id as usize + 1).map_or(0, |o| o.get() as usize)
    }

    /// The heap up to where a string begins.
    pub(super) fn heap(&self, end: u32) -> &'g [u8] {
        let end = self.offsets.get(end as usize).map_or(0, |o| o.get() as usize);
        self.bytes.get(..end).unwrap_or(&[])
    }

    pub(super) fn parts(&self) -> (&'g [U32], &'g [u8]) {
        (self.offsets, self.bytes)
    }
}

/// Where the sections lie.
#[derive(Debug, Default)]
struct Places {
    string_offsets: Range<usize>,
    string_bytes: Range<usize>,
    labels: Range<usize>,
    label_set_offsets: Range<usize>,
    label_set_members: Range<usize>,
    node_label_set: Range<usize>,
    label_node_offsets: Range<usize>,
    label_nodes: Range<usize>,
    relations: Range<usize>,
    edge_source: Range<usize>,
    edge_relation: Range<usize>,
    adjacency_nodes: Range<usize>,
    adjacency_segments: Range<usize>,
    adjacency_neighbours: Range<usize>,
    adjacency_incoming: Range<usize>,
    keys: Range<usize>,
}

#[derive(Debug)]
struct Inner {
    bytes: Bytes,
    name: String,
    header: layout::Header,
    /// (kind, param, place), sorted.
    table: Vec<(u32, u32, Range<usize>)>,
    places: Places,
    /// For each key, where its column on nodes and on edges lies.
    columns: Vec<[Option<Range<usize>>; 2]>,
    /// First relation that is structural.
    structural: u32,
    archive: OnceLock<ArchiveCache>,
}

/// An immutable graph over bytes in memory or in a mapped file. Cheap to clone, safe to share between threads.
///
/// Look-ups by name of a label, relation or key give an identifier; the rest works on identifiers. One that does not
/// belong to the graph finds nothing. In a damaged file every identifier that is given still belongs to the graph (it
/// is cut off at the highest), so that it may be an index.
#[derive(Debug, Clone)]
pub struct Graph {
    inner: Arc<Inner>,
}

impl Graph {
    /// A graph from the bytes of a file. `name` is what errors call it.
    pub fn from_bytes(bytes: Vec<u8>, name: &str) -> Result<Graph, GraphError> {
        Graph::over(Bytes::Owned(bytes), name)
    }

    /// Checks the header and the table, and that each section that is always there has the size that the counts ask
    /// for.
    pub(super) fn over(bytes: Bytes, name: &str) -> Result<Graph, GraphError> {
        let damaged = |what: String| GraphError::Damaged { name: name.to_owned(), what };
        let (header, entries) = layout::parse(&bytes, name)?;
        let header = *header;
        let table: Vec<(u32, u32, Range<usize>)> = entries
            .iter()
            .map(|e| {
                let start = e.offset.get() as usize;
                (e.kind.get(), e.param.get(), start..start + e.length.get() as usize)
            })
            .collect();
        let (nodes, edges) = (header.nodes.get() as usize, header.edges.get() as usize);
        if nodes as u64 >= u64::from(layout::ALIAS) || edges as u64 >= u64::from(u32::MAX / 2) {
            return Err(damaged("it counts more nodes or edges than there can be".to_owned()));
        }
        let find =
            |kind: u32| table.binary_search_by_key(&(kind, 0), |t| (t.0, t.1)).ok().map(|at| table[at].2.clone());
        // A section of rows of a size, and as many of them as the counts say, where they say.
        let need = |kind: u32, size: usize, rows: Option<usize>| -> Result<Range<usize>, GraphError> {
            let place = find(kind).ok_or_else(|| damaged(format!("section {kind} is missing")))?;
            if place.len() % size != 0 || rows.is_some_and(|rows| place.len() != rows * size) {
                return Err(damaged(format!("section {kind} has a wrong length, {} bytes", place.len())));
            }
            Ok(place)
        };
        let labels = need(kind::LABELS, 4, None)?;
        let places = Places {
            string_offsets: need(kind::STRING_OFFSETS, 4, None)?,
            string_bytes: need(kind::STRING_BYTES, 1, None)?,
            label_set_offsets: need(kind::LABEL_SET_OFFSETS, 4, None)?,
            label_set_members: need(kind::LABEL_SET_MEMBERS, 4, None)?,
            node_label_set: need(kind::NODE_LABEL_SET, 4, Some(nodes))?,
            label_node_offsets: need(kind::LABEL_NODE_OFFSETS, 4, Some(labels.len() / 4 + 1))?,
            label_nodes: need(kind::LABEL_NODES, 4, None)?,
            relations: need(kind::RELATIONS, size_of::<RelationRow>(), None)?,
            edge_source: need(kind::EDGE_SOURCE, 4, Some(edges))?,
            edge_relation: need(kind::EDGE_RELATION, 2, Some(edges))?,
            adjacency_nodes: need(kind::ADJACENCY_NODES, size_of::<NodeRow>(), Some(nodes + 1))?,
            adjacency_segments: need(kind::ADJACENCY_SEGMENTS, size_of::<SegmentRow>(), None)?,
            adjacency_neighbours: need(kind::ADJACENCY_NEIGHBOURS, 4, Some(edges * 2))?,
            adjacency_incoming: need(kind::ADJACENCY_INCOMING, 4, Some(edges))?,
            keys: need(kind::KEYS, 4, None)?,
            labels,
        };
        let mut columns = vec![[None, None]; places.keys.len() / 4];
        for (kind, param, place) in &table {
            let side = match *kind {
                kind::NODE_COLUMN => 0,
                kind::EDGE_COLUMN => 1,
                _ => continue,
            };
            match columns.get_mut(*param as usize) {
                Some(column) => column[side] = Some(place.clone()),
                None => return Err(damaged(format!("a column has the key {param}, which is not there"))),
            }
        }
        let mut graph = Graph {
            inner: Arc::new(Inner {
                bytes,
                name: name.to_owned(),
                header,
                table,
                places,
                columns,
                structural: 0,
                archive: OnceLock::new(),
            }),
        };
        let structural = graph.relation_rows().partition_point(|r| r.flags.get() & layout::STRUCTURAL == 0);
        for (key, sides) in graph.inner.columns.iter().enumerate() {
            for (side, count) in [nodes, edges].into_iter().enumerate() {
                if sides[side].is_some() && graph.column(key, side, count).is_none() {
                    return Err(damaged(format!(
                        "the column of `{}` cannot be read",
                        graph.key_name(KeyId(key as u32))
                    )));
                }
            }
        }
        if let Some(inner) = Arc::get_mut(&mut graph.inner) {
            inner.structural = structural as u32;
        }
        Ok(graph)
    }

    /// What errors call the graph: its file, or that it is in memory.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The bytes of the file.
    pub fn as_bytes(&self) -> &[u8] {
        &self.inner.bytes
    }

    fn rows<T: FromBytes + Immutable + KnownLayout + Unaligned>(&self, place: &Range<usize>) -> &[T] {
        let bytes = self.inner.bytes.get(place.clone()).unwrap_or(&[]);
        <[T]>::ref_from_bytes(bytes).unwrap_or(&[])
    }

    /// The bytes of a section; empty where it is not there.
    pub(super) fn section(&self, kind: u32) -> &[u8] {
        match self.inner.table.binary_search_by_key(&(kind, 0), |t| (t.0, t.1)) {
            Ok(at) => self.inner.bytes.get(self.inner.table[at].2.clone()).unwrap_or(&[]),
            Err(_) => &[],
        }
    }

    /// The rows of a section that need not be there; none where its length does not fit.
    pub(super) fn section_rows<T: FromBytes + Immutable + KnownLayout + Unaligned>(&self, kind: u32) -> &[T] {
        <[T]>::ref_from_bytes(self.section(kind)).unwrap_or(&[])
    }

    pub(super) fn archive_cache(&self) -> &OnceLock<ArchiveCache> {
        &self.inner.archive
    }

    pub(super) fn strings(&self) -> StringTable<'_> {
        let places = &self.inner.places;
        StringTable {
            offsets: self.rows(&places.string_offsets),
            bytes: self.inner.bytes.get(places.string_bytes.clone()).unwrap_or(&[]),
        }
    }

    pub(super) fn header(&self) -> &layout::Header {
        &self.inner.header
    }

    // ---- counts and schema

    /// Number of nodes: they are numbered from 0.
    pub fn node_count(&self) -> usize {
        self.inner.header.nodes.get() as usize
    }

    /// Number of edges: they are numbered from 0, sorted by (source, relation, target).
    pub fn edge_count(&self) -> usize {
        self.inner.header.edges.get() as usize
    }

    /// Whether the labels, relations and keys are those of the model.
    pub fn schema(&self) -> SchemaMode {
        if self.inner.header.schema.get() == 0 { SchemaMode::Closed } else { SchemaMode::Open }
    }

    /// All nodes, ascending.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeId> + use<> {
        (0..self.inner.header.nodes.get()).map(NodeId)
    }

    /// All edges, ascending.
    pub fn edges(&self) -> impl ExactSizeIterator<Item = EdgeId> + use<> {
        (0..self.inner.header.edges.get()).map(EdgeId)
    }

    // ---- labels

    fn label_rows(&self) -> &[U32] {
        self.rows(&self.inner.places.labels)
    }

    /// The labels, sorted by name.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = LabelId> + use<> {
        (0..self.label_rows().len() as u32).map(LabelId)
    }

    /// The label of that name.
    pub fn label_id(&self, name: &str) -> Option<LabelId> {
        let strings = self.strings();
        let at = self.label_rows().binary_search_by(|l| strings.raw(l.get()).cmp(name.as_bytes())).ok()?;
        Some(LabelId(at as u32))
    }

    /// The name of a label.
    pub fn label_name(&self, label: LabelId) -> &str {
        self.label_rows().get(label.index()).map_or("", |l| self.strings().get(l.get()))
    }

    /// The set of labels of a node: nodes with the same labels, got in the same order, share it.
    #[inline]
    pub fn label_set(&self, node: NodeId) -> LabelSetId {
        let sets: &[U32] = self.rows(&self.inner.places.node_label_set);
        let bound = self.label_set_count() as u32;
        LabelSetId(sets.get(node.index()).map_or(u32::MAX, |s| s.get().min(bound.saturating_sub(1))))
    }

    /// How many sets of labels there are.
    pub fn label_set_count(&self) -> usize {
        (self.inner.places.label_set_offsets.len() / 4).saturating_sub(1)
    }

    /// The labels of a set, in the order in which a node got them.
    pub fn label_set_labels(&self, set: LabelSetId) -> impl Iterator<Item = LabelId> + '_ {
        let offsets: &[U32] = self.rows(&self.inner.places.label_set_offsets);
        let members: &[U32] = self.rows(&self.inner.places.label_set_members);
        let range = match (offsets.get(set.index()), offsets.get((set.index()).saturating_add(1))) {
            (Some(a), Some(b)) => members.get(a.get() as usize..b.get() as usize).unwrap_or(&[]),
            _ => &[],
        };
        let bound = self.label_rows().len() as u32;
        range.iter().map(|l| LabelId(l.get())).filter(move |l| l.0 < bound)
    }

    /// The labels of a node, in the order in which it got them: of an entity from the general to the special.
    pub fn node_labels(&self, node: NodeId) -> impl Iterator<Item = LabelId> + '_ {
        self.label_set_labels(self.label_set(node))
    }

    /// Whether a node bears a label.
    pub fn has_label(&self, node: NodeId, label: LabelId) -> bool {
        self.node_labels(node).any(|l| l == label)
    }

    /// The nodes that bear a label, ascending.
    pub fn nodes_with_label(&self, label: LabelId) -> impl ExactSizeIterator<Item = NodeId> + Clone + '_ {
        let last = self.inner.header.nodes.get().saturating_sub(1);
        self.label_slice(label).iter().map(move |n| NodeId(n.get().min(last)))
    }

    /// The same as they lie in the file, for binary search and tight loops. In a damaged file a number may be no
    /// node.
    pub fn label_slice(&self, label: LabelId) -> &[U32] {
        let offsets: &[U32] = self.rows(&self.inner.places.label_node_offsets);
        let nodes: &[U32] = self.rows(&self.inner.places.label_nodes);
        match (offsets.get(label.index()), offsets.get(label.index().saturating_add(1))) {
            (Some(a), Some(b)) => nodes.get(a.get() as usize..b.get() as usize).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// How many nodes bear a label.
    pub fn label_count(&self, label: LabelId) -> usize {
        self.label_slice(label).len()
    }

    // ---- relations

    pub(super) fn relation_rows(&self) -> &[RelationRow] {
        self.rows(&self.inner.places.relations)
    }

    /// The relations, sorted by name, the structural ones after the others.
    pub fn relations(&self) -> impl ExactSizeIterator<Item = RelId> + use<> {
        (0..self.relation_rows().len() as u32).map(RelId)
    }

    /// The relation of that name.
    pub fn relation_id(&self, name: &str) -> Option<RelId> {
        let (strings, rows) = (self.strings(), self.relation_rows());
        let (plain, structural) = rows.split_at_checked(self.inner.structural as usize)?;
        let find =
            |rows: &[RelationRow]| rows.binary_search_by(|r| strings.raw(r.name.get()).cmp(name.as_bytes())).ok();
        let at = find(plain).or_else(|| find(structural).map(|at| at + plain.len()))?;
        Some(RelId(at as u32))
    }

    /// The name of a relation.
    pub fn relation_name(&self, relation: RelId) -> &str {
        self.relation_rows().get(relation.index()).map_or("", |r| self.strings().get(r.name.get()))
    }

    /// Whether a relation has no direction, so that questions match it either way round.
    pub fn is_symmetric(&self, relation: RelId) -> bool {
        self.relation_rows().get(relation.index()).is_some_and(|r| r.flags.get() & SYMMETRIC != 0)
    }

    /// Whether patterns of any relation pass over this one.
    pub fn is_structural(&self, relation: RelId) -> bool {
        relation.0 >= self.inner.structural && relation.index() < self.relation_rows().len()
    }

    /// How many edges a relation has.
    pub fn relation_count(&self, relation: RelId) -> usize {
        self.relation_rows().get(relation.index()).map_or(0, |r| r.count.get() as usize)
    }

    // ---- edges and adjacency

    /// Source, relation and target of an edge; all zero where there is no such edge.
    #[inline]
    pub fn edge(&self, edge: EdgeId) -> (NodeId, RelId, NodeId) {
        (self.source(edge), self.relation(edge), self.target(edge))
    }

    /// The source of an edge.
    #[inline]
    pub fn source(&self, edge: EdgeId) -> NodeId {
        let all: &[U32] = self.rows(&self.inner.places.edge_source);
        self.cut_off(all.get(edge.index()).map_or(0, |n| n.get()))
    }

    /// The target of an edge.
    #[inline]
    pub fn target(&self, edge: EdgeId) -> NodeId {
        let target = self.topology().target(self.source(edge), edge);
        self.cut_off(target.filter(|_| edge.index() < self.edge_count()).map_or(0, |n| n.0))
    }

    fn cut_off(&self, node: u32) -> NodeId {
        NodeId(node.min(self.inner.header.nodes.get().saturating_sub(1)))
    }

    /// The relation of an edge.
    #[inline]
    pub fn relation(&self, edge: EdgeId) -> RelId {
        let all: &[U16] = self.rows(&self.inner.places.edge_relation);
        let bound = (self.inner.places.relations.len() / size_of::<RelationRow>()) as u32;
        RelId(all.get(edge.index()).map_or(0, |r| u32::from(r.get())).min(bound.saturating_sub(1)))
    }

    /// The adjacency as slices, for tight loops.
    #[inline]
    pub fn topology(&self) -> Topology<'_> {
        let places = &self.inner.places;
        Topology {
            nodes: self.rows(&places.adjacency_nodes),
            segments: self.rows(&places.adjacency_segments),
            neighbours: self.rows(&places.adjacency_neighbours),
            incoming: self.rows(&places.adjacency_incoming),
            structural: self.inner.structural,
            has_structural: (self.inner.structural as usize) < places.relations.len() / size_of::<RelationRow>(),
            self_loops: self.inner.header.self_loops.get(),
        }
    }

    /// The neighbours of a node with the edges to them, see [`Topology::neighbours`].
    #[inline]
    pub fn neighbours(&self, node: NodeId, relation: Option<RelId>, direction: Direction) -> Neighbours<'_> {
        self.topology().neighbours(node, relation, direction)
    }

    /// How many neighbours [`Graph::neighbours`] gives.
    pub fn degree(&self, node: NodeId, relation: Option<RelId>, direction: Direction) -> usize {
        self.topology().degree(node, relation, direction)
    }

    /// The edges between two nodes, see [`Topology::between`].
    pub fn edges_between(
        &self,
        a: NodeId,
        relation: Option<RelId>,
        b: NodeId,
        direction: Direction,
    ) -> impl Iterator<Item = EdgeId> + '_ {
        self.topology().between(a, relation, b, direction)
    }

    // ---- statistics

    /// Edges of a relation that leave ([`Direction::Out`]) or enter ([`Direction::In`]) nodes with a label, and how
    /// many such nodes there are. [`Direction::Both`] gives the sums.
    pub fn label_relation_count(&self, label: LabelId, relation: RelId, direction: Direction) -> (usize, usize) {
        let rows: &[StatisticRow] = self.section_rows(kind::STATISTICS);
        let find = |key: u32| {
            rows.binary_search_by_key(&(label.0, key), |r| (r.label.get(), r.key.get()))
                .map_or((0, 0), |at| (rows[at].edges.get() as usize, rows[at].nodes.get() as usize))
        };
        let (out, into) = (find(relation.0), find(relation.0 | INCOMING));
        match direction {
            Direction::Out => out,
            Direction::In => into,
            Direction::Both => (out.0 + into.0, out.1 + into.1),
        }
    }

    // ---- properties

    fn key_rows(&self) -> &[U32] {
        self.rows(&self.inner.places.keys)
    }

    /// The keys of properties, of nodes and edges alike, sorted by name.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = KeyId> + use<> {
        (0..self.key_rows().len() as u32).map(KeyId)
    }

    /// The key of that name.
    pub fn key_id(&self, name: &str) -> Option<KeyId> {
        let strings = self.strings();
        let at = self.key_rows().binary_search_by(|k| strings.raw(k.get()).cmp(name.as_bytes())).ok()?;
        Some(KeyId(at as u32))
    }

    /// The name of a key.
    pub fn key_name(&self, key: KeyId) -> &str {
        self.key_rows().get(key.index()).map_or("", |k| self.strings().get(k.get()))
    }

    fn column(&self, key: usize, side: usize, items: usize) -> Option<Column<'_>> {
        let place = self.inner.columns.get(key)?[side].clone()?;
        Column::parse(self.inner.bytes.get(place)?, items, self.strings())
    }

    /// The values of a key on nodes; `None` where no node has one. Take it once and ask it often.
    pub fn node_column(&self, key: KeyId) -> Option<Column<'_>> {
        self.column(key.index(), 0, self.node_count())
    }

    /// The values of a key on edges; `None` where no edge has one.
    pub fn edge_column(&self, key: KeyId) -> Option<Column<'_>> {
        self.column(key.index(), 1, self.edge_count())
    }

    /// A property of a node; null where it has none.
    pub fn node_property(&self, node: NodeId, key: KeyId) -> PropertyRef<'_> {
        self.node_column(key).map_or(PropertyRef::Null, |c| c.get(node.0))
    }

    /// A property of an edge; null where it has none.
    pub fn edge_property(&self, edge: EdgeId, key: KeyId) -> PropertyRef<'_> {
        self.edge_column(key).map_or(PropertyRef::Null, |c| c.get(edge.0))
    }

    /// The properties of a node that are not null, sorted by key.
    pub fn node_properties(&self, node: NodeId) -> impl Iterator<Item = (KeyId, PropertyRef<'_>)> {
        self.keys().map(move |key| (key, self.node_property(node, key))).filter(|(_, value)| !value.is_null())
    }

    /// The properties of an edge that are not null, sorted by key.
    pub fn edge_properties(&self, edge: EdgeId) -> impl Iterator<Item = (KeyId, PropertyRef<'_>)> {
        self.keys().map(move |key| (key, self.edge_property(edge, key))).filter(|(_, value)| !value.is_null())
    }

    /// The name of a node: its property `name` where that is text, else empty.
    pub fn node_name(&self, node: NodeId) -> &str {
        let column = self.key_id(super::names::NAME).and_then(|key| self.node_column(key));
        column.and_then(|c| c.text(node.0)).unwrap_or("")
    }

    /// The number of a text among the strings of the graph, if it has it: to compare with [`Column::string_id`]
    /// without reading text.
    pub fn string_id(&self, text: &str) -> Option<u32> {
        let strings = self.strings();
        let order: &[U32] = self.section_rows(kind::STRING_ORDER);
        let at = order.binary_search_by(|id| strings.raw(id.get()).cmp(text.as_bytes())).ok()?;
        Some(order[at].get())
    }

    /// How many texts the graph has: their numbers are below this.
    pub fn string_count(&self) -> usize {
        self.strings().len()
    }

    /// The text of a number that [`Column::string_id`] gave.
    pub fn string(&self, id: u32) -> &str {
        self.strings().get(id)
    }

    /// Whether nodes have identifiers of their own.
    pub(super) fn has_own_ids(&self) -> bool {
        !self.section(kind::NODE_IDS).is_empty()
    }

    /// Another version of the graph is not meant: the file is wrong.
    pub(super) fn damaged(&self, what: String) -> GraphError {
        GraphError::Damaged { name: self.inner.name.clone(), what }
    }

    /// The identifier of a node in exports: its own where it has one, else its number.
    pub fn node_own_id(&self, node: NodeId) -> std::borrow::Cow<'_, str> {
        let ids: &[U32] = self.section_rows(kind::NODE_IDS);
        match ids.get(node.index()) {
            Some(id) => self.strings().get(id.get()).into(),
            None => node.0.to_string().into(),
        }
    }
}

impl Graph {
    /// Kind, parameter and length in bytes of each section, see [`layout::kind`]: where the size of a file comes from.
    pub fn sizes(&self) -> Vec<(u32, u32, usize)> {
        self.inner.table.iter().map(|(kind, param, place)| (*kind, *param, place.len())).collect()
    }
}
