//! Expressions: the grammar gives a flat row of operands and operators, this file its precedence.
//!
//! From loose to tight: `OR`, `XOR`, `AND`, `NOT`, comparisons (chained), the predicates on strings, lists and null,
//! `+ -`, `* / %`, `^` (to the left), signs, access. `AND`, `OR`, `XOR` and comparisons become flat nodes.

use super::super::ast::{
    BinaryOp, CompareOp, Expr, ExprKind, LogicalOp, MapItem, QuantifiedKind, Span, Subquery, UnaryOp,
};
use super::super::error::{Detail, QueryError};
use super::{Built, Pair, Rule, build, literal, path, report, span, unexpected};

/// An operator between two operands.
#[derive(Clone, Copy, PartialEq)]
enum Operator {
    Logical(LogicalOp),
    Compare(CompareOp),
    Binary(BinaryOp),
}

/// An item of the flat row.
enum Item {
    Prefix(UnaryOp, Span),
    Operand(Expr),
    Infix(Operator),
    IsNull(bool, Span),
}

const NOT: u8 = 4;
const COMPARE: u8 = 5;
const PREDICATE: u8 = 6;
const SIGN: u8 = 10;

impl Operator {
    /// How tightly it binds.
    fn power(self) -> u8 {
        match self {
            Operator::Logical(LogicalOp::Or) => 1,
            Operator::Logical(LogicalOp::Xor) => 2,
            Operator::Logical(LogicalOp::And) => 3,
            Operator::Compare(_) => COMPARE,
            Operator::Binary(op) => match op {
                BinaryOp::Add | BinaryOp::Subtract => 7,
                BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => 8,
                BinaryOp::Power => 9,
                _ => PREDICATE,
            },
        }
    }
}

/// An expression.
pub(super) fn expression(pair: Pair<'_>, depth: usize) -> Built<Expr> {
    let place = span(&pair);
    // The commonest expression is one operand without any operator: no row is needed for it.
    let children = pair.into_inner();
    if let (1, Some(operand)) = (children.len(), children.peek()) {
        let mut parts = operand.into_inner();
        if let (1, Some(only)) = (parts.len(), parts.next()) {
            return primary(only, false, depth);
        }
    }
    let depth = build::deeper(depth, levels(children.clone()), place)?;
    let mut items = Vec::new();
    for part in children {
        match part.as_rule() {
            Rule::operand => operand(part, &mut items, depth)?,
            Rule::operator => items.push(Item::Infix(operator(&part)?)),
            _ => return Err(unexpected(&part)),
        }
    }
    let mut row = items.into_iter().peekable();
    climb(&mut row, 0, place)
}

/// An upper bound on the depth of the tree that a row becomes: flat nodes count once, left-deep chains by their length.
fn levels(row: pest::iterators::Pairs<'_, Rule>) -> usize {
    let (mut longest, mut run, mut flat) = (0, 0, [false; 4]);
    for part in row {
        if part.as_rule() == Rule::operand {
            let inner = part.into_inner();
            let around = inner.filter(|p| matches!(p.as_rule(), Rule::prefix | Rule::null_test)).count();
            longest = longest.max(run + around);
            continue;
        }
        let kind = match part.into_inner().next().map(|p| p.as_rule()) {
            Some(Rule::OR) => 0,
            Some(Rule::XOR) => 1,
            Some(Rule::AND) => 2,
            Some(
                Rule::EQUAL | Rule::NOT_EQUAL | Rule::LESS | Rule::LESS_EQUAL | Rule::GREATER | Rule::GREATER_EQUAL,
            ) => 3,
            _ => {
                run += 1;
                continue;
            }
        };
        flat[kind] = true;
        run = 0;
    }
    longest.max(run) + flat.iter().filter(|f| **f).count()
}

