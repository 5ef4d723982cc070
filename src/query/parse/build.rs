//! Statements and clauses.

use super::super::ast::{
    Body, Call, Clause, Create, Delete, Expr, ExprKind, Match, Merge, Mode, Name, Projection, ProjectionItem, Query,
    Remove, RemoveItem, Set, SetItem, SingleQuery, SortItem, Span, Statement, Union, Unwind, With,
};
use super::super::error::{Detail, ErrorType, QueryError};
use super::{Built, MAX_DEPTH, Pair, Rule, expression, literal, path, report, span, unexpected};

/// The depth after `more` levels, or the error that says that it is too deep.
pub(super) fn deeper(depth: usize, more: usize, place: Span) -> Built<usize> {
    let depth = depth + more;
    if depth <= MAX_DEPTH {
        return Ok(depth);
    }
    let message = format!("the expression is nested more than {MAX_DEPTH} levels deep");
    Err(QueryError::compile(ErrorType::SyntaxError, Detail::NestingTooDeep, message)
        .at(place)
        .help("split it with WITH, or put long sums and concatenations into a list"))
}

/// A whole statement.
pub(super) fn statement(pair: Pair<'_>, text: &str) -> Built<Statement> {
    let mut mode = Mode::Run;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::EXPLAIN => mode = Mode::Explain,
            Rule::PROFILE => mode = Mode::Profile,
            Rule::query => {
                let body = Body::Query(query(part, 0)?);
                return Ok(Statement { mode, body, span: Span::new(0, text.len()) });
            }
            _ => {}
        }
    }
    Err(report::empty(text))
}

/// A query, also one inside `EXISTS { … }`.
pub(super) fn query(pair: Pair<'_>, depth: usize) -> Built<Query> {
    let place = span(&pair);
    let depth = deeper(depth, 1, place)?;
    let (mut parts, mut unions) = (Vec::new(), Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::single_query => {
                let place = span(&part);
                let clauses = part.into_inner().map(|p| clause(p, depth)).collect::<Built<Vec<_>>>()?;
                parts.push(SingleQuery { clauses, span: place });
            }
            Rule::union => {
                let all = part.clone().into_inner().any(|word| word.as_rule() == Rule::ALL);
                unions.push(Union { all, span: span(&part) });
            }
            _ => return Err(unexpected(&part)),
        }
    }
    Ok(Query { parts, unions, span: place })
}

fn clause(pair: Pair<'_>, depth: usize) -> Built<Clause> {
    let place = span(&pair);
    let Some(inner) = pair.clone().into_inner().next() else { return Err(unexpected(&pair)) };
    Ok(match inner.as_rule() {
        Rule::match_clause => Clause::Match(match_clause(inner, depth)?),
        Rule::with_clause => {
            let (projection, filter) = projection_clause(inner, depth)?;
            Clause::With(With { projection, filter })
        }
        Rule::return_clause => Clause::Return(projection_clause(inner, depth)?.0),
        Rule::unwind_clause => {
            let (mut list, mut variable) = (None, None);
            for part in inner.into_inner() {
                match part.as_rule() {
                    Rule::expression => list = Some(expression::expression(part, depth)?),
                    Rule::variable => variable = Some(literal::name(&part)?),
                    _ => {}
                }
            }
            match (list, variable) {
                (Some(list), Some(variable)) => Clause::Unwind(Unwind { list, variable, span: place }),
                _ => return Err(unexpected(&pair)),
            }
        }
        Rule::create_clause => Clause::Create(Create { patterns: patterns(inner, depth)?, span: place }),
        Rule::merge_clause => Clause::Merge(merge(inner, depth, place)?),
        Rule::delete_clause => {
            let detach = inner.clone().into_inner().any(|p| p.as_rule() == Rule::DETACH);
            Clause::Delete(Delete { detach, targets: expression::list(inner, depth)?, span: place })
        }
        Rule::set_clause => Clause::Set(Set { items: set_items(inner, depth)?, span: place }),
        Rule::remove_clause => {
            let targets = inner.into_inner().filter(|p| p.as_rule() == Rule::set_target);
            let items = targets.map(|p| remove_item(p, depth)).collect::<Built<Vec<_>>>()?;
            Clause::Remove(Remove { items, span: place })
        }
        Rule::call_clause => Clause::Call(call(inner, depth, place)?),
        Rule::wrong_clause => return Err(report::wrong_clause(&inner)),
        _ => return Err(unexpected(&inner)),
    })
}

