//! What the layout of a page says: the head of a list and its items, the columns of a table, lines that name a person
//! and a body, contact blocks. Which words make a head or a column stands in the rule files.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::coref::Speaker;
use super::names::{Reader, form, phrase};
use super::page::{Line, Page};
use super::rules::ast::{Facts, RoleFrom};
use super::rules::seq::{Scratch, Tokens, typed_of};
use super::rules::{ListHead, expand};
use super::sentence::{SentenceMention, View};
use super::words::{Class, Words};
use crate::model::{Kind, LocalEntity, LocalId, Modality, Relation, Type};
use crate::source::BlockKind;
use crate::text::{Token, TokenKind};

/// A list ends after this many items at the latest.
const ITEMS: usize = 2_000;
/// A contact block has at most so many lines below the name.
const CONTACT: usize = 8;
/// A line without a stop and of at most so many tokens may be the head of a list.
const SHORT: usize = 9;
/// A line of a contact block has at most so many tokens.
const CONTACT_LINE: usize = 14;

/// A fact that the layout says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Laid {
    pub(crate) line: usize,
    pub(crate) rule: String,
    pub(crate) relation: Relation,
    pub(crate) from: LocalId,
    pub(crate) to: LocalId,
    pub(crate) role: Option<String>,
    pub(crate) modality: Modality,
}

/// What stands for an argument that no item or column gives: what the document is about at some line.
pub(crate) trait About {
    /// The event, agreement, owner or publisher at a line.
    fn about(&self, line: usize, name: &str) -> Option<LocalId>;
}

/// Reads the layout of a page. `views` are its lines with their mentions.
#[expect(clippy::too_many_arguments, reason = "what earlier steps found, each used once")]
pub(crate) fn read(
    page: &Page<'_>,
    views: &[View<'_>],
    readers: &[Option<Reader<'_>>],
    entities: &[LocalEntity],
    about: &impl About,
    employers: &FxHashMap<LocalId, LocalId>,
    speakers: &[Speaker],
    scratch: &mut Scratch,
) -> Vec<Laid> {
    let mut reading = Layout { page, views, readers, entities, about, employers, out: Vec::new() };
    reading.lists(scratch);
    reading.tables();
    reading.rows();
    reading.contacts(speakers);
    reading.out
}

/// A table rule's id, its facts, and which cell stands for which argument.
type TableRow = (String, Facts, Vec<(String, usize)>);

struct Layout<'a, 'd, A> {
    page: &'a Page<'d>,
    views: &'a [View<'a>],
    readers: &'a [Option<Reader<'a>>],
    entities: &'a [LocalEntity],
    about: &'a A,
    employers: &'a FxHashMap<LocalId, LocalId>,
    out: Vec<Laid>,
}

impl<A: About> Layout<'_, '_, A> {
    fn line(&self, l: usize) -> &Line {
        &self.page.lines[l]
    }

    fn ty(&self, id: LocalId) -> Type {
        self.entities.get(id.0 as usize).map_or(Type::Organisation, |e| e.ty)
    }

    fn text(&self, l: usize) -> &str {
        self.page.text(self.line(l))
    }

    fn lists(&mut self, scratch: &mut Scratch) {
        for l in 0..self.views.len() {
            let (Some(reader), view) = (&self.readers[l], &self.views[l]) else { continue };
            if reader.rules.lists.is_empty() {
                continue;
            }
            let typed = typed_of(view);
            let tokens =
                Tokens { tokens: view.tokens, hits: &reader.hits, typed: &typed, dates: &[], clauses: &view.clauses };
            let Some(head) = reader.rules.list_head(&tokens, scratch) else { continue };
            let Some(rule) = reader.rules.list_rule(&head) else { continue };
            let (id, facts) = (rule.id.clone(), rule.facts.clone());
            let captures = self.captured(l, &head);
            // the items stand in the line itself ("De kommuner som omfattas är A, B och C") …
            let own: Vec<usize> = (0..view.mentions.len())
                .filter(|&m| view.mentions[m].tokens.start >= head.tokens.end && !view.mentions[m].reference)
                .collect();
            let gap = own.first().map(|&m| head.tokens.end..view.mentions[m].tokens.start);
            let short = self.line(l).heading() || view.tokens.len() <= SHORT && !self.ends_with_stop(l);
            let adjacent =
                gap.is_some_and(|g| g.len() <= 1 && view.tokens[g].iter().all(|t| t.kind == TokenKind::Punct));
            let colon = view.tokens.get(head.tokens.end).is_some_and(|t| form(self.text(l), t) == ":");
            if adjacent && (!short || colon || view.tokens.len() > head.tokens.len() + 1) {
                let items = if colon { self.row_of(l, &own) } else { first_run(view, &own) };
                self.emit(l, &id, &facts, &captures, &items, l);
                continue;
            }
            // … or below it
            let last = view.tokens.last().map_or("", |t| form(self.text(l), t));
            // "Medlemmar i Nordbron", "Våra medlemmar 2023"
            let covers = 2 * head.tokens.len() >= view.tokens.len() || short && head.tokens.start <= 1;
            if !(last == ":" || (short && covers)) {
                continue;
            }
            for item in self.items_below(l) {
                let items = self.item(item);
                self.emit(item, &id, &facts, &captures, &items, l);
            }
        }
    }

