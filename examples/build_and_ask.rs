//! Builds a graph from text in memory and asks it a question: documents in, sentences out.
//!
//! ```text
//! cargo run --example build_and_ask
//! ```
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::error::Error;

use samband::pipeline::{Settings, build_bytes};
use samband::query::answer::{Options, Params};
use samband::query::value::Value;
use samband::{query, render};

/// A page as a municipality might write it; its persons are invented.
const PAGE: &str = "# Nytt från Ekby kommun

Ekby kommun är partner till Nordhamns Energi AB. Sedan 2014 samarbetar Ekby kommun med Umeå universitet.

Karin Holmgren är näringslivschef på Ekby kommun.
";

fn main() -> Result<(), Box<dyn Error>> {
    // The rules that read documents; they can be extended with `Settings::rules`.
    let settings = Settings::usual()?;
    let graph = build_bytes("nordhamn.txt", PAGE.as_bytes(), &settings)?;
    println!("{} entities and documents, {} relationships\n", graph.node_count(), graph.edge_count());

    // A question in words. How it was understood comes with the answer.
    let answer = query::run(&graph, "who are the partners of Ekby kommun", &Params::new(), &Options::default())?;
    println!("{}", answer.understood.join("\n"));
    for row in &answer.rows {
        let cells: Vec<String> = row.iter().map(|value| render::value_text(value, &graph)).collect();
        println!("  {}", cells.join(" | "));
    }

    // The same as a pattern, with the evidence. `$name` is bound, never spliced into the text.
    let pattern = "MATCH (a)-[r:PARTNERS_WITH]-(b) WHERE a.name = $name RETURN b, r";
    let mut params = Params::new();
    params.insert("name".to_owned(), Value::String("Ekby kommun".into()));
    let answer = query::run(&graph, pattern, &params, &Options::default())?;
    for row in &answer.rows {
        let [Value::Node(partner), Value::Edge(fact)] = row.as_slice() else { continue };
        println!("\n{}", graph.node_name(*partner));
        for evidence in graph.evidence(*fact)? {
            let document = &graph.documents()?[evidence.document as usize];
            println!("  “{}” ({}, by the rule {})", evidence.sentence, document.name, evidence.rule);
        }
    }
    Ok(())
}
