//! In which order a pattern is walked: the cheapest start, then the least fan-out, links between bound nodes first,
//! every condition as soon as all that it reads is bound. Counts come from the graph's statistics and are exact for
//! labels and for relationships by label, type and direction; everything else is a guess.

use std::collections::BTreeSet;

use super::pattern::{Between, Condition, GroupLink, LinkKind, Pattern};
use super::{Along, Expand, GroupExpand, Op, OpKind, Planner, Seek, Shortest, VarExpand};
use crate::graph::{Direction, LabelId, RelId};
use crate::query::ast::{BinaryOp, CompareOp};
use crate::query::expr::{Expr, LabelTest, Slot};
use crate::query::functions::Fail;

/// The part of rows that a condition of unknown strength is expected to keep.
const KEPT: f64 = 0.5;
/// The part that an equality is expected to keep.
const KEPT_BY_EQUALITY: f64 = 0.1;

/// The way to find a node that a condition offers: its name, or being a given node.
pub(crate) fn seek(e: &Expr) -> Option<(Slot, Seek)> {
    let name_of = |e: &Expr| -> Option<Slot> {
        match strip(e) {
            Expr::Property(of, key) if &*key.name == "name" => match strip(of) {
                Expr::Slot(s) => Some(*s),
                _ => None,
            },
            _ => None,
        }
    };
    match strip(e) {
        Expr::Compare(CompareOp::Equal, a, b) => match (name_of(a), name_of(b)) {
            (Some(s), None) => Some((s, Seek::Name((**b).clone()))),
            (None, Some(s)) => Some((s, Seek::Name((**a).clone()))),
            (None, None) => match (strip(a), strip(b)) {
                (Expr::Slot(s), node @ Expr::Const(_)) | (node @ Expr::Const(_), Expr::Slot(s)) => {
                    Some((*s, Seek::Node(node.clone())))
                }
                _ => None,
            },
            _ => None,
        },
        Expr::Binary(BinaryOp::SameName, a, b) => Some((name_of(a)?, Seek::SameName((**b).clone()))),
        Expr::Binary(BinaryOp::StartsWith, a, b) => Some((name_of(a)?, Seek::Prefix((**b).clone()))),
        Expr::Binary(BinaryOp::Contains, a, b) => Some((name_of(a)?, Seek::Contains((**b).clone()))),
        _ => None,
    }
}

fn strip(e: &Expr) -> &Expr {
    match e {
        Expr::At(_, inner) => strip(inner),
        other => other,
    }
}

/// A pattern on its way to operators.
struct Walk {
    pattern: Pattern,
    bound: BTreeSet<Slot>,
    /// What the pattern itself binds.
    own: BTreeSet<Slot>,
    /// Links not yet walked.
    links: Vec<usize>,
    /// Conditions not yet asked.
    conditions: Vec<Condition>,
    /// Selected patterns not yet run.
    selected: Vec<usize>,
    /// Relationships bound, with their types: (slot, types).
    walked: Vec<(Slot, Option<Vec<RelId>>)>,
}

