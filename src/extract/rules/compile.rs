//! Parsed statements of one language to compiled rules: words interned, patterns compiled, names resolved, facts held
//! against the schema.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::ast::{self, Facts, Item, Pos, RoleFrom, RuleFile, Seq, TypeSet};
use super::error::{RuleError, nearest};
use super::schema;
use super::seq::Program;
use super::set::{
    Arg, Condition, Context, CoreferRule, Cue, Emit, EventRule, FactRule, Known, LangRules, ListRule, MentionRule,
    Role, Slot, TableRule,
};
use super::vocab::{Pred, Problem, Vocabulary};
use crate::model::Lang;

struct Build<'a> {
    lang: Lang,
    files: &'a [(&'a RuleFile, &'a str)],
    vocab: Vocabulary,
    problems: Vec<Problem>,
}

impl LangRules {
    pub(super) fn compile(lang: Lang, files: &[(&RuleFile, &str)]) -> Result<LangRules, Vec<RuleError>> {
        let mut problems = Vec::new();
        let just: Vec<&RuleFile> = files.iter().map(|f| f.0).collect();
        let vocab = Vocabulary::build(&just, &mut problems);
        let mut b = Build { lang, files, vocab, problems };
        let mut out = LangRules::default();
        for (i, (file, text)) in files.iter().enumerate() {
            for item in &file.items {
                b.item(i, item, text, &mut out);
            }
        }
        b.replace(&mut out);
        out.known = Known {
            adposition: b.vocab.class_pred("adposition"),
            relative: b.vocab.class_pred("relative"),
            conjunction: b.vocab.class_pred("conjunction"),
            infinitive: b.vocab.class_pred("infinitive"),
            auxiliary: b.vocab.class_pred("auxiliary"),
            since: b.vocab.class_pred("since"),
            until: b.vocab.class_pred("until"),
            article: b.vocab.class_pred("article"),
            adverbial: b.vocab.class_pred("adverbial"),
        };
        for (i, r) in out.rules.iter().enumerate() {
            for p in &r.when {
                if p.anchors.is_empty() {
                    out.unanchored.push(i as u32);
                }
                for &a in &p.anchors {
                    out.index.entry(a).or_default().push(i as u32);
                }
            }
        }
        for (i, m) in out.mentions.iter().enumerate() {
            for (k, p) in m.patterns.iter().enumerate() {
                let here = (i as u32, k as u32);
                if p.anchors.is_empty() {
                    out.mention_unanchored.push(here);
                }
                for &a in &p.anchors {
                    out.mention_index.entry(a).or_default().push(here);
                }
            }
        }
        if b.problems.is_empty() {
            out.vocab = b.vocab;
            Ok(out)
        } else {
            let mut errors: Vec<RuleError> = b.problems.iter().map(|p| located(files, p)).collect();
            errors.sort_by(|x, y| x.file.cmp(&y.file).then(x.pos.cmp(&y.pos)));
            Err(errors)
        }
    }
}

fn located(files: &[(&RuleFile, &str)], (file, pos, message, suggestion): &Problem) -> RuleError {
    let (name, text) = files.get(*file).map_or(("", ""), |f| (f.0.name.as_str(), f.1));
    let line = text.lines().nth((pos.line as usize).saturating_sub(1)).unwrap_or("");
    RuleError {
        file: name.to_owned(),
        pos: *pos,
        message: message.clone(),
        suggestion: suggestion.clone(),
        line: line.chars().take(240).collect(),
    }
}

