//! What a running statement carries along: the graph, parameters, limits, and what it has used of them.
//!
//! One context serves one statement on one thread; its counters are cells, so that evaluation can share it.

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use regex::Regex;
use rustc_hash::FxHashMap;

use super::answer::{Options, Params};
use super::error::{Detail, ErrorType, QueryError};
use super::functions::Fail;
use super::value::{Map, Value};
use crate::graph::{Column, Graph, KeyId, Topology};

/// Compiled regular expressions kept at once.
const MOST_REGEXES: usize = 64;

/// Rows and time that an operator of a plan took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Measured {
    /// Rows that it gave.
    pub(crate) rows: u64,
    /// Time in it and in all below it.
    pub(crate) time: Duration,
}

/// Properties that a writing clause has changed: all of a node's or relationship's, once one of them was.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    pub(crate) nodes: FxHashMap<u32, Map>,
    pub(crate) edges: FxHashMap<u32, Map>,
}

/// The state of a running statement.
pub(crate) struct Context<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) topology: Topology<'a>,
    pub(crate) params: &'a Params,
    pub(crate) options: &'a Options,
    started: Duration,
    ticks: Cell<u32>,
    held: Cell<usize>,
    random: Cell<u64>,
    notes: RefCell<Vec<String>>,
    regexes: RefCell<FxHashMap<Arc<str>, Regex>>,
    /// By key: the columns that were asked for, of nodes and of relationships.
    columns: [Vec<OnceCell<Option<Column<'a>>>>; 2],
    modality: Option<KeyId>,
    /// Rows with which the stage begins.
    pub(crate) table: &'a [Vec<Value>],
    /// What the clause under way has changed already and the graph does not show yet.
    pub(crate) overlay: Option<RefCell<Overlay>>,
    /// For PROFILE: by the number of the operator.
    pub(crate) profile: Option<RefCell<Vec<Measured>>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(graph: &'a Graph, params: &'a Params, options: &'a Options, started: Duration) -> Context<'a> {
        Context {
            graph,
            topology: graph.topology(),
            params,
            options,
            started,
            ticks: Cell::new(0),
            held: Cell::new(0),
            // A xorshift generator must not start from 0.
            random: Cell::new(options.seed | 1),
            notes: RefCell::default(),
            regexes: RefCell::default(),
            columns: [0, 1].map(|_| graph.keys().map(|_| OnceCell::new()).collect()),
            modality: graph.key_id("modality"),
            table: &[],
            overlay: None,
            profile: None,
        }
    }

    /// The values of a key on nodes.
    #[inline]
    pub(crate) fn node_column(&self, key: KeyId) -> Option<&Column<'a>> {
        self.columns[0].get(key.index())?.get_or_init(|| self.graph.node_column(key)).as_ref()
    }

    /// The values of a key on relationships.
    #[inline]
    pub(crate) fn edge_column(&self, key: KeyId) -> Option<&Column<'a>> {
        self.columns[1].get(key.index())?.get_or_init(|| self.graph.edge_column(key)).as_ref()
    }

    /// The modality of facts.
    #[inline]
    pub(crate) fn modality(&self) -> Option<&Column<'a>> {
        self.modality.and_then(|key| self.edge_column(key))
    }

    /// To be called in every loop: looks now and then whether the time is up or the user wants to stop.
    #[inline]
    pub(crate) fn tick(&self) -> Result<(), Fail> {
        let n = self.ticks.get().wrapping_add(1);
        self.ticks.set(n);
        if n & 0x3ff == 0 { self.look() } else { Ok(()) }
    }

    #[cold]
    fn look(&self) -> Result<(), Fail> {
        if self.options.cancel.is_cancelled() {
            let message = "stopped before it was finished";
            return Err(Box::new(QueryError::runtime(ErrorType::LimitError, Detail::Interrupted, message)));
        }
        if let Some(limit) = self.options.limits.time
            && self.options.clock.elapsed().saturating_sub(self.started) > limit
        {
            let message = format!("stopped after {:.1} s, the limit of time", limit.as_secs_f64());
            return Err(Box::new(
                QueryError::runtime(ErrorType::LimitError, Detail::OutOfTime, message)
                    .help("narrow the pattern, bound its path, or raise the limit (--timeout, :timeout)"),
            ));
        }
        Ok(())
    }

    /// Accounts for memory that rows, groups and lists hold.
    pub(crate) fn hold(&self, bytes: usize) -> Result<(), Fail> {
        let held = self.held.get().saturating_add(bytes);
        self.held.set(held);
        if held > self.options.limits.memory { Err(self.too_much()) } else { Ok(()) }
    }

    /// Gives back what [`Context::hold`] took.
    pub(crate) fn release(&self, bytes: usize) {
        self.held.set(self.held.get().saturating_sub(bytes));
    }

    #[cold]
    fn too_much(&self) -> Fail {
        let most = self.options.limits.memory >> 20;
        let message = format!("the rows held at once would take more than {most} MiB, the limit of memory");
        Box::new(
            QueryError::runtime(ErrorType::LimitError, Detail::OutOfMemory, message)
                .help("narrow the pattern, or count instead of collecting"),
        )
    }

    /// Whether a list of so many elements may be made.
    pub(crate) fn admit_list(&self, length: usize) -> Result<(), Fail> {
        let bytes = length.saturating_mul(size_of::<Value>());
        if bytes > self.options.limits.memory / 2 { Err(self.too_much()) } else { Ok(()) }
    }

    /// Whether a text of so many bytes may be made.
    pub(crate) fn admit_text(&self, bytes: usize) -> Result<(), Fail> {
        if bytes > self.options.limits.memory / 8 { Err(self.too_much()) } else { Ok(()) }
    }

    /// Counts a value that is about to be put into a list or map; `count` holds the elements so far, at any depth.
    pub(crate) fn gather(&self, count: &mut usize, value: &Value) -> Result<(), Fail> {
        let most = self.options.limits.memory / (2 * size_of::<Value>());
        *count += match value {
            Value::List(_) | Value::Map(_) => value.extent(most.saturating_sub(*count)),
            Value::String(s) if Arc::strong_count(s) == 1 => 1 + s.len() / size_of::<Value>(),
            _ => 1,
        };
        if *count > most { Err(self.too_much()) } else { Ok(()) }
    }

    /// A pseudo-random number from 0 to below 1.
    pub(crate) fn random(&self) -> f64 {
        let mut x = self.random.get();
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        self.random.set(x);
        (x >> 11) as f64 / (1u64 << 53) as f64
    }

    /// The present day as days since 1970-01-01.
    pub(crate) fn today(&self) -> Option<i64> {
        self.options.clock.today()
    }

    /// A text without case and diacritics.
    pub(crate) fn fold(&self, text: &str) -> String {
        crate::model::fold(text)
    }

    /// Says something beside the answer, once.
    pub(crate) fn note(&self, note: impl Into<String>) {
        let note = note.into();
        let mut notes = self.notes.borrow_mut();
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    /// What was said beside the answer.
    pub(crate) fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut self.notes.borrow_mut())
    }

    /// Whether a text matches a regular expression as a whole. The engine is linear; the size of the compiled
    /// expression is bounded.
    pub(crate) fn matches(&self, text: &str, pattern: &Arc<str>) -> Result<bool, Fail> {
        let mut regexes = self.regexes.borrow_mut();
        if let Some(regex) = regexes.get(pattern) {
            return Ok(regex.is_match(text));
        }
        let built = regex::RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(1 << 20).build();
        let regex = built.map_err(|e| {
            let message = format!("`{pattern}` is not a regular expression: {e}");
            Box::new(QueryError::runtime(ErrorType::ArgumentError, Detail::InvalidArgumentValue, message))
        })?;
        let is_match = regex.is_match(text);
        if regexes.len() >= MOST_REGEXES {
            regexes.clear();
        }
        regexes.insert(pattern.clone(), regex);
        Ok(is_match)
    }
}
