//! The words of one language's rules, interned: each token is looked up once and gets the predicates that hold of it.
//! Knows morphology only as endings in data.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::ast::{Atom, Class, Inflect, Item, Paradigm, Pos, RuleFile};
use super::error::nearest;
use crate::text::{Case, Shape, Token};

/// A predicate of tokens: "is this word", "belongs to this class".
pub type Pred = u32;

/// What the capitals of a word in a rule ask of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Capitals {
    Any,
    Capitalised,
    Upper,
}

impl Capitals {
    fn of(word: &str) -> Capitals {
        let mut upper = word.chars().filter(|c| c.is_uppercase()).count();
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        if !word.chars().next().is_some_and(char::is_uppercase) {
            upper = 0;
        }
        match upper {
            0 => Capitals::Any,
            n if n == letters && n > 1 => Capitals::Upper,
            _ => Capitals::Capitalised,
        }
    }

    fn hold(self, shape: Shape) -> bool {
        match self {
            Capitals::Any => true,
            Capitals::Capitalised => matches!(shape, Shape::Capitalised | Shape::Upper | Shape::Mixed),
            Capitals::Upper => shape == Shape::Upper,
        }
    }
}

type Entry = (Pred, Capitals);

/// Words that affixes are looked up by: text to predicates, with a bit for each length that occurs.
#[derive(Debug, Clone, Default)]
struct Affixes {
    map: FxHashMap<Box<str>, Vec<Entry>>,
    lengths: u64,
}

impl Affixes {
    fn add(&mut self, text: &str, entry: Entry) {
        self.lengths |= 1 << text.len().min(63);
        push(self.map.entry(text.into()).or_default(), entry);
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

#[derive(Debug, Clone)]
struct Phrase {
    pred: Pred,
    rest: Vec<Pred>,
}

#[derive(Debug, Clone, Default)]
struct ClassInfo {
    pred: Pred,
    tags: BTreeMap<String, Pred>,
    /// Single words: (form, is suffix, is prefix, tag).
    forms: Vec<Form>,
    phrases: Vec<PhraseForm>,
    ending: Option<Pred>,
}

/// A phrase of a class, with its tag.
type PhraseForm = (Vec<Atom>, Option<String>);

#[derive(Debug, Clone, PartialEq)]
struct Form {
    text: String,
    affix: Affix,
    tag: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Affix {
    Whole,
    Suffix,
    Prefix,
}

/// A tag that says something of the fact: a verb form that is planned or ended, or in the first person plural.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormTag {
    /// The form sets the modality.
    Modality(crate::model::Modality),
    /// `we`: the publisher is the subject ("teemme").
    We,
    /// `inf`: an infinitive, under the auxiliary of the clause before where its own has none.
    Infinitive,
}

/// All words that one language's rules know.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    words: FxHashMap<Box<str>, Vec<Entry>>,
    suffixes: Affixes,
    prefixes: Affixes,
    phrases: FxHashMap<Pred, Vec<Phrase>>,
    classes: BTreeMap<String, ClassInfo>,
    keys: FxHashMap<String, Pred>,
    next: Pred,
    bases: FxHashMap<Box<str>, (Box<str>, Option<Case>)>,
    suffix_bases: FxHashMap<Box<str>, (Box<str>, Option<Case>)>,
    case_endings: Vec<(Box<str>, Case)>,
    form_tags: FxHashMap<Pred, FormTag>,
    /// How many forms stand behind a predicate and how long its shortest is, for picking anchors.
    weights: FxHashMap<Pred, (u32, u32)>,
}

/// A problem found while words are interned: where, what, and what to write instead.
pub(super) type Problem = (usize, Pos, String, Option<String>);

/// The most forms that one language may have.
const MAX_FORMS: usize = 400_000;
/// The most forms when every class has taken in those that it includes.
const MAX_FLAT: usize = 2_000_000;

impl Vocabulary {
    /// Interns the classes of all files of one language. Problems carry the index of their file.
    pub(super) fn build(files: &[&RuleFile], problems: &mut Vec<Problem>) -> Vocabulary {
        let mut v = Vocabulary::default();
        let mut paradigms: BTreeMap<&str, (usize, &Paradigm)> = BTreeMap::new();
        // A file's own paradigms come first for it, then those of the files before it.
        let mut seen: Vec<BTreeMap<&str, (usize, &Paradigm)>> = Vec::new();
        for (i, file) in files.iter().enumerate() {
            for item in &file.items {
                if let Item::Paradigm(p) = item
                    && paradigms.insert(&p.name, (i, p)).is_some_and(|(before, _)| before == i)
                {
                    let message = format!("the paradigm `{}` is given twice", p.name);
                    problems.push((i, p.pos, message, Some("rename one of them".to_owned())));
                }
            }
            seen.push(paradigms.clone());
        }
        let mut count = 0;
        for (i, file) in files.iter().enumerate() {
            for item in &file.items {
                match item {
                    Item::Inflect(x) => count += v.inflect(i, x, seen.get(i).unwrap_or(&paradigms), problems),
                    Item::Class(c) => count += v.class(c),
                    Item::Case(c) => {
                        for e in &c.endings {
                            push(&mut v.case_endings, (e.as_str().into(), c.case));
                        }
                    }
                    _ => {}
                }
            }
            if count > MAX_FORMS {
                let s = Some("split the language's rules".to_owned());
                problems.push((i, Pos::default(), format!("more than {MAX_FORMS} word forms"), s));
                return v;
            }
        }
        v.include(files, problems);
        v.intern();
        v
    }