/// The operand's prefixes, itself and its tests for null, onto the row.
fn operand(pair: Pair<'_>, items: &mut Vec<Item>, depth: usize) -> Built<()> {
    let mut parts = pair.into_inner().peekable();
    let mut prefixes = Vec::new();
    while let Some(part) = parts.next_if(|p| p.as_rule() == Rule::prefix) {
        let op = match part.clone().into_inner().next().map(|p| p.as_rule()) {
            Some(Rule::NOT) => UnaryOp::Not,
            Some(Rule::MINUS) => UnaryOp::Minus,
            _ => UnaryOp::Plus,
        };
        prefixes.push((op, span(&part)));
    }
    let Some(first) = parts.next() else { return Ok(()) };
    // The smallest integer has no positive counterpart: a sign directly before a number belongs to it.
    let accessed = parts.peek().is_some_and(|p| p.as_rule() != Rule::null_test);
    let negative = first.as_rule() == Rule::number && !accessed && matches!(prefixes.last(), Some((UnaryOp::Minus, _)));
    let sign = if negative { prefixes.pop() } else { None };
    let accesses = parts.clone().filter(|p| p.as_rule() != Rule::null_test).count();
    let depth = build::deeper(depth, accesses, span(&first))?;
    let mut expr = primary(first, negative, depth)?;
    if let Some((_, sign)) = sign {
        expr.span = sign.to(expr.span);
    }
    items.extend(prefixes.into_iter().map(|(op, place)| Item::Prefix(op, place)));
    let mut nulls = Vec::new();
    for part in parts {
        if part.as_rule() == Rule::null_test {
            if let Some(wrong) = part.clone().into_inner().find(|p| p.as_rule() == Rule::wrong_test) {
                return Err(report::wrong_operator(&wrong));
            }
            let negated = part.clone().into_inner().any(|p| p.as_rule() == Rule::NOT);
            nulls.push(Item::IsNull(negated, span(&part)));
        } else {
            expr = access(expr, part, depth)?;
        }
    }
    items.push(Item::Operand(expr));
    items.extend(nulls);
    Ok(())
}

/// The target of `SET` and `REMOVE`: an operand with what is accessed of it.
pub(super) fn target(pair: Pair<'_>, depth: usize) -> Built<Expr> {
    let place = span(&pair);
    let mut items = Vec::new();
    operand(pair, &mut items, depth)?;
    match items.pop() {
        Some(Item::Operand(expr)) => Ok(expr),
        _ => Err(QueryError::syntax(Detail::UnexpectedSyntax, "expected a property, a variable or a label", place)),
    }
}

type Row = std::iter::Peekable<std::vec::IntoIter<Item>>;

/// Precedence climbing. Recursion is one call per level of precedence and per prefix, both bounded before.
fn climb(row: &mut Row, least: u8, place: Span) -> Built<Expr> {
    let missing = || QueryError::syntax(Detail::UnexpectedSyntax, "an operand is missing", place);
    let mut left = match row.next().ok_or_else(missing)? {
        Item::Operand(expr) => expr,
        Item::Prefix(op, at) => {
            let inner = climb(row, if op == UnaryOp::Not { NOT } else { SIGN }, place)?;
            let span = at.to(inner.span);
            Expr::new(ExprKind::Unary(op, Box::new(inner)), span)
        }
        Item::Infix(_) | Item::IsNull(..) => return Err(missing()),
    };
    loop {
        match row.peek() {
            Some(Item::IsNull(negated, at)) if PREDICATE >= least => {
                let (negated, span) = (*negated, left.span.to(*at));
                row.next();
                left = Expr::new(ExprKind::IsNull { expr: Box::new(left), negated }, span);
            }
            Some(Item::Infix(operator)) if operator.power() >= least => {
                let operator = *operator;
                left = match operator {
                    Operator::Binary(op) => {
                        row.next();
                        let right = climb(row, operator.power() + 1, place)?;
                        let span = left.span.to(right.span);
                        Expr::new(ExprKind::Binary(op, Box::new(left), Box::new(right)), span)
                    }
                    Operator::Logical(op) => {
                        let mut operands = vec![left];
                        while row.next_if(|item| matches!(item, Item::Infix(o) if *o == operator)).is_some() {
                            operands.push(climb(row, operator.power() + 1, place)?);
                        }
                        let span = ends(&operands);
                        Expr::new(ExprKind::Logical(op, operands), span)
                    }
                    Operator::Compare(_) => {
                        let mut rest = Vec::new();
                        while let Some(Item::Infix(Operator::Compare(op))) = row.peek() {
                            let op = *op;
                            row.next();
                            rest.push((op, climb(row, COMPARE + 1, place)?));
                        }
                        let span = rest.last().map_or(left.span, |(_, last)| left.span.to(last.span));
                        Expr::new(ExprKind::Comparison { first: Box::new(left), rest }, span)
                    }
                };
            }
            _ => return Ok(left),
        }
    }
}

