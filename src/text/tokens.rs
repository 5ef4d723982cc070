//! Text to tokens: one pass, left to right, every byte that is no white space in exactly one token.

use unicode_normalization::UnicodeNormalization;

use super::{Shape, Token, TokenKind};

/// The tokens of a text, in order.
///
/// A word keeps its inner hyphens, apostrophes and colon suffix (`Kanta-Hämeen`, `EU:s`), a hyphen before it that
/// Finnish sets after a space (`EKES -kuntayhtymä` is two tokens), and the dots of a dotted abbreviation (`t.ex.`).
/// An address (`info@example.org`, `www.example.org`) is one word.
///
/// ```
/// use samband::text::tokens;
/// let text = "EU:s stöd till Luleå 2021–2027.";
/// let words: Vec<_> = tokens(text).iter().map(|t| &text[t.start as usize..t.end as usize]).collect();
/// assert_eq!(words, ["EU:s", "stöd", "till", "Luleå", "2021–2027", "."]);
/// ```
pub fn tokens(text: &str) -> Vec<Token> {
    // Offsets are u32; readers refuse larger files long before.
    let text = clip(text);
    let mut out = Vec::with_capacity(text.len() / 6 + 1);
    let bytes = text.as_bytes();
    let (mut at, mut spaced) = (0, false);
    while at < bytes.len() {
        let Some(c) = char_at(text, at) else { break };
        if c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}' {
            at += c.len_utf8();
            spaced = true;
            continue;
        }
        let free = spaced || at == 0;
        let (end, kind) = if c.is_ascii_digit() {
            number_or_word(text, at)
        } else if is_letter(c) {
            (word_end(text, at, free), TokenKind::Word)
        } else if is_hyphen(c) && free && !out.is_empty() && next_char(text, at).is_some_and(char::is_lowercase) {
            (word_end(text, at + c.len_utf8(), false), TokenKind::Word)
        } else if c.is_numeric() {
            (at + c.len_utf8(), TokenKind::Number)
        } else {
            (at + c.len_utf8(), TokenKind::Punct)
        };
        let form = &text[at..end];
        let shape = if kind == TokenKind::Word { shape(form) } else { Shape::None };
        out.push(Token { start: at as u32, end: end as u32, kind, shape, lower: lower(form), spaced });
        spaced = false;
        at = end;
    }
    out
}

fn clip(text: &str) -> &str {
    let mut end = text.len().min(u32::MAX as usize);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn char_at(text: &str, at: usize) -> Option<char> {
    let b = *text.as_bytes().get(at)?;
    if b < 0x80 { Some(char::from(b)) } else { text[at..].chars().next() }
}

/// The character after the one at `at`.
fn next_char(text: &str, at: usize) -> Option<char> {
    char_at(text, at + char_at(text, at)?.len_utf8())
}

/// Letters, and the marks that stand on them or break a word invisibly.
fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic() || c == '_';
    }
    c.is_alphabetic() || matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}')
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

fn lower(form: &str) -> String {
    if form.is_ascii() {
        return form.to_ascii_lowercase();
    }
    let plain = !form.contains(['\u{ad}', '\u{200c}', '\u{200d}', '\u{2060}']);
    if plain && unicode_normalization::is_nfc(form) {
        return form.to_lowercase();
    }
    let kept: String = form.nfc().filter(|c| !matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}')).collect();
    kept.to_lowercase().nfc().collect()
}

