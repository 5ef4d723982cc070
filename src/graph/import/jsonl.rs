//! JSON Lines: `{"type":"node",…}` and `{"type":"relationship",…}`, or flat objects, where a line with `src` and
//! `dst` is a relationship of its `type`, and one with `id` and `label` or `labels` a node; all else in a flat node,
//! `id` and `type` too, is a property.

use std::borrow::Cow;
use std::fmt;
use std::io::BufRead;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::model::{Edtf, Evidence, Modality, Span};

use super::super::builder::Support;
use super::super::json::{Id, Json};
use super::super::{GraphError, Property};
use super::{At, Importer, read_line};

/// The fields of a line, whatever its form.
#[derive(Default)]
struct Line<'a> {
    ty: Option<Json<'a>>,
    id: Option<Json<'a>>,
    label: Option<Json<'a>>,
    labels: Option<Vec<Id<'a>>>,
    start: Option<End<'a>>,
    end: Option<End<'a>>,
    properties: Option<Fields<'a>>,
    evidence: Vec<EvidenceLine<'a>>,
    derived_from: Option<String>,
    src: Option<Json<'a>>,
    dst: Option<Json<'a>>,
    rest: Vec<(Cow<'a, str>, Json<'a>)>,
}

/// Key and value pairs, in the order of the line.
struct Fields<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

/// An end of a relationship: an identifier, or an object that holds it.
struct End<'a>(Cow<'a, str>);

#[derive(serde::Deserialize)]
struct EvidenceLine<'a> {
    #[serde(borrow)]
    document: Cow<'a, str>,
    start: u32,
    end: u32,
    #[serde(default)]
    sentence: String,
    #[serde(default)]
    rule: String,
    modality: Option<String>,
    since: Option<Edtf>,
    until: Option<Edtf>,
    date: Option<Edtf>,
    role: Option<String>,
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some((key, value)) = map.next_entry::<Id<'de>, Json<'de>>()? {
                    fields.push((key.0, value));
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Map)
    }
}

impl<'de> Deserialize<'de> for End<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = End<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an identifier of a node, or an object with `id`")
            }

            fn visit_i64<E>(self, v: i64) -> Result<End<'de>, E> {
                Ok(End(v.to_string().into()))
            }

            fn visit_u64<E>(self, v: u64) -> Result<End<'de>, E> {
                Ok(End(v.to_string().into()))
            }

            fn visit_borrowed_str<E>(self, v: &'de str) -> Result<End<'de>, E> {
                Ok(End(v.into()))
            }

            fn visit_str<E>(self, v: &str) -> Result<End<'de>, E> {
                Ok(End(v.to_owned().into()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<End<'de>, A::Error> {
                let mut id = None;
                while let Some(key) = map.next_key::<Id<'de>>()? {
                    if key.0 == "id" {
                        id = Some(map.next_value::<Id<'de>>()?.0);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                id.map(End).ok_or_else(|| serde::de::Error::missing_field("id"))
            }
        }
        deserializer.deserialize_any(Map)
    }
}

impl<'de> Deserialize<'de> for Line<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Line<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object, one a line")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line<'de>, A::Error> {
                let mut line = Line::default();
                while let Some(key) = map.next_key::<Id<'de>>()? {
                    match &*key.0 {
                        "type" => line.ty = Some(map.next_value()?),
                        "id" => line.id = Some(map.next_value()?),
                        "label" => line.label = Some(map.next_value()?),
                        "labels" => line.labels = Some(map.next_value()?),
                        "start" => line.start = Some(map.next_value()?),
                        "end" => line.end = Some(map.next_value()?),
                        "properties" => line.properties = Some(map.next_value()?),
                        "evidence" => line.evidence = map.next_value()?,
                        "derived_from" => line.derived_from = map.next_value()?,
                        "src" => line.src = Some(map.next_value()?),
                        "dst" => line.dst = Some(map.next_value()?),
                        _ => line.rest.push((key.0, map.next_value()?)),
                    }
                }
                Ok(line)
            }
        }
        deserializer.deserialize_map(Map)
    }
}

pub(super) fn import(importer: &mut Importer, mut reader: impl BufRead, name: &str) -> Result<(), GraphError> {
    let mut at = At { name, line: 1 };
    let mut line = Vec::new();
    while read_line(&mut reader, &mut line, &at)? {
        let text = if at.line == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line) } else { &line };
        if !text.iter().all(u8::is_ascii_whitespace) {
            let parsed: Line<'_> = serde_json::from_slice(text).map_err(|error| {
                // serde_json counts lines within the line; only its column tells something.
                let what = error.to_string();
                let what = what.split(" at line ").next().unwrap_or(&what).to_owned();
                at.error(format!("column {}: {what}", error.column()))
            })?;
            add(importer, parsed, &at)?;
        }
        at.line += 1;
    }
    Ok(())
}

fn word<'j>(value: Option<&'j Json<'_>>) -> Option<&'j str> {
    match value {
        Some(Json::Text(text)) => Some(text),
        _ => None,
    }
}

