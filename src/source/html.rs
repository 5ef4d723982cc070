//! HTML to blocks. Reads the tokens of the page in order and needs no tree: which elements begin a block, which hold
//! furniture or no text at all, and where each decoded character stands in the original.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

use super::builder::Builder;
use super::page::is_furniture;
use super::{Block, BlockKind, plain};
use crate::model::Edtf;

/// What an HTML page says of itself and holds.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) title: Option<String>,
    pub(super) date: Option<Edtf>,
    pub(super) publisher: Option<String>,
    pub(super) language: Option<String>,
    pub(super) blocks: Vec<Block>,
}

/// How many elements may be open at once; what is nested deeper is read as if its tags were not there.
const MAX_OPEN: usize = 256;

/// Elements that hold no text of the page.
const SKIPPED: [&str; 17] = [
    "script", "style", "template", "svg", "math", "object", "iframe", "noscript", "canvas", "audio", "video", "select",
    "button", "textarea", "dialog", "head", "map",
];
/// Elements that hold furniture.
const FURNITURE: [&str; 4] = ["nav", "footer", "aside", "menu"];
/// Words of `class`, `id` and `role` of elements that hold furniture.
const FURNITURE_WORDS: [&str; 27] = [
    "navigation",
    "nav",
    "navbar",
    "menu",
    "main-menu",
    "breadcrumb",
    "breadcrumbs",
    "cookie",
    "cookies",
    "cookie-banner",
    "cookie-consent",
    "cookie-notice",
    "share",
    "sharing",
    "social",
    "social-media",
    "share-buttons",
    "sidebar",
    "footer",
    "site-footer",
    "skip-link",
    "skiplink",
    "pagination",
    "search",
    "contentinfo",
    "complementary",
    "banner",
];
/// Elements that begin and end a block.
const BLOCKS: [&str; 37] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "figure",
    "figcaption",
    "address",
    "header",
    "footer",
    "nav",
    "aside",
    "form",
    "fieldset",
    "hr",
    "table",
    "caption",
    "body",
    "html",
    "details",
    "summary",
    "center",
    "hgroup",
];
/// Elements without an end tag.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "param"];

struct Open {
    name: String,
    skip: bool,
    furniture: bool,
}

struct Reader<'h> {
    html: &'h str,
    page: Page,
    /// Whether a block lies inside `main` or `article`.
    inside: Vec<bool>,
    open: Vec<Open>,
    text: Builder,
    in_title: bool,
    title: String,
    json: bool,
    time: Option<Edtf>,
    head_row: bool,
    plain_cells: usize,
    site_title: Option<String>,
    og_title: Option<String>,
}

/// Reads a page.
pub(super) fn read(html: &str) -> Page {
    let mut reader = Reader {
        html,
        page: Page::default(),
        inside: Vec::new(),
        open: Vec::new(),
        text: Builder::default(),
        in_title: false,
        title: String::new(),
        json: false,
        time: None,
        head_row: false,
        plain_cells: 0,
        site_title: None,
        og_title: None,
    };
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => reader.end(&String::from_utf8_lossy(&tag.name), tag.span.start),
            Token::String(string) => {
                let decoded = String::from_utf8_lossy(&string.value);
                reader.string(&decoded, string.span.start, string.span.end);
            }
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.finish()
}

fn attribute(tag: &StartTag<usize>, name: &str) -> Option<String> {
    let value = tag.attributes.get(name.as_bytes())?;
    Some(String::from_utf8_lossy(&value.value).trim().to_owned()).filter(|v| !v.is_empty())
}

/// A date of a meta tag: its leading year, month and day.
fn meta_date(value: &str) -> Option<Edtf> {
    let digits: String = value.trim().chars().take_while(|c| c.is_ascii_digit() || *c == '-').take(10).collect();
    let date: Edtf = digits.trim_end_matches('-').parse().ok()?;
    date.first_year().filter(|y| (1900..2200).contains(y)).map(|_| date)
}

