//! Shortest paths by breadth, and the choice among all paths of a pattern.

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::repeat::{bound, list, note_cut, passes};
use super::step::{bind_end, neighbours};
use super::{Flow, Sink, Stop, collect, repeat, run};
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
/// would come back over the one that it went out by: the paths of each length are tried instead.
fn closed(
    x: &VarExpand,
    from: NodeId,
    most: usize,
    one: bool,
    row: &mut Row,
    cx: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Flow {
    let reachable = back_in(x, from, most, row, cx)?;
    let Some(least) = reachable else { return Ok(()) };
    let either = x.along.direction == Direction::Both || !x.along.symmetric.is_empty();
    let greatest = if either { most } else { least };
    row[x.to] = Value::Node(from);
    for length in least..=greatest {
        let exact = u32::try_from(length).unwrap_or(u32::MAX);
        let step = VarExpand { into: true, min: exact, max: Some(exact), ..x.clone() };
        let mut found = false;
        let token = usize::MAX - 1;
        let result = repeat::expand(&step, row, cx, &mut |row| {
            if one && found {
                return Err(Stop::Enough(token));
            }
            found = true;
            sink(row)
        });
        super::until(token, result)?;
        if found {
            break;
        }
    }
    Ok(())
}

/// The least number of steps after which a walk may be back where it started; none where it never is.
fn back_in(x: &VarExpand, from: NodeId, most: usize, row: &mut Row, cx: &Context<'_>) -> Result<Option<usize>, Stop> {
    let mut seen: FxHashMap<NodeId, ()> = FxHashMap::default();
    let mut level = vec![from];
    for steps in 1..=most {
        let mut next = Vec::new();
        let mut back = false;
        for node in level {
            neighbours(&x.along, node, cx, &mut |n, e| -> Flow {
                cx.tick()?;
                if (n == from || !seen.contains_key(&n)) && passes(x, e, row, cx)? {
                    back |= n == from;
                    if seen.insert(n, ()).is_none() {
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
