//! Functions on numbers.

use super::{Fail, Function, out_of_range, wrong_type};
use crate::query::context::Context;
use crate::query::error::{Detail, ErrorType, QueryError};
use crate::query::value::Value;

pub(super) fn constant(function: Function, cx: &Context<'_>) -> Result<Value, Fail> {
    Ok(Value::Float(match function {
        Function::E => std::f64::consts::E,
        Function::Pi => std::f64::consts::PI,
        _ => cx.random(),
    }))
}

pub(super) fn call(function: Function, arguments: &[Value]) -> Result<Value, Fail> {
    let first = arguments.first().unwrap_or(&Value::Null);
    let name = function.name();
    // What keeps a whole number whole.
    if let Value::Int(i) = first {
        match function {
            Function::Abs => return i.checked_abs().map(Value::Int).ok_or_else(|| overflow(name)),
            Function::Sign => return Ok(Value::Int(i.signum())),
            Function::IsNan => return Ok(Value::Bool(false)),
            _ => {}
        }
    }
    let x = number(name, first)?;
    Ok(Value::Float(match function {
        Function::Abs => x.abs(),
        Function::Sign => {
            return Ok(Value::Int(if x > 0.0 {
                1
            } else if x < 0.0 {
                -1
            } else {
                0
            }));
        }
        Function::IsNan => return Ok(Value::Bool(x.is_nan())),
        Function::Ceil => x.ceil(),
        Function::Floor => x.floor(),
        Function::Round => match arguments.get(1) {
            None => round(x),
            Some(Value::Int(digits)) if (0..=15).contains(digits) => {
                let scale = 10f64.powi(*digits as i32);
                let scaled = round(x * scale) / scale;
                // Past 2^53 a float has no decimals to round.
                if scaled.is_finite() { scaled } else { x }
            }
            Some(Value::Int(_)) => return Err(out_of_range("round() takes 0 to 15 decimals")),
            Some(other) => return Err(wrong_type(name, "a whole number of decimals", other)),
        },
        Function::Sqrt => x.sqrt(),
        Function::Exp => x.exp(),
        Function::Log => x.ln(),
        Function::Log10 => x.log10(),
        Function::Sin => x.sin(),
        Function::Cos => x.cos(),
        Function::Tan => x.tan(),
        Function::Cot => 1.0 / x.tan(),
        Function::Asin => x.asin(),
        Function::Acos => x.acos(),
        Function::Atan => x.atan(),
        Function::Atan2 => x.atan2(number(name, arguments.get(1).unwrap_or(&Value::Null))?),
        Function::Degrees => x.to_degrees(),
        Function::Radians => x.to_radians(),
        _ => (1.0 - x.cos()) / 2.0,
    }))
}

/// The nearest whole number; a half goes up.
fn round(x: f64) -> f64 {
    let floor = x.floor();
    if x - floor >= 0.5 { floor + 1.0 } else { floor }
}

fn number(name: &str, v: &Value) -> Result<f64, Fail> {
    match v {
        Value::Int(i) => Ok(*i as f64),
        Value::Float(f) => Ok(*f),
        other => Err(wrong_type(name, "a number", other)),
    }
}

fn overflow(name: &str) -> Fail {
    let message = format!("the result of {name}() does not fit 64 bits");
    Box::new(QueryError::runtime(ErrorType::ArithmeticError, Detail::IntegerOverflow, message))
}

#[cfg(test)]
mod tests {
    #[test]
    fn halves_are_rounded_up() {
        for (x, r) in [(0.5, 1.0), (-0.5, 0.0), (-1.5, -1.0), (1.4, 1.0), (0.499_999_999_999_999_94, 0.0), (2.5, 3.0)] {
            assert_eq!(super::round(x), r, "{x}");
        }
    }
}
