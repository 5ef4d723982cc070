//! Aggregates: what is kept of the values of a group, and what is made of it.

use std::cmp::Ordering;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use super::context::Context;
use super::error::{Detail, ErrorType, QueryError};
use super::functions::{Fail, Function, out_of_range, wrong_type};
use super::plan::Aggregation;
use super::temporal::Duration;
use super::value::{Key, Value};

/// The state of one aggregate over one group.
#[derive(Debug)]
pub(crate) struct State {
    function: Option<Function>,
    /// The values met, where equivalent ones count once.
    seen: Option<IndexSet<Key, FxBuildHasher>>,
    count: i64,
    kept: Kept,
}

#[derive(Debug)]
enum Kept {
    Nothing,
    /// The least or greatest value; the sum so far.
    One(Value),
    /// All values, and how many lie in them.
    All(Vec<Value>, usize),
    /// Numbers, and the percentile asked for.
    Numbers(Vec<Value>, f64),
}

impl State {
    /// The state before any row.
    pub(crate) fn new(a: &Aggregation) -> State {
        let kept = match a.function {
            Some(Function::Min | Function::Max | Function::Sum | Function::Avg) => Kept::One(Value::Null),
            Some(Function::Collect) => Kept::All(Vec::new(), 0),
            Some(Function::StDev | Function::StDevP | Function::PercentileCont | Function::PercentileDisc) => {
                Kept::Numbers(Vec::new(), 0.0)
            }
            _ => Kept::Nothing,
        };
        State { function: a.function, seen: a.distinct.then(IndexSet::default), count: 0, kept }
    }

    /// Takes the value of a row; `second` is the percentile. Null is passed over, but by `count(*)`.
    pub(crate) fn add(&mut self, value: Value, second: &Value, cx: &Context<'_>) -> Result<(), Fail> {
        let Some(function) = self.function else {
            self.count += 1;
            return Ok(());
        };
        if matches!(function, Function::PercentileCont | Function::PercentileDisc) {
            let p = match second {
                Value::Float(f) => *f,
                Value::Int(i) => *i as f64,
                other => return Err(wrong_type(function.name(), "a number from 0 to 1", other)),
            };
            if !(0.0..=1.0).contains(&p) {
                return Err(out_of_range(format!(
                    "{}() takes a number from 0.0 to 1.0, not {second}",
                    function.name()
                )));
            }
            if let Kept::Numbers(_, percentile) = &mut self.kept {
                *percentile = p;
            }
        }
        if value.is_null() {
            return Ok(());
        }
        if let Some(seen) = &mut self.seen {
            cx.hold(48)?;
            if !seen.insert(Key(value.clone())) {
                return Ok(());
            }
        }
        self.count += 1;
        let name = function.name();
        match &mut self.kept {
            Kept::Nothing => {}
            Kept::One(so_far) => match function {
                Function::Min if so_far.is_null() || value.order(so_far) == Ordering::Less => *so_far = value,
                Function::Max if so_far.is_null() || value.order(so_far) == Ordering::Greater => *so_far = value,
                Function::Min | Function::Max => {}
                _ => *so_far = plus(so_far, &value, name)?,
            },
            Kept::All(all, count) => {
                cx.gather(count, &value)?;
                cx.hold(size_of::<Value>())?;
                all.push(value);
            }
            Kept::Numbers(all, _) => {
                if !matches!(value, Value::Int(_) | Value::Float(_)) {
                    return Err(wrong_type(name, "numbers", &value));
                }
                cx.hold(size_of::<Value>())?;
                all.push(value);
            }
        }
        Ok(())
    }

    /// The result.
    pub(crate) fn finish(self, _cx: &Context<'_>) -> Result<Value, Fail> {
        let count = self.count;
        Ok(match (self.function, self.kept) {
            (_, Kept::Nothing) => Value::Int(count),
            (Some(Function::Sum), Kept::One(Value::Null)) => Value::Int(0),
            (Some(Function::Avg), Kept::One(sum)) => match sum {
                Value::Int(i) => Value::Float(i as f64 / count as f64),
                Value::Float(f) => Value::Float(f / count as f64),
                Value::Duration(d) => Value::Duration(Duration {
                    months: d.months / count.max(1),
                    days: d.days / count.max(1),
                    seconds: d.seconds / count.max(1),
                }),
                _ => Value::Null,
            },
            (_, Kept::One(v)) => v,
            (_, Kept::All(all, _)) => Value::list(all),
            (Some(Function::StDev), Kept::Numbers(all, _)) => Value::Float(deviation(&all, 1)),
            (Some(Function::StDevP), Kept::Numbers(all, _)) => Value::Float(deviation(&all, 0)),
            (function, Kept::Numbers(all, p)) => percentile(all, p, function == Some(Function::PercentileCont)),
        })
    }
}

/// The sum so far, null before the first.
fn plus(a: &Value, b: &Value, name: &str) -> Result<Value, Fail> {
    let sum = match (a, b) {
        (Value::Null, Value::Int(_) | Value::Float(_) | Value::Duration(_)) => Some(b.clone()),
        (Value::Int(a), Value::Int(b)) => match a.checked_add(*b) {
            Some(sum) => Some(Value::Int(sum)),
            // A mean must not fail because its sum would.
            None if name == "avg" => Some(Value::Float(*a as f64 + *b as f64)),
            None => {
                let message = "the sum does not fit 64 bits";
                return Err(Box::new(QueryError::runtime(
                    ErrorType::ArithmeticError,
                    Detail::IntegerOverflow,
                    message,
                )));
            }
        },
        (Value::Int(a), Value::Float(b)) => Some(Value::Float(*a as f64 + b)),
        (Value::Float(a), Value::Int(b)) => Some(Value::Float(a + *b as f64)),
        (Value::Float(a), Value::Float(b)) => Some(Value::Float(a + b)),
        (Value::Duration(a), Value::Duration(b)) => a.plus(*b).map(Value::Duration),
        _ => None,
    };
    sum.ok_or_else(|| wrong_type(name, "numbers", b))
}

fn float(v: &Value) -> f64 {
    match v {
        Value::Int(i) => *i as f64,
        Value::Float(f) => *f,
        _ => f64::NAN,
    }
}

/// The standard deviation; `less` is what is taken from the count.
fn deviation(all: &[Value], less: usize) -> f64 {
    if all.len() <= less.max(1) {
        return 0.0;
    }
    let mean = all.iter().map(float).sum::<f64>() / all.len() as f64;
    let squares: f64 = all.iter().map(|v| (float(v) - mean).powi(2)).sum();
    (squares / (all.len() - less) as f64).sqrt()
}

fn percentile(mut all: Vec<Value>, p: f64, interpolated: bool) -> Value {
    all.sort_by(Value::order);
    let Some(last) = all.len().checked_sub(1) else { return Value::Null };
    if !interpolated {
        let at = (p * all.len() as f64).ceil() as usize;
        return all.swap_remove(at.saturating_sub(1).min(last));
    }
    let at = p * last as f64;
    let (low, part) = (at.floor() as usize, at.fract());
    let (a, b) = (float(&all[low.min(last)]), float(&all[(low + 1).min(last)]));
    Value::Float(if part == 0.0 { a } else { a + (b - a) * part })
}
