//! Names that no list knows: runs of capitals that the document supports, and known names at later places.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Candidate, breaks, capital, form, initial, phrase, resolve, weight};
use crate::extract::page::{LINE_TOKENS, Line, Page};
use crate::extract::words::{Class, Words};
use crate::lexicon::lexicon;
use crate::model::{Kind, Lang, Recognised, Type};
use crate::source::BlockKind;
use crate::text::{Case, Shape, Token, TokenKind};

/// Most tokens of a name.
const TOKENS: usize = 8;
/// What a run of capitals must reach to be a name.
const ENOUGH: i32 = 2;

/// How often the document has its words in which shape: what tells a name from the first word of a sentence.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Lower-cased word → index into `counts`.
    words: FxHashMap<String, usize>,
    counts: Vec<Counts>,
    /// Surnames of persons whose given name is known.
    surnames: FxHashSet<String>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    inside: u32,
    lower: u32,
}

impl Seen {
    /// Counts the words of a page.
    pub(crate) fn of(page: &Page<'_>, words: &Words) -> Seen {
        let mut seen = Seen::default();
        for line in &page.lines {
            let text = page.text(line);
            let titled = titled(line, words);
            for (i, t) in line.tokens.iter().enumerate().take(LINE_TOKENS) {
                if t.kind != TokenKind::Word {
                    continue;
                }
                if t.shape == Shape::Lower {
                    seen.count(&t.lower).lower += 1;
                } else if !titled && (!line.heading() || line.lang != Lang::En) && !initial(line, text, i) {
                    seen.count(&t.lower).inside += 1;
                }
                if capital(t) && i > 0 && capital(&line.tokens[i - 1]) && t.spaced {
                    let before = form(text, &line.tokens[i - 1]);
                    if lexicon().is_first_name(before) && lexicon().places(before).next().is_none() {
                        seen.surnames.insert(t.lower.clone());
                    }
                }
            }
        }
        seen
    }

    fn count(&mut self, lower: &str) -> &mut Counts {
        // a word seen before costs no allocation
        let next = self.counts.len();
        let at = match self.words.get(lower) {
            Some(&at) => at,
            None => {
                self.words.insert(lower.to_owned(), next);
                self.counts.push(Counts::default());
                next
            }
        };
        &mut self.counts[at]
    }

    /// How often a lower-cased word stands with a capital where only names have one.
    pub(crate) fn inside(&self, lower: &str) -> u32 {
        self.words.get(lower).map_or(0, |&c| self.counts[c].inside)
    }

    /// How often it stands without a capital.
    pub(crate) fn lower(&self, lower: &str) -> u32 {
        self.words.get(lower).map_or(0, |&c| self.counts[c].lower)
    }

    /// Whether a word is, in some inflected form, the surname of a person whom the document names in full.
    pub(crate) fn surname(&self, page: &Page<'_>, lang: Lang, word: &str) -> bool {
        !self.surnames.is_empty()
            && page.bases(lang, word).iter().any(|(b, _)| self.surnames.contains(&b.to_lowercase()))
    }
}

/// Whether most words of a line have a capital, as in an English title, so that one more says little.
fn titled(line: &Line, words: &Words) -> bool {
    let (mut upper, mut lower) = (0, 0);
    for t in line.tokens.iter().filter(|t| t.kind == TokenKind::Word) {
        if t.shape == Shape::Lower {
            if !words.has(line.lang, Class::Function, &t.lower) {
                lower += 1;
            }
        } else {
            upper += 1;
        }
    }
    line.lang == Lang::En
        && upper >= 3
        && lower * 2 < upper
        && line.tokens.last().is_none_or(|t| t.kind != TokenKind::Punct)
}

/// A run of capitals and what speaks for its being a name.
#[derive(Debug, Clone)]
struct Run {
    line: usize,
    tokens: Range<usize>,
    name: String,
    case: Case,
    score: i32,
    ty: Type,
}

