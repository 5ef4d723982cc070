//! Clauses: their order, the scopes between them, projections.

use super::super::ast::{
    Clause, Delete, Expr, ExprKind, Projection, Query, RemoveItem, SetItem, SingleQuery, Span, With,
};
use super::super::error::{Detail, ErrorType, QueryError};
use super::expressions::{Aggregates, Place};
use super::patterns::{Use, no_parameter_maps};
use super::{Check, Checker, Columns, Kind, Scope, wrong_kind};

impl Checker<'_> {
    /// A query; `inner` for one in braces, which may not write and needs no RETURN. Gives its columns.
    pub(super) fn query(&mut self, query: &Query, inner: bool) -> Check<Columns> {
        if let Some(odd) = query.unions.iter().find(|union| query.unions.first().is_some_and(|f| f.all != union.all)) {
            let message = "UNION and UNION ALL cannot be mixed in one query";
            return Err(QueryError::syntax(Detail::InvalidClauseComposition, message, odd.span)
                .help("use one of them throughout"));
        }
        let outside = self.scope.clone();
        let mut columns = None::<Columns>;
        for part in &query.parts {
            self.scope = outside.clone();
            composition(part, inner)?;
            let mine = self.single(part)?;
            columns = Some(match columns {
                None => mine,
                Some(first) => union(first, mine, part.span)?,
            });
        }
        self.scope = outside;
        Ok(columns.unwrap_or_default())
    }

    fn single(&mut self, query: &SingleQuery) -> Check<Columns> {
        let mut columns = Vec::new();
        for clause in &query.clauses {
            match clause {
                Clause::Match(c) => {
                    no_parameter_maps(&c.patterns, "MATCH")?;
                    self.pattern_scope(&c.patterns, Use::Match)?;
                    if let Some(filter) = &c.filter {
                        self.condition(filter, Place::without("in WHERE"))?;
                    }
                }
                Clause::Unwind(c) => {
                    let kind = self.expr(&c.list, Place::without("in UNWIND"))?;
                    if self.lookup(&c.variable.text).is_some() {
                        let message = format!("the variable `{}` is bound already", c.variable.text);
                        return Err(QueryError::syntax(Detail::VariableAlreadyBound, message, c.variable.span)
                            .help("use another name after AS"));
                    }
                    self.scope.insert(c.variable.text.clone(), kind.element());
                }
                Clause::With(c) => self.with(c)?,
                Clause::Return(c) => {
                    if let (Some(star), true) = (c.star, self.scope.is_empty()) {
                        let message = "there is nothing that `*` could stand for: no variable is in scope";
                        return Err(QueryError::syntax(Detail::NoVariablesInScope, message, star)
                            .help("name something in the pattern, `MATCH (n)`"));
                    }
                    columns = self.projection(c, None)?.into_iter().collect();
                }
                Clause::Create(c) => self.pattern_scope(&c.patterns, Use::Create)?,
                Clause::Merge(c) => {
                    let pattern = std::slice::from_ref(&c.pattern);
                    no_parameter_maps(pattern, "MERGE")?;
                    self.pattern_scope(pattern, Use::Merge)?;
                    c.on_create.iter().chain(&c.on_match).try_for_each(|item| self.set_item(item))?;
                }
                Clause::Delete(c) => self.delete(c)?,
                Clause::Set(c) => c.items.iter().try_for_each(|item| self.set_item(item))?,
                Clause::Remove(c) => c.items.iter().try_for_each(|item| match item {
                    RemoveItem::Property { target, .. } => self.expr(target, Place::without("in REMOVE")).map(drop),
                    RemoveItem::Labels { target, .. } => self.must_be_bound(target).map(drop),
                })?,
                Clause::Call(c) => {
                    let message = format!("there is no procedure `{}`", c.procedure.text);
                    return Err(QueryError::compile(ErrorType::ProcedureError, Detail::ProcedureNotFound, message)
                        .at(c.procedure.span)
                        .help("this language has functions, called in expressions, and no procedures"));
                }
            }
        }
        Ok(columns)
    }

    fn with(&mut self, with: &With) -> Check<()> {
        let next = self.projection(&with.projection, with.filter.as_ref())?;
        for item in &with.projection.items {
            if item.alias.is_none() && !matches!(item.expr.kind, ExprKind::Variable(_)) {
                let message = format!("`{}` has no name to be called by after WITH", item.text);
                return Err(QueryError::syntax(Detail::NoExpressionAlias, message, item.expr.span)
                    .help(format!("give it one: `{} AS name`", item.text)));
            }
        }
        self.scope = next;
        Ok(())
    }

    /// The body of WITH or RETURN with the condition after it; gives the names after it with their kinds.
    fn projection(&mut self, projection: &Projection, filter: Option<&Expr>) -> Check<Scope> {
        let mut next = Scope::new();
        if projection.star.is_some() {
            next.extend(self.scope.iter().map(|(name, kind)| (name.clone(), kind.clone())));
        }
        let projected = Place { aggregates: Aggregates::Allowed, condition: false };
        let mut named = std::collections::BTreeSet::new();
        for item in &projection.items {
            let kind = self.expr(&item.expr, projected)?;
            let column = item.column();
            if !named.insert(column.clone()) {
                let message = format!("two columns are called `{column}`");
                let at = item.alias.as_ref().map_or(item.expr.span, |alias| alias.span);
                return Err(QueryError::syntax(Detail::ColumnNameConflict, message, at)
                    .help("give one of them another name with AS"));
            }
            next.insert(column.clone(), kind);
        }
        for item in &projection.items {
            self.unambiguous(&item.expr, projection)?;
        }
        self.constant(projection.skip.as_ref(), "SKIP")?;
        self.constant(projection.limit.as_ref(), "LIMIT")?;
        self.after(projection, filter, &next)?;
        Ok(next)
    }

    /// ORDER BY, and the WHERE of a WITH: both see the names before and after the projection, unless it groups.
    fn after(&mut self, projection: &Projection, filter: Option<&Expr>, next: &Scope) -> Check<()> {
        let groups = self.groups(projection);
        let narrow = groups || projection.distinct;
        if narrow {
            let items = projection.order.iter().map(|item| &item.expr).chain(filter);
            for item in items {
                self.after_grouping(item, projection, next)?;
            }
        }
        let before = self.scope.clone();
        self.scope.extend(next.iter().map(|(name, kind)| (name.clone(), kind.clone())));
        let place = if groups {
            Place { aggregates: Aggregates::Allowed, condition: false }
        } else {
            Place::without("in ORDER BY without one in the list before it")
        };
        let mut outcome = Ok(());
        for item in &projection.order {
            // An expression that repeats an item is that item, and means what it meant there.
            let repeated = projection.items.iter().any(|i| super::walk::same(&i.expr, &item.expr));
            if outcome.is_ok() && !repeated {
                outcome = self.expr(&item.expr, place).map(drop);
            }
        }
        if let (Ok(()), Some(filter)) = (&outcome, filter) {
            outcome = self.condition(filter, Place::without("in WHERE"));
        }
        self.scope = before;
        outcome
    }

    /// SKIP and LIMIT: a whole number that does not depend on rows.
    fn constant(&mut self, expr: Option<&Expr>, clause: &str) -> Check<()> {
        let Some(expr) = expr else { return Ok(()) };
        let varies = super::walk::any(expr, &mut |e| {
            matches!(
                e.kind,
                ExprKind::Variable(_)
                    | ExprKind::PatternPredicate(_)
                    | ExprKind::PatternComprehension { .. }
                    | ExprKind::Exists(_)
                    | ExprKind::Count(_)
                    | ExprKind::Collect(_)
            ) || self.is_aggregate(e)
        });
        if varies {
            let message = format!("{clause} takes a number that is the same for all rows");
            return Err(QueryError::syntax(Detail::NonConstantExpression, message, expr.span)
                .help("write a number or a parameter"));
        }
        let kind = self.expr(expr, Place::without("in SKIP and LIMIT"))?;
        match &expr.kind {
            ExprKind::Integer(n) if *n < 0 => {
                let message = format!("{clause} cannot be below zero");
                Err(QueryError::syntax(Detail::NegativeIntegerArgument, message, expr.span))
            }
            _ if matches!(kind, Kind::Any | Kind::Null | Kind::Integer | Kind::Number) => Ok(()),
            _ => Err(wrong_kind(format!("{clause} takes a whole number, and this is {kind}"), expr.span)),
        }
    }

    fn delete(&mut self, delete: &Delete) -> Check<()> {
        for target in &delete.targets {
            if let ExprKind::HasLabels(..) = target.kind {
                let message = "DELETE removes nodes, relationships and paths, not labels";
                return Err(
                    QueryError::syntax(Detail::InvalidDelete, message, target.span).help("write `REMOVE n:Label`")
                );
            }
            let kind = self.expr(target, Place::without("in DELETE"))?;
            if matches!(
                kind,
                Kind::Boolean | Kind::Integer | Kind::Float | Kind::Number | Kind::String | Kind::Map | Kind::List(_)
            ) {
                let message = format!("DELETE removes nodes, relationships and paths; this is {kind}");
                return Err(wrong_kind(message, target.span));
            }
        }
        Ok(())
    }

    fn set_item(&mut self, item: &SetItem) -> Check<()> {
        let place = Place::without("in SET");
        match item {
            SetItem::Property { target, value, .. } => {
                self.expr(target, place)?;
                self.expr(value, place).map(drop)
            }
            SetItem::Replace { target, value } | SetItem::Extend { target, value } => {
                self.must_be_bound(target)?;
                self.expr(value, place).map(drop)
            }
            SetItem::Labels { target, .. } => self.must_be_bound(target),
        }
    }

    fn must_be_bound(&self, name: &super::super::ast::Name) -> Check<()> {
        match self.lookup(&name.text) {
            Some(_) => Ok(()),
            None => Err(self.undefined(&name.text, name.span)),
        }
    }
}

