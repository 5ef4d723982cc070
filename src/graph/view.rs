//! petgraph's visit traits on cheap views, so that its algorithms run on a [`Graph`] as they are.
//!
//! A view is a copy of a few slices. [`DirectedView`] follows edges as they point, [`UndirectedView`] either way (a
//! self-loop once), [`RelationView`] over one relation only. The first two pass over structural relations. All have
//! every node; indices are node numbers, without holes. What a weight is to an algorithm, the caller computes from
//! the edge's number.

use fixed::Marks;
use petgraph::visit as pg;
use petgraph::{Directed, Undirected};

use super::{Direction, EdgeId, Graph, Neighbours, NodeId, RelId, Topology};

/// Marks of visited nodes.
mod fixed {
    use super::NodeId;

    /// One bit a node.
    #[derive(Debug, Clone, Default)]
    pub struct Marks(Vec<u64>);

    impl Marks {
        pub(super) fn clear_for(&mut self, nodes: usize) {
            self.0.clear();
            self.0.resize(nodes.div_ceil(64), 0);
        }

        fn place(&mut self, node: NodeId) -> Option<(&mut u64, u64)> {
            Some((self.0.get_mut(node.index() / 64)?, 1 << (node.index() % 64)))
        }
    }

    impl petgraph::visit::VisitMap<NodeId> for Marks {
        fn visit(&mut self, node: NodeId) -> bool {
            self.place(node).is_some_and(|(word, bit)| {
                let new = *word & bit == 0;
                *word |= bit;
                new
            })
        }

        fn is_visited(&self, node: &NodeId) -> bool {
            self.0.get(node.index() / 64).is_some_and(|word| word & (1 << (node.index() % 64)) != 0)
        }

        fn unvisit(&mut self, node: NodeId) -> bool {
            self.place(node).is_some_and(|(word, bit)| {
                let old = *word & bit != 0;
                *word &= !bit;
                old
            })
        }
    }
}

/// An edge as a view shows it: undirected views turn it so that the node asked for is the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewEdge {
    source: NodeId,
    target: NodeId,
    id: EdgeId,
}

impl pg::EdgeRef for ViewEdge {
    type NodeId = NodeId;
    type EdgeId = EdgeId;
    type Weight = EdgeId;

    fn source(&self) -> NodeId {
        self.source
    }

    fn target(&self) -> NodeId {
        self.target
    }

    fn weight(&self) -> &EdgeId {
        &self.id
    }

    fn id(&self) -> EdgeId {
        self.id
    }
}

/// The neighbours of a node, without the edges.
#[derive(Debug, Clone)]
pub struct ViewNeighbours<'g>(Neighbours<'g>);

impl Iterator for ViewNeighbours<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        self.0.next().map(|(node, _)| node)
    }
}

/// The edges at a node.
#[derive(Debug, Clone)]
pub struct ViewEdges<'g> {
    node: NodeId,
    /// Whether the node asked for is the target of each edge.
    target: bool,
    all: Neighbours<'g>,
}

impl Iterator for ViewEdges<'_> {
    type Item = ViewEdge;

    fn next(&mut self) -> Option<ViewEdge> {
        let (other, id) = self.all.next()?;
        let (source, target) = if self.target { (other, self.node) } else { (self.node, other) };
        Some(ViewEdge { source, target, id })
    }
}

/// All edges of a view.
#[derive(Debug, Clone)]
pub struct AllEdges<'g> {
    graph: &'g Graph,
    relation: Option<RelId>,
    next: u32,
}

impl Iterator for AllEdges<'_> {
    type Item = ViewEdge;

    fn next(&mut self) -> Option<ViewEdge> {
        while (self.next as usize) < self.graph.edge_count() {
            let id = EdgeId(self.next);
            self.next += 1;
            let (source, relation, target) = self.graph.edge(id);
            if self.relation.map_or(!self.graph.is_structural(relation), |only| only == relation) {
                return Some(ViewEdge { source, target, id });
            }
        }
        None
    }
}

