//! The ways in which the words of a question fit the forms of a vocabulary. Looks no name up: a name is a run of words
//! here, and all splits are given; `choose` keeps the one whose names resolve best.

use std::collections::BTreeMap;
use std::ops::Range;

use super::vocabulary::{Form, Meaning, Noun, Piece, Suffix, Vocabulary};
use crate::model::Relation;
use crate::query::ast::{Span, Token, TokenKind};

/// A question longer than this is not one (and would make the splits many).
pub(super) const MOST_WORDS: usize = 80;
/// Splits that are looked at before the rest are given up; far above what questions of this length need.
const MOST_READINGS: usize = 400;
/// Steps of the matcher over one question.
const MOST_STEPS: usize = 400_000;
/// Times that polite words are taken out.
const MOST_POLITE: usize = 4;
/// Words in one name.
const LONGEST_NAME: usize = 14;

/// A word of the question as the matcher sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    lower: String,
    /// Quoted: fits holes alone.
    quoted: bool,
    /// The tokens that it stands for.
    tokens: Range<usize>,
}

/// A run of the question that fills a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// As written, without quotes.
    pub(super) text: String,
    /// Where it stands in the statement.
    pub(super) span: Span,
    /// How many words.
    pub(super) words: usize,
}

/// What the suffixes of a question say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Suffixes {
    pub(super) steps: Option<u32>,
    pub(super) via: Vec<Relation>,
    pub(super) except: Option<Name>,
    pub(super) region: Option<Name>,
    pub(super) since: Option<String>,
    pub(super) before: Option<String>,
    pub(super) during: Option<String>,
    pub(super) planned: bool,
    pub(super) ended: bool,
    pub(super) including_ended: bool,
    pub(super) including_negated: bool,
    pub(super) document: Option<Name>,
    pub(super) documents: Option<u32>,
    pub(super) limit: Option<u64>,
}

/// One way to read a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) meaning: Meaning,
    pub(super) noun: Option<Noun>,
    /// The noun as written.
    pub(super) noun_text: String,
    pub(super) a: Option<Name>,
    pub(super) b: Option<Name>,
    pub(super) relation: Option<Relation>,
    pub(super) number: Option<u64>,
    pub(super) negated: bool,
    pub(super) count: bool,
    pub(super) suffixes: Suffixes,
    /// Place of the form in its file: what comes first wins a tie.
    pub(super) order: usize,
    /// How many words of the question the form itself says, holes left out: more is a better fit.
    pub(super) said: usize,
}

/// Every way in which the tokens fit a form of the vocabulary.
pub(super) fn readings(vocabulary: &Vocabulary, tokens: &[Token], statement: &str) -> Vec<Reading> {
    if tokens.is_empty() || tokens.len() > MOST_WORDS {
        return Vec::new();
    }
    let base: Vec<Word> = tokens
        .iter()
        .enumerate()
        .map(|(i, t)| Word { lower: t.text.to_lowercase(), quoted: t.kind == TokenKind::Quoted, tokens: i..i + 1 })
        .collect();
    // As it stands, and without what is only polite; each also without `how many` and without its negation.
    let mut plain = vec![base];
    while plain.len() < MOST_POLITE
        && let Some((w, _)) = plain.last().and_then(|last| replaced(last, vocabulary, "polite"))
    {
        plain.push(w);
    }
    let mut out = Vec::new();
    let mut steps = 0;
    let mut versions: Vec<(Vec<Word>, bool, bool)> = Vec::new();
    for base in plain {
        let counted = replaced(&base, vocabulary, "count").filter(|(_, at)| *at == 0).map(|(w, _)| (w, true));
        for (words, count) in counted.into_iter().chain([(base, false)]) {
            let without = replaced(&words, vocabulary, "not").map(|(w, _)| w);
            versions.push((words, false, count));
            versions.extend(without.map(|w| (w, true, count)));
        }
    }
    for (words, negated, count) in &versions {
        for (order, form) in vocabulary.forms.iter().enumerate() {
            if *negated && !form.meaning.has_contrary() || *count && !form.meaning.counts() {
                continue;
            }
            let mut matcher = Matcher {
                vocabulary,
                words,
                tokens,
                statement,
                form,
                steps: &mut steps,
                out: &mut out,
                order,
                count: *count,
                negated: *negated,
            };
            matcher.form(0, 0, &mut Bound::default());
        }
    }
    out
}

