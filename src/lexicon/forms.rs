//! Legal forms ("AB", "Oy") and the class words of organisations ("kommun", "yliopisto"), from plain text files.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::char::is_combining_mark;

use super::Lexicon;
use crate::model::{Lang, Type};

const LEGAL: &str = include_str!("../../grammar/legal-forms");
const HEADS: [(Lang, &str); 5] = [
    (Lang::Sv, include_str!("../../grammar/sv/heads")),
    (Lang::Fi, include_str!("../../grammar/fi/heads")),
    (Lang::En, include_str!("../../grammar/en/heads")),
    (Lang::Nb, include_str!("../../grammar/nb/heads")),
    (Lang::Da, include_str!("../../grammar/da/heads")),
];
/// Most words of a legal form or head.
const WORDS_MAX: usize = 5;

/// Folds a word for comparison: lower case, hyphens and apostrophes of one kind, stops and stray marks gone. Letters
/// keep their diacritics (å is not a), so the text must be NFC.
pub fn fold(word: &str) -> impl Iterator<Item = char> + '_ {
    word.chars().flat_map(char::to_lowercase).filter_map(|c| match c {
        '.' => None,
        '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' | '\u{2212}' => Some('-'),
        '\u{2018}' | '\u{2019}' | '\u{00b4}' | '`' | '\u{02bc}' => Some('\''),
        '\u{00ad}' | '\u{200b}' | '\u{feff}' => None,
        c if is_combining_mark(c) => None,
        c => Some(c),
    })
}

fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(fold(word));
    }
    out
}

/// Legal forms that are one for the law: `AB` and `aktiebolag`. Compare it; its number means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegalFamily(pub u16);

/// A legal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LegalForm {
    /// What is one for the law.
    pub family: LegalFamily,
    /// Name of the family in the data file, `limited`.
    pub name: &'static str,
    /// The type of organisation that bears it: Company or Association.
    pub ty: Type,
    /// The form as the file spells it, `AB`.
    pub form: &'static str,
    /// Whether it counts only as spelled (`Ab`, `SE`), being a common word otherwise.
    pub spelled: bool,
}

/// A word that says what an organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its class, the same in all languages: `university`.
    pub class: &'static str,
    /// The type of the organisation.
    pub ty: Type,
    /// Whether an organisation whose name joins it to a place has its seat there.
    pub located: bool,
    /// Whether a place has one body of this class: names of it in several languages or wordings are one body.
    pub one: bool,
    /// Its language.
    pub lang: Lang,
    /// As the file spells it, `yliopisto`; without the hyphen of a word's end.
    pub form: &'static str,
    /// Whether it stands at the end of a word (`-högskola`).
    pub suffix: bool,
}

struct Forms {
    legal: FxHashMap<String, Vec<LegalForm>>,
    /// First and last words of legal forms: most names end the search here.
    legal_first: FxHashSet<String>,
    legal_last: FxHashSet<String>,
    heads: FxHashMap<String, Vec<Head>>,
    /// First words of class words.
    heads_first: FxHashSet<String>,
    suffixes: Vec<(String, Head)>,
}

static FORMS: LazyLock<Forms> = LazyLock::new(read);

fn read() -> Forms {
    let mut forms = Forms {
        legal: FxHashMap::default(),
        legal_first: FxHashSet::default(),
        legal_last: FxHashSet::default(),
        heads: FxHashMap::default(),
        heads_first: FxHashSet::default(),
        suffixes: Vec::new(),
    };
    let first = |s: &str| s.split(' ').next().unwrap_or("").to_owned();
    for (n, (left, form)) in entries(LEGAL).enumerate() {
        let mut words = left.split_whitespace();
        let name = words.next().unwrap_or("");
        let ty = words.next().and_then(Type::from_word).unwrap_or(Type::Organisation);
        for form in form {
            let (form, spelled) = form.strip_prefix('!').map_or((form, false), |f| (f, true));
            let entry = LegalForm { family: LegalFamily(n as u16), name, ty, form, spelled };
            let key = folded(form);
            forms.legal_first.insert(first(&key));
            forms.legal_last.insert(key.rsplit(' ').next().unwrap_or("").to_owned());
            forms.legal.entry(key).or_default().push(entry);
        }
    }
    for (lang, text) in HEADS {
        for (left, words) in entries(text) {
            let mut left = left.split_whitespace();
            let class = left.next().unwrap_or("");
            let ty = left.next().and_then(Type::from_word).unwrap_or(Type::Organisation);
            let flags: Vec<&str> = left.collect();
            let (located, one) = (flags.contains(&"located"), flags.contains(&"one"));
            for form in words {
                let (form, suffix) = form.strip_prefix('-').map_or((form, false), |f| (f, true));
                let head = Head { class, ty, located, one, lang, form, suffix };
                if suffix {
                    forms.suffixes.push((folded(form), head));
                } else {
                    let key = folded(form);
                    forms.heads_first.insert(first(&key));
                    forms.heads.entry(key).or_default().push(head);
                }
            }
        }
    }
    forms
}