fn ends(exprs: &[Expr]) -> Span {
    match (exprs.first(), exprs.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => Span::default(),
    }
}

fn operator(pair: &Pair<'_>) -> Built<Operator> {
    use Operator::{Binary, Compare, Logical};
    let Some(sign) = pair.clone().into_inner().next() else { return Err(unexpected(pair)) };
    Ok(match sign.as_rule() {
        Rule::OR => Logical(LogicalOp::Or),
        Rule::XOR => Logical(LogicalOp::Xor),
        Rule::AND => Logical(LogicalOp::And),
        Rule::EQUAL => Compare(CompareOp::Equal),
        Rule::NOT_EQUAL => Compare(CompareOp::NotEqual),
        Rule::LESS => Compare(CompareOp::Less),
        Rule::LESS_EQUAL => Compare(CompareOp::LessOrEqual),
        Rule::GREATER => Compare(CompareOp::Greater),
        Rule::GREATER_EQUAL => Compare(CompareOp::GreaterOrEqual),
        Rule::IN => Binary(BinaryOp::In),
        Rule::STARTS => Binary(BinaryOp::StartsWith),
        Rule::ENDS => Binary(BinaryOp::EndsWith),
        Rule::CONTAINS => Binary(BinaryOp::Contains),
        Rule::MATCHES => Binary(BinaryOp::Matches),
        Rule::TILDE => Binary(BinaryOp::SameName),
        Rule::PLUS => Binary(BinaryOp::Add),
        Rule::MINUS => Binary(BinaryOp::Subtract),
        Rule::STAR => Binary(BinaryOp::Multiply),
        Rule::SLASH => Binary(BinaryOp::Divide),
        Rule::PERCENT => Binary(BinaryOp::Modulo),
        Rule::CARET => Binary(BinaryOp::Power),
        Rule::wrong_operator => return Err(report::wrong_operator(&sign)),
        _ => return Err(unexpected(&sign)),
    })
}

/// What is accessed of an operand: a property, an element, a slice, a label.
fn access(of: Expr, pair: Pair<'_>, depth: usize) -> Built<Expr> {
    let place = of.span.to(span(&pair));
    let kind = match pair.as_rule() {
        Rule::property => match pair.clone().into_inner().find(|p| p.as_rule() == Rule::name) {
            Some(key) => ExprKind::Property(Box::new(of), literal::name(&key)?),
            None => return Err(unexpected(&pair)),
        },
        Rule::subscript => {
            let (mut from, mut to, mut dots) = (None, None, false);
            for part in pair.clone().into_inner() {
                match part.as_rule() {
                    Rule::DOTS => dots = true,
                    Rule::expression if dots => to = Some(Box::new(expression(part, depth)?)),
                    Rule::expression => from = Some(Box::new(expression(part, depth)?)),
                    _ => {}
                }
            }
            match (from, dots) {
                (Some(index), false) => ExprKind::Index(Box::new(of), index),
                (from, true) => ExprKind::Slice { list: Box::new(of), from, to },
                (None, false) => {
                    let message = "the brackets are empty: which element?";
                    return Err(QueryError::syntax(Detail::UnexpectedSyntax, message, span(&pair))
                        .help("write `[0]` for the first, `[-1]` for the last, `[1..3]` for a slice"));
                }
            }
        }
        Rule::label_test => ExprKind::HasLabels(Box::new(of), path::labels(pair)?),
        _ => return Err(unexpected(&pair)),
    };
    Ok(Expr::new(kind, place))
}

