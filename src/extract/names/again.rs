//! Later places of names that are found already: the same words, a surname or given name alone, an organisation without
//! its legal form.

use rustc_hash::FxHashMap;

use super::{Candidate, Seen, capital, form, initial, resolve, weight};
use crate::extract::page::{Line, Page};
use crate::extract::words::{Class, Words};
use crate::lexicon::lexicon;
use crate::model::{Recognised, Type};
use crate::text::Case;

/// Most tokens of a name.
const TOKENS: usize = 8;

/// Later places of a name: the same words, a surname or given name alone, an organisation without its legal form.
pub(super) fn candidates(page: &Page<'_>, words: &Words, seen: &Seen, found: &mut [Vec<Candidate>]) {
    let known = Known::of(found);
    if known.first.is_empty() {
        return;
    }
    for (l, line) in page.lines.iter().enumerate() {
        let text = page.text(line);
        let mut add = Vec::new();
        let mut i = 0;
        while i < line.tokens.len() {
            if !capital(&line.tokens[i]) || found[l].iter().any(|c| c.anchor.contains(&i)) {
                i += 1;
                continue;
            }
            match known.at(page, line, text, i, &found[l]) {
                Some(c) if !(c.tokens.len() == 1 && only_a_word(page, line, words, seen, i)) => {
                    i = c.tokens.end;
                    add.push(c);
                }
                _ => i += 1,
            }
        }
        if !add.is_empty() {
            let mut all = std::mem::take(&mut found[l]);
            all.extend(add);
            found[l] = resolve(all);
        }
    }
}

/// Whether a word at the start of a sentence is likelier a word than the name that it looks like.
fn only_a_word(page: &Page<'_>, line: &Line, words: &Words, seen: &Seen, i: usize) -> bool {
    let t = &line.tokens[i];
    initial(line, page.text(line), i)
        && (words.has(line.lang, Class::Function, &t.lower) || seen.lower(&t.lower) > seen.inside(&t.lower))
}

/// The names found so far, by their first word.
struct Known {
    /// Lower-cased first word → (all words lower-cased, type, name, weight, whether a short form).
    first: FxHashMap<String, Vec<Entry>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    words: Vec<String>,
    ty: Type,
    name: String,
    short: bool,
}

impl Known {
    fn of(found: &[Vec<Candidate>]) -> Known {
        let mut known = Known { first: FxHashMap::default() };
        for c in found.iter().flatten() {
            if c.generic || c.reference {
                continue;
            }
            known.add(c.ty, &c.name, false);
            if c.ty == Type::Person {
                let mut parts = c.name.split(' ');
                let (first, last) = (parts.next().unwrap_or(""), c.name.rsplit(' ').next().unwrap_or(""));
                if first != last {
                    known.add(c.ty, last, true);
                    known.add(c.ty, first, true);
                }
            } else if c.ty.kind() == crate::model::Kind::Actor {
                let (rest, legal) = lexicon().strip_legal(&c.name);
                if legal.is_some() {
                    known.add(c.ty, rest, true);
                }
            }
        }
        for entries in known.first.values_mut() {
            // longest first; full names before short forms; then by the alphabet, so that order is total
            entries
                .sort_by(|a, b| (b.words.len(), a.short, &a.name, a.ty).cmp(&(a.words.len(), b.short, &b.name, b.ty)));
            entries.dedup();
        }
        known
    }

    fn add(&mut self, ty: Type, name: &str, short: bool) {
        let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() || words.len() > TOKENS {
            return;
        }
        let list = self.first.entry(words[0].clone()).or_default();
        if list.len() < 64 {
            list.push(Entry { words, ty, name: name.to_owned(), short });
        }
    }

    /// The longest known name that begins at a token.
    fn at(&self, page: &Page<'_>, line: &Line, text: &str, i: usize, found: &[Candidate]) -> Option<Candidate> {
        let bases = page.bases(line.lang, form(text, &line.tokens[i]));
        let mut best: Option<(usize, &Entry, Case)> = None;
        for (base, case) in bases.iter() {
            let base = base.to_lowercase();
            for e in self.first.get(&base).into_iter().flatten() {
                let n = e.words.len();
                if best.is_some_and(|(m, b, _)| (m, !b.short) >= (n, !e.short)) || i + n > line.tokens.len() {
                    continue;
                }
                if n > 1 && *case != Case::Nominative {
                    continue;
                }
                let inner = (1..n.max(1) - usize::from(n > 1))
                    .all(|k| line.tokens[i + k].lower == e.words[k] && line.tokens[i + k].spaced);
                let end = if n == 1 { Some(*case) } else { last_matches(page, line, text, i + n - 1, &e.words[n - 1]) };
                let free = (i..i + n).all(|t| !found.iter().any(|c| c.anchor.contains(&t)));
                if let Some(case) = end.filter(|_| inner && free) {
                    best = Some((n, e, case));
                }
            }
        }
        let (n, e, case) = best?;
        Some(Candidate {
            tokens: i..i + n,
            anchor: i..i + n,
            ty: e.ty,
            name: e.name.clone(),
            case,
            by: if e.short { Recognised::Coreference } else { Recognised::Shape },
            weight: weight::AGAIN,
            generic: false,
            reference: false,
            head: String::new(),
        })
    }
}

fn last_matches(page: &Page<'_>, line: &Line, text: &str, at: usize, word: &str) -> Option<Case> {
    let t = line.tokens.get(at).filter(|t| t.spaced)?;
    if t.lower == word {
        return Some(Case::Nominative);
    }
    page.bases(line.lang, form(text, t)).iter().find(|(b, _)| b.to_lowercase() == word).map(|(_, c)| *c)
}
