//! A rule file to its AST. The only file here that knows pest; it interns nothing and resolves no class names.

use pest::Parser;
use pest::iterators::Pair;

use super::ast::*;
use super::error::{RuleError, RuleErrors, nearest};
use crate::model::{Lang, Modality, Type};
use crate::text::Case;

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/rules.pest"]
    pub(super) struct RuleGrammar;
}
use grammar::{Rule as R, RuleGrammar};

mod facts;
mod pattern;
mod plain;

/// The most bytes that a rule file may have.
const MAX_BYTES: usize = 4 << 20;

/// Parses one rule file. `name` is for messages.
///
/// # Errors
/// Every error that can be told apart, with its line, its column, and what to write instead.
pub fn parse(name: &str, text: &str) -> Result<RuleFile, RuleErrors> {
    let mut p = Reader { name, text, lines: line_starts(text), errors: Vec::new() };
    if text.len() > MAX_BYTES {
        return Err(RuleErrors(vec![p.error(0, "the rule file is larger than 4 MB", Some("split it"))]));
    }
    if let Some(at) = plain::too_deep(text) {
        return Err(RuleErrors(vec![p.error(
            at,
            "groups are nested too deeply",
            Some("use a class for the inner group"),
        )]));
    }
    let mut pairs = match RuleGrammar::parse(R::file, text) {
        Ok(pairs) => pairs,
        Err(e) => return Err(RuleErrors(vec![p.syntax(&e)])),
    };
    let mut file = RuleFile { name: name.to_owned(), lang: Lang::En, title: None, items: Vec::new() };
    if let Some(root) = pairs.next() {
        for pair in root.into_inner() {
            match pair.as_rule() {
                R::language => p.language(pair, &mut file),
                R::EOI => {}
                _ => {
                    if let Some(item) = p.item(pair) {
                        file.items.push(item);
                    }
                }
            }
        }
    }
    if p.errors.is_empty() { Ok(file) } else { Err(RuleErrors(p.errors)) }
}

fn line_starts(text: &str) -> Vec<u32> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i as u32 + 1)).collect()
}

/// What words stand for in the sequence being read.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Plain,
    Condition,
    EventName,
}

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    lines: Vec<u32>,
    errors: Vec<RuleError>,
}

