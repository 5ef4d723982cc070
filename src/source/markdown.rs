//! Markdown to blocks, with the front matter of static site generators (YAML or TOML, its simple lines only).

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::builder::Builder;
use super::html::{self, Page};
use super::page::is_furniture;
use super::{Block, BlockKind};

/// Reads a Markdown text.
pub(super) fn read(text: &str) -> Page {
    let mut page = Page::default();
    let body = front_matter(text, &mut page);
    let mut reader =
        Reader { base: body, blocks: Vec::new(), text: Builder::default(), items: 0, heading: None, header: false };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let source = &text[body..];
    let mut image = 0usize;
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Image { .. }) => image += 1,
            Event::End(TagEnd::Image) => image = image.saturating_sub(1),
            // The text of a picture is for those who do not see it.
            _ if image > 0 => {}
            Event::Start(tag) => reader.start(&tag, range.start),
            Event::End(tag) => reader.end(tag),
            Event::Text(piece) => reader.piece(source, &piece, range),
            Event::Code(piece) => {
                // Breaks in it are blanks, so that it is followed character by character.
                let slice = source.get(range.clone()).unwrap_or("");
                let mut at = slice.len() - slice.trim_start_matches('`').len();
                for c in piece.chars() {
                    let fits = |r: char| r == c || (c == ' ' && r.is_whitespace());
                    let Some(n) = slice.get(at..).and_then(|rest| rest.find(fits)) else { break };
                    reader.text.push(c.encode_utf8(&mut [0; 4]), body + range.start + at + n);
                    at += n + slice[at + n..].chars().next().map_or(1, char::len_utf8);
                }
            }
            Event::SoftBreak | Event::HardBreak => reader.text.newline(body + range.start),
            Event::Html(_) => {
                reader.flush();
                let slice = source.get(range.clone()).unwrap_or("");
                for mut block in html::read(slice).blocks {
                    let shift = (body + range.start) as u32;
                    block.map.iter_mut().for_each(|p| p.1 += shift);
                    reader.blocks.push(block);
                }
            }
            Event::InlineHtml(tag) if tag.starts_with("<br") => reader.text.newline(body + range.start),
            Event::Rule => reader.flush(),
            _ => {}
        }
    }
    reader.flush();
    page.blocks = reader.blocks;
    let heading = page.blocks.iter().find(|b| b.kind == BlockKind::Heading(1)).map(|b| b.text.replace('\n', " "));
    page.title = page.title.take().or(heading);
    page
}

/// Reads the front matter into the page; where the body begins.
fn front_matter(text: &str, page: &mut Page) -> usize {
    let start = text.strip_prefix('\u{feff}').map_or(0, |_| 3);
    let (fence, separator) = match text.get(start..start + 3) {
        Some("---") => ("---", ':'),
        Some("+++") => ("+++", '='),
        _ => return start,
    };
    let mut at = start;
    let mut lines = 0;
    for line in text[start..].split_inclusive('\n') {
        at += line.len();
        lines += 1;
        let line = line.trim_end();
        if lines == 1 {
            if line != fence {
                return start;
            }
            continue;
        }
        if line == fence || (fence == "---" && line == "...") {
            return at;
        }
        if lines > 200 {
            break;
        }
        let Some((key, value)) = line.split_once(separator) else { continue };
        let value = value.trim().trim_matches(['"', '\'']).trim();
        if value.is_empty() {
            continue;
        }
        match key.trim().to_lowercase().as_str() {
            "title" | "otsikko" | "rubrik" => page.title = Some(value.to_owned()),
            "date" | "published" | "datum" => page.date = value.get(..value.len().min(10)).and_then(|d| d.parse().ok()),
            "publisher" | "site" | "source" | "organisation" | "organization" => {
                page.publisher = Some(value.to_owned())
            }
            "lang" | "language" | "locale" => page.language = Some(value.to_owned()),
            _ => {}
        }
    }
    // A rule at the head of a text without an end is no front matter.
    *page = Page::default();
    start
}

struct Reader {
    /// Where the body begins in the original.
    base: usize,
    blocks: Vec<Block>,
    text: Builder,
    items: usize,
    heading: Option<u8>,
    header: bool,
}

