//! Judging a statement before it runs: scopes, kinds of values, aggregates, the composition of clauses, names.
//!
//! [`check`] finds every error that openCypher wants found at compile time, with its type and detail, and the names that
//! the graph does not have. It changes nothing, plans nothing and reads no row.

mod aggregates;
mod clauses;
mod expressions;
mod kind;
mod names;
mod patterns;
#[cfg(test)]
mod tests;
mod walk;

use std::sync::Arc;

use indexmap::IndexMap;

use super::ast::{Body, Query, Span, Statement};
use super::error::{Detail, Diagnostic, ErrorType, QueryError};

pub use kind::Kind;

/// What the checker asks of a graph's vocabulary.
pub trait SchemaView {
    /// Whether the vocabulary is closed: then an unknown name is an error, otherwise a warning.
    fn closed(&self) -> bool;
    /// Whether the graph has the label.
    fn has_label(&self, name: &str) -> bool;
    /// Whether the graph has the relation.
    fn has_relation(&self, name: &str) -> bool;
    /// Whether any node or relationship of the graph has the property.
    fn has_property(&self, name: &str) -> bool;
    /// All labels, for suggestions.
    fn labels(&self) -> Vec<String>;
    /// All relations, for suggestions.
    fn relations(&self) -> Vec<String>;
    /// All properties, for suggestions.
    fn properties(&self) -> Vec<String>;
}

/// A vocabulary that has every name: for graphs that are still empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct AnyName;

impl SchemaView for AnyName {
    fn closed(&self) -> bool {
        false
    }
    fn has_label(&self, _: &str) -> bool {
        true
    }
    fn has_relation(&self, _: &str) -> bool {
        true
    }
    fn has_property(&self, _: &str) -> bool {
        true
    }
    fn labels(&self) -> Vec<String> {
        Vec::new()
    }
    fn relations(&self) -> Vec<String> {
        Vec::new()
    }
    fn properties(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What the checker must know of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionShape {
    /// The least number of arguments.
    pub min: usize,
    /// The greatest number of arguments.
    pub max: usize,
    /// Whether it is an aggregate.
    pub aggregate: bool,
}

/// The functions that can be called.
pub trait Library {
    /// The function of a name, whatever its case.
    fn function(&self, name: &str) -> Option<FunctionShape>;
    /// All names, for suggestions.
    fn names(&self) -> Vec<&'static str>;
}

/// What a statement is checked against.
#[derive(Clone, Copy)]
pub struct Environment<'a> {
    /// The graph's vocabulary.
    pub schema: &'a dyn SchemaView,
    /// The functions.
    pub library: &'a dyn Library,
    /// Whether a parameter is given; `None` where they are not known yet.
    pub parameters: Option<&'a dyn Fn(&str) -> bool>,
}

/// A statement that passed.
#[derive(Debug, Clone)]
pub struct Checked<'s> {
    /// The statement.
    pub statement: &'s Statement,
    /// The columns with the kinds of their values; none for a statement that returns nothing.
    pub columns: Columns,
    /// Whether it changes the graph.
    pub writes: bool,
    /// What is odd about it: names that an open graph does not have.
    pub warnings: Vec<Diagnostic>,
}

/// The columns of an answer in order: name and kind.
pub type Columns = Vec<(Arc<str>, Kind)>;

type Check<T> = Result<T, QueryError>;

/// Checks a query.
///
/// # Errors
/// The first thing found wrong. A question has no error here: it is checked after it became a query.
pub fn check<'s>(statement: &'s Statement, environment: &Environment<'_>) -> Result<Checked<'s>, QueryError> {
    let (columns, warnings, writes) = match &statement.body {
        Body::Query(query) => {
            let (columns, warnings) = check_query(query, environment)?;
            let writes = query.parts.iter().any(|part| part.clauses.iter().any(super::ast::Clause::writes));
            (columns, warnings, writes)
        }
        Body::Question(question) => {
            let message = "a question must be turned into a query before it is checked";
            return Err(QueryError::syntax(Detail::NotUnderstood, message, question.span));
        }
    };
    Ok(Checked { statement, columns, writes, warnings })
}

/// Checks a query that stands in no statement: what a question became. Gives its columns and warnings.
///
/// # Errors
/// As [`check`].
pub fn check_query(query: &Query, environment: &Environment<'_>) -> Result<(Columns, Vec<Diagnostic>), QueryError> {
    let mut checker = Checker { environment, scope: Scope::default(), locals: Vec::new(), warnings: Vec::new() };
    let columns = super::stack::roomy(|| checker.query(query, false))?;
    Ok((columns, checker.warnings))
}

/// The variables that can be named, in the order in which they came.
type Scope = IndexMap<Arc<str>, Kind>;

/// The state of a check.
struct Checker<'a> {
    environment: &'a Environment<'a>,
    scope: Scope,
    /// Variables of comprehensions, quantifiers and the like, innermost last.
    locals: Vec<(Arc<str>, Kind)>,
    warnings: Vec<Diagnostic>,
}

impl Checker<'_> {
    /// The kind of a variable in scope.
    fn lookup(&self, name: &str) -> Option<&Kind> {
        let local = self.locals.iter().rev().find(|(local, _)| **local == *name).map(|(_, kind)| kind);
        local.or_else(|| self.scope.get(name))
    }

    /// The error for a variable that is not in scope.
    fn undefined(&self, name: &str, span: Span) -> QueryError {
        let known = self.locals.iter().map(|(name, _)| &**name).chain(self.scope.keys().map(|name| &**name));
        let help = match super::parse::nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "bind it first, in MATCH, UNWIND or WITH; after WITH only what it lists can be named".to_owned(),
        };
        QueryError::syntax(Detail::UndefinedVariable, format!("the variable `{name}` is not defined"), span).help(help)
    }
}

/// The error for a value of the wrong kind.
fn wrong_kind(message: impl Into<String>, span: Span) -> QueryError {
    QueryError::syntax(Detail::InvalidArgumentType, message, span)
}

/// The same where openCypher calls it a type error.
fn type_error(message: impl Into<String>, span: Span) -> QueryError {
    QueryError::compile(ErrorType::TypeError, Detail::InvalidArgumentType, message).at(span)
}
