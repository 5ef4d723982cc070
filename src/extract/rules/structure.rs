//! The rule forms that are no sentences: heads of lists, columns of tables, nameless events, words that refer.
//! Finds where they stand; what they stand for in the document is the caller's to say.

use std::ops::Range;

use super::ast::{Facts, Referent, TypeSet};
use super::schema;
use super::seq::{Match, Prefer, Program, Scratch, Tokens};
use super::set::{LangRules, ListRule};
use super::vocab::Pred;
use crate::model::{Relation, Type};
use crate::text::Token;

/// A line that is the head of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListHead {
    /// Index into [`LangRules::lists`].
    pub rule: usize,
    /// The tokens that matched.
    pub tokens: Range<usize>,
    /// Captures by name: `region` for `<Region>`.
    pub captures: Vec<(String, Range<usize>)>,
}

/// A table whose columns a rule knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableHead {
    /// Index into [`LangRules::tables`].
    pub rule: usize,
    /// Argument name and index of the cell, in the order of the rule.
    pub columns: Vec<(String, usize)>,
}

/// An event or agreement without a name of its own. In a [`View`](crate::extract::sentence::View) its mention should
/// take its head only, so that the names inside `tokens` ("avtal mellan A och B") stay mentions for the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventMatch {
    /// Index into [`LangRules::events`].
    pub rule: usize,
    /// The tokens that name it.
    pub tokens: Range<usize>,
    /// Its head noun among them.
    pub head: Range<usize>,
    /// The head noun in its base form where the rules know it, lower-cased: `resa` for "Resan".
    pub base: String,
    /// The type.
    pub ty: Type,
}

/// A word that refers to something named elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// To what.
    pub referent: Referent,
}

impl LangRules {
    /// The list rule that a heading or lead-in line matches: of the longest match, the first in the file.
    pub fn list_head(&self, t: &Tokens<'_>, scratch: &mut Scratch) -> Option<ListHead> {
        let mut best: Option<ListHead> = None;
        for (i, rule) in self.lists.iter().enumerate() {
            if let Some((p, m)) = longest(&rule.patterns, t, scratch)
                && best.as_ref().is_none_or(|b| m.tokens.len() > b.tokens.len())
            {
                let names = p.captures.iter().zip(&m.captures);
                let captures = names.filter_map(|(n, c)| Some((n.clone(), c.clone()?))).collect();
                best = Some(ListHead { rule: i, tokens: m.tokens, captures });
            }
        }
        best
    }

    /// The rule behind a head.
    pub fn list_rule(&self, head: &ListHead) -> Option<&ListRule> {
        self.lists.get(head.rule)
    }

    /// The table rules all of whose columns stand among the heads: one token list a cell. Of two rules where one
    /// knows more columns and says the same relations, both are given; the first has the most columns.
    pub fn table_heads(&self, cells: &[&[Token]]) -> Vec<TableHead> {
        let hits: Vec<_> = cells.iter().map(|c| self.hits(c)).collect();
        let mut out: Vec<TableHead> = Vec::new();
        for (i, rule) in self.tables.iter().enumerate() {
            let mut columns: Vec<(String, usize)> = Vec::new();
            for (name, heads) in &rule.columns {
                let cell = hits.iter().enumerate().position(|(k, h)| {
                    let len = cells.get(k).map_or(0, |c| c.len());
                    let stands = |seq: &Vec<Pred>| (0..len).any(|s| covers(h, s, seq).is_some());
                    heads.iter().any(stands) && !columns.iter().any(|c| c.1 == k)
                });
                match cell {
                    Some(k) => columns.push((name.clone(), k)),
                    None => break,
                }
            }
            if !columns.is_empty() && columns.len() == rule.columns.len() {
                out.push(TableHead { rule: i, columns });
            }
        }
        out.sort_by_key(|t| (std::cmp::Reverse(t.columns.len()), t.rule));
        out
    }

