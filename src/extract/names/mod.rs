//! Where a document names something: candidates from several sources, and one resolver of their overlaps.
//!
//! A source reads a line and proposes [`Candidate`]s: mention rules, places of the lexicon, persons, runs of capitals.
//! A trained tagger is one more source. Nothing here knows that two mentions are one entity: `local` does.

mod again;
mod compounds;
mod events;
mod persons;
mod places;
mod ruled;
mod said;
mod shapes;
mod title;
mod titled;

use std::ops::Range;

use super::page::{LINE_TOKENS, Line, Page};
use super::rules::RuleSet;
use super::rules::ast::{Referent, TypeSet};
use super::rules::seq::{Scratch, Tokens};
use super::words::Words;
use crate::model::{Kind, Lang, Recognised, Type};
use crate::text::{Case, Shape, Token, TokenKind};

pub(crate) use compounds::SharedHead;
pub(crate) use ruled::Reader;
pub(crate) use shapes::Seen;

/// A stretch of a line that may name something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The tokens of the whole name.
    pub(crate) tokens: Range<usize>,
    /// The tokens that it keeps for itself: the whole name, or its head where other names stand inside
    /// ("frihandelsavtal" of "EU:s frihandelsavtal med Japan").
    pub(crate) anchor: Range<usize>,
    /// Its type, as far as this place tells.
    pub(crate) ty: Type,
    /// The name in its base form.
    pub(crate) name: String,
    /// The case of its head.
    pub(crate) case: Case,
    /// How it was recognised.
    pub(crate) by: Recognised,
    /// How far it is trusted: among overlapping candidates of one length the higher wins.
    pub(crate) weight: u16,
    /// Whether the name describes rather than names.
    pub(crate) generic: bool,
    /// Whether it stands in for something named otherwise (`Luleådelegationen` for `Luleå`).
    pub(crate) reference: bool,
    /// The head noun in its base form, where the name is a description; else empty.
    pub(crate) head: String,
}

/// Weights of the sources, from the most trusted down.
pub(crate) mod weight {
    /// What the text itself says that the name is; it outweighs every other vote.
    pub(crate) const SAID: u16 = 20_000;
    /// A mention rule; its priority is added.
    pub(crate) const RULE: u16 = 500;
    /// A person of whom several things speak.
    pub(crate) const SURE_PERSON: u16 = 600;
    /// A person with a given name that is known.
    pub(crate) const PERSON: u16 = 450;
    /// A place of the lexicon.
    pub(crate) const PLACE: u16 = 400;
    /// A name that the document uses elsewhere where it is certain.
    pub(crate) const AGAIN: u16 = 350;
    /// A run of capitals.
    pub(crate) const SHAPE: u16 = 200;
}

/// Finds the names of all lines; the outcome is parallel to `page.lines`, sorted and without overlap of anchors.
/// `readers` holds what the rules know of each line, where its language has rules.
pub(crate) fn find(
    page: &Page<'_>,
    words: &Words,
    readers: &[Option<Reader<'_>>],
    scratch: &mut Scratch,
) -> Vec<Vec<Candidate>> {
    let seen = Seen::of(page, words);
    let mut found: Vec<Vec<Candidate>> = Vec::with_capacity(page.lines.len());
    for (line, reader) in page.lines.iter().zip(readers) {
        let mut candidates = Vec::new();
        if line.tokens.len() <= LINE_TOKENS {
            places::candidates(page, line, words, &seen, &mut candidates);
            compounds::candidates(page, line, words, &mut candidates);
            if let Some(reader) = reader {
                ruled::candidates(page, line, words, &seen, reader, scratch, &mut candidates);
            }
            persons::candidates(page, line, words, &seen, &mut candidates);
        }
        found.push(resolve(candidates));
    }
    titled::candidates(page, words, &mut found);
    title::candidates(page, words, readers, &mut found);
    shapes::candidates(page, words, &seen, &mut found);
    for ((line, reader), candidates) in page.lines.iter().zip(readers).zip(&mut found) {
        if let Some(reader) = reader.as_ref().filter(|_| line.tokens.len() <= LINE_TOKENS) {
            let more = events::candidates(page, line, words, reader, scratch, candidates);
            candidates.extend(more);
            candidates.sort_by_key(|c| c.anchor.start);
        }
    }
    plain_nouns(page, readers, &mut found);
    said::retype(page, words, &mut found);
    bracketed(page, &mut found);
    found
}

/// Leaves a bare noun to coreference where something before it is what it speaks of: Finnish nouns have no form that
/// says so ("Seminaari pidettiin Torniossa" after a named seminar).
fn plain_nouns(page: &Page<'_>, readers: &[Option<Reader<'_>>], found: &mut [Vec<Candidate>]) {
    let mut before: Vec<(Type, String)> = Vec::new();
    for ((line, reader), candidates) in page.lines.iter().zip(readers).zip(found.iter_mut()) {
        let Some(reader) = reader.as_ref().filter(|_| line.lang == Lang::Fi) else { continue };
        let view = Tokens { tokens: &line.tokens, hits: &reader.hits, typed: &[], dates: &[], clauses: &[] };
        let references = reader.rules.find_references(&view);
        candidates.retain(|c| {
            let bare = c.generic && c.tokens == c.anchor && !c.head.is_empty();
            let stands_for = |types: TypeSet| {
                // "tilaisuus" and "tapahtuma" alone name nothing
                if types == TypeSet::of_label("Event").unwrap_or(TypeSet(0)) {
                    return true;
                }
                let own = c.head.chars().count() <= 9 && c.ty.kind() == Kind::Agreement;
                before.iter().any(|(ty, name)| types.has(*ty) && (own || name.contains(&c.head)))
            };
            let refers = bare
                && references.iter().any(|r| match r.referent {
                    Referent::Last(types) => r.tokens == c.anchor && stands_for(types),
                    Referent::Publisher => false,
                });
            if !refers {
                before.push((c.ty, c.name.to_lowercase()));
            }
            !refers
        });
    }
}

