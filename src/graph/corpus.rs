//! From documents that were read and resolved to a graph with the closed schema of the model.
//!
//! Entities become nodes in their order, documents become nodes after them; facts become edges, whatever their
//! modality (the query language leaves the negated ones out), and each document MENTIONS its entities.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::model::{Edtf, Fact, Reading, Relation, Resolved, Type};

use super::builder::{Builder, Support};
use super::{Graph, GraphError, NodeId, Property, SchemaMode, archive, names};

/// The label of documents.
pub const DOCUMENT: &str = "Document";
/// The relation from a document to what it names. It is structural: patterns of any relation pass over it.
pub const MENTIONS: &str = "MENTIONS";

/// The properties of an edge that stands for a fact, in the order in which exports print them.
pub(super) const FACT_KEYS: [&str; 7] = ["modality", "since", "until", "date", "role", "basis", "documents"];

/// Gives a builder the labels, relations and keys of the model.
pub(super) fn declare_model(builder: &mut Builder) {
    for ty in Type::ALL {
        for label in ty.labels() {
            builder.declare_label(label);
        }
    }
    builder.declare_label(DOCUMENT);
    for relation in Relation::ALL {
        let id = builder.declare_relation(relation.word()) as usize;
        builder.relation_flags[id].symmetric = relation.symmetric();
    }
    let mentions = builder.declare_relation(MENTIONS) as usize;
    builder.relation_flags[mentions].structural = true;
    for key in [names::NAME, names::ALIASES, "title", "language"].into_iter().chain(FACT_KEYS) {
        builder.declare_key(key);
    }
}

/// All that a graph of documents is made from.
#[derive(Debug, Clone, Default)]
pub struct Corpus {
    /// What each document says, sorted by name; evidence and members name documents by their place here.
    pub readings: Vec<Reading>,
    /// The original text of each document; `None` where texts are left out.
    pub texts: Option<Vec<String>>,
    /// Entities and facts.
    pub resolved: Resolved,
    /// The decisions by hand, as they were written.
    pub decisions: String,
    /// The version of the rules that read the documents.
    pub rules_version: u64,
}

impl Graph {
    /// A graph of documents.
    pub fn from_corpus(corpus: &Corpus) -> Result<Graph, GraphError> {
        Builder::from_corpus(corpus)?.freeze()
    }
}

impl Builder {
    /// A builder that holds a graph of documents.
    pub fn from_corpus(corpus: &Corpus) -> Result<Builder, GraphError> {
        let mut builder = Builder::new(SchemaMode::Closed);
        let name = builder.declare_key(names::NAME);
        let aliases = builder.declare_key(names::ALIASES);
        let (title, language, date) =
            (builder.declare_key("title"), builder.declare_key("language"), builder.declare_key("date"));

        for entity in &corpus.resolved.entities {
            let set = builder.label_set(entity.ty.labels().iter().copied())?;
            let node = builder.push_node(set)?;
            builder.node_text(node, name, &entity.name);
            if !entity.aliases.is_empty() {
                let list = entity.aliases.iter().map(|a| Property::from(a.as_str())).collect();
                builder.node_value(node, aliases, Property::List(list));
            }
            builder.set_node_id(node, &format!("{:016x}", entity.id))?;
            if !entity.members.is_empty() {
                let members = entity.members.iter().map(|(document, local)| (*document, local.0)).collect();
                builder.archive.members.insert(node.0, members);
            }
        }
        let first = builder.nodes.len() as u32;
        for reading in &corpus.readings {
            let document = &reading.document;
            let set = builder.label_set([DOCUMENT])?;
            let node = builder.push_node(set)?;
            builder.node_text(node, name, &document.name);
            builder.node_text(node, language, document.language.word());
            if let Some(text) = &document.title {
                builder.node_text(node, title, text);
            }
            if let Some(text) = &document.date {
                builder.node_text(node, date, text.as_str());
            }
            builder.set_node_id(node, &format!("document/{}", document.name))?;
        }

        let keys = FACT_KEYS.map(|key| builder.declare_key(key));
        for fact in &corpus.resolved.facts {
            add_fact(&mut builder, fact, keys, first)?;
        }
        let mentions = builder.declare_relation(MENTIONS);
        for (at, entity) in corpus.resolved.entities.iter().enumerate() {
            let documents: BTreeSet<u32> = entity.members.iter().map(|(document, _)| *document).collect();
            for document in documents {
                builder.push_edge(NodeId(first.saturating_add(document)), mentions, NodeId(at as u32))?;
            }
        }

        builder.archive.documents = corpus.readings.iter().map(|r| r.document.clone()).collect();
        builder.archive.readings = corpus.readings.par_iter().map(archive::pack_reading).collect();
        if let Some(texts) = &corpus.texts {
            builder.archive.texts = texts.par_iter().map(|text| archive::pack(text.as_bytes())).collect();
        }
        builder.archive.decisions = corpus.decisions.clone();
        builder.archive.rules_version = corpus.rules_version;
        Ok(builder)
    }
}

/// Adds a fact between two of the `entities` first nodes.
fn add_fact(builder: &mut Builder, fact: &Fact, keys: [u32; 7], entities: u32) -> Result<(), GraphError> {
    for end in [fact.from, fact.to] {
        if end >= entities {
            return Err(GraphError::Missing { what: "node", id: end });
        }
    }
    let relation = builder.declare_relation(fact.relation.word());
    let edge = builder.push_edge(NodeId(fact.from), relation, NodeId(fact.to))?;
    let [modality, since, until, date, role, basis, documents] = keys;
    builder.edge_text(edge, modality, fact.modality.word());
    for (key, value) in [(since, &fact.since), (until, &fact.until), (date, &fact.date)] {
        if let Some(value) = value.as_ref().map(Edtf::as_str) {
            builder.edge_text(edge, key, value);
        }
    }
    if let Some(text) = &fact.role {
        builder.edge_text(edge, role, text);
    }
    builder.edge_text(edge, basis, fact.basis.word());
    let distinct: BTreeSet<u32> = fact.evidence.iter().map(|e| e.document).collect();
    builder.edge_value(edge, documents, Property::Int(distinct.len() as i64));
    let support = Support { evidence: fact.evidence.clone(), derived_from: fact.derived_from.clone() };
    if support != Support::default() {
        builder.support.insert(edge.0, support);
    }
    Ok(())
}
