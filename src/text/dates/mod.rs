//! Dates in words: where a sentence names a day, a month, a year or a span of them, and what it is.
//!
//! The words stand in `grammar/<language>/time`. A relative date ("förra veckan") and a day without a year are resolved
//! only where the document's own date makes them certain; else a day without a year is `XXXX-05-02` and a relative
//! date is passed over. A season gives its year: the model has no seasons.

use std::ops::Range;

use super::{Shape, Token, TokenKind, tokens};
use crate::model::{Day, Edtf, Lang};

mod numeric;
mod words;

use numeric::{Numeric, numeric};
use words::{Cue, Words};

/// What a date says of what it stands with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateKind {
    /// When it happened: a day, some days, a month, a year.
    Date,
    /// From when it holds (`sedan 2014`).
    Since,
    /// Until when it held (`till och med 2023`).
    Until,
    /// From one year or month to another (`2021–2027`): both of these.
    Period,
}

/// A date in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateMention {
    /// Its tokens, with the words that belong to it (`den`, `sedan år`), as indices into the sentence's.
    pub tokens: Range<usize>,
    /// What it is.
    pub value: Edtf,
    /// What it says.
    pub kind: DateKind,
}

/// What is known outside the sentence.
#[derive(Debug, Clone, Copy, Default)]
pub struct DateContext<'a> {
    /// The date that the document bears.
    pub document: Option<&'a Edtf>,
    /// The year that the text named last, for "samma år".
    pub last_year: Option<i64>,
}

/// The dates of a sentence, in order, without overlap.
///
/// ```
/// use samband::{model::Lang, text::{DateContext, DateKind, dates, tokens}};
/// let found = dates(&tokens("Luleå har sedan 2014 ett samarbete med Austin."), Lang::Sv, DateContext::default());
/// assert_eq!((found[0].value.as_str(), found[0].kind), ("2014", DateKind::Since));
/// let found = dates(&tokens("Den 2–10 maj är en delegation i USA."), Lang::Sv, DateContext::default());
/// assert_eq!(found[0].value.as_str(), "XXXX-05-02/XXXX-05-10");
/// ```
pub fn dates(tokens: &[Token], lang: Lang, context: DateContext<'_>) -> Vec<DateMention> {
    let mut reader = Reader { tokens, lang, words: Words::of(lang), context, out: Vec::new() };
    let mut at = 0;
    while at < tokens.len() {
        let end = reader.read(at).unwrap_or(at + 1);
        at = end.max(at + 1);
    }
    reader.out
}

/// The date that a page bears: its own date line (`2021-12-22`, `Publicerad 3 mars 2022`), looked for among the first
/// blocks of its text. A date inside a sentence, a span of days and the time of an event (`Tid: 4 maj 2021`) are none.
///
/// ```
/// use samband::text::document_date;
/// let lines = ["Kansainvälisyysstrategia valmistui", "Nov 14, 2018Raimo", "Strategia hyväksyttiin 5.11.2018."];
/// assert_eq!(document_date(&lines).unwrap().as_str(), "2018-11-14");
/// ```
pub fn document_date<S: AsRef<str>>(lines: &[S]) -> Option<Edtf> {
    let mut short = None;
    for (n, line) in lines.iter().take(40).enumerate() {
        let line = line.as_ref().trim();
        if line.len() > 300 {
            continue;
        }
        let tokens = tokens(line);
        if tokens.len() > 24 || !tokens.iter().any(|t| t.lower.bytes().any(|b| b.is_ascii_digit())) {
            continue;
        }
        for &lang in Lang::ALL {
            let words = Words::of(lang);
            let found = dates(&tokens, lang, DateContext::default());
            let full =
                |d: &&DateMention| d.kind == DateKind::Date && matches!(d.value.bounds(), (Some(a), Some(b)) if a == b);
            let Some(date) = found.iter().find(full) else { continue };
            let cue = |key| (0..date.tokens.start.min(8)).any(|i| words.starting(&tokens, i, key).is_some());
            if cue(Cue::EventLabel) {
                break;
            }
            if cue(Cue::Published) {
                return Some(date.value.clone());
            }
            let others = tokens.len() - date.tokens.len();
            let sentence = line.ends_with(['.', '!', '?']) && others > 3;
            // In the heading a date may be that of what the page is about, unless the page is of minutes and their like.
            let fits = if n == 0 { others <= 3 } else { others <= 10 };
            if short.is_none() && fits && n < 8 && !sentence && found.len() == 1 {
                short = Some(date.value.clone());
            }
            break;
        }
    }
    short
}