    /// The lines that are the items of a list under a line.
    fn items_below(&self, l: usize) -> Vec<usize> {
        let mut out = Vec::new();
        let mut kind = None;
        for k in l + 1..self.views.len().min(l + 1 + ITEMS) {
            let line = self.line(k);
            let fits = match line.kind {
                BlockKind::ListItem => true,
                BlockKind::TableRow { header } => !header,
                // short lines without a stop, each with a name, are items too
                BlockKind::Paragraph => {
                    (line.tokens.len() <= 24 || line.tokens.len() <= 80 && self.semicolons(k))
                        && self.views[k].mentions.iter().any(|m| !m.reference)
                        && !self.ends_with_stop(k)
                }
                _ => false,
            };
            let same = kind.is_none_or(|x: std::mem::Discriminant<BlockKind>| x == std::mem::discriminant(&line.kind));
            if !fits || !same {
                break;
            }
            kind = Some(std::mem::discriminant(&line.kind));
            out.push(k);
        }
        out
    }

    /// Whether semicolons part a line: several rows in one.
    fn semicolons(&self, l: usize) -> bool {
        self.line(l).tokens.iter().any(|t| form(self.text(l), t) == ";")
    }

    fn ends_with_stop(&self, l: usize) -> bool {
        self.line(l).tokens.last().is_some_and(|t| matches!(form(self.text(l), t), "." | "!" | "?"))
    }

    /// What a line of a list is about: its first mention, or the coordination that opens it.
    fn item(&self, l: usize) -> Vec<LocalId> {
        let view = &self.views[l];
        let all: Vec<usize> = (0..view.mentions.len()).filter(|&m| !view.mentions[m].reference).collect();
        if self.semicolons(l) {
            // rows in one line: what each of them begins with
            let first = |m: &&SentenceMention| {
                let before = m.tokens.start.checked_sub(1).and_then(|b| view.tokens.get(b));
                !m.reference && before.is_none_or(|t| form(self.text(l), t) == ";")
            };
            return view.mentions.iter().filter(first).map(|m| m.entity).collect();
        }
        // "Norway: Port of Bergen, Port of Bodø": the place orders the list, what stands behind it are the items
        if let Some((first, rest)) = all.split_first().filter(|(_, rest)| !rest.is_empty())
            && view.mentions[*first].ty.kind() == Kind::Region
            && view.tokens.get(view.mentions[*first].tokens.end).is_some_and(|t| form(self.text(l), t) == ":")
        {
            let mut bodies = rest.iter().map(|&m| &view.mentions[m]).filter(|m| body_like(m)).peekable();
            return if bodies.peek().is_some() { bodies.map(|m| m.entity).collect() } else { first_run(view, rest) };
        }
        first_run(view, &all)
    }

    /// "Partners: A, B": what stands behind a label, parted by commas.
    fn row_of(&self, l: usize, among: &[usize]) -> Vec<LocalId> {
        let view = &self.views[l];
        let grouped = first_run(view, among);
        let Some(&first) = among.first().filter(|_| grouped.len() == 1) else { return grouped };
        let mut end = first;
        while let (Some(a), Some(b)) = (view.mentions.get(end), view.mentions.get(end + 1)) {
            let between = view.tokens.get(a.tokens.end..b.tokens.start);
            let comma = between.is_some_and(|t| t.len() == 1 && matches!(form(self.text(l), &t[0]), "," | ";"));
            if !comma || !((body_like(a) && body_like(b)) || (a.ty == Type::Person && b.ty == Type::Person)) {
                break;
            }
            end += 1;
        }
        view.mentions[first..=end].iter().map(|m| m.entity).collect()
    }

