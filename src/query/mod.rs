//! The query language: syntax, questions, checks, plans and their execution. Prints nothing.

pub mod ast;
pub mod check;
pub mod error;
pub mod parse;
pub(crate) mod stack;
