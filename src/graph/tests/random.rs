//! Random graphs against plain ones, petgraph's algorithms on ours against theirs.

use std::collections::BTreeMap;

use petgraph::algo;
use petgraph::graph::{DiGraph, UnGraph};
use petgraph::visit::{EdgeRef, IntoEdgesDirected};
use proptest::prelude::*;

use super::super::*;

const RELATIONS: [&str; 3] = ["B", "A", "C"];

/// Number of nodes and edges (from, relation, to), with loops and parallel edges.
fn edges() -> impl Strategy<Value = (usize, Vec<(usize, usize, usize)>)> {
    (1..12usize).prop_flat_map(|n| (Just(n), prop::collection::vec((0..n, 0..3usize, 0..n), 0..40)))
}

fn build(n: usize, edges: &[(usize, usize, usize)]) -> Graph {
    let mut b = Builder::new(SchemaMode::Open);
    for i in 0..n {
        b.add_node(if i % 2 == 0 { &["Even"] } else { &["Odd", "Number"] }, vec![]).unwrap();
    }
    for &(from, r, to) in edges {
        b.add_edge(NodeId(from as u32), RELATIONS[r], NodeId(to as u32), vec![]).unwrap();
    }
    b.freeze().unwrap()
}

fn value() -> impl Strategy<Value = Property> {
    let leaf = prop_oneof![
        Just(Property::Null),
        any::<bool>().prop_map(Property::Bool),
        any::<i64>().prop_map(Property::Int),
        (-5..5i64).prop_map(Property::Int),
        (-1e9..1e9f64).prop_map(Property::Float),
        "[a-zåöß\u{301}😀 \"\\\\]{0,6}".prop_map(Property::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Property::List),
            prop::collection::btree_map("[a-c]{1,2}", inner, 0..3)
                .prop_map(|m| Property::Map(m.into_iter().map(|(k, v)| (k.into(), v)).collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn adjacency_is_that_of_a_list_of_edges((n, edges) in edges()) {
        let g = build(n, &edges);
        prop_assert_eq!(check(&g).faults, Vec::<String>::new());
        for v in 0..n {
            for r in [None, Some(0), Some(1), Some(2)] {
                let fits = |e: &&(usize, usize, usize)| r.is_none_or(|r| e.1 == r);
                let rel = match r {
                    Some(r) => match g.relation_id(RELATIONS[r]) {
                        Some(rel) => Some(rel),
                        None => continue,
                    },
                    None => None,
                };
                let mut out: Vec<_> = edges.iter().filter(fits).filter(|e| e.0 == v).map(|e| e.2).collect();
                let mut into: Vec<_> = edges.iter().filter(fits).filter(|e| e.2 == v).map(|e| e.0).collect();
                let mut both: Vec<_> = out.iter().chain(into.iter().filter(|w| **w != v)).copied().collect();
                for (expected, direction) in
                    [(&mut out, Direction::Out), (&mut into, Direction::In), (&mut both, Direction::Both)]
                {
                    let node = NodeId(v as u32);
                    let mut ours: Vec<_> = g.neighbours(node, rel, direction).map(|(w, _)| w.index()).collect();
                    prop_assert_eq!(ours.len(), g.degree(node, rel, direction));
                    for w in 0..n {
                        let between = g.edges_between(node, rel, NodeId(w as u32), direction).count();
                        prop_assert_eq!(between, expected.iter().filter(|x| **x == w).count());
                    }
                    ours.sort_unstable();
                    expected.sort_unstable();
                    prop_assert_eq!(&ours, expected);
                }
            }
        }
    }

    #[test]
    fn petgraph_finds_the_same_on_ours((n, edges) in edges()) {
        let g = build(n, &edges);
        let pairs = || edges.iter().map(|e| (e.0 as u32, e.2 as u32));
        let mut plain: DiGraph<(), ()> = DiGraph::new();
        (0..n).for_each(|_| { plain.add_node(()); });
        plain.extend_with_edges(pairs());
        let mut either: UnGraph<(), ()> = UnGraph::new_undirected();
        (0..n).for_each(|_| { either.add_node(()); });
        either.extend_with_edges(pairs());
        let index = petgraph::graph::NodeIndex::new;

        let ours: BTreeMap<_, _> =
            algo::dijkstra(g.directed(), NodeId(0), None, |_| 1u32).into_iter().map(|(n, d)| (n.index(), d)).collect();
        let theirs: BTreeMap<_, _> =
            algo::dijkstra(&plain, index(0), None, |_| 1u32).into_iter().map(|(n, d)| (n.index(), d)).collect();
        prop_assert_eq!(ours, theirs);
        let ours: BTreeMap<_, _> =
            algo::dijkstra(g.undirected(), NodeId(0), None, |_| 1u32).into_iter().map(|(n, d)| (n.index(), d)).collect();
        let theirs: BTreeMap<_, _> =
            algo::dijkstra(&either, index(0), None, |_| 1u32).into_iter().map(|(n, d)| (n.index(), d)).collect();
        prop_assert_eq!(ours, theirs);

        let last = NodeId(n as u32 - 1);
        let ours = algo::astar(g.undirected(), NodeId(0), |x| x == last, |_| 1u32, |_| 0).map(|p| p.0);
        let theirs = algo::astar(&either, index(0), |x| x.index() == n - 1, |_| 1u32, |_| 0).map(|p| p.0);
        prop_assert_eq!(ours, theirs);
        prop_assert_eq!(algo::connected_components(g.directed()), algo::connected_components(&plain));
        prop_assert_eq!(algo::toposort(g.directed(), None).is_ok(), algo::toposort(&plain, None).is_ok());
        prop_assert_eq!(algo::is_cyclic_directed(g.directed()), algo::is_cyclic_directed(&plain));
        prop_assert_eq!(algo::is_bipartite_undirected(g.undirected(), NodeId(0)),
                        algo::is_bipartite_undirected(&either, index(0)));
        let sets = |all: Vec<Vec<usize>>| {
            let mut all: Vec<_> = all.into_iter().map(|mut c| { c.sort_unstable(); c }).collect();
            all.sort();
            all
        };
        let ours = algo::tarjan_scc(g.directed()).into_iter().map(|c| c.into_iter().map(NodeId::index).collect());
        let theirs = algo::tarjan_scc(&plain).into_iter().map(|c| c.into_iter().map(|n| n.index()).collect());
        prop_assert_eq!(sets(ours.collect()), sets(theirs.collect()));
        let ours: Vec<f64> = algo::page_rank(g.directed(), 0.85f64, 20);
        let theirs: Vec<f64> = algo::page_rank(&plain, 0.85f64, 20);
        prop_assert!(ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() < 1e-9));

        let weight = |all: Vec<petgraph::data::Element<NodeId, EdgeId>>| {
            all.iter().filter(|e| matches!(e, petgraph::data::Element::Edge { .. })).count()
        };
        let theirs = algo::min_spanning_tree(&either).filter(|e| matches!(e, petgraph::data::Element::Edge { .. }));
        prop_assert_eq!(weight(algo::min_spanning_tree(g.undirected()).collect()), theirs.count());
        for v in g.nodes() {
            for w in g.nodes() {
                use petgraph::visit::GetAdjacencyMatrix;
                let theirs = plain.find_edge(index(v.index()), index(w.index())).is_some();
                prop_assert_eq!(g.directed().is_adjacent(&(), v, w), theirs);
            }
            for e in g.undirected().edges_directed(v, petgraph::Direction::Incoming) {
                prop_assert_eq!(e.target(), v);
            }
        }
        if let Some(a) = g.relation_id("A") {
            let only: DiGraph<(), ()> = {
                let mut only = DiGraph::new();
                (0..n).for_each(|_| { only.add_node(()); });
                only.extend_with_edges(edges.iter().filter(|e| e.1 == 1).map(|e| (e.0 as u32, e.2 as u32)));
                only
            };
            let view = g.of_relation(a);
            prop_assert_eq!(petgraph::visit::EdgeCount::edge_count(&view), only.edge_count());
            prop_assert_eq!(petgraph::visit::IntoEdgeReferences::edge_references(view).count(), only.edge_count());
            prop_assert_eq!(algo::tarjan_scc(view).len(), algo::tarjan_scc(&only).len());
        }
    }

    #[test]
    fn properties_come_back(values in prop::collection::vec((0..3usize, value()), 1..25), order in any::<u64>()) {
        let mut b = Builder::new(SchemaMode::Open);
        let nodes: Vec<_> = values.iter().map(|_| b.add_node(&["Ö"], vec![]).unwrap()).collect();
        let keys = ["name", "k", "ö k"];
        let mut places: Vec<usize> = (0..values.len()).collect();
        // Any order of setting gives the same graph.
        places.sort_by_key(|&at| (at as u64 + 1).wrapping_mul(order | 1));
        for &at in &places {
            b.set_node_property(nodes[at], keys[values[at].0], values[at].1.clone()).unwrap();
        }
        let g = b.freeze().unwrap();
        prop_assert_eq!(check(&g).faults, Vec::<String>::new());
        for (node, (key, value)) in nodes.iter().zip(&values) {
            let read = g.key_id(keys[*key]).map_or(Property::Null, |k| g.node_property(*node, k).to_owned());
            prop_assert_eq!(&read, value);
        }
        prop_assert_eq!(g.thaw().unwrap().freeze().unwrap().as_bytes().to_vec(), g.as_bytes().to_vec());
        let mut out = Vec::new();
        export_jsonl(&g, &mut out).unwrap();
        let mut importer = Importer::new();
        importer.jsonl(out.as_slice(), "x").unwrap();
        let again = importer.finish().unwrap().freeze().unwrap();
        let mut twice = Vec::new();
        export_jsonl(&again, &mut twice).unwrap();
        prop_assert_eq!(String::from_utf8(out).unwrap(), String::from_utf8(twice).unwrap());
    }
}
