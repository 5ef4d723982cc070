//! Rule files compiled together: for each language its words, its patterns, and an index from predicates to rules.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use rustc_hash::{FxHashMap, FxHasher};
use unicode_normalization::UnicodeNormalization;

use super::ast::{self, Dating, Facts, Item, RuleFile, Side, TypeSet, Within};
use super::error::RuleErrors;
use super::parse::parse;
use super::seq::{Prefer, Program, Scratch, Tokens};
use super::vocab::{Hits, Pred, Vocabulary};
use crate::model::{Lang, Modality, Relation, Type};
use crate::text::{Case, Token};

/// Rule files of `grammar/`, embedded.
macro_rules! embedded {
    ($($path:literal),+ $(,)?) => { &[$(($path, include_str!(concat!("../../../grammar/", $path)))),+] };
}

/// The files that come with the program, in order. A new language is a new folder in `grammar/` and its files here.
const BUILTIN: &[(&str, &str)] = embedded![
    "sv/sv.rules",
    "sv/names.rules",
    "sv/partners.rules",
    "sv/bodies.rules",
    "sv/persons.rules",
    "sv/agreements.rules",
    "sv/events.rules",
    "sv/layout.rules",
    "fi/fi.rules",
    "fi/names.rules",
    "fi/verbs.rules",
    "fi/partners.rules",
    "fi/bodies.rules",
    "fi/events.rules",
    "fi/persons.rules",
    "fi/layout.rules",
    "en/en.rules",
    "en/names.rules",
    "en/partners.rules",
    "en/bodies.rules",
    "en/persons.rules",
    "en/agreements.rules",
    "en/events.rules",
    "en/layout.rules",
    "nb/nb.rules",
    "nb/names.rules",
    "nb/partners.rules",
    "nb/bodies.rules",
    "nb/persons.rules",
    "nb/agreements.rules",
    "nb/events.rules",
    "nb/layout.rules",
    "da/da.rules",
    "da/names.rules",
    "da/partners.rules",
    "da/bodies.rules",
    "da/persons.rules",
    "da/agreements.rules",
    "da/events.rules",
    "da/layout.rules",
];

/// All rules, by language.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    langs: BTreeMap<Lang, LangRules>,
    files: Vec<(RuleFile, String)>,
}

/// The rules of one language.
#[derive(Debug, Clone, Default)]
pub struct LangRules {
    /// Its words.
    pub vocab: Vocabulary,
    /// The rules that find names, in file order.
    pub mentions: Vec<MentionRule>,
    /// Nameless events and agreements.
    pub events: Vec<EventRule>,
    /// Heads of lists.
    pub lists: Vec<ListRule>,
    /// Columns of tables.
    pub tables: Vec<TableRule>,
    /// Words that refer.
    pub corefers: Vec<CoreferRule>,
    /// Fact rules and appositions, in file order.
    pub(super) rules: Vec<FactRule>,
    /// Cues.
    pub(super) cues: Vec<Cue>,
    /// Predicate to the fact rules of which it is an anchor.
    pub(super) index: FxHashMap<Pred, Vec<u32>>,
    /// Fact rules without anchors.
    pub(super) unanchored: Vec<u32>,
    /// Predicate to (mention rule, pattern).
    pub(super) mention_index: FxHashMap<Pred, Vec<(u32, u32)>>,
    pub(super) mention_unanchored: Vec<(u32, u32)>,
    /// Classes that the engine knows by name.
    pub(super) known: Known,
}

/// Classes with a meaning to the engine, each optional: see `grammar/README.md`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    pub(super) adposition: Option<Pred>,
    pub(super) relative: Option<Pred>,
    pub(super) conjunction: Option<Pred>,
    pub(super) infinitive: Option<Pred>,
    pub(super) auxiliary: Option<Pred>,
    pub(super) since: Option<Pred>,
    pub(super) until: Option<Pred>,
    pub(super) article: Option<Pred>,
    pub(super) adverbial: Option<Pred>,
}

