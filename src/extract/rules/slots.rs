//! Which mention fills a slot: sides, markers, cases and subjects. Sees one trigger at a time; emits nothing.

use std::ops::Range;

use super::ast::{Side, TypeSet, Within};
use super::set::{Known, Slot};
use super::vocab::{Hits, Pred};
use crate::extract::sentence::View;
use crate::extract::words::{Class, Words};
use crate::model::{Kind, Lang, Type};
use crate::text::{Case, TokenKind};

/// How many tokens a marker may stand before what it governs ("med den japanska staden X").
const BEFORE: usize = 6;
/// How many tokens a postposition may stand behind.
const BEHIND: usize = 3;
/// How many clauses back a subject may stand.
const CLAUSES_BACK: usize = 4;

/// What the search for one trigger looks at.
pub(super) struct Search<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) hits: &'a Hits,
    pub(super) known: &'a Known,
    /// Tokens of dates.
    pub(super) dates: &'a [Range<usize>],
    pub(super) trigger: Range<usize>,
    /// Mentions that are taken already.
    pub(super) used: Vec<usize>,
}

impl Search<'_> {
    /// Whether a token is of a class that may not be declared.
    fn is(&self, token: usize, class: Option<Pred>) -> bool {
        class.is_some_and(|p| self.hits.lengths(token, p).next().is_some())
    }

    fn punct(&self, token: usize) -> bool {
        self.view.tokens.get(token).is_some_and(|t| t.kind == TokenKind::Punct)
    }

    /// A mark that parts phrases: not a quotation mark, bracket or hyphen.
    fn stops(&self, token: usize) -> bool {
        self.view.tokens.get(token).is_some_and(|t| {
            t.kind == TokenKind::Punct
                && !matches!(t.lower.as_str(), "\"" | "”" | "“" | "’" | "'" | "«" | "»" | "(" | "-" | "–")
        })
    }

    fn clause(&self, token: usize) -> usize {
        self.view.clause_at(token)
    }

    fn clause_range(&self, clause: usize) -> Range<usize> {
        self.view.clauses.get(clause).cloned().unwrap_or(0..self.view.tokens.len())
    }

    /// The clauses of the trigger's first and last token.
    fn trigger_clauses(&self) -> (usize, usize) {
        (self.clause(self.trigger.start), self.clause(self.trigger.end.saturating_sub(1)))
    }

    /// The first token of a clause that is no punctuation.
    fn opening(&self, clause: usize) -> usize {
        let r = self.clause_range(clause);
        r.clone().find(|&i| !self.punct(i)).unwrap_or(r.start)
    }

    /// The tokens whose cues bear on the trigger: its clauses, and before an infinitive the clause that rules it.
    /// `infinitive`: the trigger is an infinitive without a mark of its own, coordinated with one before.
    pub(super) fn reach(&self, infinitive: bool) -> Range<usize> {
        let (mut first, last) = self.trigger_clauses();
        for _ in 0..CLAUSES_BACK {
            let open = self.opening(first);
            let ruled = self.is(open, self.known.infinitive);
            let bare = infinitive && (self.is(open, self.known.conjunction) || self.trigger.contains(&open));
            if first == 0 || !(ruled || bare) {
                break;
            }
            first -= 1;
        }
        self.clause_range(first).start..self.clause_range(last).end
    }

    /// The tokens of the group of a mention, or of the mention itself.
    fn whole(&self, mention: usize) -> Range<usize> {
        let Some(m) = self.view.mentions.get(mention) else { return 0..0 };
        m.group.and_then(|g| self.view.groups.get(g)).map_or_else(|| m.tokens.clone(), |g| g.tokens.clone())
    }

    /// All that a mention stands for in a slot: itself, or with `each` the fitting members of its group.
    fn spread(&self, mention: usize, types: TypeSet, each: bool) -> Vec<usize> {
        let group = self.view.mentions.get(mention).and_then(|m| m.group).and_then(|g| self.view.groups.get(g));
        match group {
            Some(g) if each => {
                let fits = |&&i: &&usize| self.view.mentions.get(i).is_some_and(|m| types.has(m.ty));
                g.members.iter().filter(fits).copied().filter(|i| !self.used.contains(i)).collect()
            }
            _ => vec![mention],
        }
    }

    fn case_fits(&self, mention: usize, cases: &[Case]) -> bool {
        let Some(m) = self.view.mentions.get(mention) else { return false };
        let group = m.group.and_then(|g| self.view.groups.get(g)).map(|g| g.case);
        cases.contains(&m.case) || group.is_some_and(|c| cases.contains(&c))
    }

    /// Whether one of the markers stands before the phrase that begins at `start`, at or after `from`, with nothing
    /// between that would take the phrase for itself.
    fn governed(&self, start: usize, markers: &[Vec<Pred>], from: usize) -> bool {
        let clause = self.clause(start);
        let mut opened = false;
        for i in (start.saturating_sub(BEFORE)..start).rev() {
            // "i stället", "i dag": no preposition of what follows
            if self.is(i, self.known.adverbial) {
                return false;
            }
            if markers.iter().any(|m| self.marker_ends(m, i + 1).is_some_and(|s| s >= from)) {
                return true;
            }
            // an article opens the phrase: only what stands just before it governs ("i höstas en kurs")
            if opened || self.is(i, self.known.adverbial) {
                return false;
            }
            opened = self.is(i, self.known.article);
            let other = self.view.mention_at(i).is_some()
                || self.is(i, self.known.adposition)
                || self.dates.iter().any(|d| d.contains(&i));
            if other || self.stops(i) || self.clause(i) != clause {
                return false;
            }
        }
        false
    }

    /// Where a marker begins that ends just before `end`.
    fn marker_ends(&self, marker: &[Pred], end: usize) -> Option<usize> {
        match marker {
            [one] => self.hits.ends_at(end, *one),
            many => {
                let start = end.checked_sub(many.len())?;
                many.iter().enumerate().all(|(k, p)| self.hits.has(start + k, *p)).then_some(start)
            }
        }
    }

    /// Whether one of the markers stands just behind the phrase that ends at `end`.
    fn followed(&self, end: usize, markers: &[Vec<Pred>]) -> bool {
        let clause = self.clause(end.saturating_sub(1));
        for i in end..(end + BEHIND).min(self.view.tokens.len()) {
            let stands = |m: &Vec<Pred>| match m.as_slice() {
                [one] => self.hits.lengths(i, *one).next().is_some(),
                many => many.iter().enumerate().all(|(k, p)| self.hits.has(i + k, *p)),
            };
            if markers.iter().any(stands) {
                return true;
            }
            let other = self.view.mention_at(i).is_some() || self.is(i, self.known.adposition);
            if other || self.stops(i) || self.clause(i) != clause {
                return false;
            }
        }
        false
    }

    /// Whether a body stands in apposition to a person before it: "Eva Lund, Region Skåne, inledde".
    fn apposed(&self, mention: usize) -> bool {
        let Some(before) = mention.checked_sub(1).and_then(|i| self.view.mentions.get(i)) else { return false };
        self.view.mentions.get(mention).is_some_and(|m| {
            let between = before.tokens.end..m.tokens.start;
            m.group.is_none()
                && m.ty.kind() == Kind::Actor
                && m.ty != Type::Person
                && before.ty == Type::Person
                && (1..=BEFORE).contains(&between.len())
                && self.stops(between.start)
                && m.tokens.end <= self.trigger.start
        })
    }

    /// Whether a mention hangs on an adposition or another name, so that it is no subject.
    fn oblique(&self, mention: usize) -> bool {
        if self.apposed(mention) {
            return true;
        }
        let start = self.whole(mention).start;
        let clause = self.clause(start);
        let mut opened = false;
        for i in (start.saturating_sub(4)..start).rev() {
            let own = self.trigger.contains(&i)
                || self.view.mention_at(i).is_some()
                || self.dates.iter().any(|d| d.contains(&i))
                || self.is(i, self.known.auxiliary)
                || self.stops(i)
                || self.clause(i) != clause;
            if own {
                return false;
            }
            if self.is(i, self.known.adverbial) {
                return false;
            }
            if self.is(i, self.known.adposition) {
                return true;
            }
            if opened {
                return false;
            }
            opened = self.is(i, self.known.article);
        }
        false
    }

    /// The fillers of a slot that is no subject, best first.
    pub(super) fn candidates(&self, slot: &Slot) -> Vec<Vec<usize>> {
        let Some(types) = slot.types else { return Vec::new() };
        let (c0, c1) = self.trigger_clauses();
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (i, m) in self.view.mentions.iter().enumerate() {
            if self.used.contains(&i) || !types.has(m.ty) {
                continue;
            }
            let t = &self.trigger;
            let overlaps = m.tokens.start < t.end && m.tokens.end > t.start;
            let right = m.tokens.start > t.start;
            let left = m.tokens.end < t.end;
            let side = match slot.side {
                Side::At => overlaps,
                Side::Right => right,
                Side::Left | Side::Subject => left,
                Side::Any => right || left,
            };
            let distance = if overlaps {
                0
            } else if m.tokens.start >= t.end {
                m.tokens.start - t.end
            } else {
                t.start - m.tokens.end
            };
            let clause = self.clause(m.tokens.start);
            let near = match slot.within {
                Within::Clause => (c0..=c1).contains(&clause),
                Within::Sentence => true,
                Within::Tokens(n) => distance <= usize::from(n),
            };
            if !side || !near || !(slot.cases.is_empty() || self.case_fits(i, &slot.cases)) {
                continue;
            }
            let whole = self.whole(i);
            // To the right of the trigger its marker stands there too.
            let from = if slot.side == Side::Right { t.start } else { 0 };
            let marked = (slot.after.is_empty() || self.governed(whole.start, &slot.after, from))
                && (slot.not_after.is_empty() || !self.governed(whole.start, &slot.not_after, from))
                && (slot.before.is_empty() || self.followed(whole.end, &slot.before))
                && (slot.not_before.is_empty() || !self.followed(whole.end, &slot.not_before));
            if marked {
                found.push((distance, i));
            }
        }
        found.sort_unstable();
        let mut out: Vec<Vec<usize>> =
            found.into_iter().map(|(_, i)| self.spread(i, types, slot.each)).filter(|l| !l.is_empty()).collect();
        if out.is_empty()
            && slot.side != Side::At
            && let Some(i) = self.stranded(slot, types)
        {
            out.push(self.spread(i, types, slot.each));
        }
        out
    }

    /// "… Norra Bron, som Malmö är medlem i": the antecedent, where the marker of a relative clause has nothing behind.
    fn stranded(&self, slot: &Slot, types: TypeSet) -> Option<usize> {
        let (c0, c1) = self.trigger_clauses();
        if c0 != c1 || slot.after.is_empty() || !self.is(self.opening(c0), self.known.relative) {
            return None;
        }
        let r = self.clause_range(c0);
        let marker = (self.trigger.start..r.end).find(|&i| {
            slot.after.iter().any(|m| self.marker_ends(m, i + 1).is_some_and(|s| s >= self.trigger.start))
        })?;
        if self.view.mentions.iter().any(|m| m.tokens.start > marker && m.tokens.start < r.end) {
            return None;
        }
        let i = self.antecedent(c0)?;
        (types.has(self.view.mentions.get(i)?.ty) && !self.used.contains(&i)).then_some(i)
    }

    /// The mention just before a relative clause.
    fn antecedent(&self, clause: usize) -> Option<usize> {
        let start = self.opening(clause);
        let (i, m) = self.view.mentions.iter().enumerate().take_while(|(_, m)| m.tokens.end <= start).last()?;
        let between = (m.tokens.end..start).filter(|&k| !self.punct(k)).count();
        (between == 0).then_some(i)
    }

    /// The fillers of a subject slot, best first: in the clause before the trigger; just behind it, where something
    /// else stands first (V2); the antecedent of a relative clause; the subject of a clause before, where this one
    /// goes on without its own.
    pub(super) fn subjects(&self, slot: &Slot) -> Vec<Vec<usize>> {
        let Some(types) = slot.types else { return Vec::new() };
        let cases: &[Case] = if slot.cases.is_empty() { &[Case::Nominative] } else { &slot.cases };
        let plain = |i: usize| {
            self.case_fits(i, cases) && (!slot.cases.is_empty() && cases != [Case::Nominative] || !self.oblique(i))
        };
        let free = |i: usize| !self.used.contains(&i) && self.view.mentions.get(i).is_some_and(|m| types.has(m.ty));
        let (clause, _) = self.trigger_clauses();
        let r = self.clause_range(clause);
        let mut order: Vec<usize> = Vec::new();
        let left = self.view.mentions.iter().enumerate().filter(|(_, m)| {
            let inside = m.tokens.start >= r.start || slot.within == Within::Sentence;
            inside
                && m.tokens.end < self.trigger.end
                && m.tokens.start < self.trigger.end
                && !m.tokens.contains(&self.trigger.start)
        });
        let mut lefts: Vec<usize> = left.map(|(i, _)| i).filter(|&i| free(i) && plain(i)).collect();
        lefts.reverse();
        let none_left = lefts.is_empty();
        order.append(&mut lefts);
        let verb = self.trigger.start + 1;
        // a language with an order of its own, subject first, has none behind its verb
        if none_left && self.view.lang != Lang::En && self.opening(clause) != self.trigger.start {
            let behind = self
                .view
                .mentions
                .iter()
                .enumerate()
                .filter(|(_, m)| m.tokens.start >= verb && m.tokens.start <= verb + 1);
            order.extend(behind.map(|(i, _)| i).filter(|&i| free(i) && plain(i)).take(1));
        }
        if none_left {
            self.inherited(clause, &mut order, &|i| free(i) && plain(i), &free);
        }
        let mut out: Vec<Vec<usize>> = Vec::new();
        for i in order {
            let filler = self.spread(i, types, slot.each);
            if !filler.is_empty() && !out.contains(&filler) {
                out.push(filler);
            }
        }
        out
    }

    /// Subjects that stand in an earlier clause.
    fn inherited(
        &self,
        clause: usize,
        order: &mut Vec<usize>,
        plain: &dyn Fn(usize) -> bool,
        free: &dyn Fn(usize) -> bool,
    ) {
        let open = self.opening(clause);
        if self.is(open, self.known.relative) {
            order.extend(self.antecedent(clause).filter(|&i| free(i)));
            return;
        }
        let goes_on = |c: usize| {
            let o = self.opening(c);
            self.is(o, self.known.conjunction)
                || self.is(o, self.known.infinitive)
                || self.is(o, self.known.auxiliary)
                || self.trigger.contains(&o)
        };
        if !goes_on(clause) {
            return;
        }
        for c in (clause.saturating_sub(CLAUSES_BACK)..clause).rev() {
            let r = self.clause_range(c);
            let relative = self.is(self.opening(c), self.known.relative);
            if relative {
                // "… som främjar X och samarbetar med Y": the relative clause goes on, unless a comma closed it.
                let closed = r.end > r.start && self.stops(r.end - 1);
                if !closed {
                    order.extend(self.antecedent(c).filter(|&i| free(i)));
                }
                continue;
            }
            let here = self.view.mentions.iter().enumerate().filter(|(_, m)| r.contains(&m.tokens.start));
            // where the subject comes first, what stands behind the verb is no subject
            let verb = r.clone().find(|&k| {
                self.view.lang == Lang::En
                    && self.view.tokens.get(k).is_some_and(|t| Words.has(Lang::En, Class::Finite, &t.lower))
            });
            let before = |i: &usize| verb.is_none_or(|v| self.view.mentions.get(*i).is_some_and(|m| m.tokens.end <= v));
            if let Some(i) = here.map(|(i, _)| i).filter(before).find(|&i| plain(i)) {
                order.push(i);
                return;
            }
            let o = self.opening(c);
            let further = self.is(o, self.known.conjunction)
                || self.is(o, self.known.infinitive)
                || self.is(o, self.known.auxiliary);
            if !further {
                return;
            }
        }
    }
}
