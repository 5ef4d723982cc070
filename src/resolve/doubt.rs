//! Pairs of entities that may be one, for a person to decide: scored part by part, never united here.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use strsim::levenshtein;

use super::decisions::{Decisions, Reference};
use super::name::{Class, Parsed, key, parse, words};
use crate::lexicon::{fold, lexicon};
use crate::model::{Lang, Resolved, Type};

/// A pair below is not worth a question.
const LEAST: f64 = 0.70;
/// A pair above would have to be united by a rule, not by a score.
const MOST: f64 = 0.95;
/// A word of more entities than this proposes no pairs.
const BLOCK_MAX: usize = 60;
/// Most names of an entity that are compared.
const NAMES_MAX: usize = 6;

/// Two entities that may be one.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Index of one in [`Resolved::entities`], the smaller.
    pub a: u32,
    /// Index of the other.
    pub b: u32,
    /// 0.70 to 0.95.
    pub score: f64,
    /// What the score is made of, in the order of the names.
    pub parts: Vec<Part>,
}

/// A word of one name beside a word of the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Word of the first, empty where it has none.
    pub left: String,
    /// Word of the second, empty where it has none.
    pub right: String,
    /// How alike they are, 0 to 1.
    pub alike: f64,
    /// How much the part counts.
    pub weight: f64,
}

/// One name of an entity, in words.
struct Name {
    words: Vec<String>,
    parsed: Parsed,
}

/// The doubtful pairs, most useful to decide first: by score and by the number of facts that hang on the answer. Pairs
/// that a decision holds apart are left out.
pub fn doubtful(resolved: &Resolved, decisions: &Decisions) -> Vec<Pair> {
    let names: Vec<Vec<Name>> = resolved
        .entities
        .iter()
        .map(|e| {
            let all = std::iter::once(&e.name).chain(&e.aliases).take(NAMES_MAX);
            all.map(|n| name(n, e.ty)).collect()
        })
        .collect();
    let weights = weights(&names);
    let mut facts = vec![0u32; resolved.entities.len()];
    for f in &resolved.facts {
        facts[f.from as usize] += 1;
        facts[f.to as usize] += 1;
    }
    let apart = decisions.pairs().1;
    let held = |a: u32, b: u32| {
        apart.iter().any(|(x, y)| {
            let is = |e: u32, r: &Reference| {
                let e = &resolved.entities[e as usize];
                let wanted = key(&r.name);
                r.fits(Class::of(e.ty)) && std::iter::once(&e.name).chain(&e.aliases).any(|n| key(n) == wanted)
            };
            (is(a, x) && is(b, y)) || (is(a, y) && is(b, x))
        })
    };
    let mut out = Vec::new();
    for (a, b) in candidates(resolved, &names) {
        let (x, y) = (&resolved.entities[a as usize], &resolved.entities[b as usize]);
        if !compatible(x.ty, y.ty) || held(a, b) {
            continue;
        }
        let best = names[a as usize]
            .iter()
            .flat_map(|m| names[b as usize].iter().map(move |n| (m, n)))
            .filter_map(|(m, n)| score(m, n, x.ty, &weights))
            .max_by(|p, q| p.0.total_cmp(&q.0));
        if let Some((s, parts)) = best.filter(|(s, _)| *s >= LEAST) {
            out.push(Pair { a, b, score: s.min(MOST), parts });
        }
    }
    let use_of = |p: &Pair| p.score * f64::from(1 + facts[p.a as usize].min(facts[p.b as usize])).ln_1p();
    out.sort_by(|p, q| use_of(q).total_cmp(&use_of(p)).then((p.a, p.b).cmp(&(q.a, q.b))));
    out
}

fn name(text: &str, ty: Type) -> Name {
    let (rest, _) = lexicon().strip_legal(text);
    let words = words(rest).into_iter().map(|w| fold(w).collect()).filter(|w: &String| !w.is_empty()).collect();
    Name { words, parsed: parse(text, ty, Lang::Sv) }
}

fn compatible(a: Type, b: Type) -> bool {
    let (x, y) = (Class::of(a), Class::of(b));
    x == y
        || (x.kind() == crate::model::Kind::Region
            && y.kind() == x.kind()
            && (x == Class::Region || y == Class::Region))
}

/// The weight of each word: the rarer in the corpus the more, class words and joints little.
fn weights(names: &[Vec<Name>]) -> FxHashMap<&str, f64> {
    let mut count: FxHashMap<&str, u32> = FxHashMap::default();
    for entity in names {
        let mut seen = FxHashSet::default();
        for w in entity.iter().flat_map(|n| &n.words) {
            if seen.insert(w.as_str()) {
                *count.entry(w).or_default() += 1;
            }
        }
    }
    let all = (names.len().max(1)) as f64;
    let weight = |w: &str, n: u32| {
        let rare = ((all + 1.0) / f64::from(n)).ln().max(0.2) / (all + 1.0).ln().max(1.0);
        let class = if lexicon().heads(w).is_empty() { 1.0 } else { 0.7 };
        let short = if w.chars().count() < 3 { 0.5 } else { 1.0 };
        (0.3 + 0.7 * rare) * class * short
    };
    count.into_iter().map(|(w, n)| (w, weight(w, n))).collect()
}

