//! Sequence patterns over tokens: compiled to a small program, matched by backtracking that never visits a state
//! twice, so that the time is linear in pattern and sentence. Knows no rules.

use std::ops::Range;

use super::ast::{Atom, Element, GAP, Quantifier, Seq, ShapeTest, TypeSet};
use super::vocab::{Hits, Pred, Vocabulary};
use crate::extract::sentence::View;
use crate::model::Type;
use crate::text::{Case, Shape, Token, TokenKind};

/// The most tokens that one match covers.
pub const WINDOW: usize = 255;
/// The most instructions of one pattern.
const MAX_PROGRAM: usize = 4000;

/// A typed stretch of tokens that `<Type>` matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Its type.
    pub ty: Type,
    /// The case of its head.
    pub case: Case,
}

/// What patterns see of a sentence.
#[derive(Debug, Clone, Copy)]
pub struct Tokens<'a> {
    /// Its tokens.
    pub tokens: &'a [Token],
    /// What the rules know of each: [`Vocabulary::hits`].
    pub hits: &'a Hits,
    /// Mentions, or candidates for them (they may overlap), sorted by first token.
    pub typed: &'a [Typed],
    /// Dates, as ranges of tokens, sorted.
    pub dates: &'a [Range<usize>],
    /// Clauses, sorted; empty where they are not known yet.
    pub clauses: &'a [Range<usize>],
}

/// The mentions of a view as patterns want them.
pub fn typed_of(view: &View<'_>) -> Vec<Typed> {
    view.mentions.iter().map(|m| Typed { tokens: m.tokens.clone(), ty: m.ty, case: m.case }).collect()
}

#[derive(Debug, Clone, PartialEq)]
enum Inst {
    Pred(Pred),
    Shape(ShapeTest, Option<Case>),
    Type(TypeSet, Option<Case>),
    /// One token of a gap.
    Skip,
    /// The tokens of the trigger (in conditions) or of the head noun (in event names).
    Anchor,
    /// Goes on at both, the first one preferred.
    Split(u32, u32),
    Jump(u32),
    Save(u16),
    Match,
}

/// A compiled sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    insts: Vec<Inst>,
    /// Names of its captures, in order of appearance; types without a name are captured by their name in lower case.
    pub captures: Vec<String>,
    /// What each capture may be: the types where it holds one mention, else anything.
    pub(super) capture_types: Vec<TypeSet>,
    /// Predicates of which at least one must hold in a sentence for the pattern to match; empty: no such set.
    pub anchors: Vec<Pred>,
    /// Predicates of which one must hold of the first token; empty: anything may begin a match.
    pub first: Vec<Pred>,
    /// Types of which a mention must stand in the sentence where there are no anchors.
    pub types: TypeSet,
}

/// Where a pattern matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The tokens.
    pub tokens: Range<usize>,
    /// The captures of [`Program::captures`], where they took part.
    pub captures: Vec<Option<Range<usize>>>,
}

/// Which of several matches from one place counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefer {
    /// The longest.
    Longest,
    /// The one that prefers each `?`, `*`, `+` long and each `..` short, first alternative first.
    First,
}

/// Memory that matching re-uses from call to call.
#[derive(Debug, Default)]
pub struct Scratch {
    visited: Vec<u64>,
    jobs: Vec<Job>,
    slots: Vec<u32>,
}

#[derive(Debug)]
enum Job {
    Explore(u32, u32),
    Restore(u16, u32),
}

const UNSET: u32 = u32::MAX;

/// What cannot be compiled, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CompileError(pub(super) String);

impl Program {
    /// Compiles a sequence. `vocab` takes in its words.
    pub(super) fn compile(seq: &Seq, vocab: &mut Vocabulary) -> Result<Program, CompileError> {
        let mut c = Compiler { insts: Vec::new(), captures: Vec::new(), capture_types: Vec::new(), vocab };
        c.seq(seq)?;
        c.insts.push(Inst::Match);
        let (insts, captures, capture_types) = (c.insts, c.captures, c.capture_types);
        let anchors = anchors(&seq.elements, vocab).map_or_else(Vec::new, |a| a.1);
        let first = seq.elements.first().and_then(|e| firsts(e, vocab)).unwrap_or_default();
        let mut types = TypeSet::default();
        collect_types(&seq.elements, &mut types);
        Ok(Program { insts, captures, capture_types, anchors, first, types })
    }

