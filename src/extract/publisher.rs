//! Who speaks: the body that publishes the page ("vi"), and who is quoted in a block.

use rustc_hash::FxHashMap;

use super::coref::Speaker;
use super::local::{Local, key};
use super::names::{Candidate, form};
use super::page::{Line, Page};
use super::words::{Class, Words};
use crate::lexicon::lexicon;
use crate::model::{Kind, LocalEntity, LocalId, Type};
use crate::source::BlockKind;
use crate::text::{Case, TokenKind};

/// A signature or byline is no longer than this many tokens.
const SIGNATURE: usize = 24;
/// So many lines at the end of a page are looked at for a list of persons.
const ROWS: usize = 30;
/// A heading that names the body at its end has at most so many tokens.
const HEADING: usize = 10;
/// Among so many lines a page says what it is.
const OPENING: usize = 4;
/// How many tokens may stand between a person and the body in an apposition.
const APPOSITION: usize = 8;

/// The body that publishes the page, as far as the document tells.
pub(crate) fn publisher(page: &Page<'_>, words: &Words, found: &[Vec<Candidate>], local: &Local) -> Option<LocalId> {
    let body = |c: &Candidate| c.ty.kind() == Kind::Actor && c.ty != Type::Person && !c.reference;
    if let Some(named) = page.document.publisher.as_deref().and_then(|p| by_name(local, p)) {
        return Some(named);
    }
    // minutes: the body that met
    let head = page.lines.len().min(8);
    let minutes = |l: &Line| l.tokens.iter().any(|t| words.has(l.lang, Class::Minutes, &t.lower));
    if page.lines[..head].iter().any(minutes) {
        for (l, line) in page.lines[..head].iter().enumerate() {
            let organ = found[l].iter().zip(&local.ids[l]).find(|(c, _)| {
                let last = c.name.rsplit(' ').next().unwrap_or("").to_lowercase();
                body(c) && words.has(line.lang, Class::Organ, &last)
            });
            if let Some((_, id)) = organ {
                return Some(*id);
            }
        }
    }
    let mut first_person = 0;
    for (l, line) in page.lines.iter().enumerate() {
        // in a quote "we" is the speaker's body
        let quoted = quoted(page.text(line), line);
        for i in 0..line.tokens.len() {
            let word = &line.tokens[i];
            if quoted {
                continue;
            }
            if words.has(line.lang, Class::We, &word.lower) || words.has(line.lang, Class::Our, &word.lower) {
                first_person += 1;
            }
            // "Vi på X", "me X:ssä"
            let after = words.we_at(line.lang, &line.tokens, i).map(|n| i + n);
            let beside = words.has(line.lang, Class::We, &word.lower).then_some(i + 1);
            let at = |start: usize| found[l].iter().zip(&local.ids[l]).find(|(c, _)| c.anchor.start == start);
            if let Some((_, id)) = after.and_then(at).filter(|(c, _)| body(c)) {
                return Some(*id);
            }
            let local_case = |c: &Candidate| !matches!(c.case, Case::Nominative | Case::Genitive);
            if let Some((_, id)) = beside.and_then(at).filter(|(c, _)| body(c) && local_case(c)) {
                return Some(*id);
            }
        }
    }
    let candidates = |l: usize| found[l].iter().zip(local.ids[l].iter().copied()).filter(|(c, _)| body(c));
    // a page that begins with the name of its body: "Norrviks kommun", "Om Textilringen"
    for (l, line) in page.lines.iter().enumerate().take(2) {
        let text = page.text(line);
        let names: Vec<_> = candidates(l).collect();
        let rest = line.tokens.len() - names.iter().map(|(c, _)| c.tokens.len()).sum::<usize>().min(line.tokens.len());
        let stop = line.tokens.last().is_some_and(|t| matches!(form(text, t), "." | "?" | "!"));
        if let [(_, id)] = names.as_slice()
            && rest <= 1
            && !stop
        {
            return Some(*id);
        }
    }
    // a title "X – what the page is about": its body, where nothing but a dash comes after the name
    if let Some(line) = page.lines.first().filter(|x| x.tokens.len() <= HEADING) {
        let text = page.text(line);
        let dash = |t: usize| line.tokens.get(t).is_some_and(|t| matches!(form(text, t), "–" | "—" | "-" | "|" | ":"));
        let named = candidates(0).find(|(c, _)| {
            let leads = c.anchor.start == 0 && dash(c.anchor.end) && line.tokens.len() > c.anchor.end + 1;
            let contact = line.tokens[..c.anchor.start.min(line.tokens.len())]
                .iter()
                .any(|t| words.has(line.lang, Class::Contact, &t.lower));
            leads || contact
        });
        if let Some((_, id)) = named {
            return Some(id);
        }
    }
    // "Nyhetsbrev från X", "Årsmöte i X" over a page that says "we"
    for (l, line) in
        page.lines.iter().enumerate().take(2).filter(|(_, x)| first_person > 0 && x.tokens.len() <= HEADING)
    {
        let names: Vec<_> = candidates(l).collect();
        if let [(c, id)] = names.as_slice()
            && let Some(before) = c.anchor.start.checked_sub(1).and_then(|t| line.tokens.get(t))
            && words.has(line.lang, Class::PlacePreposition, &before.lower)
            && c.anchor.end + 2 >= line.tokens.len()
        {
            return Some(*id);
        }
    }
    // a page that speaks of itself and begins by saying what it is: "Textilringen är en förening"
    if first_person > 0 {
        for (l, line) in page.lines.iter().enumerate().take(OPENING) {
            let opens = found[l].iter().zip(&local.ids[l]).find(|(c, _)| c.anchor.start == 0 && body(c));
            let says = |c: &Candidate| {
                line.tokens.get(c.anchor.end).is_some_and(|t| words.has(line.lang, Class::Finite, &t.lower))
            };
            if let Some((_, id)) = opens.filter(|(c, _)| says(c)) {
                return Some(*id);
            }
        }
    }
    // the page says whose it is: "Om Textilringen" over a text that begins "Textilringen är …"
    let opening = |l: usize| candidates(l).map(|(_, id)| id).collect::<Vec<_>>();
    if let Some(id) = opening(0).first()
        && (1..page.lines.len().min(4))
            .any(|l| candidates(l).next().is_some_and(|(c, other)| other == *id && c.anchor.start <= 1))
    {
        return Some(*id);
    }
    // a list of persons from several bodies is signed by none of them
    let rows = person_rows(page, found, local);
    let mixed = rows.windows(2).any(|w| w[0] != w[1]);
    if mixed && let Some(id) = majority(&rows) {
        return Some(id);
    }
    // a signature: the last lines, where they hold little but names
    for (l, line) in page.lines.iter().enumerate().rev().take(3) {
        let text = page.text(line);
        if line.tokens.len() <= SIGNATURE
            && !mixed
            && line.kind != BlockKind::ListItem
            && mostly_names(line, text, words, &found[l])
            && let Some((_, id)) = candidates(l).next_back()
        {
            return Some(id);
        }
    }
    // the byline under the title: a short line near the top with a date
    for (l, line) in page.lines.iter().enumerate().take(5) {
        let dated = line.tokens.iter().any(|t| t.kind == TokenKind::Number && page.text(line).len() < 160);
        let stop = line.tokens.last().is_some_and(|t| matches!(form(page.text(line), t), "." | "?" | "!"));
        if dated
            && !stop
            && line.tokens.len() <= SIGNATURE
            && let Some((_, id)) = candidates(l).next_back()
        {
            return Some(id);
        }
    }
    most_named(found, local, first_person)
}

