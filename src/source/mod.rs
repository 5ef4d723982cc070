//! A file or stdin to a [`Document`]: text blocks with byte offsets into the original. Knows no language.

use crate::model::Span;

/// What a block of text is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// A heading of level 1 (the title) to 6. In plain text a short line that stands alone and ends without a stop.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// An item of a list, or a line of a run of short lines under a lead-in.
    ListItem,
    /// A row of a table: its cells are ranges of its text. `header` on a row of column heads.
    TableRow {
        /// Whether the row holds the heads of the columns.
        header: bool,
    },
    /// A line of the page that is no text of the document (menu, share link, cookie notice).
    Furniture,
}

/// A stretch of text that belongs together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is on the page.
    pub kind: BlockKind,
    /// Its text as a reader has it: entities decoded, tags gone; newlines inside a paragraph are kept.
    pub text: String,
    /// Pairs (byte in `text`, byte in the original), sorted; between two pairs both run on byte by byte. Never empty.
    pub map: Vec<(u32, u32)>,
    /// For a table row: the byte ranges of its cells in `text`.
    pub cells: Vec<std::ops::Range<u32>>,
}

impl Block {
    /// The bytes of the original behind a range of `text`.
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span { start: self.origin(range.start, false), end: self.origin(range.end, true) }
    }

    /// Where a byte of `text` stands in the original. At a seam, an end belongs to what lies before it.
    fn origin(&self, at: usize, end: bool) -> u32 {
        let at = at as u32;
        let next = self.map.partition_point(|&(t, _)| if end { t < at } else { t <= at });
        let (t, o) = self.map[next.saturating_sub(1)];
        o + (at - t)
    }
}

/// One document as its reader sees it, before any language is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Path relative to the PATH given, `/`-separated, NFC.
    pub name: String,
    /// Hash of the original bytes.
    pub hash: u64,
    /// The original as UTF-8 (decoded from its encoding where it had another; offsets are into this).
    pub original: String,
    /// Title from metadata (HTML `<title>`/og:title, Markdown front matter) or the first heading.
    pub title: Option<String>,
    /// Date from metadata, as EDTF, where the format has one (meta tags, front matter, `<time>`); dates in running
    /// text are read by `extract`.
    pub date: Option<crate::model::Edtf>,
    /// Publisher from metadata (og:site_name, front matter), where the format has one.
    pub publisher: Option<String>,
    /// The language that the format declares (`<html lang>`, front matter), where it does.
    pub declared_language: Option<String>,
    /// Its blocks, in the order of the page.
    pub blocks: Vec<Block>,
}