    /// The best match that begins at `start`. `anchor` are the tokens of the trigger or head, for patterns that name it.
    pub fn match_at(
        &self,
        t: &Tokens<'_>,
        start: usize,
        prefer: Prefer,
        anchor: Option<&Range<usize>>,
        scratch: &mut Scratch,
    ) -> Option<Match> {
        if !self.first.is_empty() && !self.first.iter().any(|p| t.hits.lengths(start, *p).next().is_some()) {
            return None;
        }
        let limit = t.tokens.len().min(start + WINDOW);
        let width = limit.saturating_sub(start) + 1;
        let bits = self.insts.len() * width;
        scratch.visited.clear();
        scratch.visited.resize(bits.div_ceil(64), 0);
        scratch.slots.clear();
        scratch.slots.resize(self.captures.len() * 2, UNSET);
        scratch.jobs.clear();
        scratch.jobs.push(Job::Explore(0, start as u32));
        let mut best: Option<Match> = None;
        while let Some(job) = scratch.jobs.pop() {
            let (mut pc, mut at) = match job {
                Job::Restore(slot, old) => {
                    if let Some(s) = scratch.slots.get_mut(usize::from(slot)) {
                        *s = old;
                    }
                    continue;
                }
                Job::Explore(pc, at) => (pc as usize, at as usize),
            };
            loop {
                let bit = pc * width + (at - start);
                let Some(word) = scratch.visited.get_mut(bit / 64) else { break };
                if *word & (1 << (bit % 64)) != 0 {
                    break;
                }
                *word |= 1 << (bit % 64);
                match self.insts.get(pc) {
                    None => break,
                    Some(Inst::Jump(to)) => pc = *to as usize,
                    Some(Inst::Split(a, b)) => {
                        scratch.jobs.push(Job::Explore(*b, at as u32));
                        pc = *a as usize;
                    }
                    Some(Inst::Save(slot)) => {
                        if let Some(s) = scratch.slots.get_mut(usize::from(*slot)) {
                            scratch.jobs.push(Job::Restore(*slot, *s));
                            *s = at as u32;
                        }
                        pc += 1;
                    }
                    Some(Inst::Match) => {
                        if at > start && best.as_ref().is_none_or(|b| at > b.tokens.end) {
                            best = Some(self.matched(start, at, &scratch.slots));
                            if prefer == Prefer::First {
                                return best;
                            }
                        }
                        break;
                    }
                    Some(Inst::Pred(p)) => {
                        let mut lengths = t.hits.lengths(at, *p).filter(|n| at + n <= limit);
                        let Some(first) = lengths.next() else { break };
                        // Shorter covers are tried only after the longest failed.
                        let later: Vec<usize> = lengths.collect();
                        for n in later.into_iter().rev() {
                            scratch.jobs.push(Job::Explore(pc as u32 + 1, (at + n) as u32));
                        }
                        at += first;
                        pc += 1;
                    }
                    Some(Inst::Shape(shape, case)) => {
                        let Some(n) = self.shape(t, at, *shape, *case) else { break };
                        if at + n > limit {
                            break;
                        }
                        at += n;
                        pc += 1;
                    }
                    Some(Inst::Type(types, case)) => {
                        let from = t.typed.partition_point(|m| m.tokens.start < at);
                        let here = t.typed.get(from..).unwrap_or(&[]).iter().take_while(|m| m.tokens.start == at);
                        let fits = |m: &&Typed| types.has(m.ty) && case.is_none_or(|c| c == m.case);
                        let mut ends: Vec<usize> =
                            here.filter(fits).map(|m| m.tokens.end).filter(|&e| e > at && e <= limit).collect();
                        ends.sort_unstable();
                        ends.dedup();
                        let Some(longest) = ends.pop() else { break };
                        for e in ends {
                            scratch.jobs.push(Job::Explore(pc as u32 + 1, e as u32));
                        }
                        at = longest;
                        pc += 1;
                    }
                    Some(Inst::Skip) => {
                        if at >= limit || !gap_may_skip(t, at, start) {
                            break;
                        }
                        at += 1;
                        pc += 1;
                    }
                    Some(Inst::Anchor) => match anchor {
                        Some(a) if a.start == at && a.end <= limit => {
                            at = a.end;
                            pc += 1;
                        }
                        _ => break,
                    },
                }
            }
        }
        best
    }

