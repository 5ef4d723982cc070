//! Expressions: variables, kinds, functions.

use super::super::ast::{BinaryOp, Expr, ExprKind, MapItem, Name, Span, Subquery, UnaryOp};
use super::super::error::{Detail, QueryError};
use super::super::parse::nearest;
use super::patterns::Use;
use super::{Check, Checker, Kind, kind, type_error, walk, wrong_kind};

/// Whether aggregates may stand somewhere, and if not, where that is.
#[derive(Clone, Copy)]
pub(super) enum Aggregates {
    Allowed,
    /// Inside another aggregate.
    Nested,
    Forbidden(&'static str),
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) aggregates: Aggregates,
    /// Whether a pattern may stand here as a condition.
    pub(super) condition: bool,
}

impl Place {
    /// A place without aggregates.
    pub(super) const fn without(place: &'static str) -> Place {
        Place { aggregates: Aggregates::Forbidden(place), condition: false }
    }

    fn condition(self) -> Place {
        Place { condition: true, ..self }
    }

    fn value(self) -> Place {
        Place { condition: false, ..self }
    }

    /// The same place within a comprehension: aggregates over its variable make no sense.
    fn inner(self) -> Place {
        Place { aggregates: Aggregates::Forbidden("inside a comprehension"), condition: false }
    }
}

