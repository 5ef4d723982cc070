//! Statements that ask for too much end within their limits, with an answer or a clear error.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::graph::{Builder, Graph, SchemaMode};
use crate::query::answer::{Cancel, Clock, Limits, Options, Params};
use crate::query::error::{Detail, ErrorType};
use crate::query::scratch::Scratch;
use crate::query::value::Value;

struct Watch(Instant);

impl Clock for Watch {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

fn options() -> Options {
    let time = Some(Duration::from_millis(100));
    let limits = Limits { rows: 10_000, time, path_length: 64, memory: 64 << 20 };
    Options { limits, clock: Arc::new(Watch(Instant::now())), ..Options::default() }
}

/// Every node tied to every other.
fn dense(n: usize) -> Graph {
    let mut b = Builder::new(SchemaMode::Open);
    let nodes: Vec<_> =
        (0..n).map(|i| b.add_node(&["N"], vec![("name".into(), format!("n{i}").into())]).unwrap()).collect();
    for a in &nodes {
        for c in &nodes {
            if a != c {
                b.add_edge(*a, "R", *c, vec![]).unwrap();
            }
        }
    }
    b.freeze().unwrap()
}

#[test]
fn hostile_statements_end_within_their_limits() {
    let g = dense(40);
    let nested = |open: &str, inner: &str, close: &str, n: usize| {
        format!("RETURN {}{inner}{} AS x", open.repeat(n), close.repeat(n))
    };
    let statements: Vec<String> = [
        "MATCH (a), (b), (c), (d), (e) RETURN count(*)",
        "MATCH (a), (b), (c), (d) RETURN a, b, c, d",
        "MATCH (a), (b), (c), (d) RETURN a.name + b.name + c.name + d.name AS s ORDER BY s",
        "MATCH (a), (b), (c), (d) RETURN collect(a.name + b.name + c.name + d.name)",
        "MATCH (a), (b), (c), (d) WITH DISTINCT a, b, c, d RETURN count(*)",
        "MATCH p = (a)-[*]->(b) RETURN count(p)",
        "MATCH p = (a)-[*]-(b) RETURN p ORDER BY length(p) DESC",
        "MATCH (a)-[*5..]->(b) RETURN DISTINCT b",
        "MATCH p = (a)-[*]->(a) RETURN p LIMIT 1000000000",
        "MATCH p = ACYCLIC (a)-->+(b) RETURN count(*)",
        "MATCH p = SIMPLE (a)-->+(b) RETURN count(*)",
        "MATCH p = WALK (a)-->{1,60}(b) RETURN count(*)",
        "MATCH p = SHORTEST 1000000 (a)-->+(b) RETURN count(*)",
        "MATCH p = ANY SHORTEST ((a)-->+(b)-->+(c)) RETURN count(*)",
        "MATCH p = ((x)-->(y)-->(z)){1,50} RETURN count(*)",
        "MATCH p = ((x)--(y)){0,} RETURN count(*)",
        "MATCH (a) WHERE COUNT { (a)-->()-->()-->()-->() } > 5 RETURN a",
        "MATCH (a) RETURN [p = (a)-[*]->() | p]",
        "MATCH p = allShortestPaths((a)-[*]-(b)) RETURN count(*)",
        "RETURN range(0, 1000000000000)",
        "UNWIND range(0, 2000000) AS x UNWIND range(0, 2000000) AS y RETURN count(*)",
        "RETURN size([x IN range(1, 2000000) | range(1, 1000)])",
        "RETURN reduce(s = 'x', i IN range(1, 60) | s + s)",
        "RETURN reduce(s = [1], i IN range(1, 60) | s + s)",
        "RETURN reduce(s = [1], i IN range(1, 60) | [s, s])",
        "RETURN reduce(s = {a: 1}, i IN range(1, 60) | {a: s, b: s}) AS m",
        "WITH replace(reduce(s = 'a', i IN range(1, 20) | s + s), 'a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') AS s RETURN size(replace(s, 'a', s))",
        "RETURN all(x IN range(1, 2000000) WHERE any(y IN range(1, 2000000) WHERE x * y < 0))",
        "RETURN 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab' =~ '(a+)+$'",
        "RETURN 'a' =~ '((a{1,1000}){1,1000}){1,1000}'",
        "UNWIND range(1, 1000000) AS x RETURN x, count(*) ORDER BY x DESC LIMIT 3",
        "UNWIND range(1, 100000) AS x RETURN collect(DISTINCT x % 7), percentileCont(x, 0.5)",
        "MATCH (a) OPTIONAL MATCH (b) OPTIONAL MATCH (c) OPTIONAL MATCH (d) OPTIONAL MATCH (e) RETURN count(*)",
        "MATCH (a) WHERE EXISTS { (a)-[*]->(b) WHERE b.name = 'nobody' } RETURN a",
        "RETURN 9223372036854775807 + 1",
        "RETURN date() + duration('P9223372036854775807Y')",
        "RETURN substring('abc', 0, 9223372036854775807), left('abc', 9223372036854775807)",
        "RETURN [1, 2, 3][-9223372036854775808..9223372036854775807]",
        "MATCH (a) RETURN a UNION MATCH (a), (b), (c) RETURN a",
        "RETURN range(1, 9223372036854775807, 9223372036854775807)",
        "RETURN round(1e308, 15), 10 ^ 400, -5 % 0.0",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([
        nested("[", "1", "]", 90),
        nested("(", "1", ")", 90),
        nested("[", "1", "]", 5_000),
        nested("NOT ", "true", "", 5_000),
        nested("-", "1", "", 5_000),
        nested("CASE WHEN true THEN ", "1", " END", 90),
        format!("RETURN {}1 AS x", "1 + ".repeat(20_000)),
        format!("RETURN {}1 AS x", "1 + ".repeat(280)),
        format!("RETURN {}1 AS x", "1 ^ ".repeat(280)),
        format!("RETURN true{} AS x", " AND true".repeat(20_000)),
        format!("MATCH (a){} RETURN count(*)", "-->()".repeat(500)),
        format!("MATCH {} RETURN count(*)", (0..200).map(|i| format!("(a{i})")).collect::<Vec<_>>().join(", ")),
        format!("{} RETURN x", "WITH 1 AS x ".repeat(1_900)),
        format!("{} RETURN x", "WITH 1 AS x WHERE x = 1 ".repeat(900)),
        format!("{} RETURN 1", "OPTIONAL MATCH (:Nowhere) ".repeat(600)),
        format!("{} RETURN 1", "UNWIND [1] AS x WITH DISTINCT x ORDER BY x LIMIT 1 ".repeat(300)),
        format!("RETURN 1 AS x {}", "UNION RETURN 1 AS x ".repeat(1_000)),
        format!("MATCH (a) WHERE {}true{} RETURN a", "EXISTS { MATCH (a)-->(b) WHERE ".repeat(20), " }".repeat(20)),
    ])
    .collect();
    for statement in statements {
        let start = Instant::now();
        let outcome = crate::query::run(&g, &statement, &Params::new(), &options());
        let took = start.elapsed();
        let short: String = statement.chars().take(90).collect();
        // Generous, for a debug build on a busy machine: what counts is that it ends.
        assert!(took < Duration::from_secs(10), "{short} took {took:?}");
        if let Err(e) = outcome {
            assert!(!e.message.is_empty() && e.render(&statement).contains(&e.message), "{short}");
            assert_ne!(e.detail, Detail::NotSupported, "{short}");
        }
    }
}

#[test]
fn limits_speak_when_they_bite() {
    let g = dense(12);
    let run = |statement: &str, limits: Limits| {
        let clock = Arc::new(Watch(Instant::now()));
        crate::query::run(&g, statement, &Params::new(), &Options { limits, clock, ..Options::default() })
    };
    let cut = run("MATCH (a), (b) RETURN a, b", Limits { rows: 10, ..Limits::default() }).unwrap();
    assert_eq!(cut.rows.len(), 10);
    assert!(cut.notes[0].contains("10 rows"), "{:?}", cut.notes);
    let all = run("MATCH (a) RETURN a", Limits { rows: 12, ..Limits::default() }).unwrap();
    assert!(all.notes.is_empty(), "a limit that is just reached does not bite");
    let short = run("MATCH (a {name: 'n0'})-[*]->(b) RETURN count(*)", Limits { path_length: 2, ..Limits::default() });
    assert!(short.unwrap().notes[0].contains("longer than 2"));
    let late = run(
        "MATCH p = (a)-[*]->(b) RETURN count(*)",
        Limits { time: Some(Duration::from_millis(20)), ..Limits::default() },
    );
    let late = late.unwrap_err();
    assert_eq!((late.error_type, late.detail), (ErrorType::LimitError, Detail::OutOfTime));
    let big = run("UNWIND range(1, 100000) AS x RETURN collect(x)", Limits { memory: 1 << 20, ..Limits::default() });
    assert_eq!(big.unwrap_err().detail, Detail::OutOfMemory);
}

#[test]
fn a_statement_can_be_stopped() {
    let g = dense(30);
    let cancel = Cancel::new();
    let options = Options { cancel: cancel.clone(), ..Options::default() };
    let outcome = std::thread::scope(|scope| {
        let running =
            scope.spawn(|| crate::query::run(&g, "MATCH p = (a)-[*]->(b) RETURN count(*)", &Params::new(), &options));
        std::thread::sleep(Duration::from_millis(30));
        cancel.cancel();
        running.join().unwrap()
    });
    assert_eq!(outcome.unwrap_err().detail, Detail::Interrupted);
}

#[test]
fn a_failed_write_leaves_the_graph_as_it_was() {
    let mut scratch = Scratch::new().unwrap();
    let (params, options) = (Params::new(), options());
    scratch.run("CREATE (:A {v: 1})-[:R]->(:B)", &params, &options).unwrap();
    let before = scratch.graph().as_bytes().to_vec();
    for wrong in [
        "MATCH (a:A) SET a.v = 2 WITH a DELETE a",
        "CREATE (x:X) RETURN 1 / 0",
        "UNWIND [1, 'a'] AS x CREATE ({v: -x})",
    ] {
        assert!(scratch.run(wrong, &params, &options).is_err(), "{wrong}");
        assert_eq!(scratch.graph().as_bytes(), before, "{wrong}");
    }
    let answer = scratch.run("MATCH (a:A) SET a.v = a.v + 1, a.w = a.v RETURN a.v, a.w", &params, &options).unwrap();
    assert_eq!(answer.rows, [[Value::Int(2), Value::Int(2)]]);
}
