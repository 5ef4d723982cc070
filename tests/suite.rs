//! The one integration test binary: each module tests one room or one promise from the outside.
#![allow(missing_docs, reason = "tests document themselves by their names")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it passes over"
)]

mod cli;
mod house;
mod link;
mod questions;
mod readme;
mod tck;
