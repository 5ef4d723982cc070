//! The one integration test binary: each module tests one room or one promise from the outside.
#![allow(missing_docs, reason = "tests document themselves by their names")]

mod cli;
mod link;
mod questions;
mod readme;
mod tck;