/// Gives an acronym in brackets the type of the name before it: "aluekeskusohjelman (AKO)".
fn bracketed(page: &Page<'_>, found: &mut [Vec<Candidate>]) {
    let mut types: Vec<(String, Type)> = Vec::new();
    for (line, candidates) in page.lines.iter().zip(found.iter()) {
        for pair in candidates.windows(2) {
            let [left, right] = pair else { continue };
            if in_brackets(line, page.text(line), left, right) && left.ty != Type::Person {
                types.push((right.name.clone(), left.ty));
            }
        }
    }
    for (name, ty) in types {
        let same = |c: &&mut Candidate| c.name == name && c.by == Recognised::Shape;
        found.iter_mut().flatten().filter(same).for_each(|c| c.ty = ty);
    }
}

/// Whether a name of one word in capitals stands in brackets right after another name.
pub(crate) fn in_brackets(line: &Line, text: &str, left: &Candidate, right: &Candidate) -> bool {
    let end = left.tokens.end.max(left.anchor.end);
    right.tokens.len() == 1
        && end + 1 == right.tokens.start
        && line.tokens.get(end).is_some_and(|t| form(text, t) == "(")
        && line.tokens.get(right.tokens.end).is_some_and(|t| form(text, t) == ")")
        && line.tokens.get(right.tokens.start).is_some_and(|t| matches!(t.shape, Shape::Upper | Shape::Mixed))
}

/// What the rules know of each line of a page.
pub(crate) fn readers<'r>(page: &Page<'_>, rules: &'r RuleSet) -> Vec<Option<Reader<'r>>> {
    let read = |line: &Line| rules.lang(line.lang).map(|rules| Reader { rules, hits: rules.hits(&line.tokens) });
    page.lines.iter().map(read).collect()
}

/// Settles overlaps: the longest anchor wins, then the weight, then the place, then the name.
pub(crate) fn resolve(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| {
        (b.anchor.len(), b.weight, a.anchor.start, &a.name, a.ty).cmp(&(
            a.anchor.len(),
            a.weight,
            b.anchor.start,
            &b.name,
            b.ty,
        ))
    });
    let mut kept: Vec<Candidate> = Vec::new();
    for c in candidates {
        let at = kept.partition_point(|k| k.anchor.start < c.anchor.start);
        let before = at > 0 && kept[at - 1].anchor.end > c.anchor.start;
        let after = kept.get(at).is_some_and(|k| k.anchor.start < c.anchor.end);
        if !before && !after && !c.anchor.is_empty() {
            kept.insert(at, c);
        }
    }
    kept
}

/// The text of a token as written.
pub(crate) fn form<'t>(text: &'t str, token: &Token) -> &'t str {
    text.get(token.start as usize..token.end as usize).unwrap_or("")
}

/// The text from the first to the last token of a range, white space runs as one space.
pub(crate) fn phrase(text: &str, tokens: &[Token]) -> String {
    let mut out = String::new();
    for (i, t) in tokens.iter().enumerate() {
        if i > 0 && t.spaced {
            out.push(' ');
        }
        out.push_str(form(text, t));
    }
    out
}

/// Whether a line of the text ends before a token: no name runs on over that.
pub(crate) fn breaks(text: &str, tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|b| tokens.get(b)) else { return false };
    let between = tokens.get(at).and_then(|t| text.get(before.end as usize..t.start as usize));
    between.is_some_and(|b| b.contains('\n'))
}

/// Whether a token is a word with a capital.
pub(crate) fn capital(token: &Token) -> bool {
    token.kind == TokenKind::Word && matches!(token.shape, Shape::Capitalised | Shape::Upper | Shape::Mixed)
}

/// Whether a word stands where any word has a capital: at the start of a sentence, after an opening quote, a colon, a
/// dash or bullet that opens the line.
pub(crate) fn initial(line: &Line, text: &str, i: usize) -> bool {
    // a numbered line: "42 § Jäsenyys", "10.30 El utan kabel", "- Ekby"
    if line.tokens.iter().take(i).all(|t| t.kind != TokenKind::Word) && i < 8 {
        return true;
    }
    let mut at = i;
    loop {
        let Some(before) = at.checked_sub(1).and_then(|b| line.tokens.get(b)) else { return true };
        if before.kind != TokenKind::Punct {
            return before.kind == TokenKind::Number && at == 1;
        }
        match form(text, before) {
            "\"" | "”" | "“" | "„" | "»" | "«" | "'" | "’" | "‘" | "–" | "—" | "-" | "•" | "·" | "*" | "|" | ":"
            | "." | "!" | "?" | "…" => {
                // a closing quote opens nothing: `”Nordic” Forum`
                let opens = line.tokens.get(at).is_some_and(|t| !t.spaced) || at <= 1;
                let stop =
                    matches!(form(text, before), ":" | "." | "!" | "?" | "…" | "–" | "—" | "-" | "•" | "·" | "|");
                if stop || opens {
                    return true;
                }
                return false;
            }
            "(" | "[" => at -= 1,
            _ => return false,
        }
        if at == 0 {
            return true;
        }
    }
}