impl Reader<'_> {
    fn skipping(&self) -> bool {
        self.open.last().is_some_and(|o| o.skip)
    }

    fn start(&mut self, tag: &StartTag<usize>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let name = name.as_str();
        let at = tag.span.start;
        match name {
            "html" => self.page.language = attribute(tag, "lang").or_else(|| attribute(tag, "xml:lang")),
            "meta" => self.meta(tag),
            "title" => self.in_title = self.title.is_empty() && !self.open.iter().any(|o| o.name == "svg"),
            "body" => self.open.retain(|o| o.name != "head"),
            "script" => self.json = attribute(tag, "type").is_some_and(|t| t.contains("ld+json")),
            "time" => {
                let date = attribute(tag, "datetime").and_then(|d| meta_date(&d));
                let own = attribute(tag, "itemprop").is_some_and(|p| p == "datePublished");
                if own && date.is_some() {
                    self.page.date = self.page.date.take().or(date);
                } else if self.time.is_none() && !self.open.last().is_some_and(|o| o.furniture) {
                    self.time = date;
                }
            }
            _ => {}
        }
        match name {
            "br" => self.text.newline(at),
            "tr" => {
                self.flush();
                self.head_row = true;
                self.plain_cells = 0;
            }
            "td" | "th" => {
                self.text.open_cell(at);
                self.plain_cells += usize::from(name == "td");
                self.head_row &= name == "th";
            }
            _ if self.text.cells() > 0 => {
                if name == "table" {
                    self.flush();
                } else if BLOCKS.contains(&name) {
                    self.text.space(at);
                }
            }
            _ if BLOCKS.contains(&name) => self.flush(),
            "img" | "input" | "label" => self.text.space(at),
            _ => {}
        }
        // These end what the author left open.
        match name {
            "li" => self.close_until(&["li"], &["ul", "ol"]),
            "dt" | "dd" => self.close_until(&["dt", "dd"], &["dl"]),
            "tr" => self.close_until(&["tr"], &["table"]),
            "td" | "th" => self.close_until(&["td", "th"], &["tr", "table"]),
            _ if BLOCKS.contains(&name) => self.close_until(&["p"], &["li", "td", "div", "table"]),
            _ => {}
        }
        if VOID.contains(&name) || tag.self_closing || self.open.len() >= MAX_OPEN {
            return;
        }
        let word_of = |key: &str| attribute(tag, key).unwrap_or_default().to_lowercase();
        let page = matches!(name, "html" | "body" | "main" | "article");
        let named = !page
            && ["class", "id", "role"].iter().any(|k| {
                word_of(k).split_whitespace().any(|w| FURNITURE_WORDS.contains(&w) || w.starts_with("cookie"))
            });
        let hidden = !page
            && (tag.attributes.contains_key(b"hidden".as_slice())
                || word_of("style").replace(' ', "").contains("display:none")
                || word_of("aria-hidden") == "true");
        let above = self.open.last();
        let skip = SKIPPED.contains(&name) || hidden || above.is_some_and(|o| o.skip);
        let furniture = FURNITURE.contains(&name) || named || above.is_some_and(|o| o.furniture);
        self.open.push(Open { name: name.to_owned(), skip, furniture });
    }

    /// Closes an element among `names` unless one of `walls` is nearer.
    fn close_until(&mut self, names: &[&str], walls: &[&str]) {
        for i in (0..self.open.len()).rev() {
            let name = self.open[i].name.as_str();
            if names.contains(&name) {
                self.open.truncate(i);
                return;
            }
            if walls.contains(&name) {
                return;
            }
        }
    }

    fn end(&mut self, name: &str, at: usize) {
        match name {
            "title" => self.in_title = false,
            "td" | "th" => self.text.close_cell(),
            "tr" | "table" | "thead" | "tbody" => self.flush(),
            "br" => self.text.newline(at),
            _ if self.text.cells() > 0 && BLOCKS.contains(&name) => self.text.space(at),
            _ if BLOCKS.contains(&name) => self.flush(),
            _ => {}
        }
        if let Some(i) = self.open.iter().rposition(|o| o.name == name) {
            self.open.truncate(i);
        }
    }

    fn meta(&mut self, tag: &StartTag<usize>) {
        let key = ["property", "name", "itemprop", "http-equiv"].iter().find_map(|k| attribute(tag, k));
        let (Some(key), Some(content)) = (key, attribute(tag, "content")) else { return };
        match key.to_lowercase().as_str() {
            "og:title" => self.og_title = Some(content),
            "og:site_name" => self.page.publisher = Some(content),
            "publisher" | "dc.publisher" | "dcterms.publisher" | "application-name" => {
                self.page.publisher.get_or_insert(content);
            }
            "content-language" | "language" | "dc.language" | "og:locale" => {
                self.page.language.get_or_insert(content);
            }
            "article:published_time"
            | "datepublished"
            | "date"
            | "dc.date"
            | "dcterms.date"
            | "dc.date.issued"
            | "dcterms.issued"
            | "publish-date"
            | "publication_date"
            | "pubdate"
            | "dcterms.created" => {
                if let Some(date) = meta_date(&content) {
                    self.page.date.get_or_insert(date);
                }
            }
            _ => {}
        }
    }

    fn string(&mut self, decoded: &str, start: usize, end: usize) {
        if self.in_title {
            self.title.push_str(decoded);
            return;
        }
        if self.json && self.open.last().is_some_and(|o| o.name == "script") {
            if let Some((_, rest)) = decoded.split_once("\"datePublished\"") {
                let rest = rest.trim_start_matches([' ', ':', '"', '\n', '\t']);
                if let Some(date) = meta_date(rest) {
                    self.page.date.get_or_insert(date);
                }
            }
            return;
        }
        if self.skipping() {
            return;
        }
        let raw = self.html.get(start..end).unwrap_or("");
        let pre = self.open.iter().any(|o| o.name == "pre");
        push_decoded(&mut self.text, raw, start, decoded, pre);
    }

    /// Ends the block at hand.
    fn flush(&mut self) {
        let furniture = self.open.last().is_some_and(|o| o.furniture);
        let inside = self.open.iter().any(|o| matches!(o.name.as_str(), "main" | "article"));
        let cells = self.text.cells();
        let mut kind = BlockKind::Paragraph;
        for o in self.open.iter().rev() {
            let level = o.name.strip_prefix('h').and_then(|n| n.parse::<u8>().ok()).filter(|n| (1..=6).contains(n));
            if let Some(level) = level {
                kind = BlockKind::Heading(level);
                break;
            }
            match o.name.as_str() {
                "li" | "dt" | "dd" => {
                    kind = BlockKind::ListItem;
                    break;
                }
                "table" | "main" | "article" | "body" => break,
                _ => {}
            }
        }
        if cells > 1 {
            kind = BlockKind::TableRow { header: self.head_row && self.plain_cells == 0 };
        }
        let mut blocks = Vec::new();
        if kind == BlockKind::Paragraph && self.text.text().contains('\n') && cells == 0 {
            // Lines that the author broke: read as the lines of a plain text are, but none of them is a title.
            for part in plain::blocks(self.text.text()) {
                let from = part.map.first().map_or(0, |p| p.1 as usize);
                let kind = match part.kind {
                    BlockKind::Heading(_) => BlockKind::ListItem,
                    kind => kind,
                };
                if let Some(mut block) = self.text.slice(from..from + part.text.len(), kind) {
                    block.cells = part.cells;
                    blocks.push(block);
                }
            }
            self.text = Builder::default();
        } else {
            let mut text = std::mem::take(&mut self.text);
            blocks.extend(text.take(kind).map(|mut b| {
                if cells <= 1 {
                    b.cells.clear();
                }
                b
            }));
        }
        self.head_row = false;
        for mut block in blocks {
            let heading = matches!(block.kind, BlockKind::Heading(_));
            if furniture || (!heading && is_furniture(&block.text)) {
                block.kind = BlockKind::Furniture;
            }
            self.page.blocks.push(block);
            self.inside.push(inside);
        }
    }

    fn finish(mut self) -> Page {
        self.flush();
        // Where a page marks its main part and that holds text, the rest is furniture.
        let main: usize =
            self.page.blocks.iter().zip(&self.inside).filter(|(_, i)| **i).map(|(b, _)| b.text.len()).sum();
        if main > 200 {
            for (block, inside) in self.page.blocks.iter_mut().zip(&self.inside) {
                if !inside && !matches!(block.kind, BlockKind::Heading(1)) {
                    block.kind = BlockKind::Furniture;
                }
            }
        }
        let squeeze = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ");
        let title = squeeze(&self.title);
        self.site_title = (!title.is_empty()).then(|| match &self.page.publisher {
            // `Resa till USA - Luleå kommun` names its publisher too.
            Some(site) => [" - ", " | ", " – ", " · "]
                .iter()
                .find_map(|sep| title.strip_suffix(site.as_str())?.strip_suffix(sep))
                .unwrap_or(&title)
                .to_owned(),
            None => title.clone(),
        });
        let heading = self.page.blocks.iter().find(|b| b.kind == BlockKind::Heading(1)).map(|b| squeeze(&b.text));
        self.page.title = self.og_title.take().map(|t| squeeze(&t)).or(heading).or(self.site_title.take());
        self.page.date = self.page.date.take().or(self.time.take());
        self.page
    }
}

