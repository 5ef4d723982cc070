//! One document to its reading: the order of the steps, and what they found as observations. Holds no step itself.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::coref::{Discourse, Scene, Speaker};
use super::local::{self, Local};
use super::names::{self, Candidate, Reader};
use super::page::{LINE_TOKENS, Line, Page};
use super::rules::ast::TypeSet;
use super::rules::seq::Scratch;
use super::rules::{Context, Dated, End, RuleSet, Said};
use super::sentence::{SentenceMention, View};
use super::structure::{self, About, Laid};
use super::words::{Class, Words};
use super::{clause, group, publisher};
use crate::model::{
    DocumentMeta, Edtf, Kind, LocalEntity, LocalId, Mention, NearMiss, Observation, Reading, Recognised, Relation, Type,
};
use crate::source::{BlockKind, Document};
use crate::text::{DateContext, DateKind, dates};

/// The most near misses that a document keeps.
const MISSES: usize = 400;
/// The most observations of one document.
const OBSERVATIONS: usize = 200_000;
/// A page says which year it is about in its first lines.
const TITLE_LINES: usize = 3;
/// A line of at most so many tokens may be an item of a list.
const ROW: usize = 12;
/// At most so many tokens stand between a person and the body in an apposition.
const APPOSITION: usize = 9;

/// Reads one document: its entities, where it names them, and what it says of them. Pure: the same document and rules
/// give the same reading, and no other document is looked at.
///
/// ```
/// use samband::extract::{read, rules::RuleSet};
/// let text = "Luleå kommun samarbetar med Oulu sedan 2014.";
/// let document = samband::source::read_bytes("a.txt", text.as_bytes()).unwrap();
/// let reading = read(&document, &RuleSet::builtin().unwrap());
/// let names: Vec<&str> = reading.entities.iter().map(|e| e.name.as_str()).collect();
/// assert_eq!(names, ["Luleå kommun", "Oulu"]);
/// ```
pub fn read(document: &Document, rules: &RuleSet) -> Reading {
    let page = Page::of(document);
    let readers = names::readers(&page, rules);
    let mut scratch = Scratch::default();
    let found = names::find(&page, &Words, &readers, &mut scratch);
    let mut local = local::cluster(&page, &found);
    publisher::declare(&page, &mut local);
    let body = publisher::publisher(&page, &Words, &found, &local);
    let employers = employers(&page, &found, &local);
    let speakers = publisher::speakers(&page, &Words, &found, &local, body, &employers);
    let (views, topics, typed) = views(&page, &found, &local, &readers, &speakers, body);
    for (id, ty) in typed {
        if let Some(e) = local.entities.get_mut(id.0 as usize) {
            e.ty = ty;
        }
    }
    let dated = line_dates(&page);
    let mut out = Output {
        page: &page,
        entities: &local.entities,
        dates: &dated,
        observations: Vec::new(),
        seen: FxHashMap::default(),
    };
    let mut misses = Vec::new();
    let laid = structure::read(&page, &views, &readers, &local.entities, &topics, &employers, &speakers, &mut scratch);
    let mut laid = ByLine::of(laid);
    for (l, view) in views.iter().enumerate() {
        for fact in laid.take(l) {
            out.laid(fact);
        }
        let Some(reader) = readers.get(l).and_then(Option::as_ref) else { continue };
        if view.tokens.len() > LINE_TOKENS {
            continue;
        }
        let outcome = reader.rules.read(view, &reader.hits, &dated[l], &mut scratch);
        for f in outcome.found {
            // what the document knows must be of the types that the rule asks for
            let end = |e: End, types: TypeSet| match e {
                End::Mention(i) => view.mentions.get(i).map(|m| m.entity),
                End::Context(c) => topics
                    .context(l, c, speakers[l])
                    .filter(|id| local.entities.get(id.0 as usize).is_some_and(|e| types.has(e.ty))),
            };
            if let (Some(from), Some(to)) = (end(f.from, f.from_types), end(f.to, f.to_types)) {
                let at = out.place(l);
                out.push(
                    l,
                    Observation {
                        from,
                        relation: f.relation,
                        to,
                        span: at.0,
                        sentence: at.1,
                        rule: f.rule,
                        modality: f.modality,
                        since: f.since,
                        until: f.until,
                        date: f.date,
                        role: f.role,
                    },
                );
            }
        }
        for m in outcome.misses {
            if misses.len() < MISSES {
                let mut entities: Vec<LocalId> = view.mentions.iter().map(|m| m.entity).collect();
                entities.sort_unstable();
                entities.dedup();
                misses.push(NearMiss {
                    rule: m.rule,
                    relation: m.relation,
                    span: out.place(l).0,
                    entities,
                    failed: m.failed,
                });
            }
        }
    }
    let observations = out.observations;
    let mentions = mentions(&page, &found, &local, &views);
    let meta = DocumentMeta {
        name: document.name.clone(),
        hash: document.hash,
        language: page.lang,
        title: page.title.clone(),
        date: page.date.clone(),
    };
    let reading = Reading { document: meta, entities: local.entities, mentions, observations, near_misses: misses };
    without_idle(reading)
}

