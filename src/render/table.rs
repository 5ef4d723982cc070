//! An answer for people: a table cut to the width of the screen, chains drawn, headings and footers.

use std::fmt::Write as _;

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};

use super::cell::value_text;
use crate::graph::Graph;
use crate::query::answer::{Answer, AnswerKind};
use crate::query::value::Value;

/// How a table is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableStyle {
    /// Columns of the screen; `None`: as wide as it takes.
    pub width: Option<usize>,
    /// Rows before the rest is told in the footer; `None`: all.
    pub rows: Option<usize>,
    /// Whether rows are numbered, for `:why N`.
    pub numbered: bool,
}

/// A line under the heads and none between rows: rows are many, screens are small.
const STYLE: comfy_table::TableStyle =
    comfy_table::TableStyle::new().header_separator(comfy_table::LineStyle::none().fill('─').junction('─'));

/// The table with what was understood before it and the notes after.
pub fn table(answer: &Answer, graph: &Graph, style: &TableStyle) -> String {
    let mut out = String::new();
    for line in &answer.understood {
        let _ = writeln!(out, "{}", super::clean(line));
    }
    match answer.kind {
        AnswerKind::Plan => {
            for row in &answer.rows {
                for v in row {
                    // The lines of a plan keep their indentation and breaks.
                    let text = match v {
                        Value::String(s) => s.split('\n').map(super::clean).collect::<Vec<_>>().join("\n"),
                        v => value_text(v, graph),
                    };
                    let _ = writeln!(out, "{text}");
                }
            }
        }
        AnswerKind::Done => {}
        _ if answer.rows.is_empty() && !answer.columns.is_empty() => out.push_str("no rows\n"),
        _ => rows(answer, graph, style, &mut out),
    }
    for note in &answer.notes {
        let _ = writeln!(out, "{}", super::clean(note));
    }
    out
}

/// Columns that hold nothing in any row say nothing to a reader.
fn filled(answer: &Answer, shown: &[Vec<Value>]) -> Vec<usize> {
    let questions = answer.columns.first().is_some_and(|c| c == "entity" || c == "chain");
    (0..answer.columns.len())
        .filter(|&c| !questions || shown.iter().any(|r| r.get(c).is_some_and(|v| !matches!(v, Value::Null))))
        .collect()
}

fn rows(answer: &Answer, graph: &Graph, style: &TableStyle, out: &mut String) {
    let most = style.rows.unwrap_or(usize::MAX);
    let shown = &answer.rows[..answer.rows.len().min(most)];
    let columns = filled(answer, shown);
    let mut parts: Vec<(Option<&str>, std::ops::Range<usize>)> = Vec::new();
    let mut start = 0;
    let mut heading = None;
    for (at, text) in answer.headings.iter().filter(|h| h.0 < shown.len()) {
        if *at > start || heading.is_some() {
            parts.push((heading, start..*at));
        }
        heading = Some(text.as_str());
        start = *at;
    }
    parts.push((heading, start..shown.len()));
    for (heading, range) in parts {
        if range.is_empty() {
            continue;
        }
        if let Some(text) = heading {
            let _ = writeln!(out, "\n{}", super::clean(text));
        }
        part(answer, graph, style, &columns, range, out);
    }
    let hidden = answer.rows.len() - shown.len();
    if hidden > 0 {
        let _ = writeln!(
            out,
            "{} of {} rows shown; a limit of 0 (`:limit 0`, `--limit 0`) shows all, `-o FILE` writes all",
            shown.len(),
            answer.rows.len()
        );
    }
}

fn part(
    answer: &Answer,
    graph: &Graph,
    style: &TableStyle,
    columns: &[usize],
    range: std::ops::Range<usize>,
    out: &mut String,
) {
    let mut table = Table::new();
    table.load_style(STYLE);
    if let Some(width) = style.width {
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    }
    let number = style.numbered.then(|| String::from("#"));
    table.set_header(number.into_iter().chain(columns.iter().map(|&c| super::clean(&answer.columns[c]))));
    for at in range {
        let row = &answer.rows[at];
        let number = style.numbered.then(|| (at + 1).to_string());
        table.add_row(
            number
                .into_iter()
                .chain(columns.iter().map(|&c| row.get(c).map(|v| value_text(v, graph)).unwrap_or_default())),
        );
    }
    if style.width.is_some() {
        for column in table.column_iter_mut() {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(6)));
        }
    }
    for line in table.to_string().lines() {
        let _ = writeln!(out, "{}", line.trim_end());
    }
}
