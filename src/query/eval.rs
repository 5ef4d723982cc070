//! Evaluation of compiled expressions over a row.
//!
//! A row is an array of slots; an expression that binds a variable of its own (a comprehension, a quantifier) writes
//! it into a slot that the planner kept for it, which is why rows are passed mutably.

use std::cmp::Ordering;
use std::sync::Arc;

use super::ast::{BinaryOp, CompareOp, LogicalOp, PathMode, QuantifiedKind};
use super::context::Context;
use super::error::{Detail, ErrorType, QueryError};
use super::expr::{Expr, Key, LabelTest, Projected, Slot};
use super::functions::{self, Fail, MOST_ARGUMENTS};
use super::store;
use super::temporal::Duration;
use super::value::{Map, Path, Value, and3, or3, xor3};
use crate::graph::{EdgeId, NodeId};

/// The slots of a row.
pub(crate) type Row = [Value];

type Result<T> = std::result::Result<T, Fail>;

fn fail<T>(kind: ErrorType, detail: Detail, message: impl Into<String>) -> Result<T> {
    Err(Box::new(QueryError::runtime(kind, detail, message)))
}

fn wrong_type<T>(message: impl Into<String>) -> Result<T> {
    fail(ErrorType::TypeError, Detail::InvalidArgumentType, message)
}

impl Expr {
    /// The value of the expression.
    pub(crate) fn eval(&self, row: &mut Row, cx: &Context<'_>) -> Result<Value> {
        match self {
            Expr::Const(v) => Ok(v.clone()),
            Expr::Slot(s) => Ok(row[*s].clone()),
            Expr::Property(of, key) => match &**of {
                // The common case without a copy of what has the property.
                Expr::Slot(s) => property(&row[*s], key, cx),
                other => property(&other.eval(row, cx)?, key, cx),
            },
            Expr::Compare(op, a, b) => {
                let a = a.eval(row, cx)?;
                let b = b.eval(row, cx)?;
                Ok(Value::truth(compare(*op, &a, &b)))
            }
            Expr::At(span, inner) => inner.eval(row, cx).map_err(|mut e| {
                e.span.get_or_insert(*span);
                e
            }),
            Expr::Not(a) => Ok(Value::truth(truth(&a.eval(row, cx)?)?.map(|b| !b))),
            Expr::Logical(op, items) => logical(*op, items, row, cx),
            Expr::IsNull(a, negated) => Ok(Value::Bool(a.eval(row, cx)?.is_null() != *negated)),
            Expr::Call(function, arguments) => call(*function, arguments, row, cx),
            Expr::Labels(of, labels, types) => labels_test(&of.eval(row, cx)?, labels, types, cx),
            Expr::Binary(op, a, b) => {
                let a = a.eval(row, cx)?;
                let b = b.eval(row, cx)?;
                binary(*op, &a, &b, cx)
            }
            other => other.eval_rare(row, cx),
        }
    }

    /// Whether a condition holds; unknown counts as no.
    #[inline]
    pub(crate) fn holds(&self, row: &mut Row, cx: &Context<'_>) -> Result<bool> {
        Ok(truth(&self.eval(row, cx)?)? == Some(true))
    }

