//! The syntax tree of a statement: what `parse` and `question` build, `check` reads and `plan` compiles.
//!
//! Every node carries its [`Span`], a byte range in the statement, so that any later stage can point at the text.
//! The tree says what was written and nothing more: it resolves no name, knows no graph and evaluates nothing.
//! Its depth is bounded by the parser ([`MAX_DEPTH`](crate::query::parse::MAX_DEPTH)), so that recursion over it is
//! safe on an ordinary stack; long chains of `AND`, `OR` and `XOR` are one flat node.

use std::sync::Arc;

mod expr;
mod pattern;
mod print;

pub use expr::*;
pub use pattern::*;

/// A range of bytes in the statement, end exclusive. Empty for what the text leaves out (an implied node).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// From byte offsets; statements are far shorter than 4 GiB, longer offsets saturate.
    pub fn new(start: usize, end: usize) -> Span {
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { start: cut(start), end: cut(end) }
    }

    /// As a range to slice the statement with.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A name with its place: a variable, label, relation, property key, parameter or function, without backticks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The name itself (backticks and their doubling undone).
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

impl Name {
    /// A name at a place.
    pub fn new(text: impl Into<Arc<str>>, span: Span) -> Name {
        Name { text: text.into(), span }
    }
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Run it, or show how it would be or was run.
    pub mode: Mode,
    /// The pattern query or the question.
    pub body: Body,
    /// The whole statement.
    pub span: Span,
}

/// What is to happen with the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Answer it.
    Run,
    /// `EXPLAIN`: show the plan (of a question: the pattern and the plan), run nothing.
    Explain,
    /// `PROFILE`: run it and show rows and time of each operator.
    Profile,
}

/// The two faces of the language.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A query in patterns.
    Query(Query),
    /// A question, as tokens; `question` turns it into a [`Query`].
    Question(Question),
}

/// A question as written: the grammar only cuts it into tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its tokens in order; a final `?` or `;` is left out.
    pub tokens: Vec<Token>,
    /// From the first token to the last.
    pub span: Span,
}

/// A token of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its text; for [`TokenKind::Quoted`] without the quotes and with escapes undone.
    pub text: Arc<str>,
    /// Where it stands (quotes included).
    pub span: Span,
}

/// The sorts of token in a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, digits and the marks inside names (`Kanta-Hämeen`, `Bo's`, `A/S`, `PARTNERS_WITH`, `ry:n`).
    Word,
    /// In double, single, typographic or angle quotes, or backticks.
    Quoted,
    /// Digits only.
    Number,
    /// A single mark: comma, bracket, `&`, `$` …
    Punct,
}

/// A query: one part, or several joined by `UNION`.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The parts, at least one.
    pub parts: Vec<SingleQuery>,
    /// The unions between them: one fewer than the parts.
    pub unions: Vec<Union>,
    /// The whole query.
    pub span: Span,
}

/// A `UNION` between two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Union {
    /// `UNION ALL` keeps duplicates.
    pub all: bool,
    /// Where the word stands.
    pub span: Span,
}

/// A sequence of clauses. Any order parses; `check` judges the composition.
#[derive(Debug, Clone, PartialEq)]
pub struct SingleQuery {
    /// The clauses in order, at least one.
    pub clauses: Vec<Clause>,
    /// From the first clause to the last.
    pub span: Span,
}

/// A clause.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// `MATCH`, `OPTIONAL MATCH`.
    Match(Match),
    /// `UNWIND list AS x`.
    Unwind(Unwind),
    /// `WITH … WHERE …`.
    With(With),
    /// `RETURN …`.
    Return(Projection),
    /// `CREATE`.
    Create(Create),
    /// `MERGE`.
    Merge(Merge),
    /// `DELETE`, `DETACH DELETE`.
    Delete(Delete),
    /// `SET`.
    Set(Set),
    /// `REMOVE`.
    Remove(Remove),
    /// `CALL procedure(…) YIELD …`.
    Call(Call),
}

impl Clause {
    /// Where the clause stands.
    pub fn span(&self) -> Span {
        match self {
            Clause::Match(c) => c.span,
            Clause::Unwind(c) => c.span,
            Clause::With(c) => c.projection.span,
            Clause::Return(c) => c.span,
            Clause::Create(c) => c.span,
            Clause::Merge(c) => c.span,
            Clause::Delete(c) => c.span,
            Clause::Set(c) => c.span,
            Clause::Remove(c) => c.span,
            Clause::Call(c) => c.span,
        }
    }

    /// The keyword of the clause, in capitals, as messages name it.
    pub fn keyword(&self) -> &'static str {
        match self {
            Clause::Match(c) if c.optional => "OPTIONAL MATCH",
            Clause::Match(_) => "MATCH",
            Clause::Unwind(_) => "UNWIND",
            Clause::With(_) => "WITH",
            Clause::Return(_) => "RETURN",
            Clause::Create(_) => "CREATE",
            Clause::Merge(_) => "MERGE",
            Clause::Delete(c) if c.detach => "DETACH DELETE",
            Clause::Delete(_) => "DELETE",
            Clause::Set(_) => "SET",
            Clause::Remove(_) => "REMOVE",
            Clause::Call(_) => "CALL",
        }
    }

    /// Whether the clause changes the graph.
    pub fn writes(&self) -> bool {
        matches!(self, Clause::Create(_) | Clause::Merge(_) | Clause::Delete(_) | Clause::Set(_) | Clause::Remove(_))
    }
}