impl Reader<'_> {
    fn pos(&self, offset: usize) -> Pos {
        let line = self.lines.partition_point(|&s| s as usize <= offset).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0) as usize;
        let column = self.text.get(start..offset).map_or(0, |s| s.chars().count()) + 1;
        Pos { offset: offset as u32, line: line as u32, column: column as u32 }
    }

    fn error(&self, offset: usize, message: &str, suggestion: Option<&str>) -> RuleError {
        let pos = self.pos(offset);
        let start = self.lines.get(pos.line as usize - 1).copied().unwrap_or(0) as usize;
        let line = self.text.get(start..).unwrap_or("").lines().next().unwrap_or("").chars().take(240).collect();
        RuleError {
            file: self.name.to_owned(),
            pos,
            message: message.to_owned(),
            suggestion: suggestion.map(str::to_owned),
            line,
        }
    }

    fn fail(&mut self, offset: usize, message: String, suggestion: Option<String>) {
        let e = self.error(offset, &message, suggestion.as_deref());
        self.errors.push(e);
    }

    fn language(&mut self, pair: Pair<'_, R>, file: &mut RuleFile) {
        for p in pair.into_inner() {
            match p.as_rule() {
                R::name => match Lang::from_word(p.as_str()) {
                    Some(lang) => file.lang = lang,
                    None => {
                        let known: Vec<&str> = Lang::ALL.iter().map(|l| l.word()).collect();
                        let at = p.as_span().start();
                        self.fail(
                            at,
                            format!("no language `{}`", p.as_str()),
                            Some(format!("use one of {}", known.join(", "))),
                        );
                    }
                },
                R::string => file.title = Some(unquote(p)),
                _ => {}
            }
        }
    }

    fn item(&mut self, pair: Pair<'_, R>) -> Option<Item> {
        let pos = self.pos(pair.as_span().start());
        Some(match pair.as_rule() {
            R::paradigm => Item::Paradigm(self.paradigm(pair, pos)),
            R::inflect => Item::Inflect(self.inflect(pair, pos)),
            R::class => Item::Class(self.class(pair, pos)),
            R::case_endings => Item::Case(self.case_endings(pair)?),
            R::cue => Item::Cue(self.cue(pair, pos)?),
            R::mention => Item::Mention(self.mention(pair, pos)?),
            R::list => Item::List(self.list(pair, pos)),
            R::table => Item::Table(self.table(pair, pos)),
            R::apposition => Item::Apposition(self.apposition(pair, pos)),
            R::event => Item::Event(self.event(pair, pos)?),
            R::corefer => Item::Corefer(self.corefer(pair, pos)),
            R::rule => Item::Rule(self.rule(pair, pos)),
            _ => return None,
        })
    }

    fn paradigm(&mut self, pair: Pair<'_, R>, pos: Pos) -> Paradigm {
        let mut out = Paradigm { name: String::new(), endings: Vec::new(), pos };
        let mut tag = None;
        for p in pair.into_inner() {
            match p.as_rule() {
                R::name => out.name = p.as_str().to_owned(),
                R::tag_head => tag = Some(p.as_str().trim_end_matches(':').trim_end().to_owned()),
                R::ending => {
                    let s = p.as_str();
                    let digit = s.bytes().next().filter(u8::is_ascii_digit);
                    let text = s.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('-');
                    let stem = digit.map_or(0, |d| usize::from(d - b'0').saturating_sub(1));
                    out.endings.push(Ending { tag: tag.clone(), stem, text: text.to_lowercase() });
                }
                _ => {}
            }
        }
        out
    }

    fn inflect(&mut self, pair: Pair<'_, R>, pos: Pos) -> Inflect {
        let mut out = Inflect { paradigm: String::new(), class: String::new(), words: Vec::new(), pos };
        for p in pair.into_inner() {
            match p.as_rule() {
                R::name => out.paradigm = p.as_str().to_owned(),
                R::class_name => out.class = unsigil(p.as_str()),
                R::stems => out.words.push(
                    p.into_inner().filter(|s| s.as_rule() == R::stem).map(|s| s.as_str().to_lowercase()).collect(),
                ),
                _ => {}
            }
        }
        out
    }

    fn class(&mut self, pair: Pair<'_, R>, pos: Pos) -> Class {
        let mut out = Class { name: String::new(), entries: Vec::new(), pos };
        for p in pair.into_inner() {
            match p.as_rule() {
                R::class_name => out.name = unsigil(p.as_str()),
                R::class_entry => {
                    let mut entry = ClassEntry { atoms: Vec::new(), tag: None };
                    for q in p.into_inner() {
                        if q.as_rule() == R::tag {
                            entry.tag = Some(q.as_str().trim_start_matches(':').trim().to_owned());
                        } else if let Some(a) = self.atom(q, Place::Plain) {
                            entry.atoms.push(a);
                        }
                    }
                    out.entries.push(entry);
                }
                _ => {}
            }
        }
        out
    }

    fn case_endings(&mut self, pair: Pair<'_, R>) -> Option<CaseEndings> {
        let mut case = None;
        let mut endings = Vec::new();
        for p in pair.into_inner() {
            match p.as_rule() {
                R::name => case = self.case(p.as_str(), p.as_span().start()),
                R::suffix => endings.push(p.as_str().trim_start_matches('-').to_lowercase()),
                _ => {}
            }
        }
        Some(CaseEndings { case: case?, endings })
    }

    fn case(&mut self, word: &str, at: usize) -> Option<Case> {
        let found = Case::WORDS.iter().find(|(w, _)| *w == word).map(|(_, c)| *c);
        if found.is_none() {
            let all: Vec<&str> = Case::WORDS.iter().map(|(w, _)| *w).collect();
            self.fail(at, format!("no case `{word}`"), Some(format!("use one of {}", all.join(", "))));
        }
        found
    }

    fn modality(&mut self, word: &str, at: usize) -> Option<Modality> {
        let found = Modality::from_word(word);
        if found.is_none() {
            let all: Vec<&str> = Modality::ALL.iter().map(|m| m.word()).collect();
            self.fail(at, format!("no modality `{word}`"), Some(format!("use one of {}", all.join(", "))));
        }
        found
    }

    fn cue(&mut self, pair: Pair<'_, R>, pos: Pos) -> Option<Cue> {
        let mut modality = None;
        let (mut side, mut within) = (Side::Any, Within::Clause);
        let mut lists = Vec::new();
        for p in pair.into_inner() {
            match p.as_rule() {
                R::name => modality = self.modality(p.as_str(), p.as_span().start()),
                R::cue_side => side = side_of(p.as_str()),
                R::within => within = self.within(p),
                R::alternatives => lists.push(self.alternatives(p, Place::Plain)),
                _ => {}
            }
        }
        let mut lists = lists.into_iter();
        let patterns = lists.next().unwrap_or_default();
        Some(Cue { modality: modality?, side, within, patterns, unless: lists.next().unwrap_or_default(), pos })
    }

    fn within(&mut self, pair: Pair<'_, R>) -> Within {
        for p in pair.into_inner() {
            match p.as_rule() {
                R::kw_sentence => return Within::Sentence,
                R::number => return Within::Tokens(p.as_str().parse().unwrap_or(u16::MAX)),
                _ => {}
            }
        }
        Within::Clause
    }

    fn mention(&mut self, pair: Pair<'_, R>, pos: Pos) -> Option<MentionRule> {
        let (mut id, mut ty, mut priority) = (String::new(), None, 0);
        let (mut patterns, mut tests) = (Vec::new(), Tests::default());
        for p in pair.into_inner() {
            match p.as_rule() {
                R::rule_name => id = p.as_str().to_owned(),
                R::type_name => ty = self.one_type(&p),
                R::priority => priority = priority_of(p.as_str()),
                R::alternatives => patterns = self.alternatives(p, Place::Plain),
                R::ending_block => tests = self.tests(p),
                _ => {}
            }
        }
        Some(MentionRule { id, ty: ty?, priority, patterns, tests, pos })
    }

    fn one_type(&mut self, p: &Pair<'_, R>) -> Option<Type> {
        let word = p.as_str();
        let found = Type::from_word(word);
        if found.is_none() {
            let s = if word == "Actor" {
                Some("write `Organisation` for an organisation whose type is not known, or `Person`".to_owned())
            } else {
                nearest(word, Type::ALL.iter().map(|t| t.word())).map(|t| format!("did you mean `{t}`?"))
            };
            self.fail(p.as_span().start(), format!("no type `{word}`"), s);
        }
        found
    }

    fn types(&mut self, pair: Pair<'_, R>) -> TypeSet {
        let mut set = TypeSet::default();
        for p in pair.into_inner().filter(|p| p.as_rule() == R::type_name) {
            match TypeSet::of_label(p.as_str()) {
                Some(s) => set = set.or(s),
                None => {
                    let near = nearest(p.as_str(), Type::ALL.iter().map(|t| t.word()).chain(["Actor"]));
                    let message = format!("no type `{}`", p.as_str());
                    self.fail(p.as_span().start(), message, near.map(|t| format!("did you mean `{t}`?")));
                }
            }
        }
        set
    }

    fn list(&mut self, pair: Pair<'_, R>, pos: Pos) -> ListRule {
        let (patterns, facts, tests) = self.pattern_facts(pair);
        ListRule { id: format!("list.{}", spoken(&patterns, &facts)), patterns, facts, tests, pos }
    }

    fn apposition(&mut self, pair: Pair<'_, R>, pos: Pos) -> AppositionRule {
        let (patterns, facts, tests) = self.pattern_facts(pair);
        AppositionRule { id: format!("apposition.{}", spoken(&[], &facts)), patterns, facts, tests, pos }
    }

    fn pattern_facts(&mut self, pair: Pair<'_, R>) -> (Vec<Seq>, Facts, Tests) {
        let (mut patterns, mut facts, mut tests) = (Vec::new(), Facts::default(), Tests::default());
        for p in pair.into_inner() {
            match p.as_rule() {
                R::alternatives => patterns = self.alternatives(p, Place::Plain),
                R::facts => facts = self.facts(p),
                R::ending_block => tests = self.tests(p),
                _ => {}
            }
        }
        (patterns, facts, tests)
    }

    fn table(&mut self, pair: Pair<'_, R>, pos: Pos) -> TableRule {
        let mut out =
            TableRule { id: String::new(), columns: Vec::new(), facts: Facts::default(), tests: Tests::default(), pos };
        for p in pair.into_inner() {
            match p.as_rule() {
                R::column => {
                    let mut column = Column { name: "cell".to_owned(), heads: Vec::new() };
                    for q in p.into_inner() {
                        if q.as_rule() == R::capture {
                            column.name = capture_name(q.as_str());
                        } else if let Some(a) = self.atom(q, Place::Plain) {
                            column.heads.push(a);
                        }
                    }
                    out.columns.push(column);
                }
                R::facts => out.facts = self.facts(p),
                R::ending_block => out.tests = self.tests(p),
                _ => {}
            }
        }
        let head = out.columns.iter().flat_map(|c| &c.heads).find_map(first_word);
        out.id = format!("table.{}", head.unwrap_or_else(|| spoken(&[], &out.facts)));
        out
    }

    fn event(&mut self, pair: Pair<'_, R>, pos: Pos) -> Option<EventRule> {
        let (mut head, mut ty) = (String::new(), None);
        let (mut patterns, mut tests) = (Vec::new(), Tests::default());
        for p in pair.into_inner() {
            match p.as_rule() {
                R::class_name => head = unsigil(p.as_str()),
                R::type_name => {
                    ty = self.one_type(&p);
                    if ty
                        .is_some_and(|t| !matches!(t.kind(), crate::model::Kind::Event | crate::model::Kind::Agreement))
                    {
                        let s = "use `mention` for actors and regions".to_owned();
                        self.fail(p.as_span().start(), "`event` is for events and agreements".to_owned(), Some(s));
                    }
                }
                R::alternatives => patterns = self.alternatives(p, Place::EventName),
                R::ending_block => tests = self.tests(p),
                _ => {}
            }
        }
        Some(EventRule { id: format!("event.{head}"), head, ty: ty?, patterns, tests, pos })
    }

    fn corefer(&mut self, pair: Pair<'_, R>, pos: Pos) -> CoreferRule {
        let mut out = CoreferRule { words: Vec::new(), referent: Referent::Publisher, tests: Tests::default(), pos };
        for p in pair.into_inner() {
            match p.as_rule() {
                R::types => out.referent = Referent::Last(self.types(p)),
                R::ending_block => out.tests = self.tests(p),
                _ => {
                    if let Some(a) = self.atom(p, Place::Plain) {
                        out.words.push(a);
                    }
                }
            }
        }
        out
    }
}