/// The expressions among the children of a pair.
pub(super) fn list(pair: Pair<'_>, depth: usize) -> Built<Vec<Expr>> {
    pair.into_inner().filter(|p| p.as_rule() == Rule::expression).map(|p| expression(p, depth)).collect()
}

/// An operand without prefixes and access; `negative` is for a number whose sign stands before it.
pub(super) fn primary(pair: Pair<'_>, negative: bool, depth: usize) -> Built<Expr> {
    let place = span(&pair);
    let rule = pair.as_rule();
    let depth = match rule {
        Rule::number | Rule::string | Rule::variable | Rule::parameter | Rule::literal_word => depth,
        // Parentheses leave no node behind.
        Rule::parenthesised => depth,
        _ => build::deeper(depth, 1, place)?,
    };
    let kind = match rule {
        Rule::number => literal::number(pair.as_str(), negative, place)?,
        Rule::string => ExprKind::String(literal::string(&pair)?),
        Rule::variable => ExprKind::Variable(literal::name(&pair)?),
        Rule::parameter => ExprKind::Parameter(literal::name(&pair)?),
        Rule::literal_word => match pair.into_inner().next().map(|p| p.as_rule()) {
            Some(Rule::TRUE) => ExprKind::Bool(true),
            Some(Rule::FALSE) => ExprKind::Bool(false),
            _ => ExprKind::Null,
        },
        Rule::parenthesised => return build::filter(pair, depth),
        Rule::list => ExprKind::List(list(pair, depth)?),
        Rule::map => ExprKind::Map(map(pair, depth)?),
        Rule::map_projection => map_projection(pair, depth)?,
        Rule::case => case(pair, depth)?,
        Rule::list_comprehension => list_comprehension(pair, depth)?,
        Rule::bracket_pattern => bracket_pattern(pair, depth)?,
        Rule::pattern_predicate => match pair.clone().into_inner().next() {
            Some(chain) => ExprKind::PatternPredicate(Box::new(path::chain(chain, depth)?)),
            None => return Err(unexpected(&pair)),
        },
        Rule::subquery => subquery(pair, depth)?,
        Rule::call => match pair.clone().into_inner().next() {
            Some(inner) => call(inner, depth)?,
            None => return Err(unexpected(&pair)),
        },
        _ => return Err(unexpected(&pair)),
    };
    Ok(Expr::new(kind, place))
}

fn map(pair: Pair<'_>, depth: usize) -> Built<Vec<(super::super::ast::Name, Expr)>> {
    let entries = pair.into_inner().filter(|p| p.as_rule() == Rule::map_entry);
    entries.map(|entry| keyed(entry, depth)).collect()
}

/// The name and the expression of a map entry.
fn keyed(pair: Pair<'_>, depth: usize) -> Built<(super::super::ast::Name, Expr)> {
    let key = pair.clone().into_inner().find(|p| p.as_rule() == Rule::name);
    match key {
        Some(key) => Ok((literal::name(&key)?, build::filter(pair, depth)?)),
        None => Err(unexpected(&pair)),
    }
}

fn map_projection(pair: Pair<'_>, depth: usize) -> Built<ExprKind> {
    let whole = pair.clone();
    let (mut subject, mut items) = (None, Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::variable => subject = Some(literal::name(&part)?),
            Rule::map_item => {
                let inner = part.clone().into_inner().collect::<Vec<_>>();
                items.push(match inner.as_slice() {
                    [dot, star] if star.as_rule() == Rule::STAR => MapItem::All(span(dot).to(span(star))),
                    [_, key] => MapItem::Property(literal::name(key)?),
                    [only] => MapItem::Variable(literal::name(only)?),
                    _ => {
                        let (key, value) = keyed(part, depth)?;
                        MapItem::Entry(key, value)
                    }
                });
            }
            _ => {}
        }
    }
    match subject {
        Some(subject) => Ok(ExprKind::MapProjection { subject, items }),
        None => Err(unexpected(&whole)),
    }
}

