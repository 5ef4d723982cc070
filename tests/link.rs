//! `links()` against its reference: a plain enumeration here, and ../shared/tools/link.py where that stands.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use samband::graph::{Builder, Graph, NodeId, Property, SchemaMode};
use samband::model::{Modality, Relation, Type};
use samband::query::link::{Options, links};
use serde_json::json;

/// A small generator (SplitMix64): the same graphs on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

struct Sample {
    types: Vec<Type>,
    edges: Vec<(usize, Relation, usize, Modality)>,
    ends: (usize, usize),
    longest: usize,
}

fn sample(random: &mut Random) -> Sample {
    let kinds = [
        Type::City,
        Type::Country,
        Type::Company,
        Type::Association,
        Type::PublicBody,
        Type::Person,
        Type::Project,
        Type::Conference,
    ];
    let n = 4 + random.below(9);
    let types: Vec<Type> = (0..n).map(|i| if i < 2 { Type::City } else { kinds[random.below(kinds.len())] }).collect();
    let mut edges: Vec<(usize, Relation, usize, Modality)> = Vec::new();
    for _ in 0..2 * n + random.below(10 * n) {
        let (a, b) = (random.below(n), random.below(n));
        let relation = Relation::ALL[random.below(Relation::ALL.len())];
        let modality = [
            Modality::Asserted,
            Modality::Asserted,
            Modality::Asserted,
            Modality::Planned,
            Modality::Ended,
            Modality::Negated,
        ][random.below(6)];
        let known = edges.iter().any(|e| {
            (e.0, e.1, e.2) == (a, relation, b) || relation.symmetric() && (e.2, e.1, e.0) == (a, relation, b)
        });
        if a != b && relation.allows(types[a], types[b]) && !known {
            edges.push((a, relation, b, modality));
        }
    }
    Sample { types, edges, ends: (0, 1 + random.below(n - 1)), longest: 2 + random.below(3) }
}

fn graph(s: &Sample) -> Graph {
    let mut b = Builder::new(SchemaMode::Open);
    for (i, ty) in s.types.iter().enumerate() {
        b.add_node(ty.labels(), vec![("name".to_owned(), Property::from(format!("n{i:02}").as_str()))]).unwrap();
    }
    for &(from, relation, to, modality) in &s.edges {
        let said = vec![("modality".to_owned(), Property::from(modality.word()))];
        b.add_edge(NodeId(from as u32), relation.word(), NodeId(to as u32), said).unwrap();
    }
    b.freeze().unwrap()
}

/// Entity → facts in its shortest chain, by trying every path.
fn plain(s: &Sample) -> BTreeMap<usize, usize> {
    let kind = |i: usize| s.types[i].kind();
    let region = |i: usize| kind(i) == samband::model::Kind::Region;
    let below = |top: usize| {
        let mut seen = BTreeSet::from([top]);
        loop {
            let more: Vec<usize> = s
                .edges
                .iter()
                .filter(|e| {
                    e.1 == Relation::PartOf
                        && region(e.0)
                        && region(e.2)
                        && e.3 != Modality::Negated
                        && seen.contains(&e.2)
                        && !seen.contains(&e.0)
                })
                .map(|e| e.0)
                .collect();
            if more.is_empty() {
                return seen;
            }
            seen.extend(more);
        }
    };
    let (a, b) = s.ends;
    let side = |x: usize| if region(x) { below(x) } else { BTreeSet::from([x]) };
    let (mut left, mut right) = (side(a), side(b));
    if left.contains(&b) {
        left = BTreeSet::from([a]);
    }
    if right.contains(&a) {
        right = BTreeSet::from([b]);
    }
    let rep = |x: usize| {
        if right.contains(&x) {
            b
        } else if left.contains(&x) {
            a
        } else {
            x
        }
    };
    let (mut near, mut tied) = (BTreeSet::new(), BTreeSet::new());
    for &(from, relation, to, modality) in &s.edges {
        let (x, y) = (rep(from), rep(to));
        let containment = relation == Relation::PartOf && region(from);
        if x != y && !containment && modality <= Modality::Planned {
            near.extend([(x, y), (y, x)]);
            if modality == Modality::Asserted {
                tied.extend([(x, y), (y, x)]);
            }
        }
    }
    let brief = |x: usize| {
        matches!(kind(x), samband::model::Kind::Agreement | samband::model::Kind::Event) || s.types[x] == Type::Person
    };
    let mut best: BTreeMap<usize, usize> = BTreeMap::new();
    let mut todo = vec![vec![a]];
    while let Some(path) = todo.pop() {
        for next in 0..s.types.len() {
            if !near.contains(&(path[path.len() - 1], next)) || path.contains(&next) {
                continue;
            }
            let mut longer = path.clone();
            longer.push(next);
            if next == b {
                let n = longer.len();
                let detour = (0..n).any(|i| {
                    (i + 2..n).any(|j| {
                        (i, j) != (0, n - 1)
                            && tied.contains(&(longer[i], longer[j]))
                            && !(j == i + 2 && brief(longer[i + 1]))
                    })
                });
                if n > 2 && !detour {
                    for &x in &longer[1..n - 1] {
                        if !region(x) && s.types[x] != Type::Person {
                            let held = best.entry(x).or_insert(n - 1);
                            *held = (*held).min(n - 1);
                        }
                    }
                }
            } else if longer.len() <= s.longest && !region(next) && s.types[next] != Type::Person {
                todo.push(longer);
            }
        }
    }
    best
}