    fn eval_rare(&self, row: &mut Row, cx: &Context<'_>) -> Result<Value> {
        match self {
            Expr::Param(name) => match cx.params.get(&**name) {
                Some(v) => Ok(v.clone()),
                None => {
                    let message = format!("the parameter ${name} was not given");
                    fail(ErrorType::ParameterMissing, Detail::MissingParameter, message)
                }
            },
            Expr::List(items) => {
                let mut out = Vec::with_capacity(items.len());
                let mut count = 0;
                for item in items {
                    let v = item.eval(row, cx)?;
                    cx.gather(&mut count, &v)?;
                    out.push(v);
                }
                Ok(Value::list(out))
            }
            Expr::Map(entries) => {
                let mut out = Map::with_capacity(entries.len());
                let mut count = 0;
                for (k, e) in entries {
                    let v = e.eval(row, cx)?;
                    cx.gather(&mut count, &v)?;
                    out.insert(k.clone(), v);
                }
                Ok(Value::map(out))
            }
            Expr::MapProjection(subject, items) => {
                let subject = subject.eval(row, cx)?;
                map_projection(&subject, items, row, cx)
            }
            Expr::Index(of, at) => {
                let of = of.eval(row, cx)?;
                let at = at.eval(row, cx)?;
                index(&of, &at, cx)
            }
            Expr::Slice(of, from, to) => {
                let of = of.eval(row, cx)?;
                let bound = |e: &Option<Box<Expr>>, row: &mut Row| -> Result<Option<Value>> {
                    e.as_ref().map(|e| e.eval(row, cx)).transpose()
                };
                let (from, to) = (bound(from, row)?, bound(to, row)?);
                slice(&of, from, to)
            }
            Expr::Minus(a) => negate(&a.eval(row, cx)?),
            Expr::Plus(a) => match a.eval(row, cx)? {
                v @ (Value::Int(_) | Value::Float(_) | Value::Null | Value::Duration(_)) => Ok(v),
                other => wrong_type(format!("`+` before {}: it takes a number", other.type_name())),
            },
            Expr::Chain(first, rest) => {
                let mut left = first.eval(row, cx)?;
                let mut result = Some(true);
                for (op, right) in rest {
                    let right = right.eval(row, cx)?;
                    result = and3(result, compare(*op, &left, &right));
                    left = right;
                }
                Ok(Value::truth(result))
            }
            Expr::Case(subject, branches, otherwise) => {
                case(subject.as_deref(), branches, otherwise.as_deref(), row, cx)
            }
            Expr::Coalesce(items) => {
                for item in items {
                    let v = item.eval(row, cx)?;
                    if !v.is_null() {
                        return Ok(v);
                    }
                }
                Ok(Value::Null)
            }
            Expr::ListComprehension { slot, list, filter, map } => {
                comprehension(*slot, list, filter.as_deref(), map.as_deref(), row, cx)
            }
            Expr::Quantified { kind, slot, list, filter } => quantified(*kind, *slot, list, filter, row, cx),
            Expr::Reduce { accumulator, start, slot, list, step } => {
                row[*accumulator] = start.eval(row, cx)?;
                let Some(items) = as_list(list.eval(row, cx)?, "reduce()")? else { return Ok(Value::Null) };
                for item in items.iter() {
                    cx.tick()?;
                    row[*slot] = item.clone();
                    row[*accumulator] = step.eval(row, cx)?;
                }
                Ok(std::mem::take(&mut row[*accumulator]))
            }
            Expr::Exists(plan) => super::run::exists(plan, row, cx).map(Value::Bool),
            Expr::Count(plan) => super::run::count(plan, row, cx).map(|n| Value::Int(n as i64)),
            Expr::Collect(plan, value) => super::run::collect(plan, value, row, cx).map(Value::list),
            Expr::First(plan, value) => super::run::first(plan, value, row, cx),
            Expr::Path(start, parts) => {
                Ok(path(*start, parts, row, cx).map_or(Value::Null, |p| Value::Path(Arc::new(p))))
            }
            Expr::KeepsMode(mode, start, parts) => Ok(match path(*start, parts, row, cx) {
                Some(p) => Value::Bool(keeps_mode(*mode, &p)),
                None => Value::Null,
            }),
            Expr::HasProperties(of, wanted) => {
                let of = of.eval(row, cx)?;
                match wanted.eval(row, cx)? {
                    Value::Map(m) => {
                        let mut result = Some(true);
                        for (k, v) in m.iter() {
                            let key = Key { name: k.clone(), id: cx.graph.key_id(k) };
                            result = and3(result, property(&of, &key, cx)?.equals(v));
                        }
                        Ok(Value::truth(result))
                    }
                    Value::Null => Ok(Value::Null),
                    other => wrong_type(format!("the properties of a pattern are a map, not {}", other.type_name())),
                }
            }
            // Handled by `eval`.
            _ => Ok(Value::Null),
        }
    }
}

/// A value as a truth value.
pub(crate) fn truth(v: &Value) -> Result<Option<bool>> {
    match v {
        Value::Bool(b) => Ok(Some(*b)),
        Value::Null => Ok(None),
        other => wrong_type(format!("a condition is true or false, not {}", other.type_name())),
    }
}