/// Adds the names that only shape, repetition and context support, then every later place of a name already found.
pub(crate) fn candidates(page: &Page<'_>, words: &Words, seen: &Seen, found: &mut [Vec<Candidate>]) {
    let mut runs = Vec::new();
    for (l, line) in page.lines.iter().enumerate() {
        // the line before or after in a list is a name and nothing else
        let whole = |k: Option<usize>| {
            k.and_then(|k| Some((page.lines.get(k)?, found.get(k)?))).is_some_and(|(x, c)| {
                let whole = |c: &Candidate| c.tokens.len() == x.tokens.len() && c.ty != Type::Person;
                x.kind == line.kind && c.first().is_some_and(whole)
            })
        };
        let person = |k: Option<usize>| {
            k.and_then(|k| Some((page.lines.get(k)?, found.get(k)?.first()?))).is_some_and(|(x, c)| {
                c.ty == Type::Person && x.tokens.len() <= 16 && initial(x, page.text(x), c.anchor.start)
            })
        };
        let sibling = line.kind == BlockKind::ListItem && (whole(l.checked_sub(1)) || whole(Some(l + 1)));
        for tokens in split(page, line, words, seen, &found[l]) {
            let opens = initial(line, page.text(line), tokens.start) && line.tokens.len() <= 16;
            let beside = opens && (person(l.checked_sub(1)) || person(Some(l + 1)));
            runs.extend(weigh(page, line, words, seen, &found[l], l, tokens, sibling, beside));
        }
    }
    let mut times: FxHashMap<String, i32> = FxHashMap::default();
    for run in &runs {
        *times.entry(run.name.to_lowercase()).or_default() += 1;
    }
    let mut accepted: FxHashSet<String> = FxHashSet::default();
    for run in &mut runs {
        let repeated = times.get(&run.name.to_lowercase()).copied().unwrap_or(1);
        run.score += (repeated - 1).min(2);
        if run.score >= ENOUGH {
            accepted.insert(run.name.to_lowercase());
        }
    }
    for run in runs {
        // one certain place carries the others
        if run.score < ENOUGH && !accepted.contains(&run.name.to_lowercase()) {
            continue;
        }
        let mut all = std::mem::take(&mut found[run.line]);
        all.push(Candidate {
            anchor: run.tokens.clone(),
            tokens: run.tokens,
            ty: run.ty,
            name: run.name,
            case: run.case,
            by: Recognised::Shape,
            weight: weight::SHAPE,
            generic: false,
            reference: false,
            head: String::new(),
        });
        found[run.line] = resolve(all);
    }
    super::again::candidates(page, words, seen, found);
}

/// The maximal runs of capitals of a line, cut where a name that is surer begins or ends.
fn split(page: &Page<'_>, line: &Line, words: &Words, seen: &Seen, found: &[Candidate]) -> Vec<Range<usize>> {
    let text = page.text(line);
    let mut out = Vec::new();
    let mut i = 0;
    while i < line.tokens.len() {
        let taken = found.iter().find(|c| c.anchor.contains(&i));
        if let Some(c) = taken.filter(|c| c.weight >= weight::PERSON) {
            i = c.anchor.end;
            continue;
        }
        if !name_word(line, words, i) {
            i += 1;
            continue;
        }
        let mut end = i + 1;
        while end < line.tokens.len() && end < i + TOKENS {
            let t = &line.tokens[end];
            if found.iter().any(|c| c.anchor.start == end && c.weight >= weight::PERSON) {
                break;
            }
            if name_word(line, words, end) && t.spaced && !breaks(text, &line.tokens, end) {
                // a place in a local case stands beside the name before it, not in it (`Nokia Oulussa`)
                let place = found.iter().find(|c| c.anchor.start == end && c.by == Recognised::Lexicon);
                if place
                    .is_some_and(|p| matches!(p.case, Case::Inessive | Case::Elative | Case::Illative | Case::Adessive))
                {
                    break;
                }
                end += 1;
            } else if joins(line, text, words, end) {
                end += 2;
            } else if t.kind == TokenKind::Number
                && t.spaced
                && number_of_name(line, text, end)
                && !found.iter().any(|c| c.anchor.end == end)
            {
                end += 1;
                break;
            } else {
                break;
            }
        }
        let end = end.min(line.tokens.len());
        let mut start = i;
        // an ordinary word that only opens the sentence is no part of the name after it
        let title = |t: usize| t + 1 < end && words.has(line.lang, Class::Role, &line.tokens[t].lower);
        while start < end && initial(line, text, start) && (ordinary(line, words, seen, start) || title(start)) {
            start += 1;
        }
        // `Ruotsin Östergötlannista`: the country owns the place that follows it in a local case
        let country = |c: &&Candidate| {
            c.anchor.start == start && c.anchor.end + 1 == end && c.ty == Type::Country && c.case == Case::Genitive
        };
        if line.lang == Lang::Fi
            && found.iter().any(|c| country(&c))
            && matches!(
                best_base(page, line, words, seen, end - 1).1,
                Case::Inessive | Case::Elative | Case::Illative | Case::Adessive | Case::Ablative | Case::Allative
            )
        {
            start = end - 1;
        }
        // "International Affairs Coordinator" is a title, "Executive" before "Director" a part of one
        let office = |t: usize| line.tokens.get(t).is_some_and(|t| words.has(line.lang, Class::Role, &t.lower));
        if line.lang == Lang::En && end == start + 1 && line.tokens.get(end).is_some_and(capital) && office(end) {
            i = end;
            continue;
        }
        if end > start + 1 && line.lang == Lang::En && words.has(line.lang, Class::Role, &line.tokens[end - 1].lower) {
            i = end;
            continue;
        }
        // what is left may begin with a number (`Sedan 2018`)
        while start < end && !capital(&line.tokens[start]) {
            start += 1;
        }
        // places side by side are places (`Ruotsin Luulajassa`), and one alone is no run
        let places = found.iter().filter(|c| c.anchor.start >= start && c.anchor.end <= end);
        let covered: usize = places.map(|c| c.anchor.len()).sum();
        if start < end && covered < end - start {
            out.push(start..end);
        }
        i = end.max(i + 1);
    }
    out
}

