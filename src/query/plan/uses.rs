//! After planning: what of the rows is used at all. A list of relationships that nobody reads is not made; where rows
//! that repeat others change nothing (below DISTINCT, `count(DISTINCT …)`, EXISTS), repeated relationships are walked
//! by breadth, to each end once.

use rustc_hash::FxHashSet;

use super::{Op, OpKind, Seek, VarExpand};
use crate::query::ast::PathMode;
use crate::query::expr::{Expr, Projected, Slot};
use crate::query::functions::Function;

type Slots = FxHashSet<Slot>;

/// Marks what is not used, in a plan whose columns are in the given slots.
pub(crate) fn mark(op: &mut Op, columns: &[Slot]) {
    let mut used: Slots = columns.iter().copied().collect();
    reads(op, &mut used);
    relax(op, &used, false);
}

fn reads(op: &Op, out: &mut Slots) {
    let step = |x: &VarExpand, out: &mut Slots| {
        out.extend([x.from, x.to]);
        out.extend(&x.unlike);
        if let Some((_, e)) = &x.each {
            of_expr(e, out);
        }
    };
    match &op.kind {
        OpKind::Argument | OpKind::Table(_) | OpKind::NodeScan { .. } => {}
        OpKind::NodeSeek { seek, .. } => match seek {
            Seek::Name(e) | Seek::SameName(e) | Seek::Node(e) | Seek::Prefix(e) | Seek::Contains(e) => of_expr(e, out),
        },
        OpKind::Expand(x) | OpKind::EdgeEnds(x, _) => {
            out.extend([x.from, x.to, x.edge]);
            out.extend(&x.unlike);
        }
        OpKind::VarExpand(x) => step(x, out),
        OpKind::ListEnds(x, _) => {
            step(x, out);
            out.insert(x.edges);
        }
        OpKind::Shortest(s) => step(&s.step, out),
        OpKind::GroupExpand(g) => {
            out.extend([g.from, g.to]);
            out.extend(&g.unlike);
            out.extend(&g.turn_edges);
            out.extend(g.lists.iter().map(|(s, _)| *s));
            reads(&g.turn, out);
        }
        OpKind::Select(s) => {
            out.extend([s.ends.0, s.ends.1]);
            out.extend(&s.edges);
            out.extend(&s.filled);
            reads(&s.plan, out);
        }
        OpKind::Filter(e) | OpKind::Skip(e) | OpKind::Limit(e) => of_expr(e, out),
        OpKind::Project(items) => items.iter().for_each(|(_, e)| of_expr(e, out)),
        OpKind::Aggregate { keys, aggregates } => {
            keys.iter().for_each(|(_, e)| of_expr(e, out));
            aggregates.iter().flat_map(|a| &a.arguments).for_each(|e| of_expr(e, out));
        }
        OpKind::Sort { keys, live, limit } => {
            keys.iter().for_each(|(e, _)| of_expr(e, out));
            limit.iter().for_each(|e| of_expr(e, out));
            out.extend(live);
        }
        OpKind::Distinct(slots) => out.extend(slots),
        OpKind::Unwind { list, .. } => of_expr(list, out),
        OpKind::Optional { plan, .. } => reads(plan, out),
        OpKind::Union { plans, .. } => {
            for (plan, from) in plans {
                reads(plan, out);
                out.extend(from);
            }
        }
    }
    if let Some(input) = &op.input {
        reads(input, out);
    }
}

/// How deep running a plan goes: its operators one upon the other, with the deepest of the sub-plans.
pub(crate) fn depth(op: &Op) -> usize {
    fn in_expr(e: &Expr) -> usize {
        let mut most = 0;
        walk(e, &mut |e| {
            if let Expr::Exists(plan) | Expr::Count(plan) | Expr::Collect(plan, _) | Expr::First(plan, _) = e {
                most = most.max(depth(plan));
            }
        });
        most
    }
    let (mut chain, mut inner) = (0, 0);
    let mut at = Some(op);
    while let Some(op) = at {
        chain += 1;
        inner = inner.max(match &op.kind {
            OpKind::Optional { plan, .. } => depth(plan),
            OpKind::Select(s) => depth(&s.plan),
            OpKind::GroupExpand(g) => depth(&g.turn),
            OpKind::Union { plans, .. } => plans.iter().map(|(p, _)| depth(p)).max().unwrap_or(0),
            OpKind::Filter(e) | OpKind::Unwind { list: e, .. } => in_expr(e),
            OpKind::Project(items) => items.iter().map(|(_, e)| in_expr(e)).max().unwrap_or(0),
            OpKind::Aggregate { keys, aggregates } => {
                let arguments = aggregates.iter().flat_map(|a| &a.arguments);
                keys.iter().map(|(_, e)| e).chain(arguments).map(in_expr).max().unwrap_or(0)
            }
            OpKind::Sort { keys, .. } => keys.iter().map(|(e, _)| in_expr(e)).max().unwrap_or(0),
            _ => 0,
        });
        at = op.input.as_deref();
    }
    chain + inner
}

