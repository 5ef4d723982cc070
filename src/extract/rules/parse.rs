//! A rule file to its AST. The only file here that knows pest; it interns nothing and resolves no class names.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

use super::ast::*;
use super::error::{RuleError, RuleErrors, nearest};
use crate::model::{Lang, Modality, Relation, Type};
use crate::text::Case;

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/rules.pest"]
    pub(super) struct RuleGrammar;
}
use grammar::{Rule as R, RuleGrammar};

/// The most bytes that a rule file may have.
const MAX_BYTES: usize = 4 << 20;
/// The deepest nesting of groups.
const MAX_DEPTH: usize = 16;

/// Parses one rule file. `name` is for messages.
///
/// # Errors
/// Every error that can be told apart, with its line, its column, and what to write instead.
pub fn parse(name: &str, text: &str) -> Result<RuleFile, RuleErrors> {
    let mut p = Reader { name, text, lines: line_starts(text), errors: Vec::new() };
    if text.len() > MAX_BYTES {
        return Err(RuleErrors(vec![p.error(0, "the rule file is larger than 4 MB", Some("split it"))]));
    }
    if let Some(at) = too_deep(text) {
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

/// Where round brackets nest deeper than the parser's recursion should go.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut comment, mut escaped) = (0usize, false, false, false);
    for (i, b) in text.bytes().enumerate() {
        match b {
            b'\n' if comment => comment = false,
            _ if comment => {}
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'#' => comment = true,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b';' | b'}' => depth = 0,
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(i);
        }
    }
    None
}

/// The keywords that begin something, for "did you mean".
const KEYWORDS: [&str; 37] = [
    "language",
    "paradigm",
    "inflect",
    "class",
    "case",
    "cue",
    "mention",
    "list",
    "table",
    "col",
    "apposition",
    "event",
    "corefer",
    "publisher",
    "rule",
    "when",
    "unless",
    "only",
    "emit",
    "with",
    "test",
    "not",
    "by",
    "left",
    "right",
    "any",
    "subject",
    "at",
    "after",
    "before",
    "within",
    "clause",
    "sentence",
    "each",
    "since",
    "until",
    "date",
];

/// A grammar rule in plain words; `None` for one that would only add noise.
fn plain(named: &R) -> Option<&'static str> {
    Some(match named {
        R::language | R::kw_language => "`language sv \"Svenska\";`",
        R::EOI => "the end of the file",
        R::paradigm | R::inflect | R::class | R::case_endings | R::cue | R::mention | R::list | R::table => {
            "a statement"
        }
        R::apposition | R::event | R::corefer | R::rule => "a statement",
        R::when => "`when`",
        R::unless => "`unless`",
        R::only => "`only`",
        R::emit => "`emit`",
        R::test => "`test`",
        R::reject => "`not`",
        R::slot => "a slot (`from : Actor …`)",
        R::side => "a side (`left right any subject at`)",
        R::after | R::kw_after => "`after`",
        R::before | R::kw_before => "`before`",
        R::slot_case | R::kw_case => "`case`",
        R::within | R::kw_within => "`within`",
        R::each => "`each`",
        R::or_publisher => "`or publisher`",
        R::optional => "`?`",
        R::kw_not => "`not`",
        R::kw_publisher => "`publisher`",
        R::kw_with => "`with`",
        R::kw_by => "`by`",
        R::kw_col | R::column => "`col`",
        R::kw_clause => "`clause`",
        R::kw_sentence => "`sentence`",
        R::kw_name => "`name`",
        R::scope | R::cue_side => "`left` or `right`",
        R::types | R::type_name => "a type",
        R::relation => "a relation (`PARTNERS_WITH`)",
        R::facts | R::emitted | R::expected => "a fact (`RELATION(from, to)`)",
        R::argument => "the name of a slot",
        R::attribute | R::attributes => "an attribute (`role = …`)",
        R::expectation => "a modality, `role`, `since`, `until` or `date`",
        R::edtf => "a date (`2018-05`)",
        R::name => "a name",
        R::rule_name => "a rule's name (`partner.cooperate`)",
        R::slot_name => "a slot's name",
        R::number => "a number",
        R::string => "a quoted text",
        R::word => "a word",
        R::prefix | R::suffix | R::capture => return None,
        R::class_name | R::class_ref => "a class (`%name`)",
        R::class_entry => "a word, a quoted phrase or a class",
        R::ending => "an ending (`-ar`)",
        R::tag | R::tag_head => return None,
        R::stem | R::stems => "a stem",
        R::alternatives | R::sequence | R::element => "a pattern",
        R::gap | R::dots => "`..`",
        R::group => "`(`",
        R::type_test => "`<Type>`",
        R::shape_test => "`[Shape]`",
        R::priority => "a priority (`@10`)",
        R::quantifier | R::star | R::plus | R::question => return None,
        R::ending_block => "`;` or a block of tests",
        R::semi => "`;`",
        R::bar => "`|`",
        R::equals => "`=`",
        R::arrow => "`=>`",
        R::colon => "`:`",
        R::comma => "`,`",
        R::slash => "`/`",
        R::open => "`{`",
        R::close => "`}`",
        R::lparen => "`(`",
        R::rparen => "`)`",
        R::lbracket => "`[`",
        R::rbracket => "`]`",
        R::less => "`<`",
        R::greater => "`>`",
        _ => return None,
    })
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

    /// pest's error in plain words.
    fn syntax(&self, e: &pest::error::Error<R>) -> RuleError {
        let offset = match e.location {
            InputLocation::Pos(p) => p,
            InputLocation::Span((s, _)) => s,
        };
        let mut expected: Vec<&str> = Vec::new();
        if let ErrorVariant::ParsingError { positives, .. } = &e.variant {
            for p in positives.iter().filter_map(plain) {
                if !expected.contains(&p) {
                    expected.push(p);
                }
            }
        }
        let rest = self.text.get(offset..).unwrap_or("");
        let found: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').take(40).collect();
        let shown = match (found.is_empty(), rest.chars().next()) {
            (false, _) => format!("`{found}`"),
            (true, Some(c)) => format!("`{c}`"),
            (true, None) => "the end of the file".to_owned(),
        };
        let message = match expected.split_last() {
            None => format!("{shown} cannot stand here"),
            Some((one, [])) => format!("expected {one}, found {shown}"),
            Some((last, others)) => format!("expected {} or {last}, found {shown}", others.join(", ")),
        };
        let semicolon = expected.contains(&"`;`") && KEYWORDS.contains(&found.as_str());
        let suggestion = if semicolon {
            Some("a statement ends with `;`".to_owned())
        } else if found.is_empty() {
            match rest.chars().next() {
                Some('/') => Some("comments begin with `#`; patterns are words, never regular expressions".to_owned()),
                Some(':') => Some("quote a word that holds a colon: \"EU:s\"".to_owned()),
                Some('\'' | '“' | '”' | '«' | '„') => Some("use straight double quotes: \"…\"".to_owned()),
                None => Some("a `;`, a quotation mark or a `}` is missing".to_owned()),
                _ => None,
            }
        } else {
            nearest(&found, KEYWORDS).filter(|k| *k != found).map(|k| format!("did you mean `{k}`?"))
        };
        self.error(offset, &message, suggestion.as_deref())
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

    fn rule(&mut self, pair: Pair<'_, R>, pos: Pos) -> Rule {
        let mut out = Rule {
            id: String::new(),
            priority: 0,
            title: None,
            when: Vec::new(),
            slots: Vec::new(),
            conditions: Vec::new(),
            facts: Vec::new(),
            tests: Tests::default(),
            pos,
        };
        for p in pair.into_inner() {
            match p.as_rule() {
                R::rule_name => out.id = p.as_str().to_owned(),
                R::priority => out.priority = priority_of(p.as_str()),
                R::string => out.title = Some(unquote(p)),
                R::when => {
                    for q in p.into_inner().filter(|q| q.as_rule() == R::alternatives) {
                        let more = self.alternatives(q, Place::Plain);
                        out.when.extend(more);
                    }
                }
                R::unless | R::only => {
                    let c = self.condition(p);
                    out.conditions.push(c);
                }
                R::emit => {
                    for q in p.into_inner().filter(|q| q.as_rule() == R::facts) {
                        let f = self.facts(q);
                        out.facts.push(f);
                    }
                }
                R::slot => {
                    let s = self.slot(p);
                    out.slots.push(s);
                }
                R::test | R::reject => self.one_test(p, &mut out.tests),
                _ => {}
            }
        }
        out
    }

    fn condition(&mut self, pair: Pair<'_, R>) -> Condition {
        let unless = pair.as_rule() == R::unless;
        let text = pair.as_str().trim_end_matches(';').split_whitespace().collect::<Vec<_>>().join(" ");
        let mut out = Condition { unless, scope: Scope::Clause, patterns: Vec::new(), text };
        for p in pair.into_inner() {
            match p.as_rule() {
                R::scope => {
                    out.scope = match p.as_str() {
                        "left" => Scope::Left,
                        "right" => Scope::Right,
                        _ => Scope::Sentence,
                    }
                }
                R::alternatives => out.patterns = self.alternatives(p, Place::Condition),
                _ => {}
            }
        }
        out
    }

    fn slot(&mut self, pair: Pair<'_, R>) -> Slot {
        let pos = self.pos(pair.as_span().start());
        let mut s = Slot {
            name: String::new(),
            types: None,
            side: Side::Any,
            after: Vec::new(),
            not_after: Vec::new(),
            before: Vec::new(),
            not_before: Vec::new(),
            cases: Vec::new(),
            within: Within::Clause,
            each: false,
            optional: false,
            or_publisher: false,
            pos,
        };
        for p in pair.into_inner() {
            match p.as_rule() {
                R::slot_name => s.name = p.as_str().trim().to_owned(),
                R::types => s.types = Some(self.types(p)),
                R::side => s.side = side_of(p.as_str()),
                R::after => self.markers(p, &mut s.after, &mut s.not_after),
                R::before => self.markers(p, &mut s.before, &mut s.not_before),
                R::slot_case => {
                    for q in p.into_inner().filter(|q| q.as_rule() == R::name) {
                        s.cases.extend(self.case(q.as_str(), q.as_span().start()));
                    }
                }
                R::within => s.within = self.within(p),
                R::or_publisher => s.or_publisher = true,
                R::each => s.each = true,
                R::optional => s.optional = true,
                _ => {}
            }
        }
        s
    }

    fn markers(&mut self, pair: Pair<'_, R>, yes: &mut Vec<Atom>, no: &mut Vec<Atom>) {
        let mut negative = false;
        for p in pair.into_inner() {
            if p.as_rule() == R::kw_not {
                negative = true;
            } else if let Some(a) = self.atom(p, Place::Plain) {
                if negative { no.push(a) } else { yes.push(a) }
            }
        }
    }

    fn facts(&mut self, pair: Pair<'_, R>) -> Facts {
        let mut out = Facts::default();
        for p in pair.into_inner() {
            match p.as_rule() {
                R::emitted => {
                    if let Some(e) = self.emitted(p) {
                        out.emits.push(e);
                    }
                }
                R::attributes => {
                    for q in p.into_inner().filter(|q| q.as_rule() == R::attribute) {
                        self.attribute(q, &mut out.attributes);
                    }
                }
                _ => {}
            }
        }
        out
    }

    fn relation(&mut self, p: &Pair<'_, R>) -> Option<Relation> {
        let found = Relation::from_word(p.as_str());
        if found.is_none() {
            let near = nearest(p.as_str(), Relation::ALL.iter().map(|r| r.word()));
            let message = format!("no relation `{}`", p.as_str());
            self.fail(p.as_span().start(), message, near.map(|r| format!("did you mean `{r}`?")));
        }
        found
    }

    fn emitted(&mut self, pair: Pair<'_, R>) -> Option<Emit> {
        let pos = self.pos(pair.as_span().start());
        let mut relation = None;
        let mut args: Vec<(String, Option<TypeSet>)> = Vec::new();
        for p in pair.into_inner() {
            match p.as_rule() {
                R::relation => relation = self.relation(&p),
                R::argument => {
                    let mut arg = (String::new(), None);
                    for q in p.into_inner() {
                        match q.as_rule() {
                            R::name => arg.0 = q.as_str().to_owned(),
                            R::types => arg.1 = Some(self.types(q)),
                            _ => {}
                        }
                    }
                    args.push(arg);
                }
                _ => {}
            }
        }
        let mut args = args.into_iter();
        let ((from, from_types), (to, to_types)) = (args.next()?, args.next()?);
        Some(Emit { relation: relation?, from, from_types, to, to_types, pos })
    }

    fn attribute(&mut self, pair: Pair<'_, R>, out: &mut Attributes) {
        let mut inner = pair.into_inner().filter(|p| p.as_rule() != R::equals);
        let (Some(key), Some(value)) = (inner.next(), inner.next()) else { return };
        let at = value.as_span().start();
        match key.as_str() {
            "role" => {
                out.role = Some(match value.as_rule() {
                    R::class_ref => RoleFrom::Class(unsigil(value.as_str())),
                    R::string => RoleFrom::Text(unquote(value)),
                    _ => RoleFrom::Name(value.as_str().to_owned()),
                })
            }
            "modality" => {
                if let Some(m) = self.modality(value.as_str(), at) {
                    out.modality = Some(m);
                }
            }
            k @ ("date" | "since" | "until") => {
                out.dating = match (k, value.as_str()) {
                    (_, "none") => Dating::None,
                    ("date", "date") => Dating::Date,
                    ("since", "date") => Dating::Since,
                    ("until", "date") => Dating::Until,
                    (k, v) => {
                        let s = Some(format!("write `{k} = date` or `{k} = none`"));
                        self.fail(at, format!("`{v}` is no date"), s);
                        Dating::Auto
                    }
                }
            }
            k => {
                let near = nearest(k, ["role", "modality", "date", "since", "until"]);
                let s = near
                    .map_or("use role, modality, date, since or until".to_owned(), |n| format!("did you mean `{n}`?"));
                self.fail(key.as_span().start(), format!("no attribute `{k}`"), Some(s));
            }
        }
    }

    fn tests(&mut self, pair: Pair<'_, R>) -> Tests {
        let mut out = Tests::default();
        for p in pair.into_inner().filter(|p| matches!(p.as_rule(), R::test | R::reject)) {
            self.one_test(p, &mut out);
        }
        out
    }

    fn one_test(&mut self, pair: Pair<'_, R>, out: &mut Tests) {
        let pos = self.pos(pair.as_span().start());
        let accept = pair.as_rule() == R::test;
        let (mut text, mut publisher, mut facts) = (String::new(), None, Vec::new());
        for p in pair.into_inner() {
            match p.as_rule() {
                R::string => text = unquote(p),
                R::by => publisher = p.into_inner().find(|q| q.as_rule() == R::string).map(unquote),
                R::expected => facts.extend(self.expected(p)),
                _ => {}
            }
        }
        if accept {
            out.accept.push(Test { text, publisher, facts, pos });
        } else {
            out.reject.push(Reject { text, publisher, pos });
        }
    }

    fn expected(&mut self, pair: Pair<'_, R>) -> Option<Expected> {
        let mut relation = None;
        let mut ends = Vec::new();
        let mut modality = Modality::Asserted;
        let [mut role, mut since, mut until, mut date] = [const { None }; 4];
        for p in pair.into_inner() {
            match p.as_rule() {
                R::relation => relation = self.relation(&p),
                R::string => ends.push(unquote(p)),
                R::expectation => {
                    let mut key = None;
                    for q in p.into_inner() {
                        match q.as_rule() {
                            R::name => modality = self.modality(q.as_str(), q.as_span().start())?,
                            R::string => role = Some(unquote(q)),
                            R::edtf => {
                                let v = Some(q.as_str().to_owned());
                                match key {
                                    Some(R::kw_since) => since = v,
                                    Some(R::kw_until) => until = v,
                                    _ => date = v,
                                }
                            }
                            k => key = Some(k),
                        }
                    }
                }
                _ => {}
            }
        }
        let mut ends = ends.into_iter();
        Some(Expected { from: ends.next()?, relation: relation?, to: ends.next()?, modality, role, since, until, date })
    }

    fn alternatives(&mut self, pair: Pair<'_, R>, place: Place) -> Vec<Seq> {
        pair.into_inner().filter(|p| p.as_rule() == R::sequence).map(|p| self.sequence(p, place)).collect()
    }

    fn sequence(&mut self, pair: Pair<'_, R>, place: Place) -> Seq {
        let pos = self.pos(pair.as_span().start());
        let mut elements = Vec::new();
        for e in pair.into_inner().filter(|p| p.as_rule() == R::element) {
            let (mut capture, mut atom, mut quantifier) = (None, None, Quantifier::One);
            for p in e.into_inner() {
                match p.as_rule() {
                    R::capture => capture = Some(capture_name(p.as_str())),
                    R::quantifier => {
                        quantifier = match p.as_str() {
                            "?" => Quantifier::Optional,
                            "*" => Quantifier::Many,
                            _ => Quantifier::Some,
                        }
                    }
                    _ => atom = self.atom(p, place),
                }
            }
            if let Some(atom) = atom {
                elements.push(Element { capture, atom, quantifier });
            }
        }
        Seq { elements, pos }
    }

    fn atom(&mut self, p: Pair<'_, R>, place: Place) -> Option<Atom> {
        let at = p.as_span().start();
        Some(match p.as_rule() {
            R::gap => Atom::Gap,
            R::group => {
                let inner = p.into_inner().find(|q| q.as_rule() == R::alternatives)?;
                Atom::Group(self.alternatives(inner, place))
            }
            R::class_ref => {
                let s = p.as_str();
                let ending = s.starts_with('-');
                let body = s.trim_start_matches(['-', '%']);
                let (name, tag) = body.split_once(':').map_or((body, None), |(n, t)| (n, Some(t.to_owned())));
                Atom::Class { name: name.to_owned(), tag, ending }
            }
            R::suffix => Atom::Suffix(p.as_str().trim_start_matches('-').to_lowercase()),
            R::prefix => Atom::Prefix(p.as_str().trim_end_matches('-').to_lowercase()),
            R::word => match (p.as_str(), place) {
                ("trigger", Place::Condition) => Atom::Trigger,
                ("head", Place::EventName) => Atom::Head,
                (w, _) => Atom::Word(w.to_owned()),
            },
            R::string => {
                let words = tokenize(&unquote(p));
                match <[String; 1]>::try_from(words) {
                    Ok([word]) => Atom::Word(word),
                    Err(words) if words.is_empty() => {
                        self.fail(
                            at,
                            "an empty text matches nothing".to_owned(),
                            Some("write a word in it".to_owned()),
                        );
                        return None;
                    }
                    Err(words) => Atom::Phrase(words),
                }
            }
            R::type_test => {
                let (mut name, mut types, mut case) = (String::new(), TypeSet::default(), None);
                for q in p.into_inner() {
                    match q.as_rule() {
                        R::types => {
                            name = q.as_str().trim().to_owned();
                            types = self.types(q);
                        }
                        R::name => case = self.case(q.as_str(), q.as_span().start()),
                        _ => {}
                    }
                }
                Atom::Type { name, types, case }
            }
            R::shape_test => {
                let names: Vec<Pair<'_, R>> = p.into_inner().filter(|q| q.as_rule() == R::name).collect();
                let first = names.first()?;
                let shape = ShapeTest::WORDS.iter().find(|(w, _)| *w == first.as_str()).map(|(_, s)| *s);
                let Some(shape) = shape else {
                    let all: Vec<&str> = ShapeTest::WORDS.iter().map(|(w, _)| *w).collect();
                    let s = format!("use one of {}; a type of mention stands in `<…>`", all.join(", "));
                    self.fail(first.as_span().start(), format!("no shape `{}`", first.as_str()), Some(s));
                    return None;
                };
                let case = names.get(1).and_then(|q| self.case(q.as_str(), q.as_span().start()));
                Atom::Shape { shape, case }
            }
            _ => return None,
        })
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
    let forms = crate::text::tokens(phrase);
    forms.iter().filter_map(|t| phrase.get(t.start as usize..t.end as usize)).map(str::to_owned).collect()
}