/// Observations in the making.
struct Output<'a, 'd> {
    page: &'a Page<'d>,
    entities: &'a [LocalEntity],
    dates: &'a [Vec<Dated>],
    observations: Vec<Observation>,
    /// (line, from, relation, to) → index.
    seen: FxHashMap<(usize, LocalId, Relation, LocalId), usize>,
}

impl Output<'_, '_> {
    /// Where a line stands in the original, and its text.
    fn place(&self, l: usize) -> (crate::model::Span, String) {
        let line = &self.page.lines[l];
        let (start, end) = (line.start as usize, line.end as usize);
        let text = self.page.text(line).get(start..end).unwrap_or("").to_owned();
        let span = self.page.document.blocks.get(line.block).map(|b| b.span(start..end));
        (span.unwrap_or(crate::model::Span { start: 0, end: 0 }), text)
    }

    fn laid(&mut self, f: Laid) {
        let (span, sentence) = self.place(f.line);
        let (since, until, date) = self.item_dates(&f);
        let Laid { line, rule, relation, from, to, role, modality } = f;
        self.push(line, Observation { from, relation, to, span, sentence, rule, modality, since, until, date, role });
    }

    /// When an item of a list joined or became a partner: the one date in its row ("Kobe, Japan, sedan 1978").
    fn item_dates(&self, f: &Laid) -> (Option<Edtf>, Option<Edtf>, Option<Edtf>) {
        let none = (None, None, None);
        let line = &self.page.lines[f.line];
        let row = matches!(line.kind, BlockKind::ListItem | BlockKind::TableRow { .. }) || line.tokens.len() <= ROW;
        let [one] = self.dates[f.line].as_slice() else { return none };
        if !row || !matches!(f.relation, Relation::PartnersWith | Relation::MemberOf) || line.heading() {
            return none;
        }
        let value = one.value.clone();
        match (one.said, value.as_str().split_once('/')) {
            (Said::Until, _) => (None, Some(value), None),
            (Said::At, Some((a, b))) => (a.parse().ok(), b.parse().ok(), None),
            _ => (Some(value), None, None),
        }
    }

    /// Adds an observation, unless the schema forbids it or the line has said it.
    fn push(&mut self, l: usize, o: Observation) {
        let ty = |id: LocalId| self.entities.get(id.0 as usize).map(|e| e.ty);
        let (Some(from), Some(to)) = (ty(o.from), ty(o.to)) else { return };
        if o.from == o.to || !o.relation.allows(from, to) || self.observations.len() >= OBSERVATIONS {
            return;
        }
        let (a, b) = if o.relation.symmetric() && o.to < o.from { (o.to, o.from) } else { (o.from, o.to) };
        match self.seen.get(&(l, a, o.relation, b)) {
            Some(&i) => {
                // the same fact twice in a line: what the one leaves open the other may say
                let first = &mut self.observations[i];
                first.role = first.role.take().or(o.role);
                first.since = first.since.take().or(o.since);
                first.until = first.until.take().or(o.until);
                first.date = first.date.take().or(o.date);
            }
            None => {
                self.seen.insert((l, a, o.relation, b), self.observations.len());
                self.observations.push(o);
            }
        }
    }
}

/// The facts of the layout, in the order of their lines.
struct ByLine(std::vec::IntoIter<Laid>);

