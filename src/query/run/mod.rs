//! Plans at work.
//!
//! An operator is run by handing it a row and a sink: it runs its input with a sink of its own, and gives each row on
//! by calling the sink. Rows thus pass through the whole plan one at a time, in one array of slots that is never
//! copied; only sorting, grouping and the answer keep values. A sink ends early by an error of its own
//! ([`Stop::Enough`]), which the operator that wanted no more recognises by its number.

mod collect;
#[cfg(test)]
mod documents;
mod group;
#[cfg(test)]
mod hostile;
mod repeat;
mod shortest;
mod step;
#[cfg(test)]
mod tests;

use std::time::Duration;

use super::context::Context;
use super::error::{Detail, ErrorType, QueryError};
use super::eval::Row;
use super::expr::{Expr, Slot};
use super::functions::Fail;
use super::plan::{Op, OpKind, Seek};
use super::store;
use super::value::Value;
use crate::graph::NodeId;

/// Why an operator stopped before it had given all rows.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The operator of this number wants no more.
    Enough(usize),
    /// An error.
    Fail(Fail),
}

impl From<Fail> for Stop {
    fn from(e: Fail) -> Stop {
        Stop::Fail(e)
    }
}

/// What running gives.
pub(crate) type Flow = Result<(), Stop>;

/// Takes rows.
pub(crate) type Sink<'s> = dyn FnMut(&mut Row) -> Flow + 's;

/// The number of no operator: with it the caller of a whole plan ends it.
const CALLER: usize = usize::MAX;

/// Runs a plan from the row at hand.
pub(crate) fn run(op: &Op, row: &mut Row, cx: &Context<'_>, sink: &mut Sink<'_>) -> Flow {
    if cx.profile.is_some() {
        return profiled(op, row, cx, sink);
    }
    step(op, row, cx, sink)
}

/// The same, with rows counted and time taken.
fn profiled(op: &Op, row: &mut Row, cx: &Context<'_>, sink: &mut Sink<'_>) -> Flow {
    let clock = &cx.options.clock;
    let start = clock.elapsed();
    // Time spent in the sink belongs to the operators above.
    let mut above = Duration::ZERO;
    let mut rows = 0;
    let result = step(op, row, cx, &mut |row| {
        rows += 1;
        let start = clock.elapsed();
        let result = sink(row);
        above += clock.elapsed().saturating_sub(start);
        result
    });
    if let Some(profile) = &cx.profile
        && let Some(measured) = profile.borrow_mut().get_mut(op.id)
    {
        measured.rows += rows;
        measured.time += clock.elapsed().saturating_sub(start).saturating_sub(above);
    }
    result
}

/// Runs the input of an operator.
fn input(op: &Op, row: &mut Row, cx: &Context<'_>, sink: &mut Sink<'_>) -> Flow {
    match &op.input {
        Some(input) => run(input, row, cx, sink),
        None => sink(row),
    }
}

/// Whether a run that was ended by the operator of this number was ended as it wished.
fn until(id: usize, result: Flow) -> Flow {
    match result {
        Err(Stop::Enough(by)) if by == id => Ok(()),
        other => other,
    }
}