/// An identifier from a value: text or a whole number.
fn id(value: Option<&Json<'_>>) -> Option<String> {
    match value {
        Some(Json::Text(text)) => Some(text.clone().into_owned()),
        Some(Json::Other(Property::Int(i))) => Some(i.to_string()),
        _ => None,
    }
}

fn add(importer: &mut Importer, line: Line<'_>, at: &At<'_>) -> Result<(), GraphError> {
    if line.src.is_some() && line.dst.is_some() {
        let (Some(from), Some(to)) = (id(line.src.as_ref()), id(line.dst.as_ref())) else {
            return Err(at.error("`src` and `dst` must be identifiers of nodes, texts or whole numbers"));
        };
        let Some(relation) = word(line.ty.as_ref().or(line.label.as_ref())) else {
            return Err(at.error("a relationship needs its `type`"));
        };
        return edge(importer, &from, relation, &to, line.rest, Support::default(), at);
    }
    let apoc = line.labels.is_some() || line.properties.is_some();
    match word(line.ty.as_ref()) {
        Some("relationship") => {
            let (Some(from), Some(to)) = (&line.start, &line.end) else {
                return Err(at.error("a relationship needs `start` and `end`"));
            };
            let Some(relation) = word(line.label.as_ref()) else {
                return Err(at.error("a relationship needs its `label`"));
            };
            let support = support(importer, line.evidence, line.derived_from, at)?;
            let properties = line.properties.map(|p| p.0).unwrap_or_default();
            edge(importer, &from.0, relation, &to.0, properties, support, at)
        }
        Some("node") if apoc || line.label.is_none() => {
            let labels = line.labels.unwrap_or_default();
            let set = importer.builder.label_set(labels.iter().map(|l| &*l.0))?;
            let Some(own) = id(line.id.as_ref()) else { return Err(at.error("a node needs its `id`")) };
            let node = importer.node(&own, set, at)?;
            node_properties(importer, node, line.properties.map(|p| p.0).unwrap_or_default());
            Ok(())
        }
        _ => {
            let Some(own) = id(line.id.as_ref()) else {
                return Err(at.error(
                    "neither a node (`id` with `label`, or `\"type\":\"node\"`) nor a relationship (`src`, `dst` and \
                     `type`, or `\"type\":\"relationship\"`)",
                ));
            };
            let set = match (&line.label, &line.labels) {
                (Some(Json::Text(label)), None) => importer.builder.label_set([&**label])?,
                (None, Some(labels)) => importer.builder.label_set(labels.iter().map(|l| &*l.0))?,
                (None, None) => importer.builder.label_set([])?,
                _ => return Err(at.error("the label of a node must be a text")),
            };
            let node = importer.node(&own, set, at)?;
            let flat = [("id", line.id), ("type", line.ty)];
            let flat = flat.into_iter().filter_map(|(key, value)| Some((Cow::Borrowed(key), value?)));
            node_properties(importer, node, flat.chain(line.rest).collect());
            node_properties(importer, node, line.properties.map(|p| p.0).unwrap_or_default());
            Ok(())
        }
    }
}

fn node_properties(importer: &mut Importer, node: super::NodeId, fields: Vec<(Cow<'_, str>, Json<'_>)>) {
    for (key, value) in fields {
        let key = importer.builder.declare_key(&key);
        match value {
            Json::Text(text) => importer.builder.node_text(node, key, &text),
            Json::Other(value) => importer.builder.node_value(node, key, value),
        }
    }
}

fn edge(
    importer: &mut Importer,
    from: &str,
    relation: &str,
    to: &str,
    fields: Vec<(Cow<'_, str>, Json<'_>)>,
    support: Support,
    at: &At<'_>,
) -> Result<(), GraphError> {
    let (from, to) = (importer.end(from, at)?, importer.end(to, at)?);
    let relation = importer.builder.declare_relation(relation);
    let edge = importer.builder.push_edge(from, relation, to)?;
    for (key, value) in fields {
        let key = importer.builder.declare_key(&key);
        match value {
            Json::Text(text) => importer.builder.edge_text(edge, key, &text),
            Json::Other(value) => importer.builder.edge_value(edge, key, value),
        }
    }
    importer.support(edge, support);
    Ok(())
}

fn support(
    importer: &mut Importer,
    lines: Vec<EvidenceLine<'_>>,
    derived_from: Option<String>,
    at: &At<'_>,
) -> Result<Support, GraphError> {
    let mut evidence = Vec::with_capacity(lines.len());
    for line in lines {
        let modality = match &line.modality {
            None => Modality::Asserted,
            Some(word) => Modality::from_word(word).ok_or_else(|| {
                at.error(format!("`{word}` is no modality; write asserted, planned, ended or negated"))
            })?,
        };
        evidence.push(Evidence {
            document: importer.document(&line.document),
            span: Span { start: line.start, end: line.end },
            sentence: line.sentence,
            rule: line.rule,
            modality,
            since: line.since,
            until: line.until,
            date: line.date,
            role: line.role,
        });
    }
    Ok(Support { evidence, derived_from })
}