    fn inflect(
        &mut self,
        file: usize,
        x: &Inflect,
        paradigms: &BTreeMap<&str, (usize, &Paradigm)>,
        problems: &mut Vec<Problem>,
    ) -> usize {
        let Some((_, p)) = paradigms.get(x.paradigm.as_str()) else {
            let near = nearest(&x.paradigm, paradigms.keys().copied());
            let message = format!("no paradigm `{}`", x.paradigm);
            problems.push((file, x.pos, message, near.map(|n| format!("did you mean `{n}`?"))));
            return 0;
        };
        let info = self.classes.entry(x.class.clone()).or_default();
        let mut count = 0;
        for stems in &x.words {
            let compound = stems.first().is_some_and(|s| s.starts_with('-'));
            let stem_of =
                |n: usize| stems.get(n.min(stems.len().saturating_sub(1))).map_or("", |s| s.trim_start_matches('-'));
            let base = p.endings.first().map_or_else(String::new, |e| format!("{}{}", stem_of(e.stem), e.text));
            for e in &p.endings {
                let text = format!("{}{}", stem_of(e.stem), e.text);
                let bases = if compound { &mut self.suffix_bases } else { &mut self.bases };
                let case = e.tag.as_ref().and_then(|t| Case::WORDS.iter().find(|(w, _)| w == t)).map(|(_, c)| *c);
                bases.entry(text.as_str().into()).or_insert_with(|| (base.as_str().into(), case));
                let affix = if compound { Affix::Suffix } else { Affix::Whole };
                info.forms.push(Form { text, affix, tag: e.tag.clone() });
                count += 1;
            }
        }
        count
    }

    fn class(&mut self, c: &Class) -> usize {
        let info = self.classes.entry(c.name.clone()).or_default();
        for entry in &c.entries {
            let form = |text: &str, affix| Form { text: text.to_owned(), affix, tag: entry.tag.clone() };
            match entry.atoms.as_slice() {
                [Atom::Word(w)] => info.forms.push(form(w, Affix::Whole)),
                [Atom::Suffix(s)] => info.forms.push(form(s, Affix::Suffix)),
                [Atom::Prefix(p)] => info.forms.push(form(p, Affix::Prefix)),
                atoms => info.phrases.push((atoms.to_vec(), entry.tag.clone())),
            }
        }
        c.entries.len()
    }