    fn captured(&self, l: usize, head: &ListHead) -> Vec<(String, LocalId)> {
        let view = &self.views[l];
        let inside = |r: &Range<usize>| view.mentions.iter().find(|m| r.contains(&m.tokens.start)).map(|m| m.entity);
        head.captures.iter().filter_map(|(n, r)| Some((n.clone(), inside(r)?))).collect()
    }

    fn emit(
        &mut self,
        l: usize,
        rule: &str,
        facts: &Facts,
        captures: &[(String, LocalId)],
        items: &[LocalId],
        head: usize,
    ) {
        let values = |name: &str| -> Vec<(LocalId, Type)> {
            let ids: Vec<LocalId> = match name {
                "item" | "cell" => items.to_vec(),
                _ => {
                    let captured = captures.iter().filter(|(n, _)| n == name).map(|(_, id)| *id).collect::<Vec<_>>();
                    if captured.is_empty() { self.about.about(head, name).into_iter().collect() } else { captured }
                }
            };
            ids.into_iter().map(|id| (id, self.ty(id))).collect()
        };
        let said = expand(facts, values);
        let places = items.iter().all(|&i| self.ty(i).kind() == Kind::Region);
        let modality = facts.attributes.modality.unwrap_or(Modality::Asserted);
        let role = match &facts.attributes.role {
            Some(RoleFrom::Text(t)) => Some(t.clone()),
            _ => None,
        };
        for (relation, mut from, to) in said {
            // the partners of a municipality that are towns are those of the town
            if relation == Relation::PartnersWith && places {
                from = self.home(from).unwrap_or(from);
            }
            let rule = rule.to_owned();
            // "Eva Lund, ordförande": the title stands in the row
            let own = || {
                (l != head && relation == Relation::WorksFor).then(|| self.role_in(l, 0..self.views[l].tokens.len()))
            };
            let role = role.clone().or_else(|| own().flatten());
            self.out.push(Laid { line: l, rule, relation, from, to, role, modality });
        }
    }

    /// The place whose name a public body bears (`Norrviks kommun`: `Norrvik`), where the document names it.
    fn home(&self, body: LocalId) -> Option<LocalId> {
        let body = self.entities.get(body.0 as usize).filter(|e| e.ty == Type::PublicBody)?;
        let first = body.name.split(' ').next()?;
        let bears = |e: &LocalEntity| {
            e.ty.kind() == Kind::Region && (e.name == first || first.strip_suffix('s') == Some(e.name.as_str()))
        };
        let at = self.entities.iter().position(bears)?;
        Some(LocalId(at as u32))
    }

    fn tables(&mut self) {
        let mut l = 0;
        while l < self.views.len() {
            let BlockKind::TableRow { header: true } = self.line(l).kind else {
                l += 1;
                continue;
            };
            let head = l;
            l += 1;
            let Some(reader) = &self.readers[head] else { continue };
            let cells = self.cells(head);
            let tokens: Vec<&[Token]> = cells.iter().map(|r| &self.line(head).tokens[r.clone()]).collect();
            let heads = reader.rules.table_heads(&tokens);
            let rules: Vec<TableRow> = heads
                .into_iter()
                .filter_map(|h| {
                    let rule = reader.rules.tables.get(h.rule)?;
                    Some((rule.id.clone(), rule.facts.clone(), h.columns))
                })
                .collect();
            while l < self.views.len() && matches!(self.line(l).kind, BlockKind::TableRow { header: false }) {
                for (id, facts, columns) in &rules {
                    self.row(l, head, id, facts, columns);
                }
                l += 1;
            }
        }
    }

