//! What the checker asks of a graph and of the function library, answered.

use super::check::{FunctionShape, Library, SchemaView};
use super::functions;
use crate::graph::{Graph, SchemaMode};

/// The labels, relations and properties of a graph.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary<'g>(pub &'g Graph);

impl SchemaView for Vocabulary<'_> {
    fn closed(&self) -> bool {
        self.0.schema() == SchemaMode::Closed
    }
    fn has_label(&self, name: &str) -> bool {
        self.0.label_id(name).is_some()
    }
    fn has_relation(&self, name: &str) -> bool {
        self.0.relation_id(name).is_some()
    }
    fn has_property(&self, name: &str) -> bool {
        self.0.key_id(name).is_some()
    }
    fn labels(&self) -> Vec<String> {
        self.0.labels().map(|l| self.0.label_name(l).to_owned()).collect()
    }
    fn relations(&self) -> Vec<String> {
        self.0.relations().map(|r| self.0.relation_name(r).to_owned()).collect()
    }
    fn properties(&self) -> Vec<String> {
        self.0.keys().map(|k| self.0.key_name(k).to_owned()).collect()
    }
}

/// The functions of the language.
#[derive(Debug, Clone, Copy, Default)]
pub struct Functions;

impl Library for Functions {
    fn function(&self, name: &str) -> Option<FunctionShape> {
        let s = functions::lookup(name)?;
        Some(FunctionShape { min: s.min, max: s.max, aggregate: s.aggregate })
    }
    fn names(&self) -> Vec<&'static str> {
        functions::signatures().iter().map(|s| s.name).collect()
    }
}
