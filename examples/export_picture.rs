//! Draws an answer for Graphviz: prints DOT, or writes it to a file.
//!
//! ```text
//! cargo run --example export_picture | dot -Tsvg -o links.svg
//! cargo run --example export_picture links.dot
//! ```
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::error::Error;

use samband::pipeline::{self, Settings};
use samband::query::{self, answer};
use samband::render::{Drawing, draw};

fn main() -> Result<(), Box<dyn Error>> {
    let (graph, _) = pipeline::build(&["examples/corpus"], None, &Settings::usual()?, &|_| {})?;
    let question = "which partners link Luleå to Austin";
    let answer = query::run(&graph, question, &answer::Params::new(), &answer::Options::default())?;

    // What the answer holds: its chains, or its entities with the facts between them. More can be put in by hand.
    let mut drawing = Drawing::of_answer(&answer, &graph);
    drawing.title = Some(question.to_owned());
    let dot = draw(&drawing, &graph);
    match std::env::args().nth(1) {
        Some(file) => std::fs::write(file, dot)?,
        None => println!("{dot}"),
    }
    Ok(())
}
