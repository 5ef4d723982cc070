//! Who is next to whom: ranges of the one adjacency array, as iterators and as slices for tight loops.

use std::iter::Zip;
use std::ops::Range;
use std::slice;

use zerocopy::little_endian::U32;

use super::layout::{INCOMING, NodeRow, SegmentRow};
use super::{Direction, EdgeId, NodeId, RelId};

/// A graph's adjacency, resolved once so that a tight loop pays for nothing but the arrays. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Topology<'g> {
    pub(super) nodes: &'g [NodeRow],
    pub(super) segments: &'g [SegmentRow],
    pub(super) neighbours: &'g [U32],
    /// The edges of incoming neighbours; those of outgoing ones are numbered in their order.
    pub(super) incoming: &'g [U32],
    /// Relations from here on are structural.
    pub(super) structural: u32,
    pub(super) has_structural: bool,
    pub(super) self_loops: u32,
}

/// A run of neighbours over outgoing edges: the first edge's number, the others follow it.
#[derive(Debug, Clone, Copy, Default)]
struct OutRun<'g> {
    nodes: &'g [U32],
    edge: u32,
}

/// A run of neighbours over incoming edges, whose numbers are listed; both slices have one length.
#[derive(Debug, Clone, Copy, Default)]
struct InRun<'g> {
    nodes: &'g [U32],
    edges: &'g [U32],
}

impl<'g> Topology<'g> {
    /// Number of nodes.
    fn node_count(&self) -> u32 {
        (self.nodes.len() as u32).saturating_sub(1)
    }

    fn out_run(&self, row: &NodeRow, range: Range<u32>) -> OutRun<'g> {
        let nodes = self.neighbours.get(range.start as usize..range.end as usize).unwrap_or(&[]);
        OutRun { nodes, edge: row.edge.get().wrapping_add(range.start.wrapping_sub(row.out.get())) }
    }

    fn in_run(&self, row: &NodeRow, range: Range<u32>) -> InRun<'g> {
        let nodes = self.neighbours.get(range.start as usize..range.end as usize).unwrap_or(&[]);
        // As many incoming edges stand before this node as neighbours that are not those of outgoing ones.
        let before = row.out.get().wrapping_sub(row.edge.get());
        let start = before.wrapping_add(range.start.wrapping_sub(row.into.get())) as usize;
        let edges = self.incoming.get(start..start.saturating_add(nodes.len())).unwrap_or(&[]);
        InRun { nodes, edges }
    }

    fn row(&self, node: NodeId) -> Option<(&'g NodeRow, &'g NodeRow)> {
        Some((self.nodes.get(node.index())?, self.nodes.get(node.index() + 1)?))
    }

    /// The segments of a node.
    fn segments(&self, row: &NodeRow, next: &NodeRow) -> &'g [SegmentRow] {
        self.segments.get(row.segment.get() as usize..next.segment.get() as usize).unwrap_or(&[])
    }

    /// Where the run of one relation in one direction lies (`INCOMING` set in the key or not).
    fn of_relation(&self, row: &NodeRow, next: &NodeRow, key: u32) -> Range<u32> {
        let segments = self.segments(row, next);
        let at = if segments.len() <= 16 {
            segments.iter().position(|s| u32::from(s.key.get()) == key)
        } else {
            segments.binary_search_by_key(&key, |s| u32::from(s.key.get())).ok()
        };
        let Some(at) = at else { return 0..0 };
        let start = segments[at].start.get();
        // The run ends where the next begins, which for a node's last is where the next node's first begins.
        start..self.segments.get(row.segment.get() as usize + at + 1).map_or(start, |s| s.start.get())
    }

    /// Where the run of every relation that is not structural lies, in one direction.
    fn of_any(&self, row: &NodeRow, next: &NodeRow, incoming: bool) -> Range<u32> {
        let (start, mut end) =
            if incoming { (row.into.get(), next.out.get()) } else { (row.out.get(), row.into.get()) };
        if self.has_structural {
            let first = self.structural | if incoming { INCOMING } else { 0 };
            let segments = self.segments(row, next);
            let at = segments.partition_point(|s| u32::from(s.key.get()) < first);
            if let Some(s) = segments.get(at)
                && (incoming || u32::from(s.key.get()) & INCOMING == 0)
            {
                end = s.start.get();
            }
        }
        start..end
    }

    fn runs(&self, node: NodeId, relation: Option<RelId>, direction: Direction) -> (OutRun<'g>, InRun<'g>) {
        let Some((row, next)) = self.row(node) else { return Default::default() };
        let place = |incoming: bool| match relation {
            Some(relation) => self.of_relation(row, next, relation.0 | if incoming { INCOMING } else { 0 }),
            None => self.of_any(row, next, incoming),
        };
        let out = if direction == Direction::In { OutRun::default() } else { self.out_run(row, place(false)) };
        let into = if direction == Direction::Out { InRun::default() } else { self.in_run(row, place(true)) };
        (out, into)
    }

    /// The target of an edge whose source is known.
    #[inline]
    pub(super) fn target(&self, source: NodeId, edge: EdgeId) -> Option<NodeId> {
        let row = self.nodes.get(source.index())?;
        let at = row.out.get().wrapping_add(edge.0.wrapping_sub(row.edge.get()));
        self.neighbours.get(at as usize).map(|n| NodeId(n.get()))
    }

    /// The neighbours of a node with the edges to them: over one relation, or over every one that is not structural.
    /// Outgoing ones come first; within a direction they are sorted by relation, then neighbour. With
    /// [`Direction::Both`] a self-loop comes once. A node that is not there has none.
    pub fn neighbours(&self, node: NodeId, relation: Option<RelId>, direction: Direction) -> Neighbours<'g> {
        let (out, into) = self.runs(node, relation, direction);
        self.iterate(node, out, into, direction)
    }

    fn iterate(&self, node: NodeId, out: OutRun<'g>, into: InRun<'g>, direction: Direction) -> Neighbours<'g> {
        Neighbours {
            out: out.nodes.iter(),
            edge: out.edge,
            into: into.nodes.iter().zip(into.edges),
            skip: if direction == Direction::Both && self.self_loops > 0 { node.0 } else { u32::MAX },
            bound: self.node_count(),
            edge_bound: self.incoming.len() as u32,
        }
    }

    /// How many neighbours [`Topology::neighbours`] gives.
    pub fn degree(&self, node: NodeId, relation: Option<RelId>, direction: Direction) -> usize {
        let (out, into) = self.runs(node, relation, direction);
        let loops = if direction == Direction::Both && self.self_loops > 0 {
            into.nodes.iter().filter(|n| n.get() == node.0).count()
        } else {
            0
        };
        out.nodes.len() + into.nodes.len() - loops
    }

    /// The neighbours over one relation, or every one that is not structural, in one direction, as they lie in the
    /// file: sorted for one relation. [`Direction::Both`] gives the outgoing and the incoming ones (a self-loop in
    /// both). In a damaged file a number may be no node: check it against the number of nodes before it is an index.
    pub fn slices(&self, node: NodeId, relation: Option<RelId>, direction: Direction) -> [&'g [U32]; 2] {
        let (out, into) = self.runs(node, relation, direction);
        [out.nodes, into.nodes]
    }

    /// The edges between two nodes: over one relation, or over every one that is not structural.
    /// With [`Direction::Out`] those from `a` to `b`.
    pub fn between(
        &self,
        a: NodeId,
        relation: Option<RelId>,
        b: NodeId,
        direction: Direction,
    ) -> impl Iterator<Item = EdgeId> + use<'g> {
        // Sorted runs are searched from either end; runs of several relations are scanned from the smaller side.
        let swap = self.degree(b, relation, direction.reverse()) < self.degree(a, relation, direction);
        let (from, to, direction) = if swap { (b, a, direction.reverse()) } else { (a, b, direction) };
        let (mut out, mut into) = self.runs(from, relation, direction);
        if relation.is_some() {
            let part = narrow(out.nodes, to.0);
            out = OutRun { nodes: &out.nodes[part.clone()], edge: out.edge.wrapping_add(part.start as u32) };
            let part = narrow(into.nodes, to.0);
            into = InRun { nodes: &into.nodes[part.clone()], edges: into.edges.get(part).unwrap_or(&[]) };
        }
        self.iterate(from, out, into, direction).filter(move |(n, _)| *n == to).map(|(_, e)| e)
    }
}

