//! A document made ready to be read: its lines (sentences, list items, rows) with tokens and language, its date and
//! title. Finds no names.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::model::{Edtf, Lang};
use crate::source::{Block, BlockKind, Document};
use crate::text::{self, Case, Token};

/// Blocks shorter than this many bytes take the language of their neighbours.
const SHORT: usize = 240;
/// How much of a document is looked at to tell its language.
const SAMPLE: usize = 20_000;
/// Most tokens of a line that are read: what is longer is no sentence.
pub(crate) const LINE_TOKENS: usize = 2_000;
/// A line of at least so many letters may be wrapped text.
const WRAPPED: usize = 64;
/// Where a document's own date may stand: so many blocks from its start.
const DATE_BLOCKS: usize = 12;
/// Longest block, in bytes, that is a line of dates and names rather than text.
const DATE_LINE: usize = 200;
/// … and so many from its end.
const DATE_TAIL: usize = 3;
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

/// The base forms of the words of a document, looked up once.
type Bases = FxHashMap<String, Rc<[Base]>>;

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
    /// By language, so that a look-up needs no key of its own.
    bases: RefCell<Vec<Bases>>,
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
        let date = document.date.clone().or_else(|| own_date(document));
        let title = document.title.clone().or_else(|| first_heading(document));
        Page { document, lang, lines, date, title, bases: RefCell::new(vec![Bases::default(); Lang::ALL.len()]) }
    }

    /// The text of a line's block: token offsets are into this.
    pub(crate) fn text(&self, line: &Line) -> &'d str {
        self.document.blocks.get(line.block).map_or("", |b| b.text.as_str())
    }

    /// The words that may lie behind a form with their case, the likeliest first; the form itself is among them.
    pub(crate) fn bases(&self, lang: Lang, form: &str) -> Rc<[Base]> {
        let mut caches = self.bases.borrow_mut();
        let Some(cache) = caches.get_mut(lang as usize) else { return Rc::new([]) };
        if let Some(found) = cache.get(form) {
            return Rc::clone(found);
        }
        let mut all = text::base_forms(form, lang);
        if !all.iter().any(|(b, c)| b == form && *c == Case::Nominative) {
            all.push((form.to_owned(), Case::Nominative));
        }
        let found: Rc<[Base]> = all.into();
        if cache.len() >= CACHE {
            cache.clear();
        }
        cache.insert(form.to_owned(), Rc::clone(&found));
        found
    }
}

/// Cuts a block into lines.
fn cut(index: usize, block: &Block, lang: Lang, out: &mut Vec<Line>) {
    let whole = matches!(block.kind, BlockKind::TableRow { .. });
    let mut sentences = text::sentences(&block.text, lang);
    if whole && sentences.len() > 1 {
        // a row is one line, whatever stops its cells hold
        let mut all = Vec::new();
        let (start, end) = (sentences[0].start, sentences[sentences.len() - 1].end);
        for s in &mut sentences {
            all.append(&mut s.tokens);
        }
        sentences = vec![text::Sentence { start, end, tokens: all }];
    }
    for s in sentences {
        let mut rest = s.tokens;
        while let Some(first) = rest.first() {
            let start = first.start;
            let at = if whole { rest.len() } else { row_end(&block.text, &rest) };
            let tail = rest.split_off(at);
            let end = rest.last().map_or(start, |t| t.end);
            let tokens = std::mem::replace(&mut rest, tail);
            out.push(Line { block: index, kind: block.kind, lang, start, end, tokens });
        }
    }
}

/// Where the first row of some tokens ends: a short line without a stop before one that begins anew is a line of its
/// own ("Li Ek, vd" above "Bo Alm, ekonom"), not wrapped text.
fn row_end(text: &str, tokens: &[Token]) -> usize {
    for i in 1..tokens.len() {
        let (before, next) = (&tokens[i - 1], &tokens[i]);
        let gap = text.get(before.end as usize..next.start as usize).unwrap_or("");
        if !gap.contains('\n') {
            continue;
        }
        let line = text.get(..before.end as usize).and_then(|t| t.rsplit('\n').next()).unwrap_or("");
        let anew = !matches!(next.shape, crate::text::Shape::Lower);
        let open = line.ends_with([',', '-', '–', '&', '(']);
        if line.chars().count() < WRAPPED && anew && !open {
            return i;
        }
    }
    tokens.len()
}

/// The language of most of a document: as it declares, if we read that one, else as its text tells.
fn language(document: &Document) -> Lang {
    let declared = document.declared_language.as_deref().and_then(declared);
    let mut sample = String::new();
    for block in document.blocks.iter().filter(|b| b.kind != BlockKind::Furniture) {
        if sample.len() > SAMPLE {
            break;
        }
        sample.push_str(&block.text);
        sample.push('\n');
    }
    declared.unwrap_or_else(|| text::language_or(&sample, Lang::Sv))
}

fn declared(tag: &str) -> Option<Lang> {
    let tag = tag.to_lowercase();
    let short = tag.split(['-', '_']).next().unwrap_or("");
    match short {
        "no" | "nn" => Some(Lang::Nb),
        short => Lang::from_word(short),
    }
}

/// The language of each block: its own where it is long enough to tell, else that of the document.
fn block_languages(document: &Document, lang: Lang) -> Vec<Lang> {
    document.blocks.iter().map(|b| if b.text.len() < SHORT { lang } else { own_language(&b.text, lang) }).collect()
}

/// The language of a block of a document in `lang`: Norwegian and Danish differ too little for a block to tell.
fn own_language(text: &str, lang: Lang) -> Lang {
    let own = text::language_or(text, lang);
    let close = |l: Lang| matches!(l, Lang::Nb | Lang::Da);
    if close(own) && close(lang) { lang } else { own }
}

/// The date that the page bears, from its first blocks or, failing that, its last ones.
fn own_date(document: &Document) -> Option<Edtf> {
    let lines = |blocks: &mut dyn Iterator<Item = &Block>| -> Option<Edtf> {
        let text: Vec<&str> = blocks.filter(|b| b.text.len() <= DATE_LINE).map(|b| b.text.as_str()).collect();
        text::document_date(&text)
    };
    let n = document.blocks.len();
    lines(&mut document.blocks.iter().take(DATE_BLOCKS))
        .or_else(|| lines(&mut document.blocks.iter().skip(DATE_BLOCKS.max(n.saturating_sub(DATE_TAIL)))))
}

fn first_heading(document: &Document) -> Option<String> {
    document.blocks.iter().find(|b| matches!(b.kind, BlockKind::Heading(_))).map(|b| b.text.trim().to_owned())
}
