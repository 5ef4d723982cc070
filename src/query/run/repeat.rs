//! Repeated relationships: all paths by depth.

use rustc_hash::FxHashSet;

use super::step::{bind_end, differs, neighbours};
use super::{Flow, Sink, Stop};
use crate::graph::{EdgeId, NodeId};
use crate::query::ast::PathMode;
use crate::query::context::Context;
use crate::query::eval::Row;
use crate::query::plan::VarExpand;
use crate::query::store;
use crate::query::value::Value;

/// Relationships of a node that are still to be followed.
struct Level {
    node: NodeId,
    todo: Vec<(NodeId, EdgeId)>,
}

/// What lies on the path so far: short paths are searched, long ones hashed.
struct OnPath {
    edges: Vec<EdgeId>,
    hashed: FxHashSet<EdgeId>,
}

/// From this length on a path is hashed.
const LONG: usize = 16;

impl OnPath {
    fn holds(&self, e: EdgeId) -> bool {
        if self.edges.len() < LONG { self.edges.contains(&e) } else { self.hashed.contains(&e) }
    }
    fn push(&mut self, e: EdgeId) {
        self.edges.push(e);
        if self.edges.len() == LONG {
            self.hashed = self.edges.iter().copied().collect();
        } else if self.edges.len() > LONG {
            self.hashed.insert(e);
        }
    }
    fn pop(&mut self) {
        if let Some(e) = self.edges.pop() {
            self.hashed.remove(&e);
        }
    }
}

/// Whether the relationships of a step pass its conditions.
pub(super) fn passes(x: &VarExpand, e: EdgeId, row: &mut Row, cx: &Context<'_>) -> Result<bool, Stop> {
    if !differs(e, &x.unlike, row) {
        return Ok(false);
    }
    match &x.each {
        Some((slot, condition)) => {
            row[*slot] = Value::Edge(e);
            Ok(condition.holds(row, cx)?)
        }
        None => Ok(true),
    }
}

/// The list of relationships as the pattern has them.
pub(super) fn list(edges: &[EdgeId], reversed: bool) -> Value {
    let value = |e: &EdgeId| Value::Edge(*e);
    Value::list(if reversed { edges.iter().rev().map(value).collect() } else { edges.iter().map(value).collect() })
}

/// The greatest length, and whether it is the limit of the options rather than the pattern's own.
pub(super) fn bound(max: Option<u32>, cx: &Context<'_>) -> (usize, bool) {
    match max {
        Some(max) => (max as usize, false),
        None => (cx.options.limits.path_length, true),
    }
}

/// Says that longer paths were left out.
pub(super) fn note_cut(cx: &Context<'_>) {
    cx.note(format!(
        "paths longer than {} relationships were left out; give the pattern an upper bound, or raise the limit",
        cx.options.limits.path_length
    ));
}

pub(super) fn expand(x: &VarExpand, row: &mut Row, cx: &Context<'_>, sink: &mut Sink<'_>) -> Flow {
    let Value::Node(from) = row[x.from] else { return Ok(()) };
    let from = store::node(from)?;
    let (most, limited) = bound(x.max, cx);
    let min = x.min as usize;
    if x.ends_only {
        return super::shortest::reach(x, from, most, row, cx, sink);
    }
    let give = |to: NodeId, edges: &[EdgeId], row: &mut Row, sink: &mut Sink<'_>| -> Flow {
        if !bind_end(x.to, x.into, &x.test, to, row, cx)? {
            return Ok(());
        }
        if x.list {
            row[x.edges] = list(edges, x.reversed);
        }
        sink(row)
    };
    if min == 0 {
        give(from, &[], row, sink)?;
    }
    if most == 0 {
        return Ok(());
    }
    let mut path = OnPath { edges: Vec::new(), hashed: FxHashSet::default() };
    let todo = |node: NodeId| -> Level {
        let mut todo = Vec::new();
        let _: Result<(), ()> = neighbours(&x.along, node, cx, &mut |n, e| {
            todo.push((n, e));
            Ok(())
        });
        // Taken from the end: the first neighbour is followed first.
        todo.reverse();
        Level { node, todo }
    };
    let mut stack = vec![todo(from)];
    while let Some(level) = stack.last_mut() {
        cx.tick()?;
        let Some((to, e)) = level.todo.pop() else {
            stack.pop();
            path.pop();
            continue;
        };
        let repeats = match x.mode {
            PathMode::Walk => false,
            PathMode::Trail | PathMode::Simple => path.holds(e),
            // Whether the whole path keeps to the mode is asked in the end; what cannot become such a path ends here.
            PathMode::Acyclic => stack.iter().any(|l| l.node == to),
        };
        if repeats || !passes(x, e, row, cx)? {
            continue;
        }
        path.push(e);
        if path.edges.len() >= min {
            give(to, &path.edges, row, sink)?;
        }
        if path.edges.len() < most {
            stack.push(todo(to));
        } else {
            if limited
                && neighbours(&x.along, to, cx, &mut |_, e| if path.holds(e) { Ok(()) } else { Err(()) }).is_err()
            {
                note_cut(cx);
            }
            path.pop();
        }
    }
    Ok(())
}