struct Reader<'t, 'c> {
    tokens: &'t [Token],
    lang: Lang,
    words: &'static Words,
    context: DateContext<'c>,
    out: Vec<DateMention>,
}

/// A month and perhaps a day of no known year.
#[derive(Debug, Clone, Copy)]
struct Partial {
    month: i64,
    day: Option<i64>,
}

impl Reader<'_, '_> {
    fn lower(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |t| t.lower.as_str())
    }

    fn is_number(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|t| t.kind == TokenKind::Number)
    }

    fn is_dash(&self, i: usize) -> bool {
        matches!(self.lower(i), "–" | "-" | "—")
    }

    /// A year alone in a token.
    fn year(&self, i: usize) -> Option<i64> {
        if !self.is_number(i) {
            return None;
        }
        match numeric(self.lower(i))? {
            Numeric::Year(y) => Some(y),
            _ => None,
        }
    }

    /// The month that a token names. English month names and `maj`, `mars` are words of other senses in small letters
    /// or capitals, so English wants the capital.
    fn month(&self, i: usize) -> Option<i64> {
        let token = self.tokens.get(i)?;
        if token.kind != TokenKind::Word || (self.lang == Lang::En && token.shape == Shape::Lower) {
            return None;
        }
        self.words.month(&token.lower)
    }

    /// The end of an ordinal's mark after the number at `i`: `4.`, `4:e` is one token.
    fn after_ordinal(&self, i: usize) -> usize {
        let stop = self.lower(i + 1) == "." && self.tokens.get(i + 1).is_some_and(|t| !t.spaced);
        i + 1 + usize::from(stop)
    }

    /// The days that a token counts: `4`, `2–10`, `4:e`, `2nd`.
    fn days(&self, i: usize) -> Option<(i64, i64)> {
        let token = self.tokens.get(i)?;
        let form = match token.kind {
            TokenKind::Number => token.lower.as_str(),
            TokenKind::Word => {
                let digits = token.lower.bytes().take_while(u8::is_ascii_digit).count();
                let rest = token.lower[digits..].trim_start_matches(':');
                if digits == 0 || !matches!(rest, "e" | "a" | "st" | "nd" | "rd" | "th") {
                    return None;
                }
                &token.lower[..digits]
            }
            TokenKind::Punct => return None,
        };
        match numeric(form)? {
            Numeric::Days(a, b) => Some((a, b)),
            _ => None,
        }
    }

    /// Tries each form of a date that may begin at `at`; the end of what was read.
    fn read(&mut self, at: usize) -> Option<usize> {
        let token = &self.tokens[at];
        match token.kind {
            TokenKind::Punct => None,
            TokenKind::Number => self.in_digits(at).or_else(|| self.day_month(at)).or_else(|| self.years(at)),
            TokenKind::Word => self
                .relative(at)
                .or_else(|| self.week(at))
                .or_else(|| self.day_month(at))
                .or_else(|| self.month_first(at))
                .or_else(|| self.season(at)),
        }
    }

    /// `4.5.2021`, `2018-05-02`, `2.–10.5.2021`, `15.3.`
    fn in_digits(&mut self, at: usize) -> Option<usize> {
        let form = numeric(self.lower(at))?;
        let end = at + 1;
        match form {
            Numeric::Full(from, to) => {
                let value = Edtf::interval(&day(from)?, &day(to)?);
                self.found(at, end, value, false)
            }
            Numeric::YearMonth(y, m) => self.found(at, end, Edtf::month(Some(y), m), false),
            Numeric::DayMonth(from, to) => {
                let slash = self.lower(at).contains('/');
                let dotted = self.lang == Lang::Fi && self.after_ordinal(at) > end;
                let led = self.words.ending(self.tokens, at, Cue::DayLead).is_some();
                let clock = at > 0 && matches!(self.lower(at - 1), "klo" | "kl" | "klockan" | "kello");
                if clock || !(dotted || led && (slash || self.lang != Lang::Fi)) {
                    return None;
                }
                let end = if dotted { self.after_ordinal(at) } else { end };
                let partial = |(d, m): (i64, i64)| Partial { month: m, day: Some(d) };
                let value = self.interval(partial(from), partial(to), at)?;
                self.found(at, end, value, false)
            }
            Numeric::Years(a, b) => self.found(at, end, Edtf::interval(&Edtf::year(a), &Edtf::year(b)), true),
            Numeric::Year(_) | Numeric::Days(..) => None,
        }
    }

    /// `4 maj 2021`, `2–10 maj`, `4. toukokuuta`, `28 april–2 maj`, `2nd of May`, `2 och 3 maj`.
    fn day_month(&mut self, at: usize) -> Option<usize> {
        let (mut first, mut last) = self.days(at)?;
        let mut i = self.after_ordinal(at);
        // `2 – 10 maj`, `2 till 10 maj`, `2 och 3 maj`
        let joined = if self.is_dash(i) { Some(i + 1) } else { self.words.starting(self.tokens, i, Cue::Range) };
        let and = self.words.starting(self.tokens, i, Cue::Between);
        if let Some(next) = joined.or(and)
            && let Some((a, b)) = self.days(next)
            && self.month_after(self.after_ordinal(next)).is_some()
            && a > last
            && (joined.is_some() || a == last + 1)
        {
            last = b;
            i = self.after_ordinal(next);
        }
        let (month, mut end) = self.month_after(i)?;
        let mut from = month;
        let mut to = month;
        // `28 april–2 maj`
        if first == last
            && let Some(next) =
                if self.is_dash(end) { Some(end + 1) } else { self.words.starting(self.tokens, end, Cue::Range) }
            && let Some((d, e)) = self.days(next)
            && d == e
            && let Some((m, after)) = self.month_after(self.after_ordinal(next))
        {
            (from, to, last, end) = (month, m, d, after);
        }
        if first > last && from == to {
            (first, last) = (last, first);
        }
        let start = at;
        // `1 april 2022–31 mars 2025`
        if from == to
            && first == last
            && let Some((y, d, m, z, after)) = self.second_date(end)
        {
            let value = Edtf::interval(&day((y, from, first))?, &day((z, m, d))?);
            return if (y, from, first) <= (z, m, d) { self.found(start, after, value, y != z) } else { None };
        }
        let (year, end) = self.year_after(end);
        let value = match year {
            Some(y) => Edtf::interval(&day((y, from, first))?, &day((y, to, last))?),
            None => {
                let partial = |m, d| Partial { month: m, day: Some(d) };
                self.interval(partial(from, first), partial(to, last), start)?
            }
        };
        self.found(start, end, value, false)
    }

    /// A year, a dash and a whole date at `i`: the year, the day, month and year after it, and the index after those.
    fn second_date(&self, i: usize) -> Option<(i64, i64, i64, i64, usize)> {
        let (year, last, after) = match self.lower(i).split_once(['–', '-']) {
            Some((y, d)) => {
                let last: i64 = d.parse().ok().filter(|d| (1..=31).contains(d))?;
                (y.parse().ok().filter(|y| (1000..2200).contains(y))?, last, self.after_ordinal(i))
            }
            None => {
                let year = self.year(i)?;
                let next =
                    if self.is_dash(i + 1) { i + 2 } else { self.words.starting(self.tokens, i + 1, Cue::Range)? };
                let next = self.words.starting(self.tokens, next, Cue::DayLead).unwrap_or(next);
                let (d, e) = self.days(next)?;
                (year, (d == e).then_some(d)?, self.after_ordinal(next))
            }
        };
        let (month, end) = self.month_after(after)?;
        Some((year, last, month, self.year(end)?, end + 1))
    }

    /// A month at `i`, past an `of`; with the index after it.
    fn month_after(&self, i: usize) -> Option<(i64, usize)> {
        let i = if self.lang == Lang::En && self.lower(i) == "of" { i + 1 } else { i };
        let m = self.month(i)?;
        // The stop of an abbreviated month.
        let stop = self.lower(i).len() <= 4 && self.lower(i + 1) == "." && !self.tokens[i + 1].spaced;
        Some((m, i + 1 + usize::from(stop && i + 2 < self.tokens.len())))
    }

    /// A year at `i`, past a comma or a word for "year"; with the index after it.
    fn year_after(&self, i: usize) -> (Option<i64>, usize) {
        let word = self.words.starting(self.tokens, i, Cue::YearLead).filter(|&n| n == i + 1);
        let j = if self.lower(i) == "," { i + 1 } else { word.unwrap_or(i) };
        match self.year(j) {
            Some(y) => (Some(y), j + 1),
            None => {
                // `i maj i fjol`
                match self.relative_year(i) {
                    Some((Some(y), end)) => (Some(y), end),
                    _ => (None, i),
                }
            }
        }
    }

    /// `toukokuussa 2021`, `May 2, 2018`, `maj–juni 2021`, `i januari`.
    fn month_first(&mut self, at: usize) -> Option<usize> {
        let lower = self.lower(at).to_owned();
        let (from, mut to, mut end) = match self.month_after(at) {
            Some((m, end)) => (m, m, end),
            // `maj-juni`, `touko-kesäkuussa`
            None => {
                let (a, b) = lower.split_once(['-', '\u{2011}'])?;
                (self.words.month(a)?, self.words.month(b)?, at + 1)
            }
        };
        if from == to
            && self.is_dash(end)
            && let Some((m, after)) = self.month_after(end + 1)
        {
            (to, end) = (m, after);
        }
        // `May 2, 2018`, `Nov 14-16, 2018`
        if self.lang == Lang::En
            && from == to
            && let Some((first, last)) = self.days(end)
        {
            let (year, end) = self.year_after(end + 1);
            let value = match year {
                Some(y) => Edtf::interval(&day((y, from, first))?, &day((y, to, last))?),
                None => {
                    let partial = |d| Partial { month: from, day: Some(d) };
                    self.interval(partial(first), partial(last), at)?
                }
            };
            return self.found(at, end, value, false);
        }
        let (year, after) = self.year_after(end);
        let value = match year {
            Some(y) if to < from => Edtf::interval(&Edtf::month(Some(y - 1), from), &Edtf::month(Some(y), to)),
            Some(y) => Edtf::interval(&Edtf::month(Some(y), from), &Edtf::month(Some(y), to)),
            None => {
                // Alone, a word such as `maj` or `May` may be a name: it needs a preposition, or a Finnish case.
                let led = self.words.ending(self.tokens, at, Cue::MonthLead).is_some()
                    || self.words.ending(self.tokens, at, Cue::LastDay).is_some()
                    || self.words.ending(self.tokens, at, Cue::NextDay).is_some();
                let cased = self.lang == Lang::Fi && ["ssa", "sta", "hun", "n"].iter().any(|e| lower.ends_with(e));
                if !led && !cased {
                    return None;
                }
                let partial = |m| Partial { month: m, day: None };
                self.interval(partial(from), partial(to), at)?
            }
        };
        self.found(at, after, value, false)
    }

    /// `2019`, `2014 – 2020`, `från 2014 till 2020`, `mellan 2014 och 2020`, `vuodesta 2014 vuoteen 2020`.
    fn years(&mut self, at: usize) -> Option<usize> {
        let first = self.year(at)?;
        let end = at + 1;
        let led = self.words.ending(self.tokens, at, Cue::YearLead).is_some()
            || self.words.ending(self.tokens, at, Cue::Since).is_some()
            || self.words.ending(self.tokens, at, Cue::Until).is_some();
        let spanning = self.words.ending(self.tokens, at, Cue::YearsLead).is_some();
        let mut next =
            self.is_dash(end).then_some(end + 1).or_else(|| self.words.starting(self.tokens, end, Cue::Range));
        if next.is_none() && (spanning || led) {
            next = self.words.starting(self.tokens, end, Cue::Between).filter(|_| spanning);
            if self.lang == Lang::Fi {
                next = self.words.starting(self.tokens, end, Cue::Until);
            }
        }
        if let Some(mut next) = next {
            if let Some(n) = self.words.starting(self.tokens, next, Cue::YearLead) {
                next = n;
            }
            if let Some(last) = self.year(next)
                && last > first
            {
                return self.found(at, next + 1, Edtf::interval(&Edtf::year(first), &Edtf::year(last)), true);
            }
        }
        let bare = !led && !spanning;
        let counted = self.words.ending(self.tokens, at, Cue::Quantity).is_some();
        let unit = matches!(
            self.lower(end),
            "%" | "€" | "$" | "kr" | "kronor" | "euro" | "euroa" | "euros" | "m2" | "km" | "miljoner"
        );
        let glued = at > 0
            && !self.tokens[at].spaced
            && matches!(self.lower(at - 1), "/" | "#" | "§" | "+" | ":" | "." | "$" | "€");
        if bare && (counted || unit || glued || !(1900..2100).contains(&first) || first % 100 == 0 || first % 100 == 50)
        {
            return None;
        }
        self.found(at, end, Edtf::year(first), false)
    }

    /// `vecka 20`, `viikolla 20 (2022)`, `vecka 20–21 2022`.
    fn week(&mut self, at: usize) -> Option<usize> {
        let mut i = self.words.starting(self.tokens, at, Cue::Week)?;
        if self.lower(at) == "v" && self.lower(i) == "." {
            i += 1;
        }
        let numbers = self.lower(i);
        let (a, b) = match numbers.split_once(['–', '-']) {
            Some((a, b)) => (a, b),
            None => (numbers, numbers),
        };
        let (a, b): (i64, i64) = (a.parse().ok()?, b.parse().ok()?);
        if !(1..=53).contains(&a) || !(a..=53).contains(&b) {
            return None;
        }
        i += 1;
        let bracket = matches!(self.lower(i), "(" | "," | "/");
        let (mut year, mut end) = self.year_after(i + usize::from(bracket));
        if year.is_some() {
            end += usize::from(bracket && self.lower(end) == ")");
        } else {
            end = i;
            let (y, doc) = (self.document_year()?, self.document_day()?);
            let diff = Day::of_week(y, a).0 - doc.0;
            year = self.pick_year(y, diff, at);
        }
        let year = year?;
        let week = |w| Edtf::week(year, w);
        let (from, to) = (week(a), week(b));
        let (Some((from, _)), Some((_, to))) = (from.as_str().split_once('/'), to.as_str().split_once('/')) else {
            return None;
        };
        let value = format!("{from}/{to}").parse().ok()?;
        self.found(at, end, value, false)
    }

    /// `våren 2024`: the year, for the model has no seasons.
    fn season(&mut self, at: usize) -> Option<usize> {
        let i = self.words.starting(self.tokens, at, Cue::Season)?;
        let i = if self.lower(i) == "of" { i + 1 } else { i };
        let i = self.words.starting(self.tokens, i, Cue::YearLead).unwrap_or(i);
        let year = self.year(i)?;
        self.found(at, i + 1, Edtf::year(year), false)
    }

    fn document_year(&self) -> Option<i64> {
        let (a, b) = self.context.document?.bounds();
        let (a, b) = (a?.date().0, b?.date().0);
        (a == b).then_some(a)
    }

    fn document_day(&self) -> Option<Day> {
        let (a, b) = self.context.document?.bounds();
        (a? == b?).then_some(a?)
    }

    /// A word for a year reckoned from the document's at `i`; `None` inside where the reckoning fails.
    fn relative_year(&self, i: usize) -> Option<(Option<i64>, usize)> {
        let year = self.document_year();
        [(Cue::LastYear, -1), (Cue::ThisYear, 0), (Cue::NextYear, 1)]
            .into_iter()
            .find_map(|(cue, n)| Some((year.map(|y| y + n), self.words.starting(self.tokens, i, cue)?)))
    }

    /// `förra veckan`, `viime perjantaina`, `samma år`.
    fn relative(&mut self, at: usize) -> Option<usize> {
        if !self.words.may_start(self.lower(at)) {
            return self.bare_weekday(at);
        }
        if let Some((year, end)) = self.relative_year(at) {
            let Some(year) = year else { return Some(end) };
            // `viime vuoden toukokuussa`
            if let Some((month, after)) = self.month_after(end) {
                return self.found(at, after, Edtf::month(Some(year), month), false);
            }
            return self.found(at, end, Edtf::year(year), false);
        }
        if let Some(end) = self.words.starting(self.tokens, at, Cue::SameYear) {
            let said = self.out.iter().rev().find_map(|d| d.value.first_year());
            let year = said.or(self.context.last_year)?;
            return self.found(at, end, Edtf::year(year), false);
        }
        let doc = self.document_day();
        for (cue, n) in [(Cue::LastWeek, -1), (Cue::ThisWeek, 0), (Cue::NextWeek, 1)] {
            if let Some(end) = self.words.starting(self.tokens, at, cue) {
                let monday = Day(doc?.0 - doc?.weekday() + 7 * n);
                let value = format!("{}/{}", monday.iso(), Day(monday.0 + 6).iso()).parse().ok()?;
                return self.found(at, end, value, false);
            }
        }
        for (cue, n) in [(Cue::LastMonth, -1), (Cue::ThisMonth, 0), (Cue::NextMonth, 1)] {
            if let Some(end) = self.words.starting(self.tokens, at, cue) {
                let (y, m, _) = doc?.date();
                let months = y * 12 + m - 1 + n;
                return self.found(at, end, Edtf::month(Some(months.div_euclid(12)), months.rem_euclid(12) + 1), false);
            }
        }
        for (cue, n) in [(Cue::Yesterday, -1), (Cue::Tomorrow, 1)] {
            if let Some(end) = self.words.starting(self.tokens, at, cue) {
                return self.found(at, end, Day(doc?.0 + n).iso().parse().ok()?, false);
            }
        }
        for (cue, last) in [(Cue::LastDay, true), (Cue::NextDay, false)] {
            let Some(i) = self.words.starting(self.tokens, at, cue) else { continue };
            let Some(weekday) = self.words.weekday(self.lower(i)) else { continue };
            // `i fredags` is past, `i fredag` is no Swedish, and `på fredag` is to come.
            if self.lower(at) == "i" && !self.lower(i).ends_with("dags") {
                continue;
            }
            let doc = doc?;
            let ahead = (weekday - doc.weekday()).rem_euclid(7);
            let ahead = if ahead == 0 { 7 } else { ahead };
            let days = if last { ahead - 7 } else { ahead };
            // The same weekday as the document's: the one a week off.
            let days = if days == 0 { -7 } else { days };
            return self.found(at, i + 1, Day(doc.0 + days).iso().parse().ok()?, false);
        }
        self.bare_weekday(at)
    }

    /// `signerte torsdag`, `on Thursday`: the last one or the next, where a verb close by says which.
    fn bare_weekday(&mut self, at: usize) -> Option<usize> {
        let lead = self.words.starting(self.tokens, at, Cue::WeekdayLead);
        let i = lead.unwrap_or(at);
        let weekday = self.words.weekday(self.lower(i))?;
        // Abbreviations and compounds' heads are no weekdays of a week.
        let named = self.lower(i).len() > 4 && (lead.is_some() || matches!(self.lang, Lang::Fi | Lang::Nb | Lang::Da));
        let dated = self.is_number(i + 1)
            || self.month(i + 1).is_some()
            || matches!(self.lower(i + 1), "," | "den" | "the")
                && (self.is_number(i + 2) || self.month(i + 2).is_some());
        let before = i.checked_sub(1).map_or("", |p| self.lower(p));
        let often = matches!(before, "varje" | "every" | "hver" | "joka" | "hverje" | "alla" | "each");
        if !named || dated || often {
            return None;
        }
        let doc = self.document_day()?;
        let future = self.future(at, 5)?;
        let ahead = (weekday - doc.weekday()).rem_euclid(7);
        let days = match (future, ahead) {
            (true, 0) => 7,
            (true, n) => n,
            (false, 0) => 0,
            (false, n) => n - 7,
        };
        self.found(at, i + 1, Day(doc.0 + days).iso().parse().ok()?, false)
    }

    /// The interval of two dates of one unknown year.
    fn interval(&self, from: Partial, to: Partial, at: usize) -> Option<Edtf> {
        let year = self.year_of(from, at);
        let value = |p: Partial, y: Option<i64>| match p.day {
            Some(d) => {
                // A leap day of no known year is one.
                let known = y.unwrap_or(2000);
                day((known, p.month, d)).map(|_| Edtf::day(y, p.month, d))
            }
            None => Some(Edtf::month(y, p.month)),
        };
        let turns = (to.month, to.day) < (from.month, from.day);
        if turns && year.is_none() {
            return None;
        }
        let (from, to) = (value(from, year)?, value(to, year.map(|y| y + i64::from(turns)))?);
        Some(Edtf::interval(&from, &to))
    }

    /// The year of a day or month that names none, where the document's date makes it certain.
    fn year_of(&self, date: Partial, at: usize) -> Option<i64> {
        let (doc, year) = (self.document_day()?, self.document_year()?);
        let (_, month, _) = doc.date();
        let diff = match date.day {
            Some(d) => Day::of(year, date.month, d).0 - doc.0,
            None => (date.month - month) * 30,
        };
        if self.words.ending(self.tokens, at, Cue::LastDay).is_some_and(|s| self.lower(s) != "i") && date.day.is_none()
        {
            return Some(if date.month < month { year } else { year - 1 });
        }
        self.pick_year(year, diff, at)
    }

    /// Which year a date means that lies `diff` days after the document's in the document's year.
    fn pick_year(&self, year: i64, diff: i64, at: usize) -> Option<i64> {
        match self.future(at, 60) {
            Some(true) if diff >= 0 => Some(year),
            Some(true) => (diff < -90).then_some(year + 1),
            Some(false) if diff <= 0 => Some(year),
            Some(false) => (diff > 31).then_some(year - 1),
            // A date soon to come may be told of in the present.
            None => (diff <= 183).then_some(year),
        }
    }

    /// Whether the words nearest to a token, within a reach, speak of what is to come (true) or of what was.
    fn future(&self, at: usize, reach: usize) -> Option<bool> {
        let mut best: Option<(usize, bool)> = None;
        for i in at.saturating_sub(reach)..self.tokens.len().min(at + reach) {
            for (cue, future) in [(Cue::Future, true), (Cue::Past, false)] {
                if self.words.starting(self.tokens, i, cue).is_some() {
                    let far = i.abs_diff(at);
                    if best.is_none_or(|(d, _)| far < d) {
                        best = Some((far, future));
                    }
                }
            }
        }
        best.map(|(_, future)| future)
    }

    /// Keeps a date with the words before and after it that belong to it, and what they say.
    fn found(&mut self, start: usize, end: usize, value: Edtf, period: bool) -> Option<usize> {
        let (mut start, mut end) = (start, end);
        let floor = self.out.last().map_or(0, |d| d.tokens.end);
        let mut kind = if period { DateKind::Period } else { DateKind::Date };
        let month_case = |i: usize, ending: &str| {
            self.lang == Lang::Fi && self.month(i).is_some() && self.lower(i).ends_with(ending)
        };
        if !period && (start..end).any(|i| month_case(i, "kuusta")) {
            kind = DateKind::Since;
        } else if !period && (start..end).any(|i| month_case(i, "kuuhun")) {
            kind = DateKind::Until;
        }
        let mut cut = false;
        // Words before: a weekday, "den", "år", "sedan"; at most one of each sort.
        for _ in 0..4 {
            if start > floor && self.words.weekday(self.lower(start - 1)).is_some() {
                start -= 1;
                continue;
            }
            if start > floor + 1 && self.lower(start - 1) == "," && self.words.weekday(self.lower(start - 2)).is_some()
            {
                start -= 2;
                continue;
            }
            let before = |cue| self.words.ending(self.tokens, start, cue).filter(|&s| s >= floor);
            // The longest phrase before it decides: `till och med` before `med`, `i slutet av` before `av`.
            let found = [Cue::Not, Cue::Since, Cue::Until, Cue::YearsLead, Cue::YearLead, Cue::DayLead]
                .into_iter()
                .filter_map(|cue| before(cue).map(|s| (s, cue)))
                .min_by_key(|&(s, _)| s);
            let Some((s, cue)) = found else { break };
            match cue {
                Cue::Not => cut = true,
                Cue::Since if kind == DateKind::Date => kind = DateKind::Since,
                Cue::Until if kind == DateKind::Date => kind = DateKind::Until,
                _ => {}
            }
            start = s;
            if matches!(cue, Cue::Since | Cue::Until | Cue::Not) {
                break;
            }
        }
        let after = |cue| self.words.starting(self.tokens, end, cue);
        if let Some(e) = after(Cue::SinceAfter) {
            if kind == DateKind::Date {
                kind = DateKind::Since;
            }
            end = e;
        } else if let Some(e) = after(Cue::UntilAfter) {
            if kind == DateKind::Date {
                kind = DateKind::Until;
            }
            end = e;
        } else if let Some(e) = after(Cue::NotAfter) {
            cut = true;
            end = e;
        }
        // "Before 2020" says no date.
        if !cut {
            self.out.push(DateMention { tokens: start..end, value, kind });
        }
        Some(end)
    }
}

/// A day that exists.
fn day((y, m, d): (i64, i64, i64)) -> Option<Edtf> {
    Edtf::day(Some(y), m, d).as_str().parse().ok()
}

#[cfg(test)]
mod tests;
