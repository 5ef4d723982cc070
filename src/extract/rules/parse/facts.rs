//! Fact rules: triggers, slots, conditions, what is emitted, and tests.

use pest::iterators::Pair;

use super::{Place, R, Reader, priority_of, side_of, unquote, unsigil};
use crate::extract::rules::ast::{
    Atom, Attributes, Condition, Dating, Emit, Expected, Facts, Pos, Reject, RoleFrom, Rule, Scope, Side, Slot, Test,
    Tests, TypeSet, Within,
};
use crate::extract::rules::error::nearest;
use crate::model::{Modality, Relation};

impl Reader<'_> {
    pub(super) fn rule(&mut self, pair: Pair<'_, R>, pos: Pos) -> Rule {
        let mut out = Rule {
            id: String::new(),
            priority: 0,
            title: None,
            when: Vec::new(),
            slots: Vec::new(),
            conditions: Vec::new(),
            facts: Vec::new(),
            tests: Tests::default(),
            pos,
        };
        for p in pair.into_inner() {
            match p.as_rule() {
                R::rule_name => out.id = p.as_str().to_owned(),
                R::priority => out.priority = priority_of(p.as_str()),
                R::string => out.title = Some(unquote(p)),
                R::when => {
                    for q in p.into_inner().filter(|q| q.as_rule() == R::alternatives) {
                        let more = self.alternatives(q, Place::Plain);
                        out.when.extend(more);
                    }
                }
                R::unless | R::only => {
                    let c = self.condition(p);
                    out.conditions.push(c);
                }
                R::emit => {
                    for q in p.into_inner().filter(|q| q.as_rule() == R::facts) {
                        let f = self.facts(q);
                        out.facts.push(f);
                    }
                }
                R::slot => {
                    let s = self.slot(p);
                    out.slots.push(s);
                }
                R::test | R::reject => self.one_test(p, &mut out.tests),
                _ => {}
            }
        }
        out
    }

    pub(super) fn condition(&mut self, pair: Pair<'_, R>) -> Condition {
        let unless = pair.as_rule() == R::unless;
        let text = pair.as_str().trim_end_matches(';').split_whitespace().collect::<Vec<_>>().join(" ");
        let mut out = Condition { unless, scope: Scope::Clause, patterns: Vec::new(), text };
        for p in pair.into_inner() {
            match p.as_rule() {
                R::scope => {
                    out.scope = match p.as_str() {
                        "left" => Scope::Left,
                        "right" => Scope::Right,
                        _ => Scope::Sentence,
                    }
                }
                R::alternatives => out.patterns = self.alternatives(p, Place::Condition),
                _ => {}
            }
        }
        out
    }

    pub(super) fn slot(&mut self, pair: Pair<'_, R>) -> Slot {
        let pos = self.pos(pair.as_span().start());
        let mut s = Slot {
            name: String::new(),
            types: None,
            side: Side::Any,
            after: Vec::new(),
            not_after: Vec::new(),
            before: Vec::new(),
            not_before: Vec::new(),
            cases: Vec::new(),
            within: Within::Clause,
            each: false,
            optional: false,
            or_publisher: false,
            pos,
        };
        for p in pair.into_inner() {
            match p.as_rule() {
                R::slot_name => s.name = p.as_str().trim().to_owned(),
                R::types => s.types = Some(self.types(p)),
                R::side => s.side = side_of(p.as_str()),
                R::after => self.markers(p, &mut s.after, &mut s.not_after),
                R::before => self.markers(p, &mut s.before, &mut s.not_before),
                R::slot_case => {
                    for q in p.into_inner().filter(|q| q.as_rule() == R::name) {
                        s.cases.extend(self.case(q.as_str(), q.as_span().start()));
                    }
                }
                R::within => s.within = self.within(p),
                R::or_publisher => s.or_publisher = true,
                R::each => s.each = true,
                R::optional => s.optional = true,
                _ => {}
            }
        }
        s
    }

    pub(super) fn markers(&mut self, pair: Pair<'_, R>, yes: &mut Vec<Atom>, no: &mut Vec<Atom>) {
        let mut negative = false;
        for p in pair.into_inner() {
            if p.as_rule() == R::kw_not {
                negative = true;
            } else if let Some(a) = self.atom(p, Place::Plain) {
                if negative { no.push(a) } else { yes.push(a) }
            }
        }
    }

    pub(super) fn facts(&mut self, pair: Pair<'_, R>) -> Facts {
        let mut out = Facts::default();
        for p in pair.into_inner() {
            match p.as_rule() {
                R::emitted => {
                    if let Some(e) = self.emitted(p) {
                        out.emits.push(e);
                    }
                }
                R::attributes => {
                    for q in p.into_inner().filter(|q| q.as_rule() == R::attribute) {
                        self.attribute(q, &mut out.attributes);
                    }
                }
                _ => {}
            }
        }
        out
    }

    pub(super) fn relation(&mut self, p: &Pair<'_, R>) -> Option<Relation> {
        let found = Relation::from_word(p.as_str());
        if found.is_none() {
            let near = nearest(p.as_str(), Relation::ALL.iter().map(|r| r.word()));
            let message = format!("no relation `{}`", p.as_str());
            self.fail(p.as_span().start(), message, near.map(|r| format!("did you mean `{r}`?")));
        }
        found
    }

    pub(super) fn emitted(&mut self, pair: Pair<'_, R>) -> Option<Emit> {
        let pos = self.pos(pair.as_span().start());
        let mut relation = None;
        let mut args: Vec<(String, Option<TypeSet>)> = Vec::new();
        for p in pair.into_inner() {
            match p.as_rule() {
                R::relation => relation = self.relation(&p),
                R::argument => {
                    let mut arg = (String::new(), None);
                    for q in p.into_inner() {
                        match q.as_rule() {
                            R::name => arg.0 = q.as_str().to_owned(),
                            R::types => arg.1 = Some(self.types(q)),
                            _ => {}
                        }
                    }
                    args.push(arg);
                }
                _ => {}
            }
        }
        let mut args = args.into_iter();
        let ((from, from_types), (to, to_types)) = (args.next()?, args.next()?);
        Some(Emit { relation: relation?, from, from_types, to, to_types, pos })
    }

    pub(super) fn attribute(&mut self, pair: Pair<'_, R>, out: &mut Attributes) {
        let mut inner = pair.into_inner().filter(|p| p.as_rule() != R::equals);
        let (Some(key), Some(value)) = (inner.next(), inner.next()) else { return };
        let at = value.as_span().start();
        match key.as_str() {
            "role" => {
                out.role = Some(match value.as_rule() {
                    R::class_ref => RoleFrom::Class(unsigil(value.as_str())),
                    R::string => RoleFrom::Text(unquote(value)),
                    _ => RoleFrom::Name(value.as_str().to_owned()),
                })
            }
            "modality" => {
                if let Some(m) = self.modality(value.as_str(), at) {
                    out.modality = Some(m);
                }
            }
            k @ ("date" | "since" | "until") => {
                out.dating = match (k, value.as_str()) {
                    (_, "none") => Dating::None,
                    ("date", "date") => Dating::Date,
                    ("since", "date") => Dating::Since,
                    ("until", "date") => Dating::Until,
                    (k, v) => {
                        let s = Some(format!("write `{k} = date` or `{k} = none`"));
                        self.fail(at, format!("`{v}` is no date"), s);
                        Dating::Auto
                    }
                }
            }
            k => {
                let near = nearest(k, ["role", "modality", "date", "since", "until"]);
                let s = near
                    .map_or("use role, modality, date, since or until".to_owned(), |n| format!("did you mean `{n}`?"));
                self.fail(key.as_span().start(), format!("no attribute `{k}`"), Some(s));
            }
        }
    }

    pub(super) fn tests(&mut self, pair: Pair<'_, R>) -> Tests {
        let mut out = Tests::default();
        for p in pair.into_inner().filter(|p| matches!(p.as_rule(), R::test | R::reject)) {
            self.one_test(p, &mut out);
        }
        out
    }

    pub(super) fn one_test(&mut self, pair: Pair<'_, R>, out: &mut Tests) {
        let pos = self.pos(pair.as_span().start());
        let accept = pair.as_rule() == R::test;
        let (mut text, mut publisher, mut facts) = (String::new(), None, Vec::new());
        for p in pair.into_inner() {
            match p.as_rule() {
                R::string => text = unquote(p),
                R::by => publisher = p.into_inner().find(|q| q.as_rule() == R::string).map(unquote),
                R::expected => facts.extend(self.expected(p)),
                _ => {}
            }
        }
        if accept {
            out.accept.push(Test { text, publisher, facts, pos });
        } else {
            out.reject.push(Reject { text, publisher, pos });
        }
    }

    pub(super) fn expected(&mut self, pair: Pair<'_, R>) -> Option<Expected> {
        let mut relation = None;
        let mut ends = Vec::new();
        let mut modality = Modality::Asserted;
        let [mut role, mut since, mut until, mut date] = [const { None }; 4];
        for p in pair.into_inner() {
            match p.as_rule() {
                R::relation => relation = self.relation(&p),
                R::string => ends.push(unquote(p)),
                R::expectation => {
                    let mut key = None;
                    for q in p.into_inner() {
                        match q.as_rule() {
                            R::name => modality = self.modality(q.as_str(), q.as_span().start())?,
                            R::string => role = Some(unquote(q)),
                            R::edtf => {
                                let v = Some(q.as_str().to_owned());
                                match key {
                                    Some(R::kw_since) => since = v,
                                    Some(R::kw_until) => until = v,
                                    _ => date = v,
                                }
                            }
                            k => key = Some(k),
                        }
                    }
                }
                _ => {}
            }
        }
        let mut ends = ends.into_iter();
        Some(Expected { from: ends.next()?, relation: relation?, to: ends.next()?, modality, role, since, until, date })
    }
}