fn ours(s: &Sample) -> BTreeMap<usize, usize> {
    let options = Options { longest: s.longest, ..Options::default() };
    let found = links(&graph(s), NodeId(s.ends.0 as u32), NodeId(s.ends.1 as u32), &options);
    found.links.iter().map(|l| (l.entity.index(), l.chain.edges.len())).collect()
}

#[test]
fn links_are_those_of_a_plain_enumeration() {
    let mut random = Random(7);
    let mut answers = 0;
    for round in 0..3_000 {
        let s = sample(&mut random);
        let expected = plain(&s);
        answers += expected.len();
        assert_eq!(
            ours(&s),
            expected,
            "round {round}: {:?} {:?} ends {:?} longest {}",
            s.types,
            s.edges,
            s.ends,
            s.longest
        );
    }
    assert!(answers > 1_000, "the samples answer too little to show anything: {answers}");
}

#[test]
fn a_chain_is_made_of_facts_that_join_its_entities() {
    let mut random = Random(11);
    for _ in 0..500 {
        let s = sample(&mut random);
        let g = graph(&s);
        for link in links(&g, NodeId(s.ends.0 as u32), NodeId(s.ends.1 as u32), &Options::default()).links {
            assert_eq!(link.chain.nodes.len(), link.chain.edges.len() + 1);
            for (i, &edge) in link.chain.edges.iter().enumerate() {
                let (from, _, to) = g.edge(edge);
                // Ends may be regions inside the ends asked for; inner entities are on the facts themselves.
                let pair = [link.chain.nodes[i], link.chain.nodes[i + 1]];
                assert!(pair.contains(&from) || pair.contains(&to), "{pair:?} {from:?} {to:?}");
            }
        }
    }
}

/// The same graphs through the reference program, all in one run of it.
#[test]
fn links_are_those_of_the_reference() {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tools/link.py");
    if !tool.exists() {
        assert!(std::env::var_os("SAMBAND_REQUIRE_SHARED").is_none(), "{} is not there", tool.display());
        eprintln!("passed over: {} is not there", tool.display());
        return;
    }
    let mut random = Random(23);
    let samples: Vec<Sample> = (0..400).map(|_| sample(&mut random)).collect();
    let all: Vec<_> = samples
        .iter()
        .map(|s| {
            let nodes: Vec<_> = s.types.iter().enumerate().map(|(i, t)| json!({"id": format!("n{i:02}"), "kind": t.kind().word(), "type": t.word(), "name": format!("n{i:02}")})).collect();
            let edges: Vec<_> = s.edges.iter().map(|e| json!({"from": format!("n{:02}", e.0), "rel": e.1.word(), "to": format!("n{:02}", e.2), "modality": e.3.word()})).collect();
            json!({"nodes": nodes, "edges": edges, "a": format!("n{:02}", s.ends.0), "b": format!("n{:02}", s.ends.1), "n": s.longest})
        })
        .collect();
    let program = "import json,sys; sys.path.insert(0, sys.argv[1]); import link\n\
                   for g in json.load(sys.stdin): print(json.dumps({k: len(p)-1 for k, p in link.link(g['nodes'], g['edges'], g['a'], g['b'], g['n']).items()}, sort_keys=True))";
    let mut child = Command::new("python3")
        .args(["-c", program])
        .arg(tool.parent().unwrap())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = serde_json::to_vec(&all).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || std::io::Write::write_all(&mut stdin, &input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), samples.len(), "the reference did not answer all");
    for (s, line) in samples.iter().zip(text.lines()) {
        let theirs: BTreeMap<String, usize> = serde_json::from_str(line).unwrap();
        let mine: BTreeMap<String, usize> = ours(s).into_iter().map(|(k, v)| (format!("n{k:02}"), v)).collect();
        assert_eq!(mine, theirs, "{:?} {:?} ends {:?} longest {}", s.types, s.edges, s.ends, s.longest);
    }
}