/// The expression of a `WHERE`.
pub(super) fn filter(pair: Pair<'_>, depth: usize) -> Built<Expr> {
    match pair.clone().into_inner().find(|p| p.as_rule() == Rule::expression) {
        Some(inner) => expression::expression(inner, depth),
        None => Err(unexpected(&pair)),
    }
}

/// The path patterns among the children of a pair.
pub(super) fn patterns(pair: Pair<'_>, depth: usize) -> Built<Vec<super::super::ast::PathPattern>> {
    pair.into_inner().filter(|p| p.as_rule() == Rule::path_pattern).map(|p| path::path_pattern(p, depth)).collect()
}

fn match_clause(pair: Pair<'_>, depth: usize) -> Built<Match> {
    let mut out = Match { optional: false, patterns: Vec::new(), filter: None, span: span(&pair) };
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::OPTIONAL => out.optional = true,
            Rule::path_pattern => out.patterns.push(path::path_pattern(part, depth)?),
            Rule::where_part => out.filter = Some(filter(part, depth)?),
            _ => {}
        }
    }
    Ok(out)
}

fn projection_clause(pair: Pair<'_>, depth: usize) -> Built<(Projection, Option<Expr>)> {
    let place = span(&pair);
    let whole = pair.clone();
    let (mut projected, mut condition) = (None, None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::projection => projected = Some(projection(part, depth)?),
            Rule::where_part => condition = Some(filter(part, depth)?),
            _ => {}
        }
    }
    match projected {
        Some(projection) => Ok((Projection { span: place, ..projection }, condition)),
        None => Err(unexpected(&whole)),
    }
}

fn projection(pair: Pair<'_>, depth: usize) -> Built<Projection> {
    let mut out = Projection {
        distinct: false,
        star: None,
        items: Vec::new(),
        order: Vec::new(),
        skip: None,
        limit: None,
        span: span(&pair),
    };
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::DISTINCT => out.distinct = true,
            Rule::STAR => out.star = Some(span(&part)),
            Rule::projection_item => out.items.push(projection_item(part, depth)?),
            Rule::order_by => {
                for item in part.into_inner().filter(|p| p.as_rule() == Rule::sort_item) {
                    let descending = item.clone().into_inner().any(|p| p.as_rule() == Rule::DESCENDING);
                    out.order.push(SortItem { expr: filter(item, depth)?, descending });
                }
            }
            Rule::skip => out.skip = Some(filter(part, depth)?),
            Rule::limit => out.limit = Some(filter(part, depth)?),
            _ => {}
        }
    }
    Ok(out)
}

fn projection_item(pair: Pair<'_>, depth: usize) -> Built<ProjectionItem> {
    let whole = pair.clone();
    let (mut expr, mut text, mut alias) = (None, "", None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::expression => {
                let start = part.as_span().start();
                text = part.as_str().get(..super::end(&part) - start).unwrap_or_default();
                expr = Some(expression::expression(part, depth)?);
            }
            Rule::variable => alias = Some(literal::name(&part)?),
            _ => {}
        }
    }
    match expr {
        Some(expr) => Ok(ProjectionItem { expr, alias, text: text.into() }),
        None => Err(unexpected(&whole)),
    }
}

fn merge(pair: Pair<'_>, depth: usize, place: Span) -> Built<Merge> {
    let whole = pair.clone();
    let (mut pattern, mut on_create, mut on_match) = (None, Vec::new(), Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::path_pattern => pattern = Some(path::path_pattern(part, depth)?),
            Rule::merge_action => {
                let creating = part.clone().into_inner().any(|p| p.as_rule() == Rule::CREATE);
                let items = set_items(part, depth)?;
                if creating { on_create.extend(items) } else { on_match.extend(items) }
            }
            _ => {}
        }
    }
    match pattern {
        Some(pattern) => Ok(Merge { pattern, on_create, on_match, span: place }),
        None => Err(unexpected(&whole)),
    }
}

