//! Laws of paths and plans on random graphs: the engine against a plain enumerator, and against itself without
//! optimisation.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::graph::{Builder, Direction, EdgeId, Graph, NodeId, SchemaMode};
use crate::query::answer::{Answer, Limits, Options, Params};
use crate::query::value::Value;

/// Few cases, unless PROPTEST_CASES asks for more.
fn config() -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let default = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if asked { default } else { ProptestConfig { cases: 64, ..default } }
}

/// A graph as numbers: nodes with labels and a number, edges with a type.
#[derive(Debug, Clone)]
struct Spec {
    nodes: Vec<(u8, i64)>,
    edges: Vec<(usize, usize, u8)>,
}

fn spec() -> impl Strategy<Value = Spec> {
    (1usize..6).prop_flat_map(|n| {
        let nodes = prop::collection::vec((0u8..4, 0i64..3), n);
        let edges = prop::collection::vec((0..n, 0..n, 0u8..2), 0..9);
        (nodes, edges).prop_map(|(nodes, edges)| Spec { nodes, edges })
    })
}

fn build(spec: &Spec) -> Graph {
    let mut b = Builder::new(SchemaMode::Open);
    let labels: [&[&str]; 4] = [&[], &["X"], &["Y"], &["X", "Y"]];
    let mut ids = Vec::new();
    for (i, (l, v)) in spec.nodes.iter().enumerate() {
        let properties = vec![("v".into(), (*v).into()), ("name".into(), format!("n{i}").into())];
        ids.push(b.add_node(labels[usize::from(*l)], properties).unwrap());
    }
    for (i, (from, to, t)) in spec.edges.iter().enumerate() {
        let properties = vec![("w".into(), (i as i64 % 3).into())];
        b.add_edge(ids[*from], if *t == 0 { "A" } else { "B" }, ids[*to], properties).unwrap();
    }
    b.freeze().unwrap()
}

fn options(naive: bool) -> Options {
    Options { naive, limits: Limits { rows: 1_000_000, ..Limits::default() }, ..Options::default() }
}

fn ask(graph: &Graph, query: &str) -> Answer {
    crate::query::run(graph, query, &Params::new(), &options(false)).unwrap_or_else(|e| panic!("{}", e.render(query)))
}

/// Rows as sorted text: a bag.
fn bag(a: &Answer) -> Vec<String> {
    let mut rows: Vec<String> = a.rows.iter().map(|r| format!("{r:?}")).collect();
    rows.sort();
    rows
}

type Walked = (Vec<NodeId>, Vec<EdgeId>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Walk,
    Trail,
    Acyclic,
    Simple,
}

/// Every path of min..=max edges of type A (or any) in a mode, written for plainness.
fn enumerate(g: &Graph, mode: Mode, direction: Direction, only_a: bool, min: usize, max: usize) -> Vec<Walked> {
    let mut found = Vec::new();
    let mut todo: Vec<Walked> = g.nodes().map(|n| (vec![n], vec![])).collect();
    while let Some((nodes, edges)) = todo.pop() {
        let fits = match mode {
            Mode::Walk => true,
            Mode::Trail => edges.iter().collect::<BTreeSet<_>>().len() == edges.len(),
            Mode::Acyclic => nodes.iter().collect::<BTreeSet<_>>().len() == nodes.len(),
            Mode::Simple => {
                let inner = nodes[1..].iter().collect::<BTreeSet<_>>().len() == nodes.len() - 1;
                let closed = nodes.len() > 1 && nodes.first() == nodes.last();
                let all = nodes.iter().collect::<BTreeSet<_>>().len() == nodes.len();
                (all || (closed && inner)) && edges.iter().collect::<BTreeSet<_>>().len() == edges.len()
            }
        };
        if fits && edges.len() >= min {
            found.push((nodes.clone(), edges.clone()));
        }
        if edges.len() == max {
            continue;
        }
        let at = nodes[nodes.len() - 1];
        for e in g.edges() {
            let (from, relation, to) = g.edge(e);
            if only_a && g.relation_name(relation) != "A" {
                continue;
            }
            let mut go = |n: NodeId| {
                let (mut nodes, mut edges) = (nodes.clone(), edges.clone());
                nodes.push(n);
                edges.push(e);
                todo.push((nodes, edges));
            };
            if from == at && direction != Direction::In {
                go(to);
            }
            if to == at && direction != Direction::Out && !(from == to && direction == Direction::Both) {
                go(from);
            }
        }
    }
    found.sort();
    found
}

