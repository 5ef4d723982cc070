//! Dates in digits: what one number token may be.

/// Day, month, year in the order year, month, day.
type Ymd = (i64, i64, i64);

/// What a number is as a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numeric {
    /// Two days with their years; the same twice for one day.
    Full(Ymd, Ymd),
    /// Two days (day, month) without a year; the same twice for one.
    DayMonth((i64, i64), (i64, i64)),
    /// `2018-05`
    YearMonth(i64, i64),
    /// `2014–2020`, `2021-27`
    Years(i64, i64),
    /// `2018`
    Year(i64),
    /// `4`, `2–10`: days of a month that is named beside them.
    Days(i64, i64),
}

/// Reads the digits and separators of a number token.
pub(super) fn numeric(form: &str) -> Option<Numeric> {
    if form.len() > 24 || !form.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    if form.bytes().all(|b| b.is_ascii_digit()) {
        let n: i64 = form.parse().ok()?;
        return match form.len() {
            1 | 2 if (1..=31).contains(&n) => Some(Numeric::Days(n, n)),
            4 if (1000..2200).contains(&n) => Some(Numeric::Year(n)),
            _ => None,
        };
    }
    if let Some((a, b)) = form.split_once('/') {
        if let (Some(a), Some(b)) = (iso(a), iso(b)) {
            return (a < b).then_some(Numeric::Full(a, b));
        }
        if a.len() == 4 {
            // `2021/22` is a school year, a `2021/14` is a number of a case.
            return years(a, b).filter(|r| matches!(r, Numeric::Years(a, b) if *b == a + 1));
        }
        let (d, m) = (number(a, 2)?, number(b, 2)?);
        return day_month(d, m).map(|p| Numeric::DayMonth(p, p));
    }
    if let Some(day) = iso(form) {
        return Some(Numeric::Full(day, day));
    }
    let hyphens = form.contains(['-', '\u{2010}', '\u{2011}', '\u{2212}']);
    let dashed: Vec<&str> =
        form.split(['-', '–', '\u{2010}', '\u{2011}', '\u{2212}']).map(|p| p.trim_end_matches('.')).collect();
    match dashed[..] {
        [one] => dotted(None, one),
        [a, b] if a.len() == 4 && !a.contains('.') => {
            if b.len() == 2 && hyphens && number(b, 2).is_some_and(|m| (1..=12).contains(&m)) {
                return Some(Numeric::YearMonth(number(a, 4)?, number(b, 2)?));
            }
            years(a, b)
        }
        [a, b] => dotted(Some(a), b),
        [y1, m1, d1, y2, m2, d2] => {
            let (from, to) = (iso(&format!("{y1}-{m1}-{d1}"))?, iso(&format!("{y2}-{m2}-{d2}"))?);
            (from < to).then_some(Numeric::Full(from, to))
        }
        _ => None,
    }
}

fn number(text: &str, width: usize) -> Option<i64> {
    (!text.is_empty() && text.len() <= width && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn day_month(day: i64, month: i64) -> Option<(i64, i64)> {
    ((1..=31).contains(&day) && (1..=12).contains(&month)).then_some((day, month))
}

fn year(text: &str) -> Option<i64> {
    match text.len() {
        4 => number(text, 4).filter(|y| (1000..2200).contains(y)),
        // Two digits of a year: of this century, as pages are.
        2 => number(text, 2).map(|y| 2000 + y),
        _ => None,
    }
}

/// `2014–2020`, `2021-27`
fn years(a: &str, b: &str) -> Option<Numeric> {
    let first = number(a, 4).filter(|y| (1000..2200).contains(y) && a.len() == 4)?;
    let last = match b.len() {
        4 => number(b, 4)?,
        2 => first / 100 * 100 + number(b, 2)?,
        _ => return None,
    };
    (last > first && last < 2200).then_some(Numeric::Years(first, last))
}

/// `2018-05-02`
fn iso(text: &str) -> Option<Ymd> {
    let mut parts = text.split(['-', '\u{2011}', '\u{2010}']);
    let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
    if y.len() != 4 || m.len() != 2 || d.len() != 2 || parts.next().is_some() {
        return None;
    }
    let (d, m) = day_month(number(d, 2)?, number(m, 2)?)?;
    Some((number(y, 4)?, m, d))
}

/// `4.5.2021`, `4.5`, `2021.05.04`, and spans of them that share what the first leaves out.
fn dotted(from: Option<&str>, to: &str) -> Option<Numeric> {
    let parts: Vec<&str> = to.split('.').collect();
    let before: Vec<&str> = from.map_or_else(Vec::new, |f| f.split('.').collect());
    match parts[..] {
        [d] => {
            let last = number(d, 2).filter(|d| (1..=31).contains(d))?;
            match before[..] {
                [] => Some(Numeric::Days(last, last)),
                [d] => {
                    let first = number(d, 2).filter(|d| (1..last).contains(d))?;
                    Some(Numeric::Days(first, last))
                }
                _ => None,
            }
        }
        [d, m] => {
            let to = day_month(number(d, 2)?, number(m, 2)?)?;
            let from = match before[..] {
                [] => to,
                [d] => day_month(number(d, 2)?, to.1)?,
                [d, m] => day_month(number(d, 2)?, number(m, 2)?)?,
                _ => return None,
            };
            Some(Numeric::DayMonth(from, to))
        }
        [y, m, d] if y.len() == 4 && before.is_empty() => {
            let (d, m) = day_month(number(d, 2)?, number(m, 2)?)?;
            let date = (year(y)?, m, d);
            Some(Numeric::Full(date, date))
        }
        [d, m, y] => {
            let (d, m) = day_month(number(d, 2)?, number(m, 2)?)?;
            let to = (year(y)?, m, d);
            let from = match before[..] {
                [] => to,
                [d] => (to.0, m, number(d, 2)?),
                [d, m] => {
                    let (d, m) = day_month(number(d, 2)?, number(m, 2)?)?;
                    (to.0, m, d)
                }
                [d, m, y] => {
                    let (d, m) = day_month(number(d, 2)?, number(m, 2)?)?;
                    (year(y)?, m, d)
                }
                _ => return None,
            };
            (from <= to && from.2 > 0).then_some(Numeric::Full(from, to))
        }
        _ => None,
    }
}
