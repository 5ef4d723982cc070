//! The name that a page's title is: "Timmer i nya banor" over a page that says "projektet". What small words inside
//! hide from the other sources, repetition shows: the phrase stands in the text again, with its capital.

use super::{Candidate, Reader, capital, form, phrase, weight};
use crate::extract::page::{Line, Page};
use crate::extract::rules::ast::Referent;
use crate::extract::rules::seq::Tokens;
use crate::extract::words::{Class, Words};
use crate::model::{Kind, Recognised, Type};
use crate::text::{Case, Token, TokenKind};

/// Most tokens of such a name.
const LONGEST: usize = 6;
/// A title has at most so many tokens.
const TITLE: usize = 12;
/// So many first lines may be titles.
const LINES: usize = 3;
/// Most lines that are looked at for the name and for what refers to it.
const SEEN: usize = 400;

/// Adds the title's name, wherever it stands, to what was found. `found` is parallel to the page's lines.
pub(crate) fn candidates(page: &Page<'_>, words: &Words, readers: &[Option<Reader<'_>>], found: &mut [Vec<Candidate>]) {
    for l in 0..LINES.min(page.lines.len()) {
        let Some(name) = repeated(page, words, found, l) else { continue };
        let joined = name.join(" ");
        let same = found.iter().flatten().find(|c| c.name == joined).map(|c| c.ty);
        let Some(ty) = same.or_else(|| kind(page, readers, found)) else { return };
        for (k, line) in page.lines.iter().enumerate().take(SEEN) {
            for at in places(page, line, &name) {
                let tokens = at..at + name.len();
                let text = page.text(line);
                let candidate = Candidate {
                    anchor: tokens.clone(),
                    name: phrase(text, &line.tokens[tokens.clone()]),
                    tokens,
                    ty,
                    case: Case::Nominative,
                    by: Recognised::Shape,
                    weight: weight::RULE,
                    generic: false,
                    reference: false,
                    head: String::new(),
                };
                let mut all = std::mem::take(&mut found[k]);
                all.push(candidate);
                found[k] = super::resolve(all);
            }
        }
        return;
    }
}

/// The longest phrase of a title with a small letter inside that stands in the text as well.
fn repeated(page: &Page<'_>, words: &Words, found: &[Vec<Candidate>], l: usize) -> Option<Vec<String>> {
    let line = &page.lines[l];
    let n = line.tokens.len();
    if !(2..=TITLE).contains(&n) {
        return None;
    }
    let text = page.text(line);
    let plain = |t: &Token| t.kind == TokenKind::Word && !words.has(line.lang, Class::Finite, &t.lower);
    for len in (2..=LONGEST.min(n)).rev() {
        for start in 0..=n - len {
            let (first, rest) = (&line.tokens[start], &line.tokens[start + 1..start + len]);
            let last = rest.last()?;
            let small = rest.iter().any(|t| !capital(t));
            let ends = !words.has(line.lang, Class::Function, &last.lower);
            let opens = !words.has(line.lang, Class::Function, &first.lower);
            let known = found[l].iter().any(|c| c.anchor.start < start + len && start < c.anchor.end);
            if !capital(first) || !small || !ends || !opens || known || !plain(first) || !rest.iter().all(plain) {
                continue;
            }
            let name: Vec<String> = line.tokens[start..start + len].iter().map(|t| form(text, t).to_owned()).collect();
            let later = page.lines.iter().take(SEEN).skip(l + 1);
            if later.map(|x| places(page, x, &name).len()).sum::<usize>() > 0 {
                return Some(name);
            }
        }
    }
    None
}

/// Where a phrase stands in a line, as written.
fn places(page: &Page<'_>, line: &Line, name: &[String]) -> Vec<usize> {
    let text = page.text(line);
    let n = name.len();
    if line.tokens.len() < n {
        return Vec::new();
    }
    (0..=line.tokens.len() - n)
        .filter(|&at| line.tokens[at..at + n].iter().zip(name).all(|(t, w)| form(text, t) == w))
        .collect()
}

/// What the page is about: what its definite nouns refer to that nothing named so far is.
fn kind(page: &Page<'_>, readers: &[Option<Reader<'_>>], found: &[Vec<Candidate>]) -> Option<Type> {
    let mut counts: Vec<(Type, usize)> = Vec::new();
    for (line, reader) in page.lines.iter().zip(readers).take(SEEN) {
        let Some(reader) = reader else { continue };
        let view = Tokens { tokens: &line.tokens, hits: &reader.hits, typed: &[], dates: &[], clauses: &[] };
        for r in reader.rules.find_references(&view) {
            let Referent::Last(types) = r.referent else { continue };
            let fits = |t: &&Type| types.has(**t) && t.kind() != Kind::Region && **t != Type::Person;
            let Some(ty) = Type::ALL.iter().find(fits) else { continue };
            match counts.iter_mut().find(|(t, _)| t == ty) {
                Some((_, n)) => *n += 1,
                None => counts.push((*ty, 1)),
            }
        }
    }
    let named = |t: Type| found.iter().flatten().any(|c| c.ty == t && c.head.is_empty());
    counts.retain(|(t, _)| !named(*t));
    counts.iter().max_by_key(|(t, n)| (*n, std::cmp::Reverse(*t))).map(|(t, _)| *t)
}