fn step(op: &Op, row: &mut Row, cx: &Context<'_>, sink: &mut Sink<'_>) -> Flow {
    match &op.kind {
        OpKind::Argument => sink(row),
        OpKind::Table(slots) => {
            for values in cx.table {
                cx.tick()?;
                for (slot, value) in slots.iter().zip(values) {
                    row[*slot] = value.clone();
                }
                sink(row)?;
            }
            Ok(())
        }
        OpKind::NodeScan { slot, label, test } => input(op, row, cx, &mut |row| {
            let mut give = |n: NodeId, row: &mut Row| -> Flow {
                cx.tick()?;
                if let Some(test) = test
                    && !store::node_passes(n, test, cx)?
                {
                    return Ok(());
                }
                row[*slot] = Value::Node(n);
                sink(row)
            };
            match label {
                Some(label) => cx.graph.nodes_with_label(*label).try_for_each(|n| give(n, row)),
                None => cx.graph.nodes().try_for_each(|n| give(n, row)),
            }
        }),
        OpKind::NodeSeek { slot, seek, test } => input(op, row, cx, &mut |row| {
            for n in sought(seek, row, cx)? {
                if let Some(test) = test
                    && !store::node_passes(n, test, cx)?
                {
                    continue;
                }
                row[*slot] = Value::Node(n);
                sink(row)?;
            }
            Ok(())
        }),
        OpKind::Expand(e) => input(op, row, cx, &mut |row| step::expand(e, row, cx, sink)),
        OpKind::EdgeEnds(e, start) => input(op, row, cx, &mut |row| step::edge_ends(e, start, row, cx, sink)),
        OpKind::ListEnds(e, start) => input(op, row, cx, &mut |row| step::list_ends(e, start, row, cx, sink)),
        OpKind::VarExpand(e) => input(op, row, cx, &mut |row| repeat::expand(e, row, cx, sink)),
        OpKind::GroupExpand(e) => input(op, row, cx, &mut |row| group::expand(e, row, cx, sink)),
        OpKind::Shortest(s) => input(op, row, cx, &mut |row| shortest::search(s, row, cx, sink)),
        OpKind::Select(s) => input(op, row, cx, &mut |row| shortest::select(s, row, cx, sink)),
        OpKind::Filter(condition) => input(op, row, cx, &mut |row| {
            cx.tick()?;
            if condition.holds(row, cx)? { sink(row) } else { Ok(()) }
        }),
        OpKind::Project(items) => input(op, row, cx, &mut |row| {
            for (slot, e) in items {
                let v = e.eval(row, cx)?;
                row[*slot] = v;
            }
            sink(row)
        }),
        OpKind::Unwind { slot, list } => input(op, row, cx, &mut |row| match list.eval(row, cx)? {
            Value::Null => Ok(()),
            Value::List(items) => {
                for item in items.iter() {
                    cx.tick()?;
                    row[*slot] = item.clone();
                    sink(row)?;
                }
                Ok(())
            }
            other => {
                row[*slot] = other;
                sink(row)
            }
        }),
        OpKind::Skip(e) => {
            let skip = amount(e, "SKIP", row, cx)?;
            let mut seen = 0;
            input(op, row, cx, &mut |row| {
                seen += 1;
                if seen <= skip { Ok(()) } else { sink(row) }
            })
        }
        OpKind::Limit(e) => {
            let limit = amount(e, "LIMIT", row, cx)?;
            if limit == 0 {
                return Ok(());
            }
            let mut given = 0;
            let result = input(op, row, cx, &mut |row| {
                given += 1;
                sink(row)?;
                if given == limit { Err(Stop::Enough(op.id)) } else { Ok(()) }
            });
            until(op.id, result)
        }
        OpKind::Optional { plan, nulls } => input(op, row, cx, &mut |row| {
            let mut found = false;
            run(plan, row, cx, &mut |row| {
                found = true;
                sink(row)
            })?;
            if found {
                return Ok(());
            }
            for slot in nulls {
                row[*slot] = Value::Null;
            }
            sink(row)
        }),
        OpKind::Distinct(slots) => collect::distinct(op, slots, row, cx, sink),
        OpKind::Sort { keys, live, limit } => collect::sort(op, keys, live, limit.as_ref(), row, cx, sink),
        OpKind::Aggregate { keys, aggregates } => collect::aggregate(op, keys, aggregates, row, cx, sink),
        OpKind::Union { plans, slots, distinct_upto } => collect::union(plans, slots, *distinct_upto, row, cx, sink),
    }
}

/// The nodes that a look-up finds. The condition that offered it is asked as well: this only narrows.
fn sought(seek: &Seek, row: &mut Row, cx: &Context<'_>) -> Result<Vec<NodeId>, Fail> {
    let (Seek::Name(e) | Seek::SameName(e) | Seek::Prefix(e) | Seek::Contains(e) | Seek::Node(e)) = seek;
    let names = cx.graph.names();
    Ok(match (seek, e.eval(row, cx)?) {
        (Seek::Node(_), Value::Node(n)) => vec![n],
        (Seek::Name(_), Value::String(s)) => super::names::exact(cx.graph, &s),
        (Seek::SameName(_), Value::String(s)) => super::names::similar(cx.graph, &s),
        (Seek::Prefix(_), Value::String(s)) => {
            let mut nodes: Vec<NodeId> = names.exact_prefix(&s).filter(|h| !h.alias).map(|h| h.node).collect();
            nodes.sort_unstable();
            nodes.dedup();
            nodes
        }
        (Seek::Contains(_), Value::String(s)) => names.containing(&s),
        // The index holds texts only; a name may be something else in an open graph.
        (Seek::Name(_), v) if !v.is_null() => cx.graph.nodes().collect(),
        _ => Vec::new(),
    })
}

