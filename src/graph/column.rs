//! The values of one key: written from a builder, read where they lie.

use zerocopy::little_endian::{F64, I16, I32, I64, U32};
use zerocopy::{FromBytes, IntoBytes};

use super::builder::GONE;
use super::freeze::Strings;
use super::layout::{ColumnHeader, u32_bytes, values};
use super::property::{decode, encode};
use super::read::StringTable;
use super::store::{Store, Values, at_index};
use super::{GraphError, Property, PropertyRef};

/// The values of one key, of all nodes or all edges, as they lie in the graph.
#[derive(Debug, Clone, Copy)]
pub struct Column<'g> {
    strings: StringTable<'g>,
    count: usize,
    /// How many nodes (edges) the graph has.
    items: usize,
    /// `None` where every node (edge) has a value.
    ids: Option<&'g [U32]>,
    data: Data<'g>,
}

#[derive(Debug, Clone, Copy)]
enum Data<'g> {
    Bool(&'g [u8]),
    Int16(&'g [I16]),
    Int32(&'g [I32]),
    Int64(&'g [I64]),
    Float(&'g [F64]),
    String(&'g [U32]),
    Strings(&'g [U32], &'g [U32]),
    Mixed(&'g [U32], &'g [u8]),
}

impl<'g> Column<'g> {
    /// Reads the header of a column; `items` is the number of nodes (edges). `None` where it is no column.
    pub(super) fn parse(bytes: &'g [u8], items: usize, strings: StringTable<'g>) -> Option<Column<'g>> {
        let (header, rest) = ColumnHeader::ref_from_prefix(bytes).ok()?;
        let count = header.count.get() as usize;
        let (ids, rest) = if header.dense.get() == 1 {
            if count != items {
                return None;
            }
            (None, rest)
        } else {
            let (ids, rest) = <[U32]>::ref_from_prefix_with_elems(rest, count).ok()?;
            (Some(ids), rest)
        };
        let data = match header.values.get() {
            values::BOOL => Data::Bool(rest),
            values::INT16 => Data::Int16(<[I16]>::ref_from_bytes(rest).ok()?),
            values::INT32 => Data::Int32(<[I32]>::ref_from_bytes(rest).ok()?),
            values::INT64 => Data::Int64(<[I64]>::ref_from_bytes(rest).ok()?),
            values::FLOAT => Data::Float(<[F64]>::ref_from_bytes(rest).ok()?),
            values::STRING => Data::String(<[U32]>::ref_from_bytes(rest).ok()?),
            values::STRINGS => {
                let (offsets, rest) = <[U32]>::ref_from_prefix_with_elems(rest, count + 1).ok()?;
                Data::Strings(offsets, <[U32]>::ref_from_bytes(rest).ok()?)
            }
            values::MIXED => {
                let (offsets, rest) = <[U32]>::ref_from_prefix_with_elems(rest, count + 1).ok()?;
                Data::Mixed(offsets, rest)
            }
            _ => return None,
        };
        let held = match data {
            Data::Bool(v) => v.len(),
            Data::Int16(v) => v.len(),
            Data::Int32(v) => v.len(),
            Data::Int64(v) => v.len(),
            Data::Float(v) => v.len(),
            Data::String(v) => v.len(),
            Data::Strings(..) | Data::Mixed(..) => count,
        };
        (held == count).then_some(Column { strings, count, items, ids, data })
    }

    /// How many nodes (edges) have a value.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether every node (edge) has a value.
    pub fn is_dense(&self) -> bool {
        self.ids.is_none()
    }

    /// The place of a node's (edge's) value.
    #[inline]
    fn place(&self, id: u32) -> Option<usize> {
        match self.ids {
            None => Some(id as usize),
            Some(ids) => ids.binary_search_by_key(&id, |i| i.get()).ok(),
        }
    }

    /// The value of a node (edge); null where it has none.
    #[inline]
    pub fn get(&self, id: u32) -> PropertyRef<'g> {
        self.place(id).map_or(PropertyRef::Null, |at| self.at(at))
    }

    /// The value of a node (edge), where it is an integer.
    #[inline]
    pub fn int(&self, id: u32) -> Option<i64> {
        let at = self.place(id)?;
        match self.data {
            Data::Int16(v) => v.get(at).map(|i| i64::from(i.get())),
            Data::Int32(v) => v.get(at).map(|i| i64::from(i.get())),
            Data::Int64(v) => v.get(at).map(|i| i.get()),
            Data::Mixed(..) => match self.at(at) {
                PropertyRef::Int(i) => Some(i),
                _ => None,
            },
            _ => None,
        }
    }

    /// The value of a node (edge), where it is text.
    #[inline]
    pub fn text(&self, id: u32) -> Option<&'g str> {
        match self.get(id) {
            PropertyRef::String(s) => Some(s),
            _ => None,
        }
    }

    /// The number of the text of a node (edge) where all values of the column are text: equal texts have equal
    /// numbers, see [`Graph::string_id`](super::Graph::string_id).
    #[inline]
    pub fn string_id(&self, id: u32) -> Option<u32> {
        match self.data {
            Data::String(v) => v.get(self.place(id)?).map(|s| s.get()).filter(|s| (*s as usize) < self.strings.len()),
            _ => None,
        }
    }

    /// Whether all values are text, so that [`Column::string_id`] has an answer for each.
    pub fn is_text(&self) -> bool {
        matches!(self.data, Data::String(_))
    }

    /// Whether all values are integers.
    pub fn is_int(&self) -> bool {
        matches!(self.data, Data::Int16(_) | Data::Int32(_) | Data::Int64(_))
    }

    /// The nodes (edges) with their values, ascending.
    pub fn iter(self) -> impl Iterator<Item = (u32, PropertyRef<'g>)> {
        (0..self.count).filter_map(move |at| {
            let id = self.ids.map_or(at as u32, |ids| ids.get(at).map_or(u32::MAX, |i| i.get()));
            ((id as usize) < self.items).then(|| (id, self.at(at)))
        })
    }

    fn at(&self, at: usize) -> PropertyRef<'g> {
        let null = PropertyRef::Null;
        match self.data {
            Data::Bool(v) => v.get(at).map_or(null, |b| PropertyRef::Bool(*b != 0)),
            Data::Int16(v) => v.get(at).map_or(null, |i| PropertyRef::Int(i64::from(i.get()))),
            Data::Int32(v) => v.get(at).map_or(null, |i| PropertyRef::Int(i64::from(i.get()))),
            Data::Int64(v) => v.get(at).map_or(null, |i| PropertyRef::Int(i.get())),
            Data::Float(v) => v.get(at).map_or(null, |f| PropertyRef::Float(f.get())),
            Data::String(v) => v.get(at).map_or(null, |s| PropertyRef::String(self.strings.get(s.get()))),
            Data::Strings(offsets, v) => match slice(offsets, v, at) {
                Some(v) => {
                    PropertyRef::List(v.iter().map(|s| PropertyRef::String(self.strings.get(s.get()))).collect())
                }
                None => null,
            },
            Data::Mixed(offsets, v) => slice(offsets, v, at).and_then(decode).unwrap_or(null),
        }
    }

    /// The first fault, in words: for the full check.
    pub(super) fn fault(&self) -> Option<String> {
        if let Some(ids) = self.ids {
            if ids.windows(2).any(|w| w[0].get() >= w[1].get()) {
                return Some("its ids are not ascending".to_owned());
            }
            if ids.last().is_some_and(|i| i.get() as usize >= self.items) {
                return Some("an id is too high".to_owned());
            }
        }
        let strings = self.strings.len() as u32;
        let offsets_fall = |offsets: &[U32], end: usize| {
            offsets.windows(2).any(|w| w[0].get() > w[1].get())
                || offsets.first().is_some_and(|o| o.get() != 0)
                || offsets.last().is_some_and(|o| o.get() as usize != end)
        };
        match self.data {
            Data::Bool(v) if v.iter().any(|&b| b > 1) => Some("a truth value is neither 0 nor 1".to_owned()),
            Data::String(v) if v.iter().any(|s| s.get() >= strings) => Some("it names a string too high".to_owned()),
            Data::Strings(offsets, v) => {
                if offsets_fall(offsets, v.len()) {
                    Some("its offsets are wrong".to_owned())
                } else {
                    v.iter().any(|s| s.get() >= strings).then(|| "it names a string too high".to_owned())
                }
            }
            Data::Mixed(offsets, v) => {
                if offsets_fall(offsets, v.len()) {
                    Some("its offsets are wrong".to_owned())
                } else {
                    (0..self.count)
                        .any(|at| slice(offsets, v, at).and_then(decode).is_none())
                        .then(|| "a value cannot be read".to_owned())
                }
            }
            _ => None,
        }
    }
}

/// The items between two offsets.
fn slice<'g, T>(offsets: &[U32], items: &'g [T], at: usize) -> Option<&'g [T]> {
    items.get(offsets.get(at)?.get() as usize..offsets.get(at + 1)?.get() as usize)
}