fn logical(op: LogicalOp, items: &[Expr], row: &mut Row, cx: &Context<'_>) -> Result<Value> {
    let mut items = items.iter();
    let Some(first) = items.next() else { return Ok(Value::Null) };
    let mut result = truth(&first.eval(row, cx)?)?;
    for item in items {
        // What is decided already needs no more evaluation.
        match (op, result) {
            (LogicalOp::And, Some(false)) | (LogicalOp::Or, Some(true)) => break,
            _ => {}
        }
        let next = truth(&item.eval(row, cx)?)?;
        result = match op {
            LogicalOp::And => and3(result, next),
            LogicalOp::Or => or3(result, next),
            LogicalOp::Xor => xor3(result, next),
        };
    }
    Ok(Value::truth(result))
}

fn call(function: functions::Function, arguments: &[Expr], row: &mut Row, cx: &Context<'_>) -> Result<Value> {
    let mut values: [Value; MOST_ARGUMENTS] = Default::default();
    let n = arguments.len().min(MOST_ARGUMENTS);
    for (value, argument) in values.iter_mut().zip(arguments) {
        *value = argument.eval(row, cx)?;
    }
    functions::call(function, &values[..n], cx)
}

/// How two values compare.
pub(crate) fn compare(op: CompareOp, a: &Value, b: &Value) -> Option<bool> {
    match op {
        CompareOp::Equal => a.equals(b),
        CompareOp::NotEqual => a.equals(b).map(|e| !e),
        CompareOp::Less => a.compares(b, Ordering::is_lt),
        CompareOp::LessOrEqual => a.compares(b, Ordering::is_le),
        CompareOp::Greater => a.compares(b, Ordering::is_gt),
        CompareOp::GreaterOrEqual => a.compares(b, Ordering::is_ge),
    }
}

/// The property, entry or part of the given name.
pub(crate) fn property(of: &Value, key: &Key, cx: &Context<'_>) -> Result<Value> {
    match of {
        Value::Node(n) => store::node_property(*n, key, cx),
        Value::Edge(e) => store::edge_property(*e, key, cx),
        Value::Map(m) => Ok(m.get(&key.name).cloned().unwrap_or_default()),
        Value::Null => Ok(Value::Null),
        Value::Date(d) => Ok(d.part(&key.name).map_or(Value::Null, Value::Int)),
        Value::Duration(d) => Ok(d.part(&key.name).map_or(Value::Null, Value::Int)),
        other => wrong_type(format!("{} has no properties; `.{}` was asked of it", other.type_name(), key.name)),
    }
}

fn index(of: &Value, at: &Value, cx: &Context<'_>) -> Result<Value> {
    match (of, at) {
        (Value::Null, _) => Ok(Value::Null),
        (Value::List(_), Value::Null) | (Value::Map(_) | Value::Node(_) | Value::Edge(_), Value::Null) => {
            Ok(Value::Null)
        }
        (Value::List(items), Value::Int(i)) => {
            let length = items.len() as i64;
            let i = if *i < 0 { i.saturating_add(length) } else { *i };
            Ok(usize::try_from(i).ok().and_then(|i| items.get(i)).cloned().unwrap_or_default())
        }
        (Value::List(_), other) => fail(
            ErrorType::TypeError,
            Detail::ListElementAccessByNonInteger,
            format!("a list is indexed by a whole number, not {}", other.type_name()),
        ),
        (Value::Map(_) | Value::Node(_) | Value::Edge(_), Value::String(name)) => {
            property(of, &Key { name: name.clone(), id: cx.graph.key_id(name) }, cx)
        }
        (Value::Map(_) | Value::Node(_) | Value::Edge(_), other) => fail(
            ErrorType::TypeError,
            Detail::MapElementAccessByNonString,
            format!("a map is indexed by a string, not {}", other.type_name()),
        ),
        (other, _) => wrong_type(format!("{} has no elements", other.type_name())),
    }
}

fn slice(of: &Value, from: Option<Value>, to: Option<Value>) -> Result<Value> {
    let items = match of {
        Value::Null => return Ok(Value::Null),
        Value::List(items) => items,
        other => return wrong_type(format!("a part is taken of a list, not of {}", other.type_name())),
    };
    let length = items.len() as i64;
    let bound = |v: Option<Value>, default: i64| -> Result<Option<i64>> {
        match v {
            None => Ok(Some(default)),
            Some(Value::Null) => Ok(None),
            Some(Value::Int(i)) => Ok(Some(if i < 0 { i.saturating_add(length) } else { i }.clamp(0, length))),
            Some(other) => wrong_type(format!("a part is bounded by whole numbers, not {}", other.type_name())),
        }
    };
    match (bound(from, 0)?, bound(to, length)?) {
        (Some(a), Some(b)) if a < b => Ok(Value::list(items[a as usize..b as usize].to_vec())),
        (Some(_), Some(_)) => Ok(Value::list(Vec::new())),
        _ => Ok(Value::Null),
    }
}