/// Whether a line is a quote, or holds one.
fn quoted(text: &str, line: &Line) -> bool {
    let own = text.get(line.start as usize..line.end as usize).unwrap_or("");
    text.trim_start().starts_with(['–', '—', '”', '"', '“', '„', '»', '«']) || own.contains(['”', '“', '"', '»', '«'])
}

/// The bodies of the lines at the end of a page that are a person and a body.
fn person_rows(page: &Page<'_>, found: &[Vec<Candidate>], local: &Local) -> Vec<LocalId> {
    let mut out = Vec::new();
    for (l, line) in page.lines.iter().enumerate().rev().take(ROWS) {
        let (Some(first), Some(last)) = (found[l].first(), found[l].last()) else { break };
        let person = found[l].iter().filter(|c| c.ty == Type::Person).count() == 1;
        let body = last.ty.kind() == Kind::Actor && last.ty != Type::Person && last.anchor.end + 1 >= line.tokens.len();
        if !person || !body || line.tokens.len() > SIGNATURE || first.anchor.start > 4 {
            break;
        }
        out.push(local.ids[l][found[l].len() - 1]);
    }
    out
}

/// The body of more rows than any other.
fn majority(rows: &[LocalId]) -> Option<LocalId> {
    let count = |id: &LocalId| rows.iter().filter(|r| *r == id).count();
    let best = rows.iter().max_by_key(|id| (count(id), std::cmp::Reverse(**id)))?;
    rows.iter().all(|r| r == best || count(r) < count(best)).then_some(*best)
}

