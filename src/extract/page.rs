//! A document made ready to be read: its lines (sentences, list items, rows) with tokens and language, its date and
//! title. Finds no names.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::model::{Edtf, Lang};
use crate::source::{Block, BlockKind, Document};
use crate::text::{self, Case, Token};

/// Blocks shorter than this many bytes take the language of their neighbours.
const SHORT: usize = 60;
/// How much of a document is looked at to tell its language.
const SAMPLE: usize = 20_000;
/// Most tokens of a line that are read: what is longer is no sentence.
pub(crate) const LINE_TOKENS: usize = 2_000;
/// Where a document's own date may stand: so many blocks from its start.
const DATE_BLOCKS: usize = 8;
/// Longest block, in bytes, that is a line of dates and names rather than text.
const DATE_LINE: usize = 120;
/// Most base forms that the cache holds before it is emptied.
const CACHE: usize = 50_000;

/// A sentence, list item, table row or heading.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Index of its block.
    pub(crate) block: usize,
    /// What its block is.
    pub(crate) kind: BlockKind,
    /// Its language.
    pub(crate) lang: Lang,
    /// First byte in the text of its block.
    pub(crate) start: u32,
    /// One past its last byte.
    pub(crate) end: u32,
    /// Its tokens.
    pub(crate) tokens: Vec<Token>,
}

impl Line {
    /// Whether its block is a heading.
    pub(crate) fn heading(&self) -> bool {
        matches!(self.kind, BlockKind::Heading(_))
    }
}

/// A base form of a word, with the case that the form stands in.
pub(crate) type Base = (String, Case);

/// A document with its lines.
pub(crate) struct Page<'d> {
    /// The document.
    pub(crate) document: &'d Document,
    /// The language of most of its text.
    pub(crate) lang: Lang,
    /// Its lines, in the order of the page; furniture is left out.
    pub(crate) lines: Vec<Line>,
    /// The date that it bears.
    pub(crate) date: Option<Edtf>,
    /// Its title.
    pub(crate) title: Option<String>,
    bases: RefCell<FxHashMap<(Lang, String), Rc<[Base]>>>,
}

impl<'d> Page<'d> {
    /// Cuts a document into lines and tells languages, date and title.
    pub(crate) fn of(document: &'d Document) -> Page<'d> {
        let lang = language(document);
        let langs = block_languages(document, lang);
        let mut lines = Vec::new();
        for (i, block) in document.blocks.iter().enumerate() {
            if block.kind == BlockKind::Furniture || block.text.trim().is_empty() {
                continue;
            }
            cut(i, block, langs[i], &mut lines);
        }
        let date = document.date.clone().or_else(|| own_date(document, &langs));
        let title = document.title.clone().or_else(|| first_heading(document));
        Page { document, lang, lines, date, title, bases: RefCell::default() }
    }

    /// The text of a line's block: token offsets are into this.
    pub(crate) fn text(&self, line: &Line) -> &'d str {
        self.document.blocks.get(line.block).map_or("", |b| b.text.as_str())
    }

    /// The words that may lie behind a form: the form itself as a nominative first, then its base forms, the
    /// likeliest first.
    pub(crate) fn bases(&self, lang: Lang, form: &str) -> Rc<[Base]> {
        let mut cache = self.bases.borrow_mut();
        if let Some(found) = cache.get(&(lang, form.to_owned())) {
            return Rc::clone(found);
        }
        let found: Rc<[Base]> = base_forms(form, lang).into();
        if cache.len() >= CACHE {
            cache.clear();
        }
        cache.insert((lang, form.to_owned()), Rc::clone(&found));
        found
    }
}