    fn row(&mut self, l: usize, head: usize, rule: &str, facts: &Facts, columns: &[(String, usize)]) {
        let cells = self.cells(l);
        let view = &self.views[l];
        let values = |name: &str| -> Vec<(LocalId, Type)> {
            let column = columns.iter().find(|(n, _)| n == name).and_then(|(_, k)| cells.get(*k));
            let ids: Vec<LocalId> = match column {
                Some(cell) => {
                    view.mentions.iter().filter(|m| cell.contains(&m.tokens.start)).map(|m| m.entity).collect()
                }
                None => self.about.about(head, name).into_iter().collect(),
            };
            ids.into_iter().map(|id| (id, self.ty(id))).collect()
        };
        let role = match &facts.attributes.role {
            Some(RoleFrom::Text(t)) => Some(t.clone()),
            Some(RoleFrom::Name(n)) => columns.iter().find(|(c, _)| c == n).and_then(|(_, k)| {
                let cell = cells.get(*k)?.clone();
                Some(phrase(self.text(l), &self.line(l).tokens[cell]))
            }),
            _ => None,
        }
        .filter(|r| !r.is_empty());
        let modality = facts.attributes.modality.unwrap_or(Modality::Asserted);
        for (relation, from, to) in expand(facts, values) {
            let role = role.clone().filter(|_| relation == Relation::WorksFor);
            self.out.push(Laid { line: l, rule: rule.to_owned(), relation, from, to, role, modality });
        }
    }

    /// The cells of a row as ranges of its tokens.
    fn cells(&self, l: usize) -> Vec<Range<usize>> {
        let line = self.line(l);
        let block = self.page.document.blocks.get(line.block);
        let at = |byte: u32| line.tokens.partition_point(|t| t.start < byte);
        block.map_or_else(Vec::new, |b| b.cells.iter().map(|c| at(c.start)..at(c.end)).collect())
    }

    /// Lines that are a person, a comma and a body: rows of a list of participants.
    fn rows(&mut self) {
        for l in 0..self.views.len() {
            let line = self.line(l);
            if matches!(line.kind, BlockKind::Heading(_)) || self.views[l].mentions.len() < 2 {
                continue;
            }
            if let Some((body, place)) = self.body_and_place(l) {
                let rule = format!("{}/row.place", line.lang);
                let (from, to, relation) = (body, place, Relation::LocatedIn);
                self.out.push(Laid { line: l, rule, relation, from, to, role: None, modality: Modality::Asserted });
                continue;
            }
            let Some((person, body, role)) = self.person_and_body(l) else { continue };
            let rule = format!("{}/row.person", line.lang);
            self.out.push(Laid {
                line: l,
                rule,
                relation: Relation::WorksFor,
                from: person,
                to: body,
                role,
                modality: Modality::Asserted,
            });
        }
    }

    /// `Body, place` as the whole of a line: a row of a list of members.
    fn body_and_place(&self, l: usize) -> Option<(LocalId, LocalId)> {
        let (view, text) = (&self.views[l], self.text(l));
        let [body, place] = view.mentions.as_slice() else { return None };
        let between = view.tokens.get(body.tokens.end..place.tokens.start)?;
        let whole = body.tokens.start <= 1 && place.tokens.end == view.tokens.len();
        let comma = matches!(between, [t] if form(text, t) == ",");
        (whole && comma && body_like(body) && place.ty.kind() == Kind::Region).then_some((body.entity, place.entity))
    }

    /// `Name, body` or `Name, role, body` as the whole of a line.
    fn person_and_body(&self, l: usize) -> Option<(LocalId, LocalId, Option<String>)> {
        let (view, text) = (&self.views[l], self.text(l));
        let person = view.mentions.first().filter(|m| m.ty == Type::Person && !m.reference)?;
        // "Styrelse: ordförande Li Ek, …": what stands before the name may only be a title
        let front = self.title_before(l, person.tokens.start)?;
        let body = view.mentions.iter().rev().find(|m| body_like(m) && m.tokens.start > person.tokens.end)?;
        let rest = view.tokens.get(body.tokens.end..)?;
        let stop = rest.iter().all(|t| t.kind == TokenKind::Punct && matches!(form(text, t), "." | ";" | "," | ")"));
        let others = view.mentions.iter().filter(|m| m.ty == Type::Person).count();
        if !stop || others != 1 || body.tokens.start - person.tokens.end > 12 {
            return None;
        }
        let between = person.tokens.end..body.tokens.start;
        let mark = |t: &Token| {
            t.kind == TokenKind::Punct && matches!(form(text, t), "," | "–" | "—" | "-" | "(" | "|" | "/" | ":")
        };
        let opening = view.tokens.get(between.start)?;
        if !mark(opening) {
            return None;
        }
        let mut inner = between.start + 1..between.end;
        while inner.end > inner.start && mark(&view.tokens[inner.end - 1]) {
            inner.end -= 1;
        }
        let middle = view.tokens.get(inner.clone())?;
        if middle.is_empty() {
            return Some((person.entity, body.entity, front));
        }
        // what stands between must be a title, not a clause
        let titled = middle.iter().any(|t| Words.has(view.lang, Class::Role, &t.lower));
        let clause = middle.iter().any(|t| Words.has(view.lang, Class::Finite, &t.lower));
        let role = self.trim_role(l, inner).or(front);
        (titled && !clause && middle.len() <= 8).then_some((person.entity, body.entity, role))
    }

