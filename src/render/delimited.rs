//! CSV and TSV. Never cut, never a box: for programs and spreadsheets.

use super::cell::value_text;
use crate::graph::Graph;
use crate::query::answer::Answer;
use crate::query::value::Value;

/// What a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection); numbers stay bare.
fn no_formula(text: String, value: &Value) -> String {
    let number = matches!(value, Value::Int(_) | Value::Float(_));
    if !number && text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

/// RFC 4180, with a header line.
pub(super) fn csv(answer: &Answer, graph: &Graph) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail; a row of another length than the header would be a fault of the engine.
    let _ = writer.write_record(answer.columns.iter().map(|c| no_formula(super::clean(c), &Value::Null)));
    for row in &answer.rows {
        let _ = writer.write_record(row.iter().map(|v| no_formula(value_text(v, graph), v)));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// Tab-separated, with a header line; tabs and line breaks inside a cell are spaces.
pub(super) fn tsv(answer: &Answer, graph: &Graph) -> String {
    if answer.columns.is_empty() {
        return String::new();
    }
    let mut out = answer.columns.iter().map(|c| super::clean(c)).collect::<Vec<_>>().join("\t");
    out.push('\n');
    for row in &answer.rows {
        out.push_str(&row.iter().map(|v| value_text(v, graph)).collect::<Vec<_>>().join("\t"));
        out.push('\n');
    }
    out
}
