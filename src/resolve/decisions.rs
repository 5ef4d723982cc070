//! The decisions file: what a person has settled about entities and facts. Plain text, append-only, kept beside the
//! documents; it names entities by name and type, so that it outlives any change of the graph.
//!
//! One statement a line; `#` begins a comment; of two that contradict each other the later one holds.
//!
//! ```text
//! same "Norrsken Energi" (Company) = "Norrsken Energi AB" (Company)     # one entity
//! distinct "Anna Berg" (Person) in "a.txt" != "Anna Berg" (Person) in "b.txt"   # never one, not through a third either
//! rename "Luleå Kommun" (PublicBody) to "Luleå kommun"
//! assert "Luleå" (City) PARTNERS_WITH "Austin" (City) since 2014 until 2020 ended
//! assert "Anna Berg" (Person) WORKS_FOR "Norrsken Energi AB" (Company) role "vd"
//! retract "Luleå" (City) OWNS "Norrsken Energi AB" (Company)
//! forget "Anna Berg" (Person)                                           # leave the person out everywhere
//! ```
//!
//! The type in brackets is one of the model's types or kinds; only the kind counts, since a type can change with the
//! documents. `in "document"` narrows a name to one document. In a quoted name `\"` is a quote and `\\` a backslash.

use std::fmt;

use super::name::{Class, key};
use crate::model::{Edtf, Kind, Modality, Relation, Type};

/// An entity as a decision names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its name or an alias.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// Whether it is a person; none where only the kind is given.
    pub person: Option<bool>,
    /// Only as this document names it.
    pub document: Option<String>,
}

/// What is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// The two are one entity.
    Same(Reference, Reference),
    /// The two are never one, not through a third either.
    Distinct(Reference, Reference),
    /// The entity is to be shown by this name.
    Rename(Reference, String),
    /// A fact that holds though no document says it, or that is to be shown in this way.
    Assert(Box<Assertion>),
    /// A fact that does not hold though a document says it.
    Retract(Reference, Relation, Reference),
    /// A person to be left out everywhere, names in sentences included.
    Forget(Reference),
}

/// A fact by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Its start.
    pub from: Reference,
    /// Its relation.
    pub relation: Relation,
    /// Its end.
    pub to: Reference,
    /// How it holds; asserted where nothing is said.
    pub modality: Modality,
    /// From when it holds.
    pub since: Option<Edtf>,
    /// Until when it held.
    pub until: Option<Edtf>,
    /// When it happened.
    pub date: Option<Edtf>,
    /// The role.
    pub role: Option<String>,
}

impl Statement {
    /// The entities that it names.
    pub fn references(&self) -> Vec<&Reference> {
        match self {
            Statement::Same(a, b) | Statement::Distinct(a, b) | Statement::Retract(a, _, b) => vec![a, b],
            Statement::Rename(a, _) | Statement::Forget(a) => vec![a],
            Statement::Assert(a) => vec![&a.from, &a.to],
        }
    }
}

/// A statement with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Line in the file, counted from 1.
    pub line: usize,
    /// What it says.
    pub statement: Statement,
}

/// Pairs that a file speaks of.
pub(super) type Pairs<'d> = Vec<(&'d Reference, &'d Reference)>;

/// All decisions, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decisions(Vec<Decision>);

/// A line that is no decision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct DecisionsError {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// What is wrong and what would be right.
    pub problem: String,
}

impl Decisions {
    /// Reads a decisions file; the first line that is none stops it.
    ///
    /// ```
    /// use samband::resolve::Decisions;
    /// let d = Decisions::parse("forget \"Anna Berg\" (Person)\n").unwrap();
    /// assert_eq!(d.iter().count(), 1);
    /// let e = Decisions::parse("same \"A\" (Company) = \"B\" (City)").unwrap_err();
    /// assert_eq!((e.line, e.column), (1, 22));
    /// ```
    pub fn parse(text: &str) -> Result<Decisions, DecisionsError> {
        let mut out = Vec::new();
        for (i, line) in text.lines().enumerate() {
            let mut reader = Reader { text: line.trim_start_matches('\u{feff}'), at: 0 };
            let statement = reader.statement().map_err(|(at, problem)| DecisionsError {
                line: i + 1,
                column: reader.column(at),
                problem,
            })?;
            if let Some(statement) = statement {
                out.push(Decision { line: i + 1, statement });
            }
        }
        Ok(Decisions(out))
    }

