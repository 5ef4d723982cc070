//! Plain text to blocks. Knows lines and their shapes, no language: what is a heading, a list, a table, a contact
//! block, a paragraph with hard-wrapped lines, and what is furniture of the page that the text was copied from.

use std::ops::Range;

use super::page::{are_column_heads, is_contact_head, is_contact_line, is_date_like, is_furniture};
use super::{Block, BlockKind};

/// A line without the white space around it. Never blank.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    start: usize,
    end: usize,
    indent: usize,
    text: &'t str,
}

/// What a stretch of lines is, before its neighbours are looked at.
#[derive(Debug, Clone, PartialEq)]
enum Shape {
    /// A short line without a final stop.
    Short,
    /// A short line at the head of a run, over its lines.
    Head,
    Text,
    /// Text that ends with a colon.
    Lead,
    Item,
    Row {
        header: bool,
        cells: Vec<Range<usize>>,
    },
    Furniture,
}

#[derive(Debug, Clone)]
struct Piece {
    range: Range<usize>,
    shape: Shape,
    /// Whether blank lines stand before and after.
    alone: bool,
}

/// The blocks of a plain text.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut pieces = Vec::new();
    for run in runs(text) {
        read_run(text, &run, &mut pieces);
    }
    settle(text, &mut pieces);
    into_blocks(text, pieces)
}

/// The lines of a text, in runs between blank lines.
fn runs(text: &str) -> Vec<Vec<Line<'_>>> {
    let mut runs = vec![Vec::new()];
    let mut at = 0;
    for piece in text.split(['\n', '\r', '\u{c}', '\u{b}', '\u{85}', '\u{2028}', '\u{2029}']) {
        let trimmed = piece.trim_start_matches(is_space);
        let start = at + (piece.len() - trimmed.len());
        let line = trimmed.trim_end_matches(is_space);
        // `\r\n` is one break: the empty line between the two marks is none.
        let inside_crlf = piece.is_empty() && at > 0 && text[..at].ends_with('\r') && text[at..].starts_with('\n');
        if !line.is_empty() {
            let line = Line { start, end: start + line.len(), indent: start - at, text: line };
            if let Some(run) = runs.last_mut() {
                run.push(line);
            }
        } else if !inside_crlf && runs.last().is_some_and(|r| !r.is_empty()) {
            runs.push(Vec::new());
        }
        at += piece.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    runs.retain(|r| !r.is_empty());
    runs
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

fn ends_with_stop(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '”', '»', '\'', '’', ')', ']']);
    text.ends_with(['.', '!', '?', '…', ';', ',', ':'])
}

/// A short line without a final stop: a heading, a name, an item. A question may head what follows.
fn is_short(text: &str) -> bool {
    if text.len() > 400 || chars(text) > 100 || text.split_whitespace().count() > 14 {
        return false;
    }
    let question = text.ends_with(['?', '!']) && chars(text) <= 60 && !text.contains(". ");
    (question || !ends_with_stop(text)) && text.chars().any(char::is_alphanumeric)
}

/// The length of a list marker with the white space after it.
fn marker(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let mut end = match first {
        '•' | '·' | '▪' | '●' | '◦' | '‣' | '*' | '-' | '–' | '—' | '+' | '○' | '■' | '►' | '➢' | '✓' | '\u{f0b7}' => {
            first.len_utf8()
        }
        '0'..='9' => {
            let n = text.bytes().take_while(u8::is_ascii_digit).count();
            let mark = text[n..].starts_with(['.', ')']);
            if n > 2 || !mark {
                return None;
            }
            n + 1
        }
        'a'..='z' if text[1..].starts_with(')') => 2,
        _ => return None,
    };
    let rest = &text[end..];
    let word = rest.trim_start_matches(is_space);
    let bare = matches!(first, '•' | '▪' | '●' | '\u{f0b7}');
    if word.is_empty() || (word.len() == rest.len() && !bare) {
        return None;
    }
    // `4. toukokuuta` begins no item: what follows an ordinal in running text is a small letter.
    if first.is_ascii_digit() && word.starts_with(char::is_lowercase) && text[..end].ends_with('.') {
        return None;
    }
    end += rest.len() - word.len();
    Some(end)
}

fn is_dash_marker(text: &str) -> bool {
    text.starts_with(['-', '–', '—'])
}