fn set_items(pair: Pair<'_>, depth: usize) -> Built<Vec<SetItem>> {
    pair.into_inner().filter(|p| p.as_rule() == Rule::set_item).map(|p| set_item(p, depth)).collect()
}

/// `n.key = value`, `n = map`, `n += map` or `n:Label`: the grammar reads all alike, what was read decides.
fn set_item(pair: Pair<'_>, depth: usize) -> Built<SetItem> {
    let place = span(&pair);
    let (mut target, mut value, mut extend) = (None, None, false);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::set_target => target = Some(expression::target(part, depth)?),
            Rule::PLUS_EQUAL => extend = true,
            Rule::expression => value = Some(expression::expression(part, depth)?),
            _ => {}
        }
    }
    let wrong = || {
        let message = "SET takes a property, a variable or a label";
        QueryError::syntax(Detail::UnexpectedSyntax, message, place)
            .help("write `n.key = value`, `n = {…}`, `n += {…}` or `n:Label`")
    };
    match (target.map(|t| t.kind), value) {
        (Some(ExprKind::Property(target, key)), Some(value)) if !extend => {
            Ok(SetItem::Property { target: *target, key, value })
        }
        (Some(ExprKind::Variable(target)), Some(value)) if extend => Ok(SetItem::Extend { target, value }),
        (Some(ExprKind::Variable(target)), Some(value)) => Ok(SetItem::Replace { target, value }),
        (Some(ExprKind::HasLabels(target, labels)), None) => {
            Ok(SetItem::Labels { target: variable(*target).ok_or_else(wrong)?, labels: path::plain_labels(&labels)? })
        }
        _ => Err(wrong()),
    }
}

fn remove_item(pair: Pair<'_>, depth: usize) -> Built<RemoveItem> {
    let target = expression::target(pair, depth)?;
    let wrong = QueryError::syntax(Detail::UnexpectedSyntax, "REMOVE takes a property or a label", target.span)
        .help("write `n.key` or `n:Label`");
    match target.kind {
        ExprKind::Property(target, key) => Ok(RemoveItem::Property { target: *target, key }),
        ExprKind::HasLabels(target, labels) => {
            Ok(RemoveItem::Labels { target: variable(*target).ok_or(wrong)?, labels: path::plain_labels(&labels)? })
        }
        _ => Err(wrong),
    }
}

fn variable(expr: Expr) -> Option<Name> {
    match expr.kind {
        ExprKind::Variable(name) => Some(name),
        _ => None,
    }
}

fn call(pair: Pair<'_>, depth: usize, place: Span) -> Built<Call> {
    let whole = pair.clone();
    let (mut procedure, mut arguments, mut yields, mut condition) = (None, None, Vec::new(), None);
    let mut yield_all = None;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::wrong_subquery => {
                let message = "CALL with a subquery is not part of this language";
                return Err(QueryError::compile(ErrorType::SyntaxError, Detail::NotSupported, message)
                    .at(Span { end: place.start + 4, ..place })
                    .help("use EXISTS {…}, COUNT {…} or COLLECT {…} in an expression, or MATCH and WITH"));
            }
            Rule::dotted_name => procedure = Some(literal::dotted(&part)?),
            Rule::call_arguments => arguments = Some(expression::list(part, depth)?),
            Rule::yields => {
                for item in part.into_inner() {
                    match item.as_rule() {
                        Rule::STAR => yield_all = Some(span(&item)),
                        Rule::yield_item => {
                            let mut names = item.into_inner().filter(|p| p.as_rule() == Rule::variable);
                            let field = names.next().map(|p| literal::name(&p)).transpose()?;
                            let alias = names.next().map(|p| literal::name(&p)).transpose()?;
                            yields.extend(field.map(|field| (field, alias)));
                        }
                        Rule::where_part => condition = Some(filter(item, depth)?),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    match procedure {
        Some(procedure) => Ok(Call { procedure, arguments, yield_all, yields, filter: condition, span: place }),
        None => Err(unexpected(&whole)),
    }
}