/// Whether a token may be a word of a name.
fn name_word(line: &Line, words: &Words, i: usize) -> bool {
    let t = &line.tokens[i];
    capital(t) && !words.has(line.lang, Class::NotName, &t.lower) && !t.lower.contains(['@', '/']) && !address(&t.lower)
}

fn address(lower: &str) -> bool {
    lower.starts_with("www.")
        || lower.rsplit_once('.').is_some_and(|(a, b)| !a.is_empty() && (2..=4).contains(&b.len()) && b != "r.l")
}

/// Whether a lower-case word or mark at `i` stands inside a name: `&`, or a particle before one more capital.
fn joins(line: &Line, text: &str, words: &Words, i: usize) -> bool {
    let (Some(t), Some(next)) = (line.tokens.get(i), line.tokens.get(i + 1)) else { return false };
    let inner = match t.kind {
        TokenKind::Punct => matches!(form(text, t), "&" | "+") && t.spaced == next.spaced,
        TokenKind::Word => words.has(line.lang, Class::Inner, &t.lower),
        TokenKind::Number => false,
    };
    inner && name_word(line, words, i + 1)
}

/// Years and short numbers end a name (`Horisont 2020`), amounts do not.
fn number_of_name(line: &Line, text: &str, at: usize) -> bool {
    let form = form(text, &line.tokens[at]);
    let next = line.tokens.get(at + 1);
    if next.is_some_and(|t| self::form(text, t) == "." && !t.spaced) && form.len() <= 2 {
        return false;
    }
    let digits = form.bytes().filter(u8::is_ascii_digit).count();
    let span = form.contains(['–', '-']) && digits == 8;
    (digits <= 2 && form.len() <= 2) || span || (digits == 4 && (form.starts_with("19") || form.starts_with("20")))
}

/// Whether the word that opens a sentence is just a word with a capital.
pub(super) fn ordinary(line: &Line, words: &Words, seen: &Seen, i: usize) -> bool {
    let t = &line.tokens[i];
    if matches!(t.shape, Shape::Mixed) || (t.shape == Shape::Upper && t.lower.chars().count() > 1) {
        return false;
    }
    if words.has(line.lang, Class::Opener, &t.lower) {
        return true;
    }
    if words.has(line.lang, Class::Function, &t.lower) {
        return true;
    }
    let inside = seen.inside(&t.lower);
    if seen.lower(&t.lower) > 0 {
        return inside == 0;
    }
    if inside > 0 {
        return false;
    }
    words.ends_like_a_word(line.lang, &t.lower)
}

