//! Aggregates: where they may stand, what may stand beside them, and what ORDER BY may name after them.

use std::sync::Arc;

use super::super::ast::{Expr, ExprKind, Projection};
use super::super::error::{Detail, QueryError};
use super::{Check, Checker, Scope, walk};

/// What is done with each child: the child and the names bound around it.
type Go<'a> = &'a mut dyn FnMut(&Expr, &[Arc<str>]) -> Check<()>;

impl Checker<'_> {
    /// Whether an expression is a call of an aggregate.
    pub(super) fn is_aggregate(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::CountStar => true,
            ExprKind::Function { name, .. } => {
                self.environment.library.function(&name.text).is_some_and(|f| f.aggregate)
            }
            _ => false,
        }
    }

    /// Whether an expression holds an aggregate, subqueries apart.
    pub(super) fn aggregates(&self, expr: &Expr) -> bool {
        walk::any(expr, &mut |e| self.is_aggregate(e))
    }

    /// Whether a projection groups: it holds an aggregate.
    pub(super) fn groups(&self, projection: &Projection) -> bool {
        projection.items.iter().any(|item| self.aggregates(&item.expr))
    }

    /// What stands beside an aggregate in one expression must be constant, or a grouping key by itself: a variable or
    /// property that is an item of its own.
    pub(super) fn unambiguous(&self, expr: &Expr, projection: &Projection) -> Check<()> {
        if !self.aggregates(expr) {
            return Ok(());
        }
        self.beside(expr, projection, &[])
    }

    fn beside(&self, expr: &Expr, projection: &Projection, locals: &[Arc<str>]) -> Check<()> {
        if self.is_aggregate(expr) {
            return Ok(());
        }
        let grouping = |e: &Expr| projection.items.iter().any(|item| walk::same(&item.expr, e));
        match &expr.kind {
            ExprKind::Variable(name) => {
                if locals.contains(&name.text) || projection.star.is_some() || grouping(expr) {
                    return Ok(());
                }
                Err(ambiguous(expr))
            }
            ExprKind::Property(..) if grouping(expr) => Ok(()),
            _ => self.each_child(expr, locals, &mut |child, locals| self.beside(child, projection, locals)),
        }
    }

    /// Goes on with each child until one fails, the names that the expression binds added.
    fn each_child(&self, expr: &Expr, locals: &[Arc<str>], go: Go<'_>) -> Check<()> {
        let mut outcome = Ok(());
        walk::children(expr, &mut |child, bound| {
            if outcome.is_ok() {
                let inner = locals.iter().chain(bound).cloned().collect::<Vec<_>>();
                outcome = go(child, &inner);
            }
        });
        outcome
    }

    /// An item of ORDER BY (or the WHERE of a WITH) after grouping or DISTINCT: it may name what is projected, by name
    /// or by repeating the expression, and nothing else. `projected` are the names after the projection.
    pub(super) fn after_grouping(&self, expr: &Expr, projection: &Projection, projected: &Scope) -> Check<()> {
        let mixed = self.aggregates(expr);
        self.sorted(expr, projection, projected, mixed, true, &[])
    }

    fn sorted(
        &self,
        expr: &Expr,
        projection: &Projection,
        projected: &Scope,
        mixed: bool,
        whole: bool,
        locals: &[Arc<str>],
    ) -> Check<()> {
        if let Some(item) = projection.items.iter().find(|item| walk::same(&item.expr, expr)) {
            let plain = matches!(item.expr.kind, ExprKind::Variable(_) | ExprKind::Property(..));
            return if whole || plain || !mixed || self.aggregates(&item.expr) || constant(&item.expr) {
                Ok(())
            } else {
                Err(ambiguous(expr))
            };
        }
        match &expr.kind {
            ExprKind::Variable(name) => {
                if locals.contains(&name.text) || projected.contains_key(&name.text) {
                    return Ok(());
                }
                if self.lookup(&name.text).is_none() {
                    return Err(self.undefined(&name.text, name.span));
                }
                let message = format!("`{}` can no longer be named here", name.text);
                Err(QueryError::syntax(Detail::UndefinedVariable, message, name.span).help(
                    "after DISTINCT or an aggregate only what is projected can be named; add it to the list before",
                ))
            }
            _ => self.each_child(expr, locals, &mut |child, locals| {
                self.sorted(child, projection, projected, mixed, false, locals)
            }),
        }
    }
}

fn constant(expr: &Expr) -> bool {
    !walk::any(expr, &mut |e| matches!(e.kind, ExprKind::Variable(_)))
}

fn ambiguous(expr: &Expr) -> QueryError {
    let message = format!("`{expr}` stands beside an aggregate, and it is not said what to group by");
    QueryError::syntax(Detail::AmbiguousAggregationExpression, message, expr.span)
        .help("make it an item of its own in a WITH before, `WITH … AS key, …`, and use `key`")
}