    /// The title between the start of a line, or the last colon or dash, and the name at `end`; `Some(None)` where the
    /// name opens the line, `None` where something else than a title stands there.
    fn title_before(&self, l: usize, end: usize) -> Option<Option<String>> {
        let (line, text) = (self.line(l), self.text(l));
        let cut =
            |t: &Token| t.kind == TokenKind::Punct && matches!(form(text, t), ":" | "–" | "—" | "?" | "-" | "•" | "·");
        let label = line.tokens[..end].iter().rposition(cut);
        let start = label.map_or(0, |c| c + 1);
        let titled = |r: Range<usize>| line.tokens[r].iter().any(|t| Words.has(line.lang, Class::Role, &t.lower));
        let words = |r: Range<usize>| line.tokens[r].iter().filter(|t| t.kind == TokenKind::Word).count();
        if start == end {
            // "Ordförande: Li Ek" or just a bullet
            let before = 0..label.unwrap_or(0);
            let role = titled(before.clone()) && words(before.clone()) <= 4;
            return Some(if role { self.trim_role(l, before) } else { None });
        }
        (titled(start..end) && words(start..end) <= 6).then(|| self.trim_role(l, start..end))
    }

    /// The words of a role, without the prepositions and marks at its ends.
    fn trim_role(&self, l: usize, mut range: Range<usize>) -> Option<String> {
        let (line, text) = (self.line(l), self.text(l));
        let small = |t: &Token| {
            t.kind == TokenKind::Punct
                || (Words.has(line.lang, Class::Function, &t.lower) && !Words.has(line.lang, Class::Role, &t.lower))
        };
        while !range.is_empty() && small(&line.tokens[range.end - 1]) {
            range.end -= 1;
        }
        while !range.is_empty() && small(&line.tokens[range.start]) {
            range.start += 1;
        }
        (!range.is_empty()).then(|| phrase(text, &line.tokens[range]))
    }

    /// Contact blocks: a person on a line of its own, a title, a telephone number or address near it.
    fn contacts(&mut self, speakers: &[Speaker]) {
        for (l, speaker) in speakers.iter().enumerate() {
            let view = &self.views[l];
            let Some(person) = view.mentions.first().filter(|m| m.ty == Type::Person && !m.reference) else { continue };
            let Some(front) = self.title_before(l, person.tokens.start) else { continue };
            if self.line(l).tokens.len() > CONTACT_LINE + 6 || self.ends_with_stop(l) {
                continue;
            }
            // "Text: Bo Alm": a credit
            if self.line(l).tokens.first().is_some_and(|t| Words.has(view.lang, Class::Credit, &t.lower)) {
                continue;
            }
            let others = view.mentions.iter().any(|m| m.ty == Type::Person && m.entity != person.entity);
            let done = self.out.iter().any(|f| f.line == l && f.relation == Relation::WorksFor);
            if others || done {
                continue;
            }
            let mut reached = reachable(self.text(l), self.line(l)) || self.under_contact(l);
            let above = || {
                // the title stands on a line of its own over the name
                let k =
                    l.checked_sub(1).filter(|_| person.tokens.end == view.tokens.len() && person.tokens.start == 0)?;
                let short = self.views[k].mentions.is_empty() && self.line(k).tokens.len() <= 4;
                short.then(|| self.role_in(k, 0..self.line(k).tokens.len())).flatten()
            };
            let mut role = self.role_in(l, person.tokens.end..view.tokens.len()).or(front).or_else(above);
            let mut body = view.mentions.iter().find(|m| body_like(m)).map(|m| m.entity);
            // the name stands alone: what belongs to it stands below
            if person.tokens.end == view.tokens.len() || !reached {
                if !reached && person.tokens.end < view.tokens.len() && role.is_none() {
                    continue;
                }
                for k in l + 1..self.views.len().min(l + 1 + CONTACT) {
                    let next = &self.views[k];
                    if self.line(k).tokens.len() > CONTACT_LINE || next.mentions.iter().any(|m| m.ty == Type::Person) {
                        break;
                    }
                    if self.line(k).heading()
                        && self.role_in(k, 0..next.tokens.len()).is_none()
                        && !reachable(self.text(k), self.line(k))
                    {
                        break;
                    }
                    reached |= reachable(self.text(k), self.line(k));
                    role = role.or_else(|| self.role_in(k, 0..next.tokens.len()));
                    body = body.or_else(|| next.mentions.iter().find(|m| body_like(m)).map(|m| m.entity));
                }
            }
            let known = || self.employers.get(&person.entity).copied();
            let publisher = || self.about.about(l, "publisher").or(speaker.body);
            let Some(body) = body.or_else(known).or_else(publisher).filter(|_| reached) else { continue };
            if self.ty(body).kind() != Kind::Actor || self.ty(body) == Type::Person {
                continue;
            }
            let rule = format!("{}/contact.person", self.line(l).lang);
            let from = person.entity;
            let relation = Relation::WorksFor;
            self.out.push(Laid { line: l, rule, relation, from, to: body, role, modality: Modality::Asserted });
        }
    }

