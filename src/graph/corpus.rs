//! From resolved documents to a graph.

use super::builder::Builder;

pub(super) fn declare_model(_builder: &mut Builder) {}
