//! The query language: syntax, questions, checks, plans and their execution. Prints nothing.

pub mod ast;
pub mod question;
