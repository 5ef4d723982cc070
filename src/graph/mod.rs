//! The property graph, its file, its indexes and petgraph's visit traits. Knows no query language.
//!
//! One type has two lives. A [`Builder`] is mutable: documents, imports and the `CREATE` of a query language put
//! nodes and edges into it. [`Builder::freeze`] lays them out in one buffer of bytes, and a [`Graph`] is a set of
//! typed views of that buffer. The buffer is the file: writing a graph is writing its bytes, opening one is mapping
//! them and checking the header and the table of sections. Everything else is checked where it is used, so that a
//! damaged or hostile file yields an error or an empty answer, never a panic.
//!
//! What lies where is told in [`layout`].

mod adjacency;
mod archive;
mod builder;
mod check;
mod column;
mod corpus;
mod error;
mod export;
mod file;
mod freeze;
mod import;
mod intern;
mod json;
pub mod layout;
mod map;
mod names;
mod property;
mod read;
mod store;
mod thaw;
pub mod view;

pub use adjacency::{Neighbours, Topology};
pub use builder::{Builder, Renumbering};
pub use check::{Report, check};
pub use column::Column;
pub use corpus::{Corpus, DOCUMENT, MENTIONS};
pub use error::GraphError;
pub use export::{ExportError, export_csv, export_jsonl};
pub use import::Importer;
pub(crate) use json::harmless_json;
pub use names::{NameHit, NameIndex};
pub use property::{Property, PropertyRef};
pub use read::Graph;
pub use view::{DirectedView, RelationView, UndirectedView};

/// Declares a dense identifier.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index into an array with one place for each.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id! {
    /// A node: an index from 0 to [`Graph::node_count`], without holes in a [`Graph`].
    NodeId
}
id! {
    /// An edge (a relationship): an index from 0 to [`Graph::edge_count`], without holes in a [`Graph`].
    /// A graph's edges are numbered by (source, relation, target).
    EdgeId
}
id! {
    /// A label.
    LabelId
}
id! {
    /// A set of labels that some node bears.
    LabelSetId
}
id! {
    /// A type of relationship.
    RelId
}
id! {
    /// The key of a property, of nodes and edges alike.
    KeyId
}

/// Which way edges are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the source to the target.
    Out,
    /// From the target to the source.
    In,
    /// Either way; a self-loop counts once.
    Both,
}

impl Direction {
    /// The other way round.
    pub const fn reverse(self) -> Direction {
        match self {
            Direction::Out => Direction::In,
            Direction::In => Direction::Out,
            Direction::Both => Direction::Both,
        }
    }
}

/// Whether a graph takes any label, relation and property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SchemaMode {
    /// The labels, relations and properties of the model, known before any node is there: a graph of documents.
    Closed,
    /// Whatever comes: an imported or scratch graph.
    Open,
}

#[cfg(test)]
mod tests;