/// A compiled mention rule.
#[derive(Debug, Clone)]
pub struct MentionRule {
    /// Its id with its language: `sv/municipality`.
    pub id: String,
    /// The type of what it finds.
    pub ty: Type,
    /// Higher wins among matches of one length.
    pub priority: i32,
    pub(super) patterns: Vec<Program>,
}

/// What a mention rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MentionMatch {
    /// Index of the rule in [`LangRules::mentions`].
    pub rule: usize,
    /// All tokens of the match.
    pub tokens: Range<usize>,
    /// The tokens of the name: the capture `name`, or the whole match.
    pub name: Range<usize>,
    /// The type.
    pub ty: Type,
    /// The rule's priority.
    pub priority: i32,
}

/// A compiled rule for nameless events and agreements.
#[derive(Debug, Clone)]
pub struct EventRule {
    /// Its id with its language.
    pub id: String,
    /// The class of its head noun.
    pub head: Pred,
    /// The type of what it finds.
    pub ty: Type,
    pub(super) patterns: Vec<(Program, usize)>,
}

/// A compiled head of a list.
#[derive(Debug, Clone)]
pub struct ListRule {
    /// Its id with its language.
    pub id: String,
    /// What each item says; the arguments are `item`, `event`, `owner`, `publisher` and captures of the head.
    pub facts: Facts,
    pub(super) patterns: Vec<Program>,
}

/// Compiled columns of a table.
#[derive(Debug, Clone)]
pub struct TableRule {
    /// Its id with its language.
    pub id: String,
    /// Name of the argument and predicates of the column's head; all must be there.
    pub columns: Vec<(String, Vec<Vec<Pred>>)>,
    /// What each row says.
    pub facts: Facts,
}

/// Compiled words that refer.
#[derive(Debug, Clone)]
pub struct CoreferRule {
    /// The words: sequences of predicates.
    pub words: Vec<Vec<Pred>>,
    /// To what.
    pub referent: ast::Referent,
}

/// A compiled cue.
#[derive(Debug, Clone)]
pub(super) struct Cue {
    pub(super) modality: Modality,
    pub(super) side: Side,
    pub(super) within: Within,
    pub(super) patterns: Vec<Program>,
    pub(super) unless: Vec<Program>,
}

/// A compiled fact rule; an apposition is one without slots, whose captures are its arguments.
#[derive(Debug, Clone)]
pub(super) struct FactRule {
    pub(super) id: String,
    pub(super) priority: i32,
    pub(super) when: Vec<Program>,
    pub(super) slots: Vec<Slot>,
    pub(super) conditions: Vec<Condition>,
    pub(super) emits: Vec<Emit>,
    pub(super) relation: Relation,
    pub(super) hash: u64,
    pub(super) apposition: bool,
}

/// A compiled slot.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) name: String,
    /// `None`: the publisher.
    pub(super) types: Option<TypeSet>,
    pub(super) side: Side,
    pub(super) subject: bool,
    pub(super) after: Vec<Vec<Pred>>,
    pub(super) not_after: Vec<Vec<Pred>>,
    pub(super) before: Vec<Vec<Pred>>,
    pub(super) not_before: Vec<Vec<Pred>>,
    pub(super) cases: Vec<Case>,
    pub(super) within: Within,
    pub(super) each: bool,
    pub(super) optional: bool,
    pub(super) or_publisher: bool,
    /// As written, for near misses.
    pub(super) text: String,
}

/// A compiled condition.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) unless: bool,
    pub(super) scope: ast::Scope,
    pub(super) patterns: Vec<Program>,
    pub(super) text: String,
}

/// Where an argument of an emitted fact comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Arg {
    Slot(usize),
    Capture(String),
    Context(Context),
}

