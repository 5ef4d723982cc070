//! The stages in order: documents to readings to a graph. Reads files; prints nothing, knows no command line.
//!
//! Extraction is per document and is re-used where neither the document nor the rules changed; resolution always runs
//! over all readings, so that a graph never depends on its history.

use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::extract::{self, rules::RuleSet};
use crate::graph::{Corpus, Graph, GraphError};
use crate::model::{Reading, Resolved};
use crate::resolve::{self, Decisions, DecisionsError};
use crate::source::{self, Found, SourceError, Walk};

/// How documents are read and what is kept of them.
#[derive(Debug)]
pub struct Settings {
    /// The rules that read documents.
    pub rules: RuleSet,
    /// Corrections by hand: the text of a decisions file.
    pub decisions: String,
    /// Whether the graph keeps the documents' text.
    pub keep_text: bool,
    /// Whether persons are left out.
    pub leave_out_persons: bool,
    /// How many threads read; `None`: one a core.
    pub jobs: Option<usize>,
}

impl Settings {
    /// The built-in rules, no decisions, texts kept.
    ///
    /// # Errors
    /// Those of the built-in rule files; a test holds that there are none.
    pub fn usual() -> Result<Settings, PipelineError> {
        let rules = RuleSet::builtin()?;
        Ok(Settings { rules, decisions: String::new(), keep_text: true, leave_out_persons: false, jobs: None })
    }

    /// What a reading depends on beside its document: the rules and this program's version. Its lowest bit tells
    /// whether persons are left out, see [`leaves_out_persons`].
    pub fn version(&self) -> u64 {
        let read_by = format!("{} {:016x}", env!("CARGO_PKG_VERSION"), self.rules.version());
        source::hash(read_by.as_bytes()) & !1 | u64::from(self.leave_out_persons)
    }
}

/// Whether a graph of documents was built without persons: what is added to it leaves them out too.
pub fn leaves_out_persons(graph: &Graph) -> bool {
    graph.rules_version() & 1 == 1
}

/// Why documents do not become a graph.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// A document.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The rules.
    #[error("{0}")]
    Rules(#[from] extract::rules::RuleErrors),
    /// The decisions.
    #[error(transparent)]
    Decisions(#[from] DecisionsError),
    /// The graph.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// None of the documents can be read.
    #[error("none of the {count} documents can be read; the first: {first}")]
    NothingReadable {
        /// How many there are.
        count: usize,
        /// What is wrong with the first.
        first: Box<SourceError>,
    },
    /// A document that the graph does not hold.
    #[error("the graph holds no document called `{name}`{}; MATCH (d:Document) RETURN d.name lists them", nearest.as_ref().map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default())]
    NoSuchDocument {
        /// The name asked for.
        name: String,
        /// The nearest name that it holds.
        nearest: Option<String>,
    },
    /// The graph was not made from documents.
    #[error("{name} was imported, not built from documents: it has no documents to add to or take from")]
    NotOfDocuments {
        /// The graph.
        name: String,
    },
    /// Other rules read it, and it keeps no text to read again.
    #[error("{name} was read with other rules and keeps no text (--no-text); build it again from its documents")]
    OtherRules {
        /// The graph.
        name: String,
    },
    /// Threads cannot be started.
    #[error("cannot start {jobs} threads: {why}; give a smaller --jobs")]
    Threads {
        /// How many were asked for.
        jobs: usize,
        /// What the system says.
        why: String,
    },
}

/// How far a build has come: told after each document, from any thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Documents done.
    pub done: usize,
    /// Documents in all.
    pub all: usize,
    /// Bytes read.
    pub bytes: u64,
}

/// What a build did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Documents that were read.
    pub read: usize,
    /// Documents whose reading was re-used.
    pub reused: usize,
    /// Documents that were there and no longer are.
    pub removed: usize,
    /// Bytes of the documents that were read.
    pub bytes: u64,
    /// What is worth a warning: files passed over, documents that cannot be read.
    pub warnings: Vec<String>,
}

/// A document as the graph keeps it.
struct Kept {
    reading: Reading,
    text: Option<String>,
    fresh: bool,
}

