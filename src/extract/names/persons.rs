//! Persons: a given name and a surname, with what stands beside them.

use super::{Candidate, Seen, breaks, capital, form, initial, weight};
use crate::extract::page::{Line, Page};
use crate::extract::words::{Class, Words};
use crate::lexicon::lexicon;
use crate::model::{Kind, Lang, Recognised, Type};
use crate::text::{Case, Shape, TokenKind};

/// Most tokens of a person's name.
const TOKENS: usize = 5;
/// Most tokens of a row of a list of persons.
const ROW: usize = 16;
/// What a name must reach to be a person.
const ENOUGH: i32 = 2;
/// From here on it is one whatever a rule says.
const SURE: i32 = 4;

/// Proposes the persons of a line.
pub(crate) fn candidates(page: &Page<'_>, line: &Line, words: &Words, seen: &Seen, out: &mut Vec<Candidate>) {
    let text = page.text(line);
    let mut i = 0;
    while i < line.tokens.len() {
        let found = at(page, line, text, words, seen, i, out);
        i = found.as_ref().map_or(i + 1, |c| c.anchor.end);
        out.extend(found);
    }
}

fn at(
    page: &Page<'_>,
    line: &Line,
    text: &str,
    words: &Words,
    seen: &Seen,
    i: usize,
    out: &[Candidate],
) -> Option<Candidate> {
    let token = line.tokens.get(i)?;
    if !name_like(line.lang, words, token, text) {
        return None;
    }
    let lex = lexicon();
    let given = lex.word(form(text, token));
    let known = lex.is_first_name(form(text, token));
    let mut end = run(line, text, words, i);
    // `Aino Salo Lundin yliopistosta`: the body that begins inside the run and reaches beyond it is none of the name
    let body = |c: &&Candidate| {
        matches!(c.by, Recognised::Rule(_)) && c.anchor.start > i + 1 && c.anchor.start < end && c.anchor.end > end
    };
    if let Some(start) = out.iter().filter(body).map(|c| c.anchor.start).min().filter(|_| line.lang == Lang::Fi) {
        end = start;
    }
    // a third or fourth name only where it is one, so that a table row without commas is not swallowed
    let mut names: Vec<usize> = (i..end).filter(|&t| capital(&line.tokens[t])).collect();
    while names.len() > 2 {
        let last = names[names.len() - 1];
        let middle = names[names.len() - 2];
        let ok = surname(page, line.lang, form(text, &line.tokens[last])).is_some()
            && (lex.is_first_name(form(text, &line.tokens[middle]))
                || surname(page, line.lang, form(text, &line.tokens[middle])).is_some());
        let particle = last > middle + 1;
        // three names and then a comma are one person's
        let alone = line.tokens.get(end).is_none_or(|t| matches!(form(text, t), "," | "(" | ")" | ";"));
        let place = out.iter().any(|c| c.anchor.contains(&last) && c.ty.kind() == Kind::Region);
        let alone = known && names.len() == 3 && alone && !place && !organisation_word(form(text, &line.tokens[last]));
        if ok || particle || alone || (known && names.len() == 3 && lex.is_first_name(form(text, &line.tokens[middle])))
        {
            break;
        }
        names.pop();
        end = names.last().map_or(end, |l| l + 1);
    }
    if names.len() < 2 {
        return None;
    }
    let last = end - 1;
    let last_form = form(text, &line.tokens[last]);
    let family = surname(page, line.lang, last_form);
    let mut score = if !known {
        0
    } else if given.first_name.has(line.lang) || form(text, token).contains('-') {
        2
    } else {
        1
    };
    score += if family.is_some() { 2 } else { 0 };
    score += if last_form.contains('-') && known { 1 } else { 0 };
    let role = role_beside(line, text, words, i, end);
    let says = says_beside(line, words, i, end);
    score += if role { 2 } else { 0 } + if says { 2 } else { 0 };
    // a row of a list of persons: the name opens it, a comma and what the person is follow
    let front =
        line.tokens.iter().take(i).all(|t| t.kind != TokenKind::Word || words.has(line.lang, Class::Role, &t.lower));
    let row = front
        && line.tokens.len() <= ROW
        && line.tokens.get(end).is_some_and(|t| matches!(form(text, t), "," | "(" | "–"))
        && line.tokens.last().is_some_and(|t| !matches!(form(text, t), "." | "!" | "?" | ":"));
    let body = row && out.iter().any(|c| c.anchor.start == end + 1 && c.ty.kind() == Kind::Actor);
    score += i32::from(row) + if body { 2 } else { 0 };
    score += if seen.inside(&line.tokens[last].lower) > 1 && known { 1 } else { 0 };
    if initial(line, text, i) && (given.common || seen.lower(&token.lower) > 0) {
        score -= 2;
    }
    if words.has(line.lang, Class::Function, &token.lower) {
        score -= 4;
    }
    let place = |t: usize| super::places::reading(&page.bases(line.lang, form(text, &line.tokens[t])), line.lang);
    if family.is_none() && place(last).is_some() {
        score -= 2;
    }
    if place(i).is_some_and(|p| p.population > 50_000 || !known) {
        // `Sofia Ek` is a person, `i Sofia Ek` is not
        let governed = i > 0 && words.has(line.lang, Class::PlacePreposition, &line.tokens[i - 1].lower);
        score -= if given.first_name.has(line.lang) && !governed { 1 } else { 2 };
    }
    if (i..end).any(|t| organisation_word(form(text, &line.tokens[t]))) {
        score -= 4;
    }
    if !(known || says || role || body) {
        return None;
    }
    if score < if known { ENOUGH } else { ENOUGH + 1 } {
        return None;
    }
    let (base, case) = family.unwrap_or_else(|| unknown_surname(page, line, words, seen, last));
    let mut name = super::phrase(text, &line.tokens[i..last]);
    name.push(' ');
    name.push_str(&base);
    Some(Candidate {
        tokens: i..end,
        anchor: i..end,
        ty: Type::Person,
        name,
        case,
        by: if known { Recognised::Lexicon } else { Recognised::Shape },
        weight: if score >= SURE { weight::SURE_PERSON } else { weight::PERSON },
        generic: false,
        reference: false,
        head: String::new(),
    })
}