impl ByLine {
    fn of(mut all: Vec<Laid>) -> ByLine {
        all.sort_by_key(|f| f.line);
        ByLine(all.into_iter())
    }

    /// Those of one line.
    fn take(&mut self, l: usize) -> Vec<Laid> {
        let n = self.0.as_slice().iter().take_while(|f| f.line <= l).count();
        self.0.by_ref().take(n).collect()
    }
}

/// What the document is about at each line.
#[derive(Debug, Default)]
struct Topics {
    publisher: Option<LocalId>,
    /// The event in the title or first heading.
    main_event: Option<LocalId>,
    /// The trip that the page names most, for what is said of it before its name comes.
    trip: Option<LocalId>,
    /// Whether the event of the title only describes, while the text names one.
    vague: bool,
    /// By line: the last event, the last agreement named up to and with it; the subject of the heading above.
    event: Vec<Option<LocalId>>,
    agreement: Vec<Option<LocalId>>,
    owner: Vec<Option<LocalId>>,
    /// The event named in the line itself.
    own_event: Vec<Option<LocalId>>,
}

impl Topics {
    fn context(&self, l: usize, context: Context, speaker: Speaker) -> Option<LocalId> {
        match context {
            Context::Publisher => speaker.body.or(self.publisher),
            Context::Event => self.about(l, "event"),
            Context::Agreement => self.about(l, "agreement"),
            Context::Owner => self.about(l, "owner"),
        }
    }
}

impl About for Topics {
    fn about(&self, l: usize, name: &str) -> Option<LocalId> {
        let at = |list: &[Option<LocalId>]| list.get(l).copied().flatten();
        match name {
            "publisher" => self.publisher,
            // a title that only describes a meeting gives way to one with a name
            "event" => {
                at(&self.own_event).or(self.main_event.filter(|_| !self.vague)).or(at(&self.event)).or(self.trip)
            }
            "agreement" => at(&self.agreement),
            "owner" => at(&self.owner).or(self.publisher),
            _ => None,
        }
    }
}

/// The lines as the rules see them: names, references, groups, clauses.
fn views<'p>(
    page: &'p Page<'_>,
    found: &[Vec<Candidate>],
    local: &Local,
    readers: &[Option<Reader<'_>>],
    speakers: &[Speaker],
    publisher: Option<LocalId>,
) -> (Vec<View<'p>>, Topics, BTreeMap<LocalId, Type>) {
    let mut discourse = Discourse::of(publisher);
    let mut topics = Topics { publisher, ..Topics::default() };
    let (mut heading, mut topic) = (None, None);
    topics.trip = trip(local);
    let mut out = Vec::with_capacity(page.lines.len());
    for (l, line) in page.lines.iter().enumerate() {
        let text = page.text(line);
        let mut mentions: Vec<SentenceMention> = local::named(&found[l], &local.ids[l])
            .map(|(c, entity)| SentenceMention {
                tokens: c.anchor.clone(),
                entity,
                ty: local.entities.get(entity.0 as usize).map_or(c.ty, |e| e.ty),
                case: c.case,
                group: None,
                reference: c.reference,
            })
            .collect();
        let scene = Scene { page, entities: &local.entities, line, reader: readers[l].as_ref(), speaker: speakers[l] };
        discourse.read(scene, &mut mentions);
        let groups = group::groups(line, text, &Words, &mut mentions);
        let clauses = clause::clauses(line, text, &Words, &mentions, &groups);
        let kind = |k: Kind| mentions.iter().find(|m| m.ty.kind() == k && !m.reference).map(|m| m.entity);
        // an event that is no visit and has no name
        let bare = |id: LocalId| local.entities.get(id.0 as usize).is_some_and(|e| e.generic && e.ty != Type::Visit);
        let named = kind(Kind::Event).is_some_and(|id| !local.entities.get(id.0 as usize).is_none_or(|e| e.generic));
        topics.vague |= named && topics.main_event.is_some_and(bare);
        if l == 0 {
            topic = kind(Kind::Actor).or(kind(Kind::Region));
            heading = topic;
        }
        if line.heading() {
            heading = kind(Kind::Actor).or(kind(Kind::Agreement)).or(kind(Kind::Region)).or(topic);
            if l < 3 {
                topics.main_event = topics.main_event.or(kind(Kind::Event));
            }
        }
        topics.own_event.push(kind(Kind::Event));
        topics.event.push(discourse.last(&local.entities, |t| t.kind() == Kind::Event));
        // who pays through a programme pays for something else
        let pact = discourse.last(&local.entities, |t| t.kind() == Kind::Agreement && t != Type::Programme);
        topics.agreement.push(pact.or_else(|| discourse.last(&local.entities, |t| t.kind() == Kind::Agreement)));
        topics.owner.push(heading);
        out.push(View {
            lang: line.lang,
            block: line.block,
            text,
            start: line.start,
            end: line.end,
            tokens: &line.tokens,
            mentions,
            groups,
            clauses,
        });
    }
    for m in out.iter_mut().flat_map(|v: &mut View<'_>| &mut v.mentions) {
        m.ty = discourse.typed.get(&m.entity).copied().unwrap_or(m.ty);
    }
    (out, topics, discourse.typed)
}

