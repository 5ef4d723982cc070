//! What can be wrong with a statement, said so that its author can mend it.
//!
//! A [`QueryError`] has the three codes of openCypher (type, phase, detail), a message in plain words, the place in the
//! statement and a remedy. It renders itself with a caret; colour is the caller's choice.

use std::fmt;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::ast::Span;

/// Declares an enum of codes with the spelling that openCypher gives them.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// The code as openCypher spells it.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => stringify!($variant)),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }
    };
}

codes! {
    /// The type of an error.
    ErrorType {
        /// The statement is not well formed.
        SyntaxError,
        /// A value or expression has the wrong type.
        TypeError,
        /// An argument is outside what its function accepts.
        ArgumentError,
        /// The statement means something impossible.
        SemanticError,
        /// A parameter is used and not given.
        ParameterMissing,
        /// There is no such procedure.
        ProcedureError,
        /// An entity used is gone.
        EntityNotFound,
        /// The change would break the graph.
        ConstraintVerificationFailed,
        /// An arithmetic operation failed.
        ArithmeticError,
        /// A label, relation, property or name that the graph does not have, or has several times.
        NameError,
        /// A limit (rows, time, path length, memory, nesting) was reached, or the user interrupted.
        LimitError,
    }
}

codes! {
    /// What exactly is wrong.
    Detail {
        /// An aggregate beside an expression that is neither grouped nor constant.
        AmbiguousAggregationExpression,
        /// Two columns with one name.
        ColumnNameConflict,
        /// A repeated relationship in `CREATE` or `MERGE`.
        CreatingVarLength,
        /// A node with relationships is deleted.
        DeleteConnectedNode,
        /// A deleted entity is read.
        DeletedEntityAccess,
        /// The parts of a `UNION` have different columns.
        DifferentColumnsInUnion,
        /// A division by zero.
        DivisionByZero,
        /// A number with a fraction that is too large.
        FloatingPointOverflow,
        /// An integer beyond 64 bits.
        IntegerOverflow,
        /// An aggregate where none may stand.
        InvalidAggregation,
        /// A procedure called without its arguments inside a query.
        InvalidArgumentPassingMode,
        /// A value of the wrong type.
        InvalidArgumentType,
        /// A value of the right type that cannot be used.
        InvalidArgumentValue,
        /// Clauses that may not follow each other.
        InvalidClauseComposition,
        /// Something that cannot be deleted.
        InvalidDelete,
        /// A number that is none.
        InvalidNumberLiteral,
        /// Too many or too few arguments.
        InvalidNumberOfArguments,
        /// A parameter where none may stand.
        InvalidParameterUse,
        /// A value that no property can hold.
        InvalidPropertyType,
        /// A relationship that is not written right.
        InvalidRelationshipPattern,
        /// A character that no statement holds.
        InvalidUnicodeCharacter,
        /// A `\u` escape that is none.
        InvalidUnicodeLiteral,
        /// A map, node or relationship indexed by something else than a string.
        MapElementAccessByNonString,
        /// A list indexed by something else than an integer.
        ListElementAccessByNonInteger,
        /// A `MERGE` on a property that is null.
        MergeReadOwnWrites,
        /// A parameter that is not given.
        MissingParameter,
        /// `SKIP` or `LIMIT` below zero.
        NegativeIntegerArgument,
        /// An aggregate inside an aggregate.
        NestedAggregation,
        /// `WITH` with an expression that has no name.
        NoExpressionAlias,
        /// `CREATE` or `MERGE` of a relationship without exactly one type.
        NoSingleRelationshipType,
        /// `*` without a variable in scope.
        NoVariablesInScope,
        /// An expression that must not depend on rows, or must not be random.
        NonConstantExpression,
        /// A number outside the range of its argument.
        NumberOutOfRange,
        /// No such procedure.
        ProcedureNotFound,
        /// One relationship variable twice in one pattern.
        RelationshipUniquenessViolation,
        /// `CREATE` or `MERGE` of a relationship without direction.
        RequiresDirectedRelationship,
        /// A variable that is not defined, or no longer.
        UndefinedVariable,
        /// Something that the grammar does not have there.
        UnexpectedSyntax,
        /// A function that does not exist.
        UnknownFunction,
        /// A variable that exists already.
        VariableAlreadyBound,
        /// A variable used as two kinds of thing.
        VariableTypeConflict,
        /// An unbounded path with `WALK`.
        UnboundedWalk,
        /// A label that the graph does not have.
        UnknownLabel,
        /// A relation that the graph does not have.
        UnknownRelation,
        /// A property that the graph does not have.
        UnknownProperty,
        /// A name that no entity has.
        UnknownName,
        /// A name that several entities have.
        AmbiguousName,
        /// A question that was not understood.
        NotUnderstood,
        /// Part of the language that is not executed here.
        NotSupported,
        /// A write to a graph that no query changes.
        ReadOnlyGraph,
        /// Brackets or operators nested too deep.
        NestingTooDeep,
        /// A statement that is too long.
        StatementTooLong,
        /// Too many rows.
        TooManyRows,
        /// Out of time.
        OutOfTime,
        /// Too much memory.
        OutOfMemory,
        /// Too long paths.
        PathTooLong,
        /// Interrupted by the user.
        Interrupted,
    }
}

