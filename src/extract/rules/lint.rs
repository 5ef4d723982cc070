//! What is doubtful in rule files that do load: relations that a language lacks, rules that nothing tests, that
//! cannot fire, or that another always beats.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::ast::{Atom, Item, Pos, RuleFile, Seq, Slot};
use super::check::tests_of;
use super::set::RuleSet;
use crate::model::Relation;

/// A doubt about a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lint {
    /// Name of the file.
    pub file: String,
    /// Where; line 0 for the file as a whole.
    pub pos: Pos,
    /// Which rule, with its language, or the language.
    pub rule: String,
    /// What kind.
    pub kind: LintKind,
    /// In words.
    pub message: String,
}

/// Kinds of doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LintKind {
    /// The language says nothing for a relation.
    MissingRelation,
    /// The language lacks a class that the engine works with.
    MissingClass,
    /// No sentence tests the rule.
    Untested,
    /// The rule cannot fire.
    Unreachable,
    /// Another rule with the same trigger always wins.
    Shadowed,
    /// A slot that nothing uses.
    UnusedSlot,
    /// A class that nothing uses.
    UnusedClass,
    /// Nothing in the trigger is rare: the rule is tried in every sentence.
    Unanchored,
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.pos.line, self.rule, self.message)
    }
}

/// Classes that the engine knows by name, with what is lost without each.
pub(super) const ENGINE_CLASSES: [(&str, &str); 4] = [
    ("adposition", "subjects and markers are told apart by it"),
    ("conjunction", "verb phrases that share a subject are found by it"),
    ("relative", "antecedents are found by it"),
    ("auxiliary", "subjects behind an auxiliary are found by it"),
];

/// Classes that only the engine or the finder of names reads.
const READ_ELSEWHERE: [&str; 8] =
    ["adposition", "conjunction", "relative", "auxiliary", "infinitive", "since", "until", "not_name"];

/// All doubts, by file and place.
pub fn lint(rules: &RuleSet) -> Vec<Lint> {
    let mut out = Vec::new();
    for lang in rules.languages() {
        let files: Vec<&RuleFile> = rules.files().filter(|f| f.lang == lang).collect();
        let Some(first) = files.first() else { continue };
        let whole = |kind, message| Lint {
            file: first.name.clone(),
            pos: Pos::default(),
            rule: lang.to_string(),
            kind,
            message,
        };
        let said = relations(&files);
        for &r in Relation::ALL {
            if !said.contains(&r) {
                out.push(whole(LintKind::MissingRelation, format!("no rule reads {r}")));
            }
        }
        let compiled = rules.lang(lang);
        for (class, loss) in ENGINE_CLASSES {
            if compiled.is_none_or(|l| l.vocab.class_pred(class).is_none()) {
                out.push(whole(LintKind::MissingClass, format!("no class `%{class}`: {loss}")));
            }
        }
        let used = used_classes(&files);
        let mut triggers: BTreeMap<String, (String, Vec<Relation>, Vec<Slot>)> = BTreeMap::new();
        for file in &files {
            for item in &file.items {
                one(file, item, &used, &mut triggers, &mut out);
            }
        }
    }
    out.sort_by(|a, b| a.file.cmp(&b.file).then(a.pos.cmp(&b.pos)).then(a.kind.cmp(&b.kind)));
    out
}

fn one(
    file: &RuleFile,
    item: &Item,
    used: &BTreeSet<&str>,
    triggers: &mut BTreeMap<String, (String, Vec<Relation>, Vec<Slot>)>,
    out: &mut Vec<Lint>,
) {
    let add = |out: &mut Vec<Lint>, pos: Pos, id: &str, kind, message: String| {
        out.push(Lint { file: file.name.clone(), pos, rule: format!("{}/{id}", file.lang), kind, message });
    };
    if let (Some((id, tests)), false) = (tests_of(item), matches!(item, Item::Corefer(_) | Item::Event(_))) {
        let pos = pos_of(item);
        if tests.accept.is_empty() {
            let message = "no `test` holds it to what it must read".to_owned();
            add(out, pos, id, LintKind::Untested, message);
        } else if tests.reject.is_empty() && matches!(item, Item::Rule(_)) && tests.accept.len() < 2 {
            let message = "one sentence tests it: add a second `test`, or a `not`".to_owned();
            add(out, pos, id, LintKind::Untested, message);
        }
    }
    if let Item::Class(c) = item
        && !used.contains(c.name.as_str())
        && !READ_ELSEWHERE.contains(&c.name.as_str())
    {
        let message = format!("nothing uses the class `%{}`", c.name);
        add(out, c.pos, &c.name, LintKind::UnusedClass, message);
    }
    let Item::Rule(r) = item else { return };
    let args: BTreeSet<&str> = r
        .facts
        .iter()
        .flat_map(|f| &f.emits)
        .flat_map(|e| [e.from.as_str(), e.to.as_str()])
        .chain(r.facts.iter().filter_map(|f| match &f.attributes.role {
            Some(super::ast::RoleFrom::Name(n)) => Some(n.as_str()),
            _ => None,
        }))
        .collect();
    for s in &r.slots {
        if !args.contains(s.name.as_str()) && s.optional {
            let message = format!("the slot `{}` is optional and nothing uses it", s.name);
            add(out, s.pos, &r.id, LintKind::UnusedSlot, message);
        }
    }
    for seq in &r.when {
        if r.conditions.iter().any(|c| c.unless && c.patterns.iter().any(|p| same(p, seq))) {
            let message = "its `unless` forbids its own trigger".to_owned();
            add(out, r.pos, &r.id, LintKind::Unreachable, message);
        }
        if !seq.elements.iter().any(|e| has_words(&e.atom)) {
            let message = "its trigger has no word or class: it is tried in every sentence".to_owned();
            add(out, r.pos, &r.id, LintKind::Unanchored, message);
        }
        let relations: Vec<Relation> = r.facts.iter().flat_map(|f| &f.emits).map(|e| e.relation).collect();
        let key = format!("{:?}", seq.elements);
        let slots: Vec<Slot> = r.slots.iter().map(|s| Slot { pos: Pos::default(), ..s.clone() }).collect();
        match triggers.get(&key) {
            Some((other, theirs, their_slots))
                if *theirs == relations && *their_slots == slots && r.conditions.is_empty() =>
            {
                let message = format!("`{other}` has the same trigger, slots and relations and stands first");
                add(out, r.pos, &r.id, LintKind::Shadowed, message);
            }
            Some(_) => {}
            None if r.conditions.is_empty() => {
                triggers.insert(key, (r.id.clone(), relations, slots));
            }
            None => {}
        }
    }
}

