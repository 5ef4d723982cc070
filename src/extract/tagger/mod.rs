//! A tagger of names that learned from annotated text: an averaged perceptron over hashed features, decoded with
//! Viterbi, one for all languages. Says person, organisation or place of each token; knows neither the types of the
//! model nor the rules. Its weights are a file of their own, `grammar/names.weights`, under its own licence
//! (`grammar/names.LICENSE`), written by `examples/train_names.rs`.

mod features;
mod learn;
#[cfg(test)]
mod tests;
mod weights;

use std::ops::Range;
use std::rc::Rc;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

pub use learn::{Learner, Settings};
pub use weights::Weights;

use crate::model::Lang;
use crate::text::{self, Case, Shape};
use features::{AROUND, Look, Seen};
use weights::Row;

/// How many tags there are.
pub(crate) const TAGS: usize = 7;
/// How many classes of tokens have transitions of their own: with a capital, another word, a mark.
pub(crate) const CLASSES: usize = 3;
/// Words that are remembered before the memory is emptied.
const MEMORY: usize = 50_000;
/// What no path may take.
const NEVER: i32 = i32::MIN / 4;

static DATA: &[u8] = include_bytes!("../../../grammar/names.weights");
static WEIGHTS: LazyLock<Weights> =
    LazyLock::new(|| Weights::open(DATA).unwrap_or_else(|| Weights::new(Vec::new(), &[], 1.0)));

/// The weights of the program. The first call unpacks them, in about a millisecond.
pub fn weights() -> &'static Weights {
    &WEIGHTS
}

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A person.
    Person,
    /// An organisation.
    Organisation,
    /// A place.
    Place,
}

impl Class {
    /// All of them.
    pub const ALL: [Class; 3] = [Class::Person, Class::Organisation, Class::Place];

    /// As annotated corpora spell it: `PER`, `ORG`, `LOC`.
    pub const fn word(self) -> &'static str {
        match self {
            Class::Person => "PER",
            Class::Organisation => "ORG",
            Class::Place => "LOC",
        }
    }
}

/// The tag of a token, IOB2: 0 no name, 1 and 2 begin and go on a person, 3 and 4 an organisation, 5 and 6 a place.
pub type Tag = u8;

/// The tag that an annotated corpus spells so; whatever is none of the three classes is no name.
pub fn tag_of(word: &str) -> Tag {
    let (begin, class) = word.split_once('-').unwrap_or(("O", ""));
    let class = Class::ALL.iter().position(|c| c.word() == class);
    class.map_or(0, |c| 2 * c as Tag + if begin == "B" { 1 } else { 2 })
}

/// The names that some tags spell out, in the order of the text.
pub fn spans(tags: &[Tag]) -> Vec<(Range<usize>, Class)> {
    let mut out: Vec<(Range<usize>, Class)> = Vec::new();
    for (i, &tag) in tags.iter().enumerate() {
        let Some(&class) = (tag as usize).checked_sub(1).and_then(|t| Class::ALL.get(t / 2)) else { continue };
        match out.last_mut() {
            Some((range, c)) if tag % 2 == 0 && range.end == i && *c == class => range.end = i + 1,
            _ => out.push((i..i + 1, class)),
        }
    }
    out
}

/// Whether a tag may stand after another one (7: at the start).
const fn may_follow(before: usize, tag: usize) -> bool {
    tag == 0 || tag % 2 == 1 || before == tag || before + 1 == tag
}

/// A token as the tagger needs it.
#[derive(Debug, Clone, Copy)]
pub struct Word<'t> {
    /// As written.
    pub form: &'t str,
    /// Lower-cased.
    pub lower: &'t str,
    /// How it is capitalised.
    pub shape: Shape,
}

impl Word<'_> {
    /// Whether base forms of it are of use.
    fn has_base(&self) -> bool {
        matches!(self.shape, Shape::Capitalised | Shape::Upper | Shape::Mixed)
    }

    fn key(&self, lang: Lang) -> u64 {
        features::hash(self.form.as_bytes()).wrapping_mul(8).wrapping_add(lang as u64)
    }
}

/// What the tagger remembers of a word: how it looks and what that says for the tags of the tokens from two before it
/// to two after it.
#[derive(Debug)]
struct Known {
    look: Look,
    says: [Row; 2 * AROUND + 1],
}

/// Reads the lines of one document.
pub struct Tagger<'w> {
    weights: &'w Weights,
    memory: FxHashMap<u64, Rc<Known>>,
    features: Vec<u32>,
}

/// The lines of a document, looked at and not yet tagged.
pub struct Looked<'t> {
    lines: Vec<(Vec<Word<'t>>, Vec<Rc<Known>>)>,
    seen: Seen,
}

