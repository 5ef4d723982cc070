//! What a query gives back, and what it may be given: answers, errors, limits, parameters.
//!
//! These types pass from `query` to `render`, `cli` and `shell`. Nothing here computes an answer.

use std::fmt::{self, Write as _};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indexmap::IndexMap;

use super::value::Value;

/// Parameters of a statement: name (without `$`) to value.
pub type Params = IndexMap<String, Value>;

/// What kind of answer the rows are, so that a renderer can choose its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AnswerKind {
    /// A table.
    #[default]
    Rows,
    /// Each row is a chain of facts.
    Chains,
    /// One entity and what is said of it.
    Card,
    /// The text of a plan, one line a row.
    Plan,
    /// Sentences that support a fact.
    Evidence,
    /// The statement changed the graph and has no columns.
    Done,
}

/// A remark beside an answer: a warning with its place in the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is remarkable.
    pub message: String,
    /// Where in the statement, in bytes.
    pub span: Option<Range<usize>>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A remark without a place.
    pub fn new(message: impl Into<String>) -> Diagnostic {
        Diagnostic { message: message.into(), span: None, help: None }
    }
}

/// The answer to a statement.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// Names of the columns, as written in the statement.
    pub columns: Vec<String>,
    /// Rows; each has as many values as there are columns.
    pub rows: Vec<Vec<Value>>,
    /// In one line each, how the statement was understood (entities resolved, relations meant).
    pub understood: Vec<String>,
    /// Remarks that do not prevent an answer.
    pub warnings: Vec<Diagnostic>,
    /// Footers: facts left out for want of a date, limits that bit.
    pub notes: Vec<String>,
    /// Headings within the rows: (index of the row before which it stands, text).
    pub headings: Vec<(usize, String)>,
    /// What the rows are.
    pub kind: AnswerKind,
}

/// The kind of an error. The first ten are openCypher's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The statement cannot be understood.
    SyntaxError,
    /// A value or a variable has the wrong type.
    TypeError,
    /// An argument has an impossible value.
    ArgumentError,
    /// Division by zero, overflow.
    ArithmeticError,
    /// Valid syntax without a meaning.
    SemanticError,
    /// A deleted or unknown node or relationship.
    EntityNotFound,
    /// An unknown property.
    PropertyNotFound,
    /// A parameter that the statement uses was not given.
    ParameterMissing,
    /// A change that the graph does not admit.
    ConstraintVerificationFailed,
    /// A procedure that does not exist or failed.
    ProcedureError,
    /// A name that nothing in the graph bears.
    UnknownName,
    /// A name that several entities bear; see [`QueryError::candidates`].
    AmbiguousName,
    /// A limit bit; see [`Limits`].
    LimitExceeded,
    /// The user stopped the statement.
    Interrupted,
    /// The graph file is damaged, or the statement met a fault of this program.
    Internal,
}

impl ErrorKind {
    /// openCypher's name of the kind.
    pub const fn name(self) -> &'static str {
        match self {
            ErrorKind::SyntaxError => "SyntaxError",
            ErrorKind::TypeError => "TypeError",
            ErrorKind::ArgumentError => "ArgumentError",
            ErrorKind::ArithmeticError => "ArithmeticError",
            ErrorKind::SemanticError => "SemanticError",
            ErrorKind::EntityNotFound => "EntityNotFound",
            ErrorKind::PropertyNotFound => "PropertyNotFound",
            ErrorKind::ParameterMissing => "ParameterMissing",
            ErrorKind::ConstraintVerificationFailed => "ConstraintVerificationFailed",
            ErrorKind::ProcedureError => "ProcedureError",
            ErrorKind::UnknownName => "UnknownName",
            ErrorKind::AmbiguousName => "AmbiguousName",
            ErrorKind::LimitExceeded => "LimitExceeded",
            ErrorKind::Interrupted => "Interrupted",
            ErrorKind::Internal => "Internal",
        }
    }
}

/// When an error was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Before the statement ran.
    Compile,
    /// While it ran.
    Runtime,
}

impl Phase {
    /// `compile` or `runtime`.
    pub const fn name(self) -> &'static str {
        match self {
            Phase::Compile => "compile",
            Phase::Runtime => "runtime",
        }
    }
}

/// One of several entities that a name may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its name.
    pub name: String,
    /// Its labels, from the general to the special.
    pub labels: Vec<String>,
    /// How many relationships it has.
    pub degree: usize,
    /// How to ask for this one.
    pub choose: String,
}

/// Why a statement has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// openCypher's type of error.
    pub kind: ErrorKind,
    /// Found before or while the statement ran.
    pub phase: Phase,
    /// openCypher's detail (`UndefinedVariable`); a word of our own where openCypher has none.
    pub detail: &'static str,
    /// What is wrong, in words.
    pub message: String,
    /// Where in the statement, in bytes.
    pub span: Option<Range<usize>>,
    /// What to do about it.
    pub help: Option<String>,
    /// The entities that an ambiguous name may mean, or the nearest names of an unknown one.
    pub candidates: Vec<Candidate>,
}

impl QueryError {
    /// An error found before the statement ran.
    pub fn compile(kind: ErrorKind, detail: &'static str, message: impl Into<String>) -> QueryError {
        QueryError {
            kind,
            phase: Phase::Compile,
            detail,
            message: message.into(),
            span: None,
            help: None,
            candidates: Vec::new(),
        }
    }

