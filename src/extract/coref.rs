//! References within a document: definite nouns ("föreningen", "kaupunki"), "we" and "I". What refers to what stands in
//! the `corefer` statements of the rule files; here is only how far back to look. Makes no entities.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::names::{Reader, form};
use super::page::{Line, Page};
use super::rules::Reference;
use super::rules::ast::{Referent, TypeSet};
use super::rules::seq::Tokens;
use super::sentence::SentenceMention;
use super::words::{Class, Pronoun, Words};
use crate::model::{Kind, Lang, LocalEntity, LocalId, Type};
use crate::text::{Case, TokenKind};

/// How many earlier mentions a definite noun may refer to.
const REACH: usize = 200;

/// An organisation of no known kind is what a definite noun means only among so many mentions before it.
const NEAR: usize = 3;

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
    /// The body that publishes the page: the first to be meant by "the association", before any is named.
    publisher: Option<LocalId>,
    /// What a `corefer` statement last referred to, where the text said it itself ("en delegation från Luleå").
    remembered: FxHashMap<(Lang, TypeSet), LocalId>,
    /// What definite nouns say that organisations of no known kind are: "Vasek … Bolaget ägs av …".
    pub(crate) typed: BTreeMap<LocalId, Type>,
    /// What the line before named, in order: the topic is among it.
    line: Vec<LocalId>,
}

/// What a reference is looked up in.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'s> {
    /// The document.
    pub(crate) page: &'s Page<'s>,
    /// Its entities.
    pub(crate) entities: &'s [LocalEntity],
    /// The line that is read.
    pub(crate) line: &'s Line,
    /// What the rules of its language know of it.
    pub(crate) reader: Option<&'s Reader<'s>>,
    /// Who speaks in it.
    pub(crate) speaker: Speaker,
}

impl Discourse {
    /// A document of which nothing is read yet.
    pub(crate) fn of(publisher: Option<LocalId>) -> Discourse {
        Discourse { recent: publisher.into_iter().collect(), publisher, ..Discourse::default() }
    }

    /// Adds the references of a line to its mentions, which are sorted, and takes note of what it names.
    pub(crate) fn read(&mut self, scene: Scene<'_>, mentions: &mut Vec<SentenceMention>) {
        let line = scene.line;
        let references = scene.reader.map_or_else(Vec::new, |r| {
            let view = Tokens { tokens: &line.tokens, hits: &r.hits, typed: &[], dates: &[], clauses: &[] };
            r.rules.find_references(&view)
        });
        let named = std::mem::take(mentions);
        let (mut next, mut refer, mut i) = (0, 0, 0);
        while i < line.tokens.len() {
            if let Some(m) = named.get(next).filter(|m| m.tokens.start <= i) {
                i = m.tokens.end.max(i + 1);
                self.note(m.entity);
                mentions.push(m.clone());
                next += 1;
                continue;
            }
            while references.get(refer).is_some_and(|r| r.tokens.start < i) {
                refer += 1;
            }
            let reference = references.get(refer).filter(|r| r.tokens.start == i);
            let pointed = match Words.pronoun(line.lang, &line.tokens[i].lower) {
                Some((pronoun, case)) => {
                    let noun = references.get(refer).is_some_and(|r| r.tokens.start == i + 1);
                    let found = if noun { None } else { self.pointed(scene, pronoun, i, mentions) };
                    found.map(|entity| SentenceMention {
                        tokens: i..i + 1,
                        entity,
                        ty: scene.entities.get(entity.0 as usize).map_or(Type::Organisation, |e| e.ty),
                        case,
                        group: None,
                        reference: true,
                    })
                }
                None => self.at(scene, reference, i, mentions.last(), named.get(next)),
            };
            match pointed {
                Some(m) => {
                    i = m.tokens.end;
                    self.note(m.entity);
                    mentions.push(m);
                }
                None => i += 1,
            }
        }
        if !mentions.is_empty() {
            self.line = mentions.iter().map(|m| m.entity).collect();
        }
    }

