//! Coordinations of mentions: `A, B och C`, `både A och B`, `sekä A että B`. Knows no relations.

use std::ops::Range;

use super::names::form;
use super::page::Line;
use super::sentence::{Group, SentenceMention};
use super::words::{Class, Words};
use crate::model::{Kind, Lang, Type};
use crate::text::Case;
use crate::text::{Shape, TokenKind};

/// What stands between two mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Comma,
    And,
    None,
}

/// Groups the mentions of a line and writes each mention's group into it.
pub(crate) fn groups(line: &Line, text: &str, words: &Words, mentions: &mut [SentenceMention]) -> Vec<Group> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < mentions.len() {
        let (members, last) = chain(line, text, words, mentions, i);
        let n = members.len();
        // two joined by a comma alone are an apposition or a place in a place, three are a list
        if n >= 2
            && (last == Link::And || n >= 3)
            && let Some(&end) = members.last()
        {
            let tokens = mentions[i].tokens.start..mentions[end].tokens.end;
            for &m in &members {
                mentions[m].group = Some(out.len());
            }
            out.push(Group { tokens, members, case: mentions[end].case });
            i = end + 1;
        } else {
            i += 1;
        }
    }
    out
}

/// The longest coordination that begins at a mention: its members, and the link before the last of them. A place that
/// only says where a member is ("Lojo i Finland, Tartu i Estland") is none.
fn chain(line: &Line, text: &str, words: &Words, mentions: &[SentenceMention], i: usize) -> (Vec<usize>, Link) {
    let mut members = vec![i];
    let mut last = Link::None;
    // where a comma parts a body from a place: a list only if "och" closes it
    let mut mixed: Option<(usize, Link)> = None;
    let pronoun = |m: &SentenceMention| {
        m.reference && line.tokens.get(m.tokens.start).is_some_and(|t| words.pronoun(line.lang, &t.lower).is_some())
    };
    let mut member = i;
    loop {
        let (mut end, mut next) = (mentions[member].tokens.end, member + 1);
        let mut link = between(line, text, words, mentions, end, next);
        if link == Link::None && place_of(line, text, words, mentions, member) {
            (end, next) = (mentions[next].tokens.end, next + 1);
            link = between(line, text, words, mentions, end, next);
        }
        // "… och vårt kontor": a possessive is no member
        let possessive = mentions
            .get(next)
            .and_then(|m| line.tokens.get(m.tokens.start))
            .is_some_and(|t| words.has(line.lang, Class::Our, &t.lower));
        if possessive || link == Link::None || !alike(line.lang, &mentions[member], &mentions[next], link) {
            break;
        }
        if pronoun(&mentions[member]) || pronoun(&mentions[next]) {
            break;
        }
        // after "och" only "och" goes on: `A, B och C, D` are two lists
        if last == Link::And && link == Link::Comma {
            break;
        }
        if link == Link::Comma && kinds_differ(&mentions[member], &mentions[next]) {
            mixed = mixed.or(Some((members.len(), last)));
        }
        last = link;
        members.push(next);
        member = next;
    }
    if last != Link::And
        && let Some((at, before)) = mixed
    {
        members.truncate(at);
        last = before;
    }
    // `A, B` at the end of a chain that no "och" closes may be an apposition: that is for the caller
    (members, last)
}

/// The link between the end of a mention and the start of another, if there is one.
fn between(line: &Line, text: &str, words: &Words, mentions: &[SentenceMention], end: usize, next: usize) -> Link {
    mentions.get(next).map_or(Link::None, |m| link(line, text, words, end..m.tokens.start))
}

/// Whether the mention after a mention is the place that it is in: "Lojo i Finland", "Lojo (Finland)".
fn place_of(line: &Line, text: &str, words: &Words, mentions: &[SentenceMention], member: usize) -> bool {
    let Some(place) = mentions.get(member + 1).filter(|m| m.ty.kind() == Kind::Region) else { return false };
    match line.tokens.get(mentions[member].tokens.end..place.tokens.start) {
        Some([t]) => form(text, t) == "(" || words.has(line.lang, Class::Inside, &t.lower),
        _ => false,
    }
}