fn negate(v: &Value) -> Result<Value> {
    match v {
        Value::Int(i) => match i.checked_neg() {
            Some(i) => Ok(Value::Int(i)),
            None => overflow(),
        },
        Value::Float(f) => Ok(Value::Float(-f)),
        Value::Null => Ok(Value::Null),
        Value::Duration(d) => d.negated().map_or_else(overflow, |d| Ok(Value::Duration(d))),
        other => wrong_type(format!("`-` before {}: it takes a number", other.type_name())),
    }
}

fn overflow<T>() -> Result<T> {
    fail(ErrorType::ArithmeticError, Detail::IntegerOverflow, "the result does not fit 64 bits")
}

fn binary(op: BinaryOp, a: &Value, b: &Value, cx: &Context<'_>) -> Result<Value> {
    match op {
        BinaryOp::In => contains(a, b),
        BinaryOp::StartsWith | BinaryOp::EndsWith | BinaryOp::Contains => Ok(match (a, b) {
            (Value::String(a), Value::String(b)) => Value::Bool(match op {
                BinaryOp::StartsWith => a.starts_with(&**b),
                BinaryOp::EndsWith => a.ends_with(&**b),
                _ => a.contains(&**b),
            }),
            _ => Value::Null,
        }),
        BinaryOp::Matches => match (a, b) {
            (Value::String(a), Value::String(b)) => cx.matches(a, b).map(Value::Bool),
            _ => Ok(Value::Null),
        },
        BinaryOp::SameName => super::names::same(a, b, cx),
        BinaryOp::Add => add(a, b, cx),
        BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo | BinaryOp::Power => {
            arithmetic(op, a, b)
        }
    }
}

/// `IN`: unknown where the element is not there but something unknown is.
fn contains(a: &Value, b: &Value) -> Result<Value> {
    match b {
        Value::Null => Ok(Value::Null),
        Value::List(items) => {
            let mut result = Some(false);
            for item in items.iter() {
                result = or3(result, a.equals(item));
                if result == Some(true) {
                    break;
                }
            }
            Ok(Value::truth(result))
        }
        other => wrong_type(format!("IN looks into a list, not into {}", other.type_name())),
    }
}

fn add(a: &Value, b: &Value, cx: &Context<'_>) -> Result<Value> {
    use Value::{Date, Duration, Float, Int, List, Null, String};
    Ok(match (a, b) {
        (Int(a), Int(b)) => match a.checked_add(*b) {
            Some(sum) => Int(sum),
            None => return overflow(),
        },
        (List(a), List(b)) => {
            cx.admit_list(a.len() + b.len())?;
            Value::list(a.iter().chain(b.iter()).cloned().collect())
        }
        (Null, _) | (_, Null) => Null,
        (List(a), b) => {
            cx.admit_list(a.len() + 1)?;
            Value::list(a.iter().chain([b]).cloned().collect())
        }
        (a, List(b)) => {
            cx.admit_list(b.len() + 1)?;
            Value::list([a].into_iter().chain(b.iter()).cloned().collect())
        }
        (String(a), String(b)) => {
            cx.admit_text(a.len() + b.len())?;
            Value::string([&**a, &**b].concat())
        }
        (String(a), b @ (Int(_) | Float(_) | Value::Bool(_))) => Value::string(format!("{a}{b}")),
        (a @ (Int(_) | Float(_) | Value::Bool(_)), String(b)) => Value::string(format!("{a}{b}")),
        (Date(d), Duration(l)) | (Duration(l), Date(d)) => match d.plus(*l) {
            Some(d) => Date(d),
            None => return overflow(),
        },
        (Duration(a), Duration(b)) => match a.plus(*b) {
            Some(d) => Duration(d),
            None => return overflow(),
        },
        _ => return arithmetic(BinaryOp::Add, a, b),
    })
}