/// How many words of the question are words of the vocabulary's forms.
pub(super) fn shared(vocabulary: &Vocabulary, tokens: &[Token]) -> usize {
    let known = vocabulary.words_of_forms();
    tokens.iter().filter(|t| t.kind == TokenKind::Word && known.contains(&t.text.to_lowercase())).count()
}

/// The forms of the vocabulary nearest to the question, by the words that they share.
pub(super) fn nearest<'v>(vocabulary: &'v Vocabulary, tokens: &[Token]) -> Vec<&'v str> {
    let mine: Vec<String> =
        tokens.iter().filter(|t| t.kind == TokenKind::Word).map(|t| t.text.to_lowercase()).collect();
    let said = |word: &String| {
        mine.iter().any(|m| m == word || (word.chars().count() > 3 && strsim::damerau_levenshtein(m, word) <= 1))
    };
    let noun = vocabulary.nouns.iter().any(|(words, _)| words.iter().all(|w| mine.contains(w)));
    let mut scored: Vec<(i32, usize, &str)> = vocabulary
        .forms
        .iter()
        .enumerate()
        .filter_map(|(i, form)| {
            let (mut shared, mut missing) = (0, 0);
            for piece in &form.pieces {
                match piece {
                    Piece::Phrase(phrases, optional) if phrases.iter().any(|p| p.iter().all(said)) => {
                        // Long words tell more of a form than short ones.
                        let longest = phrases.iter().flatten().filter(|w| said(w)).map(|w| w.chars().count()).max();
                        shared += if longest.unwrap_or(0) > 3 { 2 } else { 1 };
                        missing -= i32::from(*optional);
                    }
                    Piece::Phrase(_, optional) => missing += i32::from(!optional),
                    Piece::Hole('T') | Piece::Ending('T', _) => shared += i32::from(noun),
                    _ => {}
                }
            }
            (shared > 0).then_some((2 * shared - missing, i, form.text.as_str()))
        })
        .collect();
    scored.sort_by_key(|&(score, i, _)| (std::cmp::Reverse(score), i));
    scored.into_iter().take(3).map(|s| s.2).collect()
}

/// The words with the first phrase of a sense replaced by what it reads as, and where that stood.
fn replaced(words: &[Word], vocabulary: &Vocabulary, sense: &str) -> Option<(Vec<Word>, usize)> {
    let pairs = vocabulary.words.get(sense)?;
    for at in 0..words.len() {
        // The longest phrase that stands here.
        let hit = pairs
            .iter()
            .filter(|(p, _)| {
                !p.is_empty()
                    && words.len() - at >= p.len()
                    && p.iter().zip(&words[at..]).all(|(p, w)| !w.quoted && *p == w.lower)
            })
            .max_by_key(|(p, _)| p.len());
        let Some((phrase, into)) = hit else { continue };
        let tokens = words[at].tokens.start..words[at + phrase.len() - 1].tokens.end;
        let mut out = words[..at].to_vec();
        out.extend(into.iter().map(|w| Word { lower: w.clone(), quoted: false, tokens: tokens.clone() }));
        out.extend_from_slice(&words[at + phrase.len()..]);
        return Some((out, at));
    }
    None
}

/// What holes hold while a form is matched.
#[derive(Debug, Clone, Default)]
struct Bound<'v> {
    /// `planned` or `ended`, said before the noun.
    flag: Option<&'v str>,
    noun: Option<(Noun, Range<usize>)>,
    names: BTreeMap<char, Range<usize>>,
    relation: Option<Relation>,
    number: Option<u64>,
    year: Option<String>,
    said: usize,
}

struct Matcher<'m, 'v> {
    vocabulary: &'v Vocabulary,
    words: &'m [Word],
    tokens: &'m [Token],
    statement: &'m str,
    form: &'v Form,
    steps: &'m mut usize,
    out: &'m mut Vec<Reading>,
    order: usize,
    count: bool,
    negated: bool,
}

