//! Readings without certain persons: neither their entity nor their name in a sentence is left.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::decisions::{Decisions, Statement};
use super::name::key;
use crate::model::{LocalEntity, LocalId, Reading, Type};

/// Endings of case longer than three letters.
const ENDINGS: [&str; 11] = ["illa", "illä", "ille", "ilta", "iltä", "issa", "issä", "ista", "istä", "iksi", "ltaan"];
/// What stands in a sentence where a name stood.
const GAP: &str = "[…]";

/// The reading without the persons that a decisions file says to forget: their entities, mentions and facts go, and
/// their names are taken out of sentences, titles and other entities' names.
pub fn forget<'r>(reading: &'r Reading, decisions: &Decisions) -> Cow<'r, Reading> {
    let forgotten: Vec<(String, Option<&str>)> = decisions
        .iter()
        .filter_map(|d| match &d.statement {
            Statement::Forget(r) => Some((key(&r.name), r.document.as_deref())),
            _ => None,
        })
        .collect();
    if forgotten.is_empty() {
        return Cow::Borrowed(reading);
    }
    let here = |d: &Option<&str>| d.is_none_or(|d| d == reading.document.name);
    let keys: FxHashSet<&str> = forgotten.iter().filter(|(_, d)| here(d)).map(|(k, _)| k.as_str()).collect();
    let meant = |e: &LocalEntity| {
        e.ty == Type::Person && std::iter::once(&e.name).chain(&e.aliases).any(|n| keys.contains(key(n).as_str()))
    };
    // a name stands in sentences also where extraction saw no person in it
    let names: Vec<String> = decisions
        .iter()
        .filter_map(|d| match &d.statement {
            Statement::Forget(r) if here(&r.document.as_deref()) => Some(r.name.clone()),
            _ => None,
        })
        .collect();
    without(reading, meant, names)
}

/// The reading without any person, their names in sentences included.
pub fn without_persons(reading: &Reading) -> Cow<'_, Reading> {
    without(reading, |e| e.ty == Type::Person, Vec::new())
}

fn without(reading: &Reading, meant: impl Fn(&LocalEntity) -> bool, names: Vec<String>) -> Cow<'_, Reading> {
    let gone: Vec<bool> = reading.entities.iter().map(&meant).collect();
    let mut forms: FxHashSet<String> = names.into_iter().collect();
    for (entity, _) in reading.entities.iter().zip(&gone).filter(|(_, g)| **g) {
        forms.extend(std::iter::once(&entity.name).chain(&entity.aliases).cloned());
    }
    let is_gone = |id: LocalId| gone.get(id.0 as usize).copied().unwrap_or(true);
    for m in reading.mentions.iter().filter(|m| is_gone(m.entity)) {
        // a pronoun names nobody
        if m.form.chars().any(char::is_uppercase)
            && !matches!(m.by, crate::model::Recognised::Coreference if m.form.chars().count() < 4)
        {
            forms.insert(m.form.clone());
        }
    }
    let mut forms: Vec<String> = forms.into_iter().filter(|f| f.chars().count() > 1).collect();
    if forms.is_empty() {
        return Cow::Borrowed(reading);
    }
    forms.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    let clean = |text: &mut String| {
        if let Some(new) = blank(text, &forms) {
            *text = new;
        }
    };
    let mut out = reading.clone();
    // what stays keeps its order; ids close up
    let mut next = 0;
    let new_id: Vec<Option<LocalId>> = gone
        .iter()
        .map(|&g| {
            let id = (!g).then_some(LocalId(next));
            next += u32::from(!g);
            id
        })
        .collect();
    let map = |id: LocalId| new_id.get(id.0 as usize).copied().flatten();
    let mut keep = gone.iter().map(|g| !g);
    out.entities.retain(|_| keep.next().unwrap_or(false));
    for e in &mut out.entities {
        clean(&mut e.name);
        e.aliases.iter_mut().for_each(clean);
        e.aliases.sort();
        e.aliases.dedup();
    }
    out.mentions.retain_mut(|m| map(m.entity).map(|id| m.entity = id).is_some());
    out.mentions.iter_mut().for_each(|m| clean(&mut m.form));
    out.observations.retain_mut(|o| match (map(o.from), map(o.to)) {
        (Some(from), Some(to)) => {
            (o.from, o.to) = (from, to);
            true
        }
        _ => false,
    });
    for o in &mut out.observations {
        clean(&mut o.sentence);
        o.role.iter_mut().for_each(clean);
    }
    out.near_misses.retain(|n| n.entities.iter().all(|&e| map(e).is_some()));
    for n in &mut out.near_misses {
        n.entities = n.entities.iter().filter_map(|&e| map(e)).collect();
        clean(&mut n.failed);
    }
    out.document.title.iter_mut().for_each(clean);
    Cow::Owned(out)
}

/// The text with each form (longest first) blanked where it stands at the start of a word; an ending of case goes with it.
fn blank(text: &str, forms: &[String]) -> Option<String> {
    let (mut out, mut at, mut changed) = (String::new(), 0, false);
    let mut before: Option<char> = None;
    while let Some(c) = text[at..].chars().next() {
        let fresh = before.is_none_or(|b| !b.is_alphanumeric());
        let hit = if fresh { forms.iter().find(|f| text[at..].starts_with(f.as_str())) } else { None };
        let end = hit.map(|f| {
            let rest = &text[at + f.len()..];
            let tail = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            (at + f.len(), at + f.len() + tail, rest[..tail].chars().count())
        });
        match end {
            // Bergs, Bergin, Bergilla; but not Bergström
            Some((from, end, letters)) if letters <= 3 || ENDINGS.contains(&&text[from..end]) => {
                out.push_str(GAP);
                before = text[..end].chars().next_back();
                at = end;
                changed = true;
            }
            _ => {
                out.push(c);
                before = Some(c);
                at += c.len_utf8();
            }
        }
    }
    changed.then_some(out)
}
