//! Shortest paths by breadth, and the choice among all paths of a pattern.

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::repeat::{bound, list, note_cut, passes};
use super::step::{bind_end, neighbours};
use super::{Flow, Sink, Stop, collect, run};
use crate::graph::{Direction, EdgeId, NodeId};
use crate::query::context::Context;
use crate::query::eval::Row;
use crate::query::plan::{Keep, Select, Shortest, VarExpand};
use crate::query::store;
use crate::query::value::Value;

/// How a node was reached: after how many steps, and over which last steps.
struct Reached {
    steps: usize,
    over: Vec<(NodeId, EdgeId)>,
}

type Tree = IndexMap<NodeId, Reached, FxBuildHasher>;

pub(super) fn search(s: &Shortest, row: &mut Row, cx: &Context<'_>, sink: &mut Sink<'_>) -> Flow {
    let x = &s.step;
    let Value::Node(from) = row[x.from] else { return Ok(()) };
    let from = store::node(from)?;
    let goal = match (x.into, &row[x.to]) {
        (true, Value::Node(n)) => Some(store::node(*n)?),
        (true, _) => return Ok(()),
        (false, _) => None,
    };
    let (most, limited) = bound(x.max, cx);
    let one = s.keep == Keep::Shortest(1);
    if x.min == 0 && goal.is_none_or(|g| g == from) && bind_end(x.to, x.into, &x.test, from, row, cx)? {
        row[x.edges] = list(&[], x.reversed);
        sink(row)?;
    }
    if goal == Some(from) {
        return if x.min == 0 { Ok(()) } else { closed(x, from, most, one, row, cx, sink) };
    }
    if goal.is_none() && x.min > 0 {
        let passes = match &x.test {
            Some(test) => store::node_passes(from, test, cx)?,
            None => true,
        };
        if passes {
            row[x.to] = Value::Node(from);
            closed(x, from, most, one, row, cx, sink)?;
        }
    }
    let tree = spread(x, from, goal, most, one, row, cx)?;
    let deepest = tree.last().map_or(0, |(_, r)| r.steps);
    if limited && deepest >= most && goal.is_none_or(|g| !tree.contains_key(&g)) {
        note_cut(cx);
    }
    match goal {
        Some(goal) => paths(x, &tree, goal, row, cx, sink),
        None => {
            for goal in tree.keys().skip(1).copied() {
                if bind_end(x.to, false, &x.test, goal, row, cx)? {
                    paths(x, &tree, goal, row, cx, sink)?;
                    // A path further on starts from the same row.
                    row[x.to] = Value::Null;
                }
            }
            Ok(())
        }
    }
}

