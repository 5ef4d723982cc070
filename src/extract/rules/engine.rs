//! Facts out of one sentence: the rules whose triggers stand in it, their slots filled, their conditions held, their
//! conflicts settled. Knows one sentence; who an entity is, is none of its business.

use std::ops::Range;

use super::ast::{Dating, Scope, Side, TypeSet, Within};
use super::schema;
use super::seq::{Match, Prefer, Program, Scratch, Tokens, typed_of};
use super::set::{Arg, Condition, Context, Cue, Emit, FactRule, LangRules, Role, Slot};
use super::slots::Search;
use super::vocab::{FormTag, Hits};
use crate::extract::sentence::View;
use crate::model::{Edtf, Kind, Modality, Relation};

/// The most facts that one sentence gives.
const MAX_FOUND: usize = 1000;
/// The most near misses of one sentence.
const MAX_MISSES: usize = 6;
/// The most places at which one pattern is tried as a trigger.
const MAX_TRIGGERS: usize = 64;

/// since, until, date.
type When = (Option<Edtf>, Option<Edtf>, Option<Edtf>);

/// How a text says a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// "2018", "den 4 maj", "2018–2021"
    At,
    /// "sedan 2018"
    Since,
    /// "till 2018"
    Until,
}

/// A date in the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// What it says; a period is an interval.
    pub value: Edtf,
    /// How; the words of `%since` and `%until` before it count as well.
    pub said: Said,
}

/// One end of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// A mention of the sentence, as an index into [`View::mentions`].
    Mention(usize),
    /// Something that the document knows.
    Context(Context),
}

/// A fact that a rule read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Id of the rule, with its language.
    pub rule: String,
    /// The relation.
    pub relation: Relation,
    /// Its start.
    pub from: End,
    /// Its end.
    pub to: End,
    /// The types that the rule allows at the start: for what stands outside the sentence.
    pub from_types: TypeSet,
    /// … and at the end.
    pub to_types: TypeSet,
    /// How it is said.
    pub modality: Modality,
    /// From when it holds.
    pub since: Option<Edtf>,
    /// Until when.
    pub until: Option<Edtf>,
    /// When it happened.
    pub date: Option<Edtf>,
    /// The role as written.
    pub role: Option<String>,
    /// The tokens of the trigger.
    pub trigger: Range<usize>,
}

/// A rule whose trigger stood, and why it read nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// Id of the rule, with its language.
    pub rule: String,
    /// The relation that it would have given.
    pub relation: Relation,
    /// The first thing that failed, in words.
    pub failed: String,
    /// The tokens of the trigger.
    pub trigger: Range<usize>,
}

/// What the rules make of a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Facts, by the place of their triggers.
    pub found: Vec<Found>,
    /// Near misses, by the place of their triggers; a few.
    pub misses: Vec<Miss>,
}

/// What fills a slot.
#[derive(Debug, Clone, PartialEq)]
enum Filler {
    Mentions(Vec<usize>),
    Publisher,
    Nothing,
}

struct Candidate {
    found: Found,
    rule: usize,
    priority: i32,
}

struct Run<'a> {
    rules: &'a LangRules,
    view: &'a View<'a>,
    tokens: Tokens<'a>,
    dates: &'a [Dated],
    out: Vec<Candidate>,
    misses: Vec<Miss>,
}

impl LangRules {
    /// Runs the rules over one sentence. `hits` are [`LangRules::hits`] of its tokens; `dates` its dates, sorted.
    pub fn read(&self, view: &View<'_>, hits: &Hits, dates: &[Dated], scratch: &mut Scratch) -> Outcome {
        let mut candidates: Vec<u32> = self.unanchored.clone();
        for p in hits.present() {
            if let Some(rules) = self.index.get(&p) {
                candidates.extend(rules);
            }
        }
        if candidates.is_empty() {
            return Outcome::default();
        }
        candidates.sort_unstable();
        candidates.dedup();
        let typed = typed_of(view);
        let spans: Vec<Range<usize>> = dates.iter().map(|d| d.tokens.clone()).collect();
        let tokens = Tokens { tokens: view.tokens, hits, typed: &typed, dates: &spans, clauses: &view.clauses };
        let mut run = Run { rules: self, view, tokens, dates, out: Vec::new(), misses: Vec::new() };
        for i in candidates {
            if let Some(rule) = self.rules.get(i as usize) {
                run.rule(i as usize, rule, scratch);
            }
        }
        run.settle()
    }
}