impl<'w> Tagger<'w> {
    /// A tagger with some weights.
    pub fn new(weights: &'w Weights) -> Tagger<'w> {
        Tagger { weights, memory: FxHashMap::default(), features: Vec::new() }
    }

    /// Looks at the lines of a document, each with its language. `bases` gives the base forms of a word with a capital,
    /// the likeliest first.
    pub fn look<'t>(
        &mut self,
        lines: impl Iterator<Item = (Lang, Vec<Word<'t>>)>,
        mut bases: impl FnMut(Lang, &str) -> Rc<[(String, Case)]>,
    ) -> Looked<'t> {
        let mut looked = Looked { lines: Vec::new(), seen: Seen::default() };
        for (lang, words) in lines {
            let known: Vec<Rc<Known>> = words.iter().map(|w| self.know(lang, w, &mut bases)).collect();
            let looks: Vec<&Look> = known.iter().map(|k| &k.look).collect();
            looked.seen.add(&looks);
            looked.lines.push((words, known));
        }
        looked
    }

    fn know(
        &mut self,
        lang: Lang,
        word: &Word<'_>,
        bases: &mut impl FnMut(Lang, &str) -> Rc<[(String, Case)]>,
    ) -> Rc<Known> {
        let key = word.key(lang);
        if let Some(known) = self.memory.get(&key) {
            return Rc::clone(known);
        }
        self.features.clear();
        let forms = if word.has_base() { bases(lang, word.form) } else { Rc::from([]) };
        let look = Look::at(lang, word, &forms, &mut self.features);
        let mut says = [Row::default(); 2 * AROUND + 1];
        for (k, row) in says.iter_mut().enumerate() {
            let offset = k as isize - AROUND as isize;
            if offset != 0 {
                self.features.clear();
                look.beside(offset, &mut self.features);
                self.features.iter().for_each(|&f| self.weights.add(f, row));
            }
        }
        self.features.clear();
        let look = Look::at(lang, word, &forms, &mut self.features);
        self.features.iter().for_each(|&f| self.weights.add(f, &mut says[AROUND]));
        let known = Rc::new(Known { look, says });
        if self.memory.len() >= MEMORY {
            self.memory.clear();
        }
        self.memory.insert(key, Rc::clone(&known));
        known
    }

    /// Tags the tokens of one of the lines. What follows from the document as a whole follows from all its lines.
    pub fn tags(&self, looked: &Looked<'_>, line: usize) -> Vec<Tag> {
        let Some((words, known)) = looked.lines.get(line) else { return Vec::new() };
        let looks: Vec<&Look> = known.iter().map(|k| &k.look).collect();
        let mut scores = vec![Row::default(); words.len()];
        for (i, row) in scores.iter_mut().enumerate() {
            for k in 0..=2 * AROUND {
                // the token that stands `offset` places before this one
                let Some(k_at) = (i + AROUND).checked_sub(k).and_then(|at| known.get(at)) else { continue };
                row.iter_mut().zip(&k_at.says[k]).for_each(|(s, w)| *s += w);
            }
        }
        features::around(&looks, words, &looked.seen, |i, feature| {
            if let Some(row) = scores.get_mut(i) {
                self.weights.add(feature, row);
            }
        });
        let classes: Vec<usize> = looks.iter().map(|l| l.class()).collect();
        best_path(&scores, &classes, &self.weights.transitions)
    }
}

/// The words of a line of tokens.
pub fn words<'t>(text: &'t str, tokens: &'t [text::Token]) -> Vec<Word<'t>> {
    let form = |t: &text::Token| text.get(t.start as usize..t.end as usize).unwrap_or("");
    tokens.iter().map(|t| Word { form: form(t), lower: &t.lower, shape: t.shape }).collect()
}

/// The tags with the highest sum of scores and transitions; of equal ones the lower tag from the end on.
pub(crate) fn best_path(scores: &[Row], classes: &[usize], transitions: &weights::Transitions) -> Vec<Tag> {
    let mut back: Vec<[Tag; TAGS]> = Vec::with_capacity(scores.len());
    let mut best = [NEVER; TAGS];
    for (i, row) in scores.iter().enumerate() {
        let moves = &transitions[classes.get(i).copied().unwrap_or(0).min(CLASSES - 1)];
        let (mut next, mut from) = ([NEVER; TAGS], [0; TAGS]);
        for tag in 0..TAGS {
            if i == 0 {
                if may_follow(TAGS + 1, tag) {
                    next[tag] = row[tag] + moves[TAGS][tag];
                }
                continue;
            }
            for before in (0..TAGS).filter(|&b| may_follow(b, tag)) {
                let score = best[before].saturating_add(moves[before][tag]);
                if score > next[tag] {
                    (next[tag], from[tag]) = (score, before as Tag);
                }
            }
            next[tag] = next[tag].saturating_add(row[tag]);
        }
        back.push(from);
        best = next;
    }
    let mut tag = (0..TAGS).rev().max_by_key(|&t| best[t]).unwrap_or(0) as Tag;
    let mut out = vec![0; scores.len()];
    for (slot, from) in out.iter_mut().zip(&back).rev() {
        *slot = tag;
        tag = from[tag as usize];
    }
    out
}