fn same(a: &Seq, b: &Seq) -> bool {
    a.elements == b.elements
}

fn has_words(a: &Atom) -> bool {
    match a {
        Atom::Word(_) | Atom::Phrase(_) | Atom::Suffix(_) | Atom::Prefix(_) | Atom::Class { .. } => true,
        Atom::Group(list) => list.iter().all(|s| s.elements.iter().any(|e| has_words(&e.atom))),
        _ => false,
    }
}

fn pos_of(item: &Item) -> Pos {
    match item {
        Item::Rule(r) => r.pos,
        Item::Mention(m) => m.pos,
        Item::List(l) => l.pos,
        Item::Table(t) => t.pos,
        Item::Apposition(a) => a.pos,
        Item::Event(e) => e.pos,
        Item::Corefer(c) => c.pos,
        _ => Pos::default(),
    }
}

fn relations(files: &[&RuleFile]) -> BTreeSet<Relation> {
    let mut out = BTreeSet::new();
    for item in files.iter().flat_map(|f| &f.items) {
        let facts: Vec<_> = match item {
            Item::Rule(r) => r.facts.iter().collect(),
            Item::List(l) => vec![&l.facts],
            Item::Table(t) => vec![&t.facts],
            Item::Apposition(a) => vec![&a.facts],
            _ => continue,
        };
        out.extend(facts.iter().flat_map(|f| &f.emits).map(|e| e.relation));
    }
    out
}

fn used_classes<'a>(files: &[&'a RuleFile]) -> BTreeSet<&'a str> {
    fn atom<'a>(a: &'a Atom, out: &mut BTreeSet<&'a str>) {
        match a {
            Atom::Class { name, .. } => {
                out.insert(name);
            }
            Atom::Group(list) => list.iter().for_each(|s| seq(s, out)),
            _ => {}
        }
    }
    fn seq<'a>(s: &'a Seq, out: &mut BTreeSet<&'a str>) {
        s.elements.iter().for_each(|e| atom(&e.atom, out));
    }
    let mut out = BTreeSet::new();
    let role = |f: &'a super::ast::Facts, out: &mut BTreeSet<&'a str>| {
        if let Some(super::ast::RoleFrom::Class(c)) = &f.attributes.role {
            out.insert(c);
        }
    };
    for item in files.iter().flat_map(|f| &f.items) {
        match item {
            Item::Class(c) => c.entries.iter().flat_map(|e| &e.atoms).for_each(|a| atom(a, &mut out)),
            Item::Cue(c) => c.patterns.iter().chain(&c.unless).for_each(|s| seq(s, &mut out)),
            Item::Mention(m) => m.patterns.iter().for_each(|s| seq(s, &mut out)),
            Item::List(l) => {
                l.patterns.iter().for_each(|s| seq(s, &mut out));
                role(&l.facts, &mut out);
            }
            Item::Table(t) => t.columns.iter().flat_map(|c| &c.heads).for_each(|a| atom(a, &mut out)),
            Item::Apposition(a) => {
                a.patterns.iter().for_each(|s| seq(s, &mut out));
                role(&a.facts, &mut out);
            }
            Item::Event(e) => {
                out.insert(&e.head);
                e.patterns.iter().for_each(|s| seq(s, &mut out));
            }
            Item::Corefer(c) => c.words.iter().for_each(|a| atom(a, &mut out)),
            Item::Rule(r) => {
                r.when.iter().for_each(|s| seq(s, &mut out));
                r.conditions.iter().flat_map(|c| &c.patterns).for_each(|s| seq(s, &mut out));
                for s in &r.slots {
                    let all = s.after.iter().chain(&s.not_after).chain(&s.before).chain(&s.not_before);
                    all.for_each(|a| atom(a, &mut out));
                }
                r.facts.iter().for_each(|f| role(f, &mut out));
            }
            Item::Paradigm(_) | Item::Inflect(_) | Item::Case(_) => {}
        }
    }
    out
}
