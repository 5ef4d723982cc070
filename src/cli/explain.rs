//! Commands that say why: the sentences behind a fact, the rule that failed, documents that disagree, what changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::build::rules;
use super::{Failure, Out};
use crate::extract;
use crate::graph::{Direction, EdgeId, Graph, NodeId};
use crate::model::{Modality, Relation};
use crate::query::names;
use crate::query::question;
use crate::render::clean;

/// A relation as typed; `None` for `any`.
fn relation(word: &str) -> Result<Option<Relation>, Failure> {
    let upper = word.to_uppercase().replace([' ', '-'], "_");
    if upper == "ANY" {
        return Ok(None);
    }
    if let Some(r) = Relation::from_word(&upper) {
        return Ok(Some(r));
    }
    let words: Vec<&str> = Relation::ALL.iter().map(|r| r.word()).collect();
    let near = crate::query::parse::nearest(&upper, words.iter().copied());
    let help =
        near.map_or_else(|| format!("relations are: {}, any", words.join(", ")), |n| format!("did you mean {n}?"));
    Err(Failure::data(format!("`{word}` is no relation; {help}")))
}

/// The entity that a name means.
fn entity(graph: &Graph, name: &str) -> Result<NodeId, Failure> {
    let document = graph.label_id("Document");
    let admit = |n: NodeId| !document.is_some_and(|d| graph.has_label(n, d));
    match names::resolve(graph, name, &admit) {
        Some(hit) if hit.nodes.len() == 1 => Ok(hit.nodes[0]),
        Some(hit) => match question::preferred(graph, &hit.nodes) {
            Some(n) => Ok(n),
            None => Err(told(&question::ambiguous(graph, name, &hit.nodes), name)),
        },
        None => Err(told(&question::unknown(graph, name, &admit), name)),
    }
}

fn told(error: &crate::query::error::QueryError, name: &str) -> Failure {
    Failure::statement(error, name)
}

