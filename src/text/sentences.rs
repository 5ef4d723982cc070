//! A block's text to sentences, on top of its tokens.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::table::values;
use super::{Sentence, Shape, Token, TokenKind, tokens};
use crate::model::Lang;

/// How many marks may close a sentence; a longer row of them is no punctuation.
const MAX_CLOSERS: usize = 16;

/// What a language's abbreviations say of a stop after them.
struct Abbreviations {
    inner: HashSet<&'static str>,
    last: HashSet<&'static str>,
    /// Titles that are words of their own too: a stop after them ends no sentence before a name of two words.
    title: HashSet<&'static str>,
    months: HashSet<&'static str>,
    /// Whether a stop makes an ordinal of a number (`4. toukokuuta`, `2. mai`).
    ordinals: bool,
}

static TABLES: LazyLock<[Abbreviations; 5]> = LazyLock::new(|| {
    let table = |text: &'static str, months: &'static str, ordinals| Abbreviations {
        inner: values(text, "inner").into_iter().collect(),
        last: values(text, "last").into_iter().collect(),
        title: values(text, "title").into_iter().collect(),
        months: (1..=12).flat_map(|m| values(months, &m.to_string())).collect(),
        ordinals,
    };
    [
        table(include_str!("../../grammar/sv/abbreviations"), include_str!("../../grammar/sv/time"), false),
        table(include_str!("../../grammar/fi/abbreviations"), include_str!("../../grammar/fi/time"), true),
        table(include_str!("../../grammar/en/abbreviations"), include_str!("../../grammar/en/time"), false),
        table(include_str!("../../grammar/nb/abbreviations"), include_str!("../../grammar/nb/time"), true),
        table(include_str!("../../grammar/da/abbreviations"), include_str!("../../grammar/da/time"), true),
    ]
});

/// The sentences of a block, in order, with their tokens; offsets are into `text`. A sentence runs from its first
/// token to its last. A text without stops is one sentence.
///
/// ```
/// use samband::{model::Lang, text::sentences};
/// let text = "Vi besöker bl.a. Austin. Resan börjar kl. 8 den 2 maj.";
/// let s = sentences(text, Lang::Sv);
/// assert_eq!(s.len(), 2);
/// assert_eq!(&text[s[1].start as usize..s[1].end as usize], "Resan börjar kl. 8 den 2 maj.");
/// ```
pub fn sentences(text: &str, lang: Lang) -> Vec<Sentence> {
    let all = tokens(text);
    let table = &TABLES[lang as usize];
    let mut cuts = Vec::new();
    let mut first = 0;
    let mut i = 0;
    while i < all.len() {
        if let Some(cut) = cut_after(text, &all, first, i, table) {
            cuts.push(cut);
            first = cut;
            i = cut.max(i + 1);
        } else {
            i += 1;
        }
    }
    let mut out = Vec::with_capacity(cuts.len() + 1);
    let mut rest = all.into_iter();
    let mut from = 0;
    for cut in cuts.into_iter().map(Some).chain([None]) {
        let tokens: Vec<Token> = match cut {
            Some(cut) => rest.by_ref().take(cut - from).collect(),
            None => rest.by_ref().collect(),
        };
        from = cut.unwrap_or(from);
        if let (Some(a), Some(b)) = (tokens.first(), tokens.last()) {
            out.push(Sentence { start: a.start, end: b.end, tokens });
        }
    }
    out
}

fn form<'t>(text: &'t str, t: &Token) -> &'t str {
    &text[t.start as usize..t.end as usize]
}

fn is_dash(s: &str) -> bool {
    matches!(s, "-" | "–" | "—" | "―" | "•" | "·" | "*" | "▪" | "●")
}