    /// All matches, from every start, that lie within `range`; those from one start settled by `prefer`.
    pub fn find(
        &self,
        t: &Tokens<'_>,
        range: Range<usize>,
        prefer: Prefer,
        anchor: Option<&Range<usize>>,
        scratch: &mut Scratch,
    ) -> Vec<Match> {
        let cut = Tokens { tokens: t.tokens.get(..range.end).unwrap_or(t.tokens), ..*t };
        range.filter_map(|s| self.match_at(&cut, s, prefer, anchor, scratch)).collect()
    }

    /// Whether the pattern stands anywhere within `range`.
    pub fn stands(
        &self,
        t: &Tokens<'_>,
        range: Range<usize>,
        anchor: Option<&Range<usize>>,
        scratch: &mut Scratch,
    ) -> bool {
        let cut = Tokens { tokens: t.tokens.get(..range.end).unwrap_or(t.tokens), ..*t };
        range.into_iter().any(|s| self.match_at(&cut, s, Prefer::First, anchor, scratch).is_some())
    }

    fn matched(&self, start: usize, end: usize, slots: &[u32]) -> Match {
        let captures = slots
            .chunks_exact(2)
            .map(|c| match *c {
                [a, b] if a != UNSET && b != UNSET && a <= b => Some(a as usize..b as usize),
                _ => None,
            })
            .collect();
        Match { tokens: start..end, captures }
    }

    /// The capture of that name.
    pub fn capture(&self, m: &Match, name: &str) -> Option<Range<usize>> {
        self.captures.iter().zip(&m.captures).find(|(n, c)| *n == name && c.is_some()).and_then(|(_, c)| c.clone())
    }

    fn shape(&self, t: &Tokens<'_>, at: usize, shape: ShapeTest, case: Option<Case>) -> Option<usize> {
        let token = t.tokens.get(at)?;
        if shape == ShapeTest::Date {
            let i = t.dates.partition_point(|d| d.start < at);
            return t.dates.get(i).filter(|d| d.start == at && d.end > at).map(|d| d.end - at);
        }
        let word = token.kind == TokenKind::Word;
        let fits = match shape {
            ShapeTest::Any | ShapeTest::Date => true,
            ShapeTest::Word => word,
            ShapeTest::Num => token.kind == TokenKind::Number,
            ShapeTest::Lower => word && token.shape == Shape::Lower,
            ShapeTest::Mixed => word && token.shape == Shape::Mixed,
            ShapeTest::Upper => word && token.shape == Shape::Upper && token.lower.chars().count() > 1,
            ShapeTest::Cap => {
                let never = t.hits.not_name.is_some_and(|p| t.hits.has(at, p)) && token.shape == Shape::Capitalised;
                word && matches!(token.shape, Shape::Capitalised | Shape::Upper | Shape::Mixed) && !never
            }
        };
        let marked = case.is_none_or(|c| t.hits.marks(at, c));
        (fits && marked).then_some(1)
    }
}

/// Whether a gap may skip the token: it stays within its clause, but runs on into an infinitive ("kommer … att").
fn gap_may_skip(t: &Tokens<'_>, at: usize, start: usize) -> bool {
    if at == start {
        return true;
    }
    let i = t.clauses.partition_point(|c| c.start < at);
    let border = t.clauses.get(i).is_some_and(|c| c.start == at);
    !border || t.hits.infinitive.is_some_and(|p| t.hits.has(at, p))
}

