//! The query language: syntax, questions, checks, plans and their execution. Prints nothing.

mod aggregate;
pub mod answer;
mod ask;
pub mod ast;
pub mod check;
mod context;
mod engine;
pub mod error;
mod eval;
mod expr;
mod facts;
pub mod functions;
pub mod link;
pub mod names;
pub mod parse;
mod plan;
pub mod question;
mod run;
pub mod scratch;
mod session;
pub(crate) mod stack;
mod store;
pub mod temporal;
pub mod value;
pub mod vocabulary;
mod write;

pub use engine::run;
pub use session::Session;