/// The facts between two entities, either way round.
fn facts(graph: &Graph, a: NodeId, relation: Option<Relation>, b: NodeId) -> Vec<EdgeId> {
    let id = relation.and_then(|r| graph.relation_id(r.word()));
    if relation.is_some() && id.is_none() {
        return Vec::new();
    }
    let mut out: Vec<EdgeId> =
        graph.neighbours(a, id, Direction::Both).filter(|(n, _)| *n == b).map(|(_, e)| e).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// A fact in one line.
pub(crate) fn fact_line(graph: &Graph, edge: EdgeId) -> String {
    let (from, relation, to) = graph.edge(edge);
    let mut out = format!("{} ─{}", clean(graph.node_name(from)), clean(graph.relation_name(relation)));
    out.push_str(if graph.is_symmetric(relation) { "─ " } else { "→ " });
    out.push_str(&clean(graph.node_name(to)));
    let mut said = Vec::new();
    for key in ["modality", "since", "until", "date", "role", "basis"] {
        if let Some(crate::graph::PropertyRef::String(text)) = graph.key_id(key).map(|k| graph.edge_property(edge, k))
            && !matches!(text, "asserted" | "observed")
        {
            said.push(if matches!(key, "modality" | "basis") { clean(text) } else { format!("{key} {}", clean(text)) });
        }
    }
    if !said.is_empty() {
        let _ = write!(out, " ({})", said.join(", "));
    }
    out
}

/// The sentences behind a fact, one to a line with document, place and rule.
pub(crate) fn evidence_lines(graph: &Graph, edge: EdgeId) -> Result<String, Failure> {
    let mut out = String::new();
    let documents = graph.documents()?;
    for e in graph.evidence(edge)? {
        let name = documents.get(e.document as usize).map_or("?", |d| d.name.as_str());
        let mut said = vec![e.rule.clone()];
        if e.modality != Modality::Asserted {
            said.push(e.modality.to_string());
        }
        for (word, date) in [("since", &e.since), ("until", &e.until), ("date", &e.date)] {
            if let Some(date) = date {
                said.push(format!("{word} {date}"));
            }
        }
        let _ = writeln!(out, "  “{}”", clean(&e.sentence));
        let _ = writeln!(out, "    {}, bytes {}–{}, {}", clean(name), e.span.start, e.span.end, said.join(", "));
    }
    if out.is_empty()
        && let Some(from) = graph.derived_from(edge)?
    {
        let _ = writeln!(out, "  derived: {}", clean(&from));
    }
    Ok(out)
}

pub(super) fn why(path: &Path, a: &str, relation_word: &str, b: &str) -> Result<(), Failure> {
    let wanted = relation(relation_word)?;
    let graph = super::open(path)?;
    let (a, b) = (entity(&graph, a)?, entity(&graph, b)?);
    let found = facts(&graph, a, wanted, b);
    if found.is_empty() {
        return Err(Failure::data(format!(
            "no document says that {} {} {}; `samband whynot` shows the nearest rule",
            graph.node_name(a),
            wanted.map_or("has any fact with", Relation::word),
            graph.node_name(b)
        )));
    }
    let mut out = String::new();
    for edge in found {
        let _ = writeln!(out, "{}", fact_line(&graph, edge));
        out.push_str(&evidence_lines(&graph, edge)?);
    }
    Out::stdout().write(&out)
}

pub(super) fn whynot(path: &Path, a: &str, relation_word: &str, b: &str) -> Result<(), Failure> {
    let wanted = relation(relation_word)?;
    let graph = super::open(path)?;
    let (a, b) = (entity(&graph, a)?, entity(&graph, b)?);
    let mut out = String::new();
    for edge in facts(&graph, a, wanted, b) {
        let _ = writeln!(out, "it is said: {}", fact_line(&graph, edge));
        out.push_str(&evidence_lines(&graph, edge)?);
    }
    let mut misses = 0;
    let mut together = 0;
    for (i, document) in graph.documents()?.iter().enumerate() {
        let i = i as u32;
        let locals = |n: NodeId| graph.members(n).filter(|m| m.0 == i).map(|m| m.1).collect::<BTreeSet<_>>();
        let (in_a, in_b) = (locals(a), locals(b));
        if in_a.is_empty() || in_b.is_empty() {
            continue;
        }
        together += 1;
        let Some(reading) = graph.reading(i)? else { continue };
        for miss in &reading.near_misses {
            let both = miss.entities.iter().any(|e| in_a.contains(e)) && miss.entities.iter().any(|e| in_b.contains(e));
            if both && wanted.is_none_or(|r| r == miss.relation) && misses < 20 {
                misses += 1;
                let text = graph
                    .document_text(i)?
                    .and_then(|t| t.get(miss.span.start as usize..miss.span.end as usize).map(clean))
                    .unwrap_or_default();
                let _ = writeln!(out, "{} would have given {}, but {}", miss.rule, miss.relation, miss.failed);
                let _ = writeln!(out, "  “{text}”\n    {}", clean(&document.name));
            }
        }
    }
    if out.is_empty() {
        let _ = writeln!(
            out,
            "{}",
            match together {
                0 => "no document names both".to_owned(),
                n => format!(
                    "{n} documents name both, but no rule's trigger stands in a sentence with both; `samband rules lint` and the guide in grammar/README.md help to write one"
                ),
            }
        );
    }
    Out::stdout().write(&out)
}

pub(super) fn conflicts(path: &Path) -> Result<(), Failure> {
    let graph = super::open(path)?;
    let mut out = String::new();
    for edge in graph.edges() {
        let evidence = graph.evidence(edge)?;
        let modalities: BTreeSet<Modality> = evidence.iter().map(|e| e.modality).collect();
        let differ = |f: &dyn Fn(&crate::model::Evidence) -> Option<String>| {
            evidence.iter().filter_map(f).collect::<BTreeSet<_>>().len() > 1
        };
        let since = differ(&|e| e.since.as_ref().map(ToString::to_string));
        let until = differ(&|e| e.until.as_ref().map(ToString::to_string));
        if modalities.len() > 1 || since || until {
            let _ = writeln!(out, "{}", fact_line(&graph, edge));
            out.push_str(&evidence_lines(&graph, edge)?);
        }
    }
    if out.is_empty() {
        out.push_str("no two documents disagree on a fact\n");
    }
    Out::stdout().write(&out)
}

/// Facts by the names of their ends, with what they show.
fn facts_of(graph: &Graph) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for edge in graph.edges() {
        let (from, relation, to) = graph.edge(edge);
        if !graph.is_structural(relation) {
            let key = format!(
                "{} ─{}→ {}",
                clean(graph.node_name(from)),
                clean(graph.relation_name(relation)),
                clean(graph.node_name(to))
            );
            out.insert(key, fact_line(graph, edge));
        }
    }
    out
}

