//! Local entities to clusters: nodes of equal keys, then unions that are certain, under constraints that none may break.
//!
//! A *node* is all local entities with one key (a person or a described thing: of one document). Unions run in stages,
//! each on a list of pairs sorted by key, so that the result depends on nothing but the corpus.

use std::collections::BTreeMap;
use std::hash::Hasher;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::decisions::{Decisions, Reference, Statement};
use super::name::{Class, Parsed, key, parse};
use super::{person, place};
use crate::lexicon::{LegalFamily, PlaceId, lexicon};
use crate::model::{Entity, Kind, Lang, LocalId, Reading, Type};

/// Local entities of one key.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) class: Class,
    pub(super) key: String,
    /// The document to which it is bound: a person's, a description's, or one that a decision singles out.
    pub(super) bound: Option<u32>,
    pub(super) generic: bool,
    pub(super) parsed: Parsed,
    /// For a region: the place that the lexicon knows by its name.
    pub(super) place: Option<PlaceId>,
    /// Document and local entity, sorted.
    pub(super) members: Vec<(u32, LocalId)>,
}

/// All nodes and how they hang together.
pub(super) struct Clusters {
    pub(super) nodes: Vec<Node>,
    /// Document → local entity → node.
    pub(super) local: Vec<Vec<u32>>,
    pub(super) sets: Sets,
}

impl Clusters {
    /// The node that stands for the cluster of a local entity.
    pub(super) fn root(&self, document: usize, local: LocalId) -> Option<u32> {
        let node = *self.local.get(document)?.get(local.0 as usize)?;
        Some(self.sets.find(node))
    }
}

/// What must agree within a cluster, as far as it is known.
#[derive(Debug, Clone, Default)]
struct Bounds {
    place: Option<PlaceId>,
    legal: Option<LegalFamily>,
    numbers: Option<Vec<String>>,
    /// (decision, side) of each pair that a person holds apart.
    apart: Vec<(u32, bool)>,
}

/// Disjoint sets of nodes that refuse unions across a boundary.
pub(super) struct Sets {
    parent: Vec<u32>,
    bounds: Vec<Bounds>,
}

impl Sets {
    fn new(nodes: &[Node]) -> Sets {
        let bounds = nodes.iter().map(|n| Bounds {
            place: n.parsed.place,
            legal: n.parsed.legal,
            numbers: (!n.parsed.numbers.is_empty()).then(|| n.parsed.numbers.clone()),
            apart: Vec::new(),
        });
        Sets { parent: (0..nodes.len() as u32).collect(), bounds: bounds.collect() }
    }

    pub(super) fn find(&self, mut a: u32) -> u32 {
        while self.parent[a as usize] != a {
            a = self.parent[a as usize];
        }
        a
    }

    /// Unites two sets, the smaller index leading, unless what is known of them differs. `forced` (by a decision)
    /// gives way to nothing but another decision.
    pub(super) fn unite(&mut self, a: u32, b: u32, forced: bool) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        if a == b {
            return true;
        }
        let (a, b) = (a.min(b), a.max(b));
        let (x, y) = (&self.bounds[a as usize], &self.bounds[b as usize]);
        let differ = |one: bool, other: bool, same: bool| one && other && !same;
        let strange = differ(x.place.is_some(), y.place.is_some(), x.place == y.place)
            || differ(x.legal.is_some(), y.legal.is_some(), x.legal == y.legal)
            || differ(x.numbers.is_some(), y.numbers.is_some(), x.numbers == y.numbers);
        let held = x.apart.iter().any(|(d, side)| y.apart.contains(&(*d, !side)));
        if held || (strange && !forced) {
            return false;
        }
        let y = std::mem::take(&mut self.bounds[b as usize]);
        let x = &mut self.bounds[a as usize];
        x.place = x.place.or(y.place);
        x.legal = x.legal.or(y.legal);
        x.numbers = x.numbers.take().or(y.numbers);
        x.apart.extend(y.apart);
        self.parent[b as usize] = a;
        true
    }

    fn flatten(&mut self) {
        // a parent's index is never larger than its child's
        for i in 0..self.parent.len() {
            self.parent[i] = self.parent[self.parent[i] as usize];
        }
    }
}

