//! What a query gives back, and what it may be given: answers, limits, parameters.
//!
//! These types pass from `query` to `render`, `cli` and `shell`. Nothing here computes an answer.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indexmap::IndexMap;

pub use super::error::{Candidate, Diagnostic, QueryError};
use super::value::Value;
use crate::graph::NodeId;

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
    /// The entities that the question names, for what stands behind a row.
    pub subjects: Vec<NodeId>,
}

/// What a statement may use up. Every limit is on by default; when one bites, the answer says so or the statement
/// fails with [`ErrorType::LimitError`](super::error::ErrorType::LimitError).
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

    /// Throws the switch: statements that look at it end with [`Detail::Interrupted`](super::error::Detail::Interrupted).
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