fn case(pair: Pair<'_>, depth: usize) -> Built<ExprKind> {
    let (mut subject, mut branches, mut otherwise) = (None, Vec::new(), None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::expression => subject = Some(Box::new(expression(part, depth)?)),
            Rule::when => {
                let whole = part.clone();
                let mut both = list(part, depth)?.into_iter();
                match (both.next(), both.next()) {
                    (Some(when), Some(then)) => branches.push((when, then)),
                    _ => return Err(unexpected(&whole)),
                }
            }
            Rule::otherwise => otherwise = Some(Box::new(build::filter(part, depth)?)),
            _ => {}
        }
    }
    Ok(ExprKind::Case { subject, branches, otherwise })
}

/// The parts of everything that binds variables over lists, in the order of the text.
#[derive(Default)]
struct Binding {
    variables: Vec<super::super::ast::Name>,
    expressions: Vec<Expr>,
    filter: Option<Box<Expr>>,
    bar: bool,
    chain: Option<super::super::ast::PathPattern>,
    mapped: Option<Box<Expr>>,
}

fn binding(pair: Pair<'_>, depth: usize) -> Built<Binding> {
    let mut out = Binding::default();
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::variable => out.variables.push(literal::name(&part)?),
            Rule::where_part => out.filter = Some(Box::new(build::filter(part, depth)?)),
            Rule::BAR => out.bar = true,
            Rule::chain => out.chain = Some(path::chain(part, depth)?),
            Rule::expression if out.bar && out.mapped.is_none() => {
                out.mapped = Some(Box::new(expression(part, depth)?));
            }
            Rule::expression => out.expressions.push(expression(part, depth)?),
            _ => {}
        }
    }
    Ok(out)
}

fn list_comprehension(pair: Pair<'_>, depth: usize) -> Built<ExprKind> {
    let whole = pair.clone();
    let mut parts = binding(pair, depth)?;
    match (parts.variables.pop(), parts.expressions.pop()) {
        (Some(variable), Some(list)) => {
            Ok(ExprKind::ListComprehension { variable, list: Box::new(list), filter: parts.filter, map: parts.mapped })
        }
        _ => Err(unexpected(&whole)),
    }
}

/// `[(a)-->(b) | b]`; without the bar it is a list whose first element is a condition.
fn bracket_pattern(pair: Pair<'_>, depth: usize) -> Built<ExprKind> {
    let place = span(&pair);
    let whole = pair.clone();
    let mut parts = binding(pair, depth)?;
    let variable = parts.variables.pop();
    let Some(mut pattern) = parts.chain else { return Err(unexpected(&whole)) };
    match parts.mapped {
        Some(map) if parts.expressions.is_empty() => {
            pattern.variable = variable;
            Ok(ExprKind::PatternComprehension { pattern: Box::new(pattern), filter: parts.filter, map })
        }
        None if parts.filter.is_none() && variable.is_none() => {
            let at = pattern.span;
            let first = Expr::new(ExprKind::PatternPredicate(Box::new(pattern)), at);
            Ok(ExprKind::List(std::iter::once(first).chain(parts.expressions).collect()))
        }
        _ => {
            let message = "a pattern in brackets says after a bar what to collect";
            Err(QueryError::syntax(Detail::UnexpectedSyntax, message, place).help("write `[(a)-->(b) | b.name]`"))
        }
    }
}