    /// An error found while the statement ran.
    pub fn runtime(kind: ErrorKind, detail: &'static str, message: impl Into<String>) -> QueryError {
        QueryError { phase: Phase::Runtime, ..QueryError::compile(kind, detail, message) }
    }

    /// The same with its place in the statement.
    #[must_use]
    pub fn at(mut self, span: Range<usize>) -> QueryError {
        self.span = Some(span);
        self
    }

    /// The same with its place, unless it has one already.
    #[must_use]
    pub fn or_at(mut self, span: Range<usize>) -> QueryError {
        self.span.get_or_insert(span);
        self
    }

    /// The same with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> QueryError {
        self.help = Some(help.into());
        self
    }

    /// Line and column of the error's first character, both from 1, the column in characters.
    pub fn position(&self, statement: &str) -> Option<(usize, usize)> {
        let start = floor_boundary(statement, self.span.as_ref()?.start);
        let before = &statement[..start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Some((line, column))
    }

    /// The error as text: what is wrong, the line of the statement with carets under the place, the advice and the
    /// candidates. No colour, a newline after each line.
    pub fn render(&self, statement: &str) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "error: {}", self.message);
        if let (Some(span), Some((line, column))) = (&self.span, self.position(statement)) {
            let start = floor_boundary(statement, span.start);
            let end = floor_boundary(statement, span.end).max(start);
            let first = statement[..start].rfind('\n').map_or(0, |i| i + 1);
            let last = statement[start..].find('\n').map_or(statement.len(), |i| start + i);
            let source: String =
                statement[first..last].chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let width = |s: &str| -> usize { unicode_width::UnicodeWidthStr::width(s) };
            let gutter = line.to_string();
            let pad = " ".repeat(gutter.len());
            let before = " ".repeat(width(&source[..start - first]));
            let carets = "^".repeat(width(&statement[start..end.min(last)]).max(1));
            let _ = writeln!(out, "{pad} --> line {line}, column {column}");
            let _ = writeln!(out, "{pad} |");
            let _ = writeln!(out, "{gutter} | {source}");
            let _ = writeln!(out, "{pad} | {before}{carets}");
        }
        for c in &self.candidates {
            let labels = c.labels.iter().fold(String::new(), |acc, l| acc + ":" + l);
            let _ = writeln!(out, "  {} ({labels}, {} relationships)  {}", c.name, c.degree, c.choose);
        }
        if let Some(help) = &self.help {
            let _ = writeln!(out, "help: {help}");
        }
        out
    }
}

/// The greatest character boundary not past `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for QueryError {}

/// What a statement may use up. Every limit is on by default; when one bites, the answer says so or the statement
/// fails with [`ErrorKind::LimitExceeded`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Rows of the answer; the rest are cut and the cut is noted.
    pub rows: usize,
    /// Time from the start of the statement; past it the statement fails.
    pub time: Option<Duration>,
    /// Relationships on a path of a pattern without an upper bound; a longer path is cut and the cut is noted.
    pub path_length: usize,
    /// Estimated bytes that rows held for sorting, grouping and collecting may take; past it the statement fails.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { rows: 100_000, time: Some(Duration::from_secs(30)), path_length: 64, memory: 1 << 30 }
    }
}

/// A clock that the caller hands in: the library never asks the system for the time.
pub trait Clock: Send + Sync {
    /// Time since some fixed moment, never going back: what the time limit and PROFILE measure with.
    fn elapsed(&self) -> Duration;
    /// The present day as days since 1970-01-01, for `date()`; none where the caller wants no such dependence.
    fn today(&self) -> Option<i64> {
        None
    }
}

/// A clock that stands still: no time limit ever bites, and `date()` without an argument is an error.
#[derive(Debug, Clone, Copy, Default)]
pub struct StoppedClock;

impl Clock for StoppedClock {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// A switch that stops a running statement from another thread (Ctrl-C).
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A switch that is not thrown.
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Throws the switch: statements that look at it end with [`ErrorKind::Interrupted`].
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Takes the switch back, for the next statement.
    pub fn reset(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether the switch was thrown.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How a statement is to be run.
#[derive(Clone)]
pub struct Options {
    /// What it may use up.
    pub limits: Limits,
    /// How to stop it.
    pub cancel: Cancel,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Plan as written: no reordering, no filter before its time. For comparison with the optimised plan.
    pub naive: bool,
    /// Seed of `rand()`, so that the same statement gives the same rows.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            limits: Limits::default(),
            cancel: Cancel::default(),
            clock: Arc::new(StoppedClock),
            naive: false,
            seed: 0x9e37_79b9_7f4a_7c15,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("limits", &self.limits).field("naive", &self.naive).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_word_in_characters() {
        let text = "MATCH (n)\nWHERE n.å = 'Å' RETUR n";
        let at = text.find("RETUR").unwrap();
        let e = QueryError::compile(ErrorKind::SyntaxError, "UnexpectedSyntax", "unknown clause RETUR")
            .at(at..at + 5)
            .help("did you mean RETURN?");
        assert_eq!(e.position(text), Some((2, 17)));
        let shown = e.render(text);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[3], "2 | WHERE n.å = 'Å' RETUR n");
        assert_eq!(lines[4], "  |                 ^^^^^");
        assert_eq!(lines[5], "help: did you mean RETURN?");
    }

    #[test]
    fn a_place_past_the_end_or_inside_a_character_does_no_harm() {
        let e = QueryError::compile(ErrorKind::SyntaxError, "UnexpectedSyntax", "x").at(1..99);
        assert!(e.render("å").contains('^'));
        assert!(e.render("").contains('^'));
    }
}