impl Build<'_> {
    fn problem(&mut self, file: usize, pos: Pos, message: String, suggestion: Option<String>) {
        self.problems.push((file, pos, message, suggestion));
    }

    fn programs(&mut self, file: usize, seqs: &[Seq]) -> Vec<Program> {
        let mut out = Vec::new();
        for s in seqs {
            match Program::compile(s, &mut self.vocab) {
                Ok(p) => out.push(p),
                Err(e) => {
                    let (message, suggestion) = match e.0.split_once("; ") {
                        Some((m, s)) => (m.to_owned(), Some(s.to_owned())),
                        None => (e.0, None),
                    };
                    self.problem(file, s.pos, message, suggestion);
                }
            }
        }
        out
    }

    fn id(&self, id: &str) -> String {
        format!("{}/{id}", self.lang)
    }

    fn item(&mut self, file: usize, item: &Item, text: &str, out: &mut LangRules) {
        match item {
            Item::Paradigm(_) | Item::Inflect(_) | Item::Class(_) | Item::Case(_) => {}
            Item::Cue(c) => {
                let patterns = self.programs(file, &c.patterns);
                let unless = self.programs(file, &c.unless);
                out.cues.push(Cue { modality: c.modality, side: c.side, within: c.within, patterns, unless });
            }
            Item::Mention(m) => {
                let patterns = self.programs(file, &m.patterns);
                out.mentions.push(MentionRule { id: self.id(&m.id), ty: m.ty, priority: m.priority, patterns });
            }
            Item::Event(e) => {
                let patterns = self.programs(file, &e.patterns);
                // How many elements stand before the head: the search begins at the head and goes left from there.
                let patterns = patterns
                    .into_iter()
                    .zip(&e.patterns)
                    .map(|(p, s)| (p, s.elements.iter().position(|x| x.atom == ast::Atom::Head).unwrap_or(0)))
                    .collect();
                match self.vocab.class_pred(&e.head) {
                    Some(head) => out.events.push(EventRule { id: self.id(&e.id), head, ty: e.ty, patterns }),
                    None => self.no_class(file, e.pos, &e.head),
                }
            }
            Item::List(l) => {
                let patterns = self.programs(file, &l.patterns);
                let names = capture_names(&patterns);
                self.check_facts(file, &l.facts, &names, &["item"]);
                out.lists.push(ListRule { id: self.id(&l.id), facts: l.facts.clone(), patterns });
            }
            Item::Table(t) => {
                let columns: Vec<(String, Vec<Vec<Pred>>)> =
                    t.columns.iter().map(|c| (c.name.clone(), self.markers(file, t.pos, &c.heads))).collect();
                let names: Vec<(String, TypeSet)> = columns.iter().map(|c| (c.0.clone(), TypeSet::ANY)).collect();
                self.check_facts(file, &t.facts, &names, &[]);
                out.tables.push(TableRule { id: self.id(&t.id), columns, facts: t.facts.clone() });
            }
            Item::Corefer(c) => {
                let words = self.markers(file, c.pos, &c.words);
                out.corefers.push(CoreferRule { words, referent: c.referent });
            }
            Item::Apposition(a) => {
                let when = self.programs(file, &a.patterns);
                let names = capture_names(&when);
                let emits = self.emits(file, &a.facts, &[], &names);
                let Some(relation) = emits.first().map(|e| e.relation) else { return };
                out.rules.push(FactRule {
                    id: self.id(&a.id),
                    priority: 0,
                    when,
                    slots: Vec::new(),
                    conditions: Vec::new(),
                    emits,
                    relation,
                    hash: hash_of(text, a.pos),
                    apposition: true,
                });
            }
            Item::Rule(r) => {
                if let Some(rule) = self.rule(file, r, text) {
                    out.rules.push(rule);
                }
            }
        }
    }

    fn no_class(&mut self, file: usize, pos: Pos, name: &str) {
        let near = nearest(name, self.vocab.class_names()).map(|n| format!("did you mean `%{n}`?"));
        self.problem(file, pos, format!("no class `%{name}`"), near);
    }

    fn markers(&mut self, file: usize, pos: Pos, atoms: &[ast::Atom]) -> Vec<Vec<Pred>> {
        let mut out = Vec::new();
        for a in atoms {
            match a {
                ast::Atom::Phrase(words) => out.push(words.iter().map(|w| self.vocab.word(w)).collect()),
                a => match (self.vocab.atom(a), a) {
                    (Some(p), _) => out.push(vec![p]),
                    (None, ast::Atom::Class { name, .. }) => self.no_class(file, pos, name),
                    _ => {}
                },
            }
        }
        out
    }

    fn rule(&mut self, file: usize, r: &ast::Rule, text: &str) -> Option<FactRule> {
        for (missing, what, remedy) in [
            (r.when.is_empty(), "has no trigger", "add `when …;`"),
            (r.facts.is_empty(), "says nothing", "add `emit RELATION(from, to);`"),
        ] {
            if missing {
                self.problem(file, r.pos, format!("the rule `{}` {what}", r.id), Some(remedy.to_owned()));
                return None;
            }
        }
        let when = self.programs(file, &r.when);
        let mut slots: Vec<Slot> = Vec::new();
        for s in &r.slots {
            if slots.iter().any(|o| o.name == s.name) {
                self.problem(
                    file,
                    s.pos,
                    format!("the slot `{}` is given twice", s.name),
                    Some("rename one of them".to_owned()),
                );
            }
            slots.push(Slot {
                name: s.name.clone(),
                types: s.types,
                side: s.side,
                subject: s.subject(),
                after: self.markers(file, s.pos, &s.after),
                not_after: self.markers(file, s.pos, &s.not_after),
                before: self.markers(file, s.pos, &s.before),
                not_before: self.markers(file, s.pos, &s.not_before),
                cases: s.cases.clone(),
                within: s.within,
                each: s.each,
                optional: s.optional,
                or_publisher: s.or_publisher,
                text: slot_text(text, s.pos),
            });
        }
        let conditions: Vec<Condition> = r
            .conditions
            .iter()
            .map(|c| Condition {
                unless: c.unless,
                scope: c.scope,
                patterns: self.programs(file, &c.patterns),
                text: c.text.clone(),
            })
            .collect();
        let names = capture_names(&when);
        let mut emits = Vec::new();
        for f in &r.facts {
            emits.extend(self.emits(file, f, &slots, &names));
        }
        let relation = emits.first()?.relation;
        let id = self.id(&r.id);
        let hash = hash_of(text, r.pos);
        Some(FactRule { id, priority: r.priority, when, slots, conditions, emits, relation, hash, apposition: false })
    }

    fn emits(&mut self, file: usize, f: &Facts, slots: &[Slot], captures: &[(String, TypeSet)]) -> Vec<Emit> {
        let mut out = Vec::new();
        let role = match &f.attributes.role {
            None => None,
            Some(RoleFrom::Text(t)) => Some(Role::Text(t.clone())),
            Some(RoleFrom::Class(c)) => match self.vocab.class_pred(c) {
                Some(p) => Some(Role::Class(p)),
                None => {
                    let pos = f.emits.first().map_or(Pos::default(), |e| e.pos);
                    self.no_class(file, pos, c);
                    None
                }
            },
            Some(RoleFrom::Name(n)) if n == "trigger" => Some(Role::Trigger),
            Some(RoleFrom::Name(n)) => {
                let slot = slots.iter().position(|s| s.name == *n).map(Role::Slot);
                slot.or_else(|| captures.iter().any(|c| c.0 == *n).then(|| Role::Capture(n.clone()))).or_else(|| {
                    let pos = f.emits.first().map_or(Pos::default(), |e| e.pos);
                    let s = "name a capture of the trigger, a slot, a class, a quoted text or `trigger`".to_owned();
                    self.problem(file, pos, format!("no `{n}` to take the role from"), Some(s));
                    None
                })
            }
        };
        for e in &f.emits {
            let from = self.arg(file, e.pos, &e.from, slots, captures);
            let to = self.arg(file, e.pos, &e.to, slots, captures);
            let (Some((from, ft)), Some((to, tt))) = (from, to) else { continue };
            let from_types = TypeSet(ft.0 & e.from_types.unwrap_or(TypeSet::ANY).0);
            let to_types = TypeSet(tt.0 & e.to_types.unwrap_or(TypeSet::ANY).0);
            if !self.in_schema(file, e, from_types, to_types) {
                continue;
            }
            let (modality, dating) = (f.attributes.modality, f.attributes.dating);
            out.push(Emit {
                relation: e.relation,
                from,
                from_types,
                to,
                to_types,
                role: role.clone(),
                modality,
                dating,
            });
        }
        out
    }

    fn in_schema(&mut self, file: usize, e: &ast::Emit, from: TypeSet, to: TypeSet) -> bool {
        let fits = schema::fits(e.relation, from, to);
        if !fits {
            let (f, t) = schema::ends(e.relation);
            let message = format!("{}({}, {}) is outside its schema", e.relation, e.from, e.to);
            self.problem(file, e.pos, message, Some(format!("it goes from {f} to {t}")));
        }
        fits
    }

    fn arg(
        &mut self,
        file: usize,
        pos: Pos,
        name: &str,
        slots: &[Slot],
        captures: &[(String, TypeSet)],
    ) -> Option<(Arg, TypeSet)> {
        if let Some(i) = slots.iter().position(|s| s.name == name) {
            let types =
                slots.get(i).and_then(|s| s.types).unwrap_or(TypeSet::of_label("Organisation").unwrap_or_default());
            return Some((Arg::Slot(i), types));
        }
        if let Some(c) = captures.iter().find(|c| c.0 == name) {
            return Some((Arg::Capture(name.to_owned()), c.1));
        }
        if let Some((_, c)) = Context::WORDS.iter().find(|(w, _)| *w == name) {
            return Some((Arg::Context(*c), context_types(*c)));
        }
        let known = slots.iter().map(|s| s.name.as_str()).chain(captures.iter().map(|c| c.0.as_str()));
        let near = nearest(name, known.clone()).map(|n| format!("did you mean `{n}`?"));
        let all: Vec<&str> = known.collect();
        let suggestion = near.or_else(|| (!all.is_empty()).then(|| format!("there is {}", all.join(", "))));
        self.problem(file, pos, format!("no slot `{name}`"), suggestion);
        None
    }

    /// Checks the arguments of a list's or table's facts.
    fn check_facts(&mut self, file: usize, f: &Facts, captures: &[(String, TypeSet)], extra: &[&str]) {
        let mut names = captures.to_vec();
        names.extend(extra.iter().map(|e| ((*e).to_owned(), TypeSet::ANY)));
        for e in &f.emits {
            let from = self.arg(file, e.pos, &e.from, &[], &names);
            let to = self.arg(file, e.pos, &e.to, &[], &names);
            let (Some((_, ft)), Some((_, tt))) = (from, to) else { continue };
            let narrow = |a: TypeSet, b: Option<TypeSet>| TypeSet(a.0 & b.unwrap_or(TypeSet::ANY).0);
            self.in_schema(file, e, narrow(ft, e.from_types), narrow(tt, e.to_types));
        }
    }

    /// A later rule with the id of an earlier one takes its place; twice in one file is an error.
    fn replace(&mut self, out: &mut LangRules) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (i, (file, _)) in self.files.iter().enumerate() {
            for item in &file.items {
                let (id, pos) = match item {
                    Item::Rule(r) => (&r.id, r.pos),
                    Item::Mention(m) => (&m.id, m.pos),
                    _ => continue,
                };
                if seen.insert(self.id(id), i) == Some(i) {
                    let message = format!("the rule `{id}` is given twice");
                    self.problems.push((i, pos, message, Some("rename one of them".to_owned())));
                }
            }
        }
        keep_last(&mut out.rules, |r| &r.id);
        keep_last(&mut out.mentions, |m| &m.id);
    }
}

