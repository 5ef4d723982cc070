//! What the tagger says of a page: persons and organisations that nothing else found, and a voice in what a run of
//! capitals is. Rules, places of the lexicon and persons with known names go before it.

use std::cell::RefCell;
use std::ops::Range;

use super::{Candidate, Seen, breaks, capital, phrase, shapes, weight};
use crate::extract::page::{LINE_TOKENS, Line, Page};
use crate::extract::tagger::{Class, Tagger, spans, weights, words};
use crate::extract::words::{Class as Listed, Words};
use crate::lexicon::lexicon;
use crate::model::{Recognised, Type};

/// Most tokens of a person's name, particles and initials included.
const PERSON: usize = 6;
/// Most tokens of an organisation's name.
const ORGANISATION: usize = 8;

thread_local! {
    // kept from document to document, for what it remembers of a word holds in all of them
    static TAGGER: RefCell<Tagger<'static>> = RefCell::new(Tagger::new(weights()));
}

/// The names that the tagger sees, by line.
#[derive(Debug, Default)]
pub(crate) struct Tagged(Vec<Vec<(Range<usize>, Class)>>);

impl Tagged {
    /// Tags a page. Lines that are too long to be read have no names.
    pub(crate) fn of(page: &Page<'_>) -> Tagged {
        TAGGER.with_borrow_mut(|tagger| Tagged::by(tagger, page))
    }

    fn by(tagger: &mut Tagger<'_>, page: &Page<'_>) -> Tagged {
        let lines = page.lines.iter().map(|line| {
            let tokens = if line.tokens.len() <= LINE_TOKENS { line.tokens.as_slice() } else { &[] };
            (line.lang, words(page.text(line), tokens))
        });
        let looked = tagger.look(lines, |lang, form| page.bases(lang, form));
        Tagged((0..page.lines.len()).map(|l| spans(&tagger.tags(&looked, l))).collect())
    }

    /// The names of a line.
    pub(crate) fn line(&self, line: usize) -> &[(Range<usize>, Class)] {
        self.0.get(line).map_or(&[], Vec::as_slice)
    }

    /// What it says of a stretch of a line: the class of the longest name that lies in it or around it, and whether
    /// that is exactly it.
    pub(crate) fn about(&self, line: usize, tokens: &Range<usize>) -> Option<(Class, bool)> {
        let shared = |r: &Range<usize>| r.end.min(tokens.end).saturating_sub(r.start.max(tokens.start));
        let best = self.line(line).iter().filter(|(r, _)| shared(r) > 0).max_by_key(|(r, _)| (shared(r), r.len()))?;
        Some((best.1, best.0 == *tokens))
    }
}

/// Adds the persons and organisations that overlap nothing found before.
pub(crate) fn candidates(page: &Page<'_>, words: &Words, seen: &Seen, tagged: &Tagged, found: &mut [Vec<Candidate>]) {
    for (l, (line, found)) in page.lines.iter().zip(found).enumerate() {
        let mut more = of_line(page, line, words, seen, tagged.line(l), found);
        found.append(&mut more);
        found.sort_by_key(|c| c.anchor.start);
    }
}

/// Whether a word for a role follows, as it does after the name of a body in the genitive (`Ekvall Tekniks vd Eva Lund`):
/// what owns it is no person.
pub(crate) fn owns_a_role(line: &Line, words: &Words, end: usize) -> bool {
    line.tokens.get(end).is_some_and(|t| t.spaced && !capital(t) && words.has(line.lang, Listed::Role, &t.lower))
}

/// The persons and organisations of a line.
fn of_line(
    page: &Page<'_>,
    line: &Line,
    words: &Words,
    seen: &Seen,
    tagged: &[(Range<usize>, Class)],
    found: &[Candidate],
) -> Vec<Candidate> {
    let text = page.text(line);
    let mut out = Vec::new();
    for (range, class) in tagged {
        let free = !found.iter().any(|c| c.anchor.start < range.end && range.start < c.anchor.end);
        let Some(tokens) = line.tokens.get(range.clone()).filter(|_| free) else { continue };
        let whole = !(range.start + 1..range.end).any(|t| breaks(text, &line.tokens, t));
        let ends = tokens.first().is_some_and(capital) && tokens.last().is_some_and(capital);
        let noise =
            tokens.iter().any(|t| t.lower.contains(['@', '/']) || words.has(line.lang, Listed::NotName, &t.lower));
        if !whole || !ends || noise || super::places::shouting(line) {
            continue;
        }
        let capitals = tokens.iter().filter(|t| capital(t)).count();
        let ty = match class {
            Class::Person if (2..=4).contains(&capitals) && range.len() <= PERSON => Type::Person,
            Class::Organisation if capitals > 1 && range.len() <= ORGANISATION => shapes::kind_of(line, text, range).0,
            _ => continue,
        };
        let body = |t: &crate::text::Token| !lexicon().heads(super::form(text, t)).is_empty();
        if ty == Type::Person && (tokens.iter().any(body) || owns_a_role(line, words, range.end)) {
            continue;
        }
        let (base, case) = shapes::best_base(page, line, words, seen, range.end - 1);
        let mut name = phrase(text, &tokens[..tokens.len() - 1]);
        if tokens.len() > 1 && tokens[tokens.len() - 1].spaced {
            name.push(' ');
        }
        name.push_str(&base);
        out.push(Candidate {
            tokens: range.clone(),
            anchor: range.clone(),
            ty,
            name,
            case,
            by: Recognised::Tagger,
            weight: weight::TAGGER,
            generic: false,
            reference: false,
            head: String::new(),
        });
    }
    out
}
