//! What a node or an edge may store under a key, owned and borrowed, and its encoding within a mixed column.

use std::sync::Arc;

/// Values nest at most this deep, in memory and in a file.
pub(super) const MAX_DEPTH: usize = 64;

/// A value that a node or an edge stores.
#[derive(Debug, Clone, PartialEq)]
pub enum Property {
    /// Nothing: the same as no property at all.
    Null,
    /// True or false.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A 64-bit float.
    Float(f64),
    /// Text.
    String(Arc<str>),
    /// A list of values, of any types.
    List(Vec<Property>),
    /// Keys with values, sorted by key.
    Map(Vec<(Arc<str>, Property)>),
}

/// A value read from a graph without copying its text.
#[derive(Debug, Clone, PartialEq)]
pub enum PropertyRef<'g> {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A 64-bit float.
    Float(f64),
    /// Text.
    String(&'g str),
    /// A list of values.
    List(Vec<PropertyRef<'g>>),
    /// Keys with values, sorted by key.
    Map(Vec<(&'g str, PropertyRef<'g>)>),
}

impl PropertyRef<'_> {
    /// A copy that does not borrow the graph.
    pub fn to_owned(&self) -> Property {
        match self {
            PropertyRef::Null => Property::Null,
            PropertyRef::Bool(b) => Property::Bool(*b),
            PropertyRef::Int(i) => Property::Int(*i),
            PropertyRef::Float(f) => Property::Float(*f),
            PropertyRef::String(s) => Property::String(Arc::from(*s)),
            PropertyRef::List(items) => Property::List(items.iter().map(PropertyRef::to_owned).collect()),
            PropertyRef::Map(items) => {
                Property::Map(items.iter().map(|(k, v)| (Arc::from(*k), v.to_owned())).collect())
            }
        }
    }

    /// Whether it is [`PropertyRef::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, PropertyRef::Null)
    }
}

impl Property {
    /// Borrowed.
    pub fn as_ref(&self) -> PropertyRef<'_> {
        match self {
            Property::Null => PropertyRef::Null,
            Property::Bool(b) => PropertyRef::Bool(*b),
            Property::Int(i) => PropertyRef::Int(*i),
            Property::Float(f) => PropertyRef::Float(*f),
            Property::String(s) => PropertyRef::String(s),
            Property::List(items) => PropertyRef::List(items.iter().map(Property::as_ref).collect()),
            Property::Map(items) => PropertyRef::Map(items.iter().map(|(k, v)| (&**k, v.as_ref())).collect()),
        }
    }

    /// Whether it is [`Property::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Property::Null)
    }
}

impl From<bool> for Property {
    fn from(value: bool) -> Property {
        Property::Bool(value)
    }
}

impl From<i64> for Property {
    fn from(value: i64) -> Property {
        Property::Int(value)
    }
}

impl From<f64> for Property {
    fn from(value: f64) -> Property {
        Property::Float(value)
    }
}

impl From<&str> for Property {
    fn from(value: &str) -> Property {
        Property::String(Arc::from(value))
    }
}

impl From<String> for Property {
    fn from(value: String) -> Property {
        Property::String(Arc::from(value))
    }
}

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INT: u8 = 3;
const FLOAT: u8 = 4;
const STRING: u8 = 5;
const LIST: u8 = 6;
const MAP: u8 = 7;

/// Appends a value: a tag, then eight bytes of a number, or a length of four bytes and what it counts.
/// What nests deeper than [`MAX_DEPTH`] is stored as null.
pub(super) fn encode(value: &Property, out: &mut Vec<u8>) {
    encode_at(value, out, 0);
}

fn encode_at(value: &Property, out: &mut Vec<u8>, depth: usize) {
    let text = |s: &str, out: &mut Vec<u8>| {
        out.extend_from_slice(&(s.len() as u32).to_le_bytes());
        out.extend_from_slice(s.as_bytes());
    };
    match value {
        _ if depth > MAX_DEPTH => out.push(NULL),
        Property::Null => out.push(NULL),
        Property::Bool(b) => out.push(if *b { TRUE } else { FALSE }),
        Property::Int(i) => {
            out.push(INT);
            out.extend_from_slice(&i.to_le_bytes());
        }
        Property::Float(f) => {
            out.push(FLOAT);
            out.extend_from_slice(&f.to_bits().to_le_bytes());
        }
        Property::String(s) => {
            out.push(STRING);
            text(s, out);
        }
        Property::List(items) => {
            out.push(LIST);
            out.extend_from_slice(&(items.len() as u32).to_le_bytes());
            for item in items {
                encode_at(item, out, depth + 1);
            }
        }
        Property::Map(items) => {
            out.push(MAP);
            out.extend_from_slice(&(items.len() as u32).to_le_bytes());
            for (key, item) in items {
                text(key, out);
                encode_at(item, out, depth + 1);
            }
        }
    }
}

/// Reads one value that fills the bytes; `None` where they are no value.
pub(super) fn decode(bytes: &[u8]) -> Option<PropertyRef<'_>> {
    let mut rest = bytes;
    let value = decode_at(&mut rest, 0)?;
    rest.is_empty().then_some(value)
}

fn decode_at<'g>(rest: &mut &'g [u8], depth: usize) -> Option<PropertyRef<'g>> {
    if depth > MAX_DEPTH {
        return None;
    }
    let tag = take(rest, 1)?[0];
    Some(match tag {
        NULL => PropertyRef::Null,
        FALSE => PropertyRef::Bool(false),
        TRUE => PropertyRef::Bool(true),
        INT => PropertyRef::Int(i64::from_le_bytes(take(rest, 8)?.try_into().ok()?)),
        FLOAT => PropertyRef::Float(f64::from_bits(u64::from_le_bytes(take(rest, 8)?.try_into().ok()?))),
        STRING => PropertyRef::String(text(rest)?),
        LIST => {
            let count = length(rest)?;
            // No item is shorter than a byte: a count beyond what is left is a lie, not a reason to allocate.
            let mut items = Vec::with_capacity(count.min(rest.len()));
            for _ in 0..count {
                items.push(decode_at(rest, depth + 1)?);
            }
            PropertyRef::List(items)
        }
        MAP => {
            let count = length(rest)?;
            let mut items = Vec::with_capacity(count.min(rest.len() / 5));
            for _ in 0..count {
                items.push((text(rest)?, decode_at(rest, depth + 1)?));
            }
            PropertyRef::Map(items)
        }
        _ => return None,
    })
}

fn take<'g>(rest: &mut &'g [u8], count: usize) -> Option<&'g [u8]> {
    let (head, tail) = rest.split_at_checked(count)?;
    *rest = tail;
    Some(head)
}

fn length(rest: &mut &[u8]) -> Option<usize> {
    Some(u32::from_le_bytes(take(rest, 4)?.try_into().ok()?) as usize)
}

fn text<'g>(rest: &mut &'g [u8]) -> Option<&'g str> {
    let count = length(rest)?;
    std::str::from_utf8(take(rest, count)?).ok()
}