fn keep_last<T>(list: &mut Vec<T>, id: impl Fn(&T) -> &String) {
    let mut last: BTreeMap<String, usize> = BTreeMap::new();
    for (i, t) in list.iter().enumerate() {
        last.insert(id(t).clone(), i);
    }
    let mut i = 0;
    list.retain(|t| {
        i += 1;
        last.get(id(t)) == Some(&(i - 1))
    });
}

/// What a context argument may be.
fn context_types(c: Context) -> TypeSet {
    let label = match c {
        Context::Publisher => "Organisation",
        Context::Event => "Event",
        Context::Agreement => "Agreement",
        Context::Owner => return TypeSet::ANY,
    };
    TypeSet::of_label(label).unwrap_or_default()
}

fn capture_names(programs: &[Program]) -> Vec<(String, TypeSet)> {
    let mut out: Vec<(String, TypeSet)> = Vec::new();
    for (name, types) in programs.iter().flat_map(|p| p.captures.iter().zip(&p.capture_types)) {
        match out.iter_mut().find(|o| o.0 == *name) {
            Some(o) => o.1 = o.1.or(*types),
            None => out.push((name.clone(), *types)),
        }
    }
    out
}

fn hash_of(text: &str, pos: Pos) -> u64 {
    let rest = text.get(pos.offset as usize..).unwrap_or("");
    // A rule ends where the next statement begins: a bracket or semicolon at the end of a line is near enough, as
    // a hash that changes too often only costs time.
    let end = rest.find("\n}").map_or(rest.len(), |i| i + 2);
    let mut h = FxHasher::default();
    rest.get(..end).unwrap_or(rest).hash(&mut h);
    h.finish()
}

fn slot_text(text: &str, pos: Pos) -> String {
    let rest = text.get(pos.offset as usize..).unwrap_or("");
    rest.split(';').next().unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ")
}
