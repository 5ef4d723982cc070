//! Steps of one relationship.

use super::{Flow, Sink};
use crate::graph::{Direction, EdgeId, NodeId, RelId};
use crate::query::context::Context;
use crate::query::eval::Row;
use crate::query::expr::{LabelTest, Slot};
use crate::query::plan::{Along, Expand, VarExpand};
use crate::query::store;
use crate::query::value::Value;

/// Calls `visit` for each relationship that a step follows from a node, with the node to which it leads.
#[inline]
pub(super) fn neighbours<E>(
    along: &Along,
    from: NodeId,
    cx: &Context<'_>,
    visit: &mut dyn FnMut(NodeId, EdgeId) -> Result<(), E>,
) -> Result<(), E> {
    let topology = &cx.topology;
    let mut go = |relation: Option<RelId>, direction: Direction, loops: bool| -> Result<(), E> {
        for (n, e) in topology.neighbours(from, relation, direction) {
            if (loops || n != from) && !(along.skip_negated && negated(e, cx)) {
                visit(n, e)?;
            }
        }
        Ok(())
    };
    match &along.types {
        None => {
            go(None, along.direction, true)?;
            // A symmetric relation leads the other way too; a loop has been met already.
            along.symmetric.iter().try_for_each(|t| go(Some(*t), along.direction.reverse(), false))
        }
        Some(types) => types.iter().try_for_each(|t| {
            let both = along.symmetric.contains(t);
            go(Some(*t), if both { Direction::Both } else { along.direction }, true)
        }),
    }
}

/// Whether a fact is denied.
fn negated(e: EdgeId, cx: &Context<'_>) -> bool {
    cx.modality().is_some_and(|column| column.text(e.0) == Some("negated"))
}

/// Whether a step follows a relationship from a node, and where it leads.
fn follows(along: &Along, from: NodeId, e: EdgeId, cx: &Context<'_>) -> Option<NodeId> {
    let (source, relation, target) = cx.graph.edge(e);
    let typed = match &along.types {
        None => !cx.graph.is_structural(relation),
        Some(types) => types.contains(&relation),
    };
    if !typed || (along.skip_negated && negated(e, cx)) {
        return None;
    }
    let either = along.direction == Direction::Both || along.symmetric.contains(&relation);
    if source == from && (either || along.direction == Direction::Out) {
        Some(target)
    } else if target == from && (either || along.direction == Direction::In) {
        Some(source)
    } else {
        None
    }
}

/// Whether a relationship is none of those in the slots.
pub(super) fn differs(e: EdgeId, unlike: &[Slot], row: &Row) -> bool {
    unlike.iter().all(|s| match &row[*s] {
        Value::Edge(other) => *other != e,
        Value::List(items) => !items.iter().any(|v| matches!(v, Value::Edge(other) if *other == e)),
        _ => true,
    })
}

pub(super) fn expand(x: &Expand, row: &mut Row, cx: &Context<'_>, sink: &mut Sink<'_>) -> Flow {
    let Value::Node(from) = row[x.from] else { return Ok(()) };
    let from = store::node(from)?;
    if x.into {
        let Value::Node(to) = row[x.to] else { return Ok(()) };
        let to = store::node(to)?;
        return between(x, from, to, row, cx, sink);
    }
    neighbours(&x.along, from, cx, &mut |n, e| {
        cx.tick()?;
        if let Some(test) = &x.test
            && !store::node_passes(n, test, cx)?
        {
            return Ok(());
        }
        if !differs(e, &x.unlike, row) {
            return Ok(());
        }
        row[x.edge] = Value::Edge(e);
        row[x.to] = Value::Node(n);
        sink(row)
    })
}

/// The relationships between two nodes that are bound.
fn between(x: &Expand, from: NodeId, to: NodeId, row: &mut Row, cx: &Context<'_>, sink: &mut Sink<'_>) -> Flow {
    let mut go = |relation: Option<RelId>, direction: Direction| -> Flow {
        for e in cx.topology.between(from, relation, to, direction) {
            cx.tick()?;
            if (x.along.skip_negated && negated(e, cx)) || !differs(e, &x.unlike, row) {
                continue;
            }
            row[x.edge] = Value::Edge(e);
            sink(row)?;
        }
        Ok(())
    };
    match &x.along.types {
        None => {
            go(None, x.along.direction)?;
            if from == to {
                return Ok(());
            }
            x.along.symmetric.iter().try_for_each(|t| go(Some(*t), x.along.direction.reverse()))
        }
        Some(types) => types.iter().try_for_each(|t| {
            let both = x.along.symmetric.contains(t);
            go(Some(*t), if both { Direction::Both } else { x.along.direction })
        }),
    }
}

