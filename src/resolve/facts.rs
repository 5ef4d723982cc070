//! Observations to facts: one per (from, relation, to), shown as its latest-dated document says it.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::cluster::Known;
use super::decisions::{Assertion, Decisions, Reference, Statement};
use super::name::{Class, key};
use crate::model::{Basis, Day, Edtf, Evidence, Fact, Modality, Observation, Reading, Relation, Resolved};

/// What makes two observations one fact.
pub(super) type FactKey = (u32, Relation, u32);

/// Facts in the making, and what a person has said about some.
pub(super) struct Facts {
    pub(super) facts: BTreeMap<FactKey, Fact>,
    /// Facts that a person has taken back: derivation leaves them out too.
    pub(super) retracted: Vec<FactKey>,
}

/// The key in the direction in which the fact is stored; none for a fact of a thing with itself.
pub(super) fn fact_key(from: u32, relation: Relation, to: u32) -> Option<FactKey> {
    match from == to {
        true => None,
        false if relation.symmetric() => Some((from.min(to), relation, from.max(to))),
        false => Some((from, relation, to)),
    }
}

/// Facts that documents say, and those by hand.
pub(super) fn observed(readings: &[&Reading], entities: &[Known], of: &[Vec<u32>], decisions: &Decisions) -> Facts {
    let mut seen: Vec<(FactKey, u32, &Observation)> = Vec::new();
    for (d, reading) in readings.iter().enumerate() {
        for o in &reading.observations {
            let (Some(&from), Some(&to)) = (of[d].get(o.from.0 as usize), of[d].get(o.to.0 as usize)) else { continue };
            if let Some(key) = fact_key(from, o.relation, to) {
                seen.push((key, d as u32, o));
            }
        }
    }
    seen.sort_by(|a, b| {
        let place = |s: &(FactKey, u32, &Observation)| (s.0, s.1, s.2.span);
        place(a)
            .cmp(&place(b))
            .then_with(|| (&a.2.rule, &a.2.sentence, a.2.modality).cmp(&(&b.2.rule, &b.2.sentence, b.2.modality)))
    });
    let dates: Vec<Option<Day>> = readings.iter().map(|r| r.document.date.as_ref().and_then(last_day)).collect();
    let mut facts = BTreeMap::new();
    for group in seen.chunk_by(|a, b| a.0 == b.0) {
        let observations: Vec<(u32, &Observation)> = group.iter().map(|(_, d, o)| (*d, *o)).collect();
        facts.insert(group[0].0, fact(group[0].0, &observations, &dates));
    }
    let mut out = Facts { facts, retracted: Vec::new() };
    if !decisions.is_empty() {
        by_hand(&mut out, readings, entities, decisions);
    }
    out
}

fn last_day(date: &Edtf) -> Option<Day> {
    let (first, last) = date.bounds();
    last.or(first)
}

fn fact(key: FactKey, observations: &[(u32, &Observation)], dates: &[Option<Day>]) -> Fact {
    let latest = observations.iter().filter_map(|&(d, _)| dates[d as usize]).max();
    let shown = |(d, _): &&(u32, &Observation)| latest.is_none() || dates[*d as usize] == latest;
    let mut counts = [0usize; Modality::ALL.len()];
    for (_, o) in observations.iter().filter(shown) {
        counts[o.modality as usize] += 1;
    }
    // the strongest comes first, so that a tie falls to it
    let modality =
        Modality::ALL.iter().copied().rev().max_by_key(|&m| counts[m as usize]).unwrap_or(Modality::Asserted);
    // the latest documents first; where they give no date or role, earlier ones that say it in the same way do
    let mut group: Vec<&(u32, &Observation)> = observations.iter().filter(|(_, o)| o.modality == modality).collect();
    group.sort_by_key(|(d, _)| std::cmp::Reverse(dates[*d as usize]));
    let tier = |wanted: bool| group.iter().filter(move |g| shown(g) == wanted).map(|(_, o)| *o);
    let pick = |get: fn(&Observation) -> Option<&str>| {
        most_frequent(tier(true).filter_map(get)).or_else(|| most_frequent(tier(false).filter_map(get)))
    };
    let edtf = |text: Option<&str>| text.and_then(|t| t.parse::<Edtf>().ok());
    let mut evidence: Vec<Evidence> = observations.iter().map(|&(d, o)| evidence(d, o)).collect();
    evidence.dedup();
    Fact {
        from: key.0,
        relation: key.1,
        to: key.2,
        modality,
        since: edtf(pick(|o| o.since.as_ref().map(Edtf::as_str))),
        until: edtf(pick(|o| o.until.as_ref().map(Edtf::as_str))),
        date: edtf(pick(|o| o.date.as_ref().map(Edtf::as_str))),
        role: pick(|o| o.role.as_deref()).map(str::to_owned),
        basis: Basis::Observed,
        evidence,
        derived_from: None,
    }
}

