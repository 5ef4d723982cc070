//! The words of each language that help to find names, groups and clauses: `grammar/<language>/reading`. What fact
//! rules look for stands in rule files, not here.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::names::SharedHead;
use crate::model::{Lang, Type};
use crate::text::{Case, Token};

const FILES: [(Lang, &str); 5] = [
    (Lang::Sv, include_str!("../../grammar/sv/reading")),
    (Lang::Fi, include_str!("../../grammar/fi/reading")),
    (Lang::En, include_str!("../../grammar/en/reading")),
    (Lang::Nb, include_str!("../../grammar/nb/reading")),
    (Lang::Da, include_str!("../../grammar/da/reading")),
];

macro_rules! classes {
    ($($(#[$doc:meta])* $variant:ident = $key:literal),+ $(,)?) => {
        /// A class of words.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Class { $($(#[$doc])* $variant),+ }

        const CLASSES: &[(&str, Class)] = &[$(($key, Class::$variant)),+];
    };
}

classes! {
    /// Words that open a sentence and belong to no name.
    Function = "function",
    /// Words with a capital that are no names.
    NotName = "not_name",
    /// Prepositions that govern places.
    PlacePreposition = "place_preposition",
    /// What a person is: a title, an office.
    Role = "role",
    /// Words of everyday use that a name may hold but that alone are none, whatever their capital.
    Everyday = "everyday",
    /// Verbs that ascribe a quote.
    Say = "say",
    /// Small words inside persons' names.
    Particle = "particle",
    /// Small words inside names of organisations.
    Inner = "inner",
    /// Nouns for a body just before its name.
    Body = "body",
    /// Words that join two of a kind.
    Coordinator = "coordinator",
    /// Small words between a coordinator and the member after it.
    Light = "light",
    /// The first half of a pair that joins two ("både").
    Pair = "pair",
    /// What joins the second half to it, where that is no coordinator ("sekä A että B").
    PairEnd = "pair_end",
    /// Words that open a clause.
    Subordinator = "subordinator",
    /// Those of them that are prepositions as well ("om", "sedan"): they open one only before a finite verb.
    Preposing = "preposing",
    /// Finite verbs, which open a clause after a coordinator.
    Finite = "finite",
    /// Articles.
    Article = "article",
    /// "We", as subject or object.
    We = "we",
    /// "Our".
    Our = "our",
    /// "I", "my".
    First = "first",
    /// Prepositions that say "inside": what they govern is a place.
    Inside = "inside",
    /// "Is", before what a name is said to be.
    Copula = "copula",
    /// Before the name of a writer or photographer.
    Credit = "credit",
    /// Words over a contact block.
    Contact = "contact",
    /// Before the place that a delegation comes from.
    Origin = "origin",
    /// Nouns and verbs that open sentences and headings and begin no name there, though they may end one.
    Opener = "opener",
    /// Over the minutes of a meeting.
    Minutes = "minutes",
    /// The bodies that keep minutes.
    Organ = "organ",
    /// After a pronoun, what makes a phrase of the two that points at nothing ("sen jälkeen").
    Loose = "loose",
}

/// What a pronoun points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pronoun {
    /// The name just before it: "joka".
    Relative,
    /// The topic of what was said before: "se".
    It,
    /// The last place: "siellä".
    There,
}

/// The last part of a compound has at least so many bytes.
const COMPOUND: usize = 5;

#[derive(Default)]
struct Table {
    words: FxHashMap<&'static str, u32>,
    endings: Vec<&'static str>,
    /// Ends of titles: "etableringslots".
    titles: Vec<&'static str>,
    compounds: Vec<&'static str>,
    we_at: Vec<Vec<&'static str>>,
    shared: FxHashMap<&'static str, SharedHead>,
    kinds: FxHashMap<&'static str, Type>,
    plurals: FxHashMap<&'static str, Type>,
    definite: Vec<&'static str>,
    inflected: Vec<&'static str>,
    own_endings: Vec<&'static str>,
    streets: Vec<&'static str>,
    pronouns: FxHashMap<&'static str, (Pronoun, Case)>,
}

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let file = |lang: &Lang| FILES.iter().find(|(l, _)| l == lang).map_or("", |(_, text)| text);
    Lang::ALL.iter().map(|lang| Table::of(file(lang))).collect()
});