    /// Events and agreements without a name: by place, without overlap (longest, then the earlier rule).
    pub fn find_events(&self, t: &Tokens<'_>, scratch: &mut Scratch) -> Vec<EventMatch> {
        let mut all: Vec<EventMatch> = Vec::new();
        for at in 0..t.tokens.len() {
            if t.hits.at(at).is_empty() {
                continue;
            }
            for (i, rule) in self.events.iter().enumerate() {
                let Some(n) = t.hits.lengths(at, rule.head).next() else { continue };
                let head = at..at + n;
                let mut best = rule.patterns.is_empty().then(|| head.clone());
                for (p, before) in &rule.patterns {
                    // What stands before the head is at most a few tokens for each element.
                    let from = at.saturating_sub(before * 6);
                    for s in (from..=at).filter(|s| *before > 0 || *s == at) {
                        if let Some(m) = p.match_at(t, s, Prefer::Longest, Some(&head), scratch)
                            && m.tokens.end >= head.end
                            && best.as_ref().is_none_or(|b| m.tokens.len() > b.len())
                        {
                            best = Some(m.tokens);
                        }
                    }
                }
                if let Some(tokens) = best {
                    let base = self.base_of(t, &head);
                    all.push(EventMatch { rule: i, tokens, head, base, ty: rule.ty });
                }
            }
        }
        all.sort_by_key(|e| (std::cmp::Reverse(e.tokens.len()), e.rule, e.tokens.start));
        let mut out: Vec<EventMatch> = Vec::new();
        for e in all {
            if !out.iter().any(|o| o.tokens.start < e.tokens.end && e.tokens.start < o.tokens.end) {
                out.push(e);
            }
        }
        out.sort_by_key(|e| e.tokens.start);
        out
    }

    /// The base form of a head noun, for a phrase that of its last word.
    fn base_of(&self, t: &Tokens<'_>, head: &Range<usize>) -> String {
        let words: Vec<&str> = t.tokens.get(head.clone()).unwrap_or(&[]).iter().map(|t| t.lower.as_str()).collect();
        let Some((last, front)) = words.split_last() else { return String::new() };
        let last = self.vocab.base(last).unwrap_or_else(|| (*last).to_owned());
        front.iter().map(|w| (*w).to_owned()).chain([last]).collect::<Vec<_>>().join(" ")
    }

    /// Words that refer, by place, the longest at each.
    pub fn find_references(&self, t: &Tokens<'_>) -> Vec<Reference> {
        let mut out = Vec::new();
        let mut at = 0;
        while at < t.tokens.len() {
            let mut best: Option<(usize, Referent)> = None;
            if !t.hits.at(at).is_empty() {
                for rule in &self.corefers {
                    let n = rule.words.iter().filter_map(|w| covers(t.hits, at, w)).max();
                    if let Some(n) = n
                        && best.is_none_or(|b| n > b.0)
                    {
                        best = Some((n, rule.referent));
                    }
                }
            }
            match best {
                Some((n, referent)) => {
                    out.push(Reference { tokens: at..at + n, referent });
                    at += n.max(1);
                }
                None => at += 1,
            }
        }
        out
    }

    /// Whether a class (its name without sigil) holds of the tokens from `at` on, and of how many.
    pub fn class_at(&self, hits: &super::Hits, at: usize, class: &str) -> Option<usize> {
        hits.lengths(at, self.vocab.class_pred(class)?).next()
    }
}

/// How many tokens a sequence of predicates covers from `at` on.
fn covers(hits: &super::Hits, at: usize, seq: &[Pred]) -> Option<usize> {
    match seq {
        [one] => hits.lengths(at, *one).next(),
        many => many.iter().enumerate().all(|(k, p)| hits.has(at + k, *p)).then_some(many.len()),
    }
}

fn longest<'p>(programs: &'p [Program], t: &Tokens<'_>, scratch: &mut Scratch) -> Option<(&'p Program, Match)> {
    let mut best: Option<(&Program, Match)> = None;
    for p in programs {
        for m in p.find(t, 0..t.tokens.len(), Prefer::Longest, None, scratch) {
            if best.as_ref().is_none_or(|b| m.tokens.len() > b.1.tokens.len()) {
                best = Some((p, m));
            }
        }
    }
    best
}

/// What a list's or table's facts come to for one item or row. `values` gives, for the name of an argument (`item`,
/// `cell`, `owner`, a capture), what stands for it, with its type. Only pairs that the rule's types and the schema
/// allow come out, none with itself; where an argument is given twice, pairs of its values.
pub fn expand<T: Copy + PartialEq>(facts: &Facts, values: impl Fn(&str) -> Vec<(T, Type)>) -> Vec<(Relation, T, T)> {
    let mut out = Vec::new();
    for e in &facts.emits {
        let fits = |t: Option<TypeSet>, ty: Type| t.is_none_or(|t| t.has(ty));
        let (froms, tos) = (values(&e.from), values(&e.to));
        for (i, &(from, f)) in froms.iter().enumerate() {
            for (k, &(to, t)) in tos.iter().enumerate() {
                let ordered = e.from != e.to || k > i;
                let allowed = fits(e.from_types, f) && fits(e.to_types, t) && schema::allows(e.relation, f, t);
                if ordered && from != to && allowed && !out.contains(&(e.relation, from, to)) {
                    out.push((e.relation, from, to));
                }
            }
        }
    }
    out
}
