//! The mutable life of a graph: nodes and edges come, change and go; [`Builder::freeze`] lays them out.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{DocumentMeta, Evidence};

use super::intern::Interner;
use super::property::MAX_DEPTH;
use super::store::Store;
use super::{EdgeId, Graph, GraphError, LabelId, NodeId, Property, PropertyRef, SchemaMode};

/// Marks a node or an edge that was removed.
pub(super) const GONE: u32 = u32::MAX;

/// What is known of an edge beyond its properties.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Support {
    pub(super) evidence: Vec<Evidence>,
    pub(super) derived_from: Option<String>,
}

/// What came with the documents.
#[derive(Debug, Clone, Default)]
pub(super) struct Archive {
    pub(super) documents: Vec<DocumentMeta>,
    /// One text for each document, packed; empty where texts were left out.
    pub(super) texts: Vec<Vec<u8>>,
    /// One reading for each document, packed; empty in an imported graph.
    pub(super) readings: Vec<Vec<u8>>,
    /// (document, local entity) of each node.
    pub(super) members: BTreeMap<u32, Vec<(u32, u32)>>,
    pub(super) decisions: String,
    pub(super) rules_version: u64,
}

/// A relation as a builder knows it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RelationFlags {
    pub(super) symmetric: bool,
    pub(super) structural: bool,
}

/// Which new number a node or an edge of a [`Builder`] has in the [`Graph`] that was frozen from it.
#[derive(Debug, Clone, Default)]
pub struct Renumbering {
    pub(super) nodes: Vec<u32>,
    pub(super) edges: Vec<u32>,
}

impl Renumbering {
    /// The node's number in the graph; `None` where it was removed.
    pub fn node(&self, node: NodeId) -> Option<NodeId> {
        self.nodes.get(node.index()).copied().filter(|&n| n != GONE).map(NodeId)
    }

    /// The edge's number in the graph; `None` where it was removed.
    pub fn edge(&self, edge: EdgeId) -> Option<EdgeId> {
        self.edges.get(edge.index()).copied().filter(|&e| e != GONE).map(EdgeId)
    }
}

/// A graph that is being made or changed. Numbers of nodes and edges are given in order and stay as they are until
/// it is frozen; those of removed ones are not given again.
///
/// ```
/// use samband::graph::{Builder, Direction, Property, SchemaMode};
/// let mut builder = Builder::new(SchemaMode::Open);
/// let anna = builder.add_node(&["Person"], vec![("name".into(), "Anna".into())])?;
/// let region = builder.add_node(&["Region"], vec![("name".into(), "Skåne".into())])?;
/// builder.add_edge(anna, "VISITS", region, vec![("since".into(), Property::Int(2018))])?;
/// let graph = builder.freeze()?;
/// assert_eq!(graph.neighbours(anna, graph.relation_id("VISITS"), Direction::Out).count(), 1);
/// # Ok::<(), samband::graph::GraphError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Builder {
    pub(super) schema: SchemaMode,
    /// Names of labels, relations and keys, and values.
    pub(super) strings: Interner,
    pub(super) labels: Interner,
    pub(super) relations: Interner,
    pub(super) relation_flags: Vec<RelationFlags>,
    pub(super) keys: Interner,
    /// Distinct sets of labels, in the order in which nodes bear them.
    pub(super) label_sets: indexmap::IndexSet<Vec<u32>>,
    /// The set of labels of each node, [`GONE`] where it was removed.
    pub(super) nodes: Vec<u32>,
    /// Source, relation and target of each edge; a source of [`GONE`] where it was removed.
    pub(super) edges: Vec<(u32, u32, u32)>,
    pub(super) node_stores: Vec<Store>,
    pub(super) edge_stores: Vec<Store>,
    /// Nodes' own identifiers, where they are not their numbers.
    pub(super) node_ids: BTreeMap<u32, Arc<str>>,
    pub(super) support: BTreeMap<u32, Support>,
    pub(super) archive: Archive,
    live_nodes: usize,
    live_edges: usize,
    /// The edges at each node; made when first asked for.
    incident: Option<Vec<Vec<u32>>>,
}