struct Compiler<'v> {
    insts: Vec<Inst>,
    captures: Vec<String>,
    capture_types: Vec<TypeSet>,
    vocab: &'v mut Vocabulary,
}

impl Compiler<'_> {
    fn here(&self) -> u32 {
        self.insts.len() as u32
    }

    fn set(&mut self, at: u32, inst: Inst) {
        if let Some(i) = self.insts.get_mut(at as usize) {
            *i = inst;
        }
    }

    fn hole(&mut self) -> u32 {
        self.insts.push(Inst::Match);
        self.here() - 1
    }

    fn seq(&mut self, seq: &Seq) -> Result<(), CompileError> {
        for e in &seq.elements {
            self.element(e)?;
            if self.insts.len() > MAX_PROGRAM {
                return Err(CompileError("the pattern is too long".to_owned()));
            }
        }
        Ok(())
    }

    fn element(&mut self, e: &Element) -> Result<(), CompileError> {
        let capture = e.capture.clone().or_else(|| match &e.atom {
            Atom::Type { name, .. } if !name.contains('|') => Some(self.free_name(&name.to_lowercase())),
            _ => None,
        });
        let slot = capture.map(|c| {
            self.captures.push(c);
            self.capture_types.push(match &e.atom {
                Atom::Type { types, .. } => *types,
                _ => TypeSet::ANY,
            });
            (self.captures.len() as u16 - 1) * 2
        });
        if let Some(s) = slot {
            self.insts.push(Inst::Save(s));
        }
        match e.quantifier {
            Quantifier::One => self.atom(&e.atom)?,
            Quantifier::Optional => {
                let split = self.hole();
                self.atom(&e.atom)?;
                let end = self.here();
                self.set(split, Inst::Split(split + 1, end));
            }
            Quantifier::Many => {
                let split = self.hole();
                self.atom(&e.atom)?;
                self.insts.push(Inst::Jump(split));
                let end = self.here();
                self.set(split, Inst::Split(split + 1, end));
            }
            Quantifier::Some => {
                let start = self.here();
                self.atom(&e.atom)?;
                let next = self.here() + 1;
                self.insts.push(Inst::Split(start, next));
            }
        }
        if let Some(s) = slot {
            self.insts.push(Inst::Save(s + 1));
        }
        Ok(())
    }

    /// `person`, then `person2` for the second person of a pattern.
    fn free_name(&self, name: &str) -> String {
        if !self.captures.iter().any(|c| c == name) {
            return name.to_owned();
        }
        (2..).map(|n| format!("{name}{n}")).find(|n| !self.captures.contains(n)).unwrap_or_default()
    }

    fn atom(&mut self, atom: &Atom) -> Result<(), CompileError> {
        match atom {
            Atom::Word(_) | Atom::Suffix(_) | Atom::Prefix(_) | Atom::Class { .. } => {
                let pred = self.pred(atom)?;
                self.insts.push(Inst::Pred(pred));
            }
            Atom::Phrase(words) => {
                for w in words {
                    let pred = self.vocab.word(w);
                    self.insts.push(Inst::Pred(pred));
                }
            }
            Atom::Shape { shape, case } => self.insts.push(Inst::Shape(*shape, *case)),
            Atom::Type { types, case, .. } => self.insts.push(Inst::Type(*types, *case)),
            Atom::Trigger | Atom::Head => self.insts.push(Inst::Anchor),
            Atom::Gap => {
                // Lazy: each step first tries to go on.
                let splits: Vec<u32> = (0..GAP)
                    .map(|_| {
                        let s = self.hole();
                        self.insts.push(Inst::Skip);
                        s
                    })
                    .collect();
                let end = self.here();
                for s in splits {
                    self.set(s, Inst::Split(end, s + 1));
                }
            }
            Atom::Group(alternatives) => {
                let mut exits = Vec::new();
                for (i, a) in alternatives.iter().enumerate() {
                    if i + 1 < alternatives.len() {
                        let split = self.hole();
                        self.seq(a)?;
                        exits.push(self.hole());
                        let next = self.here();
                        self.set(split, Inst::Split(split + 1, next));
                    } else {
                        self.seq(a)?;
                    }
                }
                let end = self.here();
                for x in exits {
                    self.set(x, Inst::Jump(end));
                }
            }
        }
        Ok(())
    }

    fn pred(&mut self, atom: &Atom) -> Result<Pred, CompileError> {
        self.vocab.atom(atom).ok_or_else(|| match atom {
            Atom::Class { name, tag: Some(tag), .. } if self.vocab.class_pred(name).is_some() => {
                let tags = self.vocab.class_tags(name);
                let known =
                    if tags.is_empty() { "it has no tags".to_owned() } else { format!("it has {}", tags.join(", ")) };
                CompileError(format!("the class `%{name}` has no forms tagged `{tag}`; {known}"))
            }
            Atom::Class { name, .. } => {
                let near = super::error::nearest(name, self.vocab.class_names());
                let hint = near.map_or_else(
                    || "declare it with `class` or `inflect`".to_owned(),
                    |n| format!("did you mean `%{n}`?"),
                );
                CompileError(format!("no class `%{name}`; {hint}"))
            }
            _ => CompileError("this cannot stand in a pattern".to_owned()),
        })
    }
}

