//! A file or stdin to a [`Document`]: text blocks with byte offsets into the original. Knows no language.

mod builder;
mod encoding;
mod files;
mod hash;
mod html;
mod markdown;
mod page;
mod plain;

pub use files::{Found, MAX_FILE, Walk, read_file, read_path, walk};
pub use hash::hash;

use unicode_normalization::UnicodeNormalization;

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

/// Why a document cannot be read. Each message says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// There is no such file or folder.
    #[error("{path}: no such file or folder; check the path")]
    Missing {
        /// The path as given.
        path: String,
    },
    /// It is there but cannot be read.
    #[error("{path} cannot be read: {why}; check its permissions")]
    Unreadable {
        /// The path as given.
        path: String,
        /// What the system says.
        why: String,
    },
    /// It holds no text.
    #[error("{name} is empty; leave it out, or save the text into it again")]
    Empty {
        /// The document.
        name: String,
    },
    /// It is no text file.
    #[error(
        "{name} is {what}, not text; save or convert it as text, Markdown or HTML (.txt, .md, .html) and give that"
    )]
    NotText {
        /// The document.
        name: String,
        /// What it is, with an article.
        what: &'static str,
    },
    /// It is larger than [`MAX_FILE`].
    #[error("{name} has {megabytes} MB, more than the {} MB that are read of one file; split it into one file a document", MAX_FILE >> 20)]
    TooLarge {
        /// The document.
        name: String,
        /// Its size.
        megabytes: u64,
    },
    /// Two files would have one name in the graph.
    #[error("{first} and {second} would both be called `{name}`; give the folder above both instead")]
    SameName {
        /// The name.
        name: String,
        /// The one file.
        first: String,
        /// The other.
        second: String,
    },
    /// A folder without documents.
    #[error("no documents under {paths} ({passed_over} files of other kinds); documents end in .txt, .md or .html")]
    NothingToRead {
        /// The paths given.
        paths: String,
        /// How many files were passed over.
        passed_over: usize,
    },
}

/// The formats that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Plain,
    Markdown,
    Html,
}

/// Which format a document has: by its ending, else by how it begins.
fn format_of(ending: &str, text: &str) -> Format {
    match ending {
        "html" | "htm" | "xhtml" => return Format::Html,
        "md" | "markdown" | "mdown" => return Format::Markdown,
        _ => {}
    }
    let head: String = text.trim_start_matches('\u{feff}').trim_start().chars().take(15).collect();
    let head = head.to_ascii_lowercase();
    if ["<!doctype html", "<html", "<head", "<body"].iter().any(|m| head.starts_with(m)) {
        Format::Html
    } else {
        Format::Plain
    }
}

/// Reads one document from its bytes; the ending of its name and what it holds tell the format. Unknown text is plain
/// text.
///
/// ```
/// use samband::source::{read_bytes, BlockKind};
/// let doc = read_bytes("resa.txt", "Resa till USA\n\nLuleå samarbetar med Austin.".as_bytes()).unwrap();
/// assert_eq!(doc.title.as_deref(), Some("Resa till USA"));
/// assert_eq!(doc.blocks[1].kind, BlockKind::Paragraph);
/// ```
///
/// # Errors
/// Bytes that are no text (a PDF, a picture, noise), that hold no letter, or more than [`MAX_FILE`].
pub fn read_bytes(name: &str, bytes: &[u8]) -> Result<Document, SourceError> {
    let name: String = name.nfc().collect();
    if bytes.len() as u64 > MAX_FILE {
        return Err(SourceError::TooLarge { name, megabytes: bytes.len() as u64 >> 20 });
    }
    let ending = name.rsplit_once('.').map_or("", |(_, e)| e).to_lowercase();
    let html = matches!(ending.as_str(), "html" | "htm" | "xhtml");
    let text = match encoding::decode(bytes, html) {
        Ok(text) => text,
        Err(what) => return Err(SourceError::NotText { name, what }),
    };
    if !text.contains(char::is_alphanumeric) {
        return Err(SourceError::Empty { name });
    }
    let page = match format_of(&ending, &text) {
        Format::Html => html::read(&text),
        Format::Markdown => markdown::read(&text),
        Format::Plain => {
            let blocks = plain::blocks(&text);
            let title = blocks.iter().find(|b| b.kind == BlockKind::Heading(1)).map(|b| b.text.clone());
            html::Page { title, blocks, ..html::Page::default() }
        }
    };
    let html::Page { title, date, publisher, language, blocks } = page;
    // `sv-SE`, `sv_SE`: the language is what matters.
    let tag = |l: String| l.split(['-', '_']).next().unwrap_or("").to_lowercase();
    let declared_language = language.map(tag).filter(|l| (2..=3).contains(&l.len()));
    Ok(Document { name, hash: hash(bytes), original: text, title, date, publisher, declared_language, blocks })
}