/// A spoken line after a dash, rather than an item: it is a sentence of its own.
fn is_quote(text: &str) -> bool {
    is_dash_marker(text)
        && marker(text).is_some()
        && text.trim_end().ends_with(['.', '!', '?', '…', '”'])
        && chars(text) > 60
}

fn starts_small(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_lowercase)
}

/// Reads one run of lines.
fn read_run(text: &str, run: &[Line<'_>], out: &mut Vec<Piece>) {
    let mut at = 0;
    let mut plain: Vec<Line<'_>> = Vec::new();
    while at < run.len() {
        if let Some(n) = table(text, &run[at..], out, &mut plain) {
            at += n;
            continue;
        }
        if is_furniture(run[at].text) {
            read_lines(text, &plain, out);
            plain.clear();
            out.push(Piece { range: run[at].start..run[at].end, shape: Shape::Furniture, alone: true });
        } else {
            plain.push(run[at]);
        }
        at += 1;
    }
    read_lines(text, &plain, out);
}

/// The cells of a line of a table; the ranges are into the text.
fn cells(line: &Line<'_>, separator: char) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = line.start;
    let body = match separator {
        '|' => line.text.trim_start_matches('|'),
        _ => line.text,
    };
    at += line.text.len() - body.len();
    let body = if separator == '|' { body.trim_end_matches('|') } else { body };
    for cell in body.split(separator) {
        let left = cell.len() - cell.trim_start_matches(is_space).len();
        let inner = cell.trim_matches(is_space);
        // Several tabs in a row are one seam.
        if separator == '|' || !inner.is_empty() {
            out.push(at + left..at + left + inner.len());
        }
        at += cell.len() + separator.len_utf8();
    }
    out
}

/// Reads the rows of a table at the head of `run`; how many lines it has.
fn table(text: &str, run: &[Line<'_>], out: &mut Vec<Piece>, plain: &mut Vec<Line<'_>>) -> Option<usize> {
    let separator = ['\t', '|'].into_iter().find(|&s| run[0].text.contains(s))?;
    let rule = |l: &Line<'_>| l.text.contains('-') && l.text.chars().all(|c| "|-:+= \t".contains(c));
    let mut rows: Vec<Vec<Range<usize>>> = Vec::new();
    let (mut n, mut ruled) = (0, false);
    for line in run {
        if rule(line) && !rows.is_empty() {
            ruled |= rows.len() == 1;
        } else if line.text.contains(separator) {
            let row = cells(line, separator);
            if row.len() < 2 || chars(line.text) > 2000 {
                break;
            }
            rows.push(row);
        } else {
            break;
        }
        n += 1;
    }
    if rows.len() < 2 {
        return None;
    }
    read_lines(text, plain, out);
    plain.clear();
    let named = are_column_heads(rows[0].iter().map(|c| &text[c.clone()]));
    for (i, cells) in rows.into_iter().enumerate() {
        let (Some(a), Some(b)) = (cells.first(), cells.last()) else { continue };
        let range = a.start..b.end;
        if !range.is_empty() {
            out.push(Piece { range, shape: Shape::Row { header: i == 0 && (ruled || named), cells }, alone: false });
        }
    }
    Some(n)
}

/// Lines joined where the break between them only wraps a paragraph: ranges of line indices.
fn logical(run: &[Line<'_>]) -> Vec<Range<usize>> {
    let width = run.iter().map(|l| chars(l.text)).max().unwrap_or(0);
    let fits = |a: &Line<'_>, b: &Line<'_>| {
        let word = b.text.split_whitespace().next().unwrap_or("");
        chars(a.text) + 1 + chars(word) <= width
    };
    let begins = |b: &Line<'_>| marker(b.text).is_some() || is_contact_line(b.text);
    // A break that only wraps: the next word had no room, and lines are as long as wrapped lines are.
    let wraps = |a: &Line<'_>, b: &Line<'_>| (45..=200).contains(&width) && !fits(a, b);
    let breaks = run.windows(2).filter(|w| !begins(&w[1]) && !starts_small(w[1].text)).count();
    let wrapped = run.windows(2).filter(|w| !begins(&w[1]) && !starts_small(w[1].text) && wraps(&w[0], &w[1])).count();
    let small = run.windows(2).filter(|w| starts_small(w[1].text) && marker(w[1].text).is_none()).count();
    // Where most breaks are meant, all are; small letters at the heads of lines speak for wrapping.
    let wrapping = (wrapped + small) * 2 > breaks && (small > 0 || wrapped * 2 > breaks);
    let commas = run.iter().filter(|l| l.text.ends_with(',')).count();
    let mut out: Vec<Range<usize>> = Vec::new();
    for (i, line) in run.iter().enumerate() {
        let joined = i > 0 && {
            let before = &run[i - 1];
            let stop = ends_with_stop(before.text);
            let lead = before.text.ends_with(':');
            !begins(line)
                && !lead
                && (starts_small(line.text)
                    || (wrapping && wraps(before, line) && !(i == 1 && is_date_like(line.text) && !stop))
                    || (before.text.ends_with(',') && commas < 3 && is_short(line.text) && chars(before.text) <= 60)
                    || (line.indent > before.indent && begins(before) && !stop))
        };
        match out.last_mut() {
            Some(last) if joined => last.end = i + 1,
            _ => out.push(i..i + 1),
        }
    }
    out
}

/// Reads the lines of a run that are neither furniture nor table.
fn read_lines(text: &str, run: &[Line<'_>], out: &mut Vec<Piece>) {
    if run.is_empty() {
        return;
    }
    let spans: Vec<Range<usize>> = logical(run).into_iter().map(|r| run[r.start].start..run[r.end - 1].end).collect();
    let alone = spans.len() == 1;
    let of = |r: &Range<usize>| &text[r.clone()];
    let contact = spans.iter().any(|r| is_contact_line(of(r)));
    let shorts = spans.iter().filter(|r| is_short(of(r))).count();
    // After a lead-in each short line is an item, until a line says otherwise.
    let mut listing = matches!(out.last(), Some(Piece { shape: Shape::Lead, .. })) && !alone;
    for (i, range) in spans.iter().enumerate() {
        let line = of(range);
        let next = spans.get(i + 1).map(of);
        let mut range = range.clone();
        let shape = if let Some(n) = marker(line).filter(|_| !is_quote(line) || listing) {
            range.start += n;
            Shape::Item
        } else if is_dash_marker(line) {
            listing = false;
            Shape::Text
        } else if line.ends_with(':') && !(contact && chars(line) <= 40) {
            listing = next.is_some();
            Shape::Lead
        } else if listing
            && chars(line) <= 160
            && (!ends_with_stop(line) || line.ends_with([',', ';']) || last_of_list(line))
        {
            Shape::Item
        } else if is_short(line) || (contact && chars(line) <= 60 && !line.ends_with('.')) {
            let over_text = next.is_some_and(|n| !is_short(n) && marker(n).is_none() && !n.ends_with(':'));
            let over_list = i == 0 && shorts >= 3 && !contact && !line.contains([',', ':']) && !is_date_like(line);
            let over_marks = next.is_some_and(|n| marker(n).is_some() && !is_quote(n)) && !ends_with_stop(line);
            let under_head = matches!(out.last(), Some(Piece { shape: Shape::Lead | Shape::Short | Shape::Head, .. }));
            if alone {
                Shape::Short
            } else if contact {
                Shape::Item
            } else if is_date_like(line) && out.len() <= 3 {
                Shape::Text
            } else if over_text || over_marks || (out.is_empty() && i == 0) || (over_list && !under_head) {
                Shape::Head
            } else if shorts >= 2 || i > 0 && matches!(out.last(), Some(Piece { shape: Shape::Head | Shape::Item, .. }))
            {
                Shape::Item
            } else {
                Shape::Text
            }
        } else {
            listing = false;
            Shape::Text
        };
        out.push(Piece { range, shape, alone });
    }
}

/// Whether a line with a stop may still close a list of short lines.
fn last_of_list(line: &str) -> bool {
    line.ends_with('.') && chars(line) <= 80 && !line.trim_end_matches('.').contains(". ")
}

/// Looks at the neighbours: contact blocks, lists with blank lines between their items, bylines.
fn settle(text: &str, pieces: &mut [Piece]) {
    let of = |p: &Piece| &text[p.range.clone()];
    if let [only] = pieces
        && only.shape == Shape::Short
    {
        only.shape = Shape::Text;
        return;
    }
    for piece in pieces.iter_mut() {
        // A greeting or a signature over two lines is no heading.
        if piece.shape == Shape::Short && of(piece).contains(",\n") {
            piece.shape = Shape::Text;
        }
    }
    let mut at = 0;
    while at < pieces.len() {
        // A series: pieces up to the next that is running text.
        let stop = |p: &Piece| {
            matches!(p.shape, Shape::Text | Shape::Row { .. }) && !(is_contact_line(of(p)) && chars(of(p)) <= 80)
        };
        if stop(&pieces[at]) {
            at += 1;
            continue;
        }
        let end = at + pieces[at..].iter().position(stop).unwrap_or(pieces.len() - at);
        let before_text = end < pieces.len();
        settle_series(text, pieces, at..end, before_text);
        at = end;
    }
    // Nothing stands under the last line of a page: it is a name or a link.
    if let [.., before, last] = pieces
        && last.shape == Shape::Short
        && before.shape != Shape::Short
        && !is_contact_head(of(last))
    {
        last.shape = Shape::Text;
    }
}

fn settle_series(text: &str, pieces: &mut [Piece], series: Range<usize>, before_text: bool) {
    let of = |p: &Piece| &text[p.range.clone()];
    let last = series.end - 1;
    // A contact block: from the name before its first label on, all short lines are its fields.
    if let Some(first) =
        series.clone().find(|&i| pieces[i].shape != Shape::Furniture && is_contact_line(of(&pieces[i])))
    {
        let mut from = first;
        while from > series.start.max(1) && first - from < 4 {
            let p = &pieces[from - 1];
            if !matches!(p.shape, Shape::Short | Shape::Head | Shape::Item) || is_contact_head(of(p)) {
                break;
            }
            from -= 1;
        }
        for (i, piece) in pieces.iter_mut().enumerate().take(series.end).skip(from) {
            let line = &text[piece.range.clone()];
            let closes = i == last && before_text && piece.alone && !is_contact_line(line);
            let field = matches!(piece.shape, Shape::Short | Shape::Head | Shape::Lead | Shape::Text);
            if field && !is_contact_head(line) && !closes {
                piece.shape = Shape::Item;
            }
        }
        if from > series.start {
            settle_series(text, pieces, series.start..from, false);
        }
        return;
    }
    // Short lines with blank lines between them.
    let mut i = series.start;
    while i < series.end {
        let lone = |p: &Piece| p.shape == Shape::Short && p.alone && !is_contact_head(&text[p.range.clone()]);
        if !lone(&pieces[i]) {
            i += 1;
            continue;
        }
        let n = pieces[i..series.end].iter().take_while(|p| lone(p)).count();
        let led = i > 0 && pieces[i - 1].shape == Shape::Lead;
        let closes = before_text && i + n == series.end;
        for (k, piece) in pieces[i..i + n].iter_mut().enumerate() {
            let byline = (is_date_like(&text[piece.range.clone()]) || text[piece.range.clone()].contains(" · "))
                && i + k > 0
                && i + k <= 4;
            let heading = (k == 0 && !led) || (k + 1 == n && closes) || (n < 3 && !(led && n == 2));
            if byline {
                piece.shape = Shape::Text;
            } else if !heading {
                piece.shape = Shape::Item;
            }
        }
        i += n;
    }
}

fn into_blocks(text: &str, pieces: Vec<Piece>) -> Vec<Block> {
    // The title is the first heading, unless text stands before it.
    let mut title: Option<&str> = None;
    pieces
        .into_iter()
        .filter(|p| !p.range.is_empty())
        .map(|piece| {
            let own = &text[piece.range.clone()];
            let mut cell_ranges = Vec::new();
            let kind = match piece.shape {
                Shape::Short | Shape::Head => BlockKind::Heading(if *title.get_or_insert(own) == own { 1 } else { 2 }),
                Shape::Text | Shape::Lead => BlockKind::Paragraph,
                Shape::Item => BlockKind::ListItem,
                Shape::Row { header, cells } => {
                    let from = piece.range.start;
                    cell_ranges = cells.into_iter().map(|c| (c.start - from) as u32..(c.end - from) as u32).collect();
                    BlockKind::TableRow { header }
                }
                Shape::Furniture => BlockKind::Furniture,
            };
            if kind != BlockKind::Furniture {
                title.get_or_insert("");
            }
            Block { kind, text: own.to_owned(), map: vec![(0, piece.range.start as u32)], cells: cell_ranges }
        })
        .collect()
}

#[cfg(test)]
#[path = "plain_tests.rs"]
mod tests;