impl Builder {
    /// An empty graph. With a closed schema it has the labels, relations and keys of the model and takes no others.
    pub fn new(schema: SchemaMode) -> Builder {
        let mut builder = Builder {
            schema,
            strings: Interner::default(),
            labels: Interner::default(),
            relations: Interner::default(),
            relation_flags: Vec::new(),
            keys: Interner::default(),
            label_sets: indexmap::IndexSet::new(),
            nodes: Vec::new(),
            edges: Vec::new(),
            node_stores: Vec::new(),
            edge_stores: Vec::new(),
            node_ids: BTreeMap::new(),
            support: BTreeMap::new(),
            archive: Archive::default(),
            live_nodes: 0,
            live_edges: 0,
            incident: None,
        };
        if schema == SchemaMode::Closed {
            super::corpus::declare_model(&mut builder);
        }
        builder
    }

    /// Whether it takes any label, relation and key.
    pub fn schema(&self) -> SchemaMode {
        self.schema
    }

    /// Nodes that were added and not removed.
    pub fn node_count(&self) -> usize {
        self.live_nodes
    }

    /// Edges that were added and not removed.
    pub fn edge_count(&self) -> usize {
        self.live_edges
    }

    pub(super) fn declare_label(&mut self, name: &str) -> u32 {
        self.labels.intern(name)
    }

    pub(super) fn declare_relation(&mut self, name: &str) -> u32 {
        let id = self.relations.intern(name);
        if id as usize == self.relation_flags.len() {
            self.relation_flags.push(RelationFlags::default());
        }
        id
    }

    pub(super) fn declare_key(&mut self, name: &str) -> u32 {
        let id = self.keys.intern(name);
        if id as usize == self.node_stores.len() {
            self.node_stores.push(Store::new());
            self.edge_stores.push(Store::new());
        }
        id
    }

    fn refuse<T>(&self, what: &'static str, name: &str) -> Result<T, GraphError> {
        Err(GraphError::NotInSchema { what, name: name.to_owned() })
    }

    fn label(&mut self, name: &str) -> Result<u32, GraphError> {
        match (self.labels.find(name), self.schema) {
            (Some(id), _) => Ok(id),
            (None, SchemaMode::Open) => Ok(self.declare_label(name)),
            (None, SchemaMode::Closed) => self.refuse("label", name),
        }
    }

    fn relation(&mut self, name: &str) -> Result<u32, GraphError> {
        match (self.relations.find(name), self.schema) {
            (Some(id), _) => Ok(id),
            (None, SchemaMode::Open) => Ok(self.declare_relation(name)),
            (None, SchemaMode::Closed) => self.refuse("relation", name),
        }
    }

    fn key(&mut self, name: &str) -> Result<u32, GraphError> {
        match (self.keys.find(name), self.schema) {
            (Some(id), _) => Ok(id),
            (None, SchemaMode::Open) => Ok(self.declare_key(name)),
            (None, SchemaMode::Closed) => self.refuse("property", name),
        }
    }