/// The trip that the page names oftener than any other.
fn trip(local: &Local) -> Option<LocalId> {
    let visit = |id: &LocalId| local.entities.get(id.0 as usize).is_some_and(|e| e.ty == Type::Visit);
    let mut times: BTreeMap<LocalId, usize> = BTreeMap::new();
    for id in local.ids.iter().flatten().filter(|id| visit(id)) {
        *times.entry(*id).or_default() += 1;
    }
    let most = times.values().copied().max()?;
    let mut best = times.iter().filter(|(_, n)| **n == most);
    best.next().filter(|_| best.next().is_none()).map(|(id, _)| *id)
}

/// Whom a person works for, where a line is just the two names: needed before the rules run, to know who "we" is in a
/// quote of that person.
fn employers(page: &Page<'_>, found: &[Vec<Candidate>], local: &Local) -> FxHashMap<LocalId, LocalId> {
    let mut out = FxHashMap::default();
    for (l, line) in page.lines.iter().enumerate() {
        // "Li Ek, vd på Norrvik Energi": a title between the name and the body
        for (k, pair) in found[l].windows(2).enumerate() {
            let [person, body] = pair else { continue };
            let between = line.tokens.get(person.anchor.end..body.anchor.start).unwrap_or(&[]);
            let titled = between.iter().any(|t| Words.has(line.lang, Class::Role, &t.lower));
            let comma = between.first().is_some_and(|t| t.lower == ",");
            if person.ty == Type::Person && is_body(body.ty) && titled && comma && between.len() <= APPOSITION {
                out.entry(local.ids[l][k]).or_insert(local.ids[l][k + 1]);
            }
        }
        let (Some(first), Some(last)) = (found[l].first(), found[l].last()) else { continue };
        let body = is_body(last.ty);
        let whole = last.anchor.end + 1 >= line.tokens.len() && first.anchor.start == 0;
        if first.ty == Type::Person && body && whole && line.tokens.len() <= 16 {
            out.entry(local.ids[l][0]).or_insert(local.ids[l][found[l].len() - 1]);
        }
    }
    out
}

fn is_body(ty: Type) -> bool {
    ty.kind() == Kind::Actor && ty != Type::Person
}

/// The year that the first lines of a page are about ("Årsberättelse 2020"), where they name just one and no day: what
/// it tells happened in that year, whenever it was written.
fn title_year(page: &Page<'_>) -> Option<i64> {
    let mut years: Vec<&str> = Vec::new();
    for line in page.lines.iter().take(TITLE_LINES).take_while(|l| l.tokens.len() <= ROW) {
        let digits = |s: &str| s.len() == 4 && s.bytes().all(|b| b.is_ascii_digit());
        let words: Vec<&str> = line.tokens.iter().map(|t| t.lower.as_str()).collect();
        // a report bears its year as its last word; a date, a number or an enumeration is something else
        match words.as_slice() {
            [.., before, last] if digits(last) && before.chars().all(char::is_alphabetic) && words.len() <= 4 => {
                let month = line_dates_of(line).iter().any(|d| d.value.as_str().len() > 4);
                if month {
                    return None;
                }
                years.push(last);
            }
            _ => {}
        }
    }
    let [year] = years.as_slice() else { return None };
    year.parse().ok().filter(|_| year.starts_with(['1', '2']))
}

