//! From expressions of the syntax tree to compiled ones.

use std::sync::Arc;

use super::{Aggregation, Op, OpKind, Planner, Scope, walk};
use crate::query::ast::{self, ExprKind, LabelExpr, MapItem, Name, Span, Subquery, UnaryOp};
use crate::query::error::{Detail, ErrorType, QueryError};
use crate::query::expr::{Expr, Key, LabelTest, Projected, Slot};
use crate::query::functions::{self, Fail, Function, MOST_ARGUMENTS};
use crate::query::value::{Map, Value};

/// What a name stands for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Binding {
    /// A slot.
    Slot(Slot),
    /// A path that no slot holds: its first node and its relationships.
    Path(Slot, Vec<Slot>),
}

impl Binding {
    /// The expression that gives its value.
    pub(crate) fn expr(&self) -> Expr {
        match self {
            Binding::Slot(s) => Expr::Slot(*s),
            Binding::Path(start, parts) => Expr::Path(*start, parts.clone()),
        }
    }
}

pub(crate) fn unknown_variable(name: &Name) -> Fail {
    let message = format!("there is no variable `{}` here", name.text);
    Box::new(QueryError::syntax(Detail::UndefinedVariable, message, name.span))
}

fn at(span: Span, e: Expr) -> Expr {
    Expr::At(span, e.boxed())
}

