//! Functions on lists.

use std::sync::Arc;

use super::{Fail, Function, out_of_range, wrong_type};
use crate::query::context::Context;
use crate::query::error::{Detail, ErrorType, QueryError};
use crate::query::value::Value;

pub(super) fn call(function: Function, arguments: &[Value], cx: &Context<'_>) -> Result<Value, Fail> {
    let first = arguments.first().unwrap_or(&Value::Null);
    let name = function.name();
    Ok(match (function, first) {
        (Function::Range, _) => range(arguments, cx)?,
        (Function::Size, Value::List(items)) => Value::Int(items.len() as i64),
        (Function::Size, Value::String(s)) => Value::Int(s.chars().count() as i64),
        (Function::Size, other) => return Err(wrong_type(name, "a list or a string", other)),
        (Function::IsEmpty, Value::List(items)) => Value::Bool(items.is_empty()),
        (Function::IsEmpty, Value::String(s)) => Value::Bool(s.is_empty()),
        (Function::IsEmpty, Value::Map(m)) => Value::Bool(m.is_empty()),
        (Function::IsEmpty, other) => return Err(wrong_type(name, "a list, a map or a string", other)),
        (Function::Reverse, Value::String(s)) => Value::string(s.chars().rev().collect::<String>()),
        (Function::Reverse, Value::List(items)) => Value::list(items.iter().rev().cloned().collect()),
        (Function::Reverse, other) => return Err(wrong_type(name, "a list or a string", other)),
        (Function::Head, Value::List(items)) => items.first().cloned().unwrap_or_default(),
        (Function::Last, Value::List(items)) => items.last().cloned().unwrap_or_default(),
        (Function::Tail, Value::List(items)) => Value::List(Arc::new(items.iter().skip(1).cloned().collect())),
        (_, other) => return Err(wrong_type(name, "a list", other)),
    })
}

/// The error for arguments of `range` that are not whole numbers.
pub(super) fn range_type(arguments: &[Value]) -> Fail {
    let wrong = arguments.iter().find(|v| !matches!(v, Value::Int(_))).unwrap_or(&Value::Null);
    let message = format!("range() takes whole numbers, not {}", wrong.type_name());
    Box::new(QueryError::runtime(ErrorType::ArgumentError, Detail::InvalidArgumentType, message))
}

fn range(arguments: &[Value], cx: &Context<'_>) -> Result<Value, Fail> {
    let (start, end, step) = match arguments {
        [Value::Int(a), Value::Int(b)] => (*a, *b, 1),
        [Value::Int(a), Value::Int(b), Value::Int(s)] => (*a, *b, *s),
        _ => return Err(range_type(arguments)),
    };
    if step == 0 {
        return Err(out_of_range("range() takes a step other than 0"));
    }
    let distance = i128::from(end) - i128::from(start);
    let steps = distance / i128::from(step);
    if (distance != 0 && (distance > 0) != (step > 0)) || steps < 0 {
        return Ok(Value::list(Vec::new()));
    }
    let length = usize::try_from(steps + 1).unwrap_or(usize::MAX);
    cx.admit_list(length)?;
    Ok(Value::list((0..length as i64).map(|i| Value::Int(start + i * step)).collect()))
}