/// The index of the token that begins the next sentence, if one ends with token `i` and what closes it.
fn cut_after(text: &str, all: &[Token], first: usize, i: usize, table: &Abbreviations) -> Option<usize> {
    let t = &all[i];
    let next = all.get(i + 1)?;
    // A line that begins with a dash (a quote, an item) begins a sentence, whatever ended the line before.
    if next.spaced
        && is_dash(form(text, next))
        && all.get(i + 2).is_some_and(|n| n.spaced && n.kind != TokenKind::Punct)
    {
        let gap = &text[t.end as usize..next.start as usize];
        if gap.contains('\n') {
            return Some(i + 1);
        }
    }
    let mark = form(text, t);
    let dotted = t.kind == TokenKind::Word && mark.ends_with('.');
    if !dotted && !matches!(mark, "." | "!" | "?" | "…" | "‽") {
        return None;
    }
    // What closes the sentence belongs to it: more marks, quotes, brackets.
    let mut j = i + 1;
    let mut closed = false;
    while let Some(c) = all.get(j).filter(|_| j - i < MAX_CLOSERS) {
        let mark = form(text, c);
        let more = matches!(mark, "." | "!" | "?" | "…");
        // After white space a closing quote closes only where it cannot open.
        let quote = matches!(mark, "”" | "»" | "\"" | "'" | "’" | "›" | "“") && !c.spaced
            || mark == "”" && c.spaced && all.get(j + 1).is_some_and(|n| n.spaced)
            || mark == "»" && c.spaced && all.get(j + 1).is_some_and(|n| n.spaced);
        let bracket = matches!(mark, ")" | "]");
        if !(more && !c.spaced || quote || bracket) {
            break;
        }
        closed |= quote || bracket;
        j += 1;
    }
    let next = all.get(j)?;
    // The first word or number of what follows, past what opens it.
    let mut k = j;
    while all.get(k).is_some_and(|n| n.kind == TokenKind::Punct) && k < j + 4 {
        k += 1;
    }
    let head = all.get(k)?;
    let opens = k > j;
    // A mark that goes on within the sentence: `?, säger hon`, `”Vad?”:`.
    if opens && matches!(form(text, next), "," | ";" | ":" | ")" | "]" | "/" | "%") {
        return None;
    }
    let begins = match head.kind {
        TokenKind::Word => matches!(head.shape, Shape::Capitalised | Shape::Upper | Shape::Mixed),
        TokenKind::Number => true,
        TokenKind::Punct => false,
    };
    if !begins {
        // Small letters after a stop: the sentence goes on, unless a dash or quote opens another on a new line.
        return None;
    }
    if !next.spaced {
        // `slut.Nästa`: a space left out, between a word in small letters and a capital.
        let before = i.checked_sub(1).map(|p| &all[p])?;
        let run_on = mark == "." && j == i + 1 && before.shape == Shape::Lower && before.lower.len() > 2;
        return (run_on && head.shape == Shape::Capitalised && !opens).then_some(j);
    }
    if !dotted && (mark != "." || closed) {
        return Some(j);
    }
    stop_ends(all, first, i, dotted, k, table).then_some(j)
}

/// Whether a stop, before something that could begin a sentence, ends one.
fn stop_ends(all: &[Token], first: usize, i: usize, dotted: bool, k: usize, table: &Abbreviations) -> bool {
    let head = &all[k];
    let word = if dotted {
        &all[i]
    } else {
        match i.checked_sub(1).map(|p| &all[p]) {
            Some(before) if !all[i].spaced && i > first => before,
            _ => return true,
        }
    };
    let lower = word.lower.trim_end_matches('.');
    match word.kind {
        TokenKind::Word => {
            if table.title.contains(lower) {
                let name = |t: &Token| t.kind == TokenKind::Word && t.shape == Shape::Capitalised;
                return !(name(head) && all.get(k + 1).is_some_and(name));
            }
            if table.last.contains(lower) {
                return true;
            }
            if table.inner.contains(lower) {
                // Words such as `min` and `med` are abbreviations only before a number.
                return word.shape == Shape::Lower && lower.len() > 2 && !dotted && ends_before(lower, head);
            }
            // `J. Berg`, `U.S. Steel`; but `grupp A. Vi`, where no name goes before or after.
            if lower.chars().count() == 1 {
                return word.shape != Shape::Capitalised || head.kind == TokenKind::Number;
            }
            true
        }
        TokenKind::Number => {
            let digits = lower.chars().all(|c| c.is_ascii_digit());
            // `1. Vi ska` at the head of an item.
            if i == first + 1 && digits && lower.len() <= 2 {
                return false;
            }
            !(table.ordinals && digits && lower.len() <= 2 && table.months.contains(head.lower.as_str()))
        }
        TokenKind::Punct => true,
    }
}

