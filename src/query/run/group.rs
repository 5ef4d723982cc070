//! Repeated groups: each turn is a plan of its own, run from where the one before ended.

use super::step::bind_end;
use super::{Flow, Sink, repeat, run};
use crate::graph::{EdgeId, NodeId};
use crate::query::ast::PathMode;
use crate::query::context::Context;
use crate::query::eval::Row;
use crate::query::plan::GroupExpand;
use crate::query::store;
use crate::query::value::Value;

/// One way to go through the group once.
struct Turn {
    to: NodeId,
    edges: Vec<EdgeId>,
    values: Vec<Value>,
}

/// The turns that start at a node.
fn turns(x: &GroupExpand, from: NodeId, row: &mut Row, cx: &Context<'_>) -> Result<Vec<Turn>, super::Stop> {
    let mut found = Vec::new();
    row[x.start] = Value::Node(from);
    run(&x.turn, row, cx, &mut |row| {
        cx.tick()?;
        let Value::Node(to) = row[x.end] else { return Ok(()) };
        let mut edges = Vec::new();
        for slot in &x.turn_edges {
            match &row[*slot] {
                Value::Edge(e) => edges.push(*e),
                Value::List(items) => edges.extend(items.iter().filter_map(|v| match v {
                    Value::Edge(e) => Some(*e),
                    _ => None,
                })),
                _ => {}
            }
        }
        let values = x.lists.iter().map(|(slot, _)| row[*slot].clone()).collect();
        found.push(Turn { to, edges, values });
        Ok(())
    })?;
    // Taken from the end: the first turn found is followed first.
    found.reverse();
    Ok(found)
}

pub(super) fn expand(x: &GroupExpand, row: &mut Row, cx: &Context<'_>, sink: &mut Sink<'_>) -> Flow {
    let Value::Node(from) = row[x.from] else { return Ok(()) };
    let from = store::node(from)?;
    let (most, limited) = repeat::bound(x.max, cx);
    let min = x.min as usize;
    let give = |to: NodeId, path: &[Turn], row: &mut Row, sink: &mut Sink<'_>| -> Flow {
        if !bind_end(x.to, x.into, &x.test, to, row, cx)? {
            return Ok(());
        }
        let in_order = |n: usize| if x.reversed { path.len() - 1 - n } else { n };
        let edges = (0..path.len()).flat_map(|n| path[in_order(n)].edges.iter().map(|e| Value::Edge(*e)));
        row[x.edges] = Value::list(edges.collect());
        for (i, (_, list)) in x.lists.iter().enumerate() {
            row[*list] = Value::list((0..path.len()).map(|n| path[in_order(n)].values[i].clone()).collect());
        }
        sink(row)
    };
    if min == 0 {
        give(from, &[], row, sink)?;
    }
    if most == 0 {
        return Ok(());
    }
    let mut path: Vec<Turn> = Vec::new();
    let mut stack = vec![(from, turns(x, from, row, cx)?)];
    while let Some((_, todo)) = stack.last_mut() {
        cx.tick()?;
        let Some(turn) = todo.pop() else {
            stack.pop();
            path.pop();
            continue;
        };
        let used = |e: &EdgeId| path.iter().any(|t| t.edges.contains(e));
        let repeats = match x.mode {
            PathMode::Walk => false,
            // Within a turn its own plan has seen to it.
            PathMode::Trail | PathMode::Simple => turn.edges.iter().any(used),
            PathMode::Acyclic => stack.iter().any(|(n, _)| *n == turn.to) || turn.edges.iter().any(used),
        };
        if repeats || !turn.edges.iter().all(|e| super::step::differs(*e, &x.unlike, row)) {
            continue;
        }
        let to = turn.to;
        // A turn that moves along no relationship leads nowhere new: once is enough.
        let idle = turn.edges.is_empty();
        path.push(turn);
        if path.len() >= min {
            give(to, &path, row, sink)?;
        }
        if path.len() < most && !(idle && path.len() >= min) {
            let next = turns(x, to, row, cx)?;
            stack.push((to, next));
        } else {
            if limited && path.len() >= most {
                repeat::note_cut(cx);
            }
            path.pop();
        }
    }
    Ok(())
}