fn paths(a: &Answer) -> Vec<Walked> {
    let mut found: Vec<Walked> = a
        .rows
        .iter()
        .map(|r| match &r[0] {
            Value::Path(p) => (p.nodes.clone(), p.edges.clone()),
            other => panic!("not a path: {other:?}"),
        })
        .collect();
    found.sort();
    found
}

fn arrow(direction: Direction) -> (&'static str, &'static str) {
    match direction {
        Direction::Out => ("-", "->"),
        Direction::In => ("<-", "-"),
        Direction::Both => ("-", "-"),
    }
}

const DIRECTIONS: [Direction; 3] = [Direction::Out, Direction::In, Direction::Both];

/// The shortest of paths between each pair of ends: all of the `groups` least lengths.
fn shortest(all: &[Walked], groups: usize) -> Vec<Walked> {
    let mut kept = Vec::new();
    for p in all {
        let ends = |q: &Walked| (q.0[0], q.0[q.0.len() - 1]);
        let lengths: BTreeSet<usize> = all.iter().filter(|q| ends(q) == ends(p)).map(|q| q.1.len()).collect();
        if lengths.iter().take(groups).any(|l| *l == p.1.len()) {
            kept.push(p.clone());
        }
    }
    kept
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn repeated_relationships_are_the_paths_of_their_mode(s in spec(), min in 0usize..3, more in 0usize..3) {
        let g = build(&s);
        let max = min + more;
        for direction in DIRECTIONS {
            let (l, r) = arrow(direction);
            for (word, mode) in [("TRAIL", Mode::Trail), ("ACYCLIC", Mode::Acyclic), ("SIMPLE", Mode::Simple), ("WALK", Mode::Walk)] {
                let wanted = enumerate(&g, mode, direction, true, min, max);
                let query = format!("MATCH p = {word} (a){l}[:A]{r}{{{min},{max}}}(b) RETURN p");
                prop_assert_eq!(&paths(&ask(&g, &query)), &wanted, "{}", query);
                // A group of one step is the step repeated; its variables are lists as long as the path.
                let query = format!("MATCH p = {word} ((x){l}[e:A]{r}(y)){{{min},{max}}} WHERE size(e) = length(p) AND size(x) = size(y) RETURN p");
                prop_assert_eq!(&paths(&ask(&g, &query)), &wanted, "{}", query);
            }
            if min > 0 {
                let query = format!("MATCH p = (a){l}[:A*{min}..{max}]{r}(b) RETURN p");
                prop_assert_eq!(paths(&ask(&g, &query)), enumerate(&g, Mode::Trail, direction, true, min, max), "{}", query);
            }
        }
    }

    #[test]
    fn a_repetition_of_exactly_n_is_a_chain_of_n(s in spec()) {
        let g = build(&s);
        for direction in DIRECTIONS {
            let (l, r) = arrow(direction);
            let step = format!("{l}[]{r}");
            for n in 1..=3 {
                let chain = format!("MATCH p = (a){} RETURN p", format!("{step}()").repeat(n));
                let repeated = format!("MATCH p = (a){l}[*{n}..{n}]{r}() RETURN p");
                prop_assert_eq!(paths(&ask(&g, &chain)), paths(&ask(&g, &repeated)));
            }
        }
    }

    #[test]
    fn selectors_keep_the_shortest(s in spec(), max in 1usize..5, from_zero: bool, bound: bool) {
        let g = build(&s);
        let min = usize::from(!from_zero);
        for direction in DIRECTIONS {
            let (l, r) = arrow(direction);
            let all = enumerate(&g, Mode::Trail, direction, false, min, max);
            // With both ends bound first, another way of searching is taken.
            let before = if bound { "MATCH (a), (b) " } else { "" };
            let q = |selector: &str| format!("{before}MATCH p = {selector} (a){l}[]{r}{{{min},{max}}}(b) RETURN p");
            prop_assert_eq!(paths(&ask(&g, &q("ALL SHORTEST"))), shortest(&all, 1), "{}", q("ALL SHORTEST"));
            prop_assert_eq!(paths(&ask(&g, &q("SHORTEST 2 GROUPS"))), shortest(&all, 2));
            let ends = |p: &Walked| (p.0[0], p.0[p.0.len() - 1], p.1.len());
            let one = paths(&ask(&g, &q("ANY SHORTEST")));
            let wanted: BTreeSet<_> = shortest(&all, 1).iter().map(ends).collect();
            prop_assert_eq!(one.len(), wanted.len(), "{}", q("ANY SHORTEST"));
            prop_assert_eq!(one.iter().map(ends).collect::<BTreeSet<_>>(), wanted);
            prop_assert!(one.iter().all(|p| all.contains(p)));
            // k shortest: as many as there are, up to k for each pair of ends, none longer than one left out.
            let three = paths(&ask(&g, &q("SHORTEST 3")));
            for (a, b) in all.iter().map(|p| (p.0[0], p.0[p.0.len() - 1])).collect::<BTreeSet<_>>() {
                let of = |ps: &[Walked]| -> Vec<usize> {
                    let mut l: Vec<usize> = ps.iter().filter(|p| p.0[0] == a && p.0[p.0.len() - 1] == b).map(|p| p.1.len()).collect();
                    l.sort_unstable();
                    l
                };
                let mut least = of(&all);
                least.truncate(3);
                prop_assert_eq!(of(&three), least);
            }
        }
    }

    #[test]
    fn distinct_ends_are_the_ends_of_the_paths(s in spec(), min in 0usize..2, more in 0usize..4) {
        let g = build(&s);
        let max = min + more;
        for direction in DIRECTIONS {
            let (l, r) = arrow(direction);
            let all = enumerate(&g, Mode::Trail, direction, false, min, max);
            let wanted: BTreeSet<(NodeId, NodeId)> = all.iter().map(|p| (p.0[0], p.0[p.0.len() - 1])).collect();
            let query = format!("MATCH (a){l}[]{r}{{{min},{max}}}(b) RETURN DISTINCT a, b");
            let got: Vec<(NodeId, NodeId)> = ask(&g, &query).rows.iter().map(|r| match (&r[0], &r[1]) {
                (Value::Node(a), Value::Node(b)) => (*a, *b),
                other => panic!("not nodes: {other:?}"),
            }).collect();
            prop_assert_eq!(got.len(), wanted.len(), "{}", query);
            prop_assert_eq!(got.into_iter().collect::<BTreeSet<_>>(), wanted, "{}", query);
        }
    }

    #[test]
    fn the_optimised_plan_gives_what_the_naive_plan_gives(s in spec(), choices in prop::collection::vec(any::<u8>(), 0..60)) {
        let g = build(&s);
        let query = Chooser { choices: &choices, at: 0, names: 0 }.query();
        let fast = crate::query::run(&g, &query, &Params::new(), &options(false));
        let slow = crate::query::run(&g, &query, &Params::new(), &options(true));
        match (fast, slow) {
            (Ok(fast), Ok(slow)) => prop_assert_eq!(bag(&fast), bag(&slow), "{}", query),
            (Err(fast), Err(slow)) => prop_assert_eq!(fast.detail, slow.detail, "{}", query),
            (Err(e), _) | (_, Err(e)) => prop_assert!(false, "{}", e.render(&query)),
        }
    }
}

