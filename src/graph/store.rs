//! The values of one key in a builder: a typed column that grows at its end, and what was set out of order.

use std::collections::BTreeMap;

use super::intern::Interner;
use super::{Property, PropertyRef};

/// Values of one type, in the order of their ids.
#[derive(Debug, Clone)]
pub(super) enum Values {
    Bool(Vec<bool>),
    Int(Vec<i64>),
    Float(Vec<f64>),
    /// Numbers of the builder's strings.
    String(Vec<u32>),
    Mixed(Vec<Property>),
}

/// The values of one key.
#[derive(Debug, Clone)]
pub(super) struct Store {
    /// Ascending.
    pub(super) ids: Vec<u32>,
    pub(super) values: Values,
    /// Values set later than those of higher ids, or in place of older ones; null where one was removed.
    pub(super) late: BTreeMap<u32, Property>,
}

impl Store {
    pub(super) fn new() -> Store {
        Store { ids: Vec::new(), values: Values::Int(Vec::new()), late: BTreeMap::new() }
    }

    pub(super) fn set(&mut self, id: u32, value: Property, strings: &mut Interner) {
        if self.ids.last().is_some_and(|&last| last >= id) {
            self.late.insert(id, value);
            return;
        }
        if value.is_null() {
            return;
        }
        if self.ids.is_empty() {
            self.values = match value {
                Property::Bool(_) => Values::Bool(Vec::new()),
                Property::Int(_) => Values::Int(Vec::new()),
                Property::Float(_) => Values::Float(Vec::new()),
                Property::String(_) => Values::String(Vec::new()),
                _ => Values::Mixed(Vec::new()),
            };
        }
        self.ids.push(id);
        match (&mut self.values, value) {
            (Values::Bool(all), Property::Bool(b)) => all.push(b),
            (Values::Int(all), Property::Int(i)) => all.push(i),
            (Values::Float(all), Property::Float(f)) => all.push(f),
            (Values::String(all), Property::String(s)) => all.push(strings.intern(&s)),
            (Values::Mixed(all), value) => all.push(value),
            (other, value) => {
                // The first value of another type makes the column a mixed one.
                let mut all: Vec<Property> =
                    (0..self.ids.len() - 1).map(|at| at_index(other, at, strings).to_owned()).collect();
                all.push(value);
                *other = Values::Mixed(all);
            }
        }
    }

    /// A string that is interned already, appended.
    pub(super) fn push_string(&mut self, id: u32, text: &str, strings: &mut Interner) {
        match &mut self.values {
            Values::String(all) if self.ids.last().is_none_or(|&last| last < id) => {
                all.push(strings.intern(text));
                self.ids.push(id);
            }
            _ => self.set(id, Property::from(text), strings),
        }
    }

    pub(super) fn get<'b>(&'b self, id: u32, strings: &'b Interner) -> PropertyRef<'b> {
        if let Some(value) = self.late.get(&id) {
            return value.as_ref();
        }
        match self.ids.binary_search(&id) {
            Ok(at) => at_index(&self.values, at, strings),
            Err(_) => PropertyRef::Null,
        }
    }

    pub(super) fn remove(&mut self, id: u32) {
        if self.ids.binary_search(&id).is_ok() {
            self.late.insert(id, Property::Null);
        } else {
            self.late.remove(&id);
        }
    }
}

pub(super) fn at_index<'b>(values: &'b Values, at: usize, strings: &'b Interner) -> PropertyRef<'b> {
    match values {
        Values::Bool(all) => PropertyRef::Bool(all[at]),
        Values::Int(all) => PropertyRef::Int(all[at]),
        Values::Float(all) => PropertyRef::Float(all[at]),
        Values::String(all) => PropertyRef::String(strings.get(all[at])),
        Values::Mixed(all) => all[at].as_ref(),
    }
}
