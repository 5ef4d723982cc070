//! The words of time of each language, read once from `grammar/<language>/time`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::model::Lang;
use crate::text::Token;
use crate::text::table::entries;

/// What a phrase does beside a date: the keys of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    DayLead,
    MonthLead,
    YearLead,
    YearsLead,
    Range,
    Between,
    Week,
    Season,
    Since,
    Until,
    SinceAfter,
    UntilAfter,
    Not,
    NotAfter,
    Quantity,
    LastYear,
    ThisYear,
    NextYear,
    SameYear,
    LastMonth,
    ThisMonth,
    NextMonth,
    LastWeek,
    ThisWeek,
    NextWeek,
    Yesterday,
    Tomorrow,
    LastDay,
    NextDay,
    WeekdayLead,
    Future,
    Past,
    Published,
    EventLabel,
}

/// The keys, in the order of [`Cue`].
const KEYS: [&str; 34] = [
    "day-lead",
    "month-lead",
    "year-lead",
    "years-lead",
    "range",
    "between",
    "week",
    "season",
    "since",
    "until",
    "since-after",
    "until-after",
    "not",
    "not-after",
    "quantity",
    "last-year",
    "this-year",
    "next-year",
    "same-year",
    "last-month",
    "this-month",
    "next-month",
    "last-week",
    "this-week",
    "next-week",
    "yesterday",
    "tomorrow",
    "last-day",
    "next-day",
    "weekday-lead",
    "future",
    "past",
    "published",
    "event-label",
];

/// The keys whose phrases are looked for at every word.
const RELATIVE: std::ops::RangeInclusive<usize> = Cue::LastYear as usize..=Cue::WeekdayLead as usize;

/// One language's words of time.
pub(super) struct Words {
    months: HashMap<&'static str, i64>,
    weekdays: HashMap<&'static str, i64>,
    /// The phrases of each cue, longest first.
    cues: Vec<Vec<Vec<&'static str>>>,
    relative: HashSet<&'static str>,
}

static WORDS: LazyLock<[Words; 5]> = LazyLock::new(|| {
    [
        Words::read(include_str!("../../../grammar/sv/time")),
        Words::read(include_str!("../../../grammar/fi/time")),
        Words::read(include_str!("../../../grammar/en/time")),
        Words::read(include_str!("../../../grammar/nb/time")),
        Words::read(include_str!("../../../grammar/da/time")),
    ]
});

impl Words {
    pub(super) fn of(lang: Lang) -> &'static Words {
        &WORDS[lang as usize]
    }

    fn read(table: &'static str) -> Words {
        let mut words = Words {
            months: HashMap::new(),
            weekdays: HashMap::new(),
            cues: vec![Vec::new(); KEYS.len()],
            relative: HashSet::new(),
        };
        for (key, values) in entries(table) {
            if let Ok(month) = key.parse() {
                words.months.extend(values.into_iter().map(|v| (v, month)));
            } else if let Some(n) = key.strip_prefix("day").and_then(|n| n.parse::<i64>().ok()) {
                words.weekdays.extend(values.into_iter().map(|v| (v, n - 1)));
            } else if let Some(i) = KEYS.iter().position(|k| *k == key) {
                words.cues[i].extend(values.into_iter().map(|v| v.split(' ').collect::<Vec<_>>()));
                words.cues[i].sort_by_key(|p| std::cmp::Reverse(p.len()));
            }
        }
        for phrases in &words.cues[RELATIVE] {
            words.relative.extend(phrases.iter().filter_map(|p| p.first().copied()));
        }
        words
    }

    /// The month, 1–12, that a word in small letters names.
    pub(super) fn month(&self, lower: &str) -> Option<i64> {
        self.months.get(lower).copied()
    }

    /// The weekday, 0 for Monday, that a word in small letters names.
    pub(super) fn weekday(&self, lower: &str) -> Option<i64> {
        self.weekdays.get(lower).copied()
    }

    /// Whether a word may begin a relative date.
    pub(super) fn may_start(&self, lower: &str) -> bool {
        self.relative.contains(lower)
    }

    /// The end of the longest phrase of a cue that starts at a token.
    pub(super) fn starting(&self, tokens: &[Token], at: usize, cue: Cue) -> Option<usize> {
        let rest = tokens.get(at..)?;
        let fits = |p: &&Vec<&str>| p.len() <= rest.len() && p.iter().zip(rest).all(|(w, t)| *w == t.lower);
        self.cues[cue as usize].iter().find(fits).map(|p| at + p.len())
    }

    /// The start of the longest phrase of a cue that ends before a token.
    pub(super) fn ending(&self, tokens: &[Token], at: usize, cue: Cue) -> Option<usize> {
        let before = tokens.get(..at)?;
        let fits = |p: &&Vec<&str>| {
            p.len() <= before.len() && p.iter().rev().zip(before.iter().rev()).all(|(w, t)| *w == t.lower)
        };
        self.cues[cue as usize].iter().find(fits).map(|p| at - p.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_words_and_no_key_is_unknown() {
        for lang in Lang::ALL {
            let words = Words::of(*lang);
            let months: HashSet<i64> = words.months.values().copied().collect();
            let days: HashSet<i64> = words.weekdays.values().copied().collect();
            assert_eq!((months.len(), days.len()), (12, 7), "{lang}");
            assert!(!words.cues[Cue::EventLabel as usize].is_empty(), "{lang}");
        }
        assert_eq!(KEYS[Cue::EventLabel as usize], "event-label");
        assert_eq!(KEYS[Cue::SameYear as usize], "same-year");
    }
}
