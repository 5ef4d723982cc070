//! From clauses to operators: scopes, projections, grouping, unions, subqueries.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use super::exprs::Binding;
use super::{Aggregation, Op, OpKind, walk};
use crate::graph::{Graph, SchemaMode};
use crate::query::ast::{self, BinaryOp, Clause, Match, Projection, Query, SingleQuery, Unwind, With};
use crate::query::error::{Detail, QueryError};
use crate::query::expr::{Expr, Slot};
use crate::query::functions::Fail;

/// The most operators of one statement.
const MOST_OPERATORS: usize = 5_000;

/// The most operators one upon the other: running them is a recursion, which must be at home on a small stack.
const DEEPEST: usize = 400;

/// The variables that can be named at a place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    names: IndexMap<Arc<str>, Binding>,
    /// Names of the query around a subquery: always there, never part of `*`.
    outer: IndexMap<Arc<str>, Binding>,
    /// How many of `names`, from the end, the projection at hand has made (for ORDER BY).
    new: Vec<Arc<str>>,
}

impl Scope {
    pub(crate) fn get(&self, name: &str) -> Option<&Binding> {
        self.names.get(name).or_else(|| self.outer.get(name))
    }

    pub(crate) fn bind(&mut self, name: Arc<str>, binding: Binding) {
        self.names.insert(name, binding);
    }

    /// Whether the projection at hand has made the name.
    pub(crate) fn is_new(&self, name: &str) -> bool {
        self.new.iter().any(|n| **n == *name)
    }

    /// The names with what they stand for, in the order in which they came.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&Arc<str>, &Binding)> {
        self.names.iter()
    }

    /// The scope of a subquery that starts here.
    fn inside(&self) -> Scope {
        let mut outer = self.outer.clone();
        outer.extend(self.names.iter().map(|(k, v)| (k.clone(), v.clone())));
        Scope { outer, ..Scope::default() }
    }
}

/// A part of a statement as operators.
pub(crate) struct Segment {
    /// The last operator.
    pub(crate) op: Op,
    /// What can be named after it.
    pub(crate) scope: Scope,
    /// The columns, where it ends with RETURN.
    pub(crate) columns: Option<Vec<(Arc<str>, Slot)>>,
}

/// The operator, the scope and the columns after a projection.
type Projected = (Op, Scope, Vec<(Arc<str>, Slot)>);

/// Makes plans for one graph.
pub(crate) struct Planner<'g> {
    pub(crate) graph: &'g Graph,
    /// Whether to plan as written, see [`Options`](crate::query::answer::Options).
    pub(crate) naive: bool,
    pub(crate) closed: bool,
    slots: usize,
    ops: usize,
    /// For each sub-expression under way: slots from this number on are its own; the others that it reads.
    recorders: Vec<(Slot, BTreeSet<Slot>)>,
    /// Aggregates met, while a projection that may hold some is compiled.
    pub(super) aggregates: Option<Vec<Aggregation>>,
    /// Expressions that are slots after grouping.
    pub(super) replacements: Vec<(ast::Expr, Slot)>,
    /// The scope of what is aggregated, while ORDER BY is compiled.
    pub(super) before_grouping: Option<Scope>,
}

