//! Compiled expressions: what the planner makes of the syntax tree, with variables resolved to slots of a row and
//! labels, relations and keys to the numbers that they have in the graph.

use std::sync::Arc;

use super::ast::{BinaryOp, CompareOp, LogicalOp, PathMode, QuantifiedKind, Span};
use super::functions::Function;
use super::plan::Op;
use super::value::Value;
use crate::graph::KeyId;

/// A place in a row.
pub(crate) type Slot = usize;

/// A property's name, and its number if the graph has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub(crate) name: Arc<str>,
    pub(crate) id: Option<KeyId>,
}

/// A test of the labels of a node or the type of a relationship, by their numbers in the graph.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum LabelTest {
    /// Has the label or type.
    Has(u32),
    /// A label or type that the graph does not have.
    Never,
    /// Any label or type at all.
    Any,
    /// Not.
    Not(Box<LabelTest>),
    /// All of.
    And(Vec<LabelTest>),
    /// One of.
    Or(Vec<LabelTest>),
}

impl LabelTest {
    /// Whether labels pass, `has` saying which there are and `any` whether there are some.
    pub(crate) fn passes(&self, has: &dyn Fn(u32) -> bool, any: bool) -> bool {
        match self {
            LabelTest::Has(l) => has(*l),
            LabelTest::Never => false,
            LabelTest::Any => any,
            LabelTest::Not(t) => !t.passes(has, any),
            LabelTest::And(ts) => ts.iter().all(|t| t.passes(has, any)),
            LabelTest::Or(ts) => ts.iter().any(|t| t.passes(has, any)),
        }
    }
}

/// An item of a map projection.
#[derive(Debug, Clone)]
pub(crate) enum Projected {
    /// `.*`
    All,
    /// `key: value`, `.key`, `variable`.
    Entry(Arc<str>, Expr),
}

/// A compiled expression.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    /// A literal.
    Const(Value),
    /// A variable.
    Slot(Slot),
    /// A parameter.
    Param(Arc<str>),
    /// Errors inside point to this place of the statement.
    At(Span, Box<Expr>),
    /// A list.
    List(Vec<Expr>),
    /// A map.
    Map(Vec<(Arc<str>, Expr)>),
    /// A map made from a node, relationship or map.
    MapProjection(Box<Expr>, Vec<Projected>),
    /// A property or entry by name.
    Property(Box<Expr>, Key),
    /// An element by index or key.
    Index(Box<Expr>, Box<Expr>),
    /// A part of a list.
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    /// Labels of a node or type of a relationship; the names for either, because which it is shows when it runs.
    Labels(Box<Expr>, Box<LabelTest>, Box<LabelTest>),
    /// Negation in three-valued logic.
    Not(Box<Expr>),
    /// The number the other way.
    Minus(Box<Expr>),
    /// The number itself.
    Plus(Box<Expr>),
    /// An operator with two operands.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// Three-valued logic over two or more.
    Logical(LogicalOp, Vec<Expr>),
    /// A comparison.
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// A chain of comparisons.
    Chain(Box<Expr>, Vec<(CompareOp, Expr)>),
    /// Whether it is null, or is not.
    IsNull(Box<Expr>, bool),
    /// The value of the first branch whose condition holds or equals the subject.
    Case(Option<Box<Expr>>, Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// A function.
    Call(Function, Vec<Expr>),
    /// The first that is not null; the others are not evaluated.
    Coalesce(Vec<Expr>),
    /// `[x IN list WHERE filter | map]`
    ListComprehension { slot: Slot, list: Box<Expr>, filter: Option<Box<Expr>>, map: Option<Box<Expr>> },
    /// `all(x IN list WHERE filter)`
    Quantified { kind: QuantifiedKind, slot: Slot, list: Box<Expr>, filter: Box<Expr> },
    /// `reduce(acc = start, x IN list | step)`
    Reduce { accumulator: Slot, start: Box<Expr>, slot: Slot, list: Box<Expr>, step: Box<Expr> },
    /// Whether a plan has a row.
    Exists(Box<Op>),
    /// How many rows a plan has.
    Count(Box<Op>),
    /// A value for each row of a plan.
    Collect(Box<Op>, Box<Expr>),
    /// The value for the first row of a plan, or null.
    First(Box<Op>, Box<Expr>),
    /// A path: the node at which it starts and the relationships, each slot holding one or a list of them.
    Path(Slot, Vec<Slot>),
    /// Whether a path (as in [`Expr::Path`]) keeps to a mode.
    KeepsMode(PathMode, Slot, Vec<Slot>),
    /// Whether a node or relationship has all entries of a map as properties.
    HasProperties(Box<Expr>, Box<Expr>),
}

impl Expr {
    pub(crate) fn boxed(self) -> Box<Expr> {
        Box::new(self)
    }

    /// Whether the expression is a literal, or a list or map of literals.
    pub(crate) fn constant(&self) -> Option<&Value> {
        match self {
            Expr::Const(v) => Some(v),
            Expr::At(_, e) => e.constant(),
            _ => None,
        }
    }
}