/// The part of a sorted run that holds one neighbour.
fn narrow(run: &[U32], to: u32) -> Range<usize> {
    let start = run.partition_point(|n| n.get() < to);
    start..start + run[start..].partition_point(|n| n.get() <= to)
}

/// The neighbours of a node with the edges to them.
#[derive(Debug, Clone)]
pub struct Neighbours<'g> {
    out: slice::Iter<'g, U32>,
    /// The edge to the next of the outgoing ones.
    edge: u32,
    into: Zip<slice::Iter<'g, U32>, slice::Iter<'g, U32>>,
    /// The node itself, where a loop has come among the outgoing ones already.
    skip: u32,
    bound: u32,
    edge_bound: u32,
}

impl Iterator for Neighbours<'_> {
    type Item = (NodeId, EdgeId);

    #[inline]
    fn next(&mut self) -> Option<(NodeId, EdgeId)> {
        // A number beyond the nodes or edges stands only in a damaged file; it is no neighbour.
        for node in self.out.by_ref() {
            let (node, edge) = (node.get(), self.edge);
            self.edge = self.edge.wrapping_add(1);
            if node < self.bound && edge < self.edge_bound {
                return Some((NodeId(node), EdgeId(edge)));
            }
        }
        for (node, edge) in self.into.by_ref() {
            let (node, edge) = (node.get(), edge.get());
            if node < self.bound && edge < self.edge_bound && node != self.skip {
                return Some((NodeId(node), EdgeId(edge)));
            }
        }
        None
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.out.len() + self.into.len()))
    }
}
