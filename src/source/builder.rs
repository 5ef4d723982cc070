//! The text of a block while it is put together from pieces of the original, with the map back.

use std::ops::Range;

use super::{Block, BlockKind};

/// A text and where each of its pieces comes from.
#[derive(Debug, Default)]
pub(super) struct Builder {
    text: String,
    map: Vec<(u32, u32)>,
    cells: Vec<Range<usize>>,
    open: Option<usize>,
}

impl Builder {
    /// Appends a piece that stands in the original as it is, at `origin`.
    pub(super) fn push(&mut self, piece: &str, origin: usize) {
        if piece.is_empty() {
            return;
        }
        self.pair(origin);
        self.text.push_str(piece);
    }

    /// Appends a piece that `len` bytes of the original at `origin` stand for (an entity, an escape).
    pub(super) fn push_for(&mut self, piece: &str, origin: usize, len: usize) {
        if piece.is_empty() {
            return;
        }
        self.pair(origin);
        self.text.push_str(piece);
        // The last byte of the piece is the last byte behind it, so that a range that ends here ends there.
        if piece.len() > 1 && len != piece.len() && len > 0 {
            self.map.push((self.text.len() as u32 - 1, (origin + len - 1) as u32));
        }
    }

    /// Appends one blank, unless the text is empty or ends with white space.
    pub(super) fn space(&mut self, origin: usize) {
        if !self.text.is_empty() && !self.text.ends_with(char::is_whitespace) {
            self.push(" ", origin);
        }
    }

    /// Appends a line break in place of a blank before it.
    pub(super) fn newline(&mut self, origin: usize) {
        if self.text.is_empty() {
            return;
        }
        if self.text.ends_with(' ') {
            self.text.pop();
            let len = self.text.len() as u32;
            while self.map.last().is_some_and(|&(t, _)| t >= len) {
                self.map.pop();
            }
            if self.map.is_empty() {
                return;
            }
        }
        self.push("\n", origin);
    }

    fn pair(&mut self, origin: usize) {
        let (t, o) = (self.text.len() as u32, origin as u32);
        // A pair is needed only where text and original part ways.
        if self.map.last().is_none_or(|&(lt, lo)| lo.wrapping_add(t - lt) != o) {
            self.map.push((t, o));
        }
    }

    /// Begins a cell of a table row.
    pub(super) fn open_cell(&mut self, origin: usize) {
        self.close_cell();
        if !self.cells.is_empty() && !self.text.is_empty() {
            if self.text.ends_with(char::is_whitespace) {
                self.newline(origin);
            }
            self.push("\t", origin);
        }
        self.open = Some(self.text.len());
    }

    /// Ends it.
    pub(super) fn close_cell(&mut self) {
        if let Some(start) = self.open.take() {
            self.cells.push(start..self.text.len());
        }
    }

    /// How many cells the row has.
    pub(super) fn cells(&self) -> usize {
        self.cells.len() + usize::from(self.open.is_some())
    }

    /// The text so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Part of the text as a block, without white space around it; `None` if nothing is left.
    pub(super) fn slice(&self, range: Range<usize>, kind: BlockKind) -> Option<Block> {
        let part = self.text.get(range.clone())?;
        let start = range.start + (part.len() - part.trim_start().len());
        let end = range.start + part.trim_end().len();
        if start >= end || self.map.is_empty() {
            return None;
        }
        let first = self.map.partition_point(|&(t, _)| t as usize <= start).saturating_sub(1);
        let (t, o) = self.map[first];
        let mut map = vec![(0, o + (start as u32 - t))];
        let within = self.map[first + 1..].iter().take_while(|&&(t, _)| (t as usize) < end);
        map.extend(within.map(|&(t, o)| (t - start as u32, o)));
        let clamp = |n: usize| n.clamp(start, end) - start;
        let text = self.text[start..end].to_owned();
        let cells = self.cells.iter().map(|c| trimmed(&text, clamp(c.start)..clamp(c.end))).collect();
        Some(Block { kind, text, map, cells })
    }

    /// The whole as a block; empties the builder.
    pub(super) fn take(&mut self, kind: BlockKind) -> Option<Block> {
        self.close_cell();
        let block = self.slice(0..self.text.len(), kind);
        *self = Builder::default();
        block
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Range<u32> {
    let part = text.get(range.clone()).unwrap_or("");
    let start = range.start + (part.len() - part.trim_start().len());
    start as u32..(start + part.trim().len()) as u32
}
