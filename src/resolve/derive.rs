//! Facts that no document need say: where a body sits by its name, and which region lies in which.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::cluster::Known;
use super::facts::{FactKey, Facts, fact_key};
use super::name::{heads, plain_key, provincial, words};
use super::place::{base_forms, settlement};
use crate::lexicon::{PlaceId, fold, lexicon};
use crate::model::{Basis, Fact, Kind, Lang, Modality, Relation, Type};

/// Most words of a place's name, of a body's name.
const PLACE_WORDS: usize = 4;
const NAME_WORDS: usize = 12;

/// Adds both kinds of derived facts to those observed; what is observed, by hand or retracted stays as it is.
pub(super) fn derive(entities: &[Known], facts: &mut Facts) {
    let retracted: FxHashSet<FactKey> = facts.retracted.iter().copied().collect();
    let derived = seats(entities).into_iter().chain(containment(entities));
    for (key, from) in derived.filter(|(k, _)| !retracted.contains(k)) {
        facts.facts.entry(key).or_insert_with(|| Fact {
            from: key.0,
            relation: key.1,
            to: key.2,
            modality: Modality::Asserted,
            since: None,
            until: None,
            date: None,
            role: None,
            basis: Basis::Derived,
            evidence: Vec::new(),
            derived_from: Some(from),
        });
    }
}

/// The regions in which a body can be said to sit, by every name of theirs.
fn seats_by_name(entities: &[Known]) -> FxHashMap<String, Vec<u32>> {
    let lex = lexicon();
    let mut out: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    for (i, k) in entities.iter().enumerate() {
        if !matches!(k.entity.ty, Type::City | Type::Municipality | Type::Province) {
            continue;
        }
        let mut add = |name: &str| {
            let list = out.entry(plain_key(name)).or_default();
            if list.last() != Some(&(i as u32)) {
                list.push(i as u32);
            }
        };
        add(&k.entity.name);
        k.entity.aliases.iter().for_each(|a| add(a));
        if let Some(place) = k.place {
            lex.names(place).for_each(|n| add(n.text));
        }
        // Region Uppsala belongs to Uppsala län
        if k.entity.ty == Type::Province {
            let short = std::iter::once(&k.entity.name).chain(&k.entity.aliases).find_map(|n| n.strip_suffix(" län"));
            short.into_iter().flat_map(|s| base_forms(s, false)).for_each(|s| add(&s));
        }
    }
    out
}

/// LOCATED_IN, from a name that holds a region's name beside a class word of the closed list.
fn seats(entities: &[Known]) -> Vec<(FactKey, String)> {
    let regions = seats_by_name(entities);
    let mut out = Vec::new();
    if regions.is_empty() {
        return out;
    }
    for (i, k) in entities.iter().enumerate() {
        if k.entity.ty.kind() != Kind::Actor || k.entity.ty == Type::Person {
            continue;
        }
        let names = std::iter::once(&k.entity.name).chain(&k.entity.aliases);
        let found = names.filter_map(|n| Some((seat(n, k.language, &regions, entities)?, n))).next();
        if let Some((region, name)) = found
            && let Some(key) = fact_key(i as u32, Relation::LocatedIn, region)
        {
            out.push((key, format!("the name “{name}”")));
        }
    }
    out
}

fn seat(name: &str, lang: Lang, regions: &FxHashMap<String, Vec<u32>>, entities: &[Known]) -> Option<u32> {
    let (name, _) = lexicon().strip_legal(name);
    let parts = words(name);
    if parts.len() > NAME_WORDS {
        return None;
    }
    let heads = heads(&parts, lang);
    let whole = heads.iter().filter(|(_, h)| h.located).map(|(range, h)| (range.clone(), *h));
    for (range, head) in whole {
        // the longest place first, from the left, outside the head
        let mut spans: Vec<(usize, usize)> = (0..parts.len())
            .flat_map(|a| (a + 1..=parts.len().min(a + PLACE_WORDS)).map(move |b| (a, b)))
            .filter(|&(a, b)| b <= range.start || a >= range.end)
            .collect();
        spans.sort_by_key(|&(a, b)| (a + 100 - b, a));
        let hit = spans.into_iter().find_map(|(a, b)| region_of(&parts[a..b], regions));
        if let Some(list) = hit {
            return Some(best(list, provincial(&head), entities));
        }
    }
    // a class word that is the end of a word: Ormbergsskolan
    parts.iter().find_map(|w| {
        let (cut, head) = lexicon().head_suffix(w).filter(|(_, h)| h.located)?;
        region_of(&[&w[..cut]], regions).map(|list| best(list, provincial(&head), entities))
    })
}

/// The regions that words name, in the nominative or the genitive of any of the languages.
fn region_of<'r>(words: &[&str], regions: &'r FxHashMap<String, Vec<u32>>) -> Option<&'r [u32]> {
    let (last, before) = words.split_last()?;
    if !words.first()?.chars().next()?.is_uppercase() {
        return None;
    }
    let before = plain_key(&before.join(" "));
    let last: String = fold(last).collect();
    [false, true].into_iter().flat_map(|finnish| base_forms(&last, finnish)).find_map(|form| {
        let name = if before.is_empty() { form } else { format!("{before} {form}") };
        regions.get(&name).map(Vec::as_slice)
    })
}

/// Of several regions of one name: the town, or the province for a body of the province; then the most named.
fn best(list: &[u32], province: bool, entities: &[Known]) -> u32 {
    let rank = |&i: &u32| {
        let e = &entities[i as usize].entity;
        ((e.ty == Type::Province) != province, e.ty == Type::Municipality, std::cmp::Reverse(e.members.len()), i)
    };
    list.iter().copied().min_by_key(rank).unwrap_or(list[0])
}

/// PART_OF between regions that documents name: to the nearest of the named regions that hold it.
fn containment(entities: &[Known]) -> Vec<(FactKey, String)> {
    let lex = lexicon();
    // a city and its municipality can be two entities, or one that stands for both
    let mut by_place: BTreeMap<PlaceId, u32> = BTreeMap::new();
    for (i, k) in entities.iter().enumerate() {
        if let Some(p) = k.place {
            by_place.entry(p).or_insert(i as u32);
        }
    }
    for (i, k) in entities.iter().enumerate() {
        if let Some(place) = k.place.and_then(|p| lex.place(p)) {
            by_place.entry(settlement(lex, place)).or_insert(i as u32);
        }
    }
    let mut out = Vec::new();
    for (i, k) in entities.iter().enumerate() {
        let Some(place) = k.place else { continue };
        let named: Vec<(PlaceId, u32)> = lex
            .containers(place)
            .into_iter()
            .filter_map(|p| Some((p, *by_place.get(&p)?)))
            .filter(|&(_, e)| e != i as u32)
            .collect();
        for &(p, e) in &named {
            let nearer = named.iter().any(|&(q, f)| f != e && lex.inside(q, p));
            if !nearer && let Some(key) = fact_key(i as u32, Relation::PartOf, e) {
                out.push((key, format!("the gazetteer: {} lies in {}", lex.name(place), lex.name(p))));
            }
        }
    }
    out.sort();
    out.dedup_by(|a, b| a.0 == b.0);
    out
}
