//! For programs: a JSON request a line in, answers out. What benchmarks, the TCK, editors and other languages talk to.
//!
//! `{"id":1,"statement":"…","parameters":{…}}` is answered by `{"id":1,"columns":[…]}`, a line `{"id":1,"row":[…]}` for
//! each row, then `{"id":1,"done":{"rows":3,"nanos":41250}}`; or by `{"id":1,"error":{…}}` with openCypher's names.
//! `{"id":2,"reset":true}` empties a scratch graph.

use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value as Json, json};

use super::Failure;
use crate::graph::Graph;
use crate::query;
use crate::query::answer::{Answer, Params};
use crate::query::error::QueryError;
use crate::query::scratch::Scratch;
use crate::query::value::{Map, Value};
use crate::render::json;

/// The longest request, in bytes: a line without end must not fill the memory.
const LONGEST: usize = 64 << 20;

enum Ground {
    Graph(Box<Graph>),
    Scratch(Box<Scratch>),
}

pub(super) fn pipe(path: Option<&Path>) -> Result<(), Failure> {
    let mut ground = match path {
        Some(path) => Ground::Graph(Box::new(super::open(path)?)),
        None => Ground::Scratch(Box::new(Scratch::new()?)),
    };
    let mut input = std::io::stdin().lock();
    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = read_line(&mut input, &mut line).map_err(|e| Failure::file(format!("cannot read stdin: {e}")))?;
        if read == Line::End {
            return Ok(());
        }
        let started = Instant::now();
        if read == Line::TooLong {
            error_line(
                &mut out,
                &Json::Null,
                "ArgumentError",
                "compile",
                "RequestTooLong",
                &format!("a request has more than {LONGEST} bytes"),
                None,
            )?;
            out.flush()?;
            continue;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        request(&line, &mut ground, &mut out, started)?;
        out.flush()?;
    }
}

#[derive(PartialEq)]
enum Line {
    Whole,
    TooLong,
    End,
}

/// Reads one line; of a line that is too long the rest is passed over.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<Line> {
    let mut too_long = false;
    loop {
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            return Ok(if line.is_empty() && !too_long {
                Line::End
            } else if too_long {
                Line::TooLong
            } else {
                Line::Whole
            });
        }
        let (end, found) = memchr::memchr(b'\n', chunk).map_or((chunk.len(), false), |i| (i, true));
        if line.len() + end > LONGEST {
            too_long = true;
            line.clear();
        } else if !too_long {
            line.extend_from_slice(&chunk[..end]);
        }
        input.consume(end + usize::from(found));
        if found {
            return Ok(if too_long { Line::TooLong } else { Line::Whole });
        }
    }
}

fn request(line: &[u8], ground: &mut Ground, out: &mut impl Write, started: Instant) -> Result<(), Failure> {
    let request: Json = match serde_json::from_slice(line) {
        Ok(Json::Object(o)) => Json::Object(o),
        Ok(_) => {
            return error_line(
                out,
                &Json::Null,
                "ArgumentError",
                "compile",
                "InvalidRequest",
                "a request is a JSON object such as {\"id\":1,\"statement\":\"RETURN 1\"}",
                None,
            );
        }
        Err(e) => {
            return error_line(
                out,
                &Json::Null,
                "ArgumentError",
                "compile",
                "InvalidRequest",
                &format!("this line is no JSON: {e}"),
                None,
            );
        }
    };
    let id = request.get("id").cloned().unwrap_or(Json::Null);
    if request.get("reset") == Some(&Json::Bool(true)) {
        return match ground {
            Ground::Scratch(scratch) => {
                **scratch = Scratch::new()?;
                done(out, &id, 0, started)
            }
            Ground::Graph(_) => error_line(
                out,
                &id,
                "ArgumentError",
                "compile",
                "InvalidRequest",
                "only a scratch graph can be reset; start `samband pipe --scratch`",
                None,
            ),
        };
    }
    let Some(statement) = request.get("statement").and_then(Json::as_str) else {
        return error_line(
            out,
            &id,
            "ArgumentError",
            "compile",
            "InvalidRequest",
            "the request has no \"statement\"",
            None,
        );
    };
    let mut params = Params::default();
    match request.get("parameters") {
        None | Some(Json::Null) => {}
        Some(Json::Object(given)) => {
            for (name, value) in given {
                params.insert(name.clone(), parameter(value));
            }
        }
        Some(_) => {
            return error_line(
                out,
                &id,
                "ArgumentError",
                "compile",
                "InvalidRequest",
                "\"parameters\" is an object: {\"name\":value}",
                None,
            );
        }
    }
    let options = super::options();
    let answered = match ground {
        Ground::Graph(graph) => query::run(graph, statement, &params, &options),
        Ground::Scratch(scratch) => scratch.run(statement, &params, &options),
    };
    match (answered, &*ground) {
        (Ok(answer), Ground::Graph(graph)) => rows(out, &id, &answer, graph, started),
        (Ok(answer), Ground::Scratch(scratch)) => rows(out, &id, &answer, scratch.graph(), started),
        (Err(e), _) => failed(out, &id, &e, statement),
    }
}

fn parameter(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => n.as_i64().map_or_else(|| n.as_f64().map_or(Value::Null, Value::Float), Value::Int),
        Json::String(s) => Value::String(Arc::from(s.as_str())),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(parameter).collect())),
        Json::Object(map) => match map.get("$float").and_then(Json::as_str) {
            Some("NaN") => Value::Float(f64::NAN),
            Some("Infinity") => Value::Float(f64::INFINITY),
            Some("-Infinity") => Value::Float(f64::NEG_INFINITY),
            _ => Value::Map(Arc::new(map.iter().map(|(k, v)| (Arc::from(k.as_str()), parameter(v))).collect::<Map>())),
        },
    }
}

fn rows(out: &mut impl Write, id: &Json, answer: &Answer, graph: &Graph, started: Instant) -> Result<(), Failure> {
    put(out, &json!({"id": id, "columns": answer.columns}))?;
    for row in &answer.rows {
        let values: Vec<Json> = row.iter().map(|v| json::value(v, graph)).collect();
        put(out, &json!({"id": id, "row": values}))?;
    }
    done(out, id, answer.rows.len(), started)
}

fn done(out: &mut impl Write, id: &Json, rows: usize, started: Instant) -> Result<(), Failure> {
    let nanos = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
    put(out, &json!({"id": id, "done": {"rows": rows, "nanos": nanos}}))
}

fn failed(out: &mut impl Write, id: &Json, e: &QueryError, statement: &str) -> Result<(), Failure> {
    let phase = match e.phase {
        crate::query::error::Phase::Compile => "compile",
        crate::query::error::Phase::Runtime => "runtime",
    };
    error_line(out, id, e.error_type.word(), phase, e.detail.word(), &e.to_string(), e.line_column(statement))
}

fn error_line(
    out: &mut impl Write,
    id: &Json,
    kind: &str,
    phase: &str,
    detail: &str,
    message: &str,
    place: Option<(usize, usize)>,
) -> Result<(), Failure> {
    let (line, column) = place.map_or((Json::Null, Json::Null), |(l, c)| (json!(l), json!(c)));
    let error =
        json!({"type": kind, "phase": phase, "detail": detail, "message": message, "line": line, "column": column});
    put(out, &json!({"id": id, "error": error}))
}

fn put(out: &mut impl Write, value: &Json) -> Result<(), Failure> {
    Ok(writeln!(out, "{}", json::harmless_json(value.to_string()))?)
}
