//! An answer for people: a table cut to the width of the screen, chains drawn, headings and footers.

use std::fmt::Write as _;

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

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
    let number = |at: usize| style.numbered.then(|| (at + 1).to_string());
    let heads: Vec<String> = style
        .numbered
        .then(|| "#".to_owned())
        .into_iter()
        .chain(columns.iter().map(|&c| super::clean(&answer.columns[c])))
        .collect();
    let lines: Vec<Vec<String>> = range
        .map(|at| {
            let row = &answer.rows[at];
            let cells = columns.iter().map(|&c| row.get(c).map(|v| value_text(v, graph)).unwrap_or_default());
            number(at).into_iter().chain(cells).collect()
        })
        .collect();
    // The longest word of each column: narrower, words would be cut in two.
    let words: Vec<usize> = (0..heads.len())
        .map(|c| lines.iter().map(|l| &l[c]).chain([&heads[c]]).map(|t| longest_word(t)).max().unwrap_or(1))
        .collect();
    if let Some(width) = style.width
        && words.iter().map(|w| w + 3).sum::<usize>() > width + 1
    {
        return records(&heads, &lines, width, style.numbered, out);
    }
    let mut table = Table::new();
    table.load_style(STYLE);
    table.set_header(heads);
    for line in lines {
        table.add_row(line);
    }
    if let Some(width) = style.width {
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
        for (column, word) in table.column_iter_mut().zip(words) {
            let least = u16::try_from(word + 2).unwrap_or(u16::MAX);
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
        }
    }
    for line in table.to_string().lines() {
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn longest_word(text: &str) -> usize {
    text.split_whitespace().map(UnicodeWidthStr::width).max().unwrap_or(1)
}

/// Rows below each other, a line a column: for screens on which the columns do not fit side by side.
fn records(heads: &[String], lines: &[Vec<String>], width: usize, numbered: bool, out: &mut String) {
    let head = heads.iter().map(|h| h.width()).max().unwrap_or(0).min(width / 3);
    let room = width.saturating_sub(head + 4).max(8);
    for (at, line) in lines.iter().enumerate() {
        if at > 0 || numbered {
            let _ = writeln!(out, "{}", if numbered { format!("─ {}", line[0]) } else { "─".to_owned() });
        }
        for (name, text) in heads.iter().zip(line).skip(usize::from(numbered)).filter(|(_, text)| !text.is_empty()) {
            for (i, part) in wrapped(text, room).iter().enumerate() {
                let name = if i == 0 { name.as_str() } else { "" };
                let _ = writeln!(out, "  {name}{}  {part}", " ".repeat(head.saturating_sub(name.width())));
            }
        }
    }
}

/// A text in lines of some width, broken between words, and inside one only where it is longer than a line.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.width();
        if used > 0 && used + 1 + length > width {
            out.push(String::new());
            used = 0;
        }
        if used > 0 {
            out.last_mut().into_iter().for_each(|line| line.push(' '));
            used += 1;
        }
        for c in word.chars() {
            let length = c.width().unwrap_or(0);
            if used + length > width {
                out.push(String::new());
                used = 0;
            }
            out.last_mut().into_iter().for_each(|line| line.push(c));
            used += length;
        }
    }
    out
}