/// The dates of a line by itself.
fn line_dates_of(line: &Line) -> Vec<crate::text::DateMention> {
    dates(&line.tokens, line.lang, DateContext { document: None, last_year: None })
}

/// The dates of each line, as the rules want them.
fn line_dates(page: &Page<'_>) -> Vec<Vec<Dated>> {
    let titled = title_year(page);
    let mut last_year = None;
    let mut out = Vec::with_capacity(page.lines.len());
    for line in &page.lines {
        let document = page.date.as_ref().filter(|_| titled.is_none());
        let context = DateContext { document, last_year: titled.or(last_year) };
        let mut found = if has_date(line) { dates(&line.tokens, line.lang, context) } else { Vec::new() };
        if let Some(year) = titled {
            for d in found.iter_mut().filter(|d| d.value.as_str().starts_with("XXXX-")) {
                d.value = d.value.as_str().replace("XXXX-", &format!("{year}-")).parse().unwrap_or(d.value.clone());
            }
        }
        for d in &found {
            last_year = year(&d.value).or(last_year);
        }
        let said = |k: DateKind| match k {
            DateKind::Date | DateKind::Period => Said::At,
            DateKind::Since => Said::Since,
            DateKind::Until => Said::Until,
        };
        out.push(found.into_iter().map(|d| Dated { tokens: d.tokens, value: d.value, said: said(d.kind) }).collect());
    }
    out
}

/// A line without a sentence's worth of tokens is still looked at; one that is too long is not.
fn has_date(line: &Line) -> bool {
    line.tokens.len() <= LINE_TOKENS
}

fn year(date: &Edtf) -> Option<i64> {
    date.as_str().get(..4)?.parse().ok()
}

/// All mentions in the order of the text: names with their whole extent, then references.
fn mentions(page: &Page<'_>, found: &[Vec<Candidate>], local: &Local, views: &[View<'_>]) -> Vec<Mention> {
    let mut out = Vec::new();
    for (l, line) in page.lines.iter().enumerate() {
        let Some(block) = page.document.blocks.get(line.block) else { continue };
        let mut add = |tokens: std::ops::Range<usize>, entity: LocalId, by: Recognised| {
            let (Some(first), Some(last)) = (line.tokens.get(tokens.start), line.tokens.get(tokens.end.max(1) - 1))
            else {
                return;
            };
            let (start, end) = (first.start as usize, last.end as usize);
            let form = block.text.get(start..end).unwrap_or("").to_owned();
            out.push(Mention { entity, span: block.span(start..end), form, by });
        };
        for (c, id) in local::named(&found[l], &local.ids[l]) {
            add(c.tokens.clone(), id, c.by.clone());
        }
        let named: Vec<usize> = found[l].iter().map(|c| c.anchor.start).collect();
        for m in views[l].mentions.iter().filter(|m| m.reference && !named.contains(&m.tokens.start)) {
            add(m.tokens.clone(), m.entity, Recognised::Coreference);
        }
    }
    out.sort_by_key(|m| (m.span, m.entity));
    out
}

/// Leaves out descriptions that no observation speaks of: "ett avtal" alone is no entity.
fn without_idle(mut reading: Reading) -> Reading {
    let mut used = vec![false; reading.entities.len()];
    for o in &reading.observations {
        used[o.from.0 as usize] = true;
        used[o.to.0 as usize] = true;
    }
    let mut to = Vec::with_capacity(used.len());
    let mut kept = 0;
    for (e, used) in reading.entities.iter().zip(&used) {
        let keep = *used || !e.generic;
        to.push(keep.then_some(LocalId(kept)));
        kept += u32::from(keep);
    }
    let new = |id: LocalId| to.get(id.0 as usize).copied().flatten();
    let mut i = 0;
    reading.entities.retain(|_| {
        i += 1;
        to[i - 1].is_some()
    });
    reading.mentions.retain_mut(|m| new(m.entity).map(|id| m.entity = id).is_some());
    for o in &mut reading.observations {
        o.from = new(o.from).unwrap_or(o.from);
        o.to = new(o.to).unwrap_or(o.to);
    }
    for n in &mut reading.near_misses {
        n.entities = n.entities.iter().filter_map(|&e| new(e)).collect();
    }
    reading
}
