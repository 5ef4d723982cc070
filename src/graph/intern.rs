//! A heap of strings that holds each of them once and numbers them in the order in which they came.

use std::hash::{BuildHasher, RandomState};

/// Marks a free slot.
const FREE: u32 = u32::MAX;

/// Distinct strings, numbered from 0.
#[derive(Debug, Clone)]
pub(super) struct Interner {
    /// All of them, one after the other.
    bytes: Vec<u8>,
    /// Where each begins; one more than there are strings.
    offsets: Vec<u64>,
    /// Open addressing, a power of two, at most half full.
    slots: Vec<u32>,
    /// Seeded at random, so that no file can choose strings that all fall into one slot. Numbers go by order of
    /// arrival: the seed reaches no output.
    state: RandomState,
}

impl Default for Interner {
    fn default() -> Interner {
        Interner { bytes: Vec::new(), offsets: vec![0], slots: vec![FREE; 64], state: RandomState::new() }
    }
}

impl Interner {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// The string with that number; empty where there is none.
    pub(super) fn get(&self, id: u32) -> &str {
        std::str::from_utf8(self.raw(id)).unwrap_or("")
    }

    /// The bytes of the string with that number; empty where there is none.
    pub(super) fn raw(&self, id: u32) -> &[u8] {
        let id = id as usize;
        match (self.offsets.get(id), self.offsets.get(id + 1)) {
            (Some(&a), Some(&b)) => &self.bytes[a as usize..b as usize],
            _ => &[],
        }
    }

    /// Its number, if it is there.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        let slot = self.slots[self.slot(text.as_bytes())];
        (slot != FREE).then_some(slot)
    }

    /// Its number; it is added where it is not there yet.
    pub(super) fn intern(&mut self, text: &str) -> u32 {
        let mut at = self.slot(text.as_bytes());
        if self.slots[at] != FREE {
            return self.slots[at];
        }
        if (self.len() + 1) * 2 > self.slots.len() {
            self.grow();
            at = self.slot(text.as_bytes());
        }
        let id = self.len() as u32;
        self.bytes.extend_from_slice(text.as_bytes());
        self.offsets.push(self.bytes.len() as u64);
        self.slots[at] = id;
        id
    }

    /// The slot where the text is, or the free one where it belongs.
    fn slot(&self, text: &[u8]) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = self.hash(text) as usize & mask;
        while self.slots[at] != FREE && self.raw(self.slots[at]) != text {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![FREE; mask + 1];
        for id in 0..self.len() as u32 {
            let mut at = self.hash(self.raw(id)) as usize & mask;
            while slots[at] != FREE {
                at = (at + 1) & mask;
            }
            slots[at] = id;
        }
        self.slots = slots;
    }

    fn hash(&self, text: &[u8]) -> u64 {
        self.state.hash_one(text)
    }

    /// The heap and the beginnings.
    pub(super) fn parts(&self) -> (&[u8], &[u64]) {
        (&self.bytes, &self.offsets)
    }
}
