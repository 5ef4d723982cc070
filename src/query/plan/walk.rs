//! A walk over the expressions of a syntax tree, and the questions that planning asks of them.

use std::sync::Arc;

use crate::query::ast::{
    Clause, Expr, ExprKind, Link, MapItem, Name, NodePattern, PathPattern, Projection, Query, RelationshipPattern,
    Step, Subquery,
};
use crate::query::functions;

/// Calls `visit` for the expression and all below it, those in sub-patterns and subqueries included; where `visit`
/// says no, it does not go below.
pub(crate) fn walk<'e>(e: &'e Expr, visit: &mut dyn FnMut(&'e Expr) -> bool) {
    if !visit(e) {
        return;
    }
    match &e.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Integer(_)
        | ExprKind::Float(_)
        | ExprKind::String(_)
        | ExprKind::Parameter(_)
        | ExprKind::Variable(_)
        | ExprKind::CountStar => {}
        ExprKind::List(items) | ExprKind::Logical(_, items) => items.iter().for_each(|i| walk(i, visit)),
        ExprKind::Map(entries) => entries.iter().for_each(|(_, v)| walk(v, visit)),
        ExprKind::MapProjection { items, .. } => {
            for item in items {
                if let MapItem::Entry(_, v) = item {
                    walk(v, visit);
                }
            }
        }
        ExprKind::Property(of, _) | ExprKind::HasLabels(of, _) | ExprKind::Unary(_, of) => walk(of, visit),
        ExprKind::IsNull { expr, .. } => walk(expr, visit),
        ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) => {
            walk(a, visit);
            walk(b, visit);
        }
        ExprKind::Slice { list, from, to } => {
            walk(list, visit);
            from.iter().chain(to).for_each(|e| walk(e, visit));
        }
        ExprKind::Comparison { first, rest } => {
            walk(first, visit);
            rest.iter().for_each(|(_, e)| walk(e, visit));
        }
        ExprKind::Case { subject, branches, otherwise } => {
            subject.iter().for_each(|e| walk(e, visit));
            for (when, then) in branches {
                walk(when, visit);
                walk(then, visit);
            }
            otherwise.iter().for_each(|e| walk(e, visit));
        }
        ExprKind::Function { arguments, .. } => arguments.iter().for_each(|e| walk(e, visit)),
        ExprKind::ListComprehension { list, filter, map, .. } => {
            walk(list, visit);
            filter.iter().chain(map).for_each(|e| walk(e, visit));
        }
        ExprKind::PatternComprehension { pattern, filter, map } => {
            walk_pattern(pattern, visit);
            filter.iter().for_each(|e| walk(e, visit));
            walk(map, visit);
        }
        ExprKind::Quantified { list, filter, .. } => {
            walk(list, visit);
            walk(filter, visit);
        }
        ExprKind::Reduce { start, list, step, .. } => {
            walk(start, visit);
            walk(list, visit);
            walk(step, visit);
        }
        ExprKind::Exists(sub) | ExprKind::Count(sub) => match &**sub {
            Subquery::Pattern { patterns, filter } => {
                patterns.iter().for_each(|p| walk_pattern(p, visit));
                filter.iter().for_each(|e| walk(e, visit));
            }
            Subquery::Query(query) => walk_query(query, visit),
        },
        ExprKind::Collect(query) => walk_query(query, visit),
        ExprKind::PatternPredicate(pattern) | ExprKind::ShortestPath(pattern) => walk_pattern(pattern, visit),
    }
}

fn walk_node<'e>(node: &'e NodePattern, visit: &mut dyn FnMut(&'e Expr) -> bool) {
    node.properties.iter().chain(&node.filter).for_each(|e| walk(e, visit));
}

fn walk_relationship<'e>(r: &'e RelationshipPattern, visit: &mut dyn FnMut(&'e Expr) -> bool) {
    r.properties.iter().chain(&r.filter).for_each(|e| walk(e, visit));
}

fn walk_steps<'e>(steps: &'e [Step], visit: &mut dyn FnMut(&'e Expr) -> bool) {
    for step in steps {
        match &step.link {
            Link::Relationship(r) => walk_relationship(r, visit),
            Link::Group(group) => {
                walk_node(&group.start, visit);
                walk_steps(&group.steps, visit);
                group.filter.iter().for_each(|e| walk(e, visit));
            }
        }
        walk_node(&step.node, visit);
    }
}

/// The same over the expressions of a pattern.
pub(crate) fn walk_pattern<'e>(pattern: &'e PathPattern, visit: &mut dyn FnMut(&'e Expr) -> bool) {
    walk_node(&pattern.start, visit);
    walk_steps(&pattern.steps, visit);
    pattern.filter.iter().for_each(|e| walk(e, visit));
}

fn walk_projection<'e>(p: &'e Projection, visit: &mut dyn FnMut(&'e Expr) -> bool) {
    p.items.iter().for_each(|i| walk(&i.expr, visit));
    p.order.iter().for_each(|i| walk(&i.expr, visit));
    p.skip.iter().chain(&p.limit).for_each(|e| walk(e, visit));
}

