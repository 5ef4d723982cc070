//! Operators that keep rows: distinct, order, groups, unions.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;

use super::{Flow, Sink, input, run};
use crate::query::aggregate::State;
use crate::query::context::Context;
use crate::query::eval::Row;
use crate::query::expr::{Expr, Slot};
use crate::query::functions::Fail;
use crate::query::plan::{Aggregation, Op};
use crate::query::value::{Key, Value};

/// Estimated bytes of a row that is kept.
pub(crate) fn weight(values: &[Value]) -> usize {
    let shared = |v: &Value| match v {
        Value::String(s) if std::sync::Arc::strong_count(s) > 1 => 0,
        Value::List(l) if std::sync::Arc::strong_count(l) > 1 => 0,
        Value::Map(m) if std::sync::Arc::strong_count(m) > 1 => 0,
        Value::Path(p) if std::sync::Arc::strong_count(p) > 1 => 0,
        other => other.weight(),
    };
    24 + values.iter().map(|v| size_of::<Value>() + shared(v)).sum::<usize>()
}

fn keys(slots: &[Slot], row: &Row) -> Box<[Key]> {
    slots.iter().map(|s| Key(row[*s].clone())).collect()
}

pub(super) fn distinct(op: &Op, slots: &[Slot], row: &mut Row, cx: &Context<'_>, sink: &mut Sink<'_>) -> Flow {
    let mut seen: IndexSet<Box<[Key]>, FxBuildHasher> = IndexSet::default();
    let mut held = 0;
    input(op, row, cx, &mut |row| {
        cx.tick()?;
        let key = keys(slots, row);
        if seen.contains(&key) {
            return Ok(());
        }
        let bytes = 24 * slots.len() + 32;
        cx.hold(bytes)?;
        held += bytes;
        seen.insert(key);
        sink(row)
    })?;
    cx.release(held);
    Ok(())
}

/// A row that waits to be ordered.
struct Waiting<'k> {
    /// Its keys.
    by: Vec<Value>,
    /// When it came: rows with equal keys stay in that order.
    at: usize,
    values: Vec<Value>,
    descending: &'k [bool],
}

impl Ord for Waiting<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let keys = self.by.iter().zip(&other.by).zip(self.descending);
        let first = keys.map(|((a, b), down)| if *down { b.order(a) } else { a.order(b) }).find(|o| o.is_ne());
        first.unwrap_or_else(|| self.at.cmp(&other.at))
    }
}
impl PartialOrd for Waiting<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Waiting<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Waiting<'_> {}

pub(super) fn sort(
    op: &Op,
    by: &[(Expr, bool)],
    live: &[Slot],
    limit: Option<&Expr>,
    row: &mut Row,
    cx: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Flow {
    // A limit that is no number has been refused by the operator above.
    let most = match limit.map(|e| e.eval(row, cx)).transpose()? {
        Some(Value::Int(n)) => usize::try_from(n).ok(),
        _ => None,
    };
    let descending: Vec<bool> = by.iter().map(|(_, d)| *d).collect();
    let mut heap: BinaryHeap<Waiting<'_>> = BinaryHeap::new();
    let mut all: Vec<Waiting<'_>> = Vec::new();
    let (mut at, mut held) = (0, 0);
    input(op, row, cx, &mut |row| {
        cx.tick()?;
        let mut keys = Vec::with_capacity(by.len());
        for (e, _) in by {
            keys.push(e.eval(row, cx)?);
        }
        at += 1;
        let values = live.iter().map(|s| row[*s].clone()).collect();
        let waiting = Waiting { by: keys, at, values, descending: &descending };
        if let Some(most) = most
            && heap.len() >= most
        {
            // The greatest of those kept gives way.
            if heap.peek().is_some_and(|greatest| waiting < *greatest) {
                heap.pop();
                heap.push(waiting);
            }
            return Ok(());
        }
        let bytes = weight(&waiting.values) + weight(&waiting.by);
        cx.hold(bytes)?;
        held += bytes;
        if most.is_some() {
            heap.push(waiting);
        } else {
            all.push(waiting);
        }
        Ok(())
    })?;
    let sorted = if most.is_some() {
        heap.into_sorted_vec()
    } else {
        all.sort();
        all
    };
    for waiting in sorted {
        cx.tick()?;
        for (slot, value) in live.iter().zip(waiting.values) {
            row[*slot] = value;
        }
        sink(row)?;
    }
    cx.release(held);
    Ok(())
}

pub(super) fn aggregate(
    op: &Op,
    by: &[(Slot, Expr)],
    aggregates: &[Aggregation],
    row: &mut Row,
    cx: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Flow {
    let fresh = || -> Vec<State> { aggregates.iter().map(State::new).collect() };
    let mut groups: IndexMap<Box<[Key]>, Vec<State>, FxBuildHasher> = IndexMap::default();
    let mut held = 0;
    if by.is_empty() {
        groups.insert(Box::default(), fresh());
    }
    let add = |states: &mut [State], row: &mut Row| -> Result<(), Fail> {
        for (state, aggregation) in states.iter_mut().zip(aggregates) {
            let mut arguments = [Value::Null, Value::Null];
            for (value, e) in arguments.iter_mut().zip(&aggregation.arguments) {
                *value = e.eval(row, cx)?;
            }
            let [first, second] = arguments;
            state.add(first, &second, cx)?;
        }
        Ok(())
    };
    input(op, row, cx, &mut |row| {
        cx.tick()?;
        if by.is_empty() {
            if let Some((_, states)) = groups.get_index_mut(0) {
                add(states, row)?;
            }
            return Ok(());
        }
        let mut key = Vec::with_capacity(by.len());
        for (_, e) in by {
            key.push(Key(e.eval(row, cx)?));
        }
        let key = key.into_boxed_slice();
        match groups.get_mut(&key) {
            Some(states) => add(states, row)?,
            None => {
                let bytes = key.iter().map(|k| 24 + k.0.weight()).sum::<usize>() + 64 * aggregates.len() + 32;
                cx.hold(bytes)?;
                held += bytes;
                let mut states = fresh();
                add(&mut states, row)?;
                groups.insert(key, states);
            }
        }
        Ok(())
    })?;
    for (key, states) in groups {
        cx.tick()?;
        for ((slot, _), value) in by.iter().zip(key.into_vec()) {
            row[*slot] = value.0;
        }
        for (state, aggregation) in states.into_iter().zip(aggregates) {
            row[aggregation.slot] = state.finish(cx)?;
        }
        sink(row)?;
    }
    cx.release(held);
    Ok(())
}

pub(super) fn union(
    plans: &[(Op, Vec<Slot>)],
    slots: &[Slot],
    distinct_upto: usize,
    row: &mut Row,
    cx: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Flow {
    let mut seen: IndexSet<Box<[Key]>, FxBuildHasher> = IndexSet::default();
    for (i, (plan, from)) in plans.iter().enumerate() {
        run(plan, row, cx, &mut |row| {
            let values: Vec<Value> = from.iter().map(|s| row[*s].clone()).collect();
            if i < distinct_upto {
                let key: Box<[Key]> = values.iter().cloned().map(Key).collect();
                cx.hold(24 * key.len() + 32)?;
                if !seen.insert(key) {
                    return Ok(());
                }
            }
            for (slot, value) in slots.iter().zip(values) {
                row[*slot] = value;
            }
            sink(row)
        })?;
    }
    Ok(())
}
