//! The sentences that rule files bring with them, run through the whole reading of a document.

use std::fmt;

use super::ast::{Expected, Item, Pos, Tests};
use super::set::RuleSet;
use crate::model::{Lang, Observation, Reading};
use crate::source::{Document, SourceError};

/// A sentence of a rule file, as a document to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestText<'a> {
    /// The text; `\n` parts its lines.
    pub text: &'a str,
    /// Its language.
    pub lang: Lang,
    /// The body on whose page it stands.
    pub publisher: Option<&'a str>,
}

impl TestText<'_> {
    /// The text as a document of plain text in its language, under the publisher's name as its title.
    ///
    /// # Errors
    /// Those of the reader of plain text.
    pub fn document(&self) -> Result<Document, SourceError> {
        let title = self.publisher.map_or_else(String::new, |p| format!("{p}\n\n"));
        let mut document = crate::source::read_bytes("test.txt", format!("{title}{}", self.text).as_bytes())?;
        document.declared_language = Some(self.lang.word().to_owned());
        document.publisher = self.publisher.map(str::to_owned);
        Ok(document)
    }
}

/// What came of one test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestReport {
    /// Name of the file.
    pub file: String,
    /// Where the test stands.
    pub pos: Pos,
    /// Id of the rule, with its language.
    pub rule: String,
    /// The text.
    pub text: String,
    /// What was wrong, in words; empty where the test passed.
    pub failures: Vec<String>,
}

impl TestReport {
    /// Whether it passed.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

impl fmt::Display for TestReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.passed() { "ok" } else { "failed" };
        write!(f, "{}:{}: {} {verdict}: {}", self.file, self.pos.line, self.rule, self.text)?;
        for x in &self.failures {
            write!(f, "\n    {x}")?;
        }
        Ok(())
    }
}

/// Runs every `test` and `not` of every file, in file order, through `reader`.
pub fn run_tests(rules: &RuleSet, reader: &dyn Fn(&TestText<'_>) -> Reading) -> Vec<TestReport> {
    let mut out = Vec::new();
    for file in rules.files() {
        for item in &file.items {
            let Some((id, tests)) = tests_of(item) else { continue };
            let rule = format!("{}/{id}", file.lang);
            for t in &tests.accept {
                let text = TestText { text: &t.text, lang: file.lang, publisher: t.publisher.as_deref() };
                let reading = reader(&text);
                let failures = t.facts.iter().filter_map(|f| missing(f, &reading)).collect();
                let (file, rule, text) = (file.name.clone(), rule.clone(), t.text.clone());
                out.push(TestReport { file, pos: t.pos, rule, text, failures });
            }
            for t in &tests.reject {
                let text = TestText { text: &t.text, lang: file.lang, publisher: t.publisher.as_deref() };
                let reading = reader(&text);
                let read = reading.observations.iter().filter(|o| o.rule == rule);
                let failures = read.map(|o| format!("must not read {}", shown(o, &reading))).collect();
                let (file, rule, text) = (file.name.clone(), rule.clone(), t.text.clone());
                out.push(TestReport { file, pos: t.pos, rule, text, failures });
            }
        }
    }
    out
}

/// The id (without language) and the tests of a statement.
pub(super) fn tests_of(item: &Item) -> Option<(&str, &Tests)> {
    Some(match item {
        Item::Rule(r) => (&r.id, &r.tests),
        Item::Mention(m) => (&m.id, &m.tests),
        Item::List(l) => (&l.id, &l.tests),
        Item::Table(t) => (&t.id, &t.tests),
        Item::Apposition(a) => (&a.id, &a.tests),
        Item::Event(e) => (&e.id, &e.tests),
        Item::Corefer(c) => ("corefer", &c.tests),
        _ => return None,
    })
}

fn names(reading: &Reading, id: usize) -> impl Iterator<Item = &str> {
    reading.entities.get(id).into_iter().flat_map(|e| std::iter::once(&e.name).chain(&e.aliases)).map(String::as_str)
}

fn is(reading: &Reading, id: usize, name: &str) -> bool {
    names(reading, id).any(|n| n == name)
}

fn shown(o: &Observation, reading: &Reading) -> String {
    let name = |id: usize| names(reading, id).next().unwrap_or("?").to_owned();
    let mut s =
        format!("{}(\"{}\", \"{}\") {}", o.relation, name(o.from.0 as usize), name(o.to.0 as usize), o.modality);
    if let Some(r) = &o.role {
        s.push_str(&format!(" role \"{r}\""));
    }
    for (word, value) in [("since", &o.since), ("until", &o.until), ("date", &o.date)] {
        if let Some(v) = value {
            s.push_str(&format!(" {word} {v}"));
        }
    }
    s
}

/// What is wrong with the reading where it lacks an expected fact.
fn missing(f: &Expected, reading: &Reading) -> Option<String> {
    let ends = |o: &&Observation| {
        let (a, b) = (o.from.0 as usize, o.to.0 as usize);
        let straight = is(reading, a, &f.from) && is(reading, b, &f.to);
        let crossed = f.relation.symmetric() && is(reading, b, &f.from) && is(reading, a, &f.to);
        o.relation == f.relation && (straight || crossed)
    };
    let mut near = None;
    for o in reading.observations.iter().filter(ends) {
        let date = |want: &Option<String>, got: &Option<crate::model::Edtf>| {
            want.is_none() || want.as_deref() == got.as_ref().map(|e| e.as_str())
        };
        let fits = o.modality == f.modality
            && (f.role.is_none() || f.role == o.role)
            && date(&f.since, &o.since)
            && date(&f.until, &o.until)
            && date(&f.date, &o.date);
        if fits {
            return None;
        }
        near = Some(shown(o, reading));
    }
    let wanted = format!("{}(\"{}\", \"{}\") {}", f.relation, f.from, f.to, f.modality);
    Some(match near {
        Some(got) => format!("wanted {wanted} with its role and dates, read {got}"),
        None => {
            let all: Vec<String> = reading.observations.iter().map(|o| shown(o, reading)).collect();
            let known: Vec<String> = reading.entities.iter().map(|e| format!("{} ({})", e.name, e.ty)).collect();
            let miss: Vec<String> = reading.near_misses.iter().map(|m| format!("{}: {}", m.rule, m.failed)).collect();
            let list = |v: Vec<String>| if v.is_empty() { "nothing".to_owned() } else { v.join("; ") };
            format!("did not read {wanted}; read {}; entities {}; near misses {}", list(all), list(known), list(miss))
        }
    })
}