pub(super) fn diff(old: &Path, new: &Path) -> Result<(), Failure> {
    let (old, new) = (super::open(old)?, super::open(new)?);
    let (before, after) = (facts_of(&old), facts_of(&new));
    let mut out = String::new();
    for (key, line) in &after {
        match before.get(key) {
            None => _ = writeln!(out, "+ {line}"),
            Some(was) if was != line => _ = writeln!(out, "~ {was}\n  now {line}"),
            _ => {}
        }
    }
    for (key, line) in &before {
        if !after.contains_key(key) {
            let _ = writeln!(out, "- {line}");
        }
    }
    if out.is_empty() {
        out.push_str("the same facts\n");
    }
    Out::stdout().write(&out)
}

/// A name as a decisions file writes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", clean(name).replace('\\', "\\\\").replace('"', "\\\""))
}

pub(super) fn review(path: &Path) -> Result<(), Failure> {
    let graph = Graph::open(path)?;
    let (resolved, pairs) = crate::pipeline::doubtful(&graph)?;
    let mut out = String::new();
    for pair in &pairs {
        let (a, b) = (&resolved.entities[pair.a as usize], &resolved.entities[pair.b as usize]);
        let _ =
            writeln!(out, "same {} ({}) = {} ({})  # {:.2}", quoted(&a.name), a.ty, quoted(&b.name), b.ty, pair.score);
    }
    if pairs.is_empty() {
        out.push_str("# no pair of names is in doubt\n");
    } else {
        let _ = writeln!(
            out,
            "# {} pairs; keep the lines that are right, write `distinct \"A\" (TYPE) != \"B\" (TYPE)` for those that are not, and build with --decisions FILE",
            pairs.len()
        );
    }
    Out::stdout().write(&out)
}

pub(super) fn rules_test(files: &[PathBuf]) -> Result<(), Failure> {
    let set = rules(files)?;
    let reports = extract::test_rules(&set);
    let failed: Vec<_> = reports.iter().filter(|r| !r.passed()).collect();
    let mut out = String::new();
    for report in &failed {
        let _ = writeln!(out, "{report}");
    }
    let _ = writeln!(
        out,
        "{} sentences, {} as their rules say, {} not",
        reports.len(),
        reports.len() - failed.len(),
        failed.len()
    );
    Out::stdout().write(&out)?;
    if failed.is_empty() { Ok(()) } else { Err(Failure { code: 1, message: String::new() }) }
}

pub(super) fn rules_lint(files: &[PathBuf]) -> Result<(), Failure> {
    let set = rules(files)?;
    let lints = extract::rules::lint(&set);
    let mut out = String::new();
    for lint in &lints {
        let _ = writeln!(out, "{lint}");
    }
    let _ = writeln!(out, "{} remarks", lints.len());
    Out::stdout().write(&out)
}