/// All nodes.
#[derive(Debug, Clone)]
pub struct AllNodes(std::ops::Range<u32>);

impl Iterator for AllNodes {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        self.0.next().map(NodeId)
    }
}

/// A node as a view shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewNode(NodeId);

impl pg::NodeRef for ViewNode {
    type NodeId = NodeId;
    type Weight = NodeId;

    fn id(&self) -> NodeId {
        self.0
    }

    fn weight(&self) -> &NodeId {
        &self.0
    }
}

/// All nodes with their weights, which are the nodes themselves.
#[derive(Debug, Clone)]
pub struct AllViewNodes(AllNodes);

impl Iterator for AllViewNodes {
    type Item = ViewNode;

    fn next(&mut self) -> Option<ViewNode> {
        self.0.next().map(ViewNode)
    }
}

/// The traits that every view has; `$out` and `$in` are the directions followed for petgraph's outgoing and incoming.
macro_rules! view {
    ($name:ident, $ty:ty, $out:expr, $in:expr) => {
        impl<'g> $name<'g> {
            fn follow(self, node: NodeId, direction: petgraph::Direction) -> Neighbours<'g> {
                let direction = match direction {
                    petgraph::Direction::Outgoing => $out,
                    petgraph::Direction::Incoming => $in,
                };
                self.topology.neighbours(node, self.relation, direction)
            }
        }

        impl pg::GraphBase for $name<'_> {
            type NodeId = NodeId;
            type EdgeId = EdgeId;
        }

        impl pg::GraphRef for $name<'_> {}

        impl pg::GraphProp for $name<'_> {
            type EdgeType = $ty;
        }

        impl pg::Data for $name<'_> {
            type NodeWeight = NodeId;
            type EdgeWeight = EdgeId;
        }

        impl pg::NodeCount for $name<'_> {
            fn node_count(&self) -> usize {
                self.graph.node_count()
            }
        }

        impl pg::NodeIndexable for $name<'_> {
            fn node_bound(&self) -> usize {
                self.graph.node_count()
            }

            fn to_index(&self, node: NodeId) -> usize {
                node.index()
            }

            fn from_index(&self, index: usize) -> NodeId {
                NodeId(index as u32)
            }
        }

        impl pg::NodeCompactIndexable for $name<'_> {}

        impl pg::EdgeCount for $name<'_> {
            fn edge_count(&self) -> usize {
                let all = |r: RelId| self.graph.relation_count(r);
                match self.relation {
                    Some(relation) => all(relation),
                    None => self.graph.relations().filter(|r| !self.graph.is_structural(*r)).map(all).sum(),
                }
            }
        }

        impl pg::EdgeIndexable for $name<'_> {
            fn edge_bound(&self) -> usize {
                self.graph.edge_count()
            }

            fn to_index(&self, edge: EdgeId) -> usize {
                edge.index()
            }

            fn from_index(&self, index: usize) -> EdgeId {
                EdgeId(index as u32)
            }
        }

        impl pg::Visitable for $name<'_> {
            type Map = Marks;

            fn visit_map(&self) -> Marks {
                let mut marks = Marks::default();
                marks.clear_for(self.graph.node_count());
                marks
            }

            fn reset_map(&self, map: &mut Marks) {
                map.clear_for(self.graph.node_count());
            }
        }

        impl pg::IntoNodeIdentifiers for $name<'_> {
            type NodeIdentifiers = AllNodes;

            fn node_identifiers(self) -> AllNodes {
                AllNodes(0..self.graph.node_count() as u32)
            }
        }

        impl pg::IntoNodeReferences for $name<'_> {
            type NodeRef = ViewNode;
            type NodeReferences = AllViewNodes;

            fn node_references(self) -> AllViewNodes {
                AllViewNodes(pg::IntoNodeIdentifiers::node_identifiers(self))
            }
        }

        impl pg::GetAdjacencyMatrix for $name<'_> {
            // The adjacency is sorted: it answers as it is.
            type AdjMatrix = ();

            fn adjacency_matrix(&self) {}

            fn is_adjacent(&self, _: &(), a: NodeId, b: NodeId) -> bool {
                self.topology.between(a, self.relation, b, $out).next().is_some()
            }
        }

        impl<'g> pg::IntoNeighbors for $name<'g> {
            type Neighbors = ViewNeighbours<'g>;

            fn neighbors(self, node: NodeId) -> ViewNeighbours<'g> {
                ViewNeighbours(self.follow(node, petgraph::Direction::Outgoing))
            }
        }

        impl<'g> pg::IntoNeighborsDirected for $name<'g> {
            type NeighborsDirected = ViewNeighbours<'g>;

            fn neighbors_directed(self, node: NodeId, direction: petgraph::Direction) -> ViewNeighbours<'g> {
                ViewNeighbours(self.follow(node, direction))
            }
        }

        impl<'g> pg::IntoEdgeReferences for $name<'g> {
            type EdgeRef = ViewEdge;
            type EdgeReferences = AllEdges<'g>;

            fn edge_references(self) -> AllEdges<'g> {
                AllEdges { graph: self.graph, relation: self.relation, next: 0 }
            }
        }

        impl<'g> pg::IntoEdges for $name<'g> {
            type Edges = ViewEdges<'g>;

            fn edges(self, node: NodeId) -> ViewEdges<'g> {
                ViewEdges { node, target: false, all: self.follow(node, petgraph::Direction::Outgoing) }
            }
        }

        impl<'g> pg::IntoEdgesDirected for $name<'g> {
            type EdgesDirected = ViewEdges<'g>;

            fn edges_directed(self, node: NodeId, direction: petgraph::Direction) -> ViewEdges<'g> {
                let target = direction == petgraph::Direction::Incoming;
                ViewEdges { node, target, all: self.follow(node, direction) }
            }
        }
    };
}