impl Planner<'_> {
    /// A property's name with its number in the graph.
    pub(crate) fn key(&self, name: &Arc<str>) -> Key {
        Key { name: name.clone(), id: self.graph.key_id(name) }
    }

    /// A variable.
    pub(crate) fn variable(&mut self, name: &Name, scope: &Scope) -> Result<Expr, Fail> {
        let Some(binding) = scope.get(&name.text) else { return Err(unknown_variable(name)) };
        match binding {
            Binding::Slot(s) => self.record(*s),
            Binding::Path(start, parts) => {
                self.record(*start);
                parts.iter().for_each(|p| self.record(*p));
            }
        }
        Ok(binding.expr())
    }

    /// A condition, or any other expression.
    pub(crate) fn expr(&mut self, e: &ast::Expr, scope: &Scope) -> Result<Expr, Fail> {
        if let Some(slot) = self.replacement(e, scope) {
            return Ok(Expr::Slot(slot));
        }
        let boxed = |e: Expr| e.boxed();
        Ok(match &e.kind {
            ExprKind::Null => Expr::Const(Value::Null),
            ExprKind::Bool(b) => Expr::Const(Value::Bool(*b)),
            ExprKind::Integer(i) => Expr::Const(Value::Int(*i)),
            ExprKind::Float(f) => Expr::Const(Value::Float(*f)),
            ExprKind::String(s) => Expr::Const(Value::String(s.clone())),
            ExprKind::Parameter(name) => at(e.span, Expr::Param(name.text.clone())),
            ExprKind::Variable(name) => self.variable(name, scope)?,
            ExprKind::List(items) => constant_list(self.exprs(items, scope)?),
            ExprKind::Map(entries) => {
                let mut out: Vec<(Arc<str>, Expr)> = Vec::with_capacity(entries.len());
                for (k, v) in entries {
                    out.push((k.text.clone(), self.expr(v, scope)?));
                }
                constant_map(out)
            }
            ExprKind::MapProjection { subject, items } => self.map_projection(subject, items, e.span, scope)?,
            ExprKind::Property(of, key) => {
                let of = self.expr(of, scope)?;
                at(e.span, Expr::Property(boxed(of), self.key(&key.text)))
            }
            ExprKind::Index(of, i) => {
                let (of, i) = (self.expr(of, scope)?, self.expr(i, scope)?);
                at(e.span, Expr::Index(boxed(of), boxed(i)))
            }
            ExprKind::Slice { list, from, to } => {
                let list = self.expr(list, scope)?;
                let (from, to) = (self.option(from, scope)?, self.option(to, scope)?);
                at(e.span, Expr::Slice(boxed(list), from, to))
            }
            ExprKind::HasLabels(of, labels) => {
                let of = self.expr(of, scope)?;
                let (nodes, types) = (self.label_test(labels), self.type_test(labels));
                at(e.span, Expr::Labels(boxed(of), Box::new(nodes), Box::new(types)))
            }
            ExprKind::Unary(op, a) => {
                let a = boxed(self.expr(a, scope)?);
                at(
                    e.span,
                    match op {
                        UnaryOp::Not => Expr::Not(a),
                        UnaryOp::Minus => Expr::Minus(a),
                        UnaryOp::Plus => Expr::Plus(a),
                    },
                )
            }
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.expr(a, scope)?, self.expr(b, scope)?);
                at(e.span, Expr::Binary(*op, boxed(a), boxed(b)))
            }
            ExprKind::Logical(op, items) => at(e.span, Expr::Logical(*op, self.exprs(items, scope)?)),
            ExprKind::Comparison { first, rest } => {
                let first = boxed(self.expr(first, scope)?);
                match rest.as_slice() {
                    [(op, second)] => Expr::Compare(*op, first, boxed(self.expr(second, scope)?)),
                    rest => {
                        let mut out = Vec::with_capacity(rest.len());
                        for (op, e) in rest {
                            out.push((*op, self.expr(e, scope)?));
                        }
                        Expr::Chain(first, out)
                    }
                }
            }
            ExprKind::IsNull { expr, negated } => Expr::IsNull(boxed(self.expr(expr, scope)?), *negated),
            ExprKind::Case { subject, branches, otherwise } => {
                let subject = self.option(subject, scope)?;
                let mut out = Vec::with_capacity(branches.len());
                for (when, then) in branches {
                    out.push((self.expr(when, scope)?, self.expr(then, scope)?));
                }
                Expr::Case(subject, out, self.option(otherwise, scope)?)
            }
            ExprKind::Function { name, distinct, arguments } => {
                self.function(name, *distinct, arguments, e.span, scope)?
            }
            ExprKind::CountStar => self.aggregate(None, false, &[], e.span, scope)?,
            ExprKind::ListComprehension { variable, list, filter, map } => {
                let list = boxed(self.expr(list, scope)?);
                let (slot, inner) = self.local(variable, scope);
                let (filter, map) = (self.option(filter, &inner)?, self.option(map, &inner)?);
                at(e.span, Expr::ListComprehension { slot, list, filter, map })
            }
            ExprKind::Quantified { kind, variable, list, filter } => {
                let list = boxed(self.expr(list, scope)?);
                let (slot, inner) = self.local(variable, scope);
                let filter = boxed(self.expr(filter, &inner)?);
                at(e.span, Expr::Quantified { kind: *kind, slot, list, filter })
            }
            ExprKind::Reduce { accumulator, start, variable, list, step } => {
                let (start, list) = (boxed(self.expr(start, scope)?), boxed(self.expr(list, scope)?));
                let (accumulator, inner) = self.local(accumulator, scope);
                let (slot, inner) = self.local(variable, &inner);
                let step = boxed(self.expr(step, &inner)?);
                at(e.span, Expr::Reduce { accumulator, start, slot, list, step })
            }
            ExprKind::PatternComprehension { pattern, filter, map } => {
                let argument = self.argument();
                let (plan, inner) =
                    self.patterns(argument, scope, std::slice::from_ref(&**pattern), filter.as_deref())?;
                let map = self.expr(map, &inner)?;
                Expr::Collect(Box::new(plan), boxed(map))
            }
            ExprKind::PatternPredicate(pattern) => {
                let argument = self.argument();
                let (plan, _) = self.patterns(argument, scope, std::slice::from_ref(&**pattern), None)?;
                Expr::Exists(Box::new(plan))
            }
            ExprKind::ShortestPath(pattern) => self.shortest_path(pattern, scope)?,
            ExprKind::Exists(sub) => Expr::Exists(Box::new(self.subquery(sub, scope)?)),
            ExprKind::Count(sub) => Expr::Count(Box::new(self.subquery(sub, scope)?)),
            ExprKind::Collect(query) => {
                let (plan, columns) = self.nested(query, scope)?;
                match columns.as_slice() {
                    [column] => Expr::Collect(Box::new(plan), Expr::Slot(*column).boxed()),
                    _ => {
                        let message = "COLLECT {} returns exactly one column";
                        return Err(Box::new(QueryError::syntax(Detail::InvalidClauseComposition, message, e.span)));
                    }
                }
            }
        })
    }

    pub(crate) fn exprs(&mut self, items: &[ast::Expr], scope: &Scope) -> Result<Vec<Expr>, Fail> {
        items.iter().map(|e| self.expr(e, scope)).collect()
    }

    fn option(&mut self, e: &Option<Box<ast::Expr>>, scope: &Scope) -> Result<Option<Box<Expr>>, Fail> {
        e.as_ref().map(|e| Ok(self.expr(e, scope)?.boxed())).transpose()
    }

    /// A slot for a variable that only an expression knows, and the scope with it.
    fn local(&mut self, name: &Name, scope: &Scope) -> (Slot, Scope) {
        let slot = self.slot();
        let mut inner = scope.clone();
        inner.bind(name.text.clone(), Binding::Slot(slot));
        (slot, inner)
    }

    fn map_projection(&mut self, subject: &Name, items: &[MapItem], span: Span, scope: &Scope) -> Result<Expr, Fail> {
        let of = self.variable(subject, scope)?;
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            out.push(match item {
                MapItem::All(_) => Projected::All,
                MapItem::Property(key) => {
                    let value = Expr::Property(of.clone().boxed(), self.key(&key.text));
                    Projected::Entry(key.text.clone(), at(key.span, value))
                }
                MapItem::Variable(name) => Projected::Entry(name.text.clone(), self.variable(name, scope)?),
                MapItem::Entry(key, value) => Projected::Entry(key.text.clone(), self.expr(value, scope)?),
            });
        }
        Ok(at(span, Expr::MapProjection(of.boxed(), out)))
    }

    fn function(
        &mut self,
        name: &Name,
        distinct: bool,
        arguments: &[ast::Expr],
        span: Span,
        scope: &Scope,
    ) -> Result<Expr, Fail> {
        let Some(signature) = functions::lookup(&name.text) else {
            let message = format!("there is no function `{}`", name.text);
            return Err(Box::new(QueryError::syntax(Detail::UnknownFunction, message, name.span)));
        };
        if !(signature.min..=signature.max).contains(&arguments.len()) {
            let message = format!("{}() does not take {} arguments", signature.name, arguments.len());
            return Err(Box::new(QueryError::syntax(Detail::InvalidNumberOfArguments, message, span)));
        }
        if signature.aggregate {
            return self.aggregate(Some(signature.function), distinct, arguments, span, scope);
        }
        match (signature.function, arguments) {
            // `exists(pattern)` is the pattern itself.
            (Function::Exists, [argument]) if matches!(argument.kind, ExprKind::PatternPredicate(_)) => {
                self.expr(argument, scope)
            }
            (Function::Coalesce, _) => Ok(Expr::Coalesce(self.exprs(arguments, scope)?)),
            // A name that stands in the text is resolved once, before the statement runs.
            (Function::Entity, [ast::Expr { kind: ExprKind::String(s), .. }]) => {
                let node = crate::query::names::resolve_one(self.graph, s, None).map_err(|e| Box::new(e.at(span)))?;
                Ok(Expr::Const(Value::Node(node)))
            }
            (
                Function::Entity,
                [ast::Expr { kind: ExprKind::String(s), .. }, ast::Expr { kind: ExprKind::String(label), .. }],
            ) => {
                let node =
                    crate::query::names::resolve_one(self.graph, s, Some(label)).map_err(|e| Box::new(e.at(span)))?;
                Ok(Expr::Const(Value::Node(node)))
            }
            (function, _) => {
                debug_assert!(arguments.len() <= MOST_ARGUMENTS);
                Ok(at(span, Expr::Call(function, self.exprs(arguments, scope)?)))
            }
        }
    }

    /// An aggregate: its result will stand in a slot.
    fn aggregate(
        &mut self,
        function: Option<Function>,
        distinct: bool,
        arguments: &[ast::Expr],
        span: Span,
        scope: &Scope,
    ) -> Result<Expr, Fail> {
        let Some(mut collected) = self.aggregates.take() else {
            let message = "an aggregate stands in RETURN or WITH, and not within another";
            return Err(Box::new(QueryError::syntax(Detail::InvalidAggregation, message, span)));
        };
        // What an aggregate is asked of is computed before rows are grouped.
        let replacements = std::mem::take(&mut self.replacements);
        let before = self.before_grouping.clone();
        let arguments = self.exprs(arguments, before.as_ref().unwrap_or(scope));
        self.replacements = replacements;
        let slot = self.slot();
        let arguments = arguments?.into_iter().map(|e| at(span, e)).collect();
        collected.push(Aggregation { slot, function, distinct, arguments });
        self.aggregates = Some(collected);
        Ok(Expr::Slot(slot))
    }

    /// The slot where an expression that rows are grouped by stands after grouping.
    fn replacement(&self, e: &ast::Expr, scope: &Scope) -> Option<Slot> {
        if self.replacements.is_empty() {
            return None;
        }
        if let ExprKind::Variable(name) = &e.kind
            && scope.is_new(&name.text)
        {
            return None;
        }
        self.replacements.iter().find(|(r, _)| walk::same(r, e)).map(|(_, slot)| *slot)
    }

    fn subquery(&mut self, sub: &Subquery, scope: &Scope) -> Result<Op, Fail> {
        match sub {
            Subquery::Pattern { patterns, filter } => {
                let argument = self.argument();
                Ok(self.patterns(argument, scope, patterns, filter.as_ref())?.0)
            }
            Subquery::Query(query) => Ok(self.nested(query, scope)?.0),
        }
    }

    /// `shortestPath(…)` and `allShortestPaths(…)` as expressions.
    fn shortest_path(&mut self, pattern: &ast::PathPattern, scope: &Scope) -> Result<Expr, Fail> {
        let argument = self.argument();
        let mut named = pattern.clone();
        // A name that no statement can write.
        let name: Arc<str> = Arc::from(" path");
        named.variable = Some(Name::new(name.clone(), pattern.span));
        let (plan, inner) = self.patterns(argument, scope, std::slice::from_ref(&named), None)?;
        let path = inner.get(&name).map_or(Expr::Const(Value::Null), Binding::expr);
        let one = !matches!(
            pattern.selector.map(|s| s.kind),
            Some(ast::SelectorKind::AllShortest | ast::SelectorKind::ShortestGroups(_) | ast::SelectorKind::All)
        );
        let plan = Box::new(plan);
        Ok(if one { Expr::First(plan, path.boxed()) } else { Expr::Collect(plan, path.boxed()) })
    }

    /// The labels of a node that pass a label expression.
    pub(crate) fn label_test(&self, e: &LabelExpr) -> LabelTest {
        label_test(e, &|name| self.graph.label_id(name).map(|l| l.0))
    }

    /// The types of a relationship that pass a label expression.
    pub(crate) fn type_test(&self, e: &LabelExpr) -> LabelTest {
        label_test(e, &|name| self.graph.relation_id(name).map(|r| r.0))
    }

    /// The start of a sub-plan.
    pub(crate) fn argument(&mut self) -> Op {
        self.op(OpKind::Argument, None, 1.0)
    }

    /// Fails for what the planner does not know; the checker should have said so before.
    pub(crate) fn unsupported<T>(&self, what: &str, span: Span) -> Result<T, Fail> {
        let message = format!("{what} is not supported here");
        Err(Box::new(QueryError::compile(ErrorType::SyntaxError, Detail::NotSupported, message).at(span)))
    }
}

