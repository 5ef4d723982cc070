//! An answer as text: table, chains, json, jsonl, csv, tsv, markdown, dot. Computes no answer and prints nothing.
//!
//! Text from documents is untrusted wherever it lands: what a terminal, a spreadsheet, Graphviz or a browser would take
//! for a command is taken out or escaped here, in one place for each form.

mod cell;
mod delimited;
mod dot;
pub mod json;
mod markdown;
mod table;

pub use cell::{chain, clean, value_text};
pub use dot::{Drawing, draw};
pub use table::{TableStyle, table};

use crate::graph::Graph;
use crate::query::answer::Answer;

/// The forms of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// For people: a table, or chains drawn.
    Table,
    /// One JSON document with a version field.
    Json,
    /// One JSON object a row.
    Jsonl,
    /// RFC 4180.
    Csv,
    /// Tab-separated, one row a line.
    Tsv,
    /// A Markdown table.
    Markdown,
    /// A Graphviz drawing.
    Dot,
}

impl Form {
    /// All forms with their word and the ending of their files.
    pub const ALL: [(Form, &'static str, &'static str); 7] = [
        (Form::Table, "table", "txt"),
        (Form::Json, "json", "json"),
        (Form::Jsonl, "jsonl", "jsonl"),
        (Form::Csv, "csv", "csv"),
        (Form::Tsv, "tsv", "tsv"),
        (Form::Markdown, "markdown", "md"),
        (Form::Dot, "dot", "dot"),
    ];

    /// The form with that word.
    pub fn from_word(word: &str) -> Option<Form> {
        Form::ALL.iter().find(|f| f.1 == word).map(|f| f.0)
    }

    /// The form of a file with that ending (without the dot; `gv` is dot too).
    pub fn from_ending(ending: &str) -> Option<Form> {
        if ending == "gv" {
            return Some(Form::Dot);
        }
        Form::ALL.iter().find(|f| f.2 == ending).map(|f| f.0)
    }
}

/// The answer in a form; ends with a newline where there is anything. `style` concerns tables alone.
pub fn answer(answer: &Answer, graph: &Graph, form: Form, style: &TableStyle) -> String {
    match form {
        Form::Table => table::table(answer, graph, style),
        Form::Json => json::document(answer, graph),
        Form::Jsonl => json::lines(answer, graph),
        Form::Csv => delimited::csv(answer, graph),
        Form::Tsv => delimited::tsv(answer, graph),
        Form::Markdown => markdown::table(answer, graph),
        Form::Dot => dot::draw(&dot::Drawing::of_answer(answer, graph), graph),
    }
}

#[cfg(test)]
mod tests;