/// A graph as petgraph sees it, edges followed as they point.
#[derive(Debug, Clone, Copy)]
pub struct DirectedView<'g> {
    graph: &'g Graph,
    topology: Topology<'g>,
    relation: Option<RelId>,
}

/// A graph as petgraph sees it, edges followed either way.
#[derive(Debug, Clone, Copy)]
pub struct UndirectedView<'g> {
    graph: &'g Graph,
    topology: Topology<'g>,
    relation: Option<RelId>,
}

/// One relation of a graph as petgraph sees it, edges followed as they point.
#[derive(Debug, Clone, Copy)]
pub struct RelationView<'g> {
    graph: &'g Graph,
    topology: Topology<'g>,
    relation: Option<RelId>,
}

view!(DirectedView, Directed, Direction::Out, Direction::In);
view!(UndirectedView, Undirected, Direction::Both, Direction::Both);
view!(RelationView, Directed, Direction::Out, Direction::In);

impl Graph {
    /// The graph for petgraph's algorithms, edges followed as they point.
    ///
    /// ```
    /// use samband::graph::{Builder, SchemaMode};
    /// let mut builder = Builder::new(SchemaMode::Open);
    /// let a = builder.add_node(&[], vec![])?;
    /// let b = builder.add_node(&[], vec![])?;
    /// builder.add_edge(a, "R", b, vec![])?;
    /// let graph = builder.freeze()?;
    /// let far = petgraph::algo::dijkstra(graph.directed(), a, None, |_| 1);
    /// assert_eq!(far[&b], 1);
    /// # Ok::<(), samband::graph::GraphError>(())
    /// ```
    pub fn directed(&self) -> DirectedView<'_> {
        DirectedView { graph: self, topology: self.topology(), relation: None }
    }

    /// The graph for petgraph's algorithms, edges followed either way.
    pub fn undirected(&self) -> UndirectedView<'_> {
        UndirectedView { graph: self, topology: self.topology(), relation: None }
    }

    /// One relation for petgraph's algorithms, edges followed as they point.
    pub fn of_relation(&self, relation: RelId) -> RelationView<'_> {
        RelationView { graph: self, topology: self.topology(), relation: Some(relation) }
    }
}