/// How a word is capitalised. What follows a colon is a case suffix and does not count (`EU:s` is upper), and of a
/// hyphenated word each part counts (`Bergvall-Kåreborn` is capitalised).
pub fn shape(form: &str) -> Shape {
    let form = form.split_once(':').map_or(form, |(stem, _)| stem);
    let (mut upper, mut lower, mut first, mut inner) = (0, 0, None, false);
    let mut start = true;
    for c in form.chars() {
        if c.is_uppercase() {
            inner |= !start;
            upper += 1;
            first.get_or_insert(true);
        } else if c.is_lowercase() {
            lower += 1;
            first.get_or_insert(false);
        } else {
            start |= !c.is_alphabetic();
            continue;
        }
        start = false;
    }
    match first {
        None => Shape::None,
        Some(false) if upper == 0 => Shape::Lower,
        Some(true) if lower == 0 && (upper > 1 || form.len() > 2) => Shape::Upper,
        Some(true) if !inner => Shape::Capitalised,
        _ => Shape::Mixed,
    }
}

/// The end of the word that starts at `at`. `free`: whether an address may start here.
fn word_end(text: &str, at: usize, free: bool) -> usize {
    if free && let Some(end) = address_end(text, at) {
        return end;
    }
    let mut i = at;
    while let Some(c) = char_at(text, i) {
        let len = c.len_utf8();
        if is_letter(c) || c.is_ascii_digit() || c.is_numeric() {
            i += len;
            continue;
        }
        let next = char_at(text, i + len);
        let joins = match c {
            '-' | '\u{2010}' | '\u{2011}' | '\'' | '\u{2019}' | '&' => {
                next.is_some_and(|n| is_letter(n) || n.is_ascii_digit())
            }
            ':' => colon_suffix(text, i + 1),
            '.' => {
                if let Some(end) = dotted_end(text, at, i) {
                    return end;
                }
                false
            }
            _ => false,
        };
        if !joins || i == at {
            break;
        }
        i += len;
    }
    i.max(at + char_at(text, at).map_or(1, char::len_utf8))
}

/// Whether a case suffix follows a colon: up to six small letters and then no letter.
fn colon_suffix(text: &str, at: usize) -> bool {
    let mut n = 0;
    for c in text[at..].chars() {
        if !is_letter(c) && c != '-' {
            break;
        }
        if !c.is_lowercase() && c != '-' {
            return false;
        }
        n += 1;
        if n > 6 {
            return false;
        }
    }
    n > 0
}

/// The end of a dotted abbreviation whose first dot stands at `dot`: pieces of one to three letters (`t.ex.`, `bl.a.`,
/// `U.S.`), the dot after the last one included.
fn dotted_end(text: &str, at: usize, dot: usize) -> Option<usize> {
    let short = |piece: &str| (1..=4).contains(&piece.chars().count()) && piece.chars().all(char::is_alphabetic);
    let first = &text[at..dot];
    if !short(first) || first.chars().count() > 3 {
        return None;
    }
    let (mut i, mut pieces, mut end) = (dot, 1, dot);
    let mut longest = first.chars().count();
    while char_at(text, i) == Some('.') {
        let from = i + 1;
        let to = text[from..].find(|c: char| !c.is_alphabetic()).map_or(text.len(), |n| from + n);
        if from == to {
            break;
        }
        if pieces > 8 || !short(&text[from..to]) {
            return None;
        }
        // `Hej.Nu` is a space left out, `U.S` an abbreviation.
        let capital = text[from..].chars().next().is_some_and(char::is_uppercase);
        if capital && longest > 1 {
            return None;
        }
        longest = longest.max(text[from..to].chars().count());
        pieces += 1;
        (i, end) = (to, to);
    }
    if pieces < 2 || longest > 3 {
        return None;
    }
    Some(if char_at(text, end) == Some('.') { end + 1 } else { end })
}