/// The values of a key that are not null, with the new numbers of their nodes (edges), ascending by them.
fn live<'b>(store: &'b Store, renumbered: &[u32], strings: &'b super::intern::Interner) -> Vec<(u32, Item<'b>)> {
    let mut all = Vec::with_capacity(store.ids.len() + store.late.len());
    for (at, &id) in store.ids.iter().enumerate() {
        let new = renumbered[id as usize];
        if new == GONE || (!store.late.is_empty() && store.late.contains_key(&id)) {
            continue;
        }
        let item = match &store.values {
            Values::String(v) => Item::Interned(v[at]),
            values => Item::Value(at_index(values, at, strings)),
        };
        all.push((new, item));
    }
    for (&id, value) in &store.late {
        let new = renumbered[id as usize];
        if new != GONE && !value.is_null() {
            all.push((new, Item::Value(value.as_ref())));
        }
    }
    if !all.is_sorted_by_key(|(new, _)| *new) {
        all.sort_by_key(|(new, _)| *new);
    }
    all
}

enum Item<'b> {
    /// A string of the builder.
    Interned(u32),
    Value(PropertyRef<'b>),
}

/// The bytes of a column; `None` where no node (edge) has a value. `items` is the number of nodes (edges).
pub(super) fn write(
    store: &Store,
    renumbered: &[u32],
    items: usize,
    strings: &mut Strings<'_>,
) -> Result<Option<Vec<u8>>, GraphError> {
    let all = live(store, renumbered, strings.builder);
    if all.is_empty() {
        return Ok(None);
    }
    let every = |test: fn(&Item<'_>) -> bool| all.iter().all(|(_, item)| test(item));
    let mut data = Vec::new();
    let kind = if every(|i| matches!(i, Item::Value(PropertyRef::Bool(_)))) {
        data.extend(all.iter().map(|(_, i)| u8::from(matches!(i, Item::Value(PropertyRef::Bool(true))))));
        values::BOOL
    } else if every(|i| matches!(i, Item::Value(PropertyRef::Int(_)))) {
        let numbers = all.iter().map(|(_, i)| if let Item::Value(PropertyRef::Int(n)) = i { *n } else { 0 });
        let (low, high) = numbers.clone().fold((0, 0), |(low, high), n| (low.min(n), high.max(n)));
        if i16::try_from(low).is_ok() && i16::try_from(high).is_ok() {
            data.extend(numbers.flat_map(|n| (n as i16).to_le_bytes()));
            values::INT16
        } else if i32::try_from(low).is_ok() && i32::try_from(high).is_ok() {
            data.extend(numbers.flat_map(|n| (n as i32).to_le_bytes()));
            values::INT32
        } else {
            data.extend(numbers.flat_map(i64::to_le_bytes));
            values::INT64
        }
    } else if every(|i| matches!(i, Item::Value(PropertyRef::Float(_)))) {
        let numbers = all.iter().map(|(_, i)| if let Item::Value(PropertyRef::Float(f)) = i { *f } else { 0.0 });
        data.extend(numbers.flat_map(|f| f.to_bits().to_le_bytes()));
        values::FLOAT
    } else if every(|i| matches!(i, Item::Interned(_) | Item::Value(PropertyRef::String(_)))) {
        for (_, item) in &all {
            let id = strings.item(item_text(item));
            data.extend_from_slice(&id.to_le_bytes());
        }
        values::STRING
    } else if every(is_strings) {
        let mut offsets = vec![0u32];
        let mut flat = Vec::new();
        for (_, item) in &all {
            if let Item::Value(PropertyRef::List(items)) = item {
                for text in items {
                    if let PropertyRef::String(text) = text {
                        flat.push(strings.text(text));
                    }
                }
            }
            offsets.push(small(flat.len())?);
        }
        data = u32_bytes(offsets.into_iter().chain(flat));
        values::STRINGS
    } else {
        let mut offsets = vec![0u32];
        let mut flat = Vec::new();
        for (_, item) in &all {
            let value = match item {
                Item::Interned(id) => Property::from(strings.builder.get(*id)),
                Item::Value(value) => value.to_owned(),
            };
            encode(&value, &mut flat);
            offsets.push(small(flat.len())?);
        }
        data = u32_bytes(offsets);
        data.extend_from_slice(&flat);
        values::MIXED
    };
    let dense = all.len() == items;
    let header = ColumnHeader {
        values: U32::new(kind),
        count: U32::new(all.len() as u32),
        dense: U32::new(u32::from(dense)),
        reserved: U32::ZERO,
    };
    let mut out = header.as_bytes().to_vec();
    if !dense {
        out.extend(all.iter().flat_map(|(id, _)| id.to_le_bytes()));
    }
    out.extend_from_slice(&data);
    Ok(Some(out))
}

/// The text of an item as [`Strings`] takes it.
fn item_text<'b>(item: &Item<'b>) -> Result<u32, &'b str> {
    match item {
        Item::Interned(id) => Ok(*id),
        Item::Value(PropertyRef::String(s)) => Err(s),
        Item::Value(_) => Err(""),
    }
}

fn is_strings(item: &Item<'_>) -> bool {
    matches!(item, Item::Value(PropertyRef::List(items)) if items.iter().all(|i| matches!(i, PropertyRef::String(_))))
}

fn small(length: usize) -> Result<u32, GraphError> {
    u32::try_from(length).map_err(|_| GraphError::TooLarge {
        what: "bytes of one property",
        count: length as u64,
        most: u64::from(u32::MAX),
    })
}
