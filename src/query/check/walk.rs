//! Going through expressions without judging them: their children, the variables that they bind, equality.

use std::sync::Arc;

use super::super::ast::{Expr, ExprKind, Link, MapItem, NodePattern, PathPattern, RelationshipPattern, Step};

/// Calls `visit` with each direct child of an expression and the names that the expression binds around it. What lies
/// inside subqueries is left out: they have scopes of their own.
pub(super) fn children<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr, &[Arc<str>])) {
    match &expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Integer(_)
        | ExprKind::Float(_)
        | ExprKind::String(_)
        | ExprKind::Parameter(_)
        | ExprKind::Variable(_)
        | ExprKind::CountStar
        | ExprKind::Exists(_)
        | ExprKind::Count(_)
        | ExprKind::Collect(_) => {}
        ExprKind::List(items) | ExprKind::Logical(_, items) => items.iter().for_each(|item| visit(item, &[])),
        ExprKind::Map(entries) => entries.iter().for_each(|(_, value)| visit(value, &[])),
        ExprKind::MapProjection { items, .. } => {
            for item in items {
                if let MapItem::Entry(_, value) = item {
                    visit(value, &[]);
                }
            }
        }
        ExprKind::Property(of, _) | ExprKind::HasLabels(of, _) | ExprKind::Unary(_, of) => visit(of, &[]),
        ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) => {
            visit(a, &[]);
            visit(b, &[]);
        }
        ExprKind::Slice { list, from, to } => {
            visit(list, &[]);
            from.iter().chain(to).for_each(|e| visit(e, &[]));
        }
        ExprKind::Comparison { first, rest } => {
            visit(first, &[]);
            rest.iter().for_each(|(_, e)| visit(e, &[]));
        }
        ExprKind::IsNull { expr, .. } => visit(expr, &[]),
        ExprKind::Case { subject, branches, otherwise } => {
            subject.iter().for_each(|e| visit(e, &[]));
            for (when, then) in branches {
                visit(when, &[]);
                visit(then, &[]);
            }
            otherwise.iter().for_each(|e| visit(e, &[]));
        }
        ExprKind::Function { arguments, .. } => arguments.iter().for_each(|e| visit(e, &[])),
        ExprKind::ListComprehension { variable, list, filter, map } => {
            visit(list, &[]);
            filter.iter().chain(map).for_each(|e| visit(e, std::slice::from_ref(&variable.text)));
        }
        ExprKind::Quantified { variable, list, filter, .. } => {
            visit(list, &[]);
            visit(filter, std::slice::from_ref(&variable.text));
        }
        ExprKind::Reduce { accumulator, start, variable, list, step } => {
            visit(start, &[]);
            visit(list, &[]);
            visit(step, &[accumulator.text.clone(), variable.text.clone()]);
        }
        ExprKind::PatternComprehension { pattern, filter, map } => {
            let bound = bound(pattern);
            in_pattern(pattern, &mut |e| visit(e, &bound));
            filter.iter().chain(std::iter::once(map)).for_each(|e| visit(e, &bound));
        }
        ExprKind::PatternPredicate(pattern) | ExprKind::ShortestPath(pattern) => {
            in_pattern(pattern, &mut |e| visit(e, &[]));
        }
    }
}

/// The names that a pattern has.
fn bound(pattern: &PathPattern) -> Vec<Arc<str>> {
    fn collect(out: &mut Vec<Arc<str>>, steps: &[Step]) {
        for step in steps {
            match &step.link {
                Link::Relationship(r) => out.extend(r.variable.iter().map(|v| v.text.clone())),
                Link::Group(group) => {
                    out.extend(group.start.variable.iter().map(|v| v.text.clone()));
                    collect(out, &group.steps);
                }
            }
            out.extend(step.node.variable.iter().map(|v| v.text.clone()));
        }
    }
    let names = pattern.variable.iter().chain(&pattern.start.variable);
    let mut out = names.map(|v| v.text.clone()).collect::<Vec<_>>();
    collect(&mut out, &pattern.steps);
    out
}

/// Calls `visit` with each expression in a pattern.
fn in_pattern<'e>(pattern: &'e PathPattern, visit: &mut dyn FnMut(&'e Expr)) {
    fn node<'e>(node: &'e NodePattern, visit: &mut dyn FnMut(&'e Expr)) {
        node.properties.iter().chain(&node.filter).for_each(|e| visit(e));
    }
    fn relationship<'e>(r: &'e RelationshipPattern, visit: &mut dyn FnMut(&'e Expr)) {
        r.properties.iter().chain(&r.filter).for_each(|e| visit(e));
    }
    fn steps<'e>(list: &'e [Step], visit: &mut dyn FnMut(&'e Expr)) {
        for step in list {
            match &step.link {
                Link::Relationship(r) => relationship(r, visit),
                Link::Group(group) => {
                    node(&group.start, visit);
                    steps(&group.steps, visit);
                    group.filter.iter().for_each(&mut *visit);
                }
            }
            node(&step.node, visit);
        }
    }
    node(&pattern.start, visit);
    steps(&pattern.steps, visit);
    pattern.filter.iter().for_each(|e| visit(e));
}

/// Whether two expressions are the same text, places and spacing apart.
pub(super) fn same(a: &Expr, b: &Expr) -> bool {
    std::mem::discriminant(&a.kind) == std::mem::discriminant(&b.kind) && a.to_string() == b.to_string()
}

/// Whether a test holds for an expression or anything in it, subqueries apart.
pub(super) fn any(expr: &Expr, test: &mut dyn FnMut(&Expr) -> bool) -> bool {
    if test(expr) {
        return true;
    }
    let mut found = false;
    children(expr, &mut |child, _| found = found || any(child, test));
    found
}