fn arithmetic(op: BinaryOp, a: &Value, b: &Value) -> Result<Value> {
    let (x, y) = match (a, b) {
        (Value::Null, _) | (_, Value::Null) => return Ok(Value::Null),
        (Value::Int(a), Value::Int(b)) if op != BinaryOp::Power => {
            let (a, b) = (*a, *b);
            let result = match op {
                BinaryOp::Subtract => a.checked_sub(b),
                BinaryOp::Multiply => a.checked_mul(b),
                BinaryOp::Divide | BinaryOp::Modulo if b == 0 => {
                    return fail(ErrorType::ArithmeticError, Detail::DivisionByZero, "division by zero");
                }
                BinaryOp::Divide => a.checked_div(b),
                BinaryOp::Modulo => a.checked_rem(b),
                _ => a.checked_add(b),
            };
            return result.map_or_else(overflow, |n| Ok(Value::Int(n)));
        }
        (Value::Int(a), Value::Int(b)) => (*a as f64, *b as f64),
        (Value::Int(a), Value::Float(b)) => (*a as f64, *b),
        (Value::Float(a), Value::Int(b)) => (*a, *b as f64),
        (Value::Float(a), Value::Float(b)) => (*a, *b),
        (Value::Date(d), Value::Duration(l)) if op == BinaryOp::Subtract => {
            return match l.negated().and_then(|l| d.plus(l)) {
                Some(d) => Ok(Value::Date(d)),
                None => overflow(),
            };
        }
        (Value::Duration(a), Value::Duration(b)) if op == BinaryOp::Subtract => {
            return match b.negated().and_then(|b| a.plus(b)) {
                Some(d) => Ok(Value::Duration(d)),
                None => overflow(),
            };
        }
        (Value::Duration(d), Value::Int(n)) | (Value::Int(n), Value::Duration(d)) if op == BinaryOp::Multiply => {
            let scaled = (d.months.checked_mul(*n), d.days.checked_mul(*n), d.seconds.checked_mul(*n));
            return match scaled {
                (Some(months), Some(days), Some(seconds)) => Ok(Value::Duration(Duration { months, days, seconds })),
                _ => overflow(),
            };
        }
        _ => {
            let sign = match op {
                BinaryOp::Add => "+",
                BinaryOp::Subtract => "-",
                BinaryOp::Multiply => "*",
                BinaryOp::Divide => "/",
                BinaryOp::Modulo => "%",
                _ => "^",
            };
            return wrong_type(format!("`{sign}` does not take {} and {}", a.type_name(), b.type_name()));
        }
    };
    Ok(Value::Float(match op {
        BinaryOp::Subtract => x - y,
        BinaryOp::Multiply => x * y,
        BinaryOp::Divide => x / y,
        BinaryOp::Modulo => x % y,
        BinaryOp::Power => x.powf(y),
        _ => x + y,
    }))
}

fn labels_test(of: &Value, labels: &LabelTest, types: &LabelTest, cx: &Context<'_>) -> Result<Value> {
    match of {
        Value::Null => Ok(Value::Null),
        Value::Node(n) => store::node_passes(*n, labels, cx).map(Value::Bool),
        Value::Edge(e) => store::edge_passes(*e, types, cx).map(Value::Bool),
        other => wrong_type(format!("{} has no labels", other.type_name())),
    }
}

fn case(
    subject: Option<&Expr>,
    branches: &[(Expr, Expr)],
    otherwise: Option<&Expr>,
    row: &mut Row,
    cx: &Context<'_>,
) -> Result<Value> {
    let subject = subject.map(|s| s.eval(row, cx)).transpose()?;
    for (when, then) in branches {
        let value = when.eval(row, cx)?;
        let taken = match &subject {
            Some(subject) => subject.equals(&value),
            None => truth(&value)?,
        };
        if taken == Some(true) {
            return then.eval(row, cx);
        }
    }
    otherwise.map_or(Ok(Value::Null), |e| e.eval(row, cx))
}

fn as_list(v: Value, whose: &str) -> Result<Option<Arc<Vec<Value>>>> {
    match v {
        Value::List(items) => Ok(Some(items)),
        Value::Null => Ok(None),
        other => wrong_type(format!("{whose} goes through a list, not through {}", other.type_name())),
    }
}

fn comprehension(
    slot: Slot,
    list: &Expr,
    filter: Option<&Expr>,
    map: Option<&Expr>,
    row: &mut Row,
    cx: &Context<'_>,
) -> Result<Value> {
    let Some(items) = as_list(list.eval(row, cx)?, "a comprehension")? else { return Ok(Value::Null) };
    let mut out = Vec::new();
    let mut count = 0;
    for item in items.iter() {
        cx.tick()?;
        row[slot] = item.clone();
        if let Some(filter) = filter
            && !filter.holds(row, cx)?
        {
            continue;
        }
        let v = match map {
            Some(map) => map.eval(row, cx)?,
            None => item.clone(),
        };
        cx.gather(&mut count, &v)?;
        out.push(v);
    }
    Ok(Value::list(out))
}

