//! Names and aliases of nodes.

use super::builder::Builder;
use super::freeze::Strings;
use super::layout::Sections;
use super::{Graph, GraphError};

/// The key of names.
pub(super) const NAME: &str = "name";

/// Folds a name.
pub(super) fn fold(name: &str) -> String {
    name.to_lowercase()
}

pub(super) fn write(
    _builder: &Builder,
    _new_nodes: &[u32],
    _strings: &mut Strings<'_>,
    _sections: &mut Sections,
) -> Result<(), GraphError> {
    Ok(())
}

/// Look-ups by name.
#[derive(Debug, Clone, Copy)]
pub struct NameIndex<'g> {
    graph: &'g Graph,
}

impl Graph {
    /// The index of names.
    pub fn names(&self) -> NameIndex<'_> {
        NameIndex { graph: self }
    }
}

impl NameIndex<'_> {
    pub(super) fn string_id(&self, text: &str) -> Option<u32> {
        let strings = self.graph.strings();
        (0..strings.len() as u32).find(|&s| strings.get(s) == text)
    }
}
