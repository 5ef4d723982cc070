//! What the tagger sees of a token: 32-bit hashes of its letters, shape and neighbours, of what the lexicon knows, and
//! of how the document writes it elsewhere. Knows no weights.

use rustc_hash::FxHashMap;

use super::Word;
use crate::lexicon::{NameClass, lexicon};
use crate::model::{Kind, Lang, Type};
use crate::text::{Case, Shape};

/// Inhabitants from which a town is spoken of far away.
const LARGE: u32 = 20_000;
/// Letters of a word that are looked at; what is longer is no name.
const LETTERS: usize = 80;
/// How far around a token its neighbours are looked at, to either side.
pub(crate) const AROUND: usize = 2;

/// What the lexicon knows of a word, one bit each.
mod flag {
    pub(super) const COUNTRY: u32 = 1;
    pub(super) const PROVINCE: u32 = 1 << 1;
    pub(super) const MUNICIPALITY: u32 = 1 << 2;
    pub(super) const TOWN: u32 = 1 << 3;
    pub(super) const VILLAGE: u32 = 1 << 4;
    pub(super) const AREA: u32 = 1 << 5;
    pub(super) const PLACE_INFLECTED: u32 = 1 << 6;
    pub(super) const GIVEN_HERE: u32 = 1 << 7;
    pub(super) const GIVEN: u32 = 1 << 8;
    pub(super) const FAMILY_HERE: u32 = 1 << 9;
    pub(super) const FAMILY: u32 = 1 << 10;
    pub(super) const FAMILY_INFLECTED: u32 = 1 << 11;
    pub(super) const GIVEN_INFLECTED: u32 = 1 << 12;
    pub(super) const COMMON: u32 = 1 << 13;
    pub(super) const HEAD: u32 = 1 << 14;
    pub(super) const HEAD_AT_END: u32 = 1 << 15;
    pub(super) const LEGAL: u32 = 1 << 16;
    pub(super) const BEGINS: u32 = 1 << 17;
    pub(super) const ALL: u32 = 18;
    /// What is told of neighbours.
    pub(super) const COARSE: u32 =
        COUNTRY | PROVINCE | TOWN | GIVEN | FAMILY | GIVEN_INFLECTED | FAMILY_INFLECTED | HEAD | HEAD_AT_END | LEGAL;
}

/// A word as such, whatever stands around it.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    lang: Lang,
    /// Hash of the lower-cased word.
    pub(crate) lower: u64,
    /// Hash of its likeliest base form, lower-cased; of the word itself where it is one.
    pub(crate) base: u64,
    /// Hash of its last three letters.
    end: u64,
    /// Hash of its pattern of capitals, small letters, digits and marks.
    pattern: u64,
    flags: u32,
    /// Whether it begins with a capital or holds one.
    pub(crate) capital: bool,
    /// Whether it is in capitals alone, and longer than a letter.
    shout: bool,
    /// Whether it holds a letter or digit.
    word: bool,
    opens: bool,
}

/// Mixes a 64-bit number.
const fn mix(mut h: u64) -> u64 {
    h ^= h >> 32;
    h = h.wrapping_mul(0xd6e8_feb8_6659_fd93);
    h ^= h >> 32;
    h = h.wrapping_mul(0xd6e8_feb8_6659_fd93);
    h ^ (h >> 32)
}

/// Hash of some bytes.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325u64;
    for &b in bytes {
        h = (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3);
    }
    mix(h)
}

