//! A graph that statements may change: what tests of the language, `pipe --scratch` and the TCK work on.
//!
//! A statement that reads runs on the graph as it is. One that writes runs clause by clause: clauses that read are
//! planned and run together, their rows kept; a clause that writes takes these rows one by one, changes a builder, and
//! the builder is frozen for the clauses that follow. A statement that fails leaves the graph as it was.

use std::sync::Arc;

use super::answer::{Answer, AnswerKind, Options, Params};
use super::ast::{Clause, Mode, Query};
use super::context::Context;
use super::engine::{self, query_of, writes};
use super::error::{Detail, QueryError};
use super::functions::Fail;
use super::parse::parse;
use super::plan::{Binding, Planner};
use super::run::gather;
use super::stack::roomy;
use super::value::{Key, Value};
use super::write::Work;
use crate::graph::{Builder, Graph, GraphError, SchemaMode};

/// A graph with an open schema that statements may change.
///
/// ```
/// use samband::query::answer::{Options, Params};
/// use samband::query::scratch::Scratch;
///
/// let mut scratch = Scratch::new()?;
/// let (params, options) = (Params::new(), Options::default());
/// scratch.run("CREATE (:Person {name: 'Aino'})-[:WORKS_FOR]->(:Company {name: 'Solvik AB'})", &params, &options)?;
/// let answer = scratch.run("MATCH (p)-[:WORKS_FOR]->(c) RETURN p.name, c.name", &params, &options)?;
/// assert_eq!(answer.columns, ["p.name", "c.name"]);
/// assert_eq!(answer.rows.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Scratch {
    graph: Graph,
}

impl Scratch {
    /// An empty graph.
    ///
    /// # Errors
    /// Only where there is no memory for it.
    pub fn new() -> Result<Scratch, GraphError> {
        Ok(Scratch { graph: Builder::new(SchemaMode::Open).freeze()? })
    }

    /// Starts from a graph; the graph itself stays as it is.
    pub fn over(graph: Graph) -> Scratch {
        Scratch { graph }
    }

    /// The graph as it is now: what nodes and relationships of the last answer refer to.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Answers a statement; one that writes changes the graph.
    ///
    /// # Errors
    /// Whatever is wrong with the statement, or went wrong while it ran; the graph is then as before.
    pub fn run(&mut self, statement: &str, params: &Params, options: &Options) -> Result<Answer, QueryError> {
        roomy(|| self.answer(statement, params, options))
    }

    fn answer(&mut self, statement: &str, params: &Params, options: &Options) -> Result<Answer, QueryError> {
        let started = options.clock.elapsed();
        let parsed = parse(statement)?;
        let query = query_of(&parsed)?;
        let warnings = engine::check(&self.graph, query, params)?;
        if !writes(query) {
            let call = engine::Call { params, options, started, mode: parsed.mode, warnings };
            return engine::answer(&self.graph, query, call);
        }
        if parsed.mode == Mode::Explain {
            let message = "EXPLAIN shows the plan of a statement that reads; this one writes";
            return Err(QueryError::syntax(Detail::NotSupported, message, query.span));
        }
        let mut work = Work::new(self.graph.clone(), params, options, started).map_err(|e| *e)?;
        let mut answer = union(&mut work, query).map_err(|e| *e)?;
        answer.warnings = warnings;
        self.graph = work.into_graph();
        Ok(answer)
    }
}

/// The parts of a statement that writes, one after the other.
fn union(work: &mut Work<'_>, query: &Query) -> Result<Answer, Fail> {
    let mut columns: Vec<Arc<str>> = Vec::new();
    let mut returns = false;
    let distinct_upto = query.unions.iter().rposition(|u| !u.all).map_or(0, |i| i + 2);
    let mut seen: indexmap::IndexSet<Vec<Key>> = indexmap::IndexSet::new();
    for (i, part) in query.parts.iter().enumerate() {
        let (names, rows) = clauses(work, &part.clauses)?;
        let Some(names) = names else { continue };
        returns = true;
        if i == 0 {
            columns = names.clone();
        }
        let order: Vec<usize> = columns.iter().filter_map(|c| names.iter().position(|n| n == c)).collect();
        for row in rows {
            let row: Vec<Value> = order.iter().map(|at| row[*at].clone()).collect();
            if i < distinct_upto && !seen.insert(row.iter().cloned().map(Key).collect()) {
                continue;
            }
            work.done.push(row);
        }
    }
    Ok(Answer {
        columns: columns.iter().map(ToString::to_string).collect(),
        rows: std::mem::take(&mut work.done),
        notes: std::mem::take(&mut work.notes),
        kind: if returns { AnswerKind::Rows } else { AnswerKind::Done },
        ..Answer::default()
    })
}

/// The columns, where there is a RETURN, and rows of one part.
type Rows = (Option<Vec<Arc<str>>>, Vec<Vec<Value>>);

fn clauses(work: &mut Work<'_>, clauses: &[Clause]) -> Result<Rows, Fail> {
    work.names.clear();
    work.rows = vec![Vec::new()];
    let mut rest = clauses;
    while let Some(first) = rest.first() {
        if first.writes() {
            work.clause(first)?;
            rest = &rest[1..];
            continue;
        }
        let reads = rest.iter().position(Clause::writes).unwrap_or(rest.len());
        let (now, later) = rest.split_at(reads);
        rest = later;
        let columns = read(work, now)?;
        if columns {
            return Ok((Some(std::mem::take(&mut work.names)), std::mem::take(&mut work.rows)));
        }
    }
    Ok((None, Vec::new()))
}

/// Runs clauses that read over the rows at hand; whether they end with a RETURN.
fn read(work: &mut Work<'_>, clauses: &[Clause]) -> Result<bool, Fail> {
    let mut planner = Planner::new(&work.graph, work.options.naive);
    let (op, scope) = planner.table(&work.names, work.rows.len());
    let segment = planner.clauses(op, scope, clauses)?;
    let mut op = segment.op;
    if let (Some(first), Some(last)) = (clauses.first(), clauses.last()) {
        planner.bounded(&op, first.span().to(last.span()))?;
    }
    let returns = segment.columns.is_some();
    let (mut names, mut slots, mut made) = (Vec::new(), Vec::new(), Vec::new());
    match segment.columns {
        Some(columns) => {
            for (name, slot) in columns {
                names.push(name);
                slots.push(slot);
            }
        }
        None => {
            for (name, binding) in segment.scope.names() {
                names.push(name.clone());
                slots.push(match binding {
                    Binding::Slot(s) => *s,
                    // What no slot holds yet must be held now.
                    path @ Binding::Path(..) => {
                        let slot = planner.slot();
                        made.push((slot, path.expr()));
                        slot
                    }
                });
            }
        }
    }
    if !made.is_empty() {
        op = planner.over(super::plan::OpKind::Project(made), op);
    }
    let rows = std::mem::take(&mut work.rows);
    let mut cx = Context::new(&work.graph, work.params, work.options, work.started);
    cx.table = &rows;
    let most = if returns { work.options.limits.rows } else { usize::MAX };
    let gathered = gather(&op, &slots, planner.slot_count(), most, &cx)?;
    work.notes.extend(cx.take_notes());
    if gathered.cut {
        work.notes.push(format!("cut after {most} rows, the limit; narrow the statement or raise it"));
    }
    work.rows = gathered.rows;
    work.names = names;
    Ok(returns)
}