/// Visits an expression and all below it, sub-plans apart.
fn walk<'e>(e: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    visit(e);
    let mut go = |e: &'e Expr| walk(e, visit);
    match e {
        Expr::Const(_) | Expr::Slot(_) | Expr::Param(_) | Expr::Path(..) | Expr::KeepsMode(..) | Expr::Exists(_) => {}
        Expr::At(_, a) | Expr::Property(a, _) | Expr::Labels(a, ..) | Expr::Not(a) | Expr::Minus(a) | Expr::Plus(a) => {
            go(a);
        }
        Expr::IsNull(a, _) | Expr::Collect(_, a) | Expr::First(_, a) => go(a),
        Expr::Count(_) => {}
        Expr::List(items) | Expr::Logical(_, items) | Expr::Call(_, items) | Expr::Coalesce(items) => {
            items.iter().for_each(go);
        }
        Expr::Map(entries) => entries.iter().for_each(|(_, e)| go(e)),
        Expr::MapProjection(of, items) => {
            go(of);
            for item in items {
                if let Projected::Entry(_, e) = item {
                    go(e);
                }
            }
        }
        Expr::Index(a, b) | Expr::Binary(_, a, b) | Expr::Compare(_, a, b) | Expr::HasProperties(a, b) => {
            go(a);
            go(b);
        }
        Expr::Slice(a, b, c) => {
            go(a);
            b.iter().chain(c).for_each(|e| go(e));
        }
        Expr::Chain(a, rest) => {
            go(a);
            rest.iter().for_each(|(_, e)| go(e));
        }
        Expr::Case(a, branches, b) => {
            a.iter().chain(b).for_each(|e| go(e));
            branches.iter().for_each(|(when, then)| {
                go(when);
                go(then);
            });
        }
        Expr::ListComprehension { list, filter, map, .. } => {
            go(list);
            filter.iter().chain(map).for_each(|e| go(e));
        }
        Expr::Quantified { list, filter, .. } => {
            go(list);
            go(filter);
        }
        Expr::Reduce { start, list, step, .. } => {
            go(start);
            go(list);
            go(step);
        }
    }
}

fn of_expr(e: &Expr, out: &mut Slots) {
    walk(e, &mut |e| match e {
        Expr::Slot(s) => {
            out.insert(*s);
        }
        Expr::Path(start, parts) | Expr::KeepsMode(_, start, parts) => {
            out.insert(*start);
            out.extend(parts);
        }
        Expr::Exists(plan) | Expr::Count(plan) | Expr::Collect(plan, _) | Expr::First(plan, _) => reads(plan, out),
        _ => {}
    });
}

/// Marks the operators below; `once` says that rows which repeat others change nothing.
fn relax(op: &mut Op, used: &Slots, once: bool) {
    let below = match &mut op.kind {
        OpKind::Distinct(_) => true,
        OpKind::Aggregate { keys, aggregates } => {
            keys.iter_mut().for_each(|(_, e)| subplans(e, used));
            let unmoved = |f: Option<Function>, distinct: bool| {
                matches!(f, Some(Function::Min | Function::Max)) || (distinct && f != Some(Function::Collect))
            };
            aggregates.iter_mut().flat_map(|a| &mut a.arguments).for_each(|e| subplans(e, used));
            aggregates.iter().all(|a| unmoved(a.function, a.distinct))
        }
        OpKind::VarExpand(x) => {
            x.list = used.contains(&x.edges);
            x.ends_only = once && !x.list && x.min <= 1 && x.mode == PathMode::Trail && x.unlike.is_empty();
            once
        }
        OpKind::Filter(e) => {
            subplans(e, used);
            once
        }
        OpKind::Project(items) => {
            items.iter_mut().for_each(|(_, e)| subplans(e, used));
            once
        }
        OpKind::Unwind { list, .. } => {
            subplans(list, used);
            once
        }
        OpKind::Sort { keys, limit, .. } => {
            keys.iter_mut().for_each(|(e, _)| subplans(e, used));
            once && limit.is_none()
        }
        OpKind::Skip(_) | OpKind::Limit(_) => false,
        OpKind::Optional { plan, .. } => {
            relax(plan, used, once);
            once
        }
        OpKind::Union { plans, distinct_upto, .. } => {
            for (i, (plan, _)) in plans.iter_mut().enumerate() {
                relax(plan, used, once || i < *distinct_upto);
            }
            once
        }
        OpKind::GroupExpand(g) => {
            relax(&mut g.turn, used, false);
            once
        }
        OpKind::Select(s) => {
            relax(&mut s.plan, used, false);
            once
        }
        _ => once,
    };
    if let Some(input) = &mut op.input {
        relax(input, used, below);
    }
}

/// Marks the sub-plans of an expression.
fn subplans(e: &mut Expr, used: &Slots) {
    match e {
        Expr::Exists(plan) => relax(plan, used, true),
        Expr::Count(plan) => relax(plan, used, false),
        Expr::Collect(plan, value) | Expr::First(plan, value) => {
            relax(plan, used, false);
            subplans(value, used);
        }
        // Only what conditions are made of is looked into: elsewhere a sub-plan stays as it was planned.
        Expr::At(_, a) | Expr::Not(a) | Expr::IsNull(a, _) => subplans(a, used),
        Expr::Logical(_, items) => items.iter_mut().for_each(|e| subplans(e, used)),
        Expr::Compare(_, a, b) | Expr::Binary(_, a, b) => {
            subplans(a, used);
            subplans(b, used);
        }
        _ => {}
    }
}
