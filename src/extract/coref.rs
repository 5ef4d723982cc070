//! References within a document: definite nouns ("föreningen", "kaupunki"), "we" and "I". What refers to what stands in
//! the `corefer` statements of the rule files; here is only how far back to look. Makes no entities.

use rustc_hash::FxHashMap;

use super::names::{Reader, form};
use super::page::Line;
use super::rules::ast::{Referent, TypeSet};
use super::sentence::SentenceMention;
use super::words::{Class, Words};
use crate::model::{Kind, LocalEntity, LocalId, Type};
use crate::text::{Case, TokenKind};

/// How many earlier mentions a definite noun may refer to.
const REACH: usize = 200;

/// Who speaks in a block: the person of a quote and the body that the person speaks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Speaker {
    /// Who is quoted.
    pub(crate) person: Option<LocalId>,
    /// For whom.
    pub(crate) body: Option<LocalId>,
}

/// What the document has named so far.
#[derive(Debug, Default)]
pub(crate) struct Discourse {
    /// Entities in the order of their mentions, the latest last.
    recent: Vec<LocalId>,
    /// What a `corefer` statement last referred to, where the text said it itself ("en delegation från Luleå").
    remembered: FxHashMap<(crate::model::Lang, usize), LocalId>,
}

impl Discourse {
    /// Adds the references of a line to its mentions, which are sorted, and takes note of what it names.
    pub(crate) fn read(
        &mut self,
        line: &Line,
        text: &str,
        words: &Words,
        reader: Option<&Reader<'_>>,
        entities: &[LocalEntity],
        speaker: Speaker,
        mentions: &mut Vec<SentenceMention>,
    ) {
        let named = std::mem::take(mentions);
        let mut next = 0;
        let mut i = 0;
        while i < line.tokens.len() {
            if let Some(m) = named.get(next).filter(|m| m.tokens.start <= i) {
                i = m.tokens.end.max(i + 1);
                self.note(m.entity);
                mentions.push(m.clone());
                next += 1;
                continue;
            }
            let before = mentions.last();
            let after = named.get(next);
            match self.at(line, text, words, reader, entities, speaker, i, before, after) {
                Some(m) => {
                    i = m.tokens.end;
                    self.note(m.entity);
                    mentions.push(m);
                }
                None => i += 1,
            }
        }
        for m in named.into_iter().skip(next) {
            self.note(m.entity);
            mentions.push(m);
        }
    }

    fn note(&mut self, entity: LocalId) {
        if self.recent.len() >= 4 * REACH {
            self.recent.drain(..2 * REACH);
        }
        self.recent.push(entity);
    }

    /// The last entity of some types that was named.
    pub(crate) fn last(&self, entities: &[LocalEntity], fits: impl Fn(Type) -> bool) -> Option<LocalId> {
        self.recent.iter().rev().take(REACH).copied().find(|e| entities.get(e.0 as usize).is_some_and(|x| fits(x.ty)))
    }

    #[expect(clippy::too_many_arguments, reason = "one step of the loop above, used nowhere else")]
    fn at(
        &mut self,
        line: &Line,
        text: &str,
        words: &Words,
        reader: Option<&Reader<'_>>,
        entities: &[LocalEntity],
        speaker: Speaker,
        i: usize,
        before: Option<&SentenceMention>,
        after: Option<&SentenceMention>,
    ) -> Option<SentenceMention> {
        let token = &line.tokens[i];
        if token.kind != TokenKind::Word {
            return None;
        }
        let make = |n: usize, entity: LocalId, case: Case| {
            let ty = entities.get(entity.0 as usize).map_or(Type::Organisation, |e| e.ty);
            Some(SentenceMention { tokens: i..i + n, entity, ty, case, group: None, reference: true })
        };
        if let Some(person) = speaker.person.filter(|_| words.has(line.lang, Class::First, &token.lower)) {
            return make(1, person, Case::Nominative);
        }
        let reader = reader?;
        for (r, rule) in reader.rules.corefers.iter().enumerate() {
            let n = rule.words.iter().filter_map(|seq| covers(reader, i, seq)).max();
            let Some(n) = n else { continue };
            let case = reader.rules.vocab.case_of(&token.lower);
            let types = match rule.referent {
                Referent::Publisher => {
                    return speaker.body.and_then(|body| make(n, body, case));
                }
                Referent::Last(types) => types,
            };
            // "föreningen Norden": the name itself follows
            if after.is_some_and(|m| m.tokens.start == i + n && types.has(m.ty)) {
                return None;
            }
            let region = |m: &SentenceMention| m.ty.kind() == Kind::Region && types.has(m.ty);
            // "delegationen från Luleå", "Luulajan valtuuskunta"
            let of = after.filter(|m| {
                m.tokens.start == i + n + 1
                    && region(m)
                    && line.tokens.get(i + n).is_some_and(|t| words.has(line.lang, Class::Origin, &t.lower))
            });
            let owned = before.filter(|m| m.tokens.end == i && m.case == Case::Genitive && region(m));
            if let Some(m) = of.or(owned) {
                self.remembered.insert((line.lang, r), m.entity);
                return make(n, m.entity, case);
            }
            // an owner of another kind: "Luleås förening" is not the association named before
            if before.is_some_and(|m| m.tokens.end == i && m.case == Case::Genitive && !m.reference) {
                return None;
            }
            if let Some(entity) = self.remembered.get(&(line.lang, r)) {
                return make(n, *entity, case);
            }
            let word = form(text, token).to_lowercase();
            let base = reader.rules.vocab.base(&word).unwrap_or(word);
            return self.referent(entities, types, &base).and_then(|e| make(n, e, case));
        }
        None
    }

    /// The nearest earlier entity of the types; for agreements and events the name must hold the noun, unless the noun
    /// is as general as their kind.
    fn referent(&self, entities: &[LocalEntity], types: TypeSet, base: &str) -> Option<LocalId> {
        let recent = || {
            self.recent
                .iter()
                .rev()
                .take(REACH)
                .copied()
                .filter_map(|id| Some((id, entities.get(id.0 as usize)?)))
                .filter(|(_, e)| types.has(e.ty))
        };
        let thing = |ty: Type| matches!(ty.kind(), Kind::Agreement | Kind::Event);
        let named = recent().find(|(_, e)| e.name.to_lowercase().contains(base)).map(|(id, _)| id);
        named.or_else(|| {
            let (id, e) = recent().next()?;
            (!thing(e.ty) || base.chars().count() <= 9).then_some(id)
        })
    }
}

/// How many tokens a sequence of predicates covers from `i` on.
fn covers(reader: &Reader<'_>, i: usize, seq: &[super::rules::Pred]) -> Option<usize> {
    let mut at = i;
    for p in seq {
        at += reader.hits.lengths(at, *p).next()?;
    }
    (at > i).then_some(at - i)
}
