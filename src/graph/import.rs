//! Graphs from elsewhere: JSON Lines in the form of APOC (ours) or one flat object a line, and CSV with the headers
//! of neo4j-admin or plain ones. Read line by line; an imported graph has an open schema.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use indexmap::IndexMap;

use crate::model::{DocumentMeta, Lang};

use super::builder::Support;
use super::corpus::DOCUMENT;
use super::intern::Interner;
use super::{Builder, Graph, GraphError, NodeId, SchemaMode};

mod csv;
mod jsonl;
#[cfg(test)]
mod tests;

/// A line may be this long.
const LONGEST_LINE: u64 = 256 << 20;

/// Takes files of nodes and relationships one after the other; nodes must come before the relationships that join
/// them.
///
/// ```
/// use samband::graph::Importer;
/// let mut importer = Importer::new();
/// importer.csv(":ID,:LABEL,name\na,Person,Anna\nb,Person,Bo\n".as_bytes(), "nodes.csv")?;
/// importer.csv(":START_ID,:END_ID,:TYPE,since:int\na,b,KNOWS,2018\n".as_bytes(), "edges.csv")?;
/// let graph = importer.finish()?.freeze()?;
/// assert_eq!((graph.node_count(), graph.edge_count()), (2, 1));
/// # Ok::<(), samband::graph::GraphError>(())
/// ```
#[derive(Debug)]
pub struct Importer {
    builder: Builder,
    /// Identifiers of nodes; each is numbered as its node is.
    ids: Interner,
    /// Documents that evidence names.
    documents: IndexMap<String, u32>,
}

impl Default for Importer {
    fn default() -> Importer {
        Importer::new()
    }
}

/// Where an error is.
struct At<'a> {
    name: &'a str,
    line: u64,
}

impl At<'_> {
    fn error(&self, what: impl Into<String>) -> GraphError {
        GraphError::Import { name: self.name.to_owned(), line: self.line, what: what.into() }
    }
}

impl Importer {
    /// Nothing imported yet.
    pub fn new() -> Importer {
        Importer { builder: Builder::new(SchemaMode::Open), ids: Interner::default(), documents: IndexMap::new() }
    }

    /// Says that a relation has no direction.
    pub fn declare_symmetric(&mut self, relation: &str) -> Result<(), GraphError> {
        self.builder.declare_symmetric(relation)
    }

    /// Imports a file, by its ending: `.csv`, `.tsv`, else JSON Lines.
    pub fn file(&mut self, path: &Path) -> Result<(), GraphError> {
        let file = File::open(path).map_err(|source| GraphError::Read { path: path.to_owned(), source })?;
        let reader = BufReader::with_capacity(1 << 20, file);
        let name = path.display().to_string();
        let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("csv") => self.csv(reader, &name),
            Some("tsv") => self.tsv(reader, &name),
            _ => self.jsonl(reader, &name),
        }
    }

    /// Imports JSON Lines. `name` is what errors call the input.
    pub fn jsonl(&mut self, reader: impl BufRead, name: &str) -> Result<(), GraphError> {
        jsonl::import(self, reader, name)
    }

    /// Imports CSV, nodes or relationships as its header says.
    pub fn csv(&mut self, reader: impl Read, name: &str) -> Result<(), GraphError> {
        csv::import(self, reader, b',', name)
    }

    /// Imports values separated by tabs.
    pub fn tsv(&mut self, reader: impl Read, name: &str) -> Result<(), GraphError> {
        csv::import(self, reader, b'\t', name)
    }

    /// The builder that holds all that was imported.
    pub fn finish(mut self) -> Result<Builder, GraphError> {
        self.describe_documents();
        Ok(self.builder)
    }

    /// Adds a node with an identifier that no other has. `own` is what an export shall print.
    fn node(&mut self, id: &str, set: u32, at: &At<'_>) -> Result<NodeId, GraphError> {
        let known = self.ids.len();
        if (self.ids.intern(id) as usize) < known {
            return Err(at.error(format!("there is a node `{id}` already; give each node an identifier of its own")));
        }
        let node = self.builder.push_node(set)?;
        self.builder.set_node_id(node, id)?;
        Ok(node)
    }

    /// The node with an identifier.
    fn end(&self, id: &str, at: &At<'_>) -> Result<NodeId, GraphError> {
        self.ids.find(id).map(NodeId).ok_or_else(|| {
            at.error(format!("there is no node `{id}`; nodes, and files of nodes, must come before relationships"))
        })
    }

    fn support(&mut self, edge: super::EdgeId, support: Support) {
        if support != Support::default() {
            self.builder.support.insert(edge.0, support);
        }
    }

    /// The number of a document that evidence names.
    fn document(&mut self, name: &str) -> u32 {
        if let Some(&document) = self.documents.get(name) {
            return document;
        }
        let meta = DocumentMeta { name: name.to_owned(), hash: 0, language: Lang::En, title: None, date: None };
        let document = self.builder.add_document(meta);
        self.documents.insert(name.to_owned(), document);
        document
    }

    /// Fills in what nodes with the label `Document` say of the documents that evidence names.
    fn describe_documents(&mut self) {
        if self.documents.is_empty() {
            return;
        }
        let nodes: Vec<NodeId> = self.builder.nodes().collect();
        for node in nodes {
            if !self.builder.node_labels(node).contains(&DOCUMENT) {
                continue;
            }
            let text = |key: &str| match self.builder.node_property(node, key) {
                super::PropertyRef::String(text) => Some(text.to_owned()),
                _ => None,
            };
            let Some(&document) = text(super::names::NAME).and_then(|name| self.documents.get(&name)) else {
                continue;
            };
            let (title, date) = (text("title"), text("date").and_then(|d| d.parse().ok()));
            let language = text("language").and_then(|l| Lang::from_word(&l));
            if let Some(meta) = self.builder.archive.documents.get_mut(document as usize) {
                meta.title = title;
                meta.date = date;
                meta.language = language.unwrap_or(meta.language);
            }
        }
    }
}

impl Graph {
    /// A graph from files of JSON Lines or CSV, nodes before relationships.
    pub fn import<P: AsRef<Path>>(paths: &[P]) -> Result<Graph, GraphError> {
        let mut importer = Importer::new();
        for path in paths {
            importer.file(path.as_ref())?;
        }
        importer.finish()?.freeze()
    }
}

/// Reads a line without its end into `line`; false at the end of the input.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>, at: &At<'_>) -> Result<bool, GraphError> {
    line.clear();
    let read = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', line);
    match read {
        Err(error) => Err(at.error(format!("it cannot be read: {error}"))),
        Ok(0) => Ok(false),
        Ok(_) => {
            if line.last() == Some(&b'\n') {
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
            } else if line.len() as u64 >= LONGEST_LINE {
                return Err(at.error(format!("it is longer than {} MB", LONGEST_LINE >> 20)));
            }
            Ok(true)
        }
    }
}