/// Weighs a run: is it a name, and of what?
#[expect(clippy::too_many_arguments, reason = "what speaks for a name comes from many places")]
fn weigh(
    page: &Page<'_>,
    line: &Line,
    words: &Words,
    seen: &Seen,
    found: &[Candidate],
    l: usize,
    tokens: Range<usize>,
    sibling: bool,
    person_beside: bool,
) -> Option<Run> {
    let text = page.text(line);
    let first = &line.tokens[tokens.start];
    let last = &line.tokens[tokens.end - 1];
    let count = tokens.clone().filter(|&t| capital(&line.tokens[t])).count();
    let at_start = initial(line, text, tokens.start);
    let shouting = super::places::shouting(line);
    let titled = titled(line, words) || line.heading();
    let mut score = 0;
    if !at_start && !titled {
        // English gives a capital to more than names; a word of everyday use needs more to speak for it
        let everyday = count == 1
            && (words.has(line.lang, Class::Everyday, &first.lower)
                || lexicon().word(form(text, first)).common
                || seen.lower(&first.lower) > 0);
        score += if line.lang == Lang::En && everyday { 1 } else { 2 };
    }
    if count > 1 && !shouting {
        score += if titled { 1 } else { 2 };
    }
    let odd = tokens.clone().any(|t| line.tokens[t].shape == Shape::Mixed);
    let upper = tokens.clone().any(|t| line.tokens[t].shape == Shape::Upper && line.tokens[t].lower.len() > 1);
    if odd {
        score += 1;
    }
    if upper && !shouting && count > 1 {
        score += 1;
    }
    // an acronym is a name wherever it stands
    if upper && !shouting && count == 1 && at_start && line.lang == Lang::En && first.lower.chars().count() > 2 {
        score += 2;
    }
    // a word for a body just before it: "företaget Meltek"
    let cue = tokens.start > 0 && words.has(line.lang, Class::Body, &line.tokens[tokens.start - 1].lower);
    if cue {
        score += 2;
    }
    // in company: coordinated with a body or place that is known
    if beside(line, text, words, found, &tokens) {
        score += 1;
    }
    if seen.inside(&first.lower) > 1 {
        score += 1;
    }
    let (ty, head) = kind_of(line, text, &tokens);
    let said = super::said::after(line, text, words, tokens.end);
    let (ty, head) = said.map_or((ty, head), |s| (s, true));
    if head {
        score += if said.is_some() { 2 } else { 1 };
    }
    if words.street(line.lang, &last.lower) {
        score -= 3;
    }
    if shouting || (upper && count == 1 && !odd && last.lower.chars().count() < 3) {
        score -= 1;
    }
    // an item of a list that is nothing but the name, or the name and what a comma sets off
    let item = line.kind == BlockKind::ListItem
        && tokens.start <= 1
        && line.tokens.get(tokens.end).is_none_or(|t| matches!(form(text, t), "," | "(" | "–" | ";"));
    if item && seen.lower(&first.lower) == 0 {
        score += if count > 1 || sibling { 2 } else { 0 };
    }
    // an ordinary word of this document, or a compound of an acronym (`EU-projekt`)
    if count == 1 && seen.lower(&first.lower) > 0 {
        score -= 3;
    }
    if count == 1 && form(text, first).split_once('-').is_some_and(|(_, b)| b.chars().all(char::is_lowercase)) {
        score -= 2;
    }
    let (base, case) = best_base(page, line, words, seen, tokens.end - 1);
    let within = line.lang == Lang::Fi && tokens.len() == 1 && matches!(case, Case::Inessive | Case::Illative);
    let plain = !head && first.shape == Shape::Capitalised;
    // a row beside rows of persons: two or three names, then a comma
    let comma = line.tokens.get(tokens.end).is_some_and(|t| matches!(form(text, t), "," | "("));
    if person_beside
        && !head
        && comma
        && (2..=3).contains(&count)
        && tokens.clone().all(|t| line.tokens[t].shape == Shape::Capitalised)
    {
        return Some(Run {
            line: l,
            tokens: tokens.clone(),
            name: phrase(text, &line.tokens[tokens]),
            case,
            score: score + 2,
            ty: Type::Person,
        });
    }
    // a given name of any language and one more name
    let given = (2..=3).contains(&count)
        && !head
        && tokens.clone().all(|t| line.tokens[t].shape == Shape::Capitalised)
        && lexicon().is_first_name(form(text, first))
        && lexicon().places(form(text, first)).next().is_none();
    let ty = if given { Type::Person } else { ty };
    let plain = plain && !given;
    let ty = if plain && (within || place_like(line, text, words, found, &tokens)) { Type::City } else { ty };
    let mut name = phrase(text, &line.tokens[tokens.start..tokens.end - 1]);
    if tokens.len() > 1 && line.tokens[tokens.end - 1].spaced {
        name.push(' ');
    }
    name.push_str(&base);
    (name.chars().count() > 1).then_some(Run { line: l, tokens, name, case, score, ty })
}

