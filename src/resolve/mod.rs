//! The observations of all documents to entities and facts. Reads no text.
//!
//! [`resolve`] is a plain function of all readings and a decisions file: the order of the readings, earlier runs and
//! the number of threads have no influence on its result. In this order it
//!
//! 1. gives each local entity a *key* (`name.rs`): its name without what does not tell things apart,
//! 2. unites keys that are one (`cluster.rs`): equal names, declared aliases, a name with and without its legal form,
//!    names of one place in several languages, also inside the names of bodies; never what differs in kind, place,
//!    number or legal form, or what a person has held apart,
//! 3. gathers observations into facts (`facts.rs`),
//! 4. adds what follows from names and from the containment of regions (`derive.rs`).
//!
//! What is likely but not certain is left apart, for a person to decide: [`doubtful`].

mod cluster;
mod decisions;
mod derive;
mod doubt;
mod facts;
mod name;
mod person;
mod place;
#[cfg(test)]
mod properties;
mod redact;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use decisions::{Decision, Decisions, DecisionsError, Reference, Statement};
pub use doubt::{Pair, Part, doubtful};
pub use redact::{forget, forget_text, without_persons};

use crate::model::{Reading, Resolved};

/// Entities and facts of the corpus. Evidence and members refer to documents by their index in the order of
/// [`document_order`], and to local entities as they stand after [`forget`]: whoever keeps readings beside the result
/// keeps those.
///
/// ```
/// use samband::resolve::{Decisions, resolve};
/// assert_eq!(resolve(&[], &Decisions::default()).entities.len(), 0);
/// ```
pub fn resolve(readings: &[Reading], decisions: &Decisions) -> Resolved {
    let order = document_order(readings);
    let readings: Vec<Cow<Reading>> = order.iter().map(|&i| forget(&readings[i], decisions)).collect();
    let readings: Vec<&Reading> = readings.iter().map(|r| r.as_ref()).collect();
    let clusters = cluster::clusters(&readings, decisions);
    let (entities, of) = cluster::entities(&readings, &clusters, decisions);
    let mut facts = facts::observed(&readings, &entities, &of, decisions);
    derive::derive(&entities, &mut facts);
    facts::settle(&entities, facts)
}

/// The readings in the order in which a resolved corpus counts them: by document name, then by content.
pub fn document_order(readings: &[Reading]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..readings.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&readings[a].document, &readings[b].document);
        a.name.cmp(&b.name).then(a.hash.cmp(&b.hash))
    });
    order
}

/// A decision that met nothing in the corpus: a name was misspelt, or its document is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// Line of the decisions file, counted from 1.
    pub line: usize,
    /// The name that no document bears.
    pub name: String,
}

/// The decisions whose names no entity of the corpus bears; persons to forget are not among them.
pub fn unmet(resolved: &Resolved, decisions: &Decisions) -> Vec<Unmet> {
    let known: rustc_hash::FxHashSet<(crate::model::Kind, String)> = resolved
        .entities
        .iter()
        .flat_map(|e| std::iter::once(&e.name).chain(&e.aliases).map(|n| (e.ty.kind(), name::key(n))))
        .collect();
    let mut out = Vec::new();
    for decision in decisions.iter().filter(|d| !matches!(d.statement, Statement::Forget(_))) {
        for r in decision.statement.references() {
            if !known.contains(&(r.kind, name::key(&r.name))) {
                out.push(Unmet { line: decision.line, name: r.name.clone() });
            }
        }
    }
    out
}
