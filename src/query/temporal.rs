//! Days and lengths of time: as much of openCypher's temporal types as facts need.
//!
//! Present: calendar days, lengths in months, days and seconds, their parts, sums and text. Absent: times of day, time
//! zones, truncation.

use std::fmt;

use crate::model::Day;

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub Day);

/// Days from the epoch of [`Day`] to 1970-01-01.
const UNIX_EPOCH: i64 = Day::of(1970, 1, 1).0;

/// The years that a date may have.
const YEARS: std::ops::RangeInclusive<i64> = -9_999..=9_999;

impl Date {
    /// The day of a valid calendar date, none where there is no such day.
    pub fn of(year: i64, month: i64, day: i64) -> Option<Date> {
        if !YEARS.contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
            return None;
        }
        Some(Date(Day::of(year, month, day)))
    }

    /// The day that lies so many days after 1970-01-01.
    pub fn of_unix_days(days: i64) -> Option<Date> {
        let day = Day(days.checked_add(UNIX_EPOCH)?);
        // 4,000,000 days are more than the years admitted.
        (day.0.abs() < 4_000_000 && YEARS.contains(&day.date().0)).then_some(Date(day))
    }

    /// Reads `2018`, `2018-05`, `201805`, `2018-05-02`, `20180502`, `2018-W05`, `2018W05`, `2018-W05-2`, `2018-123`
    /// (the first day of what is less precise), and the start of an EDTF interval.
    pub fn parse(text: &str) -> Option<Date> {
        let text = text.split('/').next().unwrap_or(text).trim();
        let (negative, body) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if body.len() < 4 || !body.is_ascii() {
            return None;
        }
        let number = |s: &str| -> Option<i64> {
            (!s.is_empty() && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok()).flatten()
        };
        let (year, rest) = body.split_at(4);
        let year = if negative { -number(year)? } else { number(year)? };
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        if let Some(week) = rest.strip_prefix('W') {
            let (week, day) = match week.len() {
                2 => (number(week)?, 1),
                3 | 4 => (number(week.get(..2)?)?, number(week.get(2..)?.trim_start_matches('-'))?),
                _ => return None,
            };
            return Date::of_week(year, week, day);
        }
        match (rest.len(), rest.as_bytes().get(2)) {
            (0, _) => Date::of(year, 1, 1),
            (2, _) => Date::of(year, number(rest)?, 1),
            (3, _) => Date::of_ordinal(year, number(rest)?),
            (4, _) => Date::of(year, number(&rest[..2])?, number(&rest[2..])?),
            (5, Some(b'-')) => Date::of(year, number(&rest[..2])?, number(&rest[3..])?),
            _ => None,
        }
    }

    /// A day by ISO week and day of the week, Monday being 1.
    pub fn of_week(year: i64, week: i64, day: i64) -> Option<Date> {
        let weeks = (Day::of_week(year + 1, 1).0 - Day::of_week(year, 1).0) / 7;
        let valid = YEARS.contains(&year) && (1..=weeks).contains(&week) && (1..=7).contains(&day);
        valid.then(|| Date(Day(Day::of_week(year, week).0 + day - 1)))
    }

    /// A day by its number within the year.
    pub fn of_ordinal(year: i64, ordinal: i64) -> Option<Date> {
        let length = if leap(year) { 366 } else { 365 };
        let valid = YEARS.contains(&year) && (1..=length).contains(&ordinal);
        valid.then(|| Date(Day(Day::of(year, 1, 1).0 + ordinal - 1)))
    }

    /// The part of the given name (`year`, `month`, `day`, `week`, `weekYear`, `quarter`, `dayOfWeek`, `ordinalDay`…).
    pub fn part(self, name: &str) -> Option<i64> {
        let (year, month, day) = self.0.date();
        let week_year = || {
            let mut y = year + 1;
            while Day::of_week(y, 1) > self.0 {
                y -= 1;
            }
            y
        };
        Some(match name {
            "year" => year,
            "month" => month,
            "day" => day,
            "quarter" => (month - 1) / 3 + 1,
            "weekDay" | "dayOfWeek" => self.0.weekday() + 1,
            "ordinalDay" => self.0.0 - Day::of(year, 1, 1).0 + 1,
            "weekYear" => week_year(),
            "week" => (self.0.0 - Day::of_week(week_year(), 1).0) / 7 + 1,
            "dayOfQuarter" => self.0.0 - Day::of(year, (month - 1) / 3 * 3 + 1, 1).0 + 1,
            _ => return None,
        })
    }

    /// The day that lies `d` later; months are counted first and the day kept within the month.
    pub fn plus(self, d: Duration) -> Option<Date> {
        let (year, month, day) = self.0.date();
        let months = (year * 12 + month - 1).checked_add(d.months)?;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        let start = Date::of(year, month, day.min(days_in(year, month)))?;
        let days = d.days.checked_add(d.seconds / 86_400)?;
        Date::of_unix_days(start.0.0.checked_sub(UNIX_EPOCH)?.checked_add(days)?)
    }
}

fn leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.date();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// A length of time. The three parts are kept apart, because months and days have no fixed length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration {
    /// Months, twelve to the year.
    pub months: i64,
    /// Days, seven to the week.
    pub days: i64,
    /// Seconds.
    pub seconds: i64,
}