/// The best set of predicates of which one must hold where the elements match: (rarity, predicates).
fn anchors(elements: &[Element], vocab: &mut Vocabulary) -> Option<(u32, Vec<Pred>)> {
    let mut best: Option<(u32, Vec<Pred>)> = None;
    for e in elements {
        if matches!(e.quantifier, Quantifier::Optional | Quantifier::Many) {
            continue;
        }
        let found = match &e.atom {
            Atom::Word(_) | Atom::Suffix(_) | Atom::Prefix(_) | Atom::Class { .. } => {
                vocab.atom(&e.atom).map(|p| (vocab.rarity(p), vec![p]))
            }
            Atom::Phrase(words) => {
                let preds: Vec<Pred> = words.iter().map(|w| vocab.word(w)).collect();
                preds.into_iter().map(|p| (vocab.rarity(p), vec![p])).max_by_key(|a| a.0)
            }
            Atom::Group(alternatives) => {
                let mut all = Some((u32::MAX, Vec::new()));
                for a in alternatives {
                    all = match (all, anchors(&a.elements, vocab)) {
                        (Some((r, mut ps)), Some((r2, more))) => {
                            ps.extend(more);
                            Some((r.min(r2), ps))
                        }
                        _ => None,
                    };
                }
                all
            }
            _ => None,
        };
        if let Some(f) = found
            && best.as_ref().is_none_or(|b| f.0 > b.0)
        {
            best = Some(f);
        }
    }
    best
}

/// The predicates that can begin a match of an element, where it must stand and begins with words.
fn firsts(e: &Element, vocab: &mut Vocabulary) -> Option<Vec<Pred>> {
    if matches!(e.quantifier, Quantifier::Optional | Quantifier::Many) {
        return None;
    }
    match &e.atom {
        Atom::Word(_) | Atom::Suffix(_) | Atom::Prefix(_) | Atom::Class { .. } => vocab.atom(&e.atom).map(|p| vec![p]),
        Atom::Phrase(words) => words.first().map(|w| vec![vocab.word(w)]),
        Atom::Group(alternatives) => {
            let mut all = Vec::new();
            for a in alternatives {
                all.extend(firsts(a.elements.first()?, vocab)?);
            }
            Some(all)
        }
        _ => None,
    }
}

fn collect_types(elements: &[Element], out: &mut TypeSet) {
    for e in elements {
        match &e.atom {
            Atom::Type { types, .. } => *out = out.or(*types),
            Atom::Group(alternatives) => alternatives.iter().for_each(|a| collect_types(&a.elements, out)),
            _ => {}
        }
    }
}
