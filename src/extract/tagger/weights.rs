//! The table of weights: how its file is laid out, read and written.
//!
//! All numbers little-endian. Header of 16 bytes: magic `sambname`, number of features u32, step of a weight as f32 (for
//! whoever reads the file; decoding works in steps). Then the transitions, i16 each, by class of capital (3), tag before
//! (7 and the start) and tag (7). Then the hashes of the features, u32 each, ascending; then of each its weights, i8 by
//! tag (7).

use super::{CLASSES, TAGS};

const MAGIC: &[u8; 8] = b"sambname";
const HEADER: usize = 16;
const TRANSITIONS: usize = CLASSES * (TAGS + 1) * TAGS;
/// Bits of a hash that the index goes by.
const INDEX_BITS: u32 = 16;

/// What one feature says for and against each tag.
pub(crate) type Row = [i32; TAGS];

/// The transitions: by class of the token, tag before (the last one: none), tag.
pub(crate) type Transitions = [[[i32; TAGS]; TAGS + 1]; CLASSES];

/// Learned weights.
#[derive(Debug, Clone)]
pub struct Weights {
    hashes: Vec<u32>,
    rows: Vec<[i8; TAGS]>,
    /// First feature of each run of hashes that begin with the same bits, and the end.
    index: Vec<u32>,
    pub(crate) transitions: Box<Transitions>,
    step: f32,
}

impl Weights {
    /// Reads a file; `None` where it is none.
    pub fn open(data: &[u8]) -> Option<Weights> {
        let (magic, rest) = data.split_at_checked(MAGIC.len())?;
        let count = u32::from_le_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let step = f32::from_le_bytes(rest.get(4..8)?.try_into().ok()?);
        let size = count.checked_mul(4 + TAGS)?.checked_add(HEADER + 2 * TRANSITIONS)?;
        if magic != MAGIC || data.len() != size {
            return None;
        }
        let (moves, rest) = data.get(HEADER..)?.split_at_checked(2 * TRANSITIONS)?;
        let (hashes, rows) = rest.split_at_checked(4 * count)?;
        let mut transitions: Box<Transitions> = Box::default();
        let slots = transitions.iter_mut().flatten().flatten();
        for (slot, b) in slots.zip(moves.chunks_exact(2)) {
            *slot = i32::from(i16::from_le_bytes([b[0], b[1]]));
        }
        let hashes: Vec<u32> = hashes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if !hashes.is_sorted() {
            return None;
        }
        let rows = rows.as_chunks::<TAGS>().0.iter().map(|r| r.map(|b| b as i8)).collect();
        Some(Weights::of(hashes, rows, transitions, step))
    }

    /// Puts a table together: features with the weights of each, in steps; of two with one hash the first counts.
    pub fn new(mut features: Vec<(u32, [i8; TAGS])>, transitions: &[i16], step: f32) -> Weights {
        features.sort_by_key(|(hash, _)| *hash);
        features.dedup_by_key(|(hash, _)| *hash);
        let mut all: Box<Transitions> = Box::default();
        all.iter_mut().flatten().flatten().zip(transitions).for_each(|(slot, &t)| *slot = i32::from(t));
        let (hashes, rows) = features.into_iter().unzip();
        Weights::of(hashes, rows, all, step)
    }

    fn of(hashes: Vec<u32>, rows: Vec<[i8; TAGS]>, transitions: Box<Transitions>, step: f32) -> Weights {
        let mut index = Vec::with_capacity((1 << INDEX_BITS) + 1);
        let mut at = 0;
        for prefix in 0..1u32 << INDEX_BITS {
            while hashes.get(at).is_some_and(|h| h >> (32 - INDEX_BITS) < prefix) {
                at += 1;
            }
            index.push(at as u32);
        }
        index.push(hashes.len() as u32);
        Weights { hashes, rows, index, transitions, step }
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER + 2 * TRANSITIONS + self.hashes.len() * (4 + TAGS));
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&(self.hashes.len() as u32).to_le_bytes());
        out.extend_from_slice(&self.step.to_le_bytes());
        for t in self.transitions.iter().flatten().flatten() {
            let t = (*t).clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16;
            out.extend_from_slice(&t.to_le_bytes());
        }
        self.hashes.iter().for_each(|h| out.extend_from_slice(&h.to_le_bytes()));
        self.rows.iter().flatten().for_each(|w| out.push(*w as u8));
        out
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether it holds no feature.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Adds what a feature says to `to`.
    pub(crate) fn add(&self, feature: u32, to: &mut Row) {
        let bucket = (feature >> (32 - INDEX_BITS)) as usize;
        let (Some(&from), Some(&end)) = (self.index.get(bucket), self.index.get(bucket + 1)) else { return };
        let Some(hashes) = self.hashes.get(from as usize..end as usize) else { return };
        if let Some(at) = hashes.iter().position(|&h| h == feature)
            && let Some(row) = self.rows.get(from as usize + at)
        {
            to.iter_mut().zip(row).for_each(|(s, &w)| *s += i32::from(w));
        }
    }
}
