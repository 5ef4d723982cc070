//! Dates to the precision that a text gives: a subset of EDTF (ISO 8601-2:2019, loc.gov/standards/datetime).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A day as a count of days since 0000-03-01 (proleptic Gregorian calendar); orders as time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The day of a calendar date. `month` 1–12, `day` 1–31.
    pub const fn of(year: i64, month: i64, day: i64) -> Day {
        // Days from civil (Howard Hinnant): the year begins in March, so that the leap day is its last.
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
        Day(era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy)
    }

    /// Year, month and day.
    pub const fn date(self) -> (i64, i64, i64) {
        let era = self.0.div_euclid(146_097);
        let doe = self.0.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        (yoe + era * 400 + if month <= 2 { 1 } else { 0 }, month, doy - (153 * mp + 2) / 5 + 1)
    }

    /// 0 is Monday, 6 Sunday.
    pub const fn weekday(self) -> i64 {
        (self.0 + 2).rem_euclid(7)
    }

    /// Monday of an ISO week.
    pub const fn of_week(year: i64, week: i64) -> Day {
        let fourth = Day::of(year, 1, 4);
        Day(fourth.0 - fourth.weekday() + (week - 1) * 7)
    }

    /// `2018-05-02`
    pub fn iso(self) -> String {
        let (y, m, d) = self.date();
        format!("{y:04}-{m:02}-{d:02}")
    }
}

/// Days in a month; 0 for a month that does not exist.
const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        _ => 0,
    }
}

/// A text that is not such a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date; write 2018, 2018-05, 2018-05-02, 2018-05-02/2018-05-10 or XXXX-05-02")]
pub struct EdtfError(pub String);

/// `2018`, `2018-05`, `2018-05-02`, `2018-05-02/2018-05-10`, `XXXX-05-02`, `2014/..`: a date or interval to the
/// precision that the text gives. Kept as written; [`Edtf::bounds`] gives the days that it spans.
///
/// ```
/// use samband::model::Edtf;
/// let d: Edtf = "2018-05".parse().unwrap();
/// let (first, last) = d.bounds();
/// assert_eq!(first.unwrap().iso(), "2018-05-01");
/// assert_eq!(last.unwrap().iso(), "2018-05-31");
/// assert!("2018-13".parse::<Edtf>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Edtf(String);

impl Edtf {
    /// A year.
    pub fn year(year: i64) -> Edtf {
        Edtf(format!("{year:04}"))
    }

    /// A month of a year, 1–12; without a year `XXXX-05`.
    pub fn month(year: Option<i64>, month: i64) -> Edtf {
        Edtf(format!("{}-{month:02}", year_text(year)))
    }

    /// A day; without a year `XXXX-05-02`. The caller has checked that the day exists.
    pub fn day(year: Option<i64>, month: i64, day: i64) -> Edtf {
        Edtf(format!("{}-{month:02}-{day:02}", year_text(year)))
    }

    /// An interval of two dates that are no intervals themselves; of two equal ones that date.
    pub fn interval(from: &Edtf, to: &Edtf) -> Edtf {
        if from == to { from.clone() } else { Edtf(format!("{}/{}", from.0, to.0)) }
    }

    /// The Monday to Sunday of an ISO week.
    pub fn week(year: i64, week: i64) -> Edtf {
        let first = Day::of_week(year, week);
        Edtf(format!("{}/{}", first.iso(), Day(first.0 + 6).iso()))
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first and the last day that it may mean; `None` on a side that is open or whose year is unknown.
    pub fn bounds(&self) -> (Option<Day>, Option<Day>) {
        match self.0.split_once('/') {
            Some((a, b)) => (part(a).ok().and_then(|p| p.0), part(b).ok().and_then(|p| p.1)),
            None => part(&self.0).unwrap_or((None, None)),
        }
    }

    /// The year in which it begins, where known.
    pub fn first_year(&self) -> Option<i64> {
        self.bounds().0.map(|d| d.date().0)
    }
}

fn year_text(year: Option<i64>) -> String {
    year.map_or_else(|| "XXXX".to_owned(), |y| format!("{y:04}"))
}

/// First and last day of a date that is no interval.
fn part(text: &str) -> Result<(Option<Day>, Option<Day>), EdtfError> {
    let bad = || EdtfError(text.to_owned());
    if matches!(text, ".." | "") {
        return Ok((None, None));
    }
    let mut fields = text.split('-');
    let number = |field: &str, width: usize| -> Result<i64, EdtfError> {
        if field.len() == width && field.bytes().all(|b| b.is_ascii_digit()) {
            field.parse().map_err(|_| bad())
        } else {
            Err(bad())
        }
    };
    let year = match fields.next() {
        Some("XXXX") => None,
        Some(y) => Some(number(y, 4)?),
        None => return Err(bad()),
    };
    let month = fields.next().map(|m| number(m, 2)).transpose()?;
    let day = fields.next().map(|d| number(d, 2)).transpose()?;
    if fields.next().is_some() || month.is_some_and(|m| !(1..=12).contains(&m)) || (year.is_none() && month.is_none()) {
        return Err(bad());
    }
    if let (Some(m), Some(d)) = (month, day)
        && !(1..=days_in(year.unwrap_or(2000), m)).contains(&d)
    {
        return Err(bad());
    }
    let Some(y) = year else { return Ok((None, None)) };
    Ok(match (month, day) {
        (None, _) => (Some(Day::of(y, 1, 1)), Some(Day::of(y, 12, 31))),
        (Some(m), None) => (Some(Day::of(y, m, 1)), Some(Day::of(y, m, days_in(y, m)))),
        (Some(m), Some(d)) => (Some(Day::of(y, m, d)), Some(Day::of(y, m, d))),
    })
}

impl FromStr for Edtf {
    type Err = EdtfError;

    fn from_str(text: &str) -> Result<Edtf, EdtfError> {
        match text.split_once('/') {
            Some((a, b)) => {
                let (from, to) = (part(a)?, part(b)?);
                let backwards = matches!((from.0, to.1), (Some(f), Some(t)) if t < f);
                if backwards || (matches!(a, ".." | "") && matches!(b, ".." | "")) {
                    return Err(EdtfError(text.to_owned()));
                }
            }
            None if matches!(text, ".." | "") => return Err(EdtfError(text.to_owned())),
            None => {
                part(text)?;
            }
        }
        Ok(Edtf(text.to_owned()))
    }
}

impl TryFrom<String> for Edtf {
    type Error = EdtfError;

    fn try_from(text: String) -> Result<Edtf, EdtfError> {
        text.parse()
    }
}

impl From<Edtf> for String {
    fn from(date: Edtf) -> String {
        date.0
    }
}

impl fmt::Display for Edtf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_both_ways() {
        for n in (-800_000..1_200_000).step_by(137) {
            let (y, m, d) = Day(n).date();
            assert_eq!(Day::of(y, m, d), Day(n));
        }
        assert_eq!(Day::of(2018, 5, 2).weekday(), 2);
        assert_eq!(Edtf::week(2022, 20).as_str(), "2022-05-16/2022-05-22");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for bad in ["", "18", "2018-5", "2018-02-30", "2018-05-02-01", "2019/2018", "../..", "XXXX", "hello"] {
            assert!(bad.parse::<Edtf>().is_err(), "{bad}");
        }
        for good in ["2018", "2018-05", "XXXX-05-02", "XXXX-05-02/XXXX-05-10", "2014/..", "../2020-01", "2020-02-29"] {
            assert!(good.parse::<Edtf>().is_ok(), "{good}");
        }
    }
}