impl Reader {
    fn start(&mut self, tag: &Tag<'_>, at: usize) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(match level {
                    HeadingLevel::H1 => 1,
                    HeadingLevel::H2 => 2,
                    HeadingLevel::H3 => 3,
                    HeadingLevel::H4 => 4,
                    HeadingLevel::H5 => 5,
                    HeadingLevel::H6 => 6,
                });
            }
            Tag::Item => {
                self.flush();
                self.items += 1;
            }
            Tag::TableHead => self.header = true,
            Tag::TableCell => self.text.open_cell(self.base + at),
            Tag::Paragraph | Tag::List(_) | Tag::Table(_) | Tag::TableRow | Tag::BlockQuote(_) | Tag::CodeBlock(_) => {
                self.flush()
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.flush();
                self.heading = None;
            }
            TagEnd::Item => {
                self.flush();
                self.items = self.items.saturating_sub(1);
            }
            TagEnd::TableCell => self.text.close_cell(),
            TagEnd::TableHead | TagEnd::TableRow => {
                self.flush();
                self.header = false;
            }
            TagEnd::Paragraph | TagEnd::List(_) | TagEnd::Table | TagEnd::BlockQuote(_) | TagEnd::CodeBlock => {
                self.flush()
            }
            _ => {}
        }
    }

    fn piece(&mut self, source: &str, piece: &str, range: std::ops::Range<usize>) {
        let at = self.base + range.start;
        if source.get(range.clone()) == Some(piece) {
            self.text.push(piece, at);
        } else {
            self.text.push_for(piece, at, range.len());
        }
    }

    fn flush(&mut self) {
        let kind = match self.heading {
            Some(level) => BlockKind::Heading(level),
            None if self.text.cells() > 0 => BlockKind::TableRow { header: self.header },
            None if self.items > 0 => BlockKind::ListItem,
            None => BlockKind::Paragraph,
        };
        if let Some(mut block) = self.text.take(kind) {
            if !matches!(kind, BlockKind::Heading(_) | BlockKind::TableRow { .. }) && is_furniture(&block.text) {
                block.kind = BlockKind::Furniture;
            }
            self.blocks.push(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::source::{BlockKind, read_bytes};

    #[test]
    fn a_text_with_its_parts() {
        let text = "---\ntitle: \"Nätverket i norr\"\ndate: 2022-03-03\npublisher: Nordstads kommun\nlang: sv\n---\n\n# Nätverket\n\nKommunen \
                    samarbetar\nmed *Aust*in &amp; [Seattle](http://x.se).\n\n* Eva Holm\n* Jan Ek, **rektor**\n\n| Namn | Roll |\n|---|---|\n| Eva | vd |\n";
        let d = read_bytes("a.md", text.as_bytes()).unwrap();
        let shown: Vec<_> = d.blocks.iter().map(|b| (b.kind, b.text.as_str())).collect();
        use BlockKind::{Heading, ListItem, Paragraph, TableRow};
        assert_eq!(
            shown,
            [
                (Heading(1), "Nätverket"),
                (Paragraph, "Kommunen samarbetar\nmed Austin & Seattle."),
                (ListItem, "Eva Holm"),
                (ListItem, "Jan Ek, rektor"),
                (TableRow { header: true }, "Namn\tRoll"),
                (TableRow { header: false }, "Eva\tvd"),
            ]
        );
        assert_eq!(d.title.as_deref(), Some("Nätverket i norr"));
        assert_eq!(d.date.as_ref().map(|d| d.as_str()), Some("2022-03-03"));
        assert_eq!(d.publisher.as_deref(), Some("Nordstads kommun"));
        let at = d.blocks[1].text.find("Austin").unwrap();
        let span = d.blocks[1].span(at..at + 6);
        assert_eq!(&d.original[span.start as usize..span.end as usize], "Aust*in");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn every_character_has_its_place(text in "(#{1,3} |\\* |> |1\\. |\n|\n\n|`|\\*\\*|_|\\[x\\]\\(y\\)|!\\[a\\]\\(b\\)|&amp;|\\\\\\*|<br>|<div>|\\| |---|  |[a-zåä]{1,4}|[.:|]){0,50}") {
            if let Ok(d) = read_bytes("x.md", text.as_bytes()) {
                for b in &d.blocks {
                    for (i, c) in b.text.char_indices() {
                        let span = b.span(i..i + c.len_utf8());
                        let there = d.original.get(span.start as usize..).and_then(|s| s.chars().next());
                        let same = there == Some(c) || matches!(there, Some('&' | '\\')) || c.is_whitespace();
                        prop_assert!(same, "{c:?} {there:?} in {:?}", b.text);
                    }
                }
            }
        }
    }
}
