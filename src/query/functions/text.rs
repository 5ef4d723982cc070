//! Functions on text, and conversion from and to text.

use unicode_normalization::UnicodeNormalization;

use super::{Fail, Function, out_of_range, wrong_type};
use crate::query::context::Context;
use crate::query::value::{Value, float_text};

/// `toBoolean`, `toInteger`, `toFloat`, `toString` and their `OrNull` forms.
pub(super) fn convert(function: Function, v: &Value) -> Result<Value, Fail> {
    use Function::*;
    let converted = match function {
        ToBoolean | ToBooleanOrNull => to_boolean(v),
        ToInteger | ToIntegerOrNull => to_integer(v),
        ToFloat | ToFloatOrNull => to_float(v),
        _ => to_string(v),
    };
    match converted {
        Some(value) => Ok(value),
        None if matches!(function, ToBooleanOrNull | ToIntegerOrNull | ToFloatOrNull | ToStringOrNull) => {
            Ok(Value::Null)
        }
        None => Err(wrong_type(function.name(), "a string, a number or a boolean", v)),
    }
}

fn to_boolean(v: &Value) -> Option<Value> {
    Some(match v {
        Value::Bool(_) => v.clone(),
        Value::Int(i) => Value::Bool(*i != 0),
        Value::String(s) => match s.trim() {
            t if t.eq_ignore_ascii_case("true") => Value::Bool(true),
            t if t.eq_ignore_ascii_case("false") => Value::Bool(false),
            _ => Value::Null,
        },
        _ => return None,
    })
}

fn to_integer(v: &Value) -> Option<Value> {
    let whole = |f: f64| {
        let t = f.trunc();
        let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&t);
        if fits { Value::Int(t as i64) } else { Value::Null }
    };
    Some(match v {
        Value::Int(_) => v.clone(),
        Value::Float(f) => whole(*f),
        Value::Bool(b) => Value::Int(i64::from(*b)),
        Value::String(s) => match s.trim().parse::<i64>() {
            Ok(i) => Value::Int(i),
            Err(_) => decimal(s).map_or(Value::Null, whole),
        },
        _ => return None,
    })
}

fn to_float(v: &Value) -> Option<Value> {
    Some(match v {
        Value::Float(_) => v.clone(),
        Value::Int(i) => Value::Float(*i as f64),
        Value::String(s) => decimal(s).map_or(Value::Null, Value::Float),
        _ => return None,
    })
}

/// A number as text writes it; not the words that Rust takes for numbers (`inf`, `nan`).
fn decimal(s: &str) -> Option<f64> {
    let s = s.trim();
    let plain = s.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    if !plain { None } else { s.parse().ok() }
}

fn to_string(v: &Value) -> Option<Value> {
    Some(match v {
        Value::String(_) => v.clone(),
        Value::Int(i) => Value::string(i.to_string()),
        Value::Float(f) => Value::string(float_text(*f)),
        Value::Bool(b) => Value::string(b.to_string()),
        Value::Date(d) => Value::string(d.to_string()),
        Value::Duration(d) => Value::string(d.to_string()),
        _ => return None,
    })
}

pub(super) fn call(function: Function, arguments: &[Value], cx: &Context<'_>) -> Result<Value, Fail> {
    use Function::*;
    let name = function.name();
    let text = |i: usize| -> Result<&str, Fail> {
        match arguments.get(i) {
            Some(Value::String(s)) => Ok(s),
            other => Err(wrong_type(name, "a string", other.unwrap_or(&Value::Null))),
        }
    };
    let count = |i: usize| -> Result<usize, Fail> {
        match arguments.get(i) {
            Some(Value::Int(n)) if *n >= 0 => Ok(usize::try_from(*n).unwrap_or(usize::MAX)),
            Some(Value::Int(n)) => Err(out_of_range(format!("{name}() takes a number of characters, not {n}"))),
            other => Err(wrong_type(name, "a whole number", other.unwrap_or(&Value::Null))),
        }
    };
    let s = text(0)?;
    Ok(match function {
        ToLower | Lower => Value::string(s.to_lowercase()),
        ToUpper | Upper => Value::string(s.to_uppercase()),
        Trim => Value::string(s.trim()),
        LTrim => Value::string(s.trim_start()),
        RTrim => Value::string(s.trim_end()),
        Left => Value::string(s.chars().take(count(1)?).collect::<String>()),
        Right => {
            let skip = s.chars().count().saturating_sub(count(1)?);
            Value::string(s.chars().skip(skip).collect::<String>())
        }
        Substring => {
            let length = if arguments.len() > 2 { count(2)? } else { usize::MAX };
            Value::string(s.chars().skip(count(1)?).take(length).collect::<String>())
        }
        Replace => {
            let (search, with) = (text(1)?, text(2)?);
            if search.is_empty() {
                return Ok(arguments.first().cloned().unwrap_or_default());
            }
            let hits = s.matches(search).count();
            cx.admit_text(s.len().saturating_add(hits.saturating_mul(with.len())))?;
            Value::string(s.replace(search, with))
        }
        Split => {
            let separator = text(1)?;
            let parts: Vec<Value> = if separator.is_empty() {
                s.chars().map(|c| Value::string(c.to_string())).collect()
            } else {
                s.split(separator).map(Value::string).collect()
            };
            cx.admit_list(parts.len())?;
            Value::list(parts)
        }
        CharLength | CharacterLength => Value::Int(s.chars().count() as i64),
        Fold => Value::string(cx.fold(s)),
        _ => Value::string(s.nfc().collect::<String>()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversion_reads_what_text_writes() {
        let s = Value::string;
        assert_eq!(to_integer(&s(" 42 ")), Some(Value::Int(42)));
        assert_eq!(to_integer(&s("2.9")), Some(Value::Int(2)));
        assert_eq!(to_integer(&s("foo")), Some(Value::Null));
        assert_eq!(to_integer(&Value::Float(f64::NAN)), Some(Value::Null));
        assert_eq!(to_float(&s("inf")), Some(Value::Null));
        assert_eq!(to_float(&s("1e3")), Some(Value::Float(1000.0)));
        assert_eq!(to_float(&s("")), Some(Value::Null));
        assert_eq!(to_boolean(&s("TRUE")), Some(Value::Bool(true)));
        assert_eq!(to_boolean(&Value::Float(1.0)), None);
        assert_eq!(to_string(&Value::Float(1.0)), Some(s("1.0")));
        assert_eq!(to_string(&Value::list(vec![])), None);
    }
}