/// The feature of a template with two values.
const fn feature(template: u32, a: u64, b: u64) -> u32 {
    let h = a.wrapping_add((template as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (mix(h ^ b.rotate_left(29).wrapping_mul(0xff51_afd7_ed55_8ccd)) >> 32) as u32
}

/// A number that a step and a feature give.
pub(crate) const fn hash_of(step: u64, feature: u32) -> u32 {
    (mix(step.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ feature as u64) >> 40) as u32
}

/// The pattern of a word: runs of capitals `A`, small letters `a`, digits `0`; other marks as they are.
fn pattern(form: &str) -> u64 {
    let (mut h, mut last) = (0xcbf2_9ce4_8422_2325u64, 0u8);
    for c in form.chars().take(LETTERS) {
        let class = if c.is_uppercase() {
            b'A'
        } else if c.is_alphabetic() {
            b'a'
        } else if c.is_numeric() {
            b'0'
        } else if c.is_ascii() {
            c as u8
        } else {
            b'?'
        };
        if class != last {
            h = (h ^ u64::from(class)).wrapping_mul(0x100_0000_01b3);
            last = class;
        }
    }
    // one capital is not a run of them: `Luleå`, `EU`, `A`
    let capitals = form.chars().take(LETTERS).filter(|c| c.is_uppercase()).count().min(2) as u64;
    mix(h ^ (capitals << 8))
}

impl Look {
    /// Looks at a word. `bases` gives the base forms of a word with a capital, the likeliest first.
    pub(crate) fn at(lang: Lang, word: &Word<'_>, bases: &[(String, Case)], own: &mut Vec<u32>) -> Look {
        let lower = cut(word.lower);
        let form = cut(word.form);
        let capital = matches!(word.shape, Shape::Capitalised | Shape::Upper | Shape::Mixed);
        let bytes = lower.as_bytes();
        let tail = |n: usize| lower.char_indices().rev().nth(n - 1).map_or(0, |(i, _)| i);
        let lower_hash = hash(bytes);
        let flags = if capital || word.shape == Shape::Lower { flags(lang, form, bases, capital) } else { 0 };
        let likely = if capital { likely(bases) } else { None };
        let base = likely.map_or(lower_hash, |(b, _)| hash(b.to_lowercase().as_bytes()));
        let look = Look {
            lang,
            lower: lower_hash,
            base,
            end: hash(&bytes[tail(3)..]),
            pattern: pattern(form),
            flags,
            capital,
            shout: word.shape == Shape::Upper && lower.chars().count() > 1,
            word: form.chars().any(char::is_alphanumeric),
            opens: matches!(
                form,
                "\"" | "”"
                    | "“"
                    | "„"
                    | "»"
                    | "«"
                    | "'"
                    | "’"
                    | "‘"
                    | "–"
                    | "—"
                    | "-"
                    | "•"
                    | "·"
                    | "*"
                    | "|"
                    | ":"
            ),
        };
        // each once for all languages and once for its own: what is learned of one may not hold in another
        let mut put = |template: u32, a: u64, b: u64| {
            own.push(feature(template, a, b));
            own.push(feature(template + 50 * (lang as u32 + 1), a, b));
        };
        put(1, 0, 0);
        put(3, look.lower, 0);
        put(4, look.pattern, 0);
        for (n, (i, c)) in lower.char_indices().enumerate().take(5) {
            put(8, hash(&bytes[..i + c.len_utf8()]), n as u64);
        }
        for (n, (i, _)) in lower.char_indices().rev().enumerate().take(5) {
            put(9, hash(&bytes[i..]), n as u64);
            if n > 1 && capital {
                put(26, hash(&bytes[i..]), look.pattern);
            }
        }
        for bit in (0..flag::ALL).filter(|b| flags & (1 << b) != 0) {
            put(10, u64::from(bit), 0);
        }
        put(12, u64::from(flags), u64::from(capital));
        if look.base != look.lower {
            put(13, look.base, 0);
            if let Some((base, case)) = likely {
                put(14, *case as u64, 0);
                let base = base.to_lowercase();
                let at = base.char_indices().rev().nth(3).map_or(0, |(i, _)| i);
                put(15, hash(&base.as_bytes()[at..]), 0);
            }
        }
        if let Some((front, _)) = lower.split_once('-') {
            put(16, hash(front.as_bytes()), 0);
        }
        if let Some((_, rest)) = lower.rsplit_once('-') {
            put(17, hash(rest.as_bytes()), 0);
        }
        if let Some((front, rest)) = lower.rsplit_once(':') {
            put(18, hash(front.as_bytes()), 0);
            put(19, hash(rest.as_bytes()), 0);
        }
        put(20, lower.chars().count().min(12) as u64, u64::from(capital));
        look
    }

    /// Its class for transitions: with a capital, another word, a mark.
    pub(crate) const fn class(&self) -> usize {
        if self.capital {
            0
        } else if self.word {
            1
        } else {
            2
        }
    }

    /// What a token tells of the one `offset` places after it: -2, -1, 1 or 2.
    pub(crate) fn beside(&self, offset: isize, out: &mut Vec<u32>) {
        let mut put = |template: u32, a: u64, b: u64| {
            let template = (offset + 8) as u32 * 100 + template;
            out.push(feature(template, a, b));
            if offset.abs() == 1 {
                out.push(feature(template + 10 * (self.lang as u32 + 1), a, b));
            }
        };
        put(1, self.lower, 0);
        put(2, self.pattern, 0);
        put(3, self.end, 0);
        put(4, u64::from(self.flags & flag::COARSE), u64::from(self.capital));
        if offset.abs() == 1 {
            put(5, self.base, 0);
        }
    }
}

/// The base form that the lexicon knows, else the first.
fn likely(bases: &[(String, Case)]) -> Option<&(String, Case)> {
    let lex = lexicon();
    let known = |(b, _): &&(String, Case)| {
        let word = lex.word(b);
        (word.place && lex.places(b).any(|c| c.exact && c.name.class == NameClass::Canonical))
            || !word.first_name.is_empty()
            || !word.surname.is_empty()
            || !lex.heads(b).is_empty()
    };
    bases.iter().find(known).or_else(|| bases.first())
}

fn cut(word: &str) -> &str {
    let mut end = word.len().min(LETTERS * 2);
    while !word.is_char_boundary(end) {
        end -= 1;
    }
    &word[..end]
}

/// What the lexicon knows of a word in any of its base forms.
fn flags(lang: Lang, form: &str, bases: &[(String, Case)], capital: bool) -> u32 {
    let lex = lexicon();
    let mut flags = 0;
    if !capital {
        // a class word has no capital in most languages
        let actor = lex.heads(form).iter().any(|h| h.ty.kind() == Kind::Actor && h.lang == lang);
        let ends = lex.head_suffix(form).is_some_and(|(_, h)| h.ty.kind() == Kind::Actor && h.lang == lang);
        return if actor { flag::HEAD } else { 0 } | if ends { flag::HEAD_AT_END } else { 0 };
    }
    let same = (form.to_owned(), Case::Nominative);
    let mut best = 0;
    for (base, _) in std::iter::once(&same).chain(bases.iter().filter(|(b, _)| b != form)) {
        let inflected = base != form;
        let word = lex.word(base);
        if word.place && best == 0 {
            best = place(lang, base);
            if best != 0 {
                flags |= best | if inflected { flag::PLACE_INFLECTED } else { 0 };
            }
        }
        if inflected {
            flags |= if word.first_name.is_empty() { 0 } else { flag::GIVEN_INFLECTED };
            flags |= if word.surname.is_empty() { 0 } else { flag::FAMILY_INFLECTED };
        } else {
            flags |= if lex.is_first_name(base) { flag::GIVEN } else { 0 };
            flags |= if lex.is_surname(base) { flag::FAMILY } else { 0 };
            flags |= if word.first_name.has(lang) { flag::GIVEN_HERE } else { 0 };
            flags |= if word.surname.has(lang) { flag::FAMILY_HERE } else { 0 };
            flags |= if word.more { flag::BEGINS } else { 0 };
        }
        flags |= if word.common { flag::COMMON } else { 0 };
        if lex.heads(base).iter().any(|h| h.ty.kind() == Kind::Actor) {
            flags |= flag::HEAD;
        }
        if lex.head_suffix(base).is_some_and(|(_, h)| h.ty.kind() == Kind::Actor && h.lang == lang) {
            flags |= flag::HEAD_AT_END;
        }
    }
    if lex.legal_form(form).is_some() {
        flags |= flag::LEGAL;
    }
    flags
}

/// The class of the likeliest place of a name.
fn place(lang: Lang, name: &str) -> u32 {
    let spoken = |c: &crate::lexicon::Candidate<'_>| {
        let class = !matches!(c.name.class, NameClass::Plain | NameClass::Historical);
        let own = c.name.langs.is_empty() || c.name.langs.has(lang) || c.place.population >= LARGE;
        c.exact && class && own
    };
    lexicon().places(name).find(spoken).map_or(0, |c| match c.place.ty {
        Type::Country => flag::COUNTRY,
        Type::Province => flag::PROVINCE,
        Type::Municipality => flag::MUNICIPALITY,
        Type::City if c.place.population >= LARGE => flag::TOWN,
        Type::City => flag::VILLAGE,
        _ => flag::AREA,
    })
}

/// How often the words of a document stand with a capital where only names have one, and without.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen(FxHashMap<u64, [u32; 2]>);

impl Seen {
    /// Counts the words of a line in.
    pub(crate) fn add(&mut self, looks: &[&Look]) {
        self.each(looks, |n| *n = n.saturating_add(1));
    }

    /// Takes the words of a line out again.
    pub(crate) fn remove(&mut self, looks: &[&Look]) {
        self.each(looks, |n| *n = n.saturating_sub(1));
    }

    fn each(&mut self, looks: &[&Look], change: impl Fn(&mut u32)) {
        let places = Places::of(looks);
        for (i, look) in looks.iter().enumerate().filter(|(_, l)| l.word) {
            if look.capital {
                if places.of[i] == Place::Inside && !places.shouting {
                    change(&mut self.0.entry(look.lower).or_default()[0]);
                    if look.base != look.lower {
                        change(&mut self.0.entry(look.base).or_default()[0]);
                    }
                }
            } else {
                change(&mut self.0.entry(look.lower).or_default()[1]);
            }
        }
    }

    fn get(&self, hash: u64) -> [u32; 2] {
        self.0.get(&hash).copied().unwrap_or_default()
    }

    /// What the rest of the document says of a word with a capital, in few numbers.
    fn class(&self, look: &Look, place: Place) -> u64 {
        let own = u32::from(place == Place::Inside);
        let class = |hash: u64| {
            let [inside, lower] = self.get(hash);
            u64::from(inside.saturating_sub(own).min(2) * 2 + lower.min(1))
        };
        let base = if look.base == look.lower { 6 } else { class(look.base) };
        class(look.lower) * 7 + base
    }
}

/// Where in its line a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    AfterMark,
    Inside,
}