    /// The number of a set of labels; a label given twice counts once.
    pub(super) fn label_set<'a>(&mut self, labels: impl IntoIterator<Item = &'a str>) -> Result<u32, GraphError> {
        let mut set = indexmap::IndexSet::new();
        for name in labels {
            set.insert(self.label(name)?);
        }
        Ok(self.label_set_of(set.into_iter().collect()))
    }

    pub(super) fn label_set_of(&mut self, set: Vec<u32>) -> u32 {
        match self.label_sets.get_index_of(&set) {
            Some(at) => at as u32,
            None => self.label_sets.insert_full(set).0 as u32,
        }
    }

    /// Adds a node. A property of null is none; of a key given twice the last value counts.
    pub fn add_node(&mut self, labels: &[&str], properties: Vec<(String, Property)>) -> Result<NodeId, GraphError> {
        let set = self.label_set(labels.iter().copied())?;
        let node = self.push_node(set)?;
        for (key, value) in properties {
            self.set_node_property(node, &key, value)?;
        }
        Ok(node)
    }

    /// Adds a node with a set of labels that is known already.
    pub(super) fn push_node(&mut self, set: u32) -> Result<NodeId, GraphError> {
        let id = room(self.nodes.len(), "nodes", super::layout::ALIAS - 2)?;
        self.nodes.push(set);
        self.live_nodes += 1;
        if let Some(incident) = &mut self.incident {
            incident.push(Vec::new());
        }
        Ok(NodeId(id))
    }

    /// Adds an edge between two nodes that are there.
    pub fn add_edge(
        &mut self,
        from: NodeId,
        relation: &str,
        to: NodeId,
        properties: Vec<(String, Property)>,
    ) -> Result<EdgeId, GraphError> {
        let relation = self.relation(relation)?;
        let edge = self.push_edge(from, relation, to)?;
        for (key, value) in properties {
            self.set_edge_property(edge, &key, value)?;
        }
        Ok(edge)
    }

    /// Adds an edge of a relation that is known already.
    pub(super) fn push_edge(&mut self, from: NodeId, relation: u32, to: NodeId) -> Result<EdgeId, GraphError> {
        self.alive(from)?;
        self.alive(to)?;
        // Both directions of every edge are numbered with 32 bits.
        let id = room(self.edges.len(), "edges", (u32::MAX - 2) / 2)?;
        self.edges.push((from.0, relation, to.0));
        self.live_edges += 1;
        if let Some(incident) = &mut self.incident {
            incident[from.index()].push(id);
            if from != to {
                incident[to.index()].push(id);
            }
        }
        Ok(EdgeId(id))
    }

    fn alive(&self, node: NodeId) -> Result<(), GraphError> {
        if self.has_node(node) { Ok(()) } else { Err(GraphError::Missing { what: "node", id: node.0 }) }
    }

    fn alive_edge(&self, edge: EdgeId) -> Result<(), GraphError> {
        if self.has_edge(edge) { Ok(()) } else { Err(GraphError::Missing { what: "edge", id: edge.0 }) }
    }

    /// Whether the node was added and not removed.
    pub fn has_node(&self, node: NodeId) -> bool {
        self.nodes.get(node.index()).is_some_and(|&set| set != GONE)
    }

    /// Whether the edge was added and not removed.
    pub fn has_edge(&self, edge: EdgeId) -> bool {
        self.edges.get(edge.index()).is_some_and(|e| e.0 != GONE)
    }

    /// The labels of a node, in the order in which it got them.
    pub fn node_labels(&self, node: NodeId) -> Vec<&str> {
        let set = self.nodes.get(node.index()).and_then(|&set| self.label_sets.get_index(set as usize));
        set.map(|set| set.iter().map(|&l| self.labels.get(l)).collect()).unwrap_or_default()
    }

    /// Gives a node a label; nothing happens where it has it.
    pub fn add_label(&mut self, node: NodeId, label: &str) -> Result<(), GraphError> {
        self.alive(node)?;
        let label = self.label(label)?;
        let mut set = self.labels_of(node);
        if !set.contains(&LabelId(label)) {
            set.push(LabelId(label));
            self.nodes[node.index()] = self.label_set_of(set.into_iter().map(|l| l.0).collect());
        }
        Ok(())
    }

    /// Takes a label from a node; nothing happens where it does not have it.
    pub fn remove_label(&mut self, node: NodeId, label: &str) -> Result<(), GraphError> {
        self.alive(node)?;
        if let Some(label) = self.labels.find(label) {
            let set = self.labels_of(node).into_iter().map(|l| l.0).filter(|&l| l != label).collect();
            self.nodes[node.index()] = self.label_set_of(set);
        }
        Ok(())
    }

    fn labels_of(&self, node: NodeId) -> Vec<LabelId> {
        let set = self.label_sets.get_index(self.nodes[node.index()] as usize);
        set.map(|set| set.iter().map(|&l| LabelId(l)).collect()).unwrap_or_default()
    }

    /// Sets a property of a node; null removes it.
    pub fn set_node_property(&mut self, node: NodeId, key: &str, value: Property) -> Result<(), GraphError> {
        self.alive(node)?;
        let key = self.key(key)? as usize;
        self.node_stores[key].set(node.0, bounded(value), &mut self.strings);
        Ok(())
    }

    /// Sets a property of an edge; null removes it.
    pub fn set_edge_property(&mut self, edge: EdgeId, key: &str, value: Property) -> Result<(), GraphError> {
        self.alive_edge(edge)?;
        let key = self.key(key)? as usize;
        self.edge_stores[key].set(edge.0, bounded(value), &mut self.strings);
        Ok(())
    }

    /// Sets a property of text whose key is known, without an owned string between.
    pub(super) fn node_text(&mut self, node: NodeId, key: u32, text: &str) {
        self.node_stores[key as usize].push_string(node.0, text, &mut self.strings);
    }

    /// The same on an edge.
    pub(super) fn edge_text(&mut self, edge: EdgeId, key: u32, text: &str) {
        self.edge_stores[key as usize].push_string(edge.0, text, &mut self.strings);
    }

    /// Sets a property of a node whose key is known.
    pub(super) fn node_value(&mut self, node: NodeId, key: u32, value: Property) {
        self.node_stores[key as usize].set(node.0, bounded(value), &mut self.strings);
    }

    /// The same on an edge.
    pub(super) fn edge_value(&mut self, edge: EdgeId, key: u32, value: Property) {
        self.edge_stores[key as usize].set(edge.0, bounded(value), &mut self.strings);
    }

    /// A property of a node; null where it has none.
    pub fn node_property(&self, node: NodeId, key: &str) -> PropertyRef<'_> {
        match self.keys.find(key) {
            Some(key) if self.has_node(node) => self.node_stores[key as usize].get(node.0, &self.strings),
            _ => PropertyRef::Null,
        }
    }

    /// A property of an edge; null where it has none.
    pub fn edge_property(&self, edge: EdgeId, key: &str) -> PropertyRef<'_> {
        match self.keys.find(key) {
            Some(key) if self.has_edge(edge) => self.edge_stores[key as usize].get(edge.0, &self.strings),
            _ => PropertyRef::Null,
        }
    }

    /// The properties of a node that are not null, sorted by key.
    pub fn node_properties(&self, node: NodeId) -> Vec<(&str, PropertyRef<'_>)> {
        if self.has_node(node) { self.properties(&self.node_stores, node.0) } else { Vec::new() }
    }

    /// The properties of an edge that are not null, sorted by key.
    pub fn edge_properties(&self, edge: EdgeId) -> Vec<(&str, PropertyRef<'_>)> {
        if self.has_edge(edge) { self.properties(&self.edge_stores, edge.0) } else { Vec::new() }
    }

    fn properties<'b>(&'b self, stores: &'b [Store], id: u32) -> Vec<(&'b str, PropertyRef<'b>)> {
        let mut all: Vec<_> = stores
            .iter()
            .enumerate()
            .map(|(key, store)| (self.keys.get(key as u32), store.get(id, &self.strings)))
            .filter(|(_, value)| !value.is_null())
            .collect();
        all.sort_by_key(|(key, _)| *key);
        all
    }

    /// Source, relation and target of an edge.
    pub fn edge(&self, edge: EdgeId) -> Option<(NodeId, &str, NodeId)> {
        let &(from, relation, to) = self.edges.get(edge.index()).filter(|e| e.0 != GONE)?;
        Some((NodeId(from), self.relations.get(relation), NodeId(to)))
    }

    /// The nodes, ascending.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        (0..self.nodes.len() as u32).filter(|&n| self.nodes[n as usize] != GONE).map(NodeId)
    }

    /// The edges, ascending.
    pub fn edges(&self) -> impl Iterator<Item = EdgeId> + '_ {
        (0..self.edges.len() as u32).filter(|&e| self.edges[e as usize].0 != GONE).map(EdgeId)
    }

    /// The edges that leave or enter a node, ascending; a self-loop once.
    pub fn incident_edges(&mut self, node: NodeId) -> Vec<EdgeId> {
        let incident = self.incident.get_or_insert_with(|| {
            let mut incident = vec![Vec::new(); self.nodes.len()];
            for (id, &(from, _, to)) in self.edges.iter().enumerate() {
                if from != GONE {
                    incident[from as usize].push(id as u32);
                    if from != to {
                        incident[to as usize].push(id as u32);
                    }
                }
            }
            incident
        });
        let at = incident.get(node.index()).map_or(&[][..], Vec::as_slice);
        at.iter().filter(|&&e| self.edges[e as usize].0 != GONE).map(|&e| EdgeId(e)).collect()
    }

    /// Removes a node. Its edges go first where `detach` says so; else a node that has some is an error.
    pub fn remove_node(&mut self, node: NodeId, detach: bool) -> Result<(), GraphError> {
        self.alive(node)?;
        let edges = self.incident_edges(node);
        if !edges.is_empty() && !detach {
            return Err(GraphError::StillConnected(node.0));
        }
        for edge in edges {
            self.remove_edge(edge)?;
        }
        for store in &mut self.node_stores {
            store.remove(node.0);
        }
        self.node_ids.remove(&node.0);
        self.archive.members.remove(&node.0);
        self.nodes[node.index()] = GONE;
        self.live_nodes -= 1;
        Ok(())
    }

    /// Removes an edge.
    pub fn remove_edge(&mut self, edge: EdgeId) -> Result<(), GraphError> {
        self.alive_edge(edge)?;
        for store in &mut self.edge_stores {
            store.remove(edge.0);
        }
        self.support.remove(&edge.0);
        self.edges[edge.index()].0 = GONE;
        self.live_edges -= 1;
        Ok(())
    }

    /// Says that a relation has no direction, so that questions match it either way round.
    pub fn declare_symmetric(&mut self, relation: &str) -> Result<(), GraphError> {
        let id = self.relation(relation)? as usize;
        self.relation_flags[id].symmetric = true;
        Ok(())
    }

    /// Says that patterns of any relation pass over this one: it is followed only where it is named.
    pub fn declare_structural(&mut self, relation: &str) -> Result<(), GraphError> {
        let id = self.relation(relation)? as usize;
        self.relation_flags[id].structural = true;
        Ok(())
    }

    /// Sets what an edge rests on. The evidence names documents by their place among those of the graph.
    pub fn set_evidence(
        &mut self,
        edge: EdgeId,
        evidence: Vec<Evidence>,
        derived_from: Option<String>,
    ) -> Result<(), GraphError> {
        self.alive_edge(edge)?;
        self.support.insert(edge.0, Support { evidence, derived_from });
        Ok(())
    }

    /// Adds a document that evidence may name; its place among the documents.
    pub fn add_document(&mut self, document: DocumentMeta) -> u32 {
        self.archive.documents.push(document);
        self.archive.documents.len() as u32 - 1
    }

    /// Gives a node an identifier of its own, which exports print and imports refer to, in place of its number.
    pub fn set_node_id(&mut self, node: NodeId, id: &str) -> Result<(), GraphError> {
        self.alive(node)?;
        if id.parse() == Ok(node.0) && id == node.0.to_string() {
            self.node_ids.remove(&node.0);
        } else {
            self.node_ids.insert(node.0, Arc::from(id));
        }
        Ok(())
    }

    /// The graph, laid out. The builder stays as it is and can go on.
    pub fn freeze(&self) -> Result<Graph, GraphError> {
        Ok(self.freeze_renumbered()?.0)
    }

    /// The graph, laid out, and the new numbers of nodes and edges: removed nodes leave no holes, edges are sorted.
    pub fn freeze_renumbered(&self) -> Result<(Graph, Renumbering), GraphError> {
        super::freeze::freeze(self)
    }
}

/// The next number, if there is room for it.
fn room(count: usize, what: &'static str, most: u32) -> Result<u32, GraphError> {
    match u32::try_from(count) {
        Ok(id) if id < most => Ok(id),
        _ => Err(GraphError::TooLarge { what, count: count as u64 + 1, most: u64::from(most) }),
    }
}

/// The value, with what nests too deep cut off.
fn bounded(value: Property) -> Property {
    fn cut(value: &mut Property, depth: usize) {
        match value {
            _ if depth >= MAX_DEPTH => *value = Property::Null,
            Property::List(items) => items.iter_mut().for_each(|item| cut(item, depth + 1)),
            Property::Map(items) => {
                items.sort_by(|a, b| a.0.cmp(&b.0));
                items.iter_mut().for_each(|(_, item)| cut(item, depth + 1));
            }
            _ => {}
        }
    }
    let mut value = value;
    if matches!(value, Property::List(_) | Property::Map(_)) {
        cut(&mut value, 0);
    }
    value
}