/// A graph of exactly the documents under some paths. What `previous` has read of an unchanged document is re-used.
///
/// # Errors
/// Paths that are not there, a corpus of which nothing can be read, decisions that cannot be understood.
pub fn build<P: AsRef<Path>>(
    paths: &[P],
    previous: Option<&Graph>,
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<(Graph, Report), PipelineError> {
    let walk = source::walk(paths)?;
    let mut report = passed_over(&walk);
    let kept = read_all(&walk.found, previous, settings, progress, &mut report)?;
    if let Some(previous) = previous {
        report.removed =
            previous.documents()?.iter().filter(|d| !kept.iter().any(|k| k.reading.document.name == d.name)).count();
    }
    Ok((assemble(kept, settings)?, report))
}

/// The graph with the documents under some paths added; a document of the same name is replaced.
///
/// # Errors
/// As [`build`], and for a graph that was not made from documents.
pub fn add<P: AsRef<Path>>(
    graph: &Graph,
    paths: &[P],
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<(Graph, Report), PipelineError> {
    let walk = source::walk(paths)?;
    let mut report = passed_over(&walk);
    let mut kept = read_all(&walk.found, Some(graph), settings, progress, &mut report)?;
    for old in held(graph, settings)? {
        if !kept.iter().any(|k| k.reading.document.name == old.reading.document.name) {
            kept.push(old);
        }
    }
    Ok((assemble(kept, settings)?, report))
}

/// The graph without some documents, named as the graph names them.
///
/// # Errors
/// A name that the graph does not hold, with the nearest that it does.
pub fn remove(graph: &Graph, names: &[String], settings: &Settings) -> Result<(Graph, Report), PipelineError> {
    let held = held(graph, settings)?;
    for name in names {
        if !held.iter().any(|k| k.reading.document.name == *name) {
            let nearest = held
                .iter()
                .map(|k| &k.reading.document.name)
                .map(|n| (strsim::jaro_winkler(n, name), n))
                .filter(|(near, _)| *near > 0.7)
                .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
                .map(|(_, n)| n.clone());
            return Err(PipelineError::NoSuchDocument { name: name.clone(), nearest });
        }
    }
    let before = held.len();
    let kept: Vec<Kept> = held.into_iter().filter(|k| !names.contains(&k.reading.document.name)).collect();
    let report = Report { removed: before - kept.len(), ..Report::default() };
    Ok((assemble(kept, settings)?, report))
}

/// Reads one document from its bytes and builds a graph of it alone.
///
/// # Errors
/// Bytes that are no text.
pub fn build_bytes(name: &str, bytes: &[u8], settings: &Settings) -> Result<Graph, PipelineError> {
    let document = source::read_bytes(name, bytes)?;
    let reading = extract::read(&document, &settings.rules);
    assemble(vec![Kept { reading, text: Some(document.original), fresh: true }], settings)
}

/// The pairs of entities of a graph of documents that may be one, with the entities that they index.
///
/// # Errors
/// For a graph that was not made from documents, or a damaged one.
pub fn doubtful(graph: &Graph) -> Result<(Resolved, Vec<resolve::Pair>), PipelineError> {
    let decisions = Decisions::parse(graph.decisions())?;
    let mut readings = Vec::new();
    for i in 0..graph.documents()?.len() as u32 {
        readings.extend(graph.reading(i)?);
    }
    let resolved = resolve::resolve(&readings, &decisions);
    let pairs = resolve::doubtful(&resolved, &decisions);
    Ok((resolved, pairs))
}

/// What is worth a warning of the files that were passed over.
fn passed_over(walk: &Walk) -> Report {
    let mut report = Report::default();
    let loud: Vec<String> =
        walk.passed_over.iter().filter(|(kind, _)| *kind != "hidden").map(|(kind, n)| format!("{n} {kind}")).collect();
    if !loud.is_empty() {
        report.warnings.push(format!(
            "passed over: {} (documents end in .txt, .md or .html; a file named by itself is read whatever its ending)",
            loud.join(", ")
        ));
    }
    report
}

/// Every document, from the previous graph where it is unchanged, sorted by name.
fn read_all(
    files: &[Found],
    previous: Option<&Graph>,
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
    report: &mut Report,
) -> Result<Vec<Kept>, PipelineError> {
    let version = settings.version();
    // Names with the place of their reading in the previous graph, where the rules are still the same.
    let mut old: Vec<(&str, u64, u32)> = Vec::new();
    if let Some(previous) = previous.filter(|p| p.rules_version() == version) {
        old = previous.documents()?.iter().zip(0..).map(|(d, i)| (d.name.as_str(), d.hash, i)).collect();
        old.sort_unstable();
    }
    let done = AtomicUsize::new(0);
    let bytes = AtomicU64::new(0);
    let one = |found: &Found| -> Result<Kept, SourceError> {
        let document = source::read_file(&found.name, &found.path);
        let length = document.as_ref().map_or(0, |d| d.original.len() as u64);
        let all_bytes = bytes.fetch_add(length, Ordering::Relaxed) + length;
        let at = done.fetch_add(1, Ordering::Relaxed) + 1;
        let document = document?;
        let known = old.binary_search_by(|o| o.0.cmp(document.name.as_str())).ok().map(|i| old[i]);
        let reused =
            known.filter(|k| k.1 == document.hash).and_then(|k| previous.and_then(|p| p.reading(k.2).ok().flatten()));
        let fresh = reused.is_none();
        let reading = reused.unwrap_or_else(|| extract::read(&document, &settings.rules));
        progress(Progress { done: at, all: files.len(), bytes: all_bytes });
        Ok(Kept { reading, text: Some(document.original), fresh })
    };
    let all: Vec<Result<Kept, SourceError>> = match settings.jobs {
        Some(jobs) => {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(jobs)
                .build()
                .map_err(|e| PipelineError::Threads { jobs, why: e.to_string() })?;
            pool.install(|| files.par_iter().map(one).collect())
        }
        None => files.par_iter().map(one).collect(),
    };
    let mut kept = Vec::with_capacity(all.len());
    let mut first = None;
    let mut refused = 0;
    for result in all {
        match result {
            Ok(k) => {
                report.read += usize::from(k.fresh);
                report.reused += usize::from(!k.fresh);
                if k.fresh {
                    report.bytes += k.text.as_ref().map_or(0, |t| t.len() as u64);
                }
                kept.push(k);
            }
            Err(e) => {
                refused += 1;
                if refused <= 20 {
                    report.warnings.push(format!("left out: {e}"));
                }
                first.get_or_insert(e);
            }
        }
    }
    if refused > 20 {
        report.warnings.push(format!("left out: {} more documents", refused - 20));
    }
    match first {
        // One file that was asked for by name and cannot be read is an error, not a warning.
        Some(e) if files.len() == 1 => Err(e.into()),
        Some(e) if kept.is_empty() => Err(PipelineError::NothingReadable { count: refused, first: Box::new(e) }),
        _ => Ok(kept),
    }
}

/// The documents that a graph holds, read again where other rules read them.
fn held(graph: &Graph, settings: &Settings) -> Result<Vec<Kept>, PipelineError> {
    let count = graph.documents()?.len() as u32;
    if count == 0 && graph.schema() == crate::graph::SchemaMode::Open {
        return Err(PipelineError::NotOfDocuments { name: graph.name().to_owned() });
    }
    let current = graph.rules_version() == settings.version();
    let mut out = Vec::new();
    for i in 0..count {
        let text = graph.document_text(i)?;
        // A graph that was exported and imported has documents but not their readings.
        let Some(reading) = graph.reading(i)? else {
            return Err(PipelineError::NotOfDocuments { name: graph.name().to_owned() });
        };
        match (current, text) {
            (true, text) => out.push(Kept { reading, text, fresh: false }),
            (false, Some(text)) => {
                let mut document = source::read_bytes(&reading.document.name, text.as_bytes())?;
                // The hash is of the file as it lay there, in whatever encoding.
                document.hash = reading.document.hash;
                out.push(Kept { reading: extract::read(&document, &settings.rules), text: Some(text), fresh: true });
            }
            (false, None) => return Err(PipelineError::OtherRules { name: graph.name().to_owned() }),
        }
    }
    Ok(out)
}

/// Resolves all readings and lays the graph out.
fn assemble(mut kept: Vec<Kept>, settings: &Settings) -> Result<Graph, PipelineError> {
    let decisions = Decisions::parse(&settings.decisions)?;
    kept.sort_by(|a, b| a.reading.document.name.cmp(&b.reading.document.name));
    for k in &mut kept {
        if let Some(std::borrow::Cow::Owned(text)) =
            k.text.as_deref().map(|t| resolve::forget_text(t, &k.reading, &decisions))
        {
            k.text = Some(text);
        }
        if let std::borrow::Cow::Owned(reading) = resolve::forget(&k.reading, &decisions) {
            k.reading = reading;
        }
    }
    let texts = (settings.keep_text && kept.iter().all(|k| k.text.is_some()))
        .then(|| kept.iter_mut().map(|k| k.text.take().unwrap_or_default()).collect());
    let mut readings: Vec<Reading> = kept.into_iter().map(|k| k.reading).collect();
    if settings.leave_out_persons {
        for reading in &mut readings {
            *reading = resolve::without_persons(reading).into_owned();
        }
    }
    let resolved = resolve::resolve(&readings, &decisions);
    let corpus =
        Corpus { readings, texts, resolved, decisions: settings.decisions.clone(), rules_version: settings.version() };
    Ok(Graph::from_corpus(&corpus)?)
}