/// When an error is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Before any row is read.
    Compile,
    /// While rows are made.
    Runtime,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Phase::Compile => "compile time",
            Phase::Runtime => "runtime",
        })
    }
}

/// One of several things that a name may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The name to write instead, quoted where the language needs it.
    pub name: String,
    /// What tells it from the others: its label, its number of facts.
    pub note: String,
}

/// An error in or under a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// The type.
    pub error_type: ErrorType,
    /// When it was found.
    pub phase: Phase,
    /// The detail.
    pub detail: Detail,
    /// What is wrong, in words.
    pub message: String,
    /// Where, in bytes of the statement; `None` where it concerns the whole.
    pub span: Option<Span>,
    /// What to do about it.
    pub help: Option<String>,
    /// For an ambiguous name, what it may mean.
    pub candidates: Vec<Candidate>,
}

impl QueryError {
    /// An error found before the statement runs.
    pub fn compile(error_type: ErrorType, detail: Detail, message: impl Into<String>) -> QueryError {
        QueryError {
            error_type,
            phase: Phase::Compile,
            detail,
            message: message.into(),
            span: None,
            help: None,
            candidates: Vec::new(),
        }
    }

    /// A compile-time `SyntaxError`, by far the commonest, at its place.
    pub fn syntax(detail: Detail, message: impl Into<String>, span: Span) -> QueryError {
        QueryError::compile(ErrorType::SyntaxError, detail, message).at(span)
    }

    /// An error found while the statement runs.
    pub fn runtime(error_type: ErrorType, detail: Detail, message: impl Into<String>) -> QueryError {
        QueryError { phase: Phase::Runtime, ..QueryError::compile(error_type, detail, message) }
    }

    /// The same error with a place.
    #[must_use]
    pub fn at(mut self, span: Span) -> QueryError {
        self.span = Some(span);
        self
    }

    /// The same error with a remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> QueryError {
        self.help = Some(help.into());
        self
    }

    /// The same error with a remedy, if there is one.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> QueryError {
        self.help = help.or(self.help);
        self
    }

    /// The error with the statement's line, a caret, the place and the remedy, without colour.
    pub fn render(&self, statement: &str) -> String {
        render(Level::ERROR, &self.message, self.span, self.help.as_deref(), &self.candidates, statement, false)
    }

    /// As [`QueryError::render`], with ANSI colours.
    pub fn render_coloured(&self, statement: &str) -> String {
        render(Level::ERROR, &self.message, self.span, self.help.as_deref(), &self.candidates, statement, true)
    }

    /// Line and column of the start of the error, both from 1, the column in characters.
    pub fn line_column(&self, statement: &str) -> Option<(usize, usize)> {
        self.span.map(|span| line_column(statement, span.start as usize))
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for QueryError {}

/// Something worth knowing that does not stop the statement: an unknown label in an open graph, a filter that removed
/// everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What was noticed, in words.
    pub message: String,
    /// Where, in bytes of the statement.
    pub span: Option<Span>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A remark without a place.
    pub fn new(message: impl Into<String>) -> Diagnostic {
        Diagnostic { message: message.into(), span: None, help: None }
    }

    /// The same remark with a place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Diagnostic {
        self.span = Some(span);
        self
    }

    /// The remark with the statement's line and a caret, without colour.
    pub fn render(&self, statement: &str) -> String {
        render(Level::WARNING, &self.message, self.span, self.help.as_deref(), &[], statement, false)
    }

    /// As [`Diagnostic::render`], with ANSI colours.
    pub fn render_coloured(&self, statement: &str) -> String {
        render(Level::WARNING, &self.message, self.span, self.help.as_deref(), &[], statement, true)
    }
}

/// Line and column of a byte offset, both from 1, the column in characters.
pub fn line_column(statement: &str, offset: usize) -> (usize, usize) {
    let before = statement.get(..floor(statement, offset)).unwrap_or(statement);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (line, column)
}

/// The nearest character boundary at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn render(
    level: Level<'_>,
    message: &str,
    span: Option<Span>,
    help: Option<&str>,
    candidates: &[Candidate],
    statement: &str,
    coloured: bool,
) -> String {
    let mut group = level.primary_title(message).elements(Vec::<annotate_snippets::Element<'_>>::new());
    if let Some(span) = span {
        let start = floor(statement, span.start as usize);
        let end = floor(statement, span.end as usize).max(start);
        group = group
            .element(Snippet::source(statement).line_start(1).annotation(AnnotationKind::Primary.span(start..end)));
    }
    if let Some(help) = help {
        group = group.element(Level::HELP.message(help));
    }
    let list = candidates.iter().map(|c| format!("{} ({})", c.name, c.note)).collect::<Vec<_>>().join("\n");
    if !list.is_empty() {
        group = group.element(Level::NOTE.message(list.as_str()));
    }
    let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group]).to_string()
}