/// Takes in the publisher that the document declares and its text never names ("we" alone speaks): an entity that stays
/// only where a fact speaks of it.
pub(crate) fn declare(page: &Page<'_>, local: &mut Local) {
    let Some(name) = page.document.publisher.as_deref().map(str::trim).filter(|n| !n.is_empty()) else { return };
    if by_name(local, name).is_some() {
        return;
    }
    let lex = lexicon();
    let head = name.split(' ').rev().find_map(|w| lex.heads(&w.to_lowercase()).first().map(|h| h.ty));
    let legal = lex.strip_legal(name).1.map(|_| Type::Company);
    let ty = legal.or(head).filter(|t| t.kind() == Kind::Actor && *t != Type::Person).unwrap_or(Type::Organisation);
    local.entities.push(LocalEntity {
        ty,
        name: name.to_owned(),
        aliases: Vec::new(),
        language: page.lang,
        generic: true,
    });
}

/// The entity of that name, a legal form left out.
fn by_name(local: &Local, name: &str) -> Option<LocalId> {
    let wanted = key(name);
    let bare = key(lexicon().strip_legal(name).0);
    let fits = |n: &str| key(n) == wanted || key(lexicon().strip_legal(n).0) == bare;
    let actor = |t: Type| t.kind() == Kind::Actor && t != Type::Person;
    local
        .entities
        .iter()
        .position(|e| actor(e.ty) && (fits(&e.name) || e.aliases.iter().any(|a| fits(a))))
        .map(|i| LocalId(i as u32))
}

/// Whether a short line holds little but names: at most two other words.
fn mostly_names(line: &Line, text: &str, words: &Words, candidates: &[Candidate]) -> bool {
    let other = line
        .tokens
        .iter()
        .enumerate()
        .filter(|(i, t)| t.kind == TokenKind::Word && !candidates.iter().any(|c| c.tokens.contains(i)))
        .count();
    let stop = line.tokens.last().is_some_and(|t| matches!(form(text, t), "." | "?" | "!"));
    // "Till X", "Läs mer hos X" lead elsewhere
    let small = line.tokens.first().is_some_and(|t| words.has(line.lang, Class::Function, &t.lower));
    !candidates.is_empty() && other <= 2 && !stop && !small
}