fn subquery(pair: Pair<'_>, depth: usize) -> Built<ExprKind> {
    let place = span(&pair);
    let mut kind = Rule::EXISTS;
    let mut body = None;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::EXISTS | Rule::COUNT | Rule::COLLECT => kind = part.as_rule(),
            Rule::query => body = Some(Subquery::Query(build::query(part, depth)?)),
            Rule::subquery_pattern => {
                let where_part = part.clone().into_inner().find(|p| p.as_rule() == Rule::where_part);
                let filter = where_part.map(|p| build::filter(p, depth)).transpose()?;
                body = Some(Subquery::Pattern { patterns: build::patterns(part, depth)?, filter });
            }
            _ => {}
        }
    }
    match (kind, body.map(simplified)) {
        (Rule::EXISTS, Some(body)) => Ok(ExprKind::Exists(Box::new(body))),
        (Rule::COUNT, Some(body)) => Ok(ExprKind::Count(Box::new(body))),
        (Rule::COLLECT, Some(Subquery::Query(query))) => Ok(ExprKind::Collect(Box::new(query))),
        _ => Err(QueryError::syntax(Detail::UnexpectedSyntax, "COLLECT takes a query that returns one column", place)
            .help("write `COLLECT { MATCH … RETURN x }`")),
    }
}

/// `MATCH … WHERE …` alone is the same as the pattern alone.
fn simplified(body: Subquery) -> Subquery {
    use super::super::ast::{Clause, Match};
    match body {
        Subquery::Query(mut query) => match query.parts.as_mut_slice() {
            [single] if matches!(single.clauses.as_slice(), [Clause::Match(Match { optional: false, .. })]) => {
                match single.clauses.pop() {
                    Some(Clause::Match(Match { patterns, filter, .. })) => Subquery::Pattern { patterns, filter },
                    _ => Subquery::Query(query),
                }
            }
            _ => Subquery::Query(query),
        },
        pattern => pattern,
    }
}

fn call(pair: Pair<'_>, depth: usize) -> Built<ExprKind> {
    let place = span(&pair);
    let whole = pair.clone();
    match pair.as_rule() {
        Rule::count_star => Ok(ExprKind::CountStar),
        Rule::shortest => Ok(ExprKind::ShortestPath(Box::new(path::shortest(pair, depth)?))),
        Rule::function => {
            let distinct = pair.clone().into_inner().any(|p| p.as_rule() == Rule::DISTINCT);
            match pair.clone().into_inner().find(|p| p.as_rule() == Rule::dotted_name) {
                Some(name) => {
                    Ok(ExprKind::Function { name: literal::dotted(&name)?, distinct, arguments: list(pair, depth)? })
                }
                None => Err(unexpected(&whole)),
            }
        }
        Rule::quantified => {
            let kind = match pair.clone().into_inner().next().map(|p| p.as_rule()) {
                Some(Rule::ALL) => QuantifiedKind::All,
                Some(Rule::ANY_) => QuantifiedKind::Any,
                Some(Rule::NONE) => QuantifiedKind::None,
                _ => QuantifiedKind::Single,
            };
            let mut parts = binding(pair, depth)?;
            match (parts.variables.pop(), parts.expressions.pop(), parts.filter) {
                (Some(variable), Some(list), Some(filter)) => {
                    Ok(ExprKind::Quantified { kind, variable, list: Box::new(list), filter })
                }
                _ => Err(QueryError::syntax(Detail::UnexpectedSyntax, "the condition after WHERE is missing", place)
                    .help("write `all(x IN list WHERE x > 0)`")),
            }
        }
        Rule::reduce => {
            let parts = binding(pair, depth)?;
            let mut variables = parts.variables.into_iter();
            let mut expressions = parts.expressions.into_iter();
            match (variables.next(), variables.next(), expressions.next(), expressions.next(), parts.mapped) {
                (Some(accumulator), Some(variable), Some(start), Some(list), Some(step)) => {
                    Ok(ExprKind::Reduce { accumulator, start: Box::new(start), variable, list: Box::new(list), step })
                }
                _ => Err(unexpected(&whole)),
            }
        }
        _ => Err(unexpected(&pair)),
    }
}