/// Something that the sentence need not name: the document knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// The body that publishes the page (in a quote: the speaker's).
    Publisher,
    /// The event that the document is about, or that was named last.
    Event,
    /// The agreement that was named last.
    Agreement,
    /// What the section or page is about: the subject of the heading above.
    Owner,
}

impl Context {
    /// The names that rules use.
    pub const WORDS: [(&'static str, Context); 4] = [
        ("publisher", Context::Publisher),
        ("event", Context::Event),
        ("agreement", Context::Agreement),
        ("owner", Context::Owner),
    ];
}

/// A compiled fact.
#[derive(Debug, Clone)]
pub(super) struct Emit {
    pub(super) relation: Relation,
    pub(super) from: Arg,
    pub(super) from_types: TypeSet,
    pub(super) to: Arg,
    pub(super) to_types: TypeSet,
    pub(super) role: Option<Role>,
    pub(super) modality: Option<Modality>,
    pub(super) dating: Dating,
}

/// Where a role comes from, compiled.
#[derive(Debug, Clone)]
pub(super) enum Role {
    Class(Pred),
    Capture(String),
    Slot(usize),
    Trigger,
    Text(String),
}

impl RuleSet {
    /// The rules that come with the program.
    ///
    /// # Errors
    /// Those of the files; a test holds that there are none.
    pub fn builtin() -> Result<RuleSet, RuleErrors> {
        RuleSet::default().with(BUILTIN)
    }

    /// These rules together with more files: (name, text). Later files stand after earlier ones in file order; their
    /// classes and cues add to those of the same name, and a rule with the id of an earlier one takes its place.
    ///
    /// # Errors
    /// All errors of all files.
    pub fn with<N: AsRef<str>, T: AsRef<str>>(self, files: &[(N, T)]) -> Result<RuleSet, RuleErrors> {
        let mut all = self.files;
        let mut errors = Vec::new();
        // Tokens are NFC, so the words of rules are.
        let texts: Vec<(&str, String)> = files.iter().map(|f| (f.0.as_ref(), f.1.as_ref().nfc().collect())).collect();
        let parsed: Vec<_> = texts.into_par_iter().map(|(name, text)| (parse(name, &text), text)).collect();
        for (file, text) in parsed {
            match file {
                Ok(file) => all.push((file, text)),
                Err(e) => errors.extend(e.0),
            }
        }
        if !errors.is_empty() {
            return Err(RuleErrors(errors));
        }
        name_apart(&mut all);
        let mut langs = BTreeMap::new();
        let compiled: Vec<_> = Lang::ALL
            .par_iter()
            .map(|&lang| {
                let mine = all.iter().filter(|f| f.0.lang == lang);
                let here: Vec<(&RuleFile, &str)> = mine.map(|f| (&f.0, f.1.as_str())).collect();
                (lang, (!here.is_empty()).then(|| LangRules::compile(lang, &here)))
            })
            .collect();
        for (lang, rules) in compiled {
            match rules {
                Some(Ok(rules)) => {
                    langs.insert(lang, rules);
                }
                Some(Err(e)) => errors.extend(e),
                None => {}
            }
        }
        if errors.is_empty() { Ok(RuleSet { langs, files: all }) } else { Err(RuleErrors(errors)) }
    }

    /// The rules of a language, where there are any.
    pub fn lang(&self, lang: Lang) -> Option<&LangRules> {
        self.langs.get(&lang)
    }

    /// The languages that have rules.
    pub fn languages(&self) -> impl Iterator<Item = Lang> + '_ {
        self.langs.keys().copied()
    }

    /// The mention rules of a language, in file order.
    pub fn mentions(&self, lang: Lang) -> &[MentionRule] {
        self.lang(lang).map_or(&[], |l| &l.mentions)
    }

    /// The parsed files, in order.
    pub fn files(&self) -> impl Iterator<Item = &RuleFile> {
        self.files.iter().map(|f| &f.0)
    }

