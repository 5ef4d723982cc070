//! Walks paths twice: with a pattern of the query language, and with an algorithm of petgraph on the same graph.
//!
//! ```text
//! cargo run --example walk_paths [FOLDER]       the folder is examples/corpus unless another is given
//! ```
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::collections::BTreeMap;
use std::error::Error;

use samband::graph::Graph;
use samband::pipeline::{self, Settings};
use samband::query::answer::{Options, Params};
use samband::query::{self, names, value::Value};
use samband::render;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "examples/corpus".to_owned());
    let (graph, report) = pipeline::build(&[folder], None, &Settings::usual()?, &|_| {})?;
    println!("{} documents read", report.read);

    // The query language: paths are values, their steps can be counted and shown as a chain.
    let pattern =
        "MATCH p = ALL SHORTEST (a)-[*]-(b) WHERE a = entity('Luleå') AND b = entity('Austin') RETURN p LIMIT 3";
    let answer = query::run(&graph, pattern, &Params::new(), &Options::default())?;
    println!("\nshortest paths from Luleå to Austin");
    for value in answer.rows.iter().flatten() {
        if let Value::Path(path) = value {
            println!("  {} ({} steps)", render::chain(path, &graph), path.edges.len());
        }
    }

    reach(&graph);
    Ok(())
}

/// petgraph: the graph is behind its traits, so that its algorithms run on it as they are, without a copy.
fn reach(graph: &Graph) {
    let start = names::resolve(graph, "Luleå", &|_| true).and_then(|found| found.nodes.first().copied());
    let Some(start) = start else {
        println!("\nthese documents do not name Luleå");
        return;
    };
    let steps = petgraph::algo::dijkstra(graph.undirected(), start, None, |_| 1_u32);
    // The map has no order: count into one that has.
    let mut many: BTreeMap<u32, usize> = BTreeMap::new();
    steps.values().for_each(|&n| *many.entry(n).or_default() += 1);
    println!();
    for (n, count) in many {
        println!("{count:>5} entities and documents {n} steps from {}", graph.node_name(start));
    }
}