impl<'v> Matcher<'_, 'v> {
    /// Matches the form's pieces from `piece` on against the words from `at` on, then the suffixes.
    fn form(&mut self, piece: usize, at: usize, bound: &mut Bound<'v>) {
        let form: &'v Form = self.form;
        self.pieces(&form.pieces, piece, at, bound, &mut |me, at, bound| {
            let region = bound.names.get(&'P').map(|words| me.name(words));
            let (planned, ended) = (bound.flag == Some("planned"), bound.flag == Some("ended"));
            me.suffixes(at, bound, Suffixes { region, planned, ended, ..Suffixes::default() });
        });
    }

    fn give_up(&mut self) -> bool {
        *self.steps += 1;
        *self.steps > MOST_STEPS || self.out.len() >= MOST_READINGS
    }

    fn pieces(
        &mut self,
        pieces: &'v [Piece],
        piece: usize,
        at: usize,
        bound: &mut Bound<'v>,
        then: &mut dyn FnMut(&mut Self, usize, &mut Bound<'v>),
    ) {
        if self.give_up() {
            return;
        }
        let Some(first) = pieces.get(piece) else { return then(self, at, bound) };
        match first {
            Piece::Phrase(phrases, optional) => {
                for phrase in phrases {
                    if self.phrase(phrase, at) {
                        bound.said += phrase.len();
                        self.pieces(pieces, piece + 1, at + phrase.len(), bound, then);
                        bound.said -= phrase.len();
                    }
                }
                if *optional {
                    self.pieces(pieces, piece + 1, at, bound, then);
                }
            }
            Piece::Hole('T') => self.noun(&[], pieces, piece, at, bound, then),
            Piece::Ending('T', labels) => self.noun(labels, pieces, piece, at, bound, then),
            Piece::Hole('R') => {
                let vocabulary: &'v Vocabulary = self.vocabulary;
                let word = self.words.get(at).map(|w| w.lower.to_uppercase());
                if let Some(r) = word.and_then(|w| Relation::from_word(&w)) {
                    let old = bound.relation.replace(r);
                    self.pieces(pieces, piece + 1, at + 1, bound, then);
                    bound.relation = old;
                }
                for (phrase, relation) in &vocabulary.relations {
                    if self.phrase(phrase, at) {
                        let old = bound.relation.replace(*relation);
                        self.pieces(pieces, piece + 1, at + phrase.len(), bound, then);
                        bound.relation = old;
                    }
                }
            }
            Piece::Hole('N') => {
                if let Some(n) = self.words.get(at).and_then(|w| w.lower.parse().ok()) {
                    let old = bound.number.replace(n);
                    self.pieces(pieces, piece + 1, at + 1, bound, then);
                    bound.number = old;
                }
            }
            Piece::Hole('Y') => {
                // A date may be cut into several tokens (`2018`, `-`, `05`): longest first.
                for end in (at + 1..=(at + 5).min(self.words.len())).rev() {
                    let text = self.slice(at..end);
                    if text.parse::<crate::model::Edtf>().is_ok() {
                        let old = bound.year.replace(text);
                        self.pieces(pieces, piece + 1, end, bound, then);
                        bound.year = old;
                        break;
                    }
                }
            }
            Piece::Hole(letter) | Piece::Ending(letter, _) => {
                let endings: &'v [String] = if let Piece::Ending(_, endings) = first { endings } else { &[] };
                let most = (at + LONGEST_NAME).min(self.words.len());
                for end in at + 1..=most {
                    // A quoted name stands alone.
                    if self.words[at..end].iter().any(|w| w.quoted) && end - at > 1 {
                        break;
                    }
                    if !endings.is_empty() && !endings.iter().any(|e| self.words[end - 1].lower.ends_with(e)) {
                        continue;
                    }
                    // `the Bothnian Arc`, `the city of Oulu`: the name with and without what stands before it.
                    let mut starts = vec![at];
                    starts.extend(self.articles(at).filter(|&start| start < end));
                    for start in starts {
                        let old = bound.names.insert(*letter, start..end);
                        bound.said += start - at;
                        self.pieces(pieces, piece + 1, end, bound, then);
                        bound.said -= start - at;
                        match old {
                            Some(o) => bound.names.insert(*letter, o),
                            None => bound.names.remove(letter),
                        };
                    }
                }
            }
        }
    }

    /// A noun, of some labels alone where these are given, and what may stand around it: `planned` before, a region after.
    fn noun(
        &mut self,
        labels: &[String],
        pieces: &'v [Piece],
        piece: usize,
        at: usize,
        bound: &mut Bound<'v>,
        then: &mut dyn FnMut(&mut Self, usize, &mut Bound<'v>),
    ) {
        let vocabulary: &'v Vocabulary = self.vocabulary;
        if bound.flag.is_none() {
            for suffix in vocabulary.suffixes.iter().filter(|s| matches!(s.name.as_str(), "planned" | "ended")) {
                let [Piece::Phrase(phrases, false)] = suffix.pieces.as_slice() else { continue };
                for phrase in phrases {
                    if !self.phrase(phrase, at) {
                        continue;
                    }
                    bound.flag = Some(&suffix.name);
                    bound.said += phrase.len();
                    self.noun(labels, pieces, piece, at + phrase.len(), bound, then);
                    bound.said -= phrase.len();
                    bound.flag = None;
                }
            }
        }
        for (phrase, noun) in &vocabulary.nouns {
            let fits = match noun {
                Noun::Labels(own) => labels.is_empty() || own.iter().all(|l| labels.contains(l)),
                Noun::Municipality => labels.is_empty() || labels.iter().any(|l| l == "Municipality"),
                Noun::Anyone | Noun::Anything => labels.is_empty(),
            };
            if fits && self.phrase(phrase, at) {
                let old = bound.noun.replace((noun.clone(), at..at + phrase.len()));
                bound.said += phrase.len();
                self.pieces(pieces, piece + 1, at + phrase.len(), bound, then);
                self.region_before_verb(pieces, piece + 1, at + phrase.len(), bound, then);
                bound.said -= phrase.len();
                bound.noun = old;
            }
        }
    }

    /// Where a name may begin after the words before it that are no part of it.
    fn articles(&self, at: usize) -> impl Iterator<Item = usize> {
        let phrases = self.vocabulary.words.get("article").into_iter().flatten();
        let ends: Vec<usize> =
            phrases.filter(|(p, _)| !p.is_empty() && self.phrase(p, at)).map(|(p, _)| at + p.len()).collect();
        ends.into_iter()
    }

    /// `which companies in Oulu are …`: the region right after the noun, as the suffix `in` writes it.
    fn region_before_verb(
        &mut self,
        pieces: &'v [Piece],
        piece: usize,
        at: usize,
        bound: &mut Bound<'v>,
        then: &mut dyn FnMut(&mut Self, usize, &mut Bound<'v>),
    ) {
        if piece >= pieces.len() || bound.names.contains_key(&'P') {
            return;
        }
        let vocabulary: &'v Vocabulary = self.vocabulary;
        for suffix in vocabulary.suffixes.iter().filter(|s| s.name == "in") {
            let mut own = Bound { said: bound.said, ..Bound::default() };
            let outer = bound.clone();
            self.pieces(&suffix.pieces, 0, at, &mut own, &mut |me, end, own| {
                let mut inner = outer.clone();
                inner.said = own.said;
                inner.names.extend(own.names.iter().map(|(letter, words)| (*letter, words.clone())));
                me.pieces(pieces, piece, end, &mut inner, then);
            });
        }
    }

    fn phrase(&self, phrase: &[String], at: usize) -> bool {
        self.words.len() >= at + phrase.len()
            && phrase.iter().zip(&self.words[at..]).all(|(p, w)| !w.quoted && *p == w.lower)
    }

    /// The text of the statement behind some words; of a bound parameter its value.
    fn slice(&self, words: Range<usize>) -> String {
        if let (1, Some(token)) =
            (words.len(), self.words.get(words.start).and_then(|w| self.tokens.get(w.tokens.start)))
        {
            return token.text.to_string();
        }
        let span = self.span(&words);
        self.statement.get(span.start as usize..span.end as usize).unwrap_or_default().to_owned()
    }

    fn span(&self, words: &Range<usize>) -> Span {
        let first = self.words.get(words.start).and_then(|w| self.tokens.get(w.tokens.start));
        let last =
            self.words.get(words.end.saturating_sub(1)).and_then(|w| self.tokens.get(w.tokens.end.saturating_sub(1)));
        match (first, last) {
            (Some(a), Some(b)) => Span { start: a.span.start, end: b.span.end },
            _ => Span::default(),
        }
    }

    fn name(&self, words: &Range<usize>) -> Name {
        let quoted = self.words.get(words.start).filter(|w| w.quoted && words.len() == 1);
        let text = match quoted.and_then(|w| self.tokens.get(w.tokens.start)) {
            Some(token) => token.text.to_string(),
            None => self.slice(words.clone()),
        };
        Name { text, span: self.span(words), words: words.len() }
    }

    /// Reads suffixes from `at` to the end; where nothing is left, the reading is whole.
    fn suffixes(&mut self, at: usize, bound: &mut Bound<'v>, so_far: Suffixes) {
        if at == self.words.len() {
            let searches = self.form.meaning.searches_chains();
            if !searches && (!so_far.via.is_empty() || so_far.steps.is_some() && self.form.meaning != Meaning::Show) {
                return;
            }
            let name = |letter: char| bound.names.get(&letter).map(|r| self.name(r));
            let reading = Reading {
                meaning: self.form.meaning.clone(),
                noun: bound.noun.as_ref().map(|n| n.0.clone()),
                noun_text: bound.noun.as_ref().map(|n| self.slice(n.1.clone())).unwrap_or_default(),
                a: name('A'),
                b: name('B'),
                relation: bound.relation,
                number: bound.number,
                negated: self.negated,
                count: self.count,
                suffixes: so_far,
                order: self.order,
                said: bound.said,
            };
            if !self.out.contains(&reading) {
                self.out.push(reading);
            }
            return;
        }
        // A comma before a suffix says nothing.
        if self.words[at].lower == "," && !self.words[at].quoted && !self.give_up() {
            self.suffixes(at + 1, bound, so_far.clone());
        }
        let vocabulary: &'v Vocabulary = self.vocabulary;
        for suffix in &vocabulary.suffixes {
            if self.give_up() {
                return;
            }
            // Holes of a suffix are its own: those of the form are kept aside.
            let mut own = Bound { said: bound.said, ..Bound::default() };
            let outer = bound.clone();
            self.pieces(&suffix.pieces, 0, at, &mut own, &mut |me, end, own| {
                let mut all = so_far.clone();
                if me.take(suffix, own, &mut all) {
                    let mut outer = outer.clone();
                    outer.said = own.said;
                    me.suffixes(end, &mut outer, all);
                }
            });
        }
        // `via R, R`: further relations after a comma or `and`.
        if !so_far.via.is_empty()
            && at + 1 < self.words.len()
            && matches!(self.words[at].lower.as_str(), "," | "and" | "or" | "och" | "eller" | "ja" | "tai")
        {
            let more: &'v [Piece] = &[Piece::Hole('R')];
            let outer = bound.clone();
            self.pieces(more, 0, at + 1, &mut Bound::default(), &mut |me, end, own| {
                let mut all = so_far.clone();
                all.via.extend(own.relation);
                me.suffixes(end, &mut outer.clone(), all);
            });
        }
    }

    /// Notes what a suffix says; `false` where it was said before.
    fn take(&self, suffix: &Suffix, own: &Bound<'_>, all: &mut Suffixes) -> bool {
        let name = |letter: char| own.names.get(&letter).map(|r| self.name(r));
        let small = own.number.and_then(|n| u32::try_from(n).ok());
        fn set<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
            if slot.is_some() || value.is_none() {
                return false;
            }
            *slot = value;
            true
        }
        fn flag(slot: &mut bool) -> bool {
            !std::mem::replace(slot, true)
        }
        match suffix.name.as_str() {
            "steps" => set(&mut all.steps, small),
            "via" => {
                all.via.extend(own.relation);
                all.via.len() == 1
            }
            "except" => set(&mut all.except, name('C')),
            "in" => set(&mut all.region, name('P')),
            "since" => set(&mut all.since, own.year.clone()),
            "before" => set(&mut all.before, own.year.clone()),
            "during" => set(&mut all.during, own.year.clone()),
            "planned" => flag(&mut all.planned),
            "ended" => flag(&mut all.ended),
            "including_ended" => flag(&mut all.including_ended),
            "including_negated" => flag(&mut all.including_negated),
            "from" => set(&mut all.document, name('D')),
            "documents" => set(&mut all.documents, small),
            "limit" => set(&mut all.limit, own.number),
            _ => false,
        }
    }
}