impl Planner<'_> {
    /// Plans a pattern after an operator.
    pub(crate) fn order(&mut self, input: Op, pattern: Pattern) -> Result<Op, Fail> {
        let mut bound = pattern.bound.clone();
        for (select, _) in &pattern.selected {
            for slot in &select.filled {
                bound.remove(slot);
            }
        }
        let mut walk = Walk {
            bound,
            links: (0..pattern.links.len()).collect(),
            conditions: pattern.conditions.clone(),
            selected: (0..pattern.selected.len()).collect(),
            walked: Vec::new(),
            own: BTreeSet::new(),
            pattern,
        };
        // Only slots that the pattern itself will bind are waited for: all others are bound before.
        let own: BTreeSet<Slot> = walk
            .pattern
            .nodes
            .iter()
            .map(|n| n.slot)
            .chain(walk.pattern.links.iter().flat_map(link_slots))
            .chain(walk.pattern.selected.iter().flat_map(|(s, _)| s.filled.iter().copied()))
            .filter(|s| !walk.bound.contains(s))
            .collect();
        for condition in &mut walk.conditions {
            condition.needs.retain(|s| own.contains(s));
        }
        walk.own = own;
        let mut op = input;
        if !self.naive {
            op = self.filters(op, &mut walk);
        }
        // Relationships that are bound already differ from those to come.
        for at in 0..walk.pattern.links.len() {
            let link = &walk.pattern.links[at];
            if walk.bound.contains(&link.slot) {
                walk.walked.push((link.slot, link.along.types.clone()));
            }
        }
        while let Some(step) = self.next(&walk) {
            op = match step {
                Next::Scan(node) => self.scan(op, &mut walk, node),
                Next::Link(at, backwards) => self.link(op, &mut walk, at, backwards)?,
                Next::Select(at) => {
                    walk.selected.retain(|s| *s != at);
                    let (select, _) = walk.pattern.selected[at].clone();
                    walk.bound.extend(select.filled.iter().copied());
                    let estimate = op.estimate * select.plan.estimate.max(1.0);
                    self.op(OpKind::Select(Box::new(select)), Some(op), estimate)
                }
            };
            if !self.naive {
                op = self.filters(op, &mut walk);
            }
        }
        walk.conditions.iter_mut().for_each(|c| c.needs.clear());
        Ok(self.filters(op, &mut walk))
    }

    /// Asks the conditions for which everything is bound.
    fn filters(&mut self, mut op: Op, walk: &mut Walk) -> Op {
        let (ready, waiting): (Vec<Condition>, Vec<Condition>) =
            std::mem::take(&mut walk.conditions).into_iter().partition(|c| c.needs.is_subset(&walk.bound));
        walk.conditions = waiting;
        for condition in ready {
            let kept = match strip(&condition.expr) {
                Expr::Compare(CompareOp::Equal, ..) => KEPT_BY_EQUALITY,
                _ => KEPT,
            };
            let estimate = op.estimate * kept;
            op = self.op(OpKind::Filter(condition.expr), Some(op), estimate);
        }
        op
    }

    /// The next step, the cheapest by how many rows it makes of one.
    fn next(&self, walk: &Walk) -> Option<Next> {
        let bound = |node: usize| walk.bound.contains(&walk.pattern.nodes[node].slot);
        if self.naive {
            return self.next_as_written(walk);
        }
        let mut offers: Vec<(f64, Next)> = Vec::new();
        let mut offer = |cost: f64, next: Next| offers.push((cost, next));
        for &at in &walk.links {
            let link = &walk.pattern.links[at];
            if self.waits(walk, link) {
                continue;
            }
            if walk.bound.contains(&link.slot) {
                // The ends of a relationship that is bound cost nothing.
                offer(0.0, Next::Link(at, false));
                continue;
            }
            match (bound(link.from), bound(link.to)) {
                (false, false) => {}
                (true, true) => {
                    let backwards = self.fan(walk, link, true) < self.fan(walk, link, false);
                    let single = matches!(link.kind, LinkKind::Single);
                    let cost = if single { 0.01 } else { 0.5 * self.fan(walk, link, backwards).min(4.0) };
                    offer(cost, Next::Link(at, backwards));
                }
                (true, false) => offer(self.fan(walk, link, false), Next::Link(at, false)),
                (false, true) => offer(self.fan(walk, link, true), Next::Link(at, true)),
            }
        }
        let connected = !offers.is_empty();
        let mut offer = |cost: f64, next: Next| offers.push((cost, next));
        for (i, node) in walk.pattern.nodes.iter().enumerate() {
            if walk.bound.contains(&node.slot) || self.filled_later(walk, node.slot) {
                continue;
            }
            let rows = self.start_rows(walk, i);
            let found = self.seek_of(walk, node.slot).is_some();
            // Apart from look-ups, a second start is worth it only where nothing leads on.
            if found || !connected {
                offer(rows, Next::Scan(i));
            }
        }
        for &at in &walk.selected {
            let (_, needs) = &walk.pattern.selected[at];
            let ready = needs.iter().all(|s| walk.bound.contains(s) || !walk.own.contains(s));
            if ready {
                offer(1e6, Next::Select(at));
            }
        }
        // Of equal costs the first offered.
        offers.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, next)| next)
    }

    /// As written: from left to right.
    fn next_as_written(&self, walk: &Walk) -> Option<Next> {
        let bound = |node: usize| walk.bound.contains(&walk.pattern.nodes[node].slot);
        for &at in &walk.links {
            let link = &walk.pattern.links[at];
            if self.waits(walk, link) {
                continue;
            }
            if walk.bound.contains(&link.slot) || bound(link.from) {
                return Some(Next::Link(at, false));
            }
            return Some(Next::Scan(link.from));
        }
        for (i, node) in walk.pattern.nodes.iter().enumerate() {
            if !walk.bound.contains(&node.slot) && !self.filled_later(walk, node.slot) {
                return Some(Next::Scan(i));
            }
        }
        walk.selected.first().map(|at| Next::Select(*at))
    }

    /// Whether a link must wait for a selected pattern that binds one of its ends.
    fn waits(&self, walk: &Walk, link: &Between) -> bool {
        [link.from, link.to].iter().any(|n| self.filled_later(walk, walk.pattern.nodes[*n].slot))
    }

    /// Whether a selected pattern that is still to be run binds the slot.
    fn filled_later(&self, walk: &Walk, slot: Slot) -> bool {
        walk.selected.iter().any(|at| walk.pattern.selected[*at].0.filled.contains(&slot))
    }

    /// A condition by which a node can be found at once.
    fn seek_of<'w>(&self, walk: &'w Walk, slot: Slot) -> Option<&'w Seek> {
        let ready = |c: &&Condition| {
            c.seek.as_ref().is_some_and(|(s, _)| *s == slot)
                && c.needs.iter().all(|s| *s == slot || walk.bound.contains(s))
        };
        let vague = |seek: &&Seek| matches!(seek, Seek::Prefix(_) | Seek::Contains(_));
        let offered = walk.conditions.iter().filter(ready).filter_map(|c| c.seek.as_ref()).map(|(_, seek)| seek);
        offered.min_by_key(vague)
    }

    /// The label by which a node is best scanned.
    fn best_label(&self, walk: &Walk, node: usize) -> Option<LabelId> {
        let mut labels = Vec::new();
        walk.pattern.nodes[node].tests.iter().for_each(|t| required(t, &mut labels));
        labels.into_iter().min_by_key(|l| self.graph.label_count(*l))
    }

    /// How many rows a start at a node is expected to give.
    fn start_rows(&self, walk: &Walk, node: usize) -> f64 {
        match self.seek_of(walk, walk.pattern.nodes[node].slot) {
            Some(Seek::Name(_) | Seek::SameName(_) | Seek::Node(_)) => 1.0,
            Some(Seek::Prefix(_) | Seek::Contains(_)) => (self.scan_rows(walk, node) * 0.01).max(1.0),
            None => self.scan_rows(walk, node).max(1.0),
        }
    }

    fn scan_rows(&self, walk: &Walk, node: usize) -> f64 {
        let count = match self.best_label(walk, node) {
            Some(label) => self.graph.label_count(label),
            None => self.graph.node_count(),
        };
        let slot = walk.pattern.nodes[node].slot;
        let equalities = walk.conditions.iter().filter(|c| {
            c.needs.contains(&slot)
                && c.needs.iter().all(|s| *s == slot || walk.bound.contains(s))
                && matches!(strip(&c.expr), Expr::Compare(CompareOp::Equal, ..))
        });
        count as f64 * KEPT_BY_EQUALITY.powi(equalities.count() as i32)
    }

    /// How many rows a link makes of one, walked forwards or backwards.
    fn fan(&self, walk: &Walk, link: &Between, backwards: bool) -> f64 {
        let (from, to) = if backwards { (link.to, link.from) } else { (link.from, link.to) };
        let direction = if backwards { link.along.direction.reverse() } else { link.along.direction };
        let one = self.degree(walk, from, &link.along, direction);
        let nodes = (self.graph.node_count() as f64).max(1.0);
        let kept = self.best_label(walk, to).map_or(1.0, |l| self.graph.label_count(l) as f64 / nodes);
        match &link.kind {
            LinkKind::Single => one * kept,
            LinkKind::Repeated { max, .. } | LinkKind::Shortest { max, .. } => {
                (one.powi(max.unwrap_or(8).min(8) as i32).max(one) * kept).max(2.0)
            }
            LinkKind::Group(group) => (one.powi(group.max.unwrap_or(8).min(8) as i32).max(one) * kept).max(2.0),
        }
    }

    /// The mean number of relationships at a node of a pattern.
    fn degree(&self, walk: &Walk, node: usize, along: &Along, direction: Direction) -> f64 {
        let g = self.graph;
        let label = self.best_label(walk, node);
        let nodes = label.map_or(g.node_count(), |l| g.label_count(l)).max(1) as f64;
        let of = |t: RelId| match label {
            Some(label) => g.label_relation_count(label, t, direction).0 as f64,
            None if direction == Direction::Both => 2.0 * g.relation_count(t) as f64,
            None => g.relation_count(t) as f64,
        };
        let edges: f64 = match &along.types {
            Some(types) => types.iter().map(|t| of(*t)).sum(),
            None => g.relations().filter(|t| !g.is_structural(*t)).map(of).sum(),
        };
        edges / nodes
    }

    fn scan(&mut self, op: Op, walk: &mut Walk, node: usize) -> Op {
        let slot = walk.pattern.nodes[node].slot;
        let test = all_of(&walk.pattern.nodes[node].tests);
        let seek = if self.naive { None } else { self.seek_of(walk, slot).cloned() };
        let rows = self.start_rows(walk, node);
        let label = if self.naive { None } else { self.best_label(walk, node) };
        walk.bound.insert(slot);
        let estimate = op.estimate * rows;
        let kind = match seek {
            Some(seek) => OpKind::NodeSeek { slot, seek, test },
            None => {
                // What the scan by label says already is not asked again.
                let test = match (&test, label) {
                    (Some(LabelTest::Has(l)), Some(label)) if *l == label.0 => None,
                    _ => test,
                };
                OpKind::NodeScan { slot, label, test }
            }
        };
        self.op(kind, Some(op), estimate)
    }

    fn link(&mut self, op: Op, walk: &mut Walk, at: usize, backwards: bool) -> Result<Op, Fail> {
        let link = walk.pattern.links[at].clone();
        let fan = self.fan(walk, &link, backwards);
        walk.links.retain(|l| *l != at);
        let (from, to) = if backwards { (link.to, link.from) } else { (link.from, link.to) };
        let mut along = link.along.clone();
        if backwards {
            along.direction = along.direction.reverse();
        }
        let (from_slot, to_slot) = (walk.pattern.nodes[from].slot, walk.pattern.nodes[to].slot);
        let is_bound = walk.bound.contains(&link.slot);
        let from_bound = walk.bound.contains(&from_slot);
        let into = walk.bound.contains(&to_slot) || (from_slot == to_slot && (from_bound || is_bound));
        let disjoint = |a: &Option<Vec<RelId>>, b: &Option<Vec<RelId>>| match (a, b) {
            (Some(a), Some(b)) => !a.iter().any(|t| b.contains(t)),
            _ => false,
        };
        let unlike: Vec<Slot> = walk
            .walked
            .iter()
            .filter(|(s, types)| link.unique && *s != link.slot && !disjoint(types, &along.types))
            .map(|(s, _)| *s)
            .collect();
        let own_test = |walk: &Walk, node: usize| all_of(&walk.pattern.nodes[node].tests);
        let test = if into { None } else { own_test(walk, to) };
        let estimate = op.estimate * if into { fan.min(1.0) } else { fan };
        if link.unique && !is_bound {
            walk.walked.push((link.slot, along.types.clone()));
        }
        walk.bound.extend([link.slot, to_slot]);
        let kind = match link.kind {
            LinkKind::Single if is_bound => {
                let step = Expand { from: from_slot, edge: link.slot, to: to_slot, into, test, along, unlike };
                let start = if from_bound { None } else { Some(own_test(walk, from)) };
                walk.bound.insert(from_slot);
                OpKind::EdgeEnds(Box::new(step), start)
            }
            LinkKind::Single => OpKind::Expand(Box::new(Expand {
                from: from_slot,
                edge: link.slot,
                to: to_slot,
                into,
                test,
                along,
                unlike,
            })),
            LinkKind::Repeated { min, max, each } => {
                let step = VarExpand {
                    from: from_slot,
                    edges: link.slot,
                    to: to_slot,
                    into,
                    test,
                    along,
                    min,
                    max,
                    mode: link.mode,
                    each,
                    unlike,
                    reversed: backwards,
                    list: true,
                    ends_only: false,
                };
                if is_bound {
                    let start = if from_bound { None } else { Some(own_test(walk, from)) };
                    walk.bound.insert(from_slot);
                    OpKind::ListEnds(Box::new(step), start)
                } else {
                    OpKind::VarExpand(Box::new(step))
                }
            }
            LinkKind::Shortest { min, max, each, keep } => {
                let step = VarExpand {
                    from: from_slot,
                    edges: link.slot,
                    to: to_slot,
                    into,
                    test,
                    along,
                    min,
                    max,
                    mode: link.mode,
                    each,
                    unlike,
                    reversed: backwards,
                    list: true,
                    ends_only: false,
                };
                OpKind::Shortest(Box::new(Shortest { step, keep }))
            }
            LinkKind::Group(group) => {
                walk.bound.extend(group.lists.iter().map(|(_, list)| *list));
                let GroupLink { mut pattern, start, end, turn_edges, lists, min, max } = *group;
                let (first, last) = if backwards { (end, start) } else { (start, end) };
                // The first node of a turn is set before the turn is run; its labels remain to be asked.
                if let Some(node) = pattern.nodes.iter_mut().find(|n| n.slot == first) {
                    let tests = std::mem::take(&mut node.tests);
                    if let Some(test) = all_of(&tests) {
                        let expr = Expr::Labels(Expr::Slot(first).boxed(), Box::new(test), Box::new(LabelTest::Never));
                        pattern.conditions.push(Condition { expr, needs: BTreeSet::from([first]), seek: None });
                    }
                }
                pattern.bound.insert(first);
                let argument = self.argument();
                let turn = Box::new(self.order(argument, pattern)?);
                OpKind::GroupExpand(Box::new(GroupExpand {
                    from: from_slot,
                    to: to_slot,
                    into,
                    test,
                    start: first,
                    end: last,
                    turn,
                    turn_edges,
                    edges: link.slot,
                    lists,
                    min,
                    max,
                    mode: link.mode,
                    unlike,
                    reversed: backwards,
                }))
            }
        };
        Ok(self.op(kind, Some(op), estimate))
    }
}

/// The next step of a walk over a pattern.
#[derive(Debug, Clone, Copy)]
enum Next {
    /// Bind a node from nowhere.
    Scan(usize),
    /// Walk a link, from its end where the flag says so.
    Link(usize, bool),
    /// Run a selected pattern.
    Select(usize),
}

/// The slots that a link binds.
fn link_slots(link: &Between) -> Vec<Slot> {
    let mut slots = vec![link.slot];
    if let LinkKind::Group(group) = &link.kind {
        slots.extend(group.lists.iter().map(|(_, list)| *list));
    }
    slots
}

/// The labels without which no node passes.
fn required(test: &LabelTest, out: &mut Vec<LabelId>) {
    match test {
        LabelTest::Has(l) => out.push(LabelId(*l)),
        LabelTest::And(parts) => parts.iter().for_each(|p| required(p, out)),
        _ => {}
    }
}

/// All tests as one.
fn all_of(tests: &[LabelTest]) -> Option<LabelTest> {
    match tests {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(LabelTest::And(many.to_vec())),
    }
}