/// Groups the local entities of all readings (sorted).
pub(super) fn clusters(readings: &[&Reading], decisions: &Decisions) -> Clusters {
    let (nodes, local) = nodes(readings, decisions);
    let sets = Sets::new(&nodes);
    let mut c = Clusters { nodes, local, sets };
    decided(&mut c, readings, decisions);
    equal_keys(&mut c);
    regions(&mut c);
    one_bodies(&mut c);
    legal_forms(&mut c);
    c.sets.flatten();
    aliases(&mut c, readings);
    c.sets.flatten();
    person::unite(&mut c, readings);
    c.sets.flatten();
    described(&mut c, readings);
    c.sets.flatten();
    c
}

/// A name as it is parsed once.
type Named<'r> = (Class, Lang, &'r str);

fn parse_all<'r>(names: impl Iterator<Item = (Type, Lang, &'r str)>) -> FxHashMap<Named<'r>, Parsed> {
    let mut seen = FxHashSet::default();
    let unique: Vec<(Type, Lang, &str)> =
        names.filter(|&(ty, lang, name)| seen.insert((Class::of(ty), lang, name))).collect();
    unique.into_par_iter().map(|(ty, lang, name)| ((Class::of(ty), lang, name), parse(name, ty, lang))).collect()
}

fn nodes(readings: &[&Reading], decisions: &Decisions) -> (Vec<Node>, Vec<Vec<u32>>) {
    let mut parsed =
        parse_all(readings.iter().flat_map(|r| r.entities.iter().map(|e| (e.ty, e.language, e.name.as_str()))));
    let singled: FxHashSet<(String, &str)> = decisions
        .iter()
        .flat_map(|d| d.statement.references())
        .filter_map(|r| Some((key(&r.name), r.document.as_deref()?)))
        .collect();
    let mut index: FxHashMap<(Class, String, Option<u32>), u32> = FxHashMap::default();
    let mut nodes: Vec<Node> = Vec::new();
    let mut local = Vec::with_capacity(readings.len());
    for (d, reading) in readings.iter().enumerate() {
        let d = d as u32;
        let mut row = Vec::with_capacity(reading.entities.len());
        for (i, e) in reading.entities.iter().enumerate() {
            let class = Class::of(e.ty);
            let p =
                parsed.entry((class, e.language, e.name.as_str())).or_insert_with(|| parse(&e.name, e.ty, e.language));
            let (key, place) = p.region.as_ref().map_or((&p.key, None), |(k, p)| (k, Some(*p)));
            let single = !singled.is_empty() && singled.contains(&(p.key.clone(), reading.document.name.as_str()));
            let bound = (class == Class::Person || e.generic || single).then_some(d);
            let node = *index.entry((class, key.clone(), bound)).or_insert_with(|| {
                nodes.push(Node {
                    class,
                    key: key.clone(),
                    bound,
                    generic: e.generic,
                    parsed: p.clone(),
                    place,
                    members: Vec::new(),
                });
                nodes.len() as u32 - 1
            });
            // a proper name anywhere makes the node one
            nodes[node as usize].generic &= e.generic;
            nodes[node as usize].members.push((d, LocalId(i as u32)));
            row.push(node);
        }
        local.push(row);
    }
    (nodes, local)
}

/// Whether a decision means the entities of a node.
fn meant(node: &Node, r: &Reference, wanted: &str, readings: &[&Reading]) -> bool {
    let here = |d: &str| node.members.iter().any(|m| readings[m.0 as usize].document.name == d);
    r.fits(node.class) && node.parsed.key == wanted && r.document.as_deref().is_none_or(here)
}

/// What decisions hold apart and unite, before anything else does.
fn decided(c: &mut Clusters, readings: &[&Reading], decisions: &Decisions) {
    let (same, apart) = decisions.pairs();
    if same.is_empty() && apart.is_empty() {
        return;
    }
    let mut by_key: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    for (i, n) in c.nodes.iter().enumerate() {
        by_key.entry(&n.parsed.key).or_default().push(i as u32);
    }
    let find = |r: &Reference| -> Vec<u32> {
        let wanted = key(&r.name);
        let all = by_key.get(wanted.as_str()).map_or(&[][..], Vec::as_slice);
        all.iter().copied().filter(|&n| meant(&c.nodes[n as usize], r, &wanted, readings)).collect()
    };
    let apart: Vec<_> = apart.into_iter().map(|(a, b)| (find(a), find(b))).collect();
    let same: Vec<_> = same.into_iter().map(|(a, b)| (find(a), find(b))).collect();
    for (pair, (a, b)) in apart.into_iter().enumerate() {
        for (side, n) in a.iter().map(|n| (false, n)).chain(b.iter().map(|n| (true, n))) {
            // a name that stands on both sides tells nothing
            if !(a.contains(n) && b.contains(n)) {
                c.sets.bounds[*n as usize].apart.push((pair as u32, side));
            }
        }
    }
    for (a, b) in same {
        for pair in a.iter().chain(&b).collect::<Vec<_>>().windows(2) {
            c.sets.unite(*pair[0], *pair[1], true);
        }
    }
}

