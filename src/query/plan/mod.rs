//! Plans: a statement as a tree of operators over rows of slots.
//!
//! An operator takes the rows of its input one by one and gives rows of its own; all share one array of slots, so that
//! what one writes the next reads and nothing is copied until rows must be kept. Sub-plans (of `OPTIONAL MATCH`,
//! `EXISTS {}`, pattern comprehensions) use the same array: they start from the row at hand.

mod clauses;
mod exprs;
mod order;
mod pattern;
mod show;
mod uses;
mod walk;

pub(crate) use clauses::{Planner, Scope};
pub(crate) use exprs::Binding;
pub(crate) use show::show;
pub(crate) use uses::{depth, mark};
pub(crate) use walk::parameters;

use super::ast::PathMode;
use super::expr::{Expr, LabelTest, Slot};
use super::functions::Function;
use crate::graph::{Direction, LabelId, RelId};

/// An operator and what feeds it.
#[derive(Debug, Clone)]
pub(crate) struct Op {
    /// What it does.
    pub(crate) kind: OpKind,
    /// What feeds it; only [`OpKind::Argument`], [`OpKind::Table`] and [`OpKind::Union`] have none.
    pub(crate) input: Option<Box<Op>>,
    /// Its number, different from that of every other operator of the statement.
    pub(crate) id: usize,
    /// How many rows it is expected to give.
    pub(crate) estimate: f64,
}

/// The relationships that a step follows.
#[derive(Debug, Clone)]
pub(crate) struct Along {
    /// Which way, seen from the node where the step starts.
    pub(crate) direction: Direction,
    /// The types; `None` is every one that is not structural.
    pub(crate) types: Option<Vec<RelId>>,
    /// Types among them that are symmetric, if the direction is not [`Direction::Both`]: they match either way.
    pub(crate) symmetric: Vec<RelId>,
    /// Whether relationships of modality `negated` are passed over.
    pub(crate) skip_negated: bool,
}

/// A step of one relationship.
#[derive(Debug, Clone)]
pub(crate) struct Expand {
    /// The node where it starts; bound.
    pub(crate) from: Slot,
    /// Where the relationship goes.
    pub(crate) edge: Slot,
    /// The node where it leads.
    pub(crate) to: Slot,
    /// Whether that node is bound already.
    pub(crate) into: bool,
    /// The labels of that node, unless it is bound.
    pub(crate) test: Option<LabelTest>,
    /// What it follows.
    pub(crate) along: Along,
    /// Relationships, or lists of them, from which this one must differ.
    pub(crate) unlike: Vec<Slot>,
}

/// A step of a repeated relationship.
#[derive(Debug, Clone)]
pub(crate) struct VarExpand {
    /// The node where it starts; bound.
    pub(crate) from: Slot,
    /// Where the list of relationships goes.
    pub(crate) edges: Slot,
    /// The node where it leads.
    pub(crate) to: Slot,
    /// Whether that node is bound already.
    pub(crate) into: bool,
    /// The labels of that node, unless it is bound.
    pub(crate) test: Option<LabelTest>,
    /// What it follows.
    pub(crate) along: Along,
    /// Least number of relationships.
    pub(crate) min: u32,
    /// Greatest number of relationships; `None` is up to the limit of the options.
    pub(crate) max: Option<u32>,
    /// What may be repeated within the step.
    pub(crate) mode: PathMode,
    /// A condition on each relationship, and the slot where it stands while the condition is asked.
    pub(crate) each: Option<(Slot, Expr)>,
    /// Relationships, or lists of them, from which these must differ.
    pub(crate) unlike: Vec<Slot>,
    /// Whether the list runs from the end to the start of the pattern (it was matched from behind).
    pub(crate) reversed: bool,
    /// Whether anyone reads the list.
    pub(crate) list: bool,
    /// Whether only the distinct ends are asked for.
    pub(crate) ends_only: bool,
}

/// A step of a repeated group.
#[derive(Debug, Clone)]
pub(crate) struct GroupExpand {
    /// The node where it starts; bound.
    pub(crate) from: Slot,
    /// The node where it leads.
    pub(crate) to: Slot,
    /// Whether that node is bound already.
    pub(crate) into: bool,
    /// The labels of that node, unless it is bound.
    pub(crate) test: Option<LabelTest>,
    /// The first node of a turn: set before the turn's plan runs.
    pub(crate) start: Slot,
    /// The last node of a turn.
    pub(crate) end: Slot,
    /// A turn.
    pub(crate) turn: Box<Op>,
    /// The relationships of a turn in order, single or lists.
    pub(crate) turn_edges: Vec<Slot>,
    /// Where the list of all relationships goes.
    pub(crate) edges: Slot,
    /// Variables of a turn and where their lists go.
    pub(crate) lists: Vec<(Slot, Slot)>,
    /// Least number of turns.
    pub(crate) min: u32,
    /// Greatest number of turns.
    pub(crate) max: Option<u32>,
    /// What may be repeated.
    pub(crate) mode: PathMode,
    /// Relationships, or lists of them, from which these must differ.
    pub(crate) unlike: Vec<Slot>,
    /// Whether turns go from the end of the pattern to its start.
    pub(crate) reversed: bool,
}