fn quantified(
    kind: QuantifiedKind,
    slot: Slot,
    list: &Expr,
    filter: &Expr,
    row: &mut Row,
    cx: &Context<'_>,
) -> Result<Value> {
    let Some(items) = as_list(list.eval(row, cx)?, "a quantifier")? else { return Ok(Value::Null) };
    let (mut yes, mut no, mut unknown) = (0usize, 0usize, 0usize);
    for item in items.iter() {
        cx.tick()?;
        row[slot] = item.clone();
        match truth(&filter.eval(row, cx)?)? {
            Some(true) => yes += 1,
            Some(false) => no += 1,
            None => unknown += 1,
        }
        // What more elements cannot change.
        let decided = match kind {
            QuantifiedKind::All => no > 0,
            QuantifiedKind::Any | QuantifiedKind::None => yes > 0,
            QuantifiedKind::Single => yes > 1,
        };
        if decided {
            break;
        }
    }
    let known = |b: bool| if unknown > 0 { None } else { Some(b) };
    Ok(Value::truth(match kind {
        QuantifiedKind::All if no > 0 => Some(false),
        QuantifiedKind::All => known(true),
        QuantifiedKind::Any if yes > 0 => Some(true),
        QuantifiedKind::Any => known(false),
        QuantifiedKind::None if yes > 0 => Some(false),
        QuantifiedKind::None => known(true),
        QuantifiedKind::Single if yes > 1 => Some(false),
        QuantifiedKind::Single => known(yes == 1),
    }))
}

fn map_projection(subject: &Value, items: &[Projected], row: &mut Row, cx: &Context<'_>) -> Result<Value> {
    if subject.is_null() {
        return Ok(Value::Null);
    }
    let mut out = Map::new();
    for item in items {
        match item {
            Projected::All => {
                match functions::call(functions::Function::Properties, std::slice::from_ref(subject), cx)? {
                    Value::Map(m) => out.extend(m.iter().map(|(k, v)| (k.clone(), v.clone()))),
                    _ => return Ok(Value::Null),
                }
            }
            Projected::Entry(key, value) => {
                let v = value.eval(row, cx)?;
                out.insert(key.clone(), v);
            }
        }
    }
    Ok(Value::map(out))
}

/// The path that starts at a node and follows the relationships of the slots; none where one of them is null.
pub(crate) fn path(start: Slot, parts: &[Slot], row: &Row, cx: &Context<'_>) -> Option<Path> {
    let Value::Node(mut at) = row[start] else { return None };
    let mut p = Path { nodes: vec![at], edges: Vec::with_capacity(parts.len()) };
    let mut step = |e: EdgeId| {
        at = other_end(e, at, cx);
        p.edges.push(e);
        p.nodes.push(at);
    };
    for part in parts {
        match &row[*part] {
            Value::Edge(e) => step(*e),
            Value::List(items) => {
                for item in items.iter() {
                    match item {
                        Value::Edge(e) => step(*e),
                        _ => return None,
                    }
                }
            }
            _ => return None,
        }
    }
    Some(p)
}

/// The end of a relationship that is not the given one.
pub(crate) fn other_end(edge: EdgeId, end: NodeId, cx: &Context<'_>) -> NodeId {
    let (source, _, target) = cx.graph.edge(edge);
    if source == end { target } else { source }
}

fn keeps_mode(mode: PathMode, p: &Path) -> bool {
    fn distinct<T: Ord + Copy>(items: &[T]) -> bool {
        let mut sorted = items.to_vec();
        sorted.sort_unstable();
        sorted.windows(2).all(|w| w[0] != w[1])
    }
    match mode {
        PathMode::Walk => true,
        PathMode::Trail => distinct(&p.edges),
        PathMode::Acyclic => distinct(&p.nodes),
        PathMode::Simple => {
            // The last node may be the first.
            let closed = p.nodes.len() > 1 && p.nodes.first() == p.nodes.last();
            distinct(&p.edges) && distinct(if closed { &p.nodes[1..] } else { &p.nodes })
        }
    }
}