/// The length of what looks like an entity at the head of `raw`.
fn entity_len(raw: &str) -> usize {
    let body = raw.bytes().skip(1).take(40).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
    1 + body + usize::from(raw.as_bytes().get(1 + body) == Some(&b';'))
}

/// What an entity decodes to.
fn decode_entity(raw: &str) -> Option<String> {
    let token = Tokenizer::new(raw).flatten().next()?;
    match token {
        Token::String(s) => Some(String::from_utf8_lossy(&s).into_owned()),
        _ => None,
    }
}

/// Appends the decoded text of a string token, each character with its place in the original. White space runs
/// together, as a browser shows it, unless `pre`.
fn push_decoded(out: &mut Builder, raw: &str, base: usize, decoded: &str, pre: bool) {
    let (mut i, mut j) = (0, 0);
    while j < decoded.len() {
        let Some(want) = decoded[j..].chars().next() else { break };
        let here = raw.get(i..).unwrap_or("");
        let at = base + i;
        if here.starts_with('&') {
            let len = entity_len(here);
            if let Some(text) =
                decode_entity(&here[..len]).filter(|t| *t != here[..len] && decoded[j..].starts_with(t.as_str()))
            {
                if text.chars().all(char::is_whitespace) {
                    out.space(at);
                } else {
                    out.push_for(&text, at, len);
                }
                (i, j) = (i + len, j + text.len());
                continue;
            }
        }
        match here.chars().next() {
            Some(c) if c == want => {
                if c.is_whitespace() && !(pre && c == '\n') {
                    out.space(at);
                    (i, j) = (i + c.len_utf8(), j + c.len_utf8());
                } else if c.is_whitespace() {
                    out.push("\n", at);
                    (i, j) = (i + 1, j + 1);
                } else {
                    // A run of plain characters at once.
                    let run = here
                        .chars()
                        .zip(decoded[j..].chars())
                        .take_while(|(a, b)| a == b && *a != '&' && !a.is_whitespace())
                        .map(|(a, _)| a.len_utf8())
                        .sum::<usize>()
                        .max(c.len_utf8());
                    out.push(&here[..run], at);
                    (i, j) = (i + run, j + run);
                }
            }
            // A carriage return is a line feed, or goes before one.
            Some('\r') if want == '\n' && !here.starts_with("\r\n") => {
                out.space(at);
                (i, j) = (i + 1, j + 1);
            }
            // What the parser passed over.
            Some(c) => {
                i += c.len_utf8();
                if want == '\u{fffd}' {
                    j += want.len_utf8();
                }
            }
            None => break,
        }
    }
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