/// Which clauses may follow each other, and how a query may end.
fn composition(query: &SingleQuery, inner: bool) -> Check<()> {
    let wrong = |message: String, span: Span, help: &str| {
        Err(QueryError::syntax(Detail::InvalidClauseComposition, message, span).help(help))
    };
    let keyword_of = |clause: &Clause| {
        let start = clause.span().start;
        Span { start, end: start + u32::try_from(clause.keyword().len()).unwrap_or(0) }
    };
    for (i, clause) in query.clauses.iter().enumerate() {
        let last = i + 1 == query.clauses.len();
        if let (Clause::Return(_), Some(next)) = (clause, query.clauses.get(i + 1)) {
            let message = format!("RETURN is the end of a query, and {} follows it", next.keyword());
            return wrong(message, keyword_of(next), "write WITH in the middle, or UNION between two queries");
        }
        if inner && clause.writes() {
            let message = format!("{} cannot stand inside EXISTS, COUNT or COLLECT", clause.keyword());
            return wrong(message, keyword_of(clause), "a subquery only reads");
        }
        let open = matches!(clause, Clause::Match(_) | Clause::Unwind(_) | Clause::With(_));
        if last && open && !inner {
            let message = format!("a query cannot end with {}: what shall be shown?", clause.keyword());
            return wrong(message, keyword_of(clause), "add RETURN with what to show, `RETURN *` for everything");
        }
    }
    Ok(())
}

/// The parts of a union have the same columns in the same order.
fn union(first: Columns, second: Columns, span: Span) -> Check<Columns> {
    let names = |columns: &Columns| columns.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let (a, b) = (names(&first), names(&second));
    if a != b {
        let message = format!("the parts of a UNION return different columns: {} and {}", a.join(", "), b.join(", "));
        return Err(QueryError::syntax(Detail::DifferentColumnsInUnion, message, span)
            .help("name the columns alike, in the same order, with AS"));
    }
    Ok(first.into_iter().zip(second).map(|((name, a), (_, b))| (name, a.join(b))).collect())
}