impl Checker<'_> {
    /// A condition: it must be able to be a boolean.
    pub(super) fn condition(&mut self, expr: &Expr, place: Place) -> Check<()> {
        let kind = self.expr(expr, place.condition())?;
        self.boolean(&kind, expr.span)
    }

    fn boolean(&self, kind: &Kind, span: Span) -> Check<()> {
        if kind.may_be_boolean() {
            return Ok(());
        }
        Err(wrong_kind(format!("a condition is true or false, and this is {kind}"), span)
            .help("compare it with something, `n.x = 1`, or test it, `n IS NOT NULL`"))
    }

    fn number(&self, kind: &Kind, sign: &str, span: Span) -> Check<()> {
        if kind.may_be_number() {
            return Ok(());
        }
        Err(wrong_kind(format!("`{sign}` takes numbers, and this is {kind}"), span))
    }

    /// Checks an expression and gives the kind of its value.
    pub(super) fn expr(&mut self, expr: &Expr, place: Place) -> Check<Kind> {
        if let Some(kind) = kind::literal(&expr.kind) {
            return Ok(kind);
        }
        let value = place.value();
        match &expr.kind {
            ExprKind::Parameter(name) => self.parameter(name),
            ExprKind::Variable(name) => match self.lookup(&name.text) {
                Some(kind) => Ok(kind.clone()),
                None => Err(self.undefined(&name.text, name.span)),
            },
            ExprKind::List(items) => {
                let mut element = Kind::Null;
                for item in items {
                    element = element.join(self.expr(item, value)?);
                }
                Ok(if items.is_empty() { Kind::Any } else { element }.list())
            }
            ExprKind::Map(entries) => {
                for (_, entry) in entries {
                    self.expr(entry, value)?;
                }
                Ok(Kind::Map)
            }
            ExprKind::MapProjection { subject, items } => {
                self.map_projection(subject, items, value)?;
                Ok(Kind::Map)
            }
            ExprKind::Property(of, key) => self.property_access(of, key, expr.span, value),
            ExprKind::Index(of, index) => self.index(of, index, value),
            ExprKind::Slice { list, from, to } => {
                let kind = self.expr(list, value)?;
                for bound in from.iter().chain(to) {
                    self.expr(bound, value)?;
                }
                if !kind.may_be_list() {
                    return Err(type_error(format!("a slice is taken of a list, and this is {kind}"), list.span));
                }
                Ok(kind)
            }
            ExprKind::HasLabels(of, labels) => {
                match self.expr(of, value)? {
                    Kind::Relationship => self.relations(labels)?,
                    Kind::Node => self.labels(labels)?,
                    Kind::Any | Kind::Null => self.labels_or_relations(labels)?,
                    kind => {
                        return Err(wrong_kind(
                            format!("only nodes and relationships have labels; this is {kind}"),
                            of.span,
                        ));
                    }
                }
                Ok(Kind::Boolean)
            }
            ExprKind::Unary(UnaryOp::Not, inner) => {
                self.condition(inner, place)?;
                Ok(Kind::Boolean)
            }
            ExprKind::Unary(op, inner) => {
                let kind = self.expr(inner, value)?;
                self.number(&kind, if *op == UnaryOp::Minus { "-" } else { "+" }, inner.span)?;
                Ok(kind)
            }
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, value),
            ExprKind::Logical(_, operands) => {
                operands.iter().try_for_each(|operand| self.condition(operand, place))?;
                Ok(Kind::Boolean)
            }
            ExprKind::Comparison { first, rest } => {
                self.expr(first, value)?;
                for (_, operand) in rest {
                    self.expr(operand, value)?;
                }
                Ok(Kind::Boolean)
            }
            ExprKind::IsNull { expr, .. } => {
                self.expr(expr, value)?;
                Ok(Kind::Boolean)
            }
            ExprKind::Case { subject, branches, otherwise } => {
                if let Some(subject) = subject {
                    self.expr(subject, value)?;
                }
                let mut kind = Kind::Null;
                for (when, then) in branches {
                    match subject {
                        Some(_) => drop(self.expr(when, value)?),
                        None => self.condition(when, place)?,
                    }
                    kind = kind.join(self.expr(then, place)?);
                }
                if let Some(otherwise) = otherwise {
                    kind = kind.join(self.expr(otherwise, place)?);
                }
                Ok(kind)
            }
            ExprKind::CountStar => {
                self.aggregate_here("count", expr.span, place)?;
                Ok(Kind::Integer)
            }
            ExprKind::Function { name, distinct, arguments } => {
                self.function(name, *distinct, arguments, expr.span, place)
            }
            ExprKind::ListComprehension { variable, list, filter, map } => {
                let element = self.list(list, value)?;
                self.within(vec![(variable, element.clone())], |this| {
                    if let Some(filter) = filter {
                        this.condition(filter, place.inner())?;
                    }
                    match map {
                        Some(map) => this.expr(map, place.inner()).map(Kind::list),
                        None => Ok(element.list()),
                    }
                })
            }
            ExprKind::Quantified { variable, list, filter, .. } => {
                let element = self.list(list, value)?;
                self.within(vec![(variable, element)], |this| this.condition(filter, place.inner()))?;
                Ok(Kind::Boolean)
            }
            ExprKind::Reduce { accumulator, start, variable, list, step } => {
                let first = self.expr(start, value)?;
                let element = self.list(list, value)?;
                // The accumulator's kind may change on the way: only what the start and one step agree on is known.
                let known = vec![(accumulator, Kind::Any), (variable, element)];
                let next = self.within(known, |this| this.expr(step, place.inner()))?;
                Ok(first.join(next))
            }
            ExprKind::PatternComprehension { pattern, filter, map } => {
                let saved = self.scope.clone();
                let locals = self.locals.len();
                let checked = self.pattern_scope(std::slice::from_ref(&**pattern), Use::Match).and_then(|()| {
                    if let Some(filter) = filter {
                        self.condition(filter, place.inner())?;
                    }
                    self.expr(map, place.inner()).map(Kind::list)
                });
                self.locals.truncate(locals);
                self.scope = saved;
                checked
            }
            ExprKind::Exists(body) => self.subquery(body).map(|()| Kind::Boolean),
            ExprKind::Count(body) => self.subquery(body).map(|()| Kind::Integer),
            ExprKind::Collect(query) => {
                let columns = self.inside(|this| this.query(query, true))?;
                match columns.as_slice() {
                    [(_, kind)] => Ok(kind.clone().list()),
                    _ => {
                        let message = "COLLECT takes a query that returns exactly one column";
                        Err(QueryError::syntax(Detail::InvalidClauseComposition, message, query.span))
                    }
                }
            }
            ExprKind::PatternPredicate(pattern) => {
                if !place.condition {
                    let message = "a pattern is a condition, not a value";
                    return Err(QueryError::syntax(Detail::UnexpectedSyntax, message, expr.span).help(
                        "ask with EXISTS { … }, count with COUNT { … }, or list matches with `[(a)-->(b) | b]`",
                    ));
                }
                self.pattern_scope(std::slice::from_ref(&**pattern), Use::Condition)?;
                Ok(Kind::Boolean)
            }
            ExprKind::ShortestPath(pattern) => {
                self.pattern_scope(std::slice::from_ref(&**pattern), Use::Condition)?;
                let all =
                    matches!(pattern.selector.map(|s| s.kind), Some(super::super::ast::SelectorKind::AllShortest));
                Ok(if all { Kind::Path.list() } else { Kind::Path })
            }
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Integer(_) | ExprKind::Float(_) | ExprKind::String(_) => {
                Ok(Kind::Any)
            }
        }
    }

    fn parameter(&self, name: &Name) -> Check<Kind> {
        match self.environment.parameters {
            Some(given) if !given(&name.text) => {
                let message = format!("the parameter `${}` is not given", name.text);
                Err(QueryError::compile(super::ErrorType::ParameterMissing, Detail::MissingParameter, message)
                    .at(name.span)
                    .help("give it a value, or write the value itself"))
            }
            _ => Ok(Kind::Any),
        }
    }

    /// Checks with more variables in scope.
    fn within<T>(&mut self, known: Vec<(&Name, Kind)>, go: impl FnOnce(&mut Self) -> Check<T>) -> Check<T> {
        let before = self.locals.len();
        self.locals.extend(known.into_iter().map(|(name, kind)| (name.text.clone(), kind)));
        let outcome = go(self);
        self.locals.truncate(before);
        outcome
    }

    /// Checks something with a scope of its own, which starts as a copy of this one.
    fn inside<T>(&mut self, go: impl FnOnce(&mut Self) -> Check<T>) -> Check<T> {
        let saved = self.scope.clone();
        let locals = std::mem::take(&mut self.locals);
        self.scope.extend(locals.iter().cloned());
        let outcome = go(self);
        self.locals = locals;
        self.scope = saved;
        outcome
    }

    fn subquery(&mut self, body: &Subquery) -> Check<()> {
        self.inside(|this| match body {
            Subquery::Query(query) => this.query(query, true).map(drop),
            Subquery::Pattern { patterns, filter } => {
                this.pattern_scope(patterns, Use::Match)?;
                match filter {
                    Some(filter) => this.condition(filter, Place::without("in WHERE")),
                    None => Ok(()),
                }
            }
        })
    }

    /// An expression that must be able to be a list; gives the kind of its elements.
    pub(super) fn list(&mut self, expr: &Expr, place: Place) -> Check<Kind> {
        let kind = self.expr(expr, place)?;
        if kind.may_be_list() {
            return Ok(kind.element());
        }
        Err(wrong_kind(format!("a list is needed here, and this is {kind}"), expr.span)
            .help("put brackets around it: `[…]`"))
    }

    fn map_projection(&mut self, subject: &Name, items: &[MapItem], place: Place) -> Check<()> {
        let kind = match self.lookup(&subject.text) {
            Some(kind) => kind.clone(),
            None => return Err(self.undefined(&subject.text, subject.span)),
        };
        if !matches!(kind, Kind::Any | Kind::Null | Kind::Node | Kind::Relationship | Kind::Map) {
            return Err(wrong_kind(
                format!("a map is made of a node, a relationship or a map, not of {kind}"),
                subject.span,
            ));
        }
        let stored = matches!(kind, Kind::Node | Kind::Relationship);
        for item in items {
            match item {
                MapItem::Property(key) if stored => self.property(key)?,
                MapItem::Variable(name) if self.lookup(&name.text).is_none() => {
                    return Err(self.undefined(&name.text, name.span));
                }
                MapItem::Entry(_, value) => drop(self.expr(value, place)?),
                _ => {}
            }
        }
        Ok(())
    }

    fn property_access(&mut self, of: &Expr, key: &Name, span: Span, place: Place) -> Check<Kind> {
        match self.expr(of, place)? {
            Kind::Node | Kind::Relationship => {
                self.property(key)?;
                Ok(Kind::Any)
            }
            Kind::Any | Kind::Map => Ok(Kind::Any),
            Kind::Null => Ok(Kind::Null),
            Kind::Path => Err(wrong_kind("a path has no properties of its own", span)
                .help("take its parts with nodes(p) and relationships(p), its length with length(p)")),
            kind => {
                Err(type_error(format!("only nodes, relationships and maps have properties; this is {kind}"), of.span)
                    .maybe_help(matches!(kind, Kind::List(_)).then(|| "take an element first: `list[0].key`".into())))
            }
        }
    }

    fn index(&mut self, of: &Expr, index: &Expr, place: Place) -> Check<Kind> {
        let kind = self.expr(of, place)?;
        let by = self.expr(index, place)?;
        match kind {
            Kind::List(element) => match by {
                Kind::Any | Kind::Null | Kind::Integer | Kind::Number => Ok(*element),
                by => {
                    Err(type_error(format!("an element of a list is taken by a whole number, not by {by}"), index.span))
                }
            },
            Kind::Any | Kind::Null | Kind::Map | Kind::Node | Kind::Relationship => Ok(Kind::Any),
            kind => Err(type_error(format!("brackets take an element of a list or map, and this is {kind}"), of.span)),
        }
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, place: Place) -> Check<Kind> {
        let a = self.expr(left, place)?;
        let b = self.expr(right, place)?;
        match op {
            BinaryOp::Add => Ok(match (a, b) {
                (Kind::Integer, Kind::Integer) => Kind::Integer,
                (Kind::Float, Kind::Float | Kind::Integer) | (Kind::Integer, Kind::Float) => Kind::Float,
                (Kind::List(a), Kind::List(b)) => a.join(*b).list(),
                (Kind::List(a), b) | (b, Kind::List(a)) if b != Kind::Any => a.join(b).list(),
                (Kind::String, Kind::String) => Kind::String,
                _ => Kind::Any,
            }),
            BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo | BinaryOp::Power => {
                self.number(&a, op.sign(), left.span)?;
                self.number(&b, op.sign(), right.span)?;
                Ok(match (op, a, b) {
                    (BinaryOp::Power, Kind::Integer | Kind::Float, Kind::Integer | Kind::Float) => Kind::Float,
                    (_, Kind::Integer, Kind::Integer) => Kind::Integer,
                    (_, Kind::Float, Kind::Integer | Kind::Float) | (_, Kind::Integer, Kind::Float) => Kind::Float,
                    _ => Kind::Any,
                })
            }
            BinaryOp::In => {
                if !b.may_be_list() {
                    let message = format!("IN looks in a list, and this is {b}");
                    return Err(wrong_kind(message, right.span).help("put brackets around it: `x IN [1, 2]`"));
                }
                Ok(Kind::Boolean)
            }
            BinaryOp::StartsWith | BinaryOp::EndsWith | BinaryOp::Contains | BinaryOp::Matches | BinaryOp::SameName => {
                Ok(Kind::Boolean)
            }
        }
    }

    /// Whether an aggregate may stand here.
    fn aggregate_here(&self, name: &str, span: Span, place: Place) -> Check<()> {
        match place.aggregates {
            Aggregates::Allowed => Ok(()),
            Aggregates::Nested => {
                let message = format!("{name}() stands inside another aggregate");
                Err(QueryError::syntax(Detail::NestedAggregation, message, span)
                    .help("compute the inner one in a WITH before"))
            }
            Aggregates::Forbidden(here) => {
                let message = format!("{name}() is an aggregate over rows and cannot stand {here}");
                Err(QueryError::syntax(Detail::InvalidAggregation, message, span)
                    .help("aggregate in a WITH before, `WITH n, count(*) AS number`, and use its name"))
            }
        }
    }

    fn function(&mut self, name: &Name, distinct: bool, arguments: &[Expr], span: Span, place: Place) -> Check<Kind> {
        let Some(shape) = self.environment.library.function(&name.text) else {
            return Err(self.unknown_function(name));
        };
        let count = arguments.len();
        if count < shape.min || count > shape.max {
            let wanted = match (shape.min, shape.max) {
                (min, max) if min == max => format!("{min}"),
                (min, max) if max > 100 => format!("at least {min}"),
                (min, max) => format!("{min} to {max}"),
            };
            let message =
                format!("{}() takes {wanted} argument{}, not {count}", name.text, if wanted == "1" { "" } else { "s" });
            return Err(QueryError::syntax(Detail::InvalidNumberOfArguments, message, span));
        }
        let lower = name.text.to_ascii_lowercase();
        let mut inner = place.value();
        if shape.aggregate {
            self.aggregate_here(&name.text, span, place)?;
            inner.aggregates = Aggregates::Nested;
        } else if distinct {
            let message = format!("DISTINCT belongs to aggregates, and {}() is none", name.text);
            return Err(QueryError::syntax(Detail::UnexpectedSyntax, message, span));
        }
        // `exists(pattern)` is the old way to write EXISTS {}.
        inner.condition = lower == "exists";
        let kinds = arguments.iter().map(|argument| self.expr(argument, inner)).collect::<Check<Vec<_>>>()?;
        let random = arguments.iter().find(|argument| walk::any(argument, &mut is_random));
        if let (Some(random), true) = (random, shape.aggregate) {
            let message = "a random number cannot be aggregated over";
            return Err(QueryError::syntax(Detail::NonConstantExpression, message, random.span)
                .help("give it a name in a WITH before"));
        }
        if let (Some(kind), Some(argument)) = (kinds.first(), arguments.first()) {
            match kind::takes(&lower) {
                Some((wanted, words)) if !matches!(kind, Kind::Any | Kind::Null) && !wanted.contains(kind) => {
                    return Err(wrong_kind(format!("{}() takes {words}, not {kind}", name.text), argument.span));
                }
                _ => {}
            }
            if lower == "size" && kind::never_sized(kind) {
                let message = format!("size() takes a list or a string, not {kind}");
                let help = (*kind == Kind::Path).then(|| "the length of a path is length(p)".to_owned());
                return Err(wrong_kind(message, argument.span).maybe_help(help));
            }
        }
        Ok(kind::gives(&lower, &kinds))
    }

    fn unknown_function(&self, name: &Name) -> QueryError {
        let names = self.environment.library.names();
        let help = match nearest(&name.text, names.iter().copied()) {
            Some(near) => format!("did you mean {near}()?"),
            None => "`:help functions` lists the functions".to_owned(),
        };
        let message = format!("there is no function `{}`", name.text);
        QueryError::syntax(Detail::UnknownFunction, message, name.span).help(help)
    }
}

fn is_random(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Function { name, .. } if name.text.eq_ignore_ascii_case("rand"))
}
