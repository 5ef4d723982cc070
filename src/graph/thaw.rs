//! From a graph back to a builder that can be changed.

use super::archive;
use super::builder::Builder;
use super::{EdgeId, Graph, GraphError, NodeId};

impl Graph {
    /// A builder that holds the graph; nodes and edges keep their numbers.
    pub fn thaw(&self) -> Result<Builder, GraphError> {
        let mut builder = Builder::new(self.schema());
        let labels: Vec<u32> = self.labels().map(|l| builder.declare_label(self.label_name(l))).collect();
        let relations: Vec<u32> = self.relations().map(|r| builder.declare_relation(self.relation_name(r))).collect();
        for relation in self.relations() {
            let flags = &mut builder.relation_flags[relations[relation.index()] as usize];
            flags.symmetric = self.is_symmetric(relation);
            flags.structural = self.is_structural(relation);
        }
        for node in self.nodes() {
            let set = self.node_labels(node).filter_map(|l| labels.get(l.index()).copied()).collect();
            let set = builder.label_set_of(set);
            builder.push_node(set)?;
        }
        for edge in self.edges() {
            let (from, relation, to) = self.edge(edge);
            let relation = relations.get(relation.index()).copied().ok_or_else(|| GraphError::Damaged {
                name: self.name().to_owned(),
                what: format!("edge {} has a relation that is not there", edge.0),
            })?;
            builder.push_edge(from, relation, to)?;
        }
        for key in self.keys() {
            let new = builder.declare_key(self.key_name(key));
            if let Some(column) = self.node_column(key) {
                for (node, value) in column.iter() {
                    if builder.has_node(NodeId(node)) {
                        builder.node_value(NodeId(node), new, value.to_owned());
                    }
                }
            }
            if let Some(column) = self.edge_column(key) {
                for (edge, value) in column.iter() {
                    if builder.has_edge(EdgeId(edge)) {
                        builder.edge_value(EdgeId(edge), new, value.to_owned());
                    }
                }
            }
        }
        if self.has_own_ids() {
            for node in self.nodes() {
                builder.set_node_id(node, &self.node_own_id(node))?;
            }
        }
        archive::restore(self, &mut builder)?;
        Ok(builder)
    }
}
