//! Cuts a sentence into clauses: at words that open one, at a coordinator before a finite verb, at semicolons and dashes.

use std::ops::Range;

use super::names::form;
use super::page::Line;
use super::sentence::{Group, SentenceMention};
use super::words::{Class, Words};
use crate::text::{Token, TokenKind};

/// Between a coordinator and the finite verb of a new clause stand at most so many tokens.
const REACH: usize = 4;
/// The finite verb of a clause stands at most so many tokens behind the word that opens it.
const VERB: usize = 10;

/// The clauses of a line as ranges of tokens: in order, together the whole line.
pub(crate) fn clauses(
    line: &Line,
    text: &str,
    words: &Words,
    mentions: &[SentenceMention],
    groups: &[Group],
) -> Vec<Range<usize>> {
    let n = line.tokens.len();
    if n == 0 {
        return Vec::new();
    }
    let mut cuts = vec![0];
    let mut i = 1;
    while i < n {
        if let Some(g) = groups.iter().find(|g| g.tokens.contains(&i)) {
            i = g.tokens.end;
            continue;
        }
        // a relative pronoun that stands for a name opens a clause all the same
        let relative = |m: &&SentenceMention| {
            m.reference && words.has(line.lang, Class::Subordinator, &line.tokens[m.tokens.start].lower)
        };
        if let Some(m) = mentions.iter().find(|m| m.tokens.contains(&i)).filter(|m| !relative(m)) {
            i = m.tokens.end;
            continue;
        }
        let closed = cuts.last().is_some_and(|&c| c > 0 && closes(line, text, words, c, i));
        if (closed || opens(line, text, words, mentions, i)) && cuts.last() != Some(&i) {
            cuts.push(i);
        }
        i += 1;
    }
    let ends = cuts.iter().skip(1).copied().chain([n]);
    cuts.iter().copied().zip(ends).map(|(a, b)| a..b).filter(|c| !c.is_empty()).collect()
}

/// Whether a clause begins at a token.
fn opens(line: &Line, text: &str, words: &Words, mentions: &[SentenceMention], i: usize) -> bool {
    let (token, before) = (&line.tokens[i], &line.tokens[i - 1]);
    match form(text, before) {
        ";" => return true,
        "–" | "—" => return before.spaced && token.spaced && i > 1,
        _ => {}
    }
    if token.kind != TokenKind::Word {
        return false;
    }
    // "… in Turku," says Li Ek: the words of the quote do not bear on who says them
    if words.has(line.lang, Class::Say, &token.lower)
        && matches!(form(text, before), "," | "”" | "\"" | "“" | "»" | "’")
    {
        return true;
    }
    let finite = |t: &Token| t.kind == TokenKind::Word && words.has(line.lang, Class::Finite, &t.lower);
    if words.has(line.lang, Class::Subordinator, &token.lower) {
        // only what can open a clause here: after a comma, or before words that hold a finite verb; "så att" is one
        let joined = words.has(line.lang, Class::Subordinator, &before.lower) && form(text, before) != ",";
        return !joined
            && (!words.has(line.lang, Class::Preposing, &token.lower)
                || governs(line, words, i, form(text, before) == ","));
    }
    if words.has(line.lang, Class::Coordinator, &token.lower) {
        // "och har …", "och kommunen har …": a new clause; "och B" inside a coordination was passed over before
        let ahead = line.tokens.get(i + 1..(i + 1 + REACH).min(line.tokens.len())).unwrap_or(&[]);
        let mut steps = 0;
        for (at, t) in (i + 1..).zip(ahead) {
            if finite(t) {
                return true;
            }
            // a mention counts as one step, however long
            let inside = mentions.iter().any(|m| m.tokens.contains(&at) && m.tokens.start != at);
            steps += usize::from(!inside);
            if t.kind == TokenKind::Punct || steps > REACH {
                return false;
            }
        }
        return false;
    }
    false
}

/// Whether the clause that a subordinator opened at `c` ends before the finite verb at `i`: "…, som ägs av X, driver".
fn closes(line: &Line, text: &str, words: &Words, c: usize, i: usize) -> bool {
    let (token, before) = (&line.tokens[i], &line.tokens[i - 1]);
    form(text, before) == ","
        && words.has(line.lang, Class::Finite, &token.lower)
        && words.has(line.lang, Class::Subordinator, &line.tokens[c].lower)
}

/// Whether a word that may be a preposition opens a clause: after a comma or before a small word ("om det", not "om
/// vatten"), with a finite verb before the next mark.
fn governs(line: &Line, words: &Words, i: usize, comma: bool) -> bool {
    let ahead = line.tokens.get(i + 1..(i + 1 + VERB).min(line.tokens.len())).unwrap_or(&[]);
    let finite = |t: &Token| words.has(line.lang, Class::Finite, &t.lower);
    // "för ett år sedan öppnade", "då besökte": an adverb
    ahead.first().is_some_and(|t| {
        t.kind == TokenKind::Word && !finite(t) && (comma || words.has(line.lang, Class::Function, &t.lower))
    }) && ahead
        .iter()
        .take_while(|t| t.kind != TokenKind::Punct && !words.has(line.lang, Class::Subordinator, &t.lower))
        .any(finite)
}