fn walk_query<'e>(query: &'e Query, visit: &mut dyn FnMut(&'e Expr) -> bool) {
    for clause in query.parts.iter().flat_map(|p| &p.clauses) {
        match clause {
            Clause::Match(m) => {
                m.patterns.iter().for_each(|p| walk_pattern(p, visit));
                m.filter.iter().for_each(|e| walk(e, visit));
            }
            Clause::Unwind(u) => walk(&u.list, visit),
            Clause::With(w) => {
                walk_projection(&w.projection, visit);
                w.filter.iter().for_each(|e| walk(e, visit));
            }
            Clause::Return(p) => walk_projection(p, visit),
            Clause::Create(_)
            | Clause::Merge(_)
            | Clause::Delete(_)
            | Clause::Set(_)
            | Clause::Remove(_)
            | Clause::Call(_) => {}
        }
    }
}

/// The parameters that a query asks for, each once.
pub(crate) fn parameters(query: &Query) -> Vec<Name> {
    let mut found: Vec<Name> = Vec::new();
    walk_query(query, &mut |e| {
        if let ExprKind::Parameter(name) = &e.kind
            && !found.iter().any(|f| f.text == name.text)
        {
            found.push(name.clone());
        }
        true
    });
    found
}

/// Whether an aggregate stands in the expression itself (one in a subquery belongs to the subquery).
pub(crate) fn has_aggregate(e: &Expr) -> bool {
    let mut found = false;
    walk(e, &mut |e| {
        match &e.kind {
            ExprKind::CountStar => found = true,
            ExprKind::Function { name, .. } => {
                found |= functions::lookup(&name.text).is_some_and(|s| s.aggregate);
            }
            ExprKind::Exists(_) | ExprKind::Count(_) | ExprKind::Collect(_) => return false,
            _ => {}
        }
        !found
    });
    found
}

/// Of which variables the property is asked; `None` stands for something that is no variable.
pub(crate) fn asks_property(e: &Expr, property: &str) -> Vec<Option<Arc<str>>> {
    let mut found = Vec::new();
    walk(e, &mut |e| {
        match &e.kind {
            ExprKind::Property(of, key) if &*key.text == property => found.push(match &of.kind {
                ExprKind::Variable(name) => Some(name.text.clone()),
                _ => None,
            }),
            ExprKind::Map(entries) if entries.iter().any(|(k, _)| &*k.text == property) => found.push(None),
            _ => {}
        }
        true
    });
    found
}

/// Whether two expressions say the same, wherever they stand in the text. Subqueries and patterns are the same only
/// where they stand at the same place.
pub(crate) fn same(a: &Expr, b: &Expr) -> bool {
    let all = |a: &[Expr], b: &[Expr]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    let option = |a: &Option<Box<Expr>>, b: &Option<Box<Expr>>| match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => same(a, b),
        _ => false,
    };
    match (&a.kind, &b.kind) {
        (ExprKind::Variable(a), ExprKind::Variable(b)) | (ExprKind::Parameter(a), ExprKind::Parameter(b)) => {
            a.text == b.text
        }
        (ExprKind::List(a), ExprKind::List(b)) => all(a, b),
        (ExprKind::Logical(x, a), ExprKind::Logical(y, b)) => x == y && all(a, b),
        (ExprKind::Map(a), ExprKind::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k.text == l.text && same(a, b))
        }
        (ExprKind::Property(a, k), ExprKind::Property(b, l)) => k.text == l.text && same(a, b),
        (ExprKind::Index(a, i), ExprKind::Index(b, j)) => same(a, b) && same(i, j),
        (ExprKind::Slice { list: a, from: f, to: t }, ExprKind::Slice { list: b, from: g, to: u }) => {
            same(a, b) && option(f, g) && option(t, u)
        }
        (ExprKind::Unary(x, a), ExprKind::Unary(y, b)) => x == y && same(a, b),
        (ExprKind::Binary(x, a, c), ExprKind::Binary(y, b, d)) => x == y && same(a, b) && same(c, d),
        (ExprKind::Comparison { first: a, rest: r }, ExprKind::Comparison { first: b, rest: s }) => {
            same(a, b) && r.len() == s.len() && r.iter().zip(s).all(|((x, a), (y, b))| x == y && same(a, b))
        }
        (ExprKind::IsNull { expr: a, negated: n }, ExprKind::IsNull { expr: b, negated: m }) => n == m && same(a, b),
        (
            ExprKind::Function { name: n, distinct: x, arguments: a },
            ExprKind::Function { name: m, distinct: y, arguments: b },
        ) => n.text.eq_ignore_ascii_case(&m.text) && x == y && all(a, b),
        (
            ExprKind::Case { subject: s, branches: x, otherwise: o },
            ExprKind::Case { subject: t, branches: y, otherwise: p },
        ) => {
            let branches = x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(&x.0, &y.0) && same(&x.1, &y.1));
            option(s, t) && branches && option(o, p)
        }
        (a, b) => a == b,
    }
}
