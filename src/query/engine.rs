//! From a statement to its answer: parse, check, plan, run.

use super::answer::{Answer, AnswerKind, Options, Params};
use std::time::Duration;

use super::ast::{Body, Clause, Mode, Name, Query, Statement};
use super::check::{Environment, check_query};
use super::context::{Context, Measured};
use super::error::{Detail, Diagnostic, ErrorType, QueryError};
use super::expr::Slot;
use super::functions::Fail;
use super::parse::parse;
use super::plan::{Op, Planner, Scope, mark, parameters, show};
use super::run::gather;
use super::stack::roomy;
use super::value::Value;
use super::vocabulary::{Functions, Vocabulary};
use crate::graph::Graph;

/// A plan with what is needed to run it.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    op: Op,
    columns: Vec<String>,
    slots: Vec<Slot>,
    width: usize,
    ops: usize,
}

/// Answers a statement that reads.
///
/// # Errors
/// Whatever is wrong with the statement, or went wrong while it ran. A statement that writes is an error: see
/// [`Scratch`](super::scratch::Scratch).
pub fn run(graph: &Graph, statement: &str, params: &Params, options: &Options) -> Result<Answer, QueryError> {
    roomy(|| {
        let started = options.clock.elapsed();
        let text = statement;
        let statement = parse(text)?;
        if let Body::Question(question) = &statement.body {
            return super::ask::ask(graph, question, statement.mode, text, params, options);
        }
        let prepared = prepare_parsed(graph, &statement, params, options)?;
        prepared.run(graph, params, options, started)
    })
}

/// A statement that has been understood, checked and planned, and can be run again.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    plan: Plan,
    mode: Mode,
    warnings: Vec<Diagnostic>,
    /// The parameters that it asks for.
    parameters: Vec<Name>,
}

/// Prepares a statement that reads; none for a question, which is no plan of its own.
pub(crate) fn prepare(
    graph: &Graph,
    statement: &str,
    params: &Params,
    options: &Options,
) -> Result<Option<Prepared>, QueryError> {
    let statement = parse(statement)?;
    match &statement.body {
        Body::Question(_) => Ok(None),
        Body::Query(_) => prepare_parsed(graph, &statement, params, options).map(Some),
    }
}

fn prepare_parsed(
    graph: &Graph,
    statement: &Statement,
    params: &Params,
    options: &Options,
) -> Result<Prepared, QueryError> {
    let query = query_of(statement)?;
    let warnings = check(graph, query, params)?;
    if writes(query) {
        let message = "a graph of documents is not changed by a statement";
        let error = QueryError::compile(ErrorType::SemanticError, Detail::ReadOnlyGraph, message);
        return Err(error.help("corrections by hand go through the decisions file"));
    }
    let plan = plan(graph, query, options).map_err(|e| *e)?;
    Ok(Prepared { plan, mode: statement.mode, warnings, parameters: parameters(query) })
}

impl Prepared {
    /// Runs it on the graph for which it was prepared.
    pub(crate) fn run(
        &self,
        graph: &Graph,
        params: &Params,
        options: &Options,
        started: Duration,
    ) -> Result<Answer, QueryError> {
        for name in &self.parameters {
            if !params.contains_key(&*name.text) {
                let message = format!("the parameter `${}` is not given", name.text);
                let error = QueryError::compile(ErrorType::ParameterMissing, Detail::MissingParameter, message);
                return Err(error.at(name.span));
            }
        }
        let call = Call { params, options, started, mode: self.mode, warnings: self.warnings.clone() };
        execute(graph, &self.plan, call).map_err(|e| *e)
    }
}

/// How a query is to be answered.
pub(crate) struct Call<'c> {
    pub(crate) params: &'c Params,
    pub(crate) options: &'c Options,
    /// What the clock said when the statement began.
    pub(crate) started: Duration,
    pub(crate) mode: Mode,
    /// What the checker found odd.
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Answers a query that reads and has been checked.
pub(crate) fn answer(graph: &Graph, query: &Query, call: Call<'_>) -> Result<Answer, QueryError> {
    let plan = plan(graph, query, call.options).map_err(|e| *e)?;
    execute(graph, &plan, call).map_err(|e| *e)
}

/// Checks a query against a graph; what is odd about it.
pub(crate) fn check(graph: &Graph, query: &Query, params: &Params) -> Result<Vec<Diagnostic>, QueryError> {
    let given = |name: &str| params.contains_key(name);
    let environment = Environment { schema: &Vocabulary(graph), library: &Functions, parameters: Some(&given) };
    check_query(query, &environment).map(|(_, warnings)| warnings)
}

/// The query of a statement.
pub(crate) fn query_of(statement: &Statement) -> Result<&Query, QueryError> {
    match &statement.body {
        Body::Query(query) => Ok(query),
        Body::Question(question) => {
            let message = "questions are asked of a graph of documents; a scratch graph takes patterns";
            Err(QueryError::compile(ErrorType::SyntaxError, Detail::NotUnderstood, message).at(question.span))
        }
    }
}

/// Whether a query changes the graph.
pub(crate) fn writes(query: &Query) -> bool {
    query.parts.iter().flat_map(|p| &p.clauses).any(Clause::writes)
}

/// Plans a query that reads.
pub(crate) fn plan(graph: &Graph, query: &Query, options: &Options) -> Result<Plan, Fail> {
    let mut planner = Planner::new(graph, options.naive);
    let segment = planner.query(query, &|p| (p.argument(), Scope::default()))?;
    let columns = segment.columns.unwrap_or_default();
    let mut op = segment.op;
    planner.bounded(&op, query.span)?;
    if !options.naive {
        let slots: Vec<Slot> = columns.iter().map(|(_, slot)| *slot).collect();
        mark(&mut op, &slots);
    }
    Ok(Plan {
        op,
        columns: columns.iter().map(|(name, _)| name.to_string()).collect(),
        slots: columns.iter().map(|(_, slot)| *slot).collect(),
        width: planner.slot_count(),
        ops: planner.op_count(),
    })
}

fn execute(graph: &Graph, plan: &Plan, call: Call<'_>) -> Result<Answer, Fail> {
    let Call { params, options, started, mode, warnings } = call;
    let lines = |lines: Vec<String>| Answer {
        columns: vec!["plan".to_owned()],
        rows: lines.into_iter().map(|l| vec![Value::string(l)]).collect(),
        kind: AnswerKind::Plan,
        warnings: warnings.clone(),
        ..Answer::default()
    };
    if mode == Mode::Explain {
        return Ok(lines(show(&plan.op, graph, None)));
    }
    let mut cx = Context::new(graph, params, options, started);
    if mode == Mode::Profile {
        cx.profile = Some(vec![Measured::default(); plan.ops].into());
    }
    let gathered = gather(&plan.op, &plan.slots, plan.width, options.limits.rows, &cx)?;
    let mut notes = cx.take_notes();
    if gathered.cut {
        notes.push(format!("cut after {} rows, the limit; narrow the statement or raise it", options.limits.rows));
    }
    if let Some(profile) = &cx.profile {
        let mut answer = lines(show(&plan.op, graph, Some(&profile.borrow())));
        answer.notes = notes;
        return Ok(answer);
    }
    Ok(Answer { columns: plan.columns.clone(), rows: gathered.rows, notes, warnings, ..Answer::default() })
}