/// The body that the document names most often; one that stands in the title counts more, a public body breaks ties.
fn most_named(found: &[Vec<Candidate>], local: &Local, first_person: usize) -> Option<LocalId> {
    let mut counts: FxHashMap<LocalId, (usize, usize)> = FxHashMap::default();
    let mut order = 0;
    for (l, line) in found.iter().enumerate() {
        for (c, id) in line.iter().zip(&local.ids[l]) {
            if c.ty.kind() == Kind::Actor && c.ty != Type::Person && !c.reference {
                let entry = counts.entry(*id).or_insert((0, order));
                entry.0 += if l == 0 && c.anchor.start == 0 {
                    4
                } else if l == 0 {
                    2
                } else {
                    1
                };
                order += 1;
            }
        }
    }
    let public = |id: &LocalId| local.entities.get(id.0 as usize).is_some_and(|e| e.ty == Type::PublicBody);
    let best = counts
        .iter()
        .max_by_key(|(id, (n, first))| (*n, public(id), std::cmp::Reverse(*first)))
        .filter(|(_, (n, _))| *n >= 2 || first_person > 0);
    best.map(|(id, _)| *id)
}

/// Who speaks in each block: the quoted person where the block is a quote, else the publisher.
pub(crate) fn speakers(
    page: &Page<'_>,
    words: &Words,
    found: &[Vec<Candidate>],
    local: &Local,
    publisher: Option<LocalId>,
    employers: &FxHashMap<LocalId, LocalId>,
) -> Vec<Speaker> {
    let default = Speaker { person: None, body: publisher };
    let mut out = vec![default; page.lines.len()];
    let mut l = 0;
    while l < page.lines.len() {
        let block = page.lines[l].block;
        let end = page.lines[l..].iter().position(|x| x.block != block).map_or(page.lines.len(), |n| l + n);
        let text = page.text(&page.lines[l]).trim_start();
        let opens = text.starts_with(['–', '—', '-', '”', '"', '“', '„', '»', '«', '‘', '’', '\'']);
        let quoted = (l..end).find_map(|k| {
            let (person, body) = ascribed(page, words, found, local, k)?;
            Some((
                k,
                Speaker { person: Some(person), body: body.or_else(|| employers.get(&person).copied()).or(publisher) },
            ))
        });
        if let Some((k, speaker)) = quoted {
            for (n, slot) in out.iter_mut().enumerate().take(end).skip(l) {
                let marks = page.text(&page.lines[n]);
                let line = &page.lines[n];
                let own = marks.get(line.start as usize..line.end as usize).unwrap_or("");
                if opens || n == k || own.contains(['”', '“', '"', '»', '«']) {
                    *slot = speaker;
                }
            }
        }
        l = end;
    }
    out
}

/// The person to whom a line ascribes a quote, and the body in the apposition after the name.
fn ascribed(
    page: &Page<'_>,
    words: &Words,
    found: &[Vec<Candidate>],
    local: &Local,
    l: usize,
) -> Option<(LocalId, Option<LocalId>)> {
    let line = &page.lines[l];
    let text = page.text(line);
    let says = |t: usize| line.tokens.get(t).is_some_and(|t| words.has(line.lang, Class::Say, &t.lower));
    for (c, id) in found[l].iter().zip(&local.ids[l]).filter(|(c, _)| c.ty == Type::Person) {
        // "säger vd Li Ek", "säger Li Ek", "Li Ek sanoo", "sanoo toimitusjohtaja Matti Meri"
        let before = (1..=6).any(|n| {
            c.anchor.start.checked_sub(n).is_some_and(|t| {
                says(t) && !line.tokens[t..c.anchor.start].iter().any(|t| matches!(form(text, t), "," | "."))
            })
        });
        if !before && !says(c.anchor.end) {
            continue;
        }
        let body = found[l].iter().zip(&local.ids[l]).find(|(b, _)| {
            let actor = b.ty.kind() == Kind::Actor && b.ty != Type::Person;
            let after = b.anchor.start >= c.anchor.end && b.anchor.start - c.anchor.end <= APPOSITION;
            let ahead =
                b.anchor.end <= c.anchor.start && c.anchor.start - b.anchor.end <= 4 && b.case == Case::Genitive;
            actor && (after || ahead)
        });
        return Some((*id, body.map(|(_, b)| *b)));
    }
    None
}