/// Whether a run of capitals stands as places do: "i X", "X, Norge".
fn place_like(line: &Line, text: &str, words: &Words, found: &[Candidate], tokens: &Range<usize>) -> bool {
    let inside = tokens.start.checked_sub(1).and_then(|b| line.tokens.get(b));
    let inside = tokens.len() == 1 && inside.is_some_and(|t| words.has(line.lang, Class::Inside, &t.lower));
    let comma = line.tokens.get(tokens.end).is_some_and(|t| matches!(form(text, t), "," | "("));
    let country = found.iter().any(|c| c.anchor.start == tokens.end + 1 && c.ty == Type::Country);
    inside || (comma && country)
}

/// What a run of capitals is, by a class word or legal form in it.
fn kind_of(line: &Line, text: &str, tokens: &Range<usize>) -> (Type, bool) {
    let lex = lexicon();
    let all = phrase(text, &line.tokens[tokens.clone()]);
    if let (_, Some(legal)) = lex.strip_legal(&all) {
        return (legal.ty, true);
    }
    for t in tokens.clone().rev() {
        let word = form(text, &line.tokens[t]);
        let fits = |h: &&crate::lexicon::Head| h.lang == line.lang || h.lang == Lang::En;
        if let Some(head) = lex.heads(word).iter().filter(|h| h.ty.kind() == Kind::Actor).find(fits) {
            return (head.ty, true);
        }
        let actor = |h: &crate::lexicon::Head| h.lang == line.lang && h.ty.kind() == Kind::Actor;
        if let Some((_, head)) = lex.head_suffix(word).filter(|(n, h)| *n > 2 && actor(h)) {
            return (head.ty, true);
        }
    }
    (Type::Organisation, false)
}

/// Whether a known actor or place stands beside a run, with just a comma or a coordinator between.
fn beside(line: &Line, text: &str, words: &Words, found: &[Candidate], tokens: &Range<usize>) -> bool {
    let link = |t: &Token| form(text, t) == "," || words.has(line.lang, Class::Coordinator, &t.lower);
    let before = tokens.start >= 2
        && link(&line.tokens[tokens.start - 1])
        && found.iter().any(|c| c.anchor.end + 1 == tokens.start && c.ty != Type::Person);
    let after = line.tokens.get(tokens.end).is_some_and(link)
        && found.iter().any(|c| c.anchor.start == tokens.end + 1 && c.ty != Type::Person);
    before || after
}

/// The base form of the last word of a name that no lexicon holds.
pub(crate) fn best_base(page: &Page<'_>, line: &Line, words: &Words, seen: &Seen, at: usize) -> (String, Case) {
    let text = page.text(line);
    let token = &line.tokens[at];
    let word = form(text, token);
    let bases = page.bases(line.lang, word);
    let own = (word.to_owned(), Case::Nominative);
    // a mark of its own: `EU:n`, `Meltek's`
    if let Some(b) = bases
        .iter()
        .find(|(b, c)| *c != Case::Nominative && word.get(b.len()..).is_some_and(|r| r.starts_with([':', '\'', '’'])))
    {
        return b.clone();
    }
    // the document has the base form elsewhere
    if let Some(b) = bases.iter().find(|(b, c)| *c != Case::Nominative && seen.inside(&b.to_lowercase()) > 0) {
        return b.clone();
    }
    // a class word whose inflection is known (`Kehittämisyhtiön`)
    let head = |b: &str| !lexicon().heads(b).is_empty() || lexicon().head_suffix(b).is_some();
    if let Some(b) = bases.iter().find(|(b, _)| head(b)) {
        return b.clone();
    }
    let inflected = bases.iter().find(|(_, c)| *c != Case::Nominative);
    match (line.lang, inflected) {
        (Lang::Fi, Some(b)) => {
            // nominatives in -n or -a are rare among names at the end of a run; a vowel may be either
            if words.inflected(line.lang, &token.lower) { b.clone() } else { own }
        }
        (Lang::Fi, None) | (_, None) => own,
        (_, Some(b)) => {
            let owner = line.tokens.get(at + 1).is_some_and(|n| {
                n.spaced && n.shape == Shape::Lower && !words.has(line.lang, Class::Function, &n.lower)
            });
            let own_s = words.own_ending(line.lang, &token.lower);
            if owner && !own_s { b.clone() } else { own }
        }
    }
}