/// The ends of a relationship that is bound.
pub(super) fn edge_ends(
    x: &Expand,
    start: &Option<Option<LabelTest>>,
    row: &mut Row,
    cx: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Flow {
    let Value::Edge(e) = row[x.edge] else { return Ok(()) };
    let e = store::edge(e)?;
    if !differs(e, &x.unlike, row) {
        return Ok(());
    }
    let (source, _, target) = cx.graph.edge(e);
    // Either end may be the start where the direction is left open; a loop has one.
    let starts = if source == target { vec![source] } else { vec![source, target] };
    for from in starts {
        let Some(to) = follows(&x.along, from, e, cx) else { continue };
        if !bind_start(x.from, start, from, row, cx)? || !bind_end(x.to, x.into, &x.test, to, row, cx)? {
            continue;
        }
        sink(row)?;
    }
    Ok(())
}

/// Binds the node where a bound relationship starts, or compares it with the one bound.
fn bind_start(
    slot: Slot,
    start: &Option<Option<LabelTest>>,
    node: NodeId,
    row: &mut Row,
    cx: &Context<'_>,
) -> Result<bool, super::Stop> {
    match start {
        None => Ok(matches!(row[slot], Value::Node(n) if n == node)),
        Some(test) => {
            if let Some(test) = test
                && !store::node_passes(node, test, cx)?
            {
                return Ok(false);
            }
            row[slot] = Value::Node(node);
            Ok(true)
        }
    }
}

/// Binds the node where a step leads, or compares it with the one bound.
pub(super) fn bind_end(
    slot: Slot,
    into: bool,
    test: &Option<LabelTest>,
    node: NodeId,
    row: &mut Row,
    cx: &Context<'_>,
) -> Result<bool, super::Stop> {
    if into {
        return Ok(matches!(row[slot], Value::Node(n) if n == node));
    }
    if let Some(test) = test
        && !store::node_passes(node, test, cx)?
    {
        return Ok(false);
    }
    row[slot] = Value::Node(node);
    Ok(true)
}

/// The ends of a list of relationships that is bound.
pub(super) fn list_ends(
    x: &VarExpand,
    start: &Option<Option<LabelTest>>,
    row: &mut Row,
    cx: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Flow {
    let Value::List(items) = row[x.edges].clone() else { return Ok(()) };
    let mut edges = Vec::with_capacity(items.len());
    for item in items.iter() {
        match item {
            Value::Edge(e) => edges.push(store::edge(*e)?),
            _ => return Ok(()),
        }
    }
    if x.reversed {
        edges.reverse();
    }
    let length = edges.len() as u64;
    if length < u64::from(x.min) || x.max.is_some_and(|m| length > u64::from(m)) {
        return Ok(());
    }
    let starts: Vec<NodeId> = match (edges.first(), &row[x.from], start) {
        (_, Value::Node(n), None) => vec![*n],
        (_, _, None) => return Ok(()),
        (Some(first), _, Some(_)) => {
            let (source, _, target) = cx.graph.edge(*first);
            if source == target { vec![source] } else { vec![source, target] }
        }
        (None, _, Some(_)) => cx.graph.nodes().collect(),
    };
    for from in starts {
        cx.tick()?;
        let mut at = Some(from);
        for e in &edges {
            at = at.and_then(|n| follows(&x.along, n, *e, cx)).filter(|_| differs(*e, &x.unlike, row));
        }
        let Some(to) = at else { continue };
        if !bind_start(x.from, start, from, row, cx)? || !bind_end(x.to, x.into, &x.test, to, row, cx)? {
            continue;
        }
        if let Some((slot, condition)) = &x.each {
            let mut all = true;
            for e in &edges {
                row[*slot] = Value::Edge(*e);
                all = all && condition.holds(row, cx)?;
            }
            if !all {
                continue;
            }
        }
        sink(row)?;
    }
    Ok(())
}