/// Whether two neighbours may be members of one coordination.
fn alike(lang: Lang, a: &SentenceMention, b: &SentenceMention, link: Link) -> bool {
    let acts = |t: Type| matches!(t.kind(), Kind::Actor | Kind::Region);
    // who pays may be a programme and a body: "av Interreg och Region Skåne"
    let pays = |t: Type| t == Type::Programme || (t.kind() == Kind::Actor && t != Type::Person);
    let kinds = a.ty.kind() == b.ty.kind() || (acts(a.ty) && acts(b.ty)) || (pays(a.ty) && pays(b.ty));
    let person = (a.ty == Type::Person) == (b.ty == Type::Person);
    if !kinds || (link == Link::Comma && !person) {
        return false;
    }
    // Finnish members agree in case; a genitive before a nominative is an owner
    // places take "in" and "at" as their names want ("Raumalla ja Oslossa")
    let local = |c: Case| match c {
        Case::Inessive | Case::Adessive => 1,
        Case::Elative | Case::Ablative => 2,
        Case::Illative | Case::Allative => 3,
        _ => 0,
    };
    let places = a.ty.kind() == Kind::Region && b.ty.kind() == Kind::Region && local(a.case) > 0;
    lang != Lang::Fi || a.case == b.case || a.reference || b.reference || places && local(a.case) == local(b.case)
}

/// `Luleå kommun, Norrbotten` alone is no list, `Luleå kommun och Norrbotten` is.
fn kinds_differ(a: &SentenceMention, b: &SentenceMention) -> bool {
    a.ty.kind() != b.ty.kind() && (a.ty.kind() == Kind::Region || b.ty.kind() == Kind::Region)
}

/// What links two mentions: a comma, a coordinator, or both; small words that belong to the next member may follow.
fn link(line: &Line, text: &str, words: &Words, between: Range<usize>) -> Link {
    let Some(tokens) = line.tokens.get(between) else { return Link::None };
    if tokens.is_empty() || tokens.len() > 6 {
        return Link::None;
    }
    let mut link = Link::None;
    let mut bracket = false;
    let (mut light, mut described) = (false, 0);
    for (k, t) in tokens.iter().enumerate() {
        let f = form(text, t);
        if bracket {
            bracket = f != ")";
            continue;
        }
        match f {
            "(" => bracket = true,
            ")" if k == 0 => {}
            "," | ";" if link == Link::None => link = Link::Comma,
            "\"" | "”" | "“" | "’" | "'" | "„" | "»" | "«" | "‘" => {}
            // ", och" begins a clause where the language writes no serial comma
            _ if link == Link::Comma && line.lang != Lang::En && words.has(line.lang, Class::Coordinator, &t.lower) => {
                return Link::None;
            }
            _ if t.kind == TokenKind::Word && words.has(line.lang, Class::Coordinator, &t.lower) => link = Link::And,
            // sekä A että B, niin A kuin B, as well as
            _ if k == 0 && words.has(line.lang, Class::PairEnd, f) => link = Link::And,
            "&" | "/" | "+" => link = Link::And,
            _ if link != Link::None && t.kind == TokenKind::Word && belongs(line.lang, words, &t.lower) => {}
            _ if t.kind == TokenKind::Word && words.has(line.lang, Class::Light, &t.lower) => {
                light |= link != Link::None
            }
            // "och den holländska hamnen X": an article, then what the next member is
            _ if light && described < 2 && t.shape == Shape::Lower && plain(line.lang, words, &t.lower) => {
                described += 1
            }
            _ => return Link::None,
        }
    }
    link
}

/// Whether a word is neither a verb nor a small word.
fn plain(lang: Lang, words: &Words, lower: &str) -> bool {
    !words.has(lang, Class::Finite, lower) && !words.has(lang, Class::Function, lower)
}

/// Whether a lower-case word may stand between a coordinator and the member after it: "och företaget X", "and the X".
fn belongs(lang: Lang, words: &Words, lower: &str) -> bool {
    [Class::Body, Class::Light, Class::Pair, Class::Role].iter().any(|c| words.has(lang, *c, lower))
}