/// How many rows SKIP or LIMIT says.
fn amount(e: &Expr, keyword: &str, row: &mut Row, cx: &Context<'_>) -> Result<usize, Fail> {
    let span = match e {
        Expr::At(span, _) => Some(*span),
        _ => None,
    };
    let wrong = |detail: Detail, message: String| {
        let mut error = QueryError::runtime(ErrorType::SyntaxError, detail, message);
        error.span = span;
        Err(Box::new(error))
    };
    match e.eval(row, cx)? {
        Value::Int(n) if n >= 0 => Ok(usize::try_from(n).unwrap_or(usize::MAX)),
        Value::Int(n) => wrong(Detail::NegativeIntegerArgument, format!("{keyword} takes a number from 0, not {n}")),
        other => {
            wrong(Detail::InvalidArgumentType, format!("{keyword} takes a whole number, not {}", other.type_name()))
        }
    }
}

/// Runs a whole sub-plan for an expression.
fn all(plan: &Op, row: &mut Row, cx: &Context<'_>, sink: &mut Sink<'_>) -> Result<(), Fail> {
    match until(CALLER, run(plan, row, cx, sink)) {
        Ok(()) => Ok(()),
        Err(Stop::Fail(e)) => Err(e),
        // No operator outside can have ended it: its sink is here.
        Err(Stop::Enough(_)) => Ok(()),
    }
}

/// Whether a sub-plan has a row.
pub(crate) fn exists(plan: &Op, row: &mut Row, cx: &Context<'_>) -> Result<bool, Fail> {
    let mut found = false;
    all(plan, row, cx, &mut |_| {
        found = true;
        Err(Stop::Enough(CALLER))
    })?;
    Ok(found)
}

/// How many rows a sub-plan has.
pub(crate) fn count(plan: &Op, row: &mut Row, cx: &Context<'_>) -> Result<usize, Fail> {
    let mut n = 0;
    all(plan, row, cx, &mut |_| {
        n += 1;
        Ok(())
    })?;
    Ok(n)
}

/// The value of an expression for each row of a sub-plan.
pub(crate) fn collect(plan: &Op, value: &Expr, row: &mut Row, cx: &Context<'_>) -> Result<Vec<Value>, Fail> {
    let mut out = Vec::new();
    let mut count = 0;
    all(plan, row, cx, &mut |row| {
        let v = value.eval(row, cx)?;
        cx.gather(&mut count, &v)?;
        out.push(v);
        Ok(())
    })?;
    Ok(out)
}

/// The value of an expression for the first row of a sub-plan; null where it has none.
pub(crate) fn first(plan: &Op, value: &Expr, row: &mut Row, cx: &Context<'_>) -> Result<Value, Fail> {
    let mut out = Value::Null;
    all(plan, row, cx, &mut |row| {
        out = value.eval(row, cx)?;
        Err(Stop::Enough(CALLER))
    })?;
    Ok(out)
}

/// What is gathered of a whole plan.
pub(crate) struct Gathered {
    /// The rows.
    pub(crate) rows: Vec<Vec<Value>>,
    /// Whether rows were left out because of the limit.
    pub(crate) cut: bool,
}

/// Runs a whole plan and keeps the values of some slots of each row, up to so many rows.
pub(crate) fn gather(plan: &Op, slots: &[Slot], width: usize, most: usize, cx: &Context<'_>) -> Result<Gathered, Fail> {
    let mut row = vec![Value::Null; width];
    let mut gathered = Gathered { rows: Vec::new(), cut: false };
    all(plan, &mut row, cx, &mut |row| {
        cx.tick()?;
        if gathered.rows.len() >= most {
            gathered.cut = true;
            return Err(Stop::Enough(CALLER));
        }
        let values: Vec<Value> = slots.iter().map(|s| row[*s].clone()).collect();
        cx.hold(collect::weight(&values))?;
        gathered.rows.push(values);
        Ok(())
    })?;
    Ok(gathered)
}