/// Groups node indices by a key, in the order of the keys.
fn grouped<K: Ord>(nodes: &[Node], key: impl Fn(&Node) -> Option<K>) -> BTreeMap<K, Vec<u32>> {
    let mut out: BTreeMap<K, Vec<u32>> = BTreeMap::new();
    for (i, n) in nodes.iter().enumerate() {
        if let Some(k) = key(n) {
            out.entry(k).or_default().push(i as u32);
        }
    }
    out
}

/// Nodes that only a decision's document tells apart.
fn equal_keys(c: &mut Clusters) {
    if !c.nodes.iter().any(|n| n.bound.is_some() && n.class != Class::Person && !n.generic) {
        return;
    }
    let groups = grouped(&c.nodes, |n| (n.class != Class::Person && !n.generic).then(|| (n.class, n.key.clone())));
    for group in groups.into_values() {
        for n in &group[1..] {
            c.sets.unite(group[0], *n, false);
        }
    }
}

/// A region of unknown type is the one known of its name; a city and a municipality of one name are one, unless a
/// document speaks of both.
fn regions(c: &mut Clusters) {
    let groups = grouped(&c.nodes, |n| (n.class.kind() == Kind::Region && !n.generic).then(|| n.key.clone()));
    for group in groups.into_values().filter(|g| g.len() > 1) {
        let of = |class: Class| group.iter().copied().find(|&n| c.nodes[n as usize].class == class);
        let documents = |n: u32| -> FxHashSet<u32> { c.nodes[n as usize].members.iter().map(|m| m.0).collect() };
        let mut one = Vec::new();
        if let (Some(city), Some(municipality)) = (of(Class::City), of(Class::Municipality))
            && documents(city).is_disjoint(&documents(municipality))
        {
            one.push((city, municipality));
        }
        let special: Vec<u32> = group.iter().copied().filter(|&n| c.nodes[n as usize].class != Class::Region).collect();
        if let Some(general) = of(Class::Region) {
            match special[..] {
                [only] => one.push((only, general)),
                [a, _] if !one.is_empty() && special.len() == 2 => one.push((a, general)),
                _ => {}
            }
        }
        for (a, b) in one {
            c.sets.unite(a, b, false);
        }
    }
}

/// Names of one body in several languages: class word and place agree.
fn one_bodies(c: &mut Clusters) {
    for group in grouped(&c.nodes, |n| (!n.generic).then(|| n.parsed.body.clone()).flatten()).into_values() {
        for n in &group[1..] {
            c.sets.unite(group[0], *n, false);
        }
    }
}

/// A name without legal form is the one with a form, where the corpus knows one form of it only.
fn legal_forms(c: &mut Clusters) {
    let groups = grouped(&c.nodes, |n| (n.class == Class::Body && !n.generic).then(|| n.parsed.core.clone()));
    for group in groups.into_values().filter(|g| g.len() > 1) {
        let legal = |n: u32| c.nodes[n as usize].parsed.legal;
        let mut families: Vec<LegalFamily> = group.iter().filter_map(|&n| legal(n)).collect();
        families.dedup();
        families.sort();
        families.dedup();
        if families.len() == 1 {
            for n in &group[1..] {
                c.sets.unite(group[0], *n, false);
            }
        }
    }
}