/// Pairs that share a rare enough word, or the start of one, or whose one name is the initials of the other.
fn candidates(resolved: &Resolved, names: &[Vec<Name>]) -> Vec<(u32, u32)> {
    let mut blocks: BTreeMap<(u8, String), Vec<u32>> = BTreeMap::new();
    for (i, entity) in names.iter().enumerate() {
        let kind = resolved.entities[i].ty.kind() as u8;
        let mut keys = FxHashSet::default();
        for n in entity {
            for w in n.words.iter().filter(|w| w.chars().count() >= 3) {
                keys.insert(w.clone());
                // a slip of the pen seldom hits the first four letters
                keys.insert(format!("{}*", w.chars().take(4).collect::<String>()));
            }
            if let Some(short) = initials(&n.words) {
                keys.insert(short);
            }
        }
        for k in keys {
            blocks.entry((kind, k)).or_default().push(i as u32);
        }
    }
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for block in blocks.values().filter(|b| b.len() > 1 && b.len() <= BLOCK_MAX) {
        for (n, &a) in block.iter().enumerate() {
            pairs.extend(block[n + 1..].iter().map(|&b| (a.min(b), a.max(b))));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The initials of a name of three words or more: `luleå tekniska universitet` → `ltu`.
fn initials(words: &[String]) -> Option<String> {
    (words.len() >= 3).then(|| words.iter().filter_map(|w| w.chars().next()).collect())
}

/// How alike two names are; none where something tells them apart for certain.
fn score(a: &Name, b: &Name, ty: Type, weights: &FxHashMap<&str, f64>) -> Option<(f64, Vec<Part>)> {
    let differ = |x: &Parsed, y: &Parsed| {
        (x.legal.is_some() && y.legal.is_some() && x.legal != y.legal)
            || (x.place.is_some() && y.place.is_some() && x.place != y.place)
            || (!x.numbers.is_empty() && !y.numbers.is_empty() && x.numbers != y.numbers)
            || x.unit != y.unit
    };
    if a.words.is_empty() || b.words.is_empty() || differ(&a.parsed, &b.parsed) {
        return None;
    }
    if ty != Type::Person {
        let short = |x: &Name, y: &Name| x.words.len() == 1 && initials(&y.words).is_some_and(|i| i == x.words[0]);
        if short(a, b) || short(b, a) {
            let part = Part { left: a.words.join(" "), right: b.words.join(" "), alike: 0.75, weight: 1.0 };
            return Some((0.75, vec![part]));
        }
    }
    let (mut parts, mut used) = (Vec::new(), vec![false; b.words.len()]);
    let weight = |w: &str| weights.get(w).copied().unwrap_or(1.0);
    let (mut sum, mut all) = (0.0, 0.0);
    let mut left_over = 0.0;
    for w in &a.words {
        let best = b
            .words
            .iter()
            .enumerate()
            .filter(|(j, _)| !used[*j])
            .map(|(j, v)| (alike(w, v, ty), j))
            .max_by(|x, y| x.0.total_cmp(&y.0).then(y.1.cmp(&x.1)));
        match best.filter(|(s, _)| *s > 0.5) {
            Some((s, j)) => {
                used[j] = true;
                let weight = (weight(w) + weight(&b.words[j])) / 2.0;
                sum += s * weight;
                all += weight;
                parts.push(Part { left: w.clone(), right: b.words[j].clone(), alike: s, weight });
            }
            None => {
                left_over += weight(w);
                parts.push(Part { left: w.clone(), right: String::new(), alike: 0.0, weight: weight(w) });
            }
        }
    }
    for (v, _) in b.words.iter().zip(&used).filter(|(_, used)| !**used) {
        left_over += weight(v);
        parts.push(Part { left: String::new(), right: v.clone(), alike: 0.0, weight: weight(v) });
    }
    // words that only one name has count less than words that differ: names are shortened
    let both_sides = parts.iter().any(|p| p.right.is_empty()) && parts.iter().any(|p| p.left.is_empty());
    let over = left_over * if both_sides { 0.9 } else { 0.5 };
    (all > 0.0).then(|| (sum / (all + over), parts))
}

/// Strict edit similarity: a quarter of the longer word may differ; an initial stands for a given name.
fn alike(a: &str, b: &str, ty: Type) -> f64 {
    if a == b {
        return 1.0;
    }
    let (m, n) = (a.chars().count(), b.chars().count());
    if ty == Type::Person && m.min(n) == 1 && a.chars().next() == b.chars().next() {
        return 0.8;
    }
    let longest = m.max(n);
    let budget = longest / 4;
    if budget == 0 || m.abs_diff(n) > budget {
        return 0.0;
    }
    let d = levenshtein(a, b);
    if d > budget { 0.0 } else { (1.0 - d as f64 / longest as f64).powi(budget as i32) }
}
