//! Functions on days and lengths of time.

use super::{Fail, Function, out_of_range, wrong_type};
use crate::query::context::Context;
use crate::query::error::{Detail, ErrorType, QueryError};
use crate::query::temporal::{Date, Duration};
use crate::query::value::{Map, Value};

/// `date()`, `date('2018-05-02')`, `date({year: 2018, month: 5})`.
pub(super) fn date(argument: Option<&Value>, cx: &Context<'_>) -> Result<Value, Fail> {
    match argument {
        None => cx.today().and_then(Date::of_unix_days).map(Value::Date).ok_or_else(|| {
            let message = "date() needs a clock, and none was given; write the day, date('2026-01-31')";
            Box::new(QueryError::runtime(ErrorType::ArgumentError, Detail::InvalidArgumentValue, message))
        }),
        Some(Value::Null) => Ok(Value::Null),
        Some(Value::Date(d)) => Ok(Value::Date(*d)),
        Some(Value::String(s)) => Date::parse(s).map(Value::Date).ok_or_else(|| {
            let message = format!("`{s}` is not a date; write 2018, 2018-05 or 2018-05-02");
            Box::new(QueryError::runtime(ErrorType::ArgumentError, Detail::InvalidArgumentValue, message))
        }),
        Some(Value::Map(m)) => {
            date_of(m)?.map(Value::Date).ok_or_else(|| out_of_range("there is no such day in the calendar"))
        }
        Some(other) => Err(wrong_type("date", "a string or a map", other)),
    }
}

fn whole(m: &Map, key: &str) -> Result<Option<i64>, Fail> {
    match m.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Int(i)) => Ok(Some(*i)),
        Some(other) => Err(wrong_type("date", "whole numbers", other)),
    }
}

fn date_of(m: &Map) -> Result<Option<Date>, Fail> {
    let base = match m.get("date") {
        Some(Value::Date(d)) => Some(*d),
        _ => None,
    };
    let part = |name: &str| -> Result<Option<i64>, Fail> { Ok(whole(m, name)?.or(base.and_then(|d| d.part(name)))) };
    if let Some(week) = whole(m, "week")? {
        let Some(year) = part("year")? else { return Ok(None) };
        return Ok(Date::of_week(year, week, part("dayOfWeek")?.unwrap_or(1)));
    }
    let Some(year) = part("year")? else { return Ok(None) };
    if let Some(day) = whole(m, "ordinalDay")? {
        return Ok(Date::of_ordinal(year, day));
    }
    if let Some(quarter) = whole(m, "quarter")? {
        if !(1..=4).contains(&quarter) {
            return Ok(None);
        }
        let offset = whole(m, "dayOfQuarter")?.unwrap_or(1) - 1;
        let start = Date::of(year, quarter * 3 - 2, 1);
        return Ok(start.and_then(|d| d.plus(Duration { days: offset, ..Duration::default() })));
    }
    Ok(Date::of(year, part("month")?.unwrap_or(1), part("day")?.unwrap_or(1)))
}

pub(super) fn call(function: Function, arguments: &[Value]) -> Result<Value, Fail> {
    let name = function.name();
    if function == Function::Duration {
        return match arguments.first() {
            Some(Value::Duration(d)) => Ok(Value::Duration(*d)),
            Some(Value::String(s)) => Duration::parse(s).map(Value::Duration).ok_or_else(|| {
                let message = format!("`{s}` is not a duration; write P1Y2M3D");
                Box::new(QueryError::runtime(ErrorType::ArgumentError, Detail::InvalidArgumentValue, message))
            }),
            Some(Value::Map(m)) => duration_of(m).map(Value::Duration),
            other => Err(wrong_type(name, "a string or a map", other.unwrap_or(&Value::Null))),
        };
    }
    let day = |i: usize| match arguments.get(i) {
        Some(Value::Date(d)) => Ok(*d),
        other => Err(wrong_type(name, "two dates", other.unwrap_or(&Value::Null))),
    };
    let (from, to) = (day(0)?, day(1)?);
    let between = Duration::between(from, to);
    Ok(Value::Duration(match function {
        Function::DurationInMonths => Duration { months: between.months, ..Duration::default() },
        Function::DurationInDays => Duration { days: to.0.0 - from.0.0, ..Duration::default() },
        _ => between,
    }))
}

fn duration_of(m: &Map) -> Result<Duration, Fail> {
    let mut d = Duration::default();
    for (key, value) in m {
        let Value::Int(n) = value else { return Err(wrong_type("duration", "whole numbers", value)) };
        let (months, days, seconds) = match &**key {
            "years" => (12, 0, 0),
            "quarters" => (3, 0, 0),
            "months" => (1, 0, 0),
            "weeks" => (0, 7, 0),
            "days" => (0, 1, 0),
            "hours" => (0, 0, 3600),
            "minutes" => (0, 0, 60),
            "seconds" => (0, 0, 1),
            other => {
                let message = format!("a duration has no part `{other}`; it has years, months, weeks and days");
                return Err(Box::new(QueryError::runtime(
                    ErrorType::ArgumentError,
                    Detail::InvalidArgumentValue,
                    message,
                )));
            }
        };
        let times = |unit: i64| n.checked_mul(unit);
        let part = times(months).zip(times(days)).zip(times(seconds));
        let part = part.map(|((months, days), seconds)| Duration { months, days, seconds });
        d = part.and_then(|p| d.plus(p)).ok_or_else(|| out_of_range("the duration is too long"))?;
    }
    Ok(d)
}