/// Whether a token may be part of a person's name.
fn name_like(lang: Lang, words: &Words, token: &crate::text::Token, text: &str) -> bool {
    let form = form(text, token);
    capital(token)
        && token.shape != Shape::Upper
        && !form.contains([':', '@', '/'])
        && !form.chars().any(|c| c.is_ascii_digit())
        && !words.has(lang, Class::NotName, &token.lower)
        && (!words.has(lang, Class::Role, &token.lower) || lexicon().is_first_name(form))
}

/// One past the last token of the run of names that begins here: capitals, particles between them, initials.
fn run(line: &Line, text: &str, words: &Words, i: usize) -> usize {
    let (mut end, mut at) = (i + 1, i + 1);
    while at < line.tokens.len() && at < i + TOKENS {
        let t = &line.tokens[at];
        let initial = t.kind == TokenKind::Word && form(text, t).chars().count() == 1 && t.shape != Shape::Lower;
        if (!t.spaced && form(text, t) != ".") || breaks(text, &line.tokens, at) {
            break;
        }
        if initial && line.tokens.get(at + 1).is_some_and(|d| !d.spaced && form(text, d) == ".") {
            at += 2;
            continue;
        }
        if name_like(line.lang, words, t, text) {
            end = at + 1;
        } else if !words.has(line.lang, Class::Particle, &t.lower) {
            break;
        }
        at += 1;
    }
    end
}

/// A surname that the lexicon knows, in its base form.
fn surname(page: &Page<'_>, lang: Lang, form: &str) -> Option<(String, Case)> {
    page.bases(lang, form).iter().find(|(b, _)| lexicon().is_surname(b)).cloned()
}

/// The base form of a surname that no list knows: as the document has it elsewhere, else as it stands or, where the
/// language marks its cases clearly, the likeliest base form.
fn unknown_surname(page: &Page<'_>, line: &Line, words: &Words, seen: &Seen, last: usize) -> (String, Case) {
    super::shapes::best_base(page, line, words, seen, last)
}

/// Words that make a run an organisation.
fn organisation_word(form: &str) -> bool {
    let lex = lexicon();
    !lex.heads(form).is_empty() || lex.legal_form(form).is_some_and(|l| !l.spelled || l.form == form)
}

/// Whether a role stands just before the name ("vd Li Ek") or after it and a comma ("Li Ek, vd").
fn role_beside(line: &Line, text: &str, words: &Words, start: usize, end: usize) -> bool {
    let role = |t: usize| line.tokens.get(t).is_some_and(|t| words.has(line.lang, Class::Role, &t.lower));
    if start > 0 && role(start - 1) {
        return true;
    }
    let comma = line.tokens.get(end).is_some_and(|t| matches!(form(text, t), "," | "(" | "–" | "-" | "|" | "·"));
    comma && (end + 1..end + 5).any(role)
}

/// Whether a verb of saying stands beside the name.
fn says_beside(line: &Line, words: &Words, start: usize, end: usize) -> bool {
    let says = |t: usize| line.tokens.get(t).is_some_and(|t| words.has(line.lang, Class::Say, &t.lower));
    (start > 0 && says(start - 1)) || says(end)
}