/// Gives each end that a repeated relationship reaches once, without paths: the least way to an end repeats nothing, so
/// that breadth finds whatever a path of the mode finds.
pub(super) fn reach(
    x: &VarExpand,
    from: NodeId,
    most: usize,
    row: &mut Row,
    cx: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Flow {
    let goal = match (x.into, &row[x.to]) {
        (true, Value::Node(n)) => Some(store::node(*n)?),
        (true, _) => return Ok(()),
        (false, _) => None,
    };
    if goal.is_none_or(|g| g == from) {
        let passes = match &x.test {
            Some(test) if goal.is_none() => store::node_passes(from, test, cx)?,
            _ => true,
        };
        if passes && x.min == 0 {
            row[x.to] = Value::Node(from);
            sink(row)?;
        } else if passes {
            row[x.to] = Value::Node(from);
            closed(x, from, most, true, row, cx, sink)?;
        }
        if goal.is_some() {
            return Ok(());
        }
    }
    let mut seen: FxHashSet<NodeId> = FxHashSet::default();
    seen.insert(from);
    let mut level = vec![from];
    for steps in 1..=most {
        let mut next = Vec::new();
        for node in level {
            neighbours(&x.along, node, cx, &mut |n, e| -> Flow {
                cx.tick()?;
                if seen.contains(&n) || !passes(x, e, row, cx)? {
                    return Ok(());
                }
                seen.insert(n);
                next.push(n);
                if goal.is_none_or(|g| g == n) && bind_end(x.to, x.into, &x.test, n, row, cx)? {
                    sink(row)?;
                }
                Ok(())
            })?;
            if goal.is_some_and(|g| seen.contains(&g)) {
                return Ok(());
            }
        }
        if next.is_empty() {
            return Ok(());
        }
        if x.max.is_none() && steps == most {
            note_cut(cx);
        }
        level = next;
    }
    Ok(())
}

/// Goes from a node in all directions, a step at a time, until the goal or all that can be reached is reached.
fn spread(
    x: &VarExpand,
    from: NodeId,
    goal: Option<NodeId>,
    most: usize,
    one: bool,
    row: &mut Row,
    cx: &Context<'_>,
) -> Result<Tree, Stop> {
    let mut tree = Tree::default();
    tree.insert(from, Reached { steps: 0, over: Vec::new() });
    let mut start = 0;
    for steps in 1..=most {
        let end = tree.len();
        if start == end {
            break;
        }
        for i in start..end {
            let Some((&node, _)) = tree.get_index(i) else { break };
            neighbours(&x.along, node, cx, &mut |n, e| -> Flow {
                cx.tick()?;
                match tree.get(&n) {
                    Some(r) if r.steps < steps || one => return Ok(()),
                    _ => {}
                }
                if !passes(x, e, row, cx)? {
                    return Ok(());
                }
                let reached = tree.entry(n).or_insert_with(|| Reached { steps, over: Vec::new() });
                reached.over.push((node, e));
                Ok(())
            })?;
            // With one path asked for, the rest of the level adds nothing.
            if one && goal.is_some_and(|g| tree.contains_key(&g)) {
                return Ok(tree);
            }
        }
        if goal.is_some_and(|g| tree.contains_key(&g)) {
            break;
        }
        start = end;
    }
    Ok(tree)
}

/// Gives all paths to a goal that the tree holds, the first found first.
fn paths(x: &VarExpand, tree: &Tree, goal: NodeId, row: &mut Row, cx: &Context<'_>, sink: &mut Sink<'_>) -> Flow {
    let Some(reached) = tree.get(&goal) else { return Ok(()) };
    let length = reached.steps;
    // From the goal back to the start: at each depth, which of the last steps is taken.
    let mut choice = vec![0usize; length];
    let mut nodes = vec![goal; length + 1];
    let mut edges = vec![EdgeId::default(); length];
    let mut depth = 0;
    loop {
        cx.tick()?;
        if depth == length {
            row[x.edges] = list(&edges, !x.reversed);
            sink(row)?;
            if depth == 0 {
                return Ok(());
            }
            depth -= 1;
            choice[depth] += 1;
            continue;
        }
        let over = tree.get(&nodes[depth]).map_or(&[][..], |r| &r.over);
        match over.get(choice[depth]) {
            Some((node, e)) => {
                nodes[depth + 1] = *node;
                edges[depth] = *e;
                depth += 1;
                if depth < length {
                    choice[depth] = 0;
                }
            }
            None if depth == 0 => return Ok(()),
            None => {
                depth -= 1;
                choice[depth] += 1;
            }
        }
    }
}

/// The shortest paths from a node back to itself. Where relationships may be followed either way, a walk by breadth
/// would come back over the one that it went out by; so the least length is found first, and then the paths of just
/// that length, by depth, never further from the start than the steps that are left.
fn closed(
    x: &VarExpand,
    from: NodeId,
    most: usize,
    one: bool,
    row: &mut Row,
    cx: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Flow {
    let either = x.along.direction == Direction::Both;
    let least = if either { girth(x, from, most, row, cx)? } else { back_in(x, from, most, row, cx)? };
    let Some(least) = least else { return Ok(()) };
    // Only where some relations go either way and others do not, the least length is not known yet.
    let greatest = if either || x.along.symmetric.is_empty() { least } else { most };
    let home = distances(x, from, greatest, row, cx)?;
    row[x.to] = Value::Node(from);
    for length in least..=greatest {
        if around(x, from, length, one, &home, row, cx, sink)? {
            break;
        }
    }
    Ok(())
}

/// How many steps each node is from the end, counted back from it.
fn distances(
    x: &VarExpand,
    to: NodeId,
    most: usize,
    row: &mut Row,
    cx: &Context<'_>,
) -> Result<FxHashMap<NodeId, usize>, Stop> {
    let mut back = x.along.clone();
    back.direction = back.direction.reverse();
    let mut found: FxHashMap<NodeId, usize> = FxHashMap::default();
    found.insert(to, 0);
    let mut level = vec![to];
    for steps in 1..=most {
        let mut next = Vec::new();
        for node in level {
            neighbours(&back, node, cx, &mut |n, e| -> Flow {
                cx.tick()?;
                if found.contains_key(&n) || !passes(x, e, row, cx)? {
                    return Ok(());
                }
                found.insert(n, steps);
                next.push(n);
                Ok(())
            })?;
        }
        if next.is_empty() {
            break;
        }
        level = next;
    }
    Ok(found)
}

/// The least length of a closed path through a node over relationships that go either way: breadth first, each node
/// marked with the relationship by which its branch left; where two branches meet, a path is closed.
fn girth(x: &VarExpand, from: NodeId, most: usize, row: &mut Row, cx: &Context<'_>) -> Result<Option<usize>, Stop> {
    let mut seen: FxHashMap<NodeId, (usize, EdgeId)> = FxHashMap::default();
    let mut best: Option<usize> = None;
    let mut level = Vec::new();
    neighbours(&x.along, from, cx, &mut |n, e| -> Flow {
        if !passes(x, e, row, cx)? {
            return Ok(());
        }
        if n == from {
            best = Some(1);
        } else {
            match seen.entry(n) {
                std::collections::hash_map::Entry::Occupied(_) => best = Some(best.unwrap_or(2).min(2)),
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert((1, e));
                    level.push(n);
                }
            }
        }
        Ok(())
    })?;
    let mut steps = 1;
    while !level.is_empty() && best.is_none_or(|b| b > 2 * steps) {
        let mut next = Vec::new();
        for node in level {
            let Some(&(depth, branch)) = seen.get(&node) else { continue };
            neighbours(&x.along, node, cx, &mut |n, e| -> Flow {
                cx.tick()?;
                if n == from || !passes(x, e, row, cx)? {
                    return Ok(());
                }
                match seen.get(&n) {
                    Some(&(other, b)) if b != branch => {
                        let length = depth + other + 1;
                        best = Some(best.map_or(length, |b| b.min(length)));
                    }
                    Some(_) => {}
                    None => {
                        seen.insert(n, (depth + 1, branch));
                        next.push(n);
                    }
                }
                Ok(())
            })?;
        }
        level = next;
        steps += 1;
    }
    Ok(best.filter(|b| *b <= most))
}

/// Gives the paths of just that length from a node back to itself; whether there was one.
#[allow(clippy::too_many_arguments, reason = "the state of one search")]
fn around(
    x: &VarExpand,
    from: NodeId,
    length: usize,
    one: bool,
    home: &FxHashMap<NodeId, usize>,
    row: &mut Row,
    cx: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<bool, Stop> {
    let todo = |node: NodeId| -> Vec<(NodeId, EdgeId)> {
        let mut todo = Vec::new();
        let _: Result<(), ()> = neighbours(&x.along, node, cx, &mut |n, e| {
            todo.push((n, e));
            Ok(())
        });
        todo.reverse();
        todo
    };
    let mut found = false;
    let mut edges: Vec<EdgeId> = Vec::new();
    let mut stack = vec![todo(from)];
    while let Some(level) = stack.last_mut() {
        cx.tick()?;
        let Some((n, e)) = level.pop() else {
            stack.pop();
            edges.pop();
            continue;
        };
        let left = length - edges.len() - 1;
        let near = home.get(&n).is_some_and(|d| *d <= left);
        if !near || edges.contains(&e) || !passes(x, e, row, cx)? {
            continue;
        }
        edges.push(e);
        if left > 0 {
            stack.push(todo(n));
            continue;
        }
        found = true;
        row[x.edges] = list(&edges, x.reversed);
        sink(row)?;
        if one {
            break;
        }
        edges.pop();
    }
    Ok(found)
}

/// The least number of steps after which a walk may be back where it started; none where it never is.
fn back_in(x: &VarExpand, from: NodeId, most: usize, row: &mut Row, cx: &Context<'_>) -> Result<Option<usize>, Stop> {
    let mut seen: FxHashSet<NodeId> = FxHashSet::default();
    let mut level = vec![from];
    for steps in 1..=most {
        let mut next = Vec::new();
        let mut back = false;
        for node in level {
            neighbours(&x.along, node, cx, &mut |n, e| -> Flow {
                cx.tick()?;
                if (n == from || !seen.contains(&n)) && passes(x, e, row, cx)? {
                    back |= n == from;
                    if seen.insert(n) {
                        next.push(n);
                    }
                }
                Ok(())
            })?;
        }
        if back {
            return Ok(Some(steps));
        }
        if next.is_empty() {
            return Ok(None);
        }
        level = next;
    }
    Ok(None)
}

/// A match of a selected pattern.
struct Match {
    length: usize,
    values: Vec<Value>,
}

/// Finds all matches of a pattern and gives those that the selector keeps, for each pair of ends.
pub(super) fn select(s: &Select, row: &mut Row, cx: &Context<'_>, sink: &mut Sink<'_>) -> Flow {
    let mut matches: IndexMap<(NodeId, NodeId), Vec<Match>, FxBuildHasher> = IndexMap::default();
    let mut held = 0;
    run(&s.plan, row, cx, &mut |row| {
        cx.tick()?;
        let (Value::Node(a), Value::Node(b)) = (&row[s.ends.0], &row[s.ends.1]) else { return Ok(()) };
        let length = s.edges.iter().map(|slot| match &row[*slot] {
            Value::List(items) => items.len(),
            _ => 1,
        });
        let found = Match { length: length.sum(), values: s.filled.iter().map(|f| row[*f].clone()).collect() };
        let bytes = collect::weight(&found.values);
        cx.hold(bytes)?;
        held += bytes;
        matches.entry((*a, *b)).or_default().push(found);
        Ok(())
    })?;
    for (_, mut found) in matches {
        // Stable: of paths with the same length the first found comes first.
        found.sort_by_key(|m| m.length);
        let most = match s.keep {
            Keep::Shortest(k) => k as usize,
            Keep::Groups(k) => {
                let mut groups = 0;
                let mut last = None;
                let within = |m: &&Match| {
                    if last != Some(m.length) {
                        groups += 1;
                        last = Some(m.length);
                    }
                    groups <= k
                };
                found.iter().take_while(within).count()
            }
        };
        for m in found.into_iter().take(most) {
            for (slot, value) in s.filled.iter().zip(m.values) {
                row[*slot] = value;
            }
            sink(row)?;
        }
    }
    cx.release(held);
    Ok(())
}