/// Whether an abbreviation that is also a word ends a sentence before `head`.
fn ends_before(lower: &str, head: &Token) -> bool {
    matches!(lower, "min" | "med" | "from" | "tom" | "obs" | "max" | "fig" | "org" | "form" | "komm")
        && head.kind == TokenKind::Word
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str, lang: Lang) -> Vec<&str> {
        sentences(text, lang).iter().map(|s| &text[s.start as usize..s.end as usize]).collect()
    }

    #[test]
    fn stops_that_end_and_stops_that_do_not() {
        for (lang, text) in [
            (Lang::Sv, "Vi möter bl.a. Piteå kommun och t.ex. Boden.|Resan börjar kl. 8.|Sedan reser vi."),
            (Lang::Sv, "Med på resan är vd. Eva Holm, dr. Jan Ek och J. K. Sund.|Alla är nöjda."),
            (Lang::Sv, "”Vi är glada”, säger Eva Holm.|”Det här är bra.”|Hon ler."),
            (Lang::Sv, "Vad gör vi? undrar Jan Ek.|Ingen vet!|Avtalet skrevs 2018.|Det gäller ännu."),
            (Lang::Sv, "Läs mer på exempel.se.|Föreningen finns i St. Olof."),
            (
                Lang::Fi,
                "Sopimus tehtiin 4. toukokuuta 2021.|Mukana ovat mm. Oulu ja Kemi, ns. Perämerenkaari.|Hanke jatkuu.",
            ),
            (Lang::Nb, "Møtet var 2. mai i Bodø, jf. vedtaket.|Avtalen gjelder f.eks. Tromsø."),
            (Lang::Da, "Aftalen gælder bl.a. Aarhus og ca. 20 byer.|Den 2. maj blev den underskrevet."),
            (Lang::En, "Dr. Smith of Acme met the U.S. delegation.|They agreed.|\"It works,\" she said."),
        ] {
            let whole = text.replace('|', " ");
            assert_eq!(split(&whole, lang).join("|"), text);
        }
    }

    #[test]
    fn a_dash_on_a_new_line_begins_a_sentence() {
        let text = "Avtalet är klart\n  – Vi är glada, säger Eva Holm.";
        assert_eq!(split(text, Lang::Sv), ["Avtalet är klart", "– Vi är glada, säger Eva Holm."]);
        assert_eq!(split("Luleå –\nAustin", Lang::Sv).len(), 1);
    }

    #[test]
    fn rows_of_marks_take_no_longer_than_words() {
        let text = ".".repeat(200_000) + &"?! ".repeat(50_000);
        assert_eq!(sentences(&text, Lang::Sv).len(), 1);
    }

    proptest! {
        #[test]
        fn every_token_is_in_one_sentence(text in "([A-ZÅ]?[a-zå]{1,6}|[0-9]{1,3}|[.!?:,\"”)(–]|[ \n]|bl\\.a\\.|kl\\. ){0,60}") {
            for lang in Lang::ALL {
                let all = tokens(&text);
                let split = sentences(&text, *lang);
                let joined: Vec<Token> = split.iter().flat_map(|s| s.tokens.clone()).collect();
                prop_assert_eq!(&joined, &all);
                for s in &split {
                    prop_assert_eq!(Some(s.start), s.tokens.first().map(|t| t.start));
                    prop_assert_eq!(Some(s.end), s.tokens.last().map(|t| t.end));
                }
            }
        }
    }
}