/// Whether an alias can name something outside its document.
fn tells(alias: &str) -> bool {
    alias.chars().count() > 1 && alias.chars().any(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// A name that one cluster alone declares as its alias is that cluster.
fn aliases(c: &mut Clusters, readings: &[&Reading]) {
    let all = readings.iter().flat_map(|r| {
        r.entities
            .iter()
            .filter(|e| !e.generic && e.ty != Type::Person)
            .flat_map(|e| e.aliases.iter().filter(|a| tells(a)).map(move |a| (e.ty, e.language, a.as_str())))
    });
    let parsed = parse_all(all);
    if parsed.is_empty() {
        return;
    }
    let mut by_key: FxHashMap<(Class, &str), u32> = FxHashMap::default();
    let mut by_body: FxHashMap<&str, u32> = FxHashMap::default();
    for (i, n) in c.nodes.iter().enumerate().filter(|(_, n)| !n.generic) {
        by_key.entry((n.class, n.key.as_str())).or_insert(i as u32);
        if let Some(body) = &n.parsed.body {
            by_body.entry(body).or_insert(i as u32);
        }
    }
    let mut declared: BTreeMap<(Class, u32), Vec<u32>> = BTreeMap::new();
    for (d, reading) in readings.iter().enumerate() {
        for (i, e) in reading.entities.iter().enumerate().filter(|(_, e)| !e.generic && e.ty != Type::Person) {
            let class = Class::of(e.ty);
            let node = c.local[d][i];
            for alias in e.aliases.iter().filter(|a| tells(a)) {
                let Some(p) = parsed.get(&(class, e.language, alias.as_str())) else { continue };
                let wanted = p.region.as_ref().map_or(&p.key, |(k, _)| k);
                let target = by_key.get(&(class, wanted.as_str()));
                let target = target.or_else(|| by_body.get(p.body.as_deref()?));
                if let Some(&target) = target {
                    let root = c.sets.find(node);
                    if c.sets.find(target) != root {
                        declared.entry((class, target)).or_default().push(root);
                    }
                }
            }
        }
    }
    for ((_, target), mut roots) in declared {
        roots.sort_unstable();
        roots.dedup();
        if let [only] = roots[..] {
            c.sets.unite(target, only, false);
        }
    }
}

/// Two descriptions ("resa till USA") are one where words, parties and dates agree.
fn described(c: &mut Clusters, readings: &[&Reading]) {
    type Signature = (Class, String, Vec<u32>, Vec<String>);
    let mut parties: FxHashMap<u32, (Vec<u32>, Vec<String>)> = FxHashMap::default();
    for (d, reading) in readings.iter().enumerate() {
        for o in &reading.observations {
            let (Some(&to), Some(from)) = (c.local[d].get(o.to.0 as usize), c.root(d, o.from)) else { continue };
            use crate::model::Relation::{Organises, PartyTo, TakesPartIn};
            if c.nodes[to as usize].generic && matches!(o.relation, PartyTo | Organises | TakesPartIn) {
                let (who, when) = parties.entry(to).or_default();
                who.push(from);
                when.extend(o.date.iter().chain(&o.since).map(|e| e.as_str().to_owned()));
            }
        }
    }
    let mut same: BTreeMap<Signature, Vec<u32>> = BTreeMap::new();
    for (node, (mut who, mut when)) in parties {
        who.sort_unstable();
        who.dedup();
        when.sort();
        when.dedup();
        let n = &c.nodes[node as usize];
        // an undated agreement is known by its parties; an undated journey can be another one
        if !when.is_empty() || (n.class == Class::Agreement && who.len() > 1) {
            same.entry((n.class, n.key.clone(), who, when)).or_default().push(node);
        }
    }
    for mut group in same.into_values() {
        group.sort_unstable();
        for n in &group[1..] {
            c.sets.unite(group[0], *n, false);
        }
    }
}

/// An entity with what derivation needs to know of it.
pub(super) struct Known {
    pub(super) entity: Entity,
    /// For a region: its place in the lexicon.
    pub(super) place: Option<PlaceId>,
    /// The language in which most documents name it.
    pub(super) language: Lang,
}

/// The key of a node as it takes part in an entity's id: special types before the general one.
fn id_key(n: &Node) -> String {
    let class = match n.class {
        Class::Body => "body",
        Class::Person => "person",
        Class::Country => "country",
        Class::Province => "province",
        Class::Municipality | Class::City => "settlement",
        Class::District => "town district",
        Class::Area => "area",
        Class::Region => "~region",
        Class::Agreement => "agreement",
        Class::Event => "event",
    };
    format!("{class}:{}", n.key)
}

fn hash(parts: &[&str]) -> u64 {
    // a fixed function: ids are compared across runs and machines
    let mut h = Fnv(0xcbf2_9ce4_8422_2325);
    for p in parts {
        h.write(p.as_bytes());
        h.write(&[0]);
    }
    let mut x = h.0;
    x ^= x >> 33;
    x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^ (x >> 33)
}

struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = (self.0 ^ b as u64).wrapping_mul(0x100_0000_01b3);
        }
    }
}