impl Table {
    fn of(text: &'static str) -> Table {
        let mut table = Table::default();
        for (key, values) in entries(text) {
            match key {
                "endings" => table.endings.extend(values),
                "role_endings" => table.titles.extend(values),
                "place_compound" => table.compounds.extend(values),
                "we_at" => table.we_at.extend(values.map(|v| v.split(' ').collect())),
                "street" => table.streets.extend(values),
                "definite" => table.definite.extend(values),
                "inflected" => table.inflected.extend(values),
                "own_endings" => table.own_endings.extend(values),
                key if key.starts_with("plural/") => {
                    let ty = key.strip_prefix("plural/").and_then(Type::from_word);
                    table.plurals.extend(values.filter_map(|v| Some((v, ty?))));
                }
                key if key.starts_with("kind/") => {
                    let ty = key.strip_prefix("kind/").and_then(Type::from_word);
                    table.kinds.extend(values.filter_map(|v| Some((v, ty?))));
                }
                key if key.starts_with("relative/") => table.pronouns(key, Pronoun::Relative, values),
                key if key.starts_with("it/") => table.pronouns(key, Pronoun::It, values),
                key if key.starts_with("there/") => table.pronouns(key, Pronoun::There, values),
                "shared_heads" => table.shared.extend(values.filter_map(shared_head)),
                _ => {
                    if let Some((_, class)) = CLASSES.iter().find(|(k, _)| *k == key) {
                        for word in values {
                            *table.words.entry(word).or_default() |= 1 << *class as u8;
                        }
                    }
                }
            }
        }
        table
    }

    /// `relative/gen = jonka`: pronouns in a case.
    fn pronouns(&mut self, key: &str, what: Pronoun, values: impl Iterator<Item = &'static str>) {
        let case = key.split_once('/').and_then(|(_, w)| Case::WORDS.iter().find(|(x, _)| *x == w));
        let case = case.map_or(Case::Nominative, |(_, c)| *c);
        self.pronouns.extend(values.map(|v| (v, (what, case))));
    }
}

/// `kommuner/kommun/PublicBody/nom`: the plural, the singular, the type of each, the case of the plural.
fn shared_head(entry: &'static str) -> Option<(&'static str, SharedHead)> {
    let mut parts = entry.split('/');
    let (plural, head) = (parts.next()?, parts.next()?);
    let ty = Type::from_word(parts.next()?)?;
    let word = parts.next().unwrap_or("nom");
    let case = Case::WORDS.iter().find(|(w, _)| *w == word).map_or(Case::Nominative, |(_, c)| *c);
    Some((plural, SharedHead { head, ty, case }))
}

/// The lines `key = a | b` of a file.
fn entries(text: &'static str) -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    text.lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('='))
        .map(|(key, rest)| (key.trim(), rest.split('|').map(str::trim).filter(|w| !w.is_empty())))
}

/// Access to the words of all languages.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Words;