struct Places {
    of: Vec<Place>,
    shouting: bool,
}

impl Places {
    fn of(looks: &[&Look]) -> Places {
        let mut of = Vec::with_capacity(looks.len());
        let mut started = false;
        let (mut words, mut shouts) = (0, 0);
        for (i, look) in looks.iter().enumerate() {
            of.push(match () {
                () if !started => Place::Start,
                () if looks[i - 1].opens => Place::AfterMark,
                () => Place::Inside,
            });
            started |= look.word;
            words += usize::from(look.word);
            shouts += usize::from(look.shout);
        }
        Places { of, shouting: shouts * 2 > words }
    }
}

/// The features of tokens that depend on what stands around them, of all tokens of a line: calls `put` with the place
/// of a token and a feature of it.
pub(crate) fn around(looks: &[&Look], words: &[Word<'_>], seen: &Seen, mut put: impl FnMut(usize, u32)) {
    let places = Places::of(looks);
    let longer = longer_places(looks, words);
    let n = looks.len();
    let edge = |i: usize, back: usize| i.checked_sub(back).map(|k| looks[k]);
    for (i, look) in looks.iter().enumerate() {
        let (before, after) = (edge(i, 1), looks.get(i + 1).copied());
        let p = |l: Option<&Look>| l.map_or(1, |l| l.pattern);
        let w = |l: Option<&Look>| l.map_or(1, |l| l.lower);
        let f = |l: Option<&Look>| l.map_or(u64::from(u32::MAX), |l| u64::from(l.flags & flag::COARSE));
        put(i, feature(1001, p(before), look.pattern));
        put(i, feature(1002, look.pattern, p(after)));
        put(i, feature(1003, p(before) ^ p(after).rotate_left(17), look.pattern));
        put(i, feature(1004, w(before), look.pattern));
        put(i, feature(1005, look.pattern, w(after)));
        put(i, feature(1006, w(before), look.lower));
        put(i, feature(1007, look.lower, w(after)));
        let place = places.of[i] as u64;
        put(i, feature(1010, place, look.pattern));
        if i + 1 == n {
            put(i, feature(1014, place, look.pattern));
        }
        if i == 0 {
            put(i, feature(1015, 0, 0));
        }
        if look.capital {
            put(i, feature(1008, f(before), u64::from(look.flags)));
            put(i, feature(1009, u64::from(look.flags), f(after)));
            put(i, feature(1011, place, u64::from(look.flags)));
            let l = (look.lang as u64 + 1) << 32;
            put(i, feature(1012, place, l));
            put(i, feature(1018, f(before) | l, u64::from(look.flags)));
            put(i, feature(1019, u64::from(look.flags), f(after) | l));
            put(i, feature(1026, place | l, u64::from(look.flags)));
            put(i, feature(1027, place | l, look.pattern));
            put(i, feature(1028, w(before), look.pattern ^ l));
            put(i, feature(1029, look.pattern ^ l, w(after)));
            put(i, feature(1013, u64::from(places.shouting), look.pattern));
            put(i, feature(1016, before.map_or(1, |b| b.end), look.pattern));
            put(i, feature(1017, edge(i, 2).map_or(1, |b| b.lower), w(before)));
            let class = seen.class(look, places.of[i]);
            put(i, feature(1020, class, place));
            put(i, feature(1021, class, u64::from(look.flags)));
            put(i, feature(1022, class, l));
            put(i, feature(1031, class | l, place));
            put(i, feature(1023, class, look.end));
        } else if look.word {
            let [inside, _] = seen.get(look.lower);
            put(i, feature(1024, u64::from(inside.min(2)), p(before)));
        }
        if let Some(next) = after.filter(|a| a.capital) {
            let class = seen.class(next, places.of[i + 1]);
            put(i, feature(1025, class, look.pattern));
        }
        if longer[i] != 0 {
            put(i, feature(1030, u64::from(longer[i]), 0));
        }
    }
}

/// Which tokens begin (1) or go on (2) a place name of several words.
fn longer_places(looks: &[&Look], words: &[Word<'_>]) -> Vec<u8> {
    let mut out = vec![0; looks.len()];
    let mut forms: Vec<&str> = Vec::new();
    let mut i = 0;
    while i < looks.len() {
        let mut took = 1;
        if looks[i].flags & flag::BEGINS != 0 && looks.get(i + 1).is_some_and(|l| l.word) {
            forms.clear();
            forms.extend(words[i..].iter().take(6).map(|w| w.form));
            if let Some((n, mut found)) = lexicon().longest_place(&forms)
                && n > 1
                && found.any(|c| c.exact)
            {
                out[i] = 1;
                out[i + 1..i + n].fill(2);
                took = n;
            }
        }
        i += took;
    }
    out
}