    /// Copies included classes (`class %a = %b`) in, however deep.
    fn include(&mut self, files: &[&RuleFile], problems: &mut Vec<Problem>) {
        for (i, file) in files.iter().enumerate() {
            for item in &file.items {
                let Item::Class(c) = item else { continue };
                for atom in c.entries.iter().flat_map(|e| &e.atoms) {
                    let Atom::Class { name, .. } = atom else { continue };
                    if !self.classes.contains_key(name) {
                        let near = nearest(name, self.classes.keys().map(String::as_str));
                        let message = format!("no class `%{name}`");
                        problems.push((i, c.pos, message, near.map(|n| format!("did you mean `%{n}`?"))));
                    }
                }
            }
        }
        let mut flat: Vec<(String, Vec<Form>, Vec<PhraseForm>)> = Vec::new();
        let mut count = 0;
        for name in self.classes.keys() {
            let mut forms = Vec::new();
            let mut phrases = Vec::new();
            self.flatten(name, &None, false, &mut BTreeSet::new(), &mut forms, &mut phrases);
            count += forms.len() + phrases.len();
            if count > MAX_FLAT {
                let s = Some("let fewer classes include each other".to_owned());
                problems.push((0, Pos::default(), format!("the classes come to more than {MAX_FLAT} words"), s));
                return;
            }
            flat.push((name.clone(), forms, phrases));
        }
        for (name, forms, phrases) in flat {
            if let Some(info) = self.classes.get_mut(&name) {
                info.forms = forms;
                info.phrases = phrases;
            }
        }
    }

    fn flatten(
        &self,
        name: &str,
        filter: &Option<String>,
        ending: bool,
        seen: &mut BTreeSet<String>,
        forms: &mut Vec<Form>,
        phrases: &mut Vec<PhraseForm>,
    ) {
        // A cycle of classes says no more than its parts do.
        if seen.len() > 64 || !seen.insert(format!("{name}:{filter:?}:{ending}")) {
            return;
        }
        let Some(info) = self.classes.get(name) else { return };
        for f in info.forms.iter().filter(|f| filter.is_none() || f.tag == *filter) {
            let affix = if ending { Affix::Suffix } else { f.affix };
            forms.push(Form { affix, ..f.clone() });
        }
        for (atoms, tag) in &info.phrases {
            match atoms.as_slice() {
                [Atom::Class { name, tag: only, ending: e }] => {
                    let filter = if only.is_some() { only } else { filter };
                    self.flatten(name, filter, ending || *e, seen, forms, phrases);
                }
                _ if filter.is_none() || tag == filter => phrases.push((atoms.clone(), tag.clone())),
                _ => {}
            }
        }
    }

    /// Gives each class its predicate and fills the look-up tables.
    fn intern(&mut self) {
        let classes = std::mem::take(&mut self.classes);
        let mut done = BTreeMap::new();
        for (name, mut info) in classes {
            info.pred = self.key(format!("c:{name}"));
            let tags: BTreeSet<String> = info
                .forms
                .iter()
                .filter_map(|f| f.tag.clone())
                .chain(info.phrases.iter().filter_map(|p| p.1.clone()))
                .collect();
            for tag in tags {
                let pred = self.key(format!("c:{name}:{tag}"));
                if tag == "we" {
                    self.form_tags.insert(pred, FormTag::We);
                } else if tag == "inf" {
                    self.form_tags.insert(pred, FormTag::Infinitive);
                } else if let Some(m) = crate::model::Modality::from_word(&tag) {
                    self.form_tags.insert(pred, FormTag::Modality(m));
                }
                info.tags.insert(tag, pred);
            }
            for f in &info.forms {
                self.form(f, info.pred);
                if let Some(&p) = f.tag.as_ref().and_then(|t| info.tags.get(t)) {
                    self.form(f, p);
                }
            }
            done.insert(name, info);
        }
        self.classes = done;
        // Phrases last: their words may be classes.
        let mut all = Vec::new();
        for info in self.classes.values() {
            for (atoms, tag) in &info.phrases {
                let tag_pred = tag.as_ref().and_then(|t| info.tags.get(t)).copied();
                all.push((info.pred, tag_pred, atoms.clone()));
            }
        }
        for (pred, tag_pred, atoms) in all {
            let mut preds = Vec::new();
            for a in &atoms {
                match a {
                    Atom::Phrase(words) => preds.extend(words.iter().map(|w| self.word(w))),
                    a => preds.extend(self.atom(a)),
                }
            }
            let Some((&first, rest)) = preds.split_first() else { continue };
            for p in std::iter::once(pred).chain(tag_pred) {
                self.phrases.entry(first).or_default().push(Phrase { pred: p, rest: rest.to_vec() });
                self.weigh(p, 8);
            }
        }
    }

