//! Expressions.

use std::sync::Arc;

use super::{LabelExpr, Name, PathPattern, Query, Span};

/// An expression and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands; parentheses around it left out.
    pub span: Span,
}

impl Expr {
    /// An expression at a place.
    pub fn new(kind: ExprKind, span: Span) -> Expr {
        Expr { kind, span }
    }
}

/// The kinds of expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// An integer: decimal, hexadecimal or octal; a minus sign before it is already in it.
    Integer(i64),
    /// A decimal number; a minus sign before it is already in it.
    Float(f64),
    /// A string, escapes undone.
    String(Arc<str>),
    /// `$name`, `$1`.
    Parameter(Name),
    /// A variable.
    Variable(Name),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{key: value}`; of keys written twice the last counts.
    Map(Vec<(Name, Expr)>),
    /// `n {.name, .*, key: value, other}`.
    MapProjection {
        /// The node, relationship or map.
        subject: Name,
        /// What to take.
        items: Vec<MapItem>,
    },
    /// `a.key`.
    Property(Box<Expr>, Name),
    /// `a[i]`: of a list by number, of a map, node or relationship by key.
    Index(Box<Expr>, Box<Expr>),
    /// `a[from..to]`.
    Slice {
        /// The list.
        list: Box<Expr>,
        /// From this index, counted from 0.
        from: Option<Box<Expr>>,
        /// Up to before this index.
        to: Option<Box<Expr>>,
    },
    /// `n:Label`, `r:TYPE`, `n IS Label`.
    HasLabels(Box<Expr>, LabelExpr),
    /// `NOT a`, `-a`, `+a`.
    Unary(UnaryOp, Box<Expr>),
    /// An operator with two operands.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `a AND b AND …`: two or more operands, evaluated from left to right in three-valued logic.
    Logical(LogicalOp, Vec<Expr>),
    /// `a < b <= c …`: a comparison or a chain of them (each neighbour compared, all joined by `AND`).
    Comparison {
        /// The leftmost operand.
        first: Box<Expr>,
        /// The others, at least one, each with the operator before it.
        rest: Vec<(CompareOp, Expr)>,
    },
    /// `a IS NULL`, `a IS NOT NULL`.
    IsNull {
        /// The operand.
        expr: Box<Expr>,
        /// Whether it reads `IS NOT NULL`.
        negated: bool,
    },
    /// `CASE [subject] WHEN … THEN … [ELSE …] END`.
    Case {
        /// With a subject each `WHEN` is compared to it; without, each is a condition.
        subject: Option<Box<Expr>>,
        /// `WHEN` and `THEN`, at least one.
        branches: Vec<(Expr, Expr)>,
        /// `ELSE`; without it null.
        otherwise: Option<Box<Expr>>,
    },
    /// `name([DISTINCT] arguments)`: a function or aggregate, also dotted (`date.truncate`); case is as written.
    Function {
        /// Its name.
        name: Name,
        /// `DISTINCT`.
        distinct: bool,
        /// Its arguments.
        arguments: Vec<Expr>,
    },
    /// `count(*)`.
    CountStar,
    /// `[x IN list WHERE … | …]`.
    ListComprehension {
        /// The variable.
        variable: Name,
        /// The list.
        list: Box<Expr>,
        /// Which elements.
        filter: Option<Box<Expr>>,
        /// What of each; without it the element itself.
        map: Option<Box<Expr>>,
    },
    /// `[p = (a)-->(b) WHERE … | …]`.
    PatternComprehension {
        /// The pattern.
        pattern: Box<PathPattern>,
        /// Which matches.
        filter: Option<Box<Expr>>,
        /// What of each.
        map: Box<Expr>,
    },
    /// `all(x IN list WHERE …)` and its like.
    Quantified {
        /// Which quantifier.
        kind: QuantifiedKind,
        /// The variable.
        variable: Name,
        /// The list.
        list: Box<Expr>,
        /// The condition.
        filter: Box<Expr>,
    },
    /// `reduce(acc = start, x IN list | step)`.
    Reduce {
        /// The accumulator.
        accumulator: Name,
        /// Its first value.
        start: Box<Expr>,
        /// The variable.
        variable: Name,
        /// The list.
        list: Box<Expr>,
        /// The next value of the accumulator.
        step: Box<Expr>,
    },
    /// `EXISTS { … }`: whether the subquery has a row.
    Exists(Box<Subquery>),
    /// `COUNT { … }`: how many rows it has.
    Count(Box<Subquery>),
    /// `COLLECT { … }`: its only column as a list.
    Collect(Box<Query>),
    /// A pattern as a condition: whether it has a match.
    PatternPredicate(Box<PathPattern>),
    /// `shortestPath(…)` or `allShortestPaths(…)` in an expression: the path or null; the list of paths.
    ShortestPath(Box<PathPattern>),
}

/// What stands in the braces of `EXISTS` and `COUNT`.
#[derive(Debug, Clone, PartialEq)]
pub enum Subquery {
    /// Patterns with an optional condition, `MATCH` written or not.
    Pattern {
        /// The patterns.
        patterns: Vec<PathPattern>,
        /// The condition.
        filter: Option<Expr>,
    },
    /// A whole query (its `RETURN` may be missing).
    Query(Query),
}

/// An item of a map projection.
#[derive(Debug, Clone, PartialEq)]
pub enum MapItem {
    /// `.key`.
    Property(Name),
    /// `.*`.
    All(Span),
    /// `variable`: the variable's name is the key.
    Variable(Name),
    /// `key: value`.
    Entry(Name, Expr),
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `NOT`.
    Not,
    /// `-`.
    Minus,
    /// `+`.
    Plus,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`: sum, concatenation, appending.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Modulo,
    /// `^`.
    Power,
    /// `IN`.
    In,
    /// `STARTS WITH`.
    StartsWith,
    /// `ENDS WITH`.
    EndsWith,
    /// `CONTAINS`.
    Contains,
    /// `=~`: a regular expression on the right.
    Matches,
    /// `~`: the same name after resolution.
    SameName,
}

/// Operators of three-valued logic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogicalOp {
    /// `AND`.
    And,
    /// `OR`.
    Or,
    /// `XOR`.
    Xor,
}

/// Operators of comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// `=`.
    Equal,
    /// `<>`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
}

/// The quantifiers over lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuantifiedKind {
    /// Every element.
    All,
    /// At least one.
    Any,
    /// Not one.
    None,
    /// Exactly one.
    Single,
}