/// The most frequent text; of two, the more precise (longer) one, then the first by the alphabet.
fn most_frequent<'t>(texts: impl Iterator<Item = &'t str>) -> Option<&'t str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for t in texts {
        *counts.entry(t).or_default() += 1;
    }
    let best = counts.into_iter().rev().max_by_key(|&(t, n)| (n, t.len()))?;
    Some(best.0)
}

fn evidence(document: u32, o: &Observation) -> Evidence {
    Evidence {
        document,
        span: o.span,
        sentence: o.sentence.clone(),
        rule: o.rule.clone(),
        modality: o.modality,
        since: o.since.clone(),
        until: o.until.clone(),
        date: o.date.clone(),
        role: o.role.clone(),
    }
}

/// Facts that a person asserts or takes back. Of several entities that a name can mean, all are meant.
fn by_hand(out: &mut Facts, readings: &[&Reading], entities: &[Known], decisions: &Decisions) {
    let mut by_key: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    for (i, k) in entities.iter().enumerate() {
        for name in std::iter::once(&k.entity.name).chain(&k.entity.aliases) {
            let list = by_key.entry(key(name)).or_default();
            if list.last() != Some(&(i as u32)) {
                list.push(i as u32);
            }
        }
    }
    let find = |r: &Reference| -> Vec<u32> {
        let here = |e: &u32| {
            let k = &entities[*e as usize].entity;
            let in_document = |d: &str| k.members.iter().any(|m| readings[m.0 as usize].document.name == d);
            r.fits(Class::of(k.ty)) && r.document.as_deref().is_none_or(in_document)
        };
        by_key.get(&key(&r.name)).map_or(&[][..], Vec::as_slice).iter().copied().filter(here).collect()
    };
    let keys = |from: &Reference, relation, to: &Reference| -> Vec<FactKey> {
        let (from, to) = (find(from), find(to));
        from.iter().flat_map(|&f| to.iter().filter_map(move |&t| fact_key(f, relation, t))).collect()
    };
    for d in decisions.iter() {
        match &d.statement {
            Statement::Assert(a) => {
                for key in keys(&a.from, a.relation, &a.to) {
                    out.retracted.retain(|k| *k != key);
                    assert(out, key, a, d.line);
                }
            }
            Statement::Retract(from, relation, to) => {
                for key in keys(from, *relation, to) {
                    out.facts.remove(&key);
                    out.retracted.push(key);
                }
            }
            _ => {}
        }
    }
}

fn assert(out: &mut Facts, key: FactKey, a: &Assertion, line: usize) {
    let evidence = out.facts.remove(&key).map(|f| f.evidence).unwrap_or_default();
    let fact = Fact {
        from: key.0,
        relation: key.1,
        to: key.2,
        modality: a.modality,
        since: a.since.clone(),
        until: a.until.clone(),
        date: a.date.clone(),
        role: a.role.clone(),
        basis: Basis::ByHand,
        evidence,
        derived_from: Some(format!("line {line} of the decisions")),
    };
    out.facts.insert(key, fact);
}

/// The resolved corpus: entities and facts in their final order.
pub(super) fn settle(entities: &[Known], facts: Facts) -> Resolved {
    Resolved {
        entities: entities.iter().map(|k| k.entity.clone()).collect(),
        facts: facts.facts.into_values().collect(),
    }
}