    fn form(&mut self, f: &Form, pred: Pred) {
        match f.affix {
            Affix::Whole => {
                let entry = (pred, Capitals::of(&f.text));
                push(self.words.entry(f.text.to_lowercase().into()).or_default(), entry);
            }
            Affix::Suffix => self.suffixes.add(&f.text.to_lowercase(), (pred, Capitals::Any)),
            Affix::Prefix => self.prefixes.add(&f.text.to_lowercase(), (pred, Capitals::Any)),
        }
        self.weigh(pred, f.text.chars().count() as u32);
    }

    fn weigh(&mut self, pred: Pred, length: u32) {
        let w = self.weights.entry(pred).or_insert((0, u32::MAX));
        w.0 += 1;
        w.1 = w.1.min(length);
    }

    fn key(&mut self, key: String) -> Pred {
        let next = &mut self.next;
        *self.keys.entry(key).or_insert_with(|| {
            *next += 1;
            *next - 1
        })
    }

    /// The predicate of a word.
    pub(super) fn word(&mut self, word: &str) -> Pred {
        let capitals = Capitals::of(word);
        let lower = word.to_lowercase();
        let pred = self.key(format!("w:{lower}:{}", capitals as u8));
        push(self.words.entry(lower.as_str().into()).or_default(), (pred, capitals));
        if !self.weights.contains_key(&pred) {
            self.weigh(pred, lower.chars().count() as u32);
        }
        pred
    }

    /// The predicate of a word, affix or class; `None` for anything else, or a class that there is not.
    pub(super) fn atom(&mut self, atom: &Atom) -> Option<Pred> {
        match atom {
            Atom::Word(w) => Some(self.word(w)),
            Atom::Suffix(s) => {
                let pred = self.key(format!("s:{s}"));
                self.suffixes.add(s, (pred, Capitals::Any));
                self.weights.entry(pred).or_insert((1, s.chars().count() as u32));
                Some(pred)
            }
            Atom::Prefix(s) => {
                let pred = self.key(format!("p:{s}"));
                self.prefixes.add(s, (pred, Capitals::Any));
                self.weights.entry(pred).or_insert((1, s.chars().count() as u32));
                Some(pred)
            }
            Atom::Class { name, tag: None, ending: false } => Some(self.classes.get(name)?.pred),
            Atom::Class { name, tag: Some(t), ending: false } => self.classes.get(name)?.tags.get(t).copied(),
            Atom::Class { name, tag, ending: true } => {
                let info = self.classes.get(name)?;
                if tag.is_none()
                    && let Some(p) = info.ending
                {
                    return Some(p);
                }
                let forms: Vec<Form> = info.forms.iter().filter(|f| tag.is_none() || f.tag == *tag).cloned().collect();
                let pred = self.key(format!("e:{name}:{}", tag.as_deref().unwrap_or("")));
                for f in forms {
                    let affix = if f.affix == Affix::Prefix { Affix::Prefix } else { Affix::Suffix };
                    self.form(&Form { affix, ..f }, pred);
                }
                if tag.is_none()
                    && let Some(info) = self.classes.get_mut(name)
                {
                    info.ending = Some(pred);
                }
                Some(pred)
            }
            _ => None,
        }
    }

    /// The predicate of a class, by its name without sigil.
    pub fn class_pred(&self, name: &str) -> Option<Pred> {
        self.classes.get(name).map(|c| c.pred)
    }

    /// The names of all classes, sorted.
    pub fn class_names(&self) -> impl Iterator<Item = &str> {
        self.classes.keys().map(String::as_str)
    }

    /// The tags of a class, sorted.
    pub(super) fn class_tags(&self, name: &str) -> Vec<&str> {
        self.classes.get(name).map_or_else(Vec::new, |c| c.tags.keys().map(String::as_str).collect())
    }