    /// Whether a heading or lead-in for contacts stands in the line or just above it.
    fn under_contact(&self, l: usize) -> bool {
        let contact = |k: usize| {
            let line = self.line(k);
            line.tokens.len() <= SHORT + 3 && line.tokens.iter().any(|t| Words.has(line.lang, Class::Contact, &t.lower))
        };
        (l.saturating_sub(3)..=l).any(contact)
    }

    /// The title in a part of a line: from the first to the last word up to a comma, number or address.
    fn role_in(&self, l: usize, range: Range<usize>) -> Option<String> {
        let (line, text) = (self.line(l), self.text(l));
        let tokens = line.tokens.get(range.clone())?;
        let at = tokens.iter().position(|t| Words.has(line.lang, Class::Role, &t.lower))? + range.start;
        let border = |t: &Token| {
            t.kind != TokenKind::Word
                || t.lower.contains('@')
                || matches!(form(text, t), "," | ":" | "|" | "–" | "(" | ")")
        };
        let view = &self.views[l];
        let named = |i: usize| view.mention_at(i).is_some();
        let mut start = at;
        while start > range.start && !border(&line.tokens[start - 1]) && !named(start - 1) {
            start -= 1;
        }
        let mut end = at + 1;
        while end < range.end && !border(&line.tokens[end]) && !named(end) {
            end += 1;
        }
        self.trim_role(l, start..end)
    }
}

fn body_like(m: &SentenceMention) -> bool {
    m.ty.kind() == Kind::Actor && m.ty != Type::Person && !m.reference
}

/// Whether a line holds a telephone number or an electronic address.
fn reachable(text: &str, line: &Line) -> bool {
    let mut digits = 0;
    for t in &line.tokens {
        if t.lower.contains('@') {
            return true;
        }
        let own = t.lower.bytes().filter(u8::is_ascii_digit).count();
        match form(text, t) {
            "+" | "-" | "–" | "/" | "(" | ")" => {}
            // a number begins with a nought or a country's code, a date or sum does not
            f if own > 0 && (digits > 0 || f.starts_with(['0', '+']) || own >= 6) => digits += own,
            _ => digits = 0,
        }
        if digits >= 6 {
            return true;
        }
    }
    false
}

/// The members of the group that holds the first of some mentions, or that mention alone, or a bare run of commas.
fn first_run(view: &View<'_>, among: &[usize]) -> Vec<LocalId> {
    let Some(&first) = among.first() else { return Vec::new() };
    let m = &view.mentions[first];
    match m.group.and_then(|g| view.groups.get(g)) {
        Some(g) => g.members.iter().filter_map(|&k| view.mentions.get(k)).map(|m| m.entity).collect(),
        None => vec![m.entity],
    }
}
