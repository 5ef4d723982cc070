//! Values of properties to JSON and from it. Integers and floats stay apart (`1`, `1.0`); what JSON has no number for
//! is `{"$float":"NaN"}`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Property, PropertyRef};

/// The key that marks a float that JSON has no number for.
const FLOAT: &str = "$float";

/// Appends a string with its quotes.
pub(super) fn text(text: &str, out: &mut Vec<u8>) {
    if text.contains(misleading) {
        let escaped = serde_json::to_string(text).map(harmless_json).unwrap_or_default();
        return out.extend_from_slice(escaped.as_bytes());
    }
    // Writing to a Vec does not fail.
    serde_json::to_writer(out, text).ok();
}

/// What a terminal would obey or be misled by and JSON leaves as it is: DEL and C1 controls, marks that turn the
/// direction of writing, separators of lines.
fn misleading(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// JSON with what a terminal would obey as `\u` escapes. None of it stands outside strings, so the text means the same.
pub(crate) fn harmless_json(json: String) -> String {
    if !json.contains(misleading) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if misleading(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// Appends a value.
pub(super) fn value(value: &PropertyRef<'_>, out: &mut Vec<u8>) {
    match value {
        PropertyRef::Null => out.extend_from_slice(b"null"),
        PropertyRef::Bool(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
        PropertyRef::Int(i) => out.extend_from_slice(i.to_string().as_bytes()),
        PropertyRef::Float(f) if f.is_finite() => {
            serde_json::to_writer(out, f).ok();
        }
        PropertyRef::Float(f) => {
            let word = if f.is_nan() {
                "NaN"
            } else if *f > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            };
            out.extend_from_slice(format!("{{\"{FLOAT}\":\"{word}\"}}").as_bytes());
        }
        PropertyRef::String(s) => text(s, out),
        PropertyRef::List(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                self::value(item, out);
            }
            out.push(b']');
        }
        PropertyRef::Map(items) => {
            out.push(b'{');
            for (at, (key, item)) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                text(key, out);
                out.push(b':');
                self::value(item, out);
            }
            out.push(b'}');
        }
    }
}

/// Text without what [`misleading`] finds and without control characters but for tabs and line breaks.
pub(super) fn visible(text: &str) -> String {
    text.chars().filter(|&c| !misleading(c) && (!c.is_control() || matches!(c, '\t' | '\n' | '\r'))).collect()
}

/// Whether a spreadsheet would take a cell for a formula, or a reader of ours for one that was guarded.
fn formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The text of a CSV cell: visible, and no formula.
pub(super) fn guarded(text: &str) -> String {
    let text = visible(text);
    if formula(&text) { format!("'{text}") } else { text }
}

/// The text that [`guarded`] was given.
pub(super) fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| formula(rest)).unwrap_or(cell)
}

/// A value as it is read, its text borrowed from the line where that has no escapes.
#[derive(Debug)]
pub(super) enum Json<'a> {
    Text(Cow<'a, str>),
    Other(Property),
}

impl Json<'_> {
    pub(super) fn into_property(self) -> Property {
        match self {
            Json::Text(text) => Property::String(Arc::from(&*text)),
            Json::Other(value) => value,
        }
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Value;
        impl<'de> Visitor<'de> for Value {
            type Value = Json<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_unit<E>(self) -> Result<Json<'de>, E> {
                Ok(Json::Other(Property::Null))
            }

            fn visit_bool<E>(self, v: bool) -> Result<Json<'de>, E> {
                Ok(Json::Other(Property::Bool(v)))
            }

            fn visit_i64<E>(self, v: i64) -> Result<Json<'de>, E> {
                Ok(Json::Other(Property::Int(v)))
            }

            fn visit_u64<E>(self, v: u64) -> Result<Json<'de>, E> {
                Ok(Json::Other(i64::try_from(v).map_or(Property::Float(v as f64), Property::Int)))
            }

            fn visit_f64<E>(self, v: f64) -> Result<Json<'de>, E> {
                Ok(Json::Other(Property::Float(v)))
            }

            fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Json<'de>, E> {
                Ok(Json::Text(Cow::Borrowed(v)))
            }

            fn visit_str<E>(self, v: &str) -> Result<Json<'de>, E> {
                Ok(Json::Text(Cow::Owned(v.to_owned())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json<'de>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element::<Json<'de>>()? {
                    items.push(item.into_property());
                }
                Ok(Json::Other(Property::List(items)))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
                let mut items: Vec<(Arc<str>, Property)> = Vec::new();
                while let Some((key, item)) = map.next_entry::<Id<'de>, Json<'de>>()? {
                    items.push((Arc::from(&*key.0), item.into_property()));
                }
                if let [(key, Property::String(word))] = items.as_slice()
                    && &**key == FLOAT
                    && let Ok(float) = word.parse::<f64>()
                {
                    return Ok(Json::Other(Property::Float(float)));
                }
                // Of a key given twice the last counts.
                items.reverse();
                items.sort_by(|a, b| a.0.cmp(&b.0));
                items.dedup_by(|later, first| later.0 == first.0);
                Ok(Json::Other(Property::Map(items)))
            }
        }
        deserializer.deserialize_any(Value)
    }
}

/// An identifier: text, or a number taken as text.
#[derive(Debug, Clone)]
pub(super) struct Id<'a>(pub(super) Cow<'a, str>);

impl<'de> Deserialize<'de> for Id<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Value;
        impl<'de> Visitor<'de> for Value {
            type Value = Id<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a whole number")
            }

            fn visit_i64<E>(self, v: i64) -> Result<Id<'de>, E> {
                Ok(Id(Cow::Owned(v.to_string())))
            }

            fn visit_u64<E>(self, v: u64) -> Result<Id<'de>, E> {
                Ok(Id(Cow::Owned(v.to_string())))
            }

            fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Id<'de>, E> {
                Ok(Id(Cow::Borrowed(v)))
            }

            fn visit_str<E>(self, v: &str) -> Result<Id<'de>, E> {
                Ok(Id(Cow::Owned(v.to_owned())))
            }
        }
        deserializer.deserialize_any(Value)
    }
}