/// `[OPTIONAL] MATCH pattern, … [WHERE …]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Whether a row without a match stays, with nulls.
    pub optional: bool,
    /// The patterns, at least one.
    pub patterns: Vec<PathPattern>,
    /// The condition, over the patterns' variables and all before.
    pub filter: Option<Expr>,
    /// The clause.
    pub span: Span,
}

/// `UNWIND list AS variable`.
#[derive(Debug, Clone, PartialEq)]
pub struct Unwind {
    /// The list.
    pub list: Expr,
    /// The variable bound to each of its elements.
    pub variable: Name,
    /// The clause.
    pub span: Span,
}

/// `WITH projection [WHERE …]`.
#[derive(Debug, Clone, PartialEq)]
pub struct With {
    /// What goes on.
    pub projection: Projection,
    /// The condition on the projected rows (after `SKIP` and `LIMIT`).
    pub filter: Option<Expr>,
}

/// The body of `RETURN` and `WITH`.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// `DISTINCT`.
    pub distinct: bool,
    /// Where the `*` stands, if it does: all variables in scope, before the items.
    pub star: Option<Span>,
    /// The items in order.
    pub items: Vec<ProjectionItem>,
    /// `ORDER BY`, most significant first; empty without.
    pub order: Vec<SortItem>,
    /// `SKIP` or `OFFSET`.
    pub skip: Option<Expr>,
    /// `LIMIT`.
    pub limit: Option<Expr>,
    /// The clause, its keyword included.
    pub span: Span,
}

/// `expression [AS alias]`.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectionItem {
    /// The expression.
    pub expr: Expr,
    /// The alias.
    pub alias: Option<Name>,
    /// The expression as written: the name of its column where there is no alias.
    pub text: Arc<str>,
}

impl ProjectionItem {
    /// The name of the column: the alias; for a variable its name (without backticks); else the text as written.
    pub fn column(&self) -> &Arc<str> {
        match (&self.alias, &self.expr.kind) {
            (Some(alias), _) => &alias.text,
            (None, ExprKind::Variable(name)) => &name.text,
            (None, _) => &self.text,
        }
    }
}

/// An item of `ORDER BY`.
#[derive(Debug, Clone, PartialEq)]
pub struct SortItem {
    /// The key.
    pub expr: Expr,
    /// `DESC` or `DESCENDING`.
    pub descending: bool,
}

/// `CREATE pattern, …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Create {
    /// The patterns.
    pub patterns: Vec<PathPattern>,
    /// The clause.
    pub span: Span,
}

/// `MERGE pattern [ON CREATE SET …] [ON MATCH SET …]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    /// The pattern.
    pub pattern: PathPattern,
    /// What to set when the pattern was created.
    pub on_create: Vec<SetItem>,
    /// What to set when it was found.
    pub on_match: Vec<SetItem>,
    /// The clause.
    pub span: Span,
}

/// `[DETACH] DELETE expression, …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// Whether the relationships of deleted nodes go too.
    pub detach: bool,
    /// What to delete.
    pub targets: Vec<Expr>,
    /// The clause.
    pub span: Span,
}

/// `SET item, …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// The items.
    pub items: Vec<SetItem>,
    /// The clause.
    pub span: Span,
}

/// One assignment of `SET`.
#[derive(Debug, Clone, PartialEq)]
pub enum SetItem {
    /// `expression.key = value`.
    Property {
        /// What has the property: any expression that gives a node or relationship.
        target: Expr,
        /// The property.
        key: Name,
        /// Its new value.
        value: Expr,
    },
    /// `variable = map`: all properties replaced.
    Replace {
        /// The node or relationship.
        target: Name,
        /// A map, node or relationship.
        value: Expr,
    },
    /// `variable += map`: properties added.
    Extend {
        /// The node or relationship.
        target: Name,
        /// A map, node or relationship.
        value: Expr,
    },
    /// `variable:Label:Label`.
    Labels {
        /// The node.
        target: Name,
        /// The labels added.
        labels: Vec<Name>,
    },
}

/// `REMOVE item, …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Remove {
    /// The items.
    pub items: Vec<RemoveItem>,
    /// The clause.
    pub span: Span,
}

/// One item of `REMOVE`.
#[derive(Debug, Clone, PartialEq)]
pub enum RemoveItem {
    /// `expression.key`.
    Property {
        /// What has the property.
        target: Expr,
        /// The property.
        key: Name,
    },
    /// `variable:Label:Label`.
    Labels {
        /// The node.
        target: Name,
        /// The labels removed.
        labels: Vec<Name>,
    },
}

/// `CALL name(arguments) [YIELD …]`: parsed so that the error can be clear; there are no procedures.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The dotted name.
    pub procedure: Name,
    /// The arguments; `None` where the brackets are left out.
    pub arguments: Option<Vec<Expr>>,
    /// Where `YIELD *` stands, if it does.
    pub yield_all: Option<Span>,
    /// `YIELD field [AS variable]`.
    pub yields: Vec<(Name, Option<Name>)>,
    /// The condition after `YIELD`.
    pub filter: Option<Expr>,
    /// The clause.
    pub span: Span,
}