impl Words {
    fn table(lang: Lang) -> Option<&'static Table> {
        // the tables stand in the order of the languages
        TABLES.get(lang as usize)
    }

    /// Whether a lower-cased word is of a class.
    pub(crate) fn has(&self, lang: Lang, class: Class, lower: &str) -> bool {
        let Some(table) = Words::table(lang) else { return false };
        let listed = table.words.get(lower).is_some_and(|bits| bits & (1 << class as u8) != 0);
        listed || class == Class::Role && table.titles.iter().any(|e| lower.len() > e.len() + 1 && lower.ends_with(e))
    }

    /// Whether an unknown lower-cased word has an ending of ordinary words.
    pub(crate) fn ends_like_a_word(&self, lang: Lang, lower: &str) -> bool {
        Words::table(lang).is_some_and(|t| t.endings.iter().any(|e| lower.len() > e.len() + 2 && lower.ends_with(e)))
    }

    /// Where a lower-cased compound may be cut so that what follows is a thing of the place that it begins with.
    pub(crate) fn compound_cuts<'w>(&self, lang: Lang, lower: &'w str) -> impl Iterator<Item = usize> + 'w {
        let compounds = Words::table(lang).map_or(&[][..], |t| &t.compounds);
        compounds.iter().filter(|c| lower.len() > c.len() && lower.ends_with(**c)).map(|c| lower.len() - c.len())
    }

    /// The head that a plural shares among several names.
    pub(crate) fn shared_head(&self, lang: Lang, lower: &str) -> Option<SharedHead> {
        Words::table(lang)?.shared.get(lower).copied()
    }

    /// What a lower-cased word points at, where it is a pronoun in a case of its own (Finnish).
    pub(crate) fn pronoun(&self, lang: Lang, lower: &str) -> Option<(Pronoun, Case)> {
        Words::table(lang)?.pronouns.get(lower).copied()
    }

    /// What a thing called by a lower-cased common noun is (`nätverk`, `näringslivsnätverk`: an association).
    pub(crate) fn kind(&self, lang: Lang, lower: &str) -> Option<Type> {
        let kinds = &Words::table(lang)?.kinds;
        // a compound is what its end says; the cuts stand between letters
        let ends = lower.char_indices().map(|(i, _)| i).filter(|&i| i == 0 || (i >= 3 && lower.len() - i >= COMPOUND));
        ends.filter_map(|i| kinds.get(lower.get(i..)?)).next().copied()
    }

    /// The same for a noun with the article at its end (`nätverket`).
    pub(crate) fn definite(&self, lang: Lang, lower: &str) -> Option<Type> {
        let endings = &Words::table(lang)?.definite;
        endings.iter().filter_map(|e| lower.strip_suffix(e)).find_map(|stem| self.kind(lang, stem))
    }

    /// Whether a lower-cased unknown name ends as inflected ones do and base forms hardly ever.
    pub(crate) fn inflected(&self, lang: Lang, lower: &str) -> bool {
        Words::table(lang).is_some_and(|t| t.inflected.iter().any(|e| lower.ends_with(e)))
    }

    /// Whether the last letter of a lower-cased unknown name is likelier its own than a mark of case (`Petrus`).
    pub(crate) fn own_ending(&self, lang: Lang, lower: &str) -> bool {
        Words::table(lang).is_some_and(|t| t.own_endings.iter().any(|e| lower.ends_with(e)))
    }

    /// What each of the things is that a plural noun stands for (`kommunerna`).
    pub(crate) fn plural(&self, lang: Lang, lower: &str) -> Option<Type> {
        Words::table(lang)?.plurals.get(lower).copied()
    }

    /// Whether a lower-cased word is the name of a street or square.
    pub(crate) fn street(&self, lang: Lang, lower: &str) -> bool {
        Words::table(lang).is_some_and(|t| t.streets.iter().any(|s| lower.len() > s.len() + 2 && lower.ends_with(s)))
    }

    /// How many tokens at `i` say "we at" before the name of the body that speaks.
    pub(crate) fn we_at(&self, lang: Lang, tokens: &[Token], i: usize) -> Option<usize> {
        let table = Words::table(lang)?;
        let fits = |words: &&Vec<&str>| {
            words.iter().enumerate().all(|(k, w)| tokens.get(i + k).is_some_and(|t| t.lower == *w))
        };
        table.we_at.iter().find(fits).map(Vec::len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_words_that_reading_stands_on() {
        for &lang in Lang::ALL {
            let table = Words::table(lang).unwrap();
            for class in [Class::Function, Class::Role, Class::Say, Class::Coordinator, Class::Finite, Class::We] {
                let n = table.words.values().filter(|b| *b & (1 << class as u8) != 0).count();
                assert!(n > 0, "{lang} lacks {class:?}");
            }
        }
        assert!(Words.has(Lang::Sv, Class::Say, "säger"));
        assert!(Words.has(Lang::Fi, Class::Coordinator, "sekä"));
        assert!(!Words.has(Lang::En, Class::Say, "säger"));
    }
}