/// A number with its separators, or a word that begins with digits (`13-åring`, `4:e`, `5G`, `2000-talet`).
fn number_or_word(text: &str, at: usize) -> (usize, TokenKind) {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut i = at + digits(at);
    let mut group = i - at;
    let mut only_groups = true;
    while let Some(c) = char_at(text, i) {
        let after = i + c.len_utf8();
        let n = digits(after.min(text.len()));
        match c {
            '.' if n == 0 => {
                // `2.–10.5.2021`
                match char_at(text, after) {
                    Some(d @ ('-' | '\u{2013}')) if digits(after + d.len_utf8()) > 0 => {
                        i = after + d.len_utf8();
                        i += digits(i);
                        only_groups = false;
                    }
                    _ => break,
                }
            }
            '.' | ',' | ':' | '/' | '-' | '\u{2010}' | '\u{2011}' | '\u{2013}' | '\u{2212}' if n > 0 => {
                i = after + n;
                only_groups = false;
            }
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' if only_groups && group <= 3 && n == 3 => {
                i = after + n;
                group = 3;
            }
            _ => break,
        }
    }
    let Some(c) = char_at(text, i) else { return (i, TokenKind::Number) };
    let next = next_char(text, i);
    let word = if is_letter(c) {
        // `2018Raimo` is two things run together.
        !(c.is_uppercase() && i - at >= 4 && next.is_some_and(char::is_lowercase))
    } else if is_hyphen(c) || matches!(c, '\'' | '\u{2019}') {
        next.is_some_and(is_letter)
    } else {
        c == ':' && colon_suffix(text, i + 1)
    };
    if word && only_groups_word(&text[at..i]) { (word_tail(text, i), TokenKind::Word) } else { (i, TokenKind::Number) }
}

/// Whether letters may hang on to such a number: not on to one with a space in it.
fn only_groups_word(number: &str) -> bool {
    !number.contains(char::is_whitespace)
}

/// The end of the letters, hyphens and colon suffix after a number that begins a word.
fn word_tail(text: &str, at: usize) -> usize {
    let from = at + char_at(text, at).map_or(0, |c| if is_letter(c) { 0 } else { c.len_utf8() });
    word_end(text, from, false)
}

/// Endings of host names that need no `www.` to be known.
const DOMAINS: [&str; 28] = [
    "se", "fi", "no", "dk", "ax", "com", "org", "net", "eu", "io", "info", "nu", "edu", "gov", "uk", "de", "ee", "is",
    "lt", "lv", "pl", "ru", "fr", "nl", "us", "int", "tv", "biz",
];