    /// What the form of a token says, where its class's tag says something.
    pub(super) fn form_tag(&self, pred: Pred) -> Option<FormTag> {
        self.form_tags.get(&pred).copied()
    }

    /// The higher, the rarer in running text a predicate is likely to be.
    pub(super) fn rarity(&self, pred: Pred) -> u32 {
        let (count, shortest) = self.weights.get(&pred).copied().unwrap_or((1, 1));
        (shortest.min(12) * 4).saturating_sub(count.ilog2().min(8)) + 1
    }

    /// The base form of an inflected word that the rules know, for compounds too (`affärsresan` → `affärsresa`).
    /// `lower` is lower-cased.
    pub fn base(&self, lower: &str) -> Option<String> {
        self.inflected(lower).map(|b| b.0)
    }

    /// The base form of an inflected word, with the case of the form where its paradigm tags one.
    pub fn inflected(&self, lower: &str) -> Option<(String, Option<Case>)> {
        if let Some((b, case)) = self.bases.get(lower) {
            return Some((b.to_string(), *case));
        }
        lower.char_indices().map(|(i, _)| i).find_map(|i| {
            let (front, tail) = lower.split_at(i);
            self.suffix_bases.get(tail).map(|(b, case)| (format!("{front}{b}"), *case))
        })
    }

    /// Whether the ending of a lower-cased word marks a case, by the language's `case` statements. A word of which
    /// fewer than two letters would be left does not count. Every word may be a nominative.
    pub fn marks(&self, lower: &str, case: Case) -> bool {
        case == Case::Nominative
            || self
                .case_endings
                .iter()
                .any(|(e, c)| *c == case && lower.strip_suffix(&**e).is_some_and(|rest| rest.chars().count() >= 2))
    }

    fn marked(&self, lower: &str) -> u16 {
        let mut bits = 0;
        for (i, &(_, case)) in Case::WORDS.iter().enumerate() {
            if self.marks(lower, case) {
                bits |= 1 << i;
            }
        }
        bits
    }

    /// Looks each token up: the predicates that hold, once for the sentence.
    pub fn hits(&self, tokens: &[Token]) -> Hits {
        let mut hits = Hits {
            starts: Vec::with_capacity(tokens.len() + 1),
            not_name: self.class_pred("not_name"),
            infinitive: self.class_pred("infinitive"),
            ..Hits::default()
        };
        for t in tokens {
            let named = matches!(t.shape, Shape::Capitalised | Shape::Upper | Shape::Mixed);
            let marked = if named { self.marked(&t.lower) } else { 0 };
            hits.cases.push(marked);
            hits.starts.push(hits.preds.len() as u32);
            let from = hits.preds.len();
            let mut add = |entries: &[Entry]| {
                for &(p, c) in entries {
                    if c.hold(t.shape) {
                        hits.preds.push(p);
                    }
                }
            };
            let lower = t.lower.as_str();
            // "the city's" is "the city" to a rule; its case is the mention's
            if let Some(e) = possessor(lower).and_then(|bare| self.words.get(bare)) {
                add(e);
            }
            if let Some(e) = self.words.get(lower) {
                add(e);
            }
            if lower.len() > 1 {
                for (i, _) in lower.char_indices() {
                    let tail = &lower[i..];
                    if self.suffixes.lengths & (1 << tail.len().min(63)) != 0
                        && let Some(e) = self.suffixes.map.get(tail)
                    {
                        add(e);
                    }
                }
                for (i, _) in lower.char_indices().skip(1) {
                    let front = &lower[..i];
                    if self.prefixes.lengths & (1 << front.len().min(63)) != 0
                        && let Some(e) = self.prefixes.map.get(front)
                    {
                        add(e);
                    }
                }
            }
            if let Some(mine) = hits.preds.get_mut(from..) {
                mine.sort_unstable();
            }
            dedup_from(&mut hits.preds, from);
        }
        hits.starts.push(hits.preds.len() as u32);
        if !self.phrases.is_empty() {
            self.add_phrases(tokens.len(), &mut hits);
        }
        hits
    }