    /// A hash of everything that the rules say, for incremental builds: another hash, and documents must be re-read.
    pub fn version(&self) -> u64 {
        let mut h = FxHasher::default();
        for (file, text) in &self.files {
            file.lang.word().hash(&mut h);
            text.hash(&mut h);
        }
        h.finish()
    }

    /// Each fact rule's id and a hash of its text, in order.
    pub fn rule_hashes(&self) -> impl Iterator<Item = (&str, u64)> {
        self.langs.values().flat_map(|l| l.rules.iter().map(|r| (r.id.as_str(), r.hash)))
    }
}

impl LangRules {
    /// Looks each token of a sentence up, once.
    pub fn hits(&self, tokens: &[Token]) -> Hits {
        self.vocab.hits(tokens)
    }

    /// Everything that the mention rules match, from every start: sorted by first token, then longest, priority,
    /// file order. Matches may overlap: [`settle`] chooses among them.
    pub fn find_mentions(&self, t: &Tokens<'_>, scratch: &mut Scratch) -> Vec<MentionMatch> {
        let mut candidates: Vec<(u32, u32)> = self.mention_unanchored.clone();
        for p in t.hits.present() {
            if let Some(more) = self.mention_index.get(&p) {
                candidates.extend(more);
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        let mut out = Vec::new();
        for (r, p) in candidates {
            let Some(rule) = self.mentions.get(r as usize) else { continue };
            let Some(program) = rule.patterns.get(p as usize) else { continue };
            for m in program.find(t, 0..t.tokens.len(), Prefer::Longest, None, scratch) {
                let name = program.capture(&m, "name").filter(|n| !n.is_empty()).unwrap_or(m.tokens.clone());
                out.push(MentionMatch {
                    rule: r as usize,
                    name,
                    tokens: m.tokens,
                    ty: rule.ty,
                    priority: rule.priority,
                });
            }
        }
        out.sort_by(|a, b| a.tokens.start.cmp(&b.tokens.start).then(rank(a).cmp(&rank(b))));
        out.dedup();
        out
    }
}

/// Numbers the forms without a name of their own that would share an id: `list.medlemmar`, `list.medlemmar#2`.
fn name_apart(files: &mut [(RuleFile, String)]) {
    let mut seen: BTreeMap<(Lang, String), usize> = BTreeMap::new();
    for (file, _) in files {
        let lang = file.lang;
        for item in &mut file.items {
            let id = match item {
                Item::List(l) => &mut l.id,
                Item::Table(t) => &mut t.id,
                Item::Apposition(a) => &mut a.id,
                Item::Event(e) => &mut e.id,
                _ => continue,
            };
            // A file that is compiled again, with others, keeps the names it has.
            let base = id.split_once('#').map_or(id.as_str(), |(b, _)| b).to_owned();
            let n = seen.entry((lang, base.clone())).or_insert(0);
            *n += 1;
            *id = if *n == 1 { base } else { format!("{base}#{n}") };
        }
    }
}

/// The total order of conflicts: longest span, then priority, then file order.
fn rank(m: &MentionMatch) -> (std::cmp::Reverse<usize>, std::cmp::Reverse<i32>, usize, usize) {
    (std::cmp::Reverse(m.tokens.len()), std::cmp::Reverse(m.priority), m.rule, m.tokens.start)
}

/// Of overlapping matches keeps the longest, then the one of higher priority, then of the earlier rule. Sorted by place.
pub fn settle(matches: &[MentionMatch]) -> Vec<MentionMatch> {
    let mut order: Vec<&MentionMatch> = matches.iter().collect();
    order.sort_by_key(|m| rank(m));
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let mut out: Vec<MentionMatch> = Vec::new();
    for m in order {
        let clash = taken.range(..m.tokens.end).next_back().is_some_and(|(_, &end)| end > m.tokens.start);
        if !clash {
            taken.insert(m.tokens.start, m.tokens.end);
            out.push(m.clone());
        }
    }
    out.sort_by_key(|m| m.tokens.start);
    out
}