/// The end of a URL, host name or e-mail address that starts at `at`.
fn address_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    // A cheap look ahead: an address has a dot, an at sign or a colon after its first run of plain letters.
    let run = bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'+')).count();
    if !matches!(bytes.get(at + run), Some(b'.' | b'@' | b':')) || run == 0 {
        return None;
    }
    let stop = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\u{201d}' | '\u{bb}' | '|');
    let end = text[at..].find(stop).map_or(text.len(), |n| at + n);
    let chunk = text[at..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '\u{2019}']);
    let lower_start = |p: &str| chunk.get(..p.len()).is_some_and(|s| s.eq_ignore_ascii_case(p));
    if lower_start("http://")
        || lower_start("https://")
        || (lower_start("www.") && chunk.len() > 6)
        || lower_start("mailto:")
    {
        return Some(at + chunk.len());
    }
    let is_host = |host: &str| {
        let mut labels = host.rsplit('.');
        let top = labels.next().unwrap_or("");
        DOMAINS.iter().any(|d| d.eq_ignore_ascii_case(top))
            && labels.clone().next().is_some()
            && labels.all(|l| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-'))
    };
    if let Some((local, host)) = chunk.split_once('@') {
        let host = &host[..host.find(['/', '(', ',', ';']).unwrap_or(host.len())];
        let named = !local.is_empty() && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+".contains(&b));
        let dotted =
            host.contains('.') && !host.ends_with('.') && host.chars().all(|c| c.is_alphanumeric() || "-.".contains(c));
        return (named && dotted).then(|| at + local.len() + 1 + host.len());
    }
    let host = &chunk[..chunk.find(['/', '?', '#', ',', ';', ')', '(']).unwrap_or(chunk.len())];
    // `avtal.Se bilagan` is two sentences: a bare host name is in small letters.
    if !host.chars().any(char::is_uppercase) && is_host(host) {
        let path = chunk[host.len()..].starts_with('/');
        return Some(at + if path { chunk.len() } else { host.len() });
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<&str> {
        tokens(text).iter().map(|t| &text[t.start as usize..t.end as usize]).collect()
    }

    #[test]
    fn words_keep_what_belongs_to_them() {
        for (text, want) in [
            ("EU:s och EU:n, KV -hanketta", "EU:s|och|EU:n|,|KV|-hanketta"),
            ("EKES -kuntayhtymä", "EKES|-kuntayhtymä"),
            ("Affärs- och utvecklingsresa", "Affärs|-|och|utvecklingsresa"),
            ("Birgitta Bergvall-Kåreborn.", "Birgitta|Bergvall-Kåreborn|."),
            ("bl.a. Luleå, t.ex. U.S. Steel", "bl.a.|Luleå|,|t.ex.|U.S.|Steel"),
            ("Sweden's H&M", "Sweden's|H&M"),
            ("Titel:Chef", "Titel|:|Chef"),
            ("på hemsidan exempel.se.", "på|hemsidan|exempel.se|."),
            ("anna.berg@exempel.se, www.exempel.fi/sv", "anna.berg@exempel.se|,|www.exempel.fi/sv"),
            ("Det är slut.Nu", "Det|är|slut|.|Nu"),
            ("”Nordic Tech” »hej«", "”|Nordic|Tech|”|»|hej|«"),
            ("G20 13-åring 4:e 2000-talet 5G", "G20|13-åring|4:e|2000-talet|5G"),
            ("foo_bar_baz", "foo_bar_baz"),
            ("– Vi", "–|Vi"),
        ] {
            assert_eq!(split(text).join("|"), want);
        }
    }

    #[test]
    fn numbers_keep_their_separators() {
        for (text, want) in [
            ("2–10 maj", "2–10|maj"),
            ("1 500 invånare", "1 500|invånare"),
            ("15.3.2021.", "15.3.2021|."),
            ("2021-2030, 2018-05-02", "2021-2030|,|2018-05-02"),
            ("2.–10.5.2021", "2.–10.5.2021"),
            ("4. toukokuuta", "4|.|toukokuuta"),
            ("Nov 14, 2018Raimo", "Nov|14|,|2018|Raimo"),
            ("år 2018 500", "år|2018|500"),
            ("3,5 % av 10:30", "3,5|%|av|10:30"),
        ] {
            assert_eq!(split(text).join("|"), want);
        }
    }

    #[test]
    fn shapes() {
        for (form, want) in [
            ("kommun", Shape::Lower),
            ("Luleå", Shape::Capitalised),
            ("Kanta-Hämeen", Shape::Capitalised),
            ("EU:s", Shape::Upper),
            ("AB", Shape::Upper),
            ("G20", Shape::Upper),
            ("I", Shape::Capitalised),
            ("IndTech", Shape::Mixed),
            ("iPhone", Shape::Mixed),
            ("-kuntayhtymä", Shape::Lower),
        ] {
            assert_eq!(shape(form), want, "{form}");
        }
    }

    #[test]
    fn lower_is_composed() {
        assert_eq!(tokens("A\u{30a}re")[0].lower, "åre");
        assert_eq!(tokens("sam\u{ad}arbete")[0].lower, "samarbete");
    }

    proptest! {
        #[test]
        fn every_byte_is_in_one_token_or_is_space(text in "\\PC{0,60}|[a-zåA-Z0-9 .:@&'’–-]{0,60}") {
            let mut at = 0;
            for t in tokens(&text) {
                let (s, e) = (t.start as usize, t.end as usize);
                prop_assert!(s >= at && e > s && text.is_char_boundary(s) && text.is_char_boundary(e));
                let gap = text[at..s].chars().all(|c| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}');
                prop_assert!(gap, "{:?}", &text[at..s]);
                prop_assert_eq!(t.spaced, s > at);
                at = e;
            }
        }
    }
}
