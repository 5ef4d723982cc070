//! Who is next to whom: ranges of the one adjacency array, as iterators and as slices for tight loops.

use zerocopy::little_endian::U32;

use super::layout::{INCOMING, NodeRow, SegmentRow};
use super::{Direction, EdgeId, NodeId, RelId};

/// A graph's adjacency, resolved once so that a tight loop pays for nothing but the arrays. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Topology<'g> {
    pub(super) nodes: &'g [NodeRow],
    pub(super) segments: &'g [SegmentRow],
    pub(super) neighbours: &'g [U32],
    pub(super) edges: &'g [U32],
    /// Relations from here on are structural.
    pub(super) structural: u32,
    pub(super) has_structural: bool,
    pub(super) self_loops: u32,
}

/// A run of neighbours with the edges to them; both slices have one length.
pub(super) type Run<'g> = (&'g [U32], &'g [U32]);

impl<'g> Topology<'g> {
    /// Number of nodes.
    fn node_count(&self) -> u32 {
        (self.nodes.len() as u32).saturating_sub(1)
    }

    fn run(&self, start: u32, end: u32) -> Run<'g> {
        let range = start as usize..end as usize;
        (self.neighbours.get(range.clone()).unwrap_or(&[]), self.edges.get(range).unwrap_or(&[]))
    }

    fn row(&self, node: NodeId) -> Option<(&'g NodeRow, &'g NodeRow)> {
        Some((self.nodes.get(node.index())?, self.nodes.get(node.index() + 1)?))
    }

    /// The segments of a node.
    fn segments(&self, row: &NodeRow, next: &NodeRow) -> &'g [SegmentRow] {
        self.segments.get(row.segment.get() as usize..next.segment.get() as usize).unwrap_or(&[])
    }

    /// The run of one relation in one direction (`INCOMING` set or not).
    fn of_relation(&self, row: &NodeRow, next: &NodeRow, key: u32) -> Run<'g> {
        let segments = self.segments(row, next);
        let at = if segments.len() <= 16 {
            segments.iter().position(|s| s.key.get() == key)
        } else {
            segments.binary_search_by_key(&key, |s| s.key.get()).ok()
        };
        let Some(at) = at else { return (&[], &[]) };
        let start = segments[at].start.get();
        // The run ends where the next begins, which for a node's last is where the next node's first begins.
        let end = self.segments.get(row.segment.get() as usize + at + 1).map_or(start, |s| s.start.get());
        self.run(start, end)
    }

    /// The run of every relation that is not structural, in one direction.
    fn of_any(&self, row: &NodeRow, next: &NodeRow, incoming: bool) -> Run<'g> {
        let (start, mut end) =
            if incoming { (row.into.get(), next.out.get()) } else { (row.out.get(), row.into.get()) };
        if self.has_structural {
            let first = self.structural | if incoming { INCOMING } else { 0 };
            let segments = self.segments(row, next);
            let at = segments.partition_point(|s| s.key.get() < first);
            if let Some(s) = segments.get(at)
                && (incoming || s.key.get() & INCOMING == 0)
            {
                end = s.start.get();
            }
        }
        self.run(start, end)
    }

    fn runs(&self, node: NodeId, relation: Option<RelId>, direction: Direction) -> (Run<'g>, Run<'g>) {
        let none: Run<'g> = (&[], &[]);
        let Some((row, next)) = self.row(node) else { return (none, none) };
        let one = |incoming: bool| match relation {
            Some(relation) => self.of_relation(row, next, relation.0 | if incoming { INCOMING } else { 0 }),
            None => self.of_any(row, next, incoming),
        };
        match direction {
            Direction::Out => (one(false), none),
            Direction::In => (none, one(true)),
            Direction::Both => (one(false), one(true)),
        }
    }

    /// The neighbours of a node with the edges to them: over one relation, or over every one that is not structural.
    /// Outgoing ones come first; within a direction they are sorted by relation, then neighbour. With
    /// [`Direction::Both`] a self-loop comes once. A node that is not there has none.
    pub fn neighbours(&self, node: NodeId, relation: Option<RelId>, direction: Direction) -> Neighbours<'g> {
        let (out, into) = self.runs(node, relation, direction);
        Neighbours {
            out,
            into,
            skip: if direction == Direction::Both && self.self_loops > 0 { node.0 } else { u32::MAX },
            bound: self.node_count(),
            edge_bound: (self.edges.len() / 2) as u32,
        }
    }

    /// How many neighbours [`Topology::neighbours`] gives.
    pub fn degree(&self, node: NodeId, relation: Option<RelId>, direction: Direction) -> usize {
        let (out, into) = self.runs(node, relation, direction);
        let loops = if direction == Direction::Both && self.self_loops > 0 {
            into.0.iter().filter(|n| n.get() == node.0).count()
        } else {
            0
        };
        out.0.len() + into.0.len() - loops
    }

    /// The neighbours over one relation, or every one that is not structural, in one direction, as they lie in the
    /// file: sorted for one relation. [`Direction::Both`] gives the outgoing and the incoming ones (a self-loop in
    /// both). In a damaged file a number may be no node: check it against the number of nodes before it is an index.
    pub fn slices(&self, node: NodeId, relation: Option<RelId>, direction: Direction) -> [&'g [U32]; 2] {
        let (out, into) = self.runs(node, relation, direction);
        [out.0, into.0]
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
        let mut all = self.neighbours(from, relation, direction);
        if relation.is_some() {
            all.narrow(to.0);
        }
        all.filter(move |(n, _)| *n == to).map(|(_, e)| e)
    }
}

/// The neighbours of a node with the edges to them.
#[derive(Debug, Clone)]
pub struct Neighbours<'g> {
    out: Run<'g>,
    into: Run<'g>,
    /// The node itself where a loop has already come among the outgoing ones.
    skip: u32,
    bound: u32,
    edge_bound: u32,
}

impl Neighbours<'_> {
    /// Keeps one neighbour; the runs must be sorted.
    fn narrow(&mut self, to: u32) {
        for run in [&mut self.out, &mut self.into] {
            let start = run.0.partition_point(|n| n.get() < to);
            let end = start + run.0[start..].partition_point(|n| n.get() <= to);
            *run = (&run.0[start..end], run.1.get(start..end).unwrap_or(&[]));
        }
    }
}

impl Iterator for Neighbours<'_> {
    type Item = (NodeId, EdgeId);

    #[inline]
    fn next(&mut self) -> Option<(NodeId, EdgeId)> {
        loop {
            let (run, loops) =
                if self.out.0.is_empty() { (&mut self.into, self.skip) } else { (&mut self.out, u32::MAX) };
            let (node, nodes) = run.0.split_first()?;
            let (edge, edges) = run.1.split_first()?;
            *run = (nodes, edges);
            let (node, edge) = (node.get(), edge.get());
            // A number beyond the nodes stands only in a damaged file; it is no neighbour.
            if node < self.bound && edge < self.edge_bound && node != loops {
                return Some((NodeId(node), EdgeId(edge)));
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.out.0.len() + self.into.0.len()))
    }
}