    fn add_phrases(&self, count: usize, hits: &mut Hits) {
        for i in 0..count {
            let mut mine = Vec::new();
            for phrase in hits.at(i).iter().filter_map(|p| self.phrases.get(p)).flatten() {
                if phrase.rest.iter().enumerate().all(|(k, q)| hits.has(i + 1 + k, *q)) {
                    mine.push((i as u32, phrase.pred, phrase.rest.len() as u32 + 1));
                }
            }
            mine.sort_unstable_by(|a, b| b.2.cmp(&a.2).then(a.1.cmp(&b.1)));
            mine.dedup();
            hits.phrases.append(&mut mine);
        }
    }
}

fn dedup_from(v: &mut Vec<Pred>, from: usize) {
    let mut write = from;
    for read in from..v.len() {
        if read == from || v[read] != v[write - 1] {
            v[write] = v[read];
            write += 1;
        }
    }
    v.truncate(write);
}

/// The predicates that hold of each token of a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    starts: Vec<u32>,
    preds: Vec<Pred>,
    /// (first token, predicate, tokens), by token and then the longest first.
    phrases: Vec<(u32, Pred, u32)>,
    /// The cases that the endings of each token mark, one bit for each of [`Case::WORDS`].
    cases: Vec<u16>,
    /// The class `%not_name`: words that are no name even with a capital.
    pub(super) not_name: Option<Pred>,
    /// The class `%infinitive`: marks of the infinitive, across whose clauses a gap may run.
    pub(super) infinitive: Option<Pred>,
}

impl Hits {
    /// The predicates of one token, sorted, phrases apart.
    pub fn at(&self, token: usize) -> &[Pred] {
        let (Some(&s), Some(&e)) = (self.starts.get(token), self.starts.get(token + 1)) else { return &[] };
        self.preds.get(s as usize..e as usize).unwrap_or(&[])
    }

    /// Whether a predicate holds of one token by itself.
    pub fn has(&self, token: usize, pred: Pred) -> bool {
        let list = self.at(token);
        if list.len() < 12 { list.contains(&pred) } else { list.binary_search(&pred).is_ok() }
    }

    /// Whether the ending of a capitalised token marks a case.
    pub(super) fn marks(&self, token: usize, case: Case) -> bool {
        let bit = Case::WORDS.iter().position(|(_, c)| *c == case).unwrap_or(15);
        self.cases.get(token).is_some_and(|c| c & (1 << bit) != 0)
    }

    /// How many tokens a predicate covers from `token` on, the longest first.
    pub fn lengths(&self, token: usize, pred: Pred) -> impl Iterator<Item = usize> + '_ {
        let single = self.has(token, pred).then_some(1);
        self.phrases_at(token).filter(move |p| p.1 == pred).map(|p| p.2 as usize).chain(single)
    }

    /// The phrases that begin at a token: (first token, predicate, tokens).
    pub(super) fn phrases_at(&self, token: usize) -> impl Iterator<Item = &(u32, Pred, u32)> {
        let from = self.phrases.partition_point(|p| (p.0 as usize) < token);
        self.phrases.iter().skip(from).take_while(move |p| p.0 as usize == token)
    }

    /// Every predicate that holds somewhere in the sentence, sorted, each once.
    pub(super) fn present(&self) -> Vec<Pred> {
        let mut all: Vec<Pred> = self.preds.iter().copied().chain(self.phrases.iter().map(|p| p.1)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The longest cover of any token by a predicate that ends just before `end`.
    pub(super) fn ends_at(&self, end: usize, pred: Pred) -> Option<usize> {
        (end.saturating_sub(8)..end).find(|&i| self.lengths(i, pred).any(|n| i + n == end))
    }
}

/// The word before an apostrophe that marks a possessor: `city's`, `cities'`.
fn possessor(lower: &str) -> Option<&str> {
    let bare =
        |mark: char| lower.strip_suffix('s').and_then(|w| w.strip_suffix(mark)).or_else(|| lower.strip_suffix(mark));
    bare('\'').or_else(|| bare('\u{2019}')).filter(|w| w.chars().count() > 1)
}