/// The lines `LEFT = a | b` of a file.
fn entries(text: &'static str) -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    text.lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once(" = "))
        .map(|(left, right)| (left.trim(), right.split('|').map(str::trim).filter(|f| !f.is_empty())))
}

impl Lexicon {
    /// A legal form by its whole spelling (`AB`, `ek. för.`).
    pub fn legal_form(&self, text: &str) -> Option<LegalForm> {
        let found = FORMS.legal.get(&folded(text))?;
        found.iter().find(|f| !f.spelled || f.form == text).copied()
    }

    /// Takes legal forms off the end (`Sandvik AB`), or off the start (`AB Volvo`), or both. What is left is never
    /// empty; the form is the first that was found, from the end.
    pub fn strip_legal<'n>(&self, name: &'n str) -> (&'n str, Option<LegalForm>) {
        let (mut rest, mut found) = (name.trim(), None);
        for _ in 0..3 {
            let Some((shorter, form)) = self.strip_one(rest) else { break };
            rest = shorter;
            found = found.or(Some(form));
        }
        (rest, found)
    }

    fn strip_one<'n>(&self, name: &'n str) -> Option<(&'n str, LegalForm)> {
        let tidy = |s: &'n str| s.trim().trim_end_matches([',', ' ']);
        let last = name.rsplit(' ').next().filter(|w| w.len() < name.len())?;
        // the longest form first: "oy ab" before "ab"
        let end = FORMS.legal_last.contains(&folded(last)).then(|| {
            let cuts: Vec<usize> = name.rmatch_indices(' ').map(|(i, _)| i).take(WORDS_MAX).collect();
            cuts.into_iter().rev().find_map(|i| Some((tidy(&name[..i]), self.legal_form(&name[i + 1..])?)))
        });
        let end = end.flatten();
        let start = || {
            // at the start only short ones stand: "AB Volvo", "Oy Karl Fazer Ab", "Stiftelsen X"
            let cut = name.find(' ')?;
            if !FORMS.legal_first.contains(&folded(&name[..cut])) {
                return None;
            }
            let form = self.legal_form(&name[..cut])?;
            Some((name[cut + 1..].trim(), form))
        };
        end.or_else(start).filter(|(rest, _)| !rest.is_empty())
    }

    /// The class words that these words are, as a whole (`tekniska universitet`, `kommun`), in all languages.
    /// Capital letters do not count.
    pub fn heads(&self, words: &str) -> &'static [Head] {
        FORMS.heads.get(&folded(words)).map_or(&[], Vec::as_slice)
    }

    /// Whether a class word of one word or more begins with this word: a cheap test before [`Lexicon::heads`].
    pub fn begins_head(&self, word: &str) -> bool {
        FORMS.heads_first.contains(&folded(word))
    }

    /// The class word at the end of a single word (`Folkhögskola`), the longest one, and the bytes before it.
    pub fn head_suffix(&self, word: &str) -> Option<(usize, Head)> {
        let key = folded(word);
        let (suffix, head) = FORMS
            .suffixes
            .iter()
            .filter(|(s, _)| key.len() > s.len() + 1 && key.ends_with(s.as_str()))
            .max_by_key(|(s, _)| s.len())?;
        let before = word.len().checked_sub(suffix.len())?;
        word.is_char_boundary(before).then_some((before, *head))
    }
}
