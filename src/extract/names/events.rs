//! Agreements and events without a name of their own, named by a head noun and what sets them apart.

use super::{Candidate, Reader, phrase, weight};
use crate::extract::page::{Line, Page};
use crate::extract::rules::seq::{Scratch, Tokens, Typed};
use crate::extract::words::{Class, Words};
use crate::model::{Kind, Recognised};
use crate::text::{Case, Shape, Token};

/// A noun that says what a name is stands at most so many tokens behind it.
const APPOSED: usize = 4;

/// Proposes what the event rules of a line's language find beside the names found before, and keeps these.
pub(crate) fn candidates(
    page: &Page<'_>,
    line: &Line,
    words: &Words,
    reader: &Reader<'_>,
    scratch: &mut Scratch,
    found: &[Candidate],
) -> Vec<Candidate> {
    let text = page.text(line);
    let typed: Vec<Typed> = found.iter().map(|c| Typed { tokens: c.anchor.clone(), ty: c.ty, case: c.case }).collect();
    let view = Tokens { tokens: &line.tokens, hits: &reader.hits, typed: &typed, dates: &[], clauses: &[] };
    let mut out = Vec::new();
    for m in reader.rules.find_events(&view, scratch) {
        let head = m.head.clone();
        if head.is_empty() || found.iter().any(|c| c.anchor.start < head.end && head.start < c.anchor.end) {
            continue;
        }
        let mut tokens = m.tokens.clone();
        // verbs and small words that a pattern for any word took in at its end
        let small = |t: &Token| {
            t.shape == Shape::Lower
                && (words.has(line.lang, Class::Function, &t.lower) || words.has(line.lang, Class::Finite, &t.lower))
        };
        while tokens.end > head.end && small(&line.tokens[tokens.end - 1]) {
            tokens.end -= 1;
        }
        // "projekt Grön Hamn": the noun belongs to the name
        let kind = m.ty.kind();
        if tokens == head && found.iter().any(|c| c.anchor.start == head.end && c.ty.kind() == kind) {
            continue;
        }
        // "Grön Hamn är ett treårigt projekt", "Blå Dagen – konferens om vatten": it says what the name is
        let near = |c: &&Candidate| c.anchor.end <= head.start && head.start - c.anchor.end <= APPOSED;
        let predicate = found.iter().rev().find(near).is_some_and(|c| {
            c.ty == m.ty
                && c.head.is_empty()
                && line.tokens[c.anchor.end..head.start].iter().all(|t| {
                    t.shape == Shape::None && matches!(super::form(text, t), "–" | "—" | "-" | ":" | "," | "”" | "\"")
                        || t.shape == Shape::Lower
                            && !words.has(line.lang, Class::Coordinator, &t.lower)
                            && !words.has(line.lang, Class::PlacePreposition, &t.lower)
                })
        });
        if predicate {
            continue;
        }
        // the first half of a compound that shares its end: "Affärs- och utvecklingsresa"
        if let Some(k) = tokens.start.checked_sub(2).filter(|_| tokens.start == head.start) {
            let half = &line.tokens[k];
            let joined = words.has(line.lang, Class::Coordinator, &line.tokens[k + 1].lower);
            if joined && half.lower.len() > 2 && half.lower.ends_with('-') {
                tokens.start = k;
            } else if joined && !half.spaced && half.lower == "-" && k > 0 {
                tokens.start = k - 1;
            }
        }
        let last = head.end - 1;
        let bases = page.bases(line.lang, super::form(text, &line.tokens[last]));
        let own = bases.iter().find(|(b, c)| *c != Case::Nominative && b.to_lowercase() == m.base).map(|(_, c)| *c);
        let case = own.or_else(|| bases.iter().map(|(_, c)| *c).nth(1));
        let lower = &line.tokens[head.start..head.end];
        let unchanged = lower.len() == 1 && lower[0].lower == m.base;
        let capital = line.tokens[head.start].shape != Shape::Lower;
        let mut base = if capital { capitalised(&m.base) } else { m.base.clone() };
        if unchanged {
            base = phrase(text, lower);
        }
        let mut name = phrase(text, &line.tokens[tokens.start..head.start]);
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(&base);
        let rest = phrase(text, &line.tokens[head.end..tokens.end]);
        if !rest.is_empty() {
            name.push(' ');
            name.push_str(&rest);
        }
        let owned = found.iter().any(|c| {
            c.case == Case::Genitive
                && c.anchor.start >= tokens.start
                && c.anchor.end <= head.start
                && matches!(c.ty.kind(), Kind::Actor | Kind::Region)
        });
        let id = reader.rules.events.get(m.rule).map_or_else(String::new, |r| r.id.clone());
        out.push(Candidate {
            tokens,
            anchor: head,
            ty: m.ty,
            name,
            case: if unchanged { Case::Nominative } else { case.unwrap_or(Case::Nominative) },
            by: Recognised::Rule(id),
            weight: weight::RULE,
            generic: !owned,
            reference: false,
            head: m.base,
        });
    }
    out
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