/// The first word of a pattern that tells it apart, or the relation: what a form without a name is called by.
fn spoken(patterns: &[Seq], facts: &Facts) -> String {
    let word = patterns.iter().flat_map(|p| &p.elements).find_map(|e| first_word(&e.atom));
    let relation = facts.emits.first().map_or_else(String::new, |e| e.relation.word().to_lowercase());
    word.unwrap_or(relation)
}

fn first_word(atom: &Atom) -> Option<String> {
    let word = match atom {
        Atom::Word(w) => w,
        Atom::Phrase(words) => words.first()?,
        Atom::Class { name, .. } => name,
        Atom::Group(list) => return list.iter().flat_map(|s| &s.elements).find_map(|e| first_word(&e.atom)),
        _ => return None,
    };
    word.chars().any(char::is_alphanumeric).then(|| word.to_lowercase())
}

fn side_of(word: &str) -> Side {
    match word {
        "left" => Side::Left,
        "right" => Side::Right,
        "subject" => Side::Subject,
        "at" => Side::At,
        _ => Side::Any,
    }
}

fn priority_of(text: &str) -> i32 {
    text.trim_start_matches('@').parse().unwrap_or(i32::MAX)
}

fn unsigil(s: &str) -> String {
    s.trim_start_matches(['-', '%']).to_owned()
}

fn capture_name(s: &str) -> String {
    s.trim_end_matches(':').trim_end().to_owned()
}

/// The text between quotation marks, escapes read (`\n`, `\t`, `\"`, `\\`).
fn unquote(pair: Pair<'_, R>) -> String {
    let raw = pair.into_inner().next().map_or("", |p| p.as_str());
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

/// Cuts a quoted phrase as texts are cut.
pub(super) fn tokenize(phrase: &str) -> Vec<String> {
    // A hyphen before a word belongs to it only behind another word: `Vihreä ranta -hanke`.
    let lead = if phrase.starts_with('-') { "x " } else { "" };
    let text = format!("{lead}{phrase}");
    let forms = crate::text::tokens(&text);
    let own = forms.iter().filter(|t| t.start as usize >= lead.len());
    own.filter_map(|t| text.get(t.start as usize..t.end as usize)).map(str::to_owned).collect()
}