    /// The decisions, in the order of the file.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Decision> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Pairs that are one and pairs that are not: of two statements on a pair only the later.
    pub(super) fn pairs(&self) -> (Pairs<'_>, Pairs<'_>) {
        let mut last: Vec<(bool, &Reference, &Reference)> = Vec::new();
        for d in &self.0 {
            let (same, a, b) = match &d.statement {
                Statement::Same(a, b) => (true, a, b),
                Statement::Distinct(a, b) => (false, a, b),
                _ => continue,
            };
            last.retain(|(_, x, y)| !((x.is(a) && y.is(b)) || (x.is(b) && y.is(a))));
            last.push((same, a, b));
        }
        let of = |same| last.iter().filter(|l| l.0 == same).map(|l| (l.1, l.2)).collect();
        (of(true), of(false))
    }
}

impl Reference {
    /// Whether both name the same.
    fn is(&self, other: &Reference) -> bool {
        self.kind == other.kind
            && self.person == other.person
            && self.document == other.document
            && key(&self.name) == key(&other.name)
    }

    /// Whether an entity of this class can be meant.
    pub(super) fn fits(&self, class: Class) -> bool {
        class.kind() == self.kind && self.person.is_none_or(|p| p == (class == Class::Person))
    }
}

type Failure = (usize, String);

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn column(&self, at: usize) -> usize {
        self.text.get(..at).map_or(0, |t| t.chars().count()) + 1
    }

    fn fail<T>(&self, problem: impl Into<String>) -> Result<T, Failure> {
        Err((self.at, problem.into()))
    }

    fn space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn word(&mut self) -> &str {
        self.space();
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| c.is_whitespace() || c == '#' || c == '"').unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn peek(&mut self) -> String {
        let at = self.at;
        let word = self.word().to_owned();
        self.at = at;
        self.space();
        word
    }

    fn at_end(&mut self) -> bool {
        self.space();
        let rest = &self.text[self.at..];
        rest.is_empty() || rest.starts_with('#')
    }

    fn statement(&mut self) -> Result<Option<Statement>, Failure> {
        if self.at_end() {
            return Ok(None);
        }
        let start = self.at;
        let word = self.word().to_owned();
        let statement = match word.as_str() {
            "same" => {
                let (a, b) = self.pair(&["="])?;
                Statement::Same(a, b)
            }
            "distinct" => {
                let (a, b) = self.pair(&["!=", "=", "≠"])?;
                Statement::Distinct(a, b)
            }
            "rename" => {
                let a = self.reference()?;
                self.expect(&["to"])?;
                Statement::Rename(a, self.quoted()?)
            }
            "assert" => Statement::Assert(Box::new(self.assertion()?)),
            "retract" => {
                let (a, r, b) = self.fact()?;
                Statement::Retract(a, r, b)
            }
            "forget" => {
                self.space();
                let at = self.at;
                let r = self.reference()?;
                if r.person != Some(true) {
                    return Err((at, "only a person can be forgotten; write \"Name\" (Person)".into()));
                }
                Statement::Forget(r)
            }
            _ => {
                let known = "same, distinct, rename, assert, retract or forget";
                return Err((
                    start,
                    format!("`{word}` is no decision; begin a line with {known}, or with # for a comment"),
                ));
            }
        };
        if !self.at_end() {
            return self.fail("the statement ends here; put what follows after # or on its own line");
        }
        Ok(Some(statement))
    }

    fn expect(&mut self, words: &[&str]) -> Result<(), Failure> {
        let word = self.peek();
        if !words.contains(&word.as_str()) {
            return self.fail(format!("`{}` belongs here", words[0]));
        }
        self.word();
        Ok(())
    }

    fn quoted(&mut self) -> Result<String, Failure> {
        self.space();
        let Some(rest) = self.text[self.at..].strip_prefix('"') else {
            return self.fail("a name in double quotes belongs here: \"Luleå kommun\"");
        };
        let (mut out, mut escaped) = (String::new(), false);
        for (i, c) in rest.char_indices() {
            match c {
                _ if escaped => {
                    out.push(c);
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' if out.trim().is_empty() => return self.fail("the name is empty"),
                '"' => {
                    self.at += i + 2;
                    return Ok(out);
                }
                _ => out.push(c),
            }
        }
        self.fail("the name has no closing quote")
    }

    fn reference(&mut self) -> Result<Reference, Failure> {
        let name = self.quoted()?;
        self.space();
        let rest = &self.text[self.at..];
        let inside = rest.strip_prefix('(').and_then(|r| r.split_once(')')).map(|(w, _)| w);
        let Some(word) = inside else {
            return self.fail("the type in brackets belongs after the name: \"Luleå kommun\" (PublicBody)");
        };
        let (kind, person) = match (Type::from_word(word), Kind::from_word(word)) {
            (_, Some(kind)) => (kind, None),
            (Some(ty), None) => (ty.kind(), Some(ty == Type::Person).filter(|_| ty.kind() == Kind::Actor)),
            (None, None) => return self.fail(format!("`{word}` is no type; types are {}", list(Type::ALL))),
        };
        self.at += word.len() + 2;
        let document = if self.peek() == "in" {
            self.word();
            Some(self.quoted()?)
        } else {
            None
        };
        Ok(Reference { name, kind, person, document })
    }

    fn pair(&mut self, between: &[&str]) -> Result<(Reference, Reference), Failure> {
        let a = self.reference()?;
        self.expect(between)?;
        self.space();
        let at = self.at;
        let b = self.reference()?;
        let fits = a.kind == b.kind && (a.person.is_none() || b.person.is_none() || a.person == b.person);
        if !fits {
            return Err((at, "the two are of different kinds, so they are never one entity".into()));
        }
        Ok((a, b))
    }

    fn fact(&mut self) -> Result<(Reference, Relation, Reference), Failure> {
        let from = self.reference()?;
        self.space();
        let at = self.at;
        let word = self.word().to_owned();
        let Some(relation) = Relation::from_word(&word) else {
            return Err((at, format!("`{word}` is no relation; relations are {}", list(Relation::ALL))));
        };
        Ok((from, relation, self.reference()?))
    }

    fn assertion(&mut self) -> Result<Assertion, Failure> {
        let (from, relation, to) = self.fact()?;
        let mut a = Assertion {
            from,
            relation,
            to,
            modality: Modality::Asserted,
            since: None,
            until: None,
            date: None,
            role: None,
        };
        while !self.at_end() {
            let at = self.at;
            let word = self.word().to_owned();
            match word.as_str() {
                "role" => a.role = Some(self.quoted()?),
                "since" => a.since = Some(self.edtf()?),
                "until" => a.until = Some(self.edtf()?),
                "date" => a.date = Some(self.edtf()?),
                _ => match Modality::from_word(&word) {
                    Some(m) => a.modality = m,
                    None => {
                        let known = "since, until, date, role, asserted, planned, ended or negated";
                        return Err((at, format!("`{word}` does not belong here; {known} does")));
                    }
                },
            }
        }
        Ok(a)
    }

    fn edtf(&mut self) -> Result<Edtf, Failure> {
        self.space();
        let at = self.at;
        self.word().parse::<Edtf>().map_err(|e| (at, e.to_string()))
    }
}

fn list<T: fmt::Display>(all: &[T]) -> String {
    all.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}
