//! Places of the lexicon, in any inflected form.

use super::{Candidate, Seen, capital, form, initial, weight};
use crate::extract::page::{Base, Line, Page};
use crate::extract::words::{Class, Words};
use crate::lexicon::{self, lexicon};
use crate::model::{Lang, Recognised, Type};
use crate::text::{Case, Shape};

/// Most words of a place name.
const WORDS: usize = 5;

/// A place that a name stands for.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) ty: Type,
    pub(crate) name: String,
    pub(crate) case: Case,
    pub(crate) common: bool,
    pub(crate) population: u32,
    /// 0 for the name that the language itself uses, more for others.
    rank: u8,
}

/// Proposes the places of a line.
pub(crate) fn candidates(page: &Page<'_>, line: &Line, words: &Words, seen: &Seen, out: &mut Vec<Candidate>) {
    let text = page.text(line);
    let shouting = shouting(line);
    for i in 0..line.tokens.len() {
        let token = &line.tokens[i];
        if !capital(token) || words.has(line.lang, Class::NotName, &token.lower) {
            continue;
        }
        let Some((n, found)) = longest(page, line, text, i, shouting) else { continue };
        if n == 1 && !trusted(page, line, text, words, seen, i, &found) {
            continue;
        }
        out.push(Candidate {
            tokens: i..i + n,
            anchor: i..i + n,
            ty: found.ty,
            name: found.name,
            case: found.case,
            by: Recognised::Lexicon,
            weight: weight::PLACE,
            generic: false,
            reference: false,
            head: String::new(),
        });
    }
}

/// Whether all words of the line are in capitals, so that capitals say nothing.
pub(crate) fn shouting(line: &Line) -> bool {
    let mut letters = line.tokens.iter().filter(|t| t.shape != Shape::None);
    letters.clone().count() > 1 && letters.all(|t| t.shape == Shape::Upper)
}

/// The longest place name that begins at a token.
fn longest(page: &Page<'_>, line: &Line, text: &str, i: usize, shouting: bool) -> Option<(usize, Found)> {
    let first = form(text, &line.tokens[i]);
    let known = lexicon().word(first);
    let mut most = 1;
    if known.more {
        while most < WORDS && line.tokens.get(i + most).is_some_and(|t| t.spaced && t.shape != Shape::None) {
            most += 1;
        }
    } else if page.bases(line.lang, first).iter().any(|(b, _)| lexicon().word(b).more) {
        // both words inflect: `Isossa Britanniassa`, `Uudesta Seelannista`
        most = 2;
    }
    let mut name = String::new();
    for n in (1..=most).rev() {
        let Some(last) = line.tokens.get(i + n - 1) else { continue };
        if n > 1 && !capital(last) {
            continue;
        }
        let mut best: Option<Found> = None;
        for (base, case) in page.bases(line.lang, form(text, last)).iter() {
            name.clear();
            for t in &line.tokens[i..i + n - 1] {
                name.push_str(form(text, t));
                name.push(' ');
            }
            name.push_str(base);
            if let Some(mut found) = place(&name, line.lang, shouting) {
                found.case = *case;
                if best.as_ref().is_none_or(|b| found.rank < b.rank) {
                    best = Some(found);
                }
            }
        }
        if let Some(found) = best {
            return Some((n, found));
        }
    }
    None
}

/// The place that a name in its base form stands for, as the language would have it.
pub(crate) fn place(name: &str, lang: Lang, shouting: bool) -> Option<Found> {
    let best = lexicon().places(name).find(|c| {
        let spelled = c.exact || shouting;
        let class = !matches!(c.name.class, lexicon::NameClass::Plain | lexicon::NameClass::Historical);
        // names of other languages stand only for places that are large enough to be spoken of
        let own = c.name.langs.is_empty() || c.name.langs.has(lang) || c.place.population >= 20_000;
        spelled && class && (own || c.place.ty != Type::City)
    })?;
    // a town and the municipality around it have one name: the town is meant
    let town = || {
        lexicon().places(name).find(|c| {
            c.exact && c.place.ty == Type::City && c.place.country == best.place.country && c.place.population > 0
        })
    };
    let ty = if best.place.ty == Type::Municipality && town().is_some() { Type::City } else { best.place.ty };
    let rank = match best.name.class {
        lexicon::NameClass::Canonical if best.name.langs.has(lang) => 0,
        lexicon::NameClass::Canonical => 1,
        _ => 2,
    };
    let name = if shouting { best.name.text.to_owned() } else { name.to_owned() };
    Some(Found { ty, rank, name, case: Case::Nominative, common: best.common_word, population: best.place.population })
}

/// The best reading of a word as a place.
pub(crate) fn reading(bases: &[Base], lang: Lang) -> Option<Found> {
    let found = bases.iter().filter_map(|(base, case)| {
        let mut found = place(base, lang, false)?;
        found.case = *case;
        Some(found)
    });
    found.min_by_key(|f| f.rank)
}

/// Whether one word is a place here, not a common word or a person that has the same name.
fn trusted(page: &Page<'_>, line: &Line, text: &str, words: &Words, seen: &Seen, i: usize, found: &Found) -> bool {
    let token = &line.tokens[i];
    let word = form(text, token);
    let governed = i > 0 && words.has(line.lang, Class::PlacePreposition, &line.tokens[i - 1].lower);
    let locative = !matches!(found.case, Case::Nominative | Case::Genitive | Case::Partitive);
    if governed {
        return true;
    }
    // where every word has a capital, the rest of the document decides
    if initial(line, text, i) || line.heading() {
        let small = seen.lower(&token.lower) > 0 || words.has(line.lang, Class::Function, &token.lower);
        if small && seen.inside(&token.lower) == 0 {
            return false;
        }
        if found.common && seen.inside(&token.lower) == 0 && !locative {
            // alone on its line (a list of members) it still is a name
            return line.tokens.len() == 1 && found.population > 0;
        }
    }
    // the surname of a person whom the document names in full, or a given name before another capital
    if seen.surname(page, line.lang, word) && !locative {
        return false;
    }
    let given = lexicon().is_first_name(&found.name);
    let after = line.tokens.get(i + 1).is_some_and(|t| t.spaced && capital(t));
    !(given && after && lexicon().is_surname(form(text, &line.tokens[i + 1])))
}
