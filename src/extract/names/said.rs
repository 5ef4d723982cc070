//! What a document says that its names are: "X är ett nätverk", "klustret X", "kommunerna A, B och C". Finds no names; it
//! only gives those found a type.

use rustc_hash::FxHashMap;

use super::{Candidate, form, weight};
use crate::extract::local::key;
use crate::extract::page::{Line, Page};
use crate::extract::words::{Class, Words};
use crate::lexicon::lexicon;
use crate::model::{Kind, Recognised, Type};
use crate::text::{Token, TokenKind};

/// How far behind a name the text may say what it is.
const REACH: usize = 8;
/// Between a plural noun and the names that it stands for ("kommuner som omfattas är") are at most so many tokens.
const GAP: usize = 6;
/// A list goes on for at most so many lines below its head.
const ITEMS: usize = 200;

/// Types the candidates of a page by what its text says of them.
pub(crate) fn retype(page: &Page<'_>, words: &Words, found: &mut [Vec<Candidate>]) {
    listed(page, words, found);
    let mut said: FxHashMap<(Kind, String), Type> = FxHashMap::default();
    for (line, candidates) in page.lines.iter().zip(found.iter()) {
        for c in candidates.iter().filter(|c| open(c)) {
            if let Some(ty) = around(page, line, words, c) {
                said.entry((c.ty.kind(), key(&c.name))).or_insert(ty);
            }
        }
    }
    if said.is_empty() {
        return;
    }
    for c in found.iter_mut().flatten().filter(|c| open(c)) {
        if let Some(ty) = said.get(&(c.ty.kind(), key(&c.name))) {
            c.ty = *ty;
            c.weight = weight::SAID;
        }
    }
}

/// Whether a name may yet be typed: an organisation of no known kind, or an area that may be a body.
fn open(c: &Candidate) -> bool {
    !c.reference && !c.generic && (c.ty == Type::Organisation || c.ty == Type::Area)
}

/// What the words beside a name say that it is.
fn around(page: &Page<'_>, line: &Line, words: &Words, c: &Candidate) -> Option<Type> {
    let text = page.text(line);
    let fits = |ty: &Type| ty.kind() == Kind::Actor && *ty != Type::Organisation;
    let after = after(line, text, words, c.anchor.end).filter(fits);
    // an area is a body only where the text says so of it in so many words
    if c.ty == Type::Area {
        let copula = line.tokens.get(c.anchor.end).is_some_and(|t| words.has(line.lang, Class::Copula, &t.lower));
        return after.filter(|ty| copula && !matches!(ty, Type::PublicBody | Type::School));
    }
    after.or_else(|| {
        let mut at = c.anchor.start.checked_sub(1)?;
        if matches!(form(text, &line.tokens[at]), "\"" | "”" | "“" | "»") {
            at = at.checked_sub(1)?;
        }
        let noun = &line.tokens[at];
        // "klustret X", "yhdistys X"; a plural stands over several
        let body = noun.kind == TokenKind::Word && words.has(line.lang, Class::Body, &noun.lower);
        let kind = || page.bases(line.lang, &noun.lower).iter().find_map(|(b, _)| words.kind(line.lang, b));
        let near = words.kind(line.lang, &noun.lower).or_else(kind).or_else(|| words.definite(line.lang, &noun.lower));
        near.filter(|ty| body && fits(ty))
    })
}

/// What the text right behind a name says that it is: "X är ett nätverk", "X, ett polskt institut".
pub(super) fn after(line: &Line, text: &str, words: &Words, end: usize) -> Option<Type> {
    let first = line.tokens.get(end)?;
    let copula = words.has(line.lang, Class::Copula, &first.lower);
    if !copula && form(text, first) != "," {
        return None;
    }
    for t in line.tokens.get(end + 1..(end + REACH).min(line.tokens.len()))? {
        if t.kind != TokenKind::Word || super::capital(t) || words.has(line.lang, Class::PlacePreposition, &t.lower) {
            return None;
        }
        if let Some(ty) = words.kind(line.lang, &t.lower) {
            return Some(ty);
        }
        let small = words.has(line.lang, Class::Function, &t.lower) && !words.has(line.lang, Class::Light, &t.lower);
        if (small && copula && !words.has(line.lang, Class::Article, &t.lower))
            || (!copula && words.has(line.lang, Class::Subordinator, &t.lower))
        {
            return None;
        }
    }
    None
}

/// Gives the members of a list under a plural noun its type: "kommunerna A, B och C", "företag som A och B".
fn listed(page: &Page<'_>, words: &Words, found: &mut [Vec<Candidate>]) {
    for l in 0..page.lines.len() {
        let line = &page.lines[l];
        let text = page.text(line);
        for i in 0..line.tokens.len() {
            let Some(ty) = words.plural(line.lang, &line.tokens[i].lower) else { continue };
            let run = run(line, text, words, &found[l], i, ty);
            for &k in &run {
                set(&mut found[l][k], ty);
            }
            let last = line.tokens.last().map_or("", |t| form(text, t));
            let head = last == ":" || (line.heading() && i + 2 >= line.tokens.len());
            if run.is_empty() && head {
                below(page, l, ty, found);
            }
        }
    }
}

/// The candidates of a line that a plural noun at `i` stands for.
fn run(line: &Line, text: &str, words: &Words, found: &[Candidate], i: usize, ty: Type) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    let mut at = i + 1;
    for (k, c) in found.iter().enumerate().filter(|(_, c)| c.anchor.start > i) {
        let between = line.tokens.get(at..c.anchor.start).unwrap_or(&[]);
        let link =
            |t: &Token| matches!(form(text, t), "," | ":" | "(") || words.has(line.lang, Class::Coordinator, &t.lower);
        let fits = if out.is_empty() {
            // small words and a verb, but no preposition: "kommuner i Skåne" are others
            between.len() <= GAP
                && between.iter().all(|t| {
                    (t.kind == TokenKind::Word && !words.has(line.lang, Class::PlacePreposition, &t.lower)) || link(t)
                })
        } else {
            !between.is_empty() && between.len() <= 2 && between.iter().all(link)
        };
        if !fits || !may(c, ty) {
            break;
        }
        out.push(k);
        at = c.anchor.end;
    }
    if out.len() >= 2 { out } else { Vec::new() }
}

/// Types the items of the list below a line.
fn below(page: &Page<'_>, l: usize, ty: Type, found: &mut [Vec<Candidate>]) {
    let item = |line: &Line| line.tokens.len() <= 4 && !line.heading();
    for k in (l + 1..page.lines.len().min(l + 1 + ITEMS)).take_while(|&k| item(&page.lines[k])) {
        match found[k].first_mut() {
            Some(c) if may(c, ty) => set(c, ty),
            _ => break,
        }
    }
}

/// Whether a candidate may be of a type: a place of that name and type is known, or it is an organisation of no known
/// kind.
fn may(c: &Candidate, ty: Type) -> bool {
    match ty.kind() {
        Kind::Region => {
            c.ty.kind() == Kind::Region
                && c.by == Recognised::Lexicon
                && (c.ty == ty || lexicon().places(&c.name).any(|p| p.place.ty == ty))
        }
        _ => c.ty == ty || c.ty == Type::Organisation,
    }
}

fn set(c: &mut Candidate, ty: Type) {
    c.ty = ty;
    c.weight = weight::SAID;
}