fn label_test(e: &LabelExpr, id: &dyn Fn(&str) -> Option<u32>) -> LabelTest {
    match e {
        LabelExpr::Name(name) => id(&name.text).map_or(LabelTest::Never, LabelTest::Has),
        LabelExpr::Any(_) => LabelTest::Any,
        LabelExpr::Not(inner, _) => LabelTest::Not(Box::new(label_test(inner, id))),
        LabelExpr::And(parts) => LabelTest::And(parts.iter().map(|p| label_test(p, id)).collect()),
        LabelExpr::Or(parts) => LabelTest::Or(parts.iter().map(|p| label_test(p, id)).collect()),
    }
}

/// A list of literals is a literal.
fn constant_list(items: Vec<Expr>) -> Expr {
    match items.iter().map(|e| e.constant().cloned()).collect::<Option<Vec<Value>>>() {
        Some(values) => Expr::Const(Value::list(values)),
        None => Expr::List(items),
    }
}

/// A map of literals is a literal.
fn constant_map(entries: Vec<(Arc<str>, Expr)>) -> Expr {
    let values: Option<Map> = entries.iter().map(|(k, e)| Some((k.clone(), e.constant()?.clone()))).collect();
    match values {
        Some(values) => Expr::Const(Value::map(values)),
        None => Expr::Map(entries),
    }
}