impl Duration {
    /// Reads `P1Y2M3W4DT5H6M7S`; every part may be left out, none may be a fraction.
    pub fn parse(text: &str) -> Option<Duration> {
        let (sign, body) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let body = body.strip_prefix('P')?;
        let (mut d, mut time, mut digits, mut parts) = (Duration::default(), false, String::new(), 0);
        for c in body.chars() {
            match c {
                '0'..='9' | '-' => digits.push(c),
                'T' if !time && digits.is_empty() => time = true,
                unit => {
                    let n: i64 = digits.parse().ok()?;
                    let n = sign * n;
                    digits.clear();
                    parts += 1;
                    match (unit, time) {
                        ('Y', false) => d.months = d.months.checked_add(n.checked_mul(12)?)?,
                        ('M', false) => d.months = d.months.checked_add(n)?,
                        ('W', false) => d.days = d.days.checked_add(n.checked_mul(7)?)?,
                        ('D', false) => d.days = d.days.checked_add(n)?,
                        ('H', true) => d.seconds = d.seconds.checked_add(n.checked_mul(3600)?)?,
                        ('M', true) => d.seconds = d.seconds.checked_add(n.checked_mul(60)?)?,
                        ('S', true) => d.seconds = d.seconds.checked_add(n)?,
                        _ => return None,
                    }
                }
            }
        }
        (parts > 0 && digits.is_empty()).then_some(d)
    }

    /// The length between two days, in whole months and the days that remain.
    pub fn between(from: Date, to: Date) -> Duration {
        let ((y1, m1, d1), (y2, m2, d2)) = (from.0.date(), to.0.date());
        let mut months = (y2 * 12 + m2) - (y1 * 12 + m1);
        if months > 0 && d2 < d1 {
            months -= 1;
        } else if months < 0 && d2 > d1 {
            months += 1;
        }
        let start = from.plus(Duration { months, ..Duration::default() }).unwrap_or(from);
        Duration { months, days: to.0.0 - start.0.0, seconds: 0 }
    }

    /// The sum of two lengths, part by part.
    pub fn plus(self, other: Duration) -> Option<Duration> {
        Some(Duration {
            months: self.months.checked_add(other.months)?,
            days: self.days.checked_add(other.days)?,
            seconds: self.seconds.checked_add(other.seconds)?,
        })
    }

    /// The length the other way.
    pub fn negated(self) -> Option<Duration> {
        Some(Duration {
            months: self.months.checked_neg()?,
            days: self.days.checked_neg()?,
            seconds: self.seconds.checked_neg()?,
        })
    }

    /// The part of the given name (`years`, `months`, `days`, `weeks`, `seconds`…).
    pub fn part(self, name: &str) -> Option<i64> {
        Some(match name {
            "years" => self.months / 12,
            "quarters" => self.months / 3,
            "months" => self.months,
            "monthsOfYear" => self.months % 12,
            "weeks" => self.days / 7,
            "days" => self.days,
            "daysOfWeek" => self.days % 7,
            "hours" => self.seconds / 3600,
            "minutes" => self.seconds / 60,
            "seconds" => self.seconds,
            _ => return None,
        })
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        for (n, unit) in [(self.months / 12, 'Y'), (self.months % 12, 'M'), (self.days, 'D')] {
            if n != 0 {
                write!(f, "{n}{unit}")?;
            }
        }
        if self.seconds != 0 || (self.months == 0 && self.days == 0) {
            f.write_str("T")?;
        }
        for (n, unit) in [(self.seconds / 3600, 'H'), (self.seconds / 60 % 60, 'M'), (self.seconds % 60, 'S')] {
            if n != 0 {
                write!(f, "{n}{unit}")?;
            }
        }
        if *self == Duration::default() {
            f.write_str("0S")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_precision() {
        for (text, day) in [
            ("2018", "2018-01-01"),
            ("2018-05", "2018-05-01"),
            ("201805", "2018-05-01"),
            ("2018-05-02", "2018-05-02"),
            ("20180502", "2018-05-02"),
            ("2018-05-02/2018-05-10", "2018-05-02"),
            ("2018-W18-3", "2018-05-02"),
            ("2018W18", "2018-04-30"),
            ("2018-122", "2018-05-02"),
        ] {
            assert_eq!(Date::parse(text).map(|d| d.to_string()).as_deref(), Some(day), "{text}");
        }
        for bad in ["", "18", "2018-13", "2018-02-30", "XXXX-05-02", "2018-5-2", "2018-W60", "åå18"] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn months_keep_within_the_month() {
        let d = Date::parse("2024-01-31").unwrap();
        let later = d.plus(Duration::parse("P1M").unwrap()).unwrap();
        assert_eq!(later.to_string(), "2024-02-29");
        assert_eq!(Duration::between(d, Date::parse("2025-03-01").unwrap()).to_string(), "P1Y1M1D");
        assert!(d.plus(Duration { months: i64::MAX, days: 0, seconds: 0 }).is_none());
    }

    #[test]
    fn lengths_are_read_and_written() {
        for text in ["P1Y2M3D", "PT1H2M3S", "P-1M", "PT0S", "P14D"] {
            assert_eq!(Duration::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Duration::parse("P2W").unwrap().to_string(), "P14D");
        for bad in ["", "P", "P1", "1Y", "P1H", "PT", "P99999999999999999999Y"] {
            assert_eq!(Duration::parse(bad), None, "{bad}");
        }
    }
}