/// Which paths a selector keeps between each pair of ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// So many, the shortest first.
    Shortest(u32),
    /// All of so many least lengths.
    Groups(u32),
}

/// Shortest paths over one repeated relationship, by breadth.
#[derive(Debug, Clone)]
pub(crate) struct Shortest {
    /// The step; both its ends are bound, or only `from`.
    pub(crate) step: VarExpand,
    /// Which of the paths.
    pub(crate) keep: Keep,
}

/// Any pattern under a selector: all matches, then the choice.
#[derive(Debug, Clone)]
pub(crate) struct Select {
    /// The matches, from the row at hand.
    pub(crate) plan: Box<Op>,
    /// The slots that a match fills.
    pub(crate) filled: Vec<Slot>,
    /// First and last node.
    pub(crate) ends: (Slot, Slot),
    /// The relationships, for the length.
    pub(crate) edges: Vec<Slot>,
    /// Which of the paths.
    pub(crate) keep: Keep,
}

/// An aggregate of a projection.
#[derive(Debug, Clone)]
pub(crate) struct Aggregation {
    /// Where its result goes.
    pub(crate) slot: Slot,
    /// Which; `None` is `count(*)`.
    pub(crate) function: Option<Function>,
    /// Whether equivalent values count once.
    pub(crate) distinct: bool,
    /// Its arguments.
    pub(crate) arguments: Vec<Expr>,
}

/// How rows are found by name.
#[derive(Debug, Clone)]
pub(crate) enum Seek {
    /// The property `name` equals the value.
    Name(Expr),
    /// The name means the same after resolution (`~`).
    SameName(Expr),
    /// The property `name` begins so.
    Prefix(Expr),
    /// The property `name` holds the text.
    Contains(Expr),
    /// It is the given node.
    Node(Expr),
}

/// What an operator does.
#[derive(Debug, Clone)]
pub(crate) enum OpKind {
    /// Gives the row at hand, once.
    Argument,
    /// Gives the rows with which the stage begins; their values go to these slots.
    Table(Vec<Slot>),
    /// Binds a node: each of the graph, or of a label, that passes the test.
    NodeScan { slot: Slot, label: Option<LabelId>, test: Option<LabelTest> },
    /// Binds a node by its name.
    NodeSeek { slot: Slot, seek: Seek, test: Option<LabelTest> },
    /// Binds a relationship and the node to which it leads.
    Expand(Box<Expand>),
    /// Binds a list of relationships.
    VarExpand(Box<VarExpand>),
    /// Binds the variables of a repeated group.
    GroupExpand(Box<GroupExpand>),
    /// The ends of a relationship that is bound; where `from` is not, what its labels must pass.
    EdgeEnds(Box<Expand>, Option<Option<LabelTest>>),
    /// The ends of a list of relationships that is bound; where `from` is not, what its labels must pass.
    ListEnds(Box<VarExpand>, Option<Option<LabelTest>>),
    /// Shortest paths.
    Shortest(Box<Shortest>),
    /// A choice among the matches of a pattern.
    Select(Box<Select>),
    /// Keeps the rows for which the condition holds.
    Filter(Expr),
    /// Computes values.
    Project(Vec<(Slot, Expr)>),
    /// Groups rows.
    Aggregate { keys: Vec<(Slot, Expr)>, aggregates: Vec<Aggregation> },
    /// Orders rows; with a limit only the first are kept. `live` are the slots that later operators need.
    Sort { keys: Vec<(Expr, bool)>, live: Vec<Slot>, limit: Option<Expr> },
    /// Passes over the first rows.
    Skip(Expr),
    /// Ends after so many rows.
    Limit(Expr),
    /// Keeps the first of equivalent rows.
    Distinct(Vec<Slot>),
    /// Gives a row for each element of a list.
    Unwind { slot: Slot, list: Expr },
    /// The rows of a sub-plan; where it has none, one with nulls in these slots.
    Optional { plan: Box<Op>, nulls: Vec<Slot> },
    /// The rows of several plans, one after the other: the columns of each go to the slots.
    Union { plans: Vec<(Op, Vec<Slot>)>, slots: Vec<Slot>, distinct_upto: usize },
}

impl Op {
    /// The operators below, this one included, in the order of a walk from the top; sub-plans included.
    pub(crate) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Op, usize), depth: usize) {
        visit(self, depth);
        match &self.kind {
            OpKind::Optional { plan, .. } => plan.walk(visit, depth + 1),
            OpKind::Select(s) => s.plan.walk(visit, depth + 1),
            OpKind::GroupExpand(g) => g.turn.walk(visit, depth + 1),
            OpKind::Union { plans, .. } => plans.iter().for_each(|(p, _)| p.walk(visit, depth + 1)),
            _ => {}
        }
        if let Some(input) = &self.input {
            input.walk(visit, depth);
        }
    }
}