impl Run<'_> {
    fn rule(&mut self, index: usize, rule: &FactRule, scratch: &mut Scratch) {
        for program in &rule.when {
            let types = program.types.0;
            if rule.apposition && !self.view.mentions.iter().any(|m| TypeSet(types).has(m.ty)) {
                continue;
            }
            let all = 0..self.tokens.tokens.len();
            let mut matches = program.find(&self.tokens, all, Prefer::First, None, scratch);
            matches.truncate(MAX_TRIGGERS);
            for m in &matches {
                if self.out.len() < MAX_FOUND {
                    self.trigger(index, rule, program, m, scratch);
                }
            }
        }
    }

    fn trigger(&mut self, index: usize, rule: &FactRule, program: &Program, m: &Match, scratch: &mut Scratch) {
        let spans = self.tokens.dates;
        let mut search = Search {
            view: self.view,
            hits: self.tokens.hits,
            known: &self.rules.known,
            dates: spans,
            trigger: m.tokens.clone(),
            used: Vec::new(),
        };
        for (c, types) in m.captures.iter().zip(&program.capture_types) {
            if let Some(c) = c
                && *types != TypeSet::ANY
            {
                search.used.extend(self.view.mention_at(c.start));
            }
        }
        let infinitive = self.form_tags(m).any(|t| t == FormTag::Infinitive);
        let reach = search.reach(infinitive);
        if let Some(c) = self.failing(&rule.conditions, m, &reach, scratch) {
            let failed =
                if c.unless { format!("`{}` stands there", c.text) } else { format!("`{}` does not hold", c.text) };
            self.miss(rule, m, failed);
            return;
        }
        let we = self.form_tags(m).any(|t| t == FormTag::We);
        let mut fillers = vec![Filler::Nothing; rule.slots.len()];
        match self.fill(rule, &mut search, we, &mut fillers) {
            Ok(()) => self.emit(index, rule, program, m, &fillers, &reach, scratch),
            Err(slot) => self.miss(rule, m, format!("nothing fills `{}`", slot.text)),
        }
    }

    /// What the trigger's own forms say.
    fn form_tags(&self, m: &Match) -> impl Iterator<Item = FormTag> + '_ {
        m.tokens.clone().flat_map(|i| self.tokens.hits.at(i)).filter_map(|p| self.rules.vocab.form_tag(*p))
    }

    /// Fills all slots, or gives the first that nothing fills.
    fn fill<'r>(
        &self,
        rule: &'r FactRule,
        search: &mut Search<'_>,
        we: bool,
        out: &mut [Filler],
    ) -> Result<(), &'r Slot> {
        let mut order: Vec<usize> = (0..rule.slots.len()).collect();
        let rank = |i: &usize| {
            rule.slots.get(*i).map_or(3, |s| match () {
                () if s.side == Side::At => 0,
                () if s.subject => 1,
                () => 2,
            })
        };
        order.sort_by_key(rank);
        let mut budget = 64;
        self.fill_from(rule, &order, search, we, out, &mut budget)
    }

    /// Depth first: a subject that leaves nothing for the object gives way to the next candidate.
    fn fill_from<'r>(
        &self,
        rule: &'r FactRule,
        order: &[usize],
        search: &mut Search<'_>,
        we: bool,
        out: &mut [Filler],
        budget: &mut usize,
    ) -> Result<(), &'r Slot> {
        let Some((&i, rest)) = order.split_first() else { return Ok(()) };
        let Some(slot) = rule.slots.get(i) else { return Ok(()) };
        let mut options: Vec<Filler> = Vec::new();
        if slot.types.is_none() || (we && slot.subject) {
            options.push(Filler::Publisher);
        }
        let lists = if slot.subject { search.subjects(slot) } else { search.candidates(slot) };
        options.extend(lists.into_iter().take(4).map(Filler::Mentions));
        if slot.or_publisher {
            options.push(Filler::Publisher);
        }
        if slot.optional {
            options.push(Filler::Nothing);
        }
        let mut failed: Option<&'r Slot> = None;
        for option in options {
            if *budget == 0 {
                break;
            }
            *budget -= 1;
            let before = search.used.len();
            if let Filler::Mentions(list) = &option {
                search.used.extend(list);
                // The other mentions of the same entities are taken with them.
                let entities: Vec<_> =
                    list.iter().filter_map(|&k| self.view.mentions.get(k)).map(|m| m.entity).collect();
                let same =
                    self.view.mentions.iter().enumerate().filter(|(_, m)| entities.contains(&m.entity)).map(|x| x.0);
                search.used.extend(same);
            }
            let done = self.fill_from(rule, rest, search, we, out, budget);
            search.used.truncate(before);
            match done {
                Ok(()) => {
                    if let Some(f) = out.get_mut(i) {
                        *f = option;
                    }
                    return Ok(());
                }
                Err(s) => failed = failed.or(Some(s)),
            }
        }
        Err(failed.unwrap_or(slot))
    }

    /// The first condition that does not hold.
    fn failing<'r>(
        &self,
        conditions: &'r [Condition],
        m: &Match,
        reach: &Range<usize>,
        scratch: &mut Scratch,
    ) -> Option<&'r Condition> {
        conditions.iter().find(|c| {
            let range = match c.scope {
                Scope::Clause => reach.clone(),
                Scope::Left => reach.start..m.tokens.start,
                Scope::Right => m.tokens.start..reach.end,
                Scope::Sentence => 0..self.tokens.tokens.len(),
            };
            let stands = c.patterns.iter().any(|p| p.stands(&self.tokens, range.clone(), Some(&m.tokens), scratch));
            stands == c.unless
        })
    }

    fn miss(&mut self, rule: &FactRule, m: &Match, failed: String) {
        let mut entities: Vec<_> = self.view.mentions.iter().map(|m| m.entity).collect();
        entities.sort_unstable();
        entities.dedup();
        let known = self.misses.iter().any(|x| x.rule == rule.id);
        if entities.len() < 2 || known || self.misses.len() >= MAX_MISSES {
            return;
        }
        let (rule, relation) = (rule.id.clone(), rule.relation);
        self.misses.push(Miss { rule, relation, failed, trigger: m.tokens.clone() });
    }

    #[expect(clippy::too_many_arguments, reason = "one trigger's findings, used nowhere else")]
    fn emit(
        &mut self,
        index: usize,
        rule: &FactRule,
        program: &Program,
        m: &Match,
        fillers: &[Filler],
        reach: &Range<usize>,
        scratch: &mut Scratch,
    ) {
        // What stands side by side says itself, whatever the sentence around it does: "X:n johtaja N ei osallistu".
        let near = m.tokens.start..m.tokens.end;
        let own = rule.apposition && rule.relation == Relation::WorksFor;
        let said = self.modality(m, if own { &near } else { reach }, scratch);
        for e in &rule.emits {
            let froms = self.ends(&e.from, program, m, fillers);
            let tos = self.ends(&e.to, program, m, fillers);
            let role = e.role.as_ref().and_then(|r| self.role(r, program, m, fillers, reach));
            let modality = said.max(e.modality.unwrap_or(Modality::Asserted));
            let near = self.date_in_reach(m, reach).cloned();
            for (i, &from) in froms.iter().enumerate() {
                for (k, &to) in tos.iter().enumerate() {
                    let paired = e.from == e.to && k <= i;
                    if paired || !self.fits(e, from, to) || self.out.len() >= MAX_FOUND {
                        continue;
                    }
                    let (since, until, date) = self.dates_for(e, from, to, modality, near.as_ref());
                    let found = Found {
                        rule: rule.id.clone(),
                        relation: e.relation,
                        from,
                        to,
                        from_types: e.from_types,
                        to_types: e.to_types,
                        modality,
                        since,
                        until,
                        date,
                        role: role.clone(),
                        trigger: m.tokens.clone(),
                    };
                    self.out.push(Candidate { found, rule: index, priority: rule.priority });
                }
            }
        }
    }

    fn ends(&self, arg: &Arg, program: &Program, m: &Match, fillers: &[Filler]) -> Vec<End> {
        match arg {
            Arg::Context(c) => vec![End::Context(*c)],
            Arg::Capture(name) => {
                let at = program.capture(m, name).and_then(|c| self.view.mention_at(c.start));
                at.map(End::Mention).into_iter().collect()
            }
            Arg::Slot(i) => match fillers.get(*i) {
                Some(Filler::Mentions(list)) => list.iter().map(|&i| End::Mention(i)).collect(),
                Some(Filler::Publisher) => vec![End::Context(Context::Publisher)],
                _ => Vec::new(),
            },
        }
    }

    /// Whether types and schema let the two ends stand in the relation.
    fn fits(&self, e: &Emit, from: End, to: End) -> bool {
        let mention = |end| match end {
            End::Mention(i) => self.view.mentions.get(i),
            End::Context(_) => None,
        };
        match (mention(from), mention(to)) {
            (Some(f), Some(t)) => {
                f.entity != t.entity
                    && e.from_types.has(f.ty)
                    && e.to_types.has(t.ty)
                    && schema::allows(e.relation, f.ty, t.ty)
            }
            (Some(f), None) => e.from_types.has(f.ty) && schema::fits(e.relation, TypeSet::one(f.ty), e.to_types),
            (None, Some(t)) => e.to_types.has(t.ty) && schema::fits(e.relation, e.from_types, TypeSet::one(t.ty)),
            (None, None) => from != to,
        }
    }

    /// The weakest modality that a cue in reach, or a form of the trigger, gives.
    fn modality(&self, m: &Match, reach: &Range<usize>, scratch: &mut Scratch) -> Modality {
        let mut out = Modality::Asserted;
        for t in self.form_tags(m) {
            if let FormTag::Modality(x) = t {
                out = out.max(x);
            }
        }
        for cue in &self.rules.cues {
            if cue.modality > out && self.cue_holds(cue, m, reach, scratch) {
                out = cue.modality;
            }
        }
        out
    }

    fn cue_holds(&self, cue: &Cue, m: &Match, reach: &Range<usize>, scratch: &mut Scratch) -> bool {
        let range = match cue.within {
            Within::Clause => reach.clone(),
            Within::Sentence => 0..self.tokens.tokens.len(),
            Within::Tokens(n) => {
                m.tokens.start.saturating_sub(usize::from(n))
                    ..(m.tokens.end + usize::from(n)).min(self.tokens.tokens.len())
            }
        };
        let range = match cue.side {
            Side::Left => range.start..m.tokens.start.max(range.start),
            Side::Right => m.tokens.end.min(range.end)..range.end,
            _ => range,
        };
        let stand = cue.patterns.iter().any(|p| anchored(p, self.tokens.hits, &range));
        if !stand {
            return false;
        }
        let held: Vec<Match> = cue
            .patterns
            .iter()
            .flat_map(|p| p.find(&self.tokens, range.clone(), Prefer::First, None, scratch))
            .collect();
        if held.is_empty() {
            return false;
        }
        let all = 0..self.tokens.tokens.len();
        let barred: Vec<Match> =
            cue.unless.iter().flat_map(|p| p.find(&self.tokens, all.clone(), Prefer::Longest, None, scratch)).collect();
        held.iter().any(|h| {
            let named = self.view.mention_at(h.tokens.start).is_some();
            let barred = barred.iter().any(|b| b.tokens.start <= h.tokens.start && b.tokens.end >= h.tokens.end);
            !named && !barred
        })
    }

    fn role(
        &self,
        role: &Role,
        program: &Program,
        m: &Match,
        fillers: &[Filler],
        reach: &Range<usize>,
    ) -> Option<String> {
        let range = match role {
            Role::Text(t) => return Some(t.clone()),
            Role::Trigger => m.tokens.clone(),
            Role::Capture(name) => program.capture(m, name)?,
            Role::Slot(i) => match fillers.get(*i)? {
                Filler::Mentions(list) => self.view.mentions.get(*list.first()?)?.tokens.clone(),
                _ => return None,
            },
            Role::Class(pred) => {
                let distance = |r: &Range<usize>| match () {
                    () if r.start < m.tokens.end && r.end > m.tokens.start => 0,
                    () if r.start >= m.tokens.end => r.start - m.tokens.end + 1,
                    () => m.tokens.start - r.end + 1,
                };
                reach
                    .clone()
                    .filter_map(|i| self.tokens.hits.lengths(i, *pred).next().map(|n| i..i + n))
                    .min_by_key(|r| (distance(r), std::cmp::Reverse(r.len()), r.start))?
            }
        };
        let (a, b) = (self.view.tokens.get(range.start)?, self.view.tokens.get(range.end.checked_sub(1)?)?);
        self.view.text.get(a.start as usize..b.end as usize).map(str::to_owned)
    }

    /// The date nearest to the trigger in its reach, outside names and not set in brackets behind one.
    fn date_in_reach(&self, m: &Match, reach: &Range<usize>) -> Option<&Dated> {
        let distance = |d: &&Dated| match () {
            () if d.tokens.start >= m.tokens.end => d.tokens.start - m.tokens.end,
            () => m.tokens.start.saturating_sub(d.tokens.end),
        };
        let free = |d: &&Dated| {
            reach.contains(&d.tokens.start) && self.view.mention_at(d.tokens.start).is_none() && self.owner(d).is_none()
        };
        self.dates.iter().filter(free).min_by_key(|d| (distance(d), d.tokens.start))
    }

    /// The mention to which a date in brackets belongs: "Kobe (1971)".
    fn owner(&self, d: &Dated) -> Option<usize> {
        let text = |i: usize| self.view.tokens.get(i).map(|t| t.lower.as_str());
        let open = d.tokens.start.checked_sub(1).filter(|&i| text(i) == Some("("))?;
        let closed = text(d.tokens.end) == Some(")");
        self.view.mention_at(open.checked_sub(1)?).filter(|_| closed)
    }

    /// since, until and date of a fact: a date in brackets behind one of its ends, else the one near the trigger. What
    /// lasts has a beginning and an end, what happens a date.
    fn dates_for(&self, e: &Emit, from: End, to: End, modality: Modality, near: Option<&Dated>) -> When {
        let is = |end: End, i: usize| end == End::Mention(i);
        let own = self.dates.iter().find(|d| self.owner(d).is_some_and(|i| is(from, i) || is(to, i)));
        let Some(d) = own.or(near) else { return (None, None, None) };
        let kind = |end: End| match end {
            End::Mention(i) => self.view.mentions.get(i).map(|m| m.ty.kind()),
            End::Context(Context::Event) => Some(Kind::Event),
            End::Context(_) => None,
        };
        // where a town lies has no date
        if e.relation == Relation::PartOf && kind(from) == Some(Kind::Region) && e.dating == Dating::Auto {
            return (None, None, None);
        }
        let known = &self.rules.known;
        let before = |class: Option<u32>| {
            class.is_some_and(|p| {
                (d.tokens.start.saturating_sub(2)..d.tokens.start)
                    .chain(std::iter::once(d.tokens.start))
                    .any(|i| self.tokens.hits.lengths(i, p).next().is_some())
            })
        };
        let happens = kind(from) == Some(Kind::Event) || kind(to) == Some(Kind::Event) || !is_state(e.relation);
        let said = match d.said {
            Said::At if before(known.since) => Said::Since,
            Said::At if before(known.until) => Said::Until,
            s => s,
        };
        let one = || Some(d.value.clone());
        match (e.dating, said) {
            (Dating::None, _) => (None, None, None),
            (Dating::Since, _) => (one(), None, None),
            (Dating::Until, _) => (None, one(), None),
            (Dating::Date, _) => (None, None, one()),
            (Dating::Auto, Said::Since) => (one(), None, None),
            (Dating::Auto, Said::Until) => (None, one(), None),
            (Dating::Auto, Said::At) if happens => (None, None, one()),
            (Dating::Auto, Said::At) => match d.value.as_str().split_once('/') {
                Some((a, b)) => (part(a), part(b), None),
                None if own.is_some() => (one(), None, None),
                // it stops then, or it will begin then
                None if modality == Modality::Ended => (None, one(), None),
                None if modality == Modality::Planned && begins(e.relation) => (one(), None, None),
                None => (None, None, one()),
            },
        }
    }

    /// Settles conflicts: of one fact the reading of the longest trigger counts, then of the higher priority, then
    /// of the earlier rule; so too among rules of one relation whose triggers overlap.
    fn settle(mut self) -> Outcome {
        self.out.sort_by(|a, b| {
            let key = |c: &Candidate| (std::cmp::Reverse(c.found.trigger.len()), std::cmp::Reverse(c.priority), c.rule);
            let place = |c: &Candidate| (c.found.trigger.start, c.found.from, c.found.to);
            key(a).cmp(&key(b)).then(place(a).cmp(&place(b)))
        });
        let mut kept: Vec<Candidate> = Vec::new();
        for c in self.out {
            let beaten = kept.iter().any(|k| {
                let (x, y) = (&k.found, &c.found);
                let pair =
                    (x.from, x.to) == (y.from, y.to) || (x.relation.symmetric() && (x.from, x.to) == (y.to, y.from));
                let overlap = x.trigger.start < y.trigger.end && y.trigger.start < x.trigger.end;
                x.relation == y.relation && (pair || (overlap && k.rule != c.rule))
            });
            if !beaten {
                kept.push(c);
            }
        }
        let read: Vec<&str> = kept.iter().map(|k| k.found.rule.as_str()).collect();
        let mut misses: Vec<Miss> = self.misses.into_iter().filter(|m| !read.contains(&m.rule.as_str())).collect();
        misses.sort_by(|a, b| a.trigger.start.cmp(&b.trigger.start).then(a.rule.cmp(&b.rule)));
        kept.sort_by(|a, b| {
            let key = |c: &Candidate| (c.found.trigger.start, c.rule, c.found.from, c.found.to);
            key(a).cmp(&key(b))
        });
        Outcome { found: kept.into_iter().map(|k| k.found).collect(), misses }
    }
}

/// Whether any anchor of a pattern stands in the range: a cheap test before the pattern is run.
fn anchored(p: &Program, hits: &Hits, range: &Range<usize>) -> bool {
    p.anchors.is_empty() || range.clone().any(|i| p.anchors.iter().any(|a| hits.lengths(i, *a).next().is_some()))
}

/// Relations that last: a period says when they began and ended.
fn is_state(r: Relation) -> bool {
    !matches!(r, Relation::Visits | Relation::TakesPartIn | Relation::Organises | Relation::Founded)
}

/// Relations that are dated by their beginning where they lie ahead.
fn begins(r: Relation) -> bool {
    matches!(r, Relation::LocatedIn | Relation::MemberOf | Relation::WorksFor | Relation::PartnersWith)
}

fn part(text: &str) -> Option<Edtf> {
    text.parse().ok()
}
