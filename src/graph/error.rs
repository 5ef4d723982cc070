//! What can go wrong with a graph and its file, and what to do about it.

use std::path::PathBuf;

/// An error of building, opening, reading or writing a graph.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// The file is not there or cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write {}: {source}; the old file, if there was one, is untouched", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The bytes are no graph.
    #[error("{name} is not a graph file; build one with `samband build PATH… -o GRAPH.samband`")]
    NotAGraph {
        /// The file, or what stands for it.
        name: String,
    },
    /// Another version of the format.
    #[error(
        "{name} has format version {found}, this program reads version {expected}; rebuild it with `samband build`"
    )]
    Version {
        /// The file.
        name: String,
        /// The version that it bears.
        found: u32,
        /// The version that is read.
        expected: u32,
    },
    /// The file was damaged.
    #[error("{name} is damaged: {what}; rebuild it with `samband build`")]
    Damaged {
        /// The file.
        name: String,
        /// What is wrong.
        what: String,
    },
    /// More than the format can hold.
    #[error("the graph is too large: {what} {count}, at most {most} fit; split it")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        count: u64,
        /// How many fit.
        most: u64,
    },
    /// A node or edge that is not there, or no longer.
    #[error("there is no {what} {id} in the graph")]
    Missing {
        /// `node` or `edge`.
        what: &'static str,
        /// Its number.
        id: u32,
    },
    /// A node that still has edges cannot go.
    #[error("node {0} still has relationships; delete them first, or use DETACH DELETE")]
    StillConnected(u32),
    /// A label, relation or property that the model does not have.
    #[error("a graph of documents has no {what} `{name}`; see `:schema` for what it has")]
    NotInSchema {
        /// `label`, `relation` or `property`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A line of an imported file that is wrong.
    #[error("{name}, line {line}: {what}")]
    Import {
        /// The file.
        name: String,
        /// Its line, from 1.
        line: u64,
        /// What is wrong and what was expected.
        what: String,
    },
}
