//! The query language: syntax, questions, checks, plans and their execution. Prints nothing.

pub mod ast;
pub mod check;
pub mod error;
pub mod link;
pub mod names;
pub mod parse;
pub mod question;
