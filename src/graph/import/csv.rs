//! CSV with the headers of neo4j-admin (`:ID`, `name`, `since:int`, `tags:string[]`, `:LABEL`; `:START_ID`, `:END_ID`,
//! `:TYPE`), or with plain ones (`id,label,…`; `src,dst,type,…`). An empty cell is no property.
//!
//! A column without a type is text; under plain headers a cell that is a whole number as programs write it is one.

use std::io::Read;

use super::super::{GraphError, Property, json};
use super::{At, Importer};

/// What a column is.
#[derive(Clone, Debug, PartialEq)]
enum Role {
    /// The identifier of a node, within a group.
    Id(String),
    Label,
    Start(String),
    End(String),
    Type,
    Ignore,
    Property,
}

/// How cells are read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cells {
    Text,
    Int,
    Float,
    Bool,
    /// A whole number where it looks like one, else text.
    Guess,
}

#[derive(Debug)]
struct Column {
    role: Role,
    /// The key, where it is a property (an identifier may be one too).
    key: Option<String>,
    cells: Cells,
    list: bool,
}

/// Lists have these between their items.
const BETWEEN: char = ';';

fn column(head: &str, plain: bool, edges: bool, at: &At<'_>) -> Result<Column, GraphError> {
    let property = |cells| Column { role: Role::Property, key: Some(head.to_owned()), cells, list: false };
    if plain {
        let role = match (edges, head.to_ascii_lowercase().as_str()) {
            (false, "id") => Role::Id(String::new()),
            (false, "label" | "labels") => Role::Label,
            (true, "src" | "source" | "from" | "start") => Role::Start(String::new()),
            (true, "dst" | "target" | "to" | "end") => Role::End(String::new()),
            (true, "type" | "label") => Role::Type,
            _ => return Ok(property(Cells::Guess)),
        };
        let key = matches!(role, Role::Id(_)).then(|| head.to_owned());
        return Ok(Column { role, key, cells: Cells::Guess, list: false });
    }
    let Some((name, kind)) = head.rsplit_once(':') else { return Ok(property(Cells::Text)) };
    let (kind, group) = match kind.split_once('(') {
        Some((kind, group)) => (kind, group.trim_end_matches(')')),
        None => (kind, ""),
    };
    // Options in braces (`ID{label:Person}`) are for other programs.
    let kind = kind.split('{').next().unwrap_or(kind);
    let (kind, list) = kind.strip_suffix("[]").map_or((kind, false), |kind| (kind, true));
    let group = group.to_owned();
    let role = match kind {
        "ID" => Role::Id(group),
        "LABEL" => Role::Label,
        "START_ID" => Role::Start(group),
        "END_ID" => Role::End(group),
        "TYPE" => Role::Type,
        "IGNORE" => Role::Ignore,
        _ => Role::Property,
    };
    let cells = match kind.to_ascii_lowercase().as_str() {
        "int" | "long" | "short" | "byte" => Cells::Int,
        "float" | "double" => Cells::Float,
        "boolean" => Cells::Bool,
        "string" | "char" | "date" | "localtime" | "time" | "localdatetime" | "datetime" | "duration" | "point" => {
            Cells::Text
        }
        _ if role != Role::Property => Cells::Text,
        _ => {
            return Err(at.error(format!(
                "column `{head}` has the type `{kind}`, which is not known; write int, float, boolean or string"
            )));
        }
    };
    let key = (!name.is_empty() && matches!(role, Role::Property | Role::Id(_))).then(|| name.to_owned());
    Ok(Column { role, key, cells, list })
}

