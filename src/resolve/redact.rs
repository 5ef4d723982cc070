//! Readings without certain persons: neither their entity nor their name in a sentence is left.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::decisions::{Decisions, Statement};
use super::name::key;
use crate::model::{LocalEntity, LocalId, Reading, Recognised, Type};

/// Endings of case longer than three letters.
const ENDINGS: [&str; 11] = ["illa", "illä", "ille", "ilta", "iltä", "issa", "issä", "ista", "istä", "iksi", "ltaan"];
/// What stands in a sentence where a name stood.
const GAP: &str = "[…]";

/// The reading without the persons that a decisions file says to forget: their entities, mentions and facts go, and
/// their names are taken out of sentences, titles and other entities' names. Applied twice it changes nothing more.
pub fn forget<'r>(reading: &'r Reading, decisions: &Decisions) -> Cow<'r, Reading> {
    match Target::forgotten(reading, decisions) {
        Some(target) => without(reading, &target),
        None => Cow::Borrowed(reading),
    }
}

/// The original text of a reading (as it was before [`forget`]) with those names blanked by as many bytes, so that
/// spans still hold.
pub fn forget_text<'t>(text: &'t str, reading: &Reading, decisions: &Decisions) -> Cow<'t, str> {
    let target = Target::forgotten(reading, decisions);
    let blanked = target.and_then(|t| blank(text, &t.forms, |gone| "*".repeat(gone.len())));
    blanked.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The reading without any person, their names in sentences included.
pub fn without_persons(reading: &Reading) -> Cow<'_, Reading> {
    without(reading, &Target::of(reading, |e| e.ty == Type::Person, Vec::new()))
}

/// Who is to go from a reading.
struct Target {
    /// By local entity.
    gone: Vec<bool>,
    /// Their names and the forms of their mentions, longest first.
    forms: Vec<String>,
}

impl Target {
    fn forgotten(reading: &Reading, decisions: &Decisions) -> Option<Target> {
        let meant = decisions.iter().filter_map(|d| match &d.statement {
            Statement::Forget(r) => Some(r),
            _ => None,
        });
        let here: Vec<_> = meant.filter(|r| r.document.as_deref().is_none_or(|d| d == reading.document.name)).collect();
        if here.is_empty() {
            return None;
        }
        let keys: FxHashSet<String> = here.iter().map(|r| key(&r.name)).collect();
        // a name stands in sentences also where extraction saw no person in it
        let names = here.iter().map(|r| r.name.clone()).collect();
        let is_one = |e: &LocalEntity| {
            e.ty == Type::Person && std::iter::once(&e.name).chain(&e.aliases).any(|n| keys.contains(&key(n)))
        };
        Some(Target::of(reading, is_one, names))
    }

    fn of(reading: &Reading, meant: impl Fn(&LocalEntity) -> bool, names: Vec<String>) -> Target {
        let gone: Vec<bool> = reading.entities.iter().map(&meant).collect();
        let mut forms: FxHashSet<String> = names.into_iter().collect();
        for (entity, _) in reading.entities.iter().zip(&gone).filter(|(_, g)| **g) {
            forms.extend(std::iter::once(&entity.name).chain(&entity.aliases).cloned());
        }
        for m in reading.mentions.iter().filter(|m| gone.get(m.entity.0 as usize).copied().unwrap_or(true)) {
            // a pronoun names nobody
            let pronoun = matches!(m.by, Recognised::Coreference) && m.form.chars().count() < 4;
            if m.form.chars().any(char::is_uppercase) && !pronoun {
                forms.insert(m.form.clone());
            }
        }
        let mut forms: Vec<String> = forms.into_iter().filter(|f| f.chars().count() > 1).collect();
        forms.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        Target { gone, forms }
    }
}

fn without<'r>(reading: &'r Reading, target: &Target) -> Cow<'r, Reading> {
    let Target { gone, forms } = target;
    if forms.is_empty() {
        return Cow::Borrowed(reading);
    }
    let clean = |text: &mut String| {
        if let Some(new) = blank(text, forms, |_| GAP.to_owned()) {
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
fn blank(text: &str, forms: &[String], fill: impl Fn(&str) -> String) -> Option<String> {
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
                out.push_str(&fill(&text[at..end]));
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