/// Makes a query of a list of numbers, so that a shorter list makes a simpler query.
struct Chooser<'c> {
    choices: &'c [u8],
    at: usize,
    names: usize,
}

impl Chooser<'_> {
    fn pick<'o>(&mut self, of: &[&'o str]) -> &'o str {
        let n = self.choices.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        of[usize::from(n) % of.len()]
    }

    fn some(&mut self) -> bool {
        self.pick(&["", "x"]) == "x"
    }

    /// A node that is known, or a new one.
    fn node(&mut self, nodes: &mut Vec<String>) -> String {
        let known = nodes.len().min(3);
        let name = match self.pick(&["new", "old", "none"]) {
            "old" if known > 0 => {
                let at = usize::from(self.choices.get(self.at).copied().unwrap_or(0)) % nodes.len();
                self.at += 1;
                return format!("({})", nodes[at]);
            }
            "none" => String::new(),
            _ => {
                self.names += 1;
                let name = format!("n{}", self.names);
                nodes.push(name.clone());
                name
            }
        };
        let labels = self.pick(&["", "", ":X", ":Y", ":X&Y", ":X|Y", ":!X", ":%"]);
        let properties = self.pick(&["", "", "", " {v: 1}", " {name: 'n0'}", " WHERE true"]);
        format!("({name}{labels}{properties})")
    }

    fn path(&mut self, nodes: &mut Vec<String>, edges: &mut Vec<String>) -> String {
        let selector = self.pick(&["", "", "", "", "ANY SHORTEST ", "ALL SHORTEST "]);
        let mut text = self.node(nodes);
        if selector.starts_with("ALL") {
            let types = self.pick(&["", ":A"]);
            let end = self.node(nodes);
            return format!("{selector}{text}-[{types}]->{{1,3}}{end}");
        }
        for _ in 0..usize::from(self.choices.get(self.at).copied().unwrap_or(0) % 3) {
            self.at += 1;
            let types = self.pick(&["", ":A", ":B", ":A|B", ":C"]);
            let repeat = self.pick(&["", "", "", "*1..2", "*0..1", "*2"]);
            let name = if self.some() {
                self.names += 1;
                let name = format!("r{}", self.names);
                if repeat.is_empty() {
                    edges.push(name.clone());
                }
                name
            } else {
                String::new()
            };
            let (l, r) = match self.pick(&["out", "in", "both"]) {
                "out" => ("-", "->"),
                "in" => ("<-", "-"),
                _ => ("-", "-"),
            };
            let end = self.node(nodes);
            text = format!("{text}{l}[{name}{types}{repeat}]{r}{end}");
        }
        text
    }

    fn condition(&mut self, nodes: &[String], edges: &[String]) -> String {
        let n = |s: &mut Self| {
            nodes.get(usize::from(s.choices.get(s.at).copied().unwrap_or(0)) % nodes.len().max(1)).cloned()
        };
        let Some(a) = n(self) else { return "true".into() };
        self.at += 1;
        let b = n(self).unwrap_or_else(|| a.clone());
        self.at += 1;
        let e = edges.first().cloned();
        match self.pick(&["eq", "lt", "name", "label", "in", "exists", "not", "or", "edge", "count", "null"]) {
            "eq" => format!("{a}.v = {b}.v"),
            "lt" => format!("{a}.v < {b}.v"),
            "name" => format!("{a}.name = 'n1'"),
            "label" => format!("{a}:X"),
            "in" => format!("{a}.v IN [0, 2]"),
            "exists" => format!("({a})-[:A]->()"),
            "not" => format!("NOT ({a})--({b})"),
            "or" => format!("({a}.v = 1 OR {b}:Y)"),
            "edge" => e.map_or_else(|| "true".into(), |e| format!("{e}.w > 0")),
            "count" => format!("COUNT {{ ({a})-->(x) WHERE x.v >= {b}.v }} > 0"),
            _ => format!("{a}.v IS NOT NULL"),
        }
    }

    fn clause(&mut self, nodes: &mut Vec<String>, edges: &mut Vec<String>, optional: bool) -> String {
        let mut text = String::from(if optional { "OPTIONAL MATCH " } else { "MATCH " });
        text += &self.path(nodes, edges);
        if self.some() {
            text += ", ";
            text += &self.path(nodes, edges);
        }
        if self.some() && !nodes.is_empty() {
            text += " WHERE ";
            text += &self.condition(nodes, edges);
            if self.some() {
                text += " AND ";
                text += &self.condition(nodes, edges);
            }
        }
        text
    }

    fn query(mut self) -> String {
        let (mut nodes, mut edges) = (Vec::new(), Vec::new());
        let mut text = self.clause(&mut nodes, &mut edges, false);
        if self.some() {
            text += " ";
            let optional = self.some();
            text += &self.clause(&mut nodes, &mut edges, optional);
        }
        if self.some() && !nodes.is_empty() {
            let first = nodes[0].clone();
            text += &format!(" WITH DISTINCT {first}, count(*) AS c WHERE c > 1 OR {first}.v = 0");
            nodes = vec![first];
            edges.clear();
            text += " ";
            text += &self.clause(&mut nodes, &mut edges, false);
        }
        let Some(first) = nodes.first() else { return format!("{text} RETURN count(*) AS n") };
        let what = match self.pick(&["all", "count", "distinct", "group", "minmax"]) {
            "count" => "count(*) AS n".to_owned(),
            "distinct" => format!("DISTINCT {}", nodes.last().unwrap_or(first)),
            "group" => format!("{first}, count(DISTINCT {}) AS c", nodes.last().unwrap_or(first)),
            "minmax" => format!("min({first}.name) AS a, max({}.v) AS b", nodes.last().unwrap_or(first)),
            _ => nodes.join(", "),
        };
        format!("{text} RETURN {what}")
    }
}
