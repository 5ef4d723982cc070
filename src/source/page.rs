//! The words of pages (`grammar/page`): what furniture, contact blocks and column heads look like.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The tables of `grammar/page`.
struct Page {
    whole: HashSet<&'static str>,
    start: Vec<&'static str>,
    contact: HashSet<&'static str>,
    label: HashSet<&'static str>,
    column: HashSet<&'static str>,
}

static PAGE: LazyLock<Page> = LazyLock::new(|| {
    let mut page = Page {
        whole: HashSet::new(),
        start: Vec::new(),
        contact: HashSet::new(),
        label: HashSet::new(),
        column: HashSet::new(),
    };
    for line in include_str!("../../grammar/page").lines() {
        let Some((key, values)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) else { continue };
        let values = values.split('|').map(str::trim);
        match key {
            "whole" => page.whole.extend(values),
            "start" => page.start.extend(values),
            "contact" => page.contact.extend(values),
            "label" => page.label.extend(values),
            "column" => page.column.extend(values),
            _ => {}
        }
    }
    page
});

/// A line as the tables spell it.
fn key(line: &str) -> String {
    let line = line.trim_matches(|c: char| c.is_whitespace() || "›»«‹→←↑>^·•:.|*".contains(c));
    line.to_lowercase()
}

/// Whether a line is no text of its document: a share link, a menu word, a cookie notice, a template's leavings, a
/// bare file name.
pub(super) fn is_furniture(line: &str) -> bool {
    let text = line.trim();
    if text.len() > 400 {
        return false;
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if letters == 0 {
        // Rules (`-----`), arrows, lone page numbers; but not a phone number or a year.
        return digits < 4;
    }
    let words = text.split_whitespace().count();
    if words == 1 {
        let template =
            text.starts_with('$') || text.starts_with("{{") || text.starts_with("[[") || text.starts_with("<!--");
        let file = text.len() > 5 && text.contains('_') && !text.contains(['@', '/']);
        let lower = text.to_lowercase();
        let picture = [".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp"].iter().any(|e| lower.ends_with(e));
        let code = letters <= 2 && digits == 0 && text.chars().all(char::is_lowercase);
        if template || file || picture || code {
            return true;
        }
    }
    if is_trail(text) {
        return true;
    }
    let key = key(text);
    PAGE.whole.contains(key.as_str()) || words <= 60 && PAGE.start.iter().any(|s| key.starts_with(s))
}

/// A trail of menu words: `Hem | Om oss | Kontakt`, `Etusivu › Hallinto › Kunta`.
fn is_trail(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['|', '›', '»', '>', '/']).map(str::trim).collect();
    let separators = ["|", "›", "»", ">", "/"].iter().filter(|s| text.contains(**s)).count();
    parts.len() >= 3
        && separators == 1
        && (!text.contains('/') || text.contains(" / "))
        && !text.contains(|c: char| c.is_ascii_digit())
        && parts.iter().all(|p| p.split_whitespace().count() <= 3)
        && (text.contains(['›', '»', '>']) || parts.iter().any(|p| PAGE.whole.contains(p.to_lowercase().as_str())))
}

/// Whether a line heads a block of contact details.
pub(super) fn is_contact_head(line: &str) -> bool {
    PAGE.contact.contains(key(line).as_str())
}

/// Whether a line is, or begins with, a label of contact details (`Telefon: 0920-12 34 56`), or is a phone number or
/// an e-mail address by its shape.
pub(super) fn is_contact_line(line: &str) -> bool {
    let text = line.trim();
    if text.len() > 160 {
        return false;
    }
    if let Some((label, _)) = text.split_once([':', '.'])
        && PAGE.label.contains(label.trim().to_lowercase().as_str())
    {
        return true;
    }
    let words = text.split_whitespace().count();
    if words <= 6
        && text.split_whitespace().any(|w| w.split_once('@').is_some_and(|(a, b)| !a.is_empty() && b.contains('.')))
    {
        return true;
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 7 && text.chars().all(|c| c.is_ascii_digit() || " +-–()/".contains(c)) && !is_date_like(text)
}

/// Whether a line holds a year or a date in digits.
pub(super) fn is_date_like(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|n| n.len() == 4 && (n.starts_with("19") || n.starts_with("20")))
        && (text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).count() >= 2)
}

/// Whether all cells of a row are known heads of columns.
pub(super) fn are_column_heads<'a>(mut cells: impl Iterator<Item = &'a str>) -> bool {
    let mut some = false;
    let all = cells.all(|c| {
        let c = key(c);
        some |= PAGE.column.contains(c.as_str()) || PAGE.label.contains(c.as_str());
        c.is_empty() || !c.contains(|c: char| c.is_ascii_digit()) && c.split_whitespace().count() <= 3
    });
    all && some
}