    /// What a pronoun at `i` points at: the name just before it; the topic, which is what is done or agreed on rather
    /// than who does it, of the words before in the sentence, else of the sentence before; the last place.
    fn pointed(&self, scene: Scene<'_>, pronoun: Pronoun, i: usize, before: &[SentenceMention]) -> Option<LocalId> {
        let line = scene.line;
        let ty = |e: LocalId| scene.entities.get(e.0 as usize).map(|x| x.ty);
        match pronoun {
            Pronoun::Relative => {
                let m = before.last()?;
                let between = line.tokens.get(m.tokens.end..i)?;
                (between.len() <= 2 && between.iter().all(|t| t.kind == TokenKind::Punct)).then_some(m.entity)
            }
            Pronoun::It => {
                let next = line.tokens.get(i + 1)?;
                if next.kind != TokenKind::Word || Words.has(line.lang, Class::Loose, &next.lower) {
                    return None;
                }
                let here: Vec<LocalId> = before.iter().map(|m| m.entity).collect();
                let among = if here.is_empty() { &self.line } else { &here };
                let first = |fits: &dyn Fn(Type) -> bool| among.iter().copied().find(|&e| ty(e).is_some_and(fits));
                first(&|t| matches!(t.kind(), Kind::Agreement | Kind::Event))
                    .or_else(|| first(&|t| t.kind() == Kind::Actor && t != Type::Person))
                    .or_else(|| first(&|t| t.kind() == Kind::Region))
            }
            Pronoun::There => self.last(scene.entities, |t| t.kind() == Kind::Region),
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

    fn at(
        &mut self,
        scene: Scene<'_>,
        reference: Option<&Reference>,
        i: usize,
        before: Option<&SentenceMention>,
        after: Option<&SentenceMention>,
    ) -> Option<SentenceMention> {
        let Scene { page, entities, line, speaker, .. } = scene;
        let token = &line.tokens[i];
        if token.kind != TokenKind::Word {
            return None;
        }
        let make = |n: usize, entity: LocalId, case: Case| {
            let ty = entities.get(entity.0 as usize).map_or(Type::Organisation, |e| e.ty);
            Some(SentenceMention { tokens: i..i + n, entity, ty, case, group: None, reference: true })
        };
        if let Some(person) = speaker.person.filter(|_| Words.has(line.lang, Class::First, &token.lower)) {
            return make(1, person, Case::Nominative);
        }
        let (reference, reader) = (reference?, scene.reader?);
        let n = reference.tokens.len();
        if after.is_some_and(|m| m.tokens.start < i + n) {
            return None;
        }
        let word = form(page.text(line), &line.tokens[i + n - 1]);
        let bases = page.bases(line.lang, word);
        let listed = reader.rules.vocab.base(&word.to_lowercase());
        let inflected = bases.iter().find(|(b, c)| {
            let same = listed.as_ref().is_none_or(|k| b.to_lowercase() == *k);
            *c != Case::Nominative && (line.lang != Lang::Fi || same)
        });
        let base = match (&listed, inflected) {
            (None, Some((b, _))) if line.lang == Lang::Fi => b.to_lowercase(),
            _ => listed.clone().unwrap_or_else(|| word.to_lowercase()),
        };
        let case = inflected.map_or(Case::Nominative, |(_, c)| *c);
        let types = match reference.referent {
            Referent::Publisher => return speaker.body.and_then(|body| make(n, body, case)),
            Referent::Last(types) => types,
        };
        // "föreningen Norden": the name itself follows
        if after.is_some_and(|m| m.tokens.start == i + n && types.has(m.ty)) {
            return None;
        }
        let region = |m: &SentenceMention| m.ty.kind() == Kind::Region && types.has(m.ty);
        // "delegationen från Luleå", "Luulajan valtuuskunta"
        let of = after.filter(|m| {
            // a few words may stand between: "a delegation of twelve from Kaunas"
            (i + n + 1..=i + n + 3).contains(&m.tokens.start)
                && region(m)
                && line.tokens.get(m.tokens.start - 1).is_some_and(|t| Words.has(line.lang, Class::Origin, &t.lower))
        });
        let owned = before.filter(|m| m.tokens.end == i && m.case == Case::Genitive && region(m));
        if let Some(m) = of.or(owned) {
            self.remembered.insert((line.lang, types), m.entity);
            return make(n, m.entity, case);
        }
        // an owner of another kind: "Luleås förening" is not the association named before
        if before.is_some_and(|m| m.tokens.end == i && m.case == Case::Genitive && !m.reference) {
            return None;
        }
        // the association, the company: on its own page the one that publishes it
        let publisher = speaker.body.filter(|&b| {
            let ty = entities.get(b.0 as usize).map(|e| e.ty);
            line.lang == Lang::Fi
                && [Type::Association, Type::Company].iter().any(|&t| ty == Some(t) && types == TypeSet::one(t))
        });
        if let Some(body) = publisher {
            return make(n, body, case);
        }
        if let Some(entity) = self.remembered.get(&(line.lang, types)) {
            return make(n, *entity, case);
        }
        // "universitetet i Austin", "universitetet i staden": the one there, and no other
        if let Some(place) = self.place_after(scene, i + n, after) {
            let place = entities.get(place.0 as usize).map(|e| e.name.to_lowercase())?;
            let there = |e: &LocalEntity| {
                types.has(e.ty) && e.ty.kind() == Kind::Actor && e.name.to_lowercase().contains(&place)
            };
            let at = entities.iter().position(there)?;
            return make(n, LocalId(at as u32), case);
        }
        // on the page of an association "föreningen" is that association
        let own = speaker
            .body
            .filter(|b| entities.get(b.0 as usize).is_some_and(|e| types.has(e.ty) && e.ty.kind() == Kind::Actor));
        let found = own
            .or_else(|| self.near_unclear(entities, types))
            .or_else(|| self.referent(entities, types, &base))
            .or_else(|| speaker.body.filter(|b| self.unclear(entities, *b, types)));
        let entity = found?;
        // one kind of body alone: the noun says what the thing is
        let mut kinds = Type::ALL.iter().filter(|t| types.has(**t));
        if let (Some(ty), None) = (kinds.next(), kinds.next())
            && self.unclear(entities, entity, types)
        {
            self.typed.entry(entity).or_insert(*ty);
        }
        make(n, entity, case)
    }

    /// The place that a preposition behind a noun names, or refers to by a noun of its own ("i staden").
    fn place_after(&self, scene: Scene<'_>, at: usize, after: Option<&SentenceMention>) -> Option<LocalId> {
        let Scene { entities, line, reader, .. } = scene;
        let inside = line.tokens.get(at).filter(|t| Words.has(line.lang, Class::Inside, &t.lower));
        inside?;
        if let Some(m) = after.filter(|m| m.tokens.start == at + 1 && m.ty.kind() == Kind::Region) {
            return Some(m.entity);
        }
        let reader = reader?;
        let view = Tokens { tokens: &line.tokens, hits: &reader.hits, typed: &[], dates: &[], clauses: &[] };
        let found = reader.rules.find_references(&view);
        let types = found.iter().find(|r| r.tokens.start == at + 1).and_then(|r| match r.referent {
            Referent::Last(types) => Some(types),
            Referent::Publisher => None,
        })?;
        self.last(entities, |t| t.kind() == Kind::Region && types.has(t))
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
        let nearest = || {
            let (id, e) = recent().next()?;
            (!thing(e.ty) || base.chars().count() <= 9).then_some(id)
        };
        named.or_else(nearest).or_else(|| self.publisher.filter(|p| self.unclear(entities, *p, types)))
    }

    /// The organisation of no known kind that was just named, unless a body of the kind looked for stands as near.
    fn near_unclear(&self, entities: &[LocalEntity], types: TypeSet) -> Option<LocalId> {
        let known = |e: &LocalId| entities.get(e.0 as usize);
        let body = |e: &LocalId| known(e).is_some_and(|x| x.ty.kind() == Kind::Actor && x.ty != Type::Person);
        let near = self.recent.iter().rev().take(NEAR).copied();
        let last =
            near.filter(body).find(|e| known(e).is_some_and(|x| x.ty == Type::Organisation || types.has(x.ty)))?;
        self.unclear(entities, last, types).then_some(last)
    }

    /// Whether an entity is an organisation of no known kind, while some kind of organisation is looked for.
    fn unclear(&self, entities: &[LocalEntity], id: LocalId, types: TypeSet) -> bool {
        let body = |t: Type| t.kind() == Kind::Actor && t != Type::Person;
        entities.get(id.0 as usize).is_some_and(|e| e.ty == Type::Organisation)
            && Type::ALL.iter().any(|t| body(*t) && types.has(*t))
    }
}