pub(super) fn import(importer: &mut Importer, reader: impl Read, between: u8, name: &str) -> Result<(), GraphError> {
    let mut at = At { name, line: 1 };
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(between).has_headers(false).flexible(true).from_reader(reader);
    let mut record = ::csv::StringRecord::new();
    let mut read = |record: &mut ::csv::StringRecord, at: &mut At<'_>| {
        let line = reader.position().line();
        match reader.read_record(record) {
            Ok(more) => {
                at.line = record.position().map_or(line, ::csv::Position::line);
                Ok(more)
            }
            Err(error) => {
                at.line = error.position().map_or(line, ::csv::Position::line);
                Err(at.error(format!("it cannot be read: {error}")))
            }
        }
    };
    if !read(&mut record, &mut at)? {
        return Ok(());
    }
    let heads: Vec<String> = record.iter().map(|head| head.trim_start_matches('\u{feff}').trim().to_owned()).collect();
    let special = ["ID", "LABEL", "START_ID", "END_ID", "TYPE", "IGNORE"];
    let plain = !heads.iter().any(|head| {
        head.rsplit_once(':').is_some_and(|(_, kind)| special.contains(&kind.split(['(', '{']).next().unwrap_or("")))
    });
    let lower: Vec<String> = heads.iter().map(|h| h.to_ascii_lowercase()).collect();
    let edges = if plain {
        let has = |names: &[&str]| lower.iter().any(|head| names.contains(&head.as_str()));
        has(&["src", "source", "from", "start"]) && has(&["dst", "target", "to", "end"])
    } else {
        heads.iter().any(|head| head.contains(":START_ID"))
    };
    let columns = heads.iter().map(|head| column(head, plain, edges, &at)).collect::<Result<Vec<Column>, _>>()?;
    let of = |wanted: fn(&Role) -> bool| columns.iter().position(|c| wanted(&c.role));
    let ends = (of(|r| matches!(r, Role::Start(_))), of(|r| matches!(r, Role::End(_))), of(|r| *r == Role::Type));
    let id = of(|r| matches!(r, Role::Id(_)));
    match (edges, ends, id) {
        (true, (Some(_), Some(_), Some(_)), _) | (false, _, Some(_)) => {}
        (true, ..) => {
            return Err(at.error("a file of relationships needs the columns :START_ID, :END_ID and :TYPE"));
        }
        (false, ..) => {
            return Err(at.error(
                "the header names neither nodes (:ID and :LABEL, or id and label) nor relationships (:START_ID, \
                 :END_ID and :TYPE, or src, dst and type)",
            ));
        }
    }
    let keys: Vec<Option<u32>> =
        columns.iter().map(|c| c.key.as_ref().map(|key| importer.builder.declare_key(key))).collect();

    while read(&mut record, &mut at)? {
        if record.len() != columns.len() {
            return Err(at.error(format!("it has {} cells, the header has {}", record.len(), columns.len())));
        }
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or("");
        if edges {
            let from = importer.end(&scoped(&columns, ends.0, cell(ends.0)), &at)?;
            let to = importer.end(&scoped(&columns, ends.1, cell(ends.1)), &at)?;
            let relation = cell(ends.2);
            if relation.is_empty() {
                return Err(at.error("a relationship needs its type"));
            }
            let relation = importer.builder.declare_relation(relation);
            let edge = importer.builder.push_edge(from, relation, to)?;
            for ((column, key), text) in columns.iter().zip(&keys).zip(&record) {
                match value(column, text, &at)? {
                    Some(Property::String(_)) if !column.list => {
                        key.iter().for_each(|&key| importer.builder.edge_text(edge, key, text));
                    }
                    Some(value) => key.iter().for_each(|&key| importer.builder.edge_value(edge, key, value.clone())),
                    None => {}
                }
            }
        } else {
            let labels = columns.iter().zip(&record).filter(|(c, _)| c.role == Role::Label);
            let labels = labels.flat_map(|(_, text)| text.split(BETWEEN)).map(str::trim).filter(|l| !l.is_empty());
            let set = importer.builder.label_set(labels)?;
            let node = importer.node(&scoped(&columns, id, cell(id)), set, &at)?;
            for ((column, key), text) in columns.iter().zip(&keys).zip(&record) {
                match value(column, text, &at)? {
                    Some(Property::String(_)) if !column.list => {
                        key.iter().for_each(|&key| importer.builder.node_text(node, key, text));
                    }
                    Some(value) => key.iter().for_each(|&key| importer.builder.node_value(node, key, value.clone())),
                    None => {}
                }
            }
        }
    }
    Ok(())
}

/// An identifier within its group.
fn scoped<'a>(columns: &[Column], at: Option<usize>, id: &'a str) -> std::borrow::Cow<'a, str> {
    match at.and_then(|at| columns.get(at)).map(|c| &c.role) {
        Some(Role::Id(group) | Role::Start(group) | Role::End(group)) if !group.is_empty() => {
            format!("{group}/{id}").into()
        }
        _ => id.into(),
    }
}

/// The value of a cell; `None` where it is empty or no property.
fn value(column: &Column, text: &str, at: &At<'_>) -> Result<Option<Property>, GraphError> {
    if column.key.is_none() || text.is_empty() {
        return Ok(None);
    }
    if column.list {
        let items = text.split(BETWEEN).map(|item| one(column, item, at)).collect::<Result<_, _>>()?;
        return Ok(Some(Property::List(items)));
    }
    one(column, text, at).map(Some)
}

fn one(column: &Column, text: &str, at: &At<'_>) -> Result<Property, GraphError> {
    let wrong = |what: &str| {
        at.error(format!("`{text}` in the column `{}` is no {what}", column.key.as_deref().unwrap_or_default()))
    };
    let trimmed = text.trim();
    Ok(match column.cells {
        Cells::Text => Property::from(json::unguarded(text)),
        Cells::Int => Property::Int(trimmed.parse().map_err(|_| wrong("whole number"))?),
        Cells::Float => Property::Float(trimmed.parse().map_err(|_| wrong("number"))?),
        Cells::Bool => match trimmed.to_ascii_lowercase().as_str() {
            "true" => Property::Bool(true),
            "false" => Property::Bool(false),
            _ => return Err(wrong("truth value; write true or false")),
        },
        Cells::Guess => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Property::Int(number),
            _ => Property::from(json::unguarded(text)),
        },
    })
}