impl<'g> Planner<'g> {
    pub(crate) fn new(graph: &'g Graph, naive: bool) -> Planner<'g> {
        Planner {
            graph,
            naive,
            closed: graph.schema() == SchemaMode::Closed,
            slots: 0,
            ops: 0,
            recorders: Vec::new(),
            aggregates: None,
            replacements: Vec::new(),
            before_grouping: None,
        }
    }

    /// How many slots a row has.
    pub(crate) fn slot_count(&self) -> usize {
        self.slots
    }

    /// How many operators there are.
    pub(crate) fn op_count(&self) -> usize {
        self.ops
    }

    pub(crate) fn slot(&mut self) -> Slot {
        self.slots += 1;
        self.slots - 1
    }

    pub(crate) fn op(&mut self, kind: OpKind, input: Option<Op>, estimate: f64) -> Op {
        self.ops += 1;
        Op { kind, input: input.map(Box::new), id: self.ops - 1, estimate }
    }

    /// An operator over another that gives as many rows.
    pub(crate) fn over(&mut self, kind: OpKind, input: Op) -> Op {
        let estimate = input.estimate;
        self.op(kind, Some(input), estimate)
    }

    /// Notes that a slot is read.
    pub(crate) fn record(&mut self, slot: Slot) {
        for (limit, slots) in &mut self.recorders {
            if slot < *limit {
                slots.insert(slot);
            }
        }
    }

    /// Compiles an expression and says which slots it reads.
    pub(crate) fn recorded(&mut self, e: &ast::Expr, scope: &Scope) -> Result<(Expr, BTreeSet<Slot>), Fail> {
        self.recorders.push((self.slots, BTreeSet::new()));
        let compiled = self.expr(e, scope);
        let slots = self.recorders.pop().map(|(_, slots)| slots).unwrap_or_default();
        Ok((compiled?, slots))
    }

    /// A scope whose names come from a table of rows.
    pub(crate) fn table(&mut self, names: &[Arc<str>], rows: usize) -> (Op, Scope) {
        let mut scope = Scope::default();
        let mut slots = Vec::new();
        for name in names {
            let slot = self.slot();
            scope.bind(name.clone(), Binding::Slot(slot));
            slots.push(slot);
        }
        (self.op(OpKind::Table(slots), None, rows as f64), scope)
    }

    /// Refuses a plan that goes too deep.
    pub(crate) fn bounded(&self, op: &Op, span: ast::Span) -> Result<(), Fail> {
        if super::depth(op) <= DEEPEST {
            return Ok(());
        }
        let message = "the statement has too many clauses and steps one after the other";
        let error = QueryError::syntax(Detail::StatementTooLong, message, span);
        Err(Box::new(error.help("break it into several statements")))
    }

    /// Plans clauses that read.
    pub(crate) fn clauses(&mut self, mut op: Op, mut scope: Scope, clauses: &[Clause]) -> Result<Segment, Fail> {
        let mut columns = None;
        for clause in clauses {
            if self.ops > MOST_OPERATORS {
                let message = "the statement has too many clauses";
                return Err(Box::new(QueryError::syntax(Detail::StatementTooLong, message, clause.span())));
            }
            match clause {
                Clause::Match(m) => (op, scope) = self.match_clause(op, scope, m)?,
                Clause::Unwind(u) => (op, scope) = self.unwind(op, scope, u)?,
                Clause::With(w) => (op, scope) = self.with(op, &scope, w)?,
                Clause::Return(p) => {
                    let (next, inner, slots) = self.projection(op, &scope, p, None)?;
                    (op, scope, columns) = (next, inner, Some(slots));
                }
                other => return self.unsupported(other.keyword(), other.span()),
            }
        }
        Ok(Segment { op, scope, columns })
    }

    fn match_clause(&mut self, op: Op, scope: Scope, m: &Match) -> Result<(Op, Scope), Fail> {
        if !m.optional {
            return self.patterns(op, &scope, &m.patterns, m.filter.as_ref());
        }
        let before = self.slots;
        let argument = self.argument();
        let (plan, inner) = self.patterns(argument, &scope, &m.patterns, m.filter.as_ref())?;
        let estimate = op.estimate * plan.estimate.max(1.0);
        let nulls = (before..self.slots).collect();
        let op = self.op(OpKind::Optional { plan: Box::new(plan), nulls }, Some(op), estimate);
        Ok((op, inner))
    }

    fn unwind(&mut self, op: Op, mut scope: Scope, u: &Unwind) -> Result<(Op, Scope), Fail> {
        let list = self.expr(&u.list, &scope)?;
        let slot = self.slot();
        let estimate = op.estimate * 10.0;
        let op = self.op(OpKind::Unwind { slot, list }, Some(op), estimate);
        scope.bind(u.variable.text.clone(), Binding::Slot(slot));
        Ok((op, scope))
    }

    fn with(&mut self, op: Op, scope: &Scope, w: &With) -> Result<(Op, Scope), Fail> {
        let (op, scope, _) = self.projection(op, scope, &w.projection, w.filter.as_ref())?;
        Ok((op, scope))
    }

    /// RETURN or WITH.
    fn projection(
        &mut self,
        op: Op,
        scope: &Scope,
        p: &Projection,
        filter: Option<&ast::Expr>,
    ) -> Result<Projected, Fail> {
        let grouped = p.items.iter().any(|i| walk::has_aggregate(&i.expr));
        let mut after = Scope { outer: scope.outer.clone(), ..Scope::default() };
        let mut op = op;
        // The column's name, its value, and whether the value is an aggregate.
        let mut columns: Vec<(Arc<str>, Expr, bool)> = Vec::new();
        if p.star.is_some() {
            let names: Vec<(Arc<str>, Binding)> = scope.names().map(|(n, b)| (n.clone(), b.clone())).collect();
            for (name, binding) in names {
                columns.push((name, binding.expr(), false));
            }
        }
        let mut keys: Vec<(Slot, Expr)> = Vec::new();
        let mut replacements = Vec::new();
        let mut projected = Vec::new();
        let mut slots = Vec::new();
        if grouped {
            for (name, value, _) in columns {
                let slot = self.key_slot(&value);
                keys.push((slot, value));
                slots.push((name, slot));
            }
            let mut waiting = Vec::new();
            for (i, item) in p.items.iter().enumerate() {
                if walk::has_aggregate(&item.expr) {
                    waiting.push(i);
                    slots.push((item.column().clone(), 0));
                } else {
                    let value = self.expr(&item.expr, scope)?;
                    let slot = self.key_slot(&value);
                    replacements.push((item.expr.clone(), slot));
                    keys.push((slot, value));
                    slots.push((item.column().clone(), slot));
                }
            }
            let offset = slots.len() - p.items.len();
            self.aggregates = Some(Vec::new());
            self.replacements = replacements.clone();
            for i in waiting {
                let item = &p.items[i];
                let value = self.expr(&item.expr, scope);
                let slot = match value {
                    Ok(Expr::Slot(s)) => s,
                    Ok(value) => {
                        let slot = self.slot();
                        projected.push((slot, value));
                        slot
                    }
                    Err(e) => {
                        self.aggregates = None;
                        self.replacements.clear();
                        return Err(e);
                    }
                };
                slots[offset + i].1 = slot;
                replacements.push((item.expr.clone(), slot));
            }
            self.replacements.clear();
        } else {
            for item in &p.items {
                let value = self.expr(&item.expr, scope)?;
                columns.push((item.column().clone(), value, false));
            }
            for (name, value, _) in columns {
                let slot = match value {
                    Expr::Slot(s) => s,
                    value => {
                        let slot = self.slot();
                        projected.push((slot, value));
                        slot
                    }
                };
                slots.push((name, slot));
            }
        }
        for (name, slot) in &slots {
            after.bind(name.clone(), Binding::Slot(*slot));
        }
        // What ORDER BY may name: the new names, then the old ones.
        let mut sight = after.clone();
        sight.new = slots.iter().map(|(n, _)| n.clone()).collect();
        for (name, binding) in scope.names() {
            if sight.names.get(name).is_none() {
                sight.names.insert(name.clone(), binding.clone());
            }
        }
        self.replacements = replacements;
        self.before_grouping = grouped.then(|| scope.clone());
        let order = p.order.iter().map(|item| Ok((self.expr(&item.expr, &sight)?, item.descending)));
        let order: Result<Vec<(Expr, bool)>, Fail> = order.collect();
        self.replacements.clear();
        self.before_grouping = None;
        let aggregates = self.aggregates.take();
        let order = order?;
        // WHERE sees the variables before WITH too, as long as a row is still a row before it.
        let seen = if grouped { &after } else { &sight };
        let filter = filter.map(|f| self.recorded(f, seen)).transpose()?;

        if let Some(aggregates) = aggregates {
            let estimate = if keys.is_empty() { 1.0 } else { op.estimate.sqrt().max(1.0) };
            op = self.op(OpKind::Aggregate { keys, aggregates }, Some(op), estimate);
        }
        if !projected.is_empty() {
            op = self.over(OpKind::Project(projected), op);
        }
        if p.distinct {
            let columns = slots.iter().map(|(_, s)| *s).collect();
            op = self.over(OpKind::Distinct(columns), op);
        }
        let skip = self.amount(p.skip.as_ref())?;
        let limit = self.amount(p.limit.as_ref())?;
        if !order.is_empty() {
            let asked = filter.iter().flat_map(|(_, needs)| needs.iter().copied());
            let live = slots.iter().map(|(_, s)| *s).chain(asked).collect::<BTreeSet<Slot>>().into_iter().collect();
            let most = match (&skip, &limit) {
                (_, None) => None,
                (None, Some(limit)) => Some(limit.clone()),
                (Some(skip), Some(limit)) => {
                    Some(Expr::Binary(BinaryOp::Add, skip.clone().boxed(), limit.clone().boxed()))
                }
            };
            let most = if self.naive { None } else { most };
            op = self.over(OpKind::Sort { keys: order, live, limit: most }, op);
        }
        if let Some(skip) = skip {
            op = self.over(OpKind::Skip(skip), op);
        }
        if let Some(limit) = limit {
            let estimate = match limit.constant() {
                Some(crate::query::value::Value::Int(n)) => op.estimate.min(*n as f64),
                _ => op.estimate,
            };
            op = self.op(OpKind::Limit(limit), Some(op), estimate);
        }
        if let Some((condition, _)) = filter {
            op = self.over(OpKind::Filter(condition), op);
        }
        Ok((op, after, slots))
    }

    /// The expression of SKIP or LIMIT: no variable is in sight.
    fn amount(&mut self, e: Option<&ast::Expr>) -> Result<Option<Expr>, Fail> {
        let Some(e) = e else { return Ok(None) };
        Ok(Some(Expr::At(e.span, self.expr(e, &Scope::default())?.boxed())))
    }

    /// Where a key of a group goes: a variable stays where it is.
    fn key_slot(&mut self, value: &Expr) -> Slot {
        match value {
            Expr::Slot(s) => *s,
            _ => self.slot(),
        }
    }

    /// A query that starts from given rows; its columns are in the slots returned.
    pub(crate) fn query(&mut self, query: &Query, start: &dyn Fn(&mut Self) -> (Op, Scope)) -> Result<Segment, Fail> {
        let mut parts = Vec::new();
        for part in &query.parts {
            parts.push(self.single(part, start)?);
        }
        let one = parts.len() == 1;
        let mut parts = parts.into_iter();
        match (parts.next(), one) {
            (Some(part), true) => Ok(part),
            (Some(first), false) => {
                let names: Vec<Arc<str>> = first.columns.iter().flatten().map(|(n, _)| n.clone()).collect();
                let slots: Vec<Slot> = names.iter().map(|_| self.slot()).collect();
                let mut plans = Vec::new();
                let mut estimate = 0.0;
                for part in std::iter::once(first).chain(parts) {
                    let mut from = Vec::new();
                    for name in &names {
                        let column = part.columns.iter().flatten().find(|(n, _)| n == name);
                        match column {
                            Some((_, slot)) => from.push(*slot),
                            None => {
                                let message = "all parts of a UNION have the same columns";
                                return Err(Box::new(QueryError::syntax(
                                    Detail::DifferentColumnsInUnion,
                                    message,
                                    query.span,
                                )));
                            }
                        }
                    }
                    estimate += part.op.estimate;
                    plans.push((part.op, from));
                }
                // UNION is left-associative: up to the last UNION without ALL, everything is distinct.
                let distinct_upto = query.unions.iter().rposition(|u| !u.all).map_or(0, |i| i + 2);
                let mut scope = Scope::default();
                for (name, slot) in names.iter().zip(&slots) {
                    scope.bind(name.clone(), Binding::Slot(*slot));
                }
                let columns = names.into_iter().zip(slots.iter().copied()).collect();
                let op = self.op(OpKind::Union { plans, slots, distinct_upto }, None, estimate);
                Ok(Segment { op, scope, columns: Some(columns) })
            }
            (None, _) => self.unsupported("an empty query", query.span),
        }
    }

    fn single(&mut self, part: &SingleQuery, start: &dyn Fn(&mut Self) -> (Op, Scope)) -> Result<Segment, Fail> {
        let (op, scope) = start(self);
        self.clauses(op, scope, &part.clauses)
    }

    /// A subquery: it sees the variables around it.
    pub(crate) fn nested(&mut self, query: &Query, scope: &Scope) -> Result<(Op, Vec<Slot>), Fail> {
        let aggregates = self.aggregates.take();
        let replacements = std::mem::take(&mut self.replacements);
        let before = self.before_grouping.take();
        let inside = scope.inside();
        let segment = self.query(query, &|p| (p.argument(), inside.clone()));
        self.aggregates = aggregates;
        self.replacements = replacements;
        self.before_grouping = before;
        let segment = segment?;
        Ok((segment.op, segment.columns.unwrap_or_default().into_iter().map(|(_, s)| s).collect()))
    }
}
