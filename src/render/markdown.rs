//! A Markdown table (GitHub's pipes).

use super::cell::value_text;
use crate::graph::Graph;
use crate::query::answer::Answer;

/// What Markdown or HTML inside it would take for markup is escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '~' | '#' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

/// The table.
pub(super) fn table(answer: &Answer, graph: &Graph) -> String {
    if answer.columns.is_empty() {
        return String::new();
    }
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(answer.columns.iter().map(|c| escaped(&super::clean(c))).collect());
    out.push_str(&line(vec!["---".to_owned(); answer.columns.len()]));
    for row in &answer.rows {
        out.push_str(&line(row.iter().map(|v| escaped(&value_text(v, graph))).collect()));
    }
    out
}
