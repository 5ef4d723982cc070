//! Names that are whole phrases: a heading that the text takes up again and says what it is ("Timmer i nya banor är ett
//! treårigt projekt").

use super::{Candidate, capital, phrase, weight};
use crate::extract::page::{Line, Page};
use crate::extract::words::{Class, Words};
use crate::model::{Recognised, Type};
use crate::text::{Case, Token, TokenKind};

/// Most tokens of such a name.
const TOKENS: usize = 7;
/// How far behind the name the text may say what it is.
const REACH: usize = 8;

/// Adds the phrases to the candidates of all lines; `found` is parallel to the lines.
pub(crate) fn candidates(page: &Page<'_>, words: &Words, found: &mut [Vec<Candidate>]) {
    let headings: Vec<usize> = (0..page.lines.len())
        .filter(|&l| (page.lines[l].heading() || l == 0) && (2..=TOKENS).contains(&page.lines[l].tokens.len()))
        .collect();
    for h in headings {
        let heading = &page.lines[h].tokens;
        let phrase_like = heading.iter().all(|t| t.kind == TokenKind::Word) && heading.first().is_some_and(capital);
        let one_name = found[h].iter().any(|c| c.anchor.len() == heading.len());
        if !phrase_like || one_name || !heading.iter().any(|t| !capital(t)) {
            continue;
        }
        let heading: Vec<String> = heading.iter().map(|t| t.lower.clone()).collect();
        let mut places = Vec::new();
        let mut ty = None;
        for (l, line) in page.lines.iter().enumerate() {
            for i in starts(&line.tokens, &heading) {
                ty = ty.or_else(|| said(line, words, i, i + heading.len()));
                places.push((l, i..i + heading.len()));
            }
        }
        let (Some(ty), true) = (ty, places.len() > 1) else { continue };
        for (l, tokens) in places {
            let line = &page.lines[l];
            found[l].push(Candidate {
                name: phrase(page.text(line), &line.tokens[tokens.clone()]),
                anchor: tokens.clone(),
                tokens,
                ty,
                case: Case::Nominative,
                by: Recognised::Shape,
                weight: weight::RULE,
                generic: false,
                reference: false,
                head: String::new(),
            });
            let all = std::mem::take(&mut found[l]);
            found[l] = super::resolve(all);
        }
    }
}

/// Where a phrase begins in a line with a capital.
fn starts<'t>(tokens: &'t [Token], phrase: &'t [String]) -> impl Iterator<Item = usize> + 't {
    let windows = tokens.windows(phrase.len()).enumerate();
    windows
        .filter(move |(_, w)| capital(&w[0]) && w.iter().zip(phrase.iter()).all(|(t, p)| t.lower == *p))
        .map(|(i, _)| i)
}

/// What the words around a phrase say that it is: "X är ett projekt", "projektet X".
fn said(line: &Line, words: &Words, start: usize, end: usize) -> Option<Type> {
    let before = start.checked_sub(1).and_then(|b| words.kind(line.lang, &line.tokens[b].lower));
    let copula = line.tokens.get(end).is_some_and(|t| words.has(line.lang, Class::Copula, &t.lower));
    let ahead = line.tokens.get(end + 1..(end + 1 + REACH).min(line.tokens.len())).unwrap_or(&[]);
    before.or_else(|| ahead.iter().filter(|_| copula).find_map(|t| words.kind(line.lang, &t.lower)))
}