/// Clusters to entities, sorted by id; and document → local entity → entity.
pub(super) fn entities(readings: &[&Reading], c: &Clusters, decisions: &Decisions) -> (Vec<Known>, Vec<Vec<u32>>) {
    let mut sets: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for i in 0..c.nodes.len() as u32 {
        sets.entry(c.sets.find(i)).or_default().push(i);
    }
    let renames: Vec<(&Reference, String, &str)> = decisions
        .iter()
        .filter_map(|d| match &d.statement {
            Statement::Rename(r, to) => Some((r, key(&r.name), to.as_str())),
            _ => None,
        })
        .collect();
    let mut drafts: Vec<(String, (u32, LocalId), Vec<u32>)> = sets
        .into_values()
        .map(|nodes| {
            let first = nodes.iter().filter_map(|&n| c.nodes[n as usize].members.first()).min().copied();
            let key = nodes.iter().map(|&n| id_key(&c.nodes[n as usize])).min().unwrap_or_default();
            (key, first.unwrap_or((0, LocalId(0))), nodes)
        })
        .collect();
    drafts.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let mut known: Vec<(Known, Vec<u32>)> = Vec::with_capacity(drafts.len());
    let mut before = String::new();
    for (key, first, nodes) in drafts {
        let kind = c.nodes[nodes[0] as usize].class.kind();
        // several persons of one name, several journeys of one description: the first document tells them apart
        let id = if key == before {
            let (document, local) = (&readings[first.0 as usize].document.name, first.1.0.to_string());
            hash(&[kind.word(), &key, document, &local])
        } else {
            hash(&[kind.word(), &key])
        };
        before = key;
        known.push((describe(readings, c, &nodes, id, &renames), nodes));
    }
    known.sort_by_key(|(k, _)| k.entity.id);
    let mut of_node = vec![0; c.nodes.len()];
    for (i, (_, nodes)) in known.iter().enumerate() {
        for &n in nodes {
            of_node[n as usize] = i as u32;
        }
    }
    let of = c.local.iter().map(|row| row.iter().map(|&n| of_node[n as usize]).collect()).collect();
    (known.into_iter().map(|(k, _)| k).collect(), of)
}

fn describe(
    readings: &[&Reading],
    c: &Clusters,
    nodes: &[u32],
    id: u64,
    renames: &[(&Reference, String, &str)],
) -> Known {
    let mut members: Vec<(u32, LocalId)> = nodes.iter().flat_map(|&n| &c.nodes[n as usize].members).copied().collect();
    members.sort_unstable();
    let mut names: BTreeMap<&str, u32> = BTreeMap::new();
    let mut types: BTreeMap<Type, u32> = BTreeMap::new();
    let mut languages: BTreeMap<Lang, u32> = BTreeMap::new();
    let mut aliases: Vec<&str> = Vec::new();
    for &(d, local) in &members {
        let e = &readings[d as usize].entities[local.0 as usize];
        *names.entry(&e.name).or_default() += 1;
        *types.entry(e.ty).or_default() += 1;
        *languages.entry(e.language).or_default() += 1;
        aliases.extend(e.aliases.iter().map(String::as_str));
    }
    let most = |counts: &BTreeMap<&str, u32>| {
        // the first of the most frequent, by the alphabet
        counts.iter().fold(("", 0), |best, (&n, &k)| if k > best.1 { (n, k) } else { best }).0.to_owned()
    };
    let mut name = most(&names);
    let special = types.iter().filter(|(t, _)| !t.is_general());
    let ty = special
        .fold(
            None,
            |best: Option<(Type, u32)>, (&t, &k)| if best.is_none_or(|b| k > b.1) { Some((t, k)) } else { best },
        )
        .map(|b| b.0)
        .or_else(|| types.keys().next().copied())
        .unwrap_or(Type::Organisation);
    for (r, wanted, to) in renames {
        if nodes.iter().any(|&n| meant(&c.nodes[n as usize], r, wanted, readings)) {
            name = (*to).to_owned();
        }
    }
    aliases.extend(names.keys());
    aliases.sort_unstable();
    aliases.dedup();
    let aliases = aliases.into_iter().filter(|a| *a != name).map(str::to_owned).collect();
    let language = languages.iter().fold((Lang::Sv, 0), |b, (&l, &k)| if k > b.1 { (l, k) } else { b }).0;
    let place = nodes.iter().find_map(|&n| c.nodes[n as usize].place).map(|p| shown_place(p, ty));
    Known { entity: Entity { id, ty, name, aliases, members }, place, language }
}

/// Where a city has been taken for its municipality, the place of the type that is shown.
fn shown_place(p: PlaceId, ty: Type) -> PlaceId {
    let lex = lexicon();
    let city = (ty == Type::City).then(|| {
        lex.places(lex.name(p)).map(|c| c.place).find(|q| q.ty == Type::City && place::settlement(lex, *q) == p)
    });
    city.flatten().map_or(p, |q| q.id)
}
